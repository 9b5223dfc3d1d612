/** Chooses one person by name. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { directory } from '../api/queries';

export function PersonSelect({ label, name, value, change, none, required = false }: { label: string; name: string; value: number | null; change: (person: number | null) => void; /** What stands for nobody. */ none: string; required?: boolean }) {
  const people = useQuery(directory()).data ?? [];
  return (
    <label>{label}
      <select name={name} required={required} value={value ?? ''} onChange={(e) => change(e.target.value === '' ? null : Number(e.target.value))}>
        <option value="">{none}</option>
        {people.map(({ id, name: text, title }) => <option key={id} value={id}>{title === undefined ? text : `${text} · ${title}`}</option>)}
      </select>
    </label>
  );
}

export function usePeopleOptions(): readonly { id: number; name: string; title?: string }[] {
  const { i18n } = useTranslation();
  const tag = i18n.language === 'en' ? 'en' : 'zh';
  return [...(useQuery(directory()).data ?? [])].sort((a, b) => a.name.localeCompare(b.name, tag));
}
