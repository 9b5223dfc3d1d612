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
        const decision = decisions.findLast((one) => one.step === step);
        const due = application.state === 'submitted' && application.step === step;
        return (
          <li key={step} className={decision === undefined ? (due ? 'due' : 'later') : decision.verdict === 'approved' ? 'approved' : 'refused'} aria-current={due ? 'step' : undefined}>
            <strong>{decision === undefined ? words.either(persons.map((id) => names.person(id))) : names.person(decision.person)}</strong>
            {decision === undefined ? <span className="small">{t(due ? 'chain.due' : 'chain.later')}</span> : (
              <span className="small">
                {t(decision.verdict === 'approved' ? 'chain.approved' : 'chain.refused', { when: words.time(decision.at) })}
                {decision.behalf !== null && ` · ${t('chain.behalf', { who: names.person(decision.behalf) })}`}
                {decision.narrow !== null && ` · ${t('chain.narrowed')}`}
                {decision.reason !== null && decision.reason !== '' && ` · ${decision.reason}`}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
