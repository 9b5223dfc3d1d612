/** The rules that say who decides, each drawn as the chain it is; and what each kind of seal is for. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Me, type Rule } from '../api/client';
import { rules } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Chip } from '../parts/facts';
import { useDuration } from '../parts/duration';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { ReasonDialog } from '../parts/reason-dialog';
import { useWords } from '../parts/when';
import { Flow, type FlowStep } from './flow';
import { RuleEditor, severalOf } from './editor';
import { WhoDecides } from './preview';
import { Scopes } from './scopes';

const MATTERS = ['use', 'blank', 'take-out'] as const;

export function Rules({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Rule | 'new'>();
  const manages = may(me, 'cards.manage');
  return (
    <>
      <h1>{t('rules.title')}</h1>
      <p className="small">{t('rules.what')}</p>
      {manages && <div className="actions"><button type="button" className="main" onClick={() => setEditing('new')}>{t('rules.add')}</button></div>}
      <Loaded query={rules()}>
        {(found) => found.length === 0 ? <p className="empty">{t('rules.none')}</p> : MATTERS.filter((matter) => found.some((one) => one.matter === matter)).map((matter) => (
          <section key={matter}>
            <h2>{t(`matters.${matter}`)}</h2>
            {found.filter((one) => one.matter === matter).map((one) => <RuleCard key={one.id} rule={one} edit={manages ? () => setEditing(one) : undefined} />)}
          </section>
        ))}
      </Loaded>
      {manages && <WhoDecides />}
      <Scopes manages={manages} />
      {editing !== undefined && <RuleEditor rule={editing === 'new' ? undefined : editing} close={() => setEditing(undefined)} />}
    </>
  );
}

/** For which uses a rule stands, in words. */
function useConditions() {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (rule: Rule): string[] => [
    ...(rule.seal === null ? [] : [names.seal(rule.seal)]), ...(rule.kind === null ? [] : [t(`sealKinds.${rule.kind}`)]), ...(rule.category === null ? [] : [t(`categories.${rule.category}`)]),
    ...(rule.amountFrom === null ? [] : [t('rules.from', { sum: words.sum(rule.amountFrom) })]),
  ];
}

function RuleCard({ rule, edit }: { rule: Rule; edit: (() => void) | undefined }) {
  const { t } = useTranslation();
  const span = useDuration();
  const names = useNames();
  const conditions = useConditions()(rule);
  const [removing, setRemoving] = useState(false);
  const remove = useChange((reason: string) => take(api.POST('/v1/chains/{id}/remove', { params: { path: { id: rule.id } }, body: { reason } })), () => setRemoving(false));
  const steps: FlowStep[] = rule.authority !== null ? [{ persons: [], any: t('rules.authority', { name: rule.authority }) }] : rule.steps.map(severalOf).map(({ of, need }) => (Array.isArray(of) ? { persons: of.map((id) => ({ name: names.person(id) })), need } : { persons: [], any: of === 'approver' ? t('rules.any') : t('rules.role', { role: t(`roles.${of}`) }), need }));
  const times = [rule.remindAfter === null ? undefined : t('rules.remind', { span: span(rule.remindAfter) }), rule.escalateAfter === null ? undefined : t('rules.escalate', { span: span(rule.escalateAfter) }), rule.archiveWithin === null ? undefined : t('rules.archive', { span: span(rule.archiveWithin) })].filter((one) => one !== undefined);
  return (
    <article className="card">
      <div className="card-head"><h3>{rule.name}</h3><span className="chips">{(conditions.length === 0 ? [t('rules.always')] : conditions).map((one) => <Chip key={one} tone="still">{one}</Chip>)}</span></div>
      <Flow name={rule.name} from={t('roles.applicant')} steps={steps} end={t(`matterEnds.${rule.matter}`)} />
      {times.map((one) => <p key={one} className="small">{one}</p>)}
      {edit !== undefined && <div className="actions"><button type="button" onClick={edit} aria-label={t('rules.editOf', { name: rule.name })}>{t('edit')}</button><button type="button" className="danger" onClick={() => setRemoving(true)} aria-label={t('rules.removeOf', { name: rule.name })}>{t('remove')}</button></div>}
      <ReasonDialog open={removing} close={() => setRemoving(false)} title={t('rules.removeOf', { name: rule.name })} text={t('rules.removeWhat')} act={t('remove')} change={remove} />
    </article>
  );
}

export function useRuleCount(authority: string): number {
  return (useQuery(rules()).data ?? []).filter((one) => one.authority === authority).length;
}
