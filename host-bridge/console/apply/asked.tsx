/** What is asked for in an application, and what of it was granted. */
import { useTranslation } from 'react-i18next';
import type { ApplicationLine } from '../api/client';
import { Facts } from '../parts/facts';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

export function Asked({ application: a }: { application: ApplicationLine }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const conditions = (['strokeGrants', 'dock', 'still', 'photos'] as const).filter((name) => a[name]).map((name) => t(`terms.${name}`));
  /** What was asked, and where it was made less what is left. */
  const less = (asked: string, left: string) => (asked === left ? asked : <><s>{asked}</s> <strong>{left}</strong></>);
  const persons = (ids: readonly number[]): string => words.list(ids.map((id) => names.person(id)));
  return (
    <Facts
      rows={[
        [t('asked.purpose'), a.purpose],
        [t('asked.who'), names.person(a.applicant)],
        [t('asked.seal'), names.seal(a.seal)],
        [t('asked.category'), a.category === null ? undefined : t(`categories.${a.category}`)],
        [t('asked.amount'), a.amount === null ? undefined : words.sum(a.amount)],
        [t('asked.count'), less(t('strokes', { count: a.count }), t('strokes', { count: a.granted.count }))],
        [t('asked.edges'), a.crossPage === 0 ? undefined : less(t('strokes', { count: a.crossPage }), t('strokes', { count: a.granted.crossPage }))],
        [t('asked.window'), less(words.span(a.notBefore, a.notAfter), words.span(a.granted.notBefore, a.granted.notAfter))],
        [t('asked.holders'), less(persons(a.persons), persons(a.granted.persons))],
        [t('asked.place'), a.granted.place === null ? undefined : t('asked.inside')],
        [t('asked.operator'), a.operator === null ? undefined : names.person(a.operator)],
        [t('asked.marks'), a.marks.length === 0 ? undefined : t('asked.marked', { pages: words.list([...new Set(a.marks.map(({ page }) => String(page)))]) })],
        [t('asked.conditions'), conditions.length === 0 ? undefined : conditions.map((one) => <span key={one} className="row">{one}</span>)],
        [t('asked.at'), words.time(a.created)],
      ]}
    />
  );
}
