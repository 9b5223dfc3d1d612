/** Writes a rule: for what it stands, its steps in order, and the desk's word on what would follow, before it is kept. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type NewRule, type Rule } from '../api/client';
import { authorities, people, seals } from '../api/queries';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { DurationField } from '../parts/duration';
import { FailureNote } from '../parts/failure-note';
import { usePeopleOptions } from '../parts/people-field';
import { Answer, CATEGORIES, fen, MATTERS, NOTHING, QuestionFields, usePreview } from './preview';

const KINDS = ['company', 'department', 'contract', 'finance', 'legal-representative'] as const;
const STEPS_MOST = 10;
/** One of these persons, or of whoever has a role; or as many as `need`. */
export interface Several {
  of: number[] | Exclude<Given, number[] | 'any'>['of'];
  need: number;
}
type Given = Rule['steps'][number];

/** A step as the desk has it: a list and `any` are short for one of them, and of all approvers. */
export const severalOf = (step: Given): Several => (Array.isArray(step) ? { of: step, need: 1 } : step === 'any' ? { of: 'approver', need: 1 } : step);
const givenOf = ({ of, need }: Several): Given => (need > 1 ? { of, need } : Array.isArray(of) ? of : of === 'approver' ? 'any' : { of, need });

interface Draft {
  name: string;
  matter: Rule['matter'];
  seal: string;
  kind: '' | (typeof KINDS)[number];
  category: '' | (typeof CATEGORIES)[number];
  amountFrom: string;
  steps: Several[];
  authority: string;
  remindAfter: number | null;
  escalateAfter: number | null;
  archiveWithin: number | null;
}

function draftOf(rule: Rule | undefined): Draft {
  if (rule === undefined) return { name: '', matter: 'use', seal: '', kind: '', category: '', amountFrom: '', steps: [{ of: [], need: 1 }], authority: '', remindAfter: null, escalateAfter: null, archiveWithin: null };
  return {
    name: rule.name, matter: rule.matter, seal: rule.seal ?? '', kind: rule.kind ?? '', category: rule.category ?? '', amountFrom: rule.amountFrom === null ? '' : String(rule.amountFrom / 100), steps: rule.steps.map(severalOf), authority: rule.authority ?? '',
    remindAfter: rule.remindAfter, escalateAfter: rule.escalateAfter, archiveWithin: rule.archiveWithin,
  };
}

function ruleOf(d: Draft): NewRule {
  const amount = fen(d.amountFrom);
  return {
    name: d.name, matter: d.matter, ...(d.seal === '' ? {} : { seal: d.seal }), ...(d.kind === '' ? {} : { kind: d.kind }), ...(d.category === '' ? {} : { category: d.category }), ...(amount === undefined ? {} : { amountFrom: amount }),
    ...(d.authority === '' ? { steps: d.steps.map(givenOf) } : { authority: d.authority }), ...(d.remindAfter === null ? {} : { remindAfter: d.remindAfter }), ...(d.escalateAfter === null ? {} : { escalateAfter: d.escalateAfter }), ...(d.archiveWithin === null ? {} : { archiveWithin: d.archiveWithin }),
  } as NewRule;
}

export function RuleEditor({ rule, close }: { rule: Rule | undefined; close: () => void }) {
  const { t } = useTranslation();
  const cards = useQuery(seals()).data ?? [];
  const outside = useQuery(authorities()).data ?? [];
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [reason, setReason] = useState('');
  const [question, setQuestion] = useState(NOTHING);
  const preview = usePreview();
  const save = useChange(() => {
    const body = { rule: ruleOf(draft), reason };
    return rule === undefined ? take(api.POST('/v1/chains', { body: body as never })) : take(api.PUT('/v1/chains/{id}', { params: { path: { id: rule.id } }, body: body as never }));
  }, close);
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    preview.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Dialog title={rule === undefined ? t('rules.add') : t('rules.editOf', { name: rule.name })} open close={close} wide>
      <form onSubmit={submit} className="editor">
        <label>{t('rules.name')}<input name="name" required maxLength={200} value={draft.name} onChange={(e) => change({ name: e.target.value })} /></label>
        <fieldset className="card">
          <legend>{t('rules.when')}</legend>
          <p className="small">{t('rules.whenWhat')}</p>
          <div className="pair">
            <label>{t('rules.matter')}<select name="matter" value={draft.matter} onChange={(e) => change({ matter: e.target.value as Draft['matter'] })}>{MATTERS.map((one) => <option key={one} value={one}>{t(`matters.${one}`)}</option>)}</select></label>
            <label>{t('register.seal')}<select name="seal" value={draft.seal} onChange={(e) => change({ seal: e.target.value })}><option value="">{t('all')}</option>{cards.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
            <label>{t('seal.kind')}<select name="kind" value={draft.kind} onChange={(e) => change({ kind: e.target.value as Draft['kind'] })}><option value="">{t('all')}</option>{KINDS.map((one) => <option key={one} value={one}>{t(`sealKinds.${one}`)}</option>)}</select></label>
            <label>{t('apply.category')}<select name="category" value={draft.category} onChange={(e) => change({ category: e.target.value as Draft['category'] })}><option value="">{t('all')}</option>{CATEGORIES.map((one) => <option key={one} value={one}>{t(`categories.${one}`)}</option>)}</select></label>
            <label>{t('rules.amountFrom')}<input name="amountFrom" inputMode="decimal" pattern="[0-9]{1,13}([.][0-9]{1,2})?" placeholder={t('rules.anyAmount')} value={draft.amountFrom} onChange={(e) => change({ amountFrom: e.target.value })} /></label>
          </div>
        </fieldset>
        <fieldset className="card">
          <legend>{t('rules.steps')}</legend>
          {outside.length > 0 && <label>{t('rules.decidedBy')}<select name="authority" value={draft.authority} onChange={(e) => change({ authority: e.target.value })}><option value="">{t('rules.here')}</option>{outside.map(({ name, kind }) => <option key={name} value={name}>{`${name} · ${t(`authorities.${kind}`)}`}</option>)}</select></label>}
          {draft.authority === '' && <Steps steps={draft.steps} change={(steps) => change({ steps })} />}
        </fieldset>
        <details>
          <summary>{t('rules.times')}</summary>
          <div className="pair">
            <DurationField label={t('settings.after')} name="remindAfter" value={draft.remindAfter} change={(remindAfter) => change({ remindAfter })} none={t('rules.asSettled')} />
            <DurationField label={t('settings.escalateAfter')} name="escalateAfter" value={draft.escalateAfter} change={(escalateAfter) => change({ escalateAfter })} none={t('rules.asSettled')} />
            <DurationField label={t('settings.archiveWithin')} name="archiveWithin" value={draft.archiveWithin} change={(archiveWithin) => change({ archiveWithin })} none={t('rules.asSettled')} />
          </div>
        </details>
        <fieldset className="card">
          <legend>{t('rules.preview')}</legend>
          <p className="small">{t('rules.previewWhat')}</p>
          <QuestionFields question={question} change={(next) => { setQuestion(next); preview.reset(); }} />
          <FailureNote error={preview.error} />
          {preview.data !== undefined && <Answer preview={preview.data} matter={question.matter} />}
          <button type="button" disabled={question.seal === '' || preview.isPending} onClick={() => preview.mutate({ question, draft: ruleOf(draft), ...(rule === undefined ? {} : { replaces: rule.id }) })}>{t('rules.ask')}</button>
        </fieldset>
        <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        <FailureNote error={save.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={save.isPending}>{save.isPending ? t('sending') : t('save')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}

function Steps({ steps, change }: { steps: readonly Several[]; change: (steps: Several[]) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <ol className="steps">
        {steps.map((step, index) => (
          <li key={index}>
            <StepFields number={index + 1} step={step} change={(next) => change(steps.with(index, next))} />
            <div className="actions">
              {index > 0 && <button type="button" className="plain" onClick={() => change(steps.with(index - 1, step).with(index, steps[index - 1]!))} aria-label={t('rules.earlierOf', { number: index + 1 })}>{t('rules.earlier')}</button>}
              {steps.length > 1 && <button type="button" className="plain" onClick={() => change(steps.toSpliced(index, 1))} aria-label={t('rules.removeStep', { number: index + 1 })}>{t('remove')}</button>}
            </div>
          </li>
        ))}
      </ol>
      {steps.length < STEPS_MOST && <button type="button" onClick={() => change([...steps, { of: [], need: 1 }])}>{t('rules.addStep')}</button>}
    </>
  );
}

function StepFields({ number, step, change }: { number: number; step: Several; change: (step: Several) => void }) {
  const { t } = useTranslation();
  const { of, need } = step;
  const named = (persons: number[]): void => change({ of: persons, need: Math.max(1, Math.min(need, persons.length)) });
  // Only an approver decides; who was one when the rule was written stays to be seen, and the desk says what is wrong.
  const approvers = useQuery(people()).data?.filter(({ roles }) => roles.includes('approver')).map(({ id }) => id);
  const shown = usePeopleOptions().filter(({ id }) => approvers === undefined || approvers.includes(id) || (Array.isArray(of) && of.includes(id)));
  return (
    <fieldset>
      <legend>{t('flow.step', { number })}</legend>
      <label className="tick"><input type="checkbox" name={`any-${number}`} checked={!Array.isArray(of)} onChange={(e) => change({ of: e.target.checked ? 'approver' : [], need: 1 })} />{Array.isArray(of) || of === 'approver' ? t('rules.any') : t('rules.role', { role: t(`roles.${of}`) })}</label>
      {Array.isArray(of) && (
        <div className="choices narrow">
          {shown.map(({ id, name, title }) => (
            <label key={id} className="choice"><input type="checkbox" name={`step-${number}`} value={id} checked={of.includes(id)} onChange={(e) => named(e.target.checked ? [...of, id] : of.filter((one) => one !== id))} /><span>{name}{title !== undefined && <span className="small">{title}</span>}</span></label>
          ))}
        </div>
      )}
      {(!Array.isArray(of) || of.length > 1) && <label>{t('rules.need')}<input name={`need-${number}`} type="number" min={1} max={Array.isArray(of) ? of.length : 50} required value={need} onChange={(e) => change({ of, need: Number(e.target.value) })} /></label>}
    </fieldset>
  );
}
