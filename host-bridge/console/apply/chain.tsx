/** Who decides, step by step, and what they have said so far. */
import { useTranslation } from 'react-i18next';
import type { ApplicationLine, Decision } from '../api/client';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

export function Chain({ application, decisions }: { application: ApplicationLine; decisions: readonly Decision[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <ol className="chain">
      {application.chain.map((persons, step) => {
        const need = application.needs[step] ?? 1;
        const said = decisions.filter((one) => one.step === step);
        const refused = said.find(({ verdict }) => verdict === 'refused');
        // Of several, the step is decided when the last one has spoken.
        const decision = refused ?? (said.length >= need ? said.at(-1) : undefined);
        const due = application.state === 'submitted' && application.step === step;
        return (
          <li key={step} className={decision === undefined ? (due ? 'due' : 'later') : decision.verdict === 'approved' ? 'approved' : 'refused'} aria-current={due ? 'step' : undefined}>
            {decision === undefined && <strong>{words.either(persons.map((id) => names.person(id)))}</strong>}
            {decision === undefined && <span className="small">{t(due ? 'chain.due' : 'chain.later')}{need > 1 && ` · ${t('chain.several', { done: said.length, need })}`}</span>}
            {said.map((one) => (
              <span key={one.id} className="said">
                <strong>{names.person(one.person)}</strong>
                <span className="small">
                  {t(one.verdict === 'approved' ? 'chain.approved' : 'chain.refused', { when: words.time(one.at) })}
                  {one.behalf !== null && ` · ${t('chain.behalf', { who: names.person(one.behalf) })}`}
                  {one.narrow !== null && ` · ${t('chain.narrowed')}`}
                  {one.reason !== null && one.reason !== '' && ` · ${one.reason}`}
                </span>
              </span>
            ))}
          </li>
        );
      })}
    </ol>
  );
}
