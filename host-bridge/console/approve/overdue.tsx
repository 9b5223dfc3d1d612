/** Steps that have waited too long: how often their approvers were reminded, and to whom they have gone as well. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { applications, reminders } from '../api/queries';
import { Chip } from '../parts/facts';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

export function Overdue({ under }: { under: '/tasks' | '/applications' }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const found = useQuery(reminders()).data ?? [];
  const known = useQuery({ ...applications(), enabled: found.length > 0 }).data ?? [];
  if (found.length === 0) return null;
  return (
    <section className="card">
      <h2>{t('overdue.title')}</h2>
      <ul className="lines links">
        {found.map((one) => (
          <li key={`${one.kind}/${one.id}/${one.step}`}>
            <Link href={one.kind === 'application' ? `${under}/${one.id}` : one.kind === 'ceremony' ? '/ceremonies' : under}>
              <div>
                <strong>{known.find(({ id }) => id === one.id)?.purpose ?? t(`overdue.kinds.${one.kind}`)}</strong>
                <span className="small">{t('overdue.line', { when: words.time(one.since), step: one.step + 1 })} · {t('overdue.reminded', { count: one.count })}</span>
                {one.escalated !== null && <span className="small">{one.added.length === 0 ? t('overdue.nobody') : t('overdue.added', { who: words.list(one.added.map((id) => names.person(id))) })}</span>}
              </div>
              <Chip tone={one.escalated === null ? 'wait' : 'bad'}>{t(one.escalated === null ? 'overdue.late' : 'overdue.escalated')}</Chip>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
