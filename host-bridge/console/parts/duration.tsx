/** A time span as people settle it: so many minutes, hours or days; empty where there is none. The desk counts seconds. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const UNITS = { minutes: 60, hours: 3600, days: 86_400 } as const;
type Unit = keyof typeof UNITS;
const unitOf = (seconds: number): Unit => (seconds % UNITS.days === 0 ? 'days' : seconds % UNITS.hours === 0 ? 'hours' : 'minutes');

export function useDuration() {
  const { t } = useTranslation();
  return (seconds: number): string => t(`duration.${unitOf(seconds)}`, { count: Math.round(seconds / UNITS[unitOf(seconds)]) });
}

export function DurationField({ label, name, value, change, none }: { label: string; name: string; value: number | null; change: (seconds: number | null) => void; /** What an empty field means; absent: it must be filled in. */ none?: string }) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState<Unit>(value === null ? 'days' : unitOf(value));
  const [text, setText] = useState(value === null ? '' : String(value / UNITS[unitOf(value)]));
  const say = (typed: string, of: Unit): void => {
    setText(typed);
    setUnit(of);
    change(typed === '' ? null : Number(typed) * UNITS[of]);
  };
  return (
    <div className="duration">
      <label>{label}<input name={name} type="number" inputMode="numeric" min={1} max={44640} required={none === undefined} placeholder={none} value={text} onChange={(e) => say(e.target.value, unit)} /></label>
      <select aria-label={t('duration.unitOf', { name: label })} value={unit} onChange={(e) => say(text, e.target.value as Unit)}>
        {(Object.keys(UNITS) as Unit[]).map((one) => <option key={one} value={one}>{t(`duration.unit.${one}`)}</option>)}
      </select>
    </div>
  );
}
