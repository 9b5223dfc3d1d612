/** What the organisation has settled: reminders and escalation, papers that come back, electronic signatures, authorities elsewhere. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Me, type Settings as All } from '../api/client';
import { authorities, settings } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { DurationField, useDuration } from '../parts/duration';
import { Facts } from '../parts/facts';
import type { Signer } from '../parts/sign';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useRuleCount } from '../rules/rules';

const ESCALATE_TO = ['superior', 'approver', 'custodian', 'auditor', 'admin', 'applicant', 'holder', 'operator', 'witness', 'technician'] as const;
type Part = 'reminders' | 'papers' | 'signatures';

const SIGNERS: readonly Signer[] = ['applicant', 'approvers', 'custody', 'strokes'];

export function Settings({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Part>();
  const manages = may(me, 'organisation.manage');
  const done = (): void => setEditing(undefined);
  const edit = (part: Part): ReactNode => manages && <div className="actions"><button type="button" onClick={() => setEditing(part)} aria-label={t('settings.editOf', { name: t(`settings.${part}`) })}>{t('edit')}</button></div>;
  return (
    <>
      <h1>{t('settings.title')}</h1>
      <p className="small">{t('settings.what')}</p>
      <Loaded query={settings()}>
        {(all) => (
          <div className="tiles">
            <section className="card"><h2>{t('settings.reminders')}</h2><p className="small">{t('settings.remindersWhat')}</p><Reminders all={all} />{edit('reminders')}</section>
            <section className="card"><h2>{t('settings.papers')}</h2><p className="small">{t('settings.papersWhat')}</p><Papers all={all} />{edit('papers')}</section>
            <section className="card"><h2>{t('settings.signatures')}</h2><p className="small">{t('settings.signaturesWhat')}</p><Facts rows={SIGNERS.map((who) => [t(`settings.${who}`), t(all.signatures[who] ? 'settings.must' : 'settings.mayBe')] as const)} />{edit('signatures')}</section>
            <Authorities />
            {editing === 'reminders' && <EditReminders all={all} close={done} />}
            {editing === 'papers' && <EditPapers all={all} close={done} />}
            {editing === 'signatures' && <EditSignatures all={all} close={done} />}
          </div>
        )}
      </Loaded>
    </>
  );
}

function Reminders({ all: { reminders: r } }: { all: All }) {
  const { t } = useTranslation();
  const span = useDuration();
  const or = (seconds: number | null): string => (seconds === null ? t('settings.never') : span(seconds));
  return <Facts rows={[[t('settings.after'), or(r.after)], [t('settings.every'), or(r.every)], [t('settings.escalateAfter'), or(r.escalateAfter)], [t('settings.escalateTo'), r.escalateTo === 'superior' ? t('settings.superior') : t(`roles.${r.escalateTo}`)]]} />;
}

function Papers({ all: { papers: p } }: { all: All }) {
  const { t } = useTranslation();
  const span = useDuration();
  return <Facts rows={[[t('settings.archiveWithin'), p.archiveWithin === null ? t('settings.notOwed') : span(p.archiveWithin)], [t('settings.remindBefore'), span(p.remindBefore)], [t('settings.every'), span(p.every)], [t('settings.sheetsAfter'), p.sheetsAfter === null ? t('settings.never') : span(p.sheetsAfter)]]} />;
}

function Authorities() {
  const { t } = useTranslation();
  return (
    <section className="card">
      <h2>{t('authorities.title')}</h2>
      <p className="small">{t('authorities.what')}</p>
      <Loaded query={authorities()}>
        {(found) => found.length === 0 ? <p>{t('authorities.none')}</p> : <ul className="lines">{found.map((one) => <Authority key={one.name} name={one.name} kind={one.kind} />)}</ul>}
      </Loaded>
    </section>
  );
}

function Authority({ name, kind }: { name: string; kind: 'feishu' | 'dingtalk' | 'wecom' }) {
  const { t } = useTranslation();
  const count = useRuleCount(name);
  return <li><div><strong>{name} · {t(`authorities.${kind}`)}</strong><span className="small">{t('authorities.rules', { count })}</span><span className="small">{t('authorities.callback')}</span><code className="digest">{`${location.origin}/v1/outside/${name}/events`}</code></div></li>;
}

function Form({ title, save, children, close }: { title: string; save: (reason: string) => Promise<unknown>; children: ReactNode; close: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const change = useChange(() => save(reason), close);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate(undefined);
  };
  return (
    <Dialog title={title} open close={close}>
      <form onSubmit={submit}>
        {children}
        <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        <FailureNote error={change.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={change.isPending}>{change.isPending ? t('sending') : t('save')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}

function EditReminders({ all, close }: { all: All; close: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(all.reminders);
  return (
    <Form title={t('settings.reminders')} close={close} save={(reason) => take(api.PUT('/v1/settings/reminders', { body: { ...value, reason } }))}>
      <DurationField label={t('settings.after')} name="after" value={value.after} change={(after) => setValue({ ...value, after })} none={t('settings.never')} />
      <DurationField label={t('settings.every')} name="every" value={value.every} change={(every) => setValue({ ...value, every })} none={t('settings.never')} />
      <DurationField label={t('settings.escalateAfter')} name="escalateAfter" value={value.escalateAfter} change={(escalateAfter) => setValue({ ...value, escalateAfter })} none={t('settings.never')} />
      <label>{t('settings.escalateTo')}<select name="escalateTo" value={value.escalateTo} onChange={(e) => setValue({ ...value, escalateTo: e.target.value as typeof value.escalateTo })}>{ESCALATE_TO.map((one) => <option key={one} value={one}>{one === 'superior' ? t('settings.superior') : t(`roles.${one}`)}</option>)}</select></label>
    </Form>
  );
}

function EditPapers({ all, close }: { all: All; close: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(all.papers);
  return (
    <Form title={t('settings.papers')} close={close} save={(reason) => take(api.PUT('/v1/settings/papers', { body: { ...value, reason } }))}>
      <DurationField label={t('settings.archiveWithin')} name="archiveWithin" value={value.archiveWithin} change={(archiveWithin) => setValue({ ...value, archiveWithin })} none={t('settings.notOwed')} />
      <DurationField label={t('settings.remindBefore')} name="remindBefore" value={value.remindBefore} change={(remindBefore) => setValue({ ...value, remindBefore: remindBefore ?? 0 })} />
      <DurationField label={t('settings.every')} name="every" value={value.every} change={(every) => setValue({ ...value, every: every ?? 0 })} />
      <DurationField label={t('settings.sheetsAfter')} name="sheetsAfter" value={value.sheetsAfter} change={(sheetsAfter) => setValue({ ...value, sheetsAfter })} none={t('settings.never')} />
    </Form>
  );
}

function EditSignatures({ all, close }: { all: All; close: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(all.signatures);
  return (
    <Form title={t('settings.signatures')} close={close} save={(reason) => take(api.PUT('/v1/settings/signatures', { body: { ...value, reason } }))}>
      <p className="small">{t('settings.signaturesNeed')}</p>
      {SIGNERS.map((who) => <label key={who} className="choice"><input type="checkbox" name={who} checked={value[who]} onChange={(e) => setValue({ ...value, [who]: e.target.checked })} /><span>{t(`settings.${who}Must`)}</span></label>)}
    </Form>
  );
}
