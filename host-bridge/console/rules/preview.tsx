/** Asks the desk who would decide a use, also under a rule that does not stand yet. The answer is the desk's; nothing of it is reckoned here. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type NewRule, type Preview } from '../api/client';
import { seals } from '../api/queries';
import { FailureNote } from '../parts/failure-note';
import { PersonSelect } from '../parts/people-field';
import { Flow } from './flow';

export const MATTERS = ['use', 'blank', 'take-out'] as const;
export const CATEGORIES = ['letter', 'internal', 'contract', 'finance', 'other'] as const;
type Category = (typeof CATEGORIES)[number];

/** What is asked about. */
export interface Question {
  seal: string;
  matter: (typeof MATTERS)[number];
  category: '' | Category;
  amount: string;
  applicant: number | null;
}

/** Yuan as typed; undefined where nothing is. */
export const fen = (text: string): number | undefined => (text === '' ? undefined : Math.round(Number(text) * 100));

export function usePreview() {
  return useMutation({
    mutationFn: ({ question: q, draft, replaces }: { question: Question; draft?: NewRule; replaces?: string }) => {
      const amount = fen(q.amount);
      return take(api.POST('/v1/chains/preview', { body: { seal: q.seal, matter: q.matter, ...(q.category === '' ? {} : { category: q.category }), ...(amount === undefined ? {} : { amount }), ...(q.applicant === null ? {} : { applicant: q.applicant }), ...(draft === undefined ? {} : { draft }), ...(replaces === undefined ? {} : { replaces }) } as never }));
    },
  });
}

export function QuestionFields({ question: q, change }: { question: Question; change: (question: Question) => void }) {
  const { t } = useTranslation();
  const cards = useQuery(seals()).data ?? [];
  return (
    <div className="pair">
      <label>{t('register.seal')}<select name="about-seal" required value={q.seal} onChange={(e) => change({ ...q, seal: e.target.value })}><option value="">{t('choose')}</option>{cards.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
      <label>{t('rules.matter')}<select name="about-matter" value={q.matter} onChange={(e) => change({ ...q, matter: e.target.value as Question['matter'] })}>{MATTERS.map((one) => <option key={one} value={one}>{t(`matters.${one}`)}</option>)}</select></label>
      <label>{t('apply.category')}<select name="about-category" value={q.category} onChange={(e) => change({ ...q, category: e.target.value as Question['category'] })}><option value="">{t('apply.usual')}</option>{CATEGORIES.map((one) => <option key={one} value={one}>{t(`categories.${one}`)}</option>)}</select></label>
      <label>{t('apply.amount')}<input name="about-amount" inputMode="decimal" pattern="[0-9]{1,13}([.][0-9]{1,2})?" value={q.amount} onChange={(e) => change({ ...q, amount: e.target.value })} /></label>
      <PersonSelect label={t('rules.applicant')} name="about-applicant" value={q.applicant} change={(applicant) => change({ ...q, applicant })} none={t('rules.anybody')} />
    </div>
  );
}

export function Answer({ preview, matter }: { preview: Preview; matter: Question['matter'] }) {
  const { t } = useTranslation();
  const name = preview.rule === null ? t('rules.bySeal') : t('rules.byRule', { name: preview.rule.name });
  return (
    <div role="status">
      <p className="small">{name}</p>
      {preview.steps.length === 0 && preview.rule?.authority == null ? <div className="note bad"><p>{t('rules.nobody')}</p></div> : (
        <Flow name={name} from={t('roles.applicant')} end={t(`matterEnds.${matter}`)} steps={preview.rule?.authority == null ? preview.steps.map((step, i) => ({ need: preview.needs[i], persons: step.map((one) => ({ name: one.name, ...(one.may ? {} : { not: t('rules.mayNot') }) })), ...(step.length === 0 ? { any: t('rules.nobodyYet') } : {}) })) : [{ persons: [], any: t('rules.authority', { name: preview.rule.authority }) }]} />
      )}
    </div>
  );
}

export const NOTHING: Question = { seal: '', matter: 'use', category: '', amount: '', applicant: null };

export function WhoDecides() {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question>(NOTHING);
  const ask = usePreview();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask.mutate({ question });
  };
  return (
    <form className="card" onSubmit={submit}>
      <h2>{t('rules.whoDecides')}</h2>
      <p className="small">{t('rules.whoDecidesWhat')}</p>
      <QuestionFields question={question} change={(next) => { setQuestion(next); ask.reset(); }} />
      <FailureNote error={ask.error} />
      {ask.data !== undefined && <Answer preview={ask.data} matter={question.matter} />}
      <div className="actions"><button type="submit" disabled={ask.isPending}>{t('rules.ask')}</button></div>
    </form>
  );
}
