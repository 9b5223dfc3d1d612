/** The steps of a use in words, as the unit has written them. */
import { useTranslation } from 'react-i18next';
import { REFUSALS } from '../../../protocol/texts';
import type { Live } from '../api/client';
import { conditionText } from '../cases/words';
import { language } from '../i18n';
import type { Tone } from '../parts/facts';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

type Step = Live['steps'][number];

const OUTCOMES = ['pending', 'stamped', 'failed', 'unknown'] as const;

function toneOf({ kind, code }: Step): Tone {
  if (kind === 'outcome') return code === 1 ? 'good' : 'bad';
  return kind === 'alarm' || kind === 'refused' || kind === 'rejected' ? 'bad' : 'still';
}

export function useStepText(): (step: Step) => string {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (step) => {
    if (step.kind === 'opened') return t('step.opened', { who: words.list(step.persons.map((person) => names.person(person))) });
    if (step.kind === 'photo') return t(step.which === 'after' ? 'step.after' : 'step.before');
    if (step.kind === 'outcome') return t(`results.${OUTCOMES[step.code ?? 3] ?? 'unknown'}`);
    if (step.kind === 'closed') return t('step.closed', { why: t(`closedFor.${step.code ?? 0}` as 'closedFor.1', { defaultValue: String(step.code) }) });
    if (step.kind === 'refused') return t('step.refused', { why: REFUSALS[step.code ?? 0]?.[language()] ?? String(step.code) });
    if (step.kind === 'alarm') return t('step.alarm', { what: conditionText(step.code ?? 0, language()) });
    return t(`step.${step.kind}`);
  };
}

export function Steps({ steps }: { steps: Live['steps'] }) {
  const { t } = useTranslation();
  const words = useWords();
  const text = useStepText();
  if (steps.length === 0) return <p>{t('live.noStep')}</p>;
  return (
    <ol className="time-line" aria-live="polite" aria-relevant="additions">
      {steps.toReversed().map((step) => (
        <li key={`${step.device}/${step.seq}`} className={toneOf(step)}>
          <strong>{text(step)}</strong>
          <span className="small">{words.clock(step.time ?? step.at)} · {t('live.record', { seq: step.seq })}</span>
        </li>
      ))}
    </ol>
  );
}
