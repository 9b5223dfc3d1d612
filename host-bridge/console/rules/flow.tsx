/** An approval chain drawn as one: from who applies, step by step, to the seal. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface FlowStep {
  /** Who decides: any one of them, or as many as `need`. */
  persons: readonly { name: string; /** Why the desk would not take their word; undefined: it would. */ not?: string | undefined }[];
  /** Instead of persons: whoever may. */
  any?: string | undefined;
  /** Default 1. */
  need?: number | undefined;
}

export function Flow({ from, steps, end, name }: { from: string; steps: readonly FlowStep[]; end: string; name: string }) {
  const { t } = useTranslation();
  return (
    <ol className="flow" aria-label={name}>
      <Node kind="from">{from}</Node>
      {steps.map((step, index) => (
        <Node key={index} kind="step">
          <span className="small">{t('flow.step', { number: index + 1 })}</span>
          {step.any !== undefined ? <strong>{step.any}</strong> : step.persons.map((person) => <strong key={person.name} className={person.not === undefined ? '' : 'not'}>{person.name}{person.not !== undefined && <span className="small bad-text">{person.not}</span>}</strong>)}
          {(step.need ?? 1) > 1 ? <span className="small">{t('flow.several', { need: step.need })}</span> : step.persons.length > 1 && <span className="small">{t('flow.either')}</span>}
        </Node>
      ))}
      <Node kind="end">{end}</Node>
    </ol>
  );
}

function Node({ kind, children }: { kind: 'from' | 'step' | 'end'; children: ReactNode }) {
  return <li className={kind}><div>{children}</div></li>;
}
