/** More strokes for a permit under way: asked for by who applied, decided by who is due, and seen by all who see the application. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Application, type Me, type TopUp } from '../api/client';
import { myTopUps, topUps } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { Chip, type Tone } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { useNames } from '../parts/names';
import { ReasonDialog } from '../parts/reason-dialog';
import { SignChoice } from '../parts/sign-choice';
import { useSigner } from '../parts/sign';
import { useWords } from '../parts/when';

const TONES: Readonly<Record<TopUp['state'], Tone>> = { submitted: 'wait', approved: 'good', refused: 'bad', withdrawn: 'still', expired: 'still' };
/** The most that a permit holds. */
const MOST = 65_535;

export function TopUps({ application: a, me }: { application: Application; me: Me }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Application['permits'][number]>();
  const found = (useQuery(topUps()).data ?? []).filter((one) => one.application === a.id);
  const waiting = useQuery({ ...myTopUps(), enabled: may(me, 'applications.decide') }).data ?? [];
  // Only a permit that the unit has can be topped up; one request at a time.
  const open = a.applicant === me.id && a.state === 'approved' ? a.permits.filter(({ id, state }) => state === 'delivered' && !found.some((one) => one.permit === id && one.state === 'submitted')) : [];
  if (found.length === 0 && open.length === 0) return null;
  return (
    <section className="card">
      <h2>{t('topUps.title')}</h2>
      {open.length > 0 && <p className="small">{t('topUps.what')}</p>}
      {open.map((permit) => (
        <div key={permit.id} className="actions">
          <button type="button" onClick={() => setAsking(permit)}>{t('topUps.ask')}</button>
          <span className="small">{permit.crossPage ? t('permit.edges') : t('permit.strokes')} · {t('topUps.countNow', { count: permit.count })}</span>
        </div>
      ))}
      {found.map((one) => <Line key={`${one.id} ${one.step} ${one.count}`} one={one} mine={waiting.some(({ id }) => id === one.id)} own={a.applicant === me.id} />)}
      {asking !== undefined && <Ask permit={asking} close={() => setAsking(undefined)} />}
    </section>
  );
}

function Ask({ permit, close }: { permit: Application['permits'][number]; close: () => void }) {
  const { t } = useTranslation();
  const [count, setCount] = useState(String(permit.count + 1));
  const [reason, setReason] = useState('');
  const signer = useSigner('applicant');
  const ask = useChange(async () => {
    const path = { params: { path: { id: permit.id } } };
    const body = { count: Number(count), reason: reason.trim() };
    const signed = await signer.signed(() => take(api.POST('/v1/permits/{id}/top-ups/options', { ...path, body })));
    return take(api.POST('/v1/permits/{id}/top-ups', { ...path, body: { ...body, ...signed } }));
  }, close);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask.mutate(undefined);
  };
  return (
    <Dialog title={t('topUps.ask')} open close={close}>
      <form onSubmit={submit}>
        <p className="small">{t('topUps.what')}</p>
        <label>{t('topUps.count')}<input name="count" type="number" required min={permit.count + 1} max={MOST} value={count} onChange={(e) => setCount(e.target.value)} /></label>
        <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={3} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        <SignChoice {...signer.choice} />
        <FailureNote error={ask.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={ask.isPending}>{ask.isPending ? t('sending') : t('topUps.askAct')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}

function Line({ one, mine, own }: { one: TopUp; mine: boolean; own: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const [count, setCount] = useState(String(one.count));
  const [refusing, setRefusing] = useState(false);
  const signer = useSigner('approvers');
  const path = { params: { path: { id: one.id } } };
  const signature = (decision: 'approved' | 'refused', more: { count?: number } = {}) => signer.signature(() => take(api.POST('/v1/top-ups/{id}/signatures/options', { ...path, body: { decision, ...more } })));
  const approve = useChange(async () => {
    const granted = { count: Number(count) };
    return take(api.POST('/v1/top-ups/{id}/approve', { ...path, body: { content: one.content, ...granted, ...(await signature('approved', granted)) } }));
  });
  const refuse = useChange(async (reason: string) => take(api.POST('/v1/top-ups/{id}/refuse', { ...path, body: { content: one.content, reason, ...(await signature('refused')) } })), () => setRefusing(false));
  const withdraw = useChange(() => take(api.POST('/v1/top-ups/{id}/withdraw', path)));
  const asked = one.state === 'submitted';
  return (
    <div className="top-up">
      <div className="card-head"><h3>{t('topUps.wanted', { count: one.count })}</h3><Chip tone={TONES[one.state]}>{t(`topUpStates.${one.state}`)}</Chip></div>
      <p>{one.reason}</p>
      <p className="small">{words.time(one.created)}{asked && ` · ${t('topUps.waits', { who: words.either((one.chain[one.step] ?? []).map((id) => names.person(id))) })}`}</p>
      {mine && (
        <>
          <label>{t('topUps.grant')}<input name="granted" type="number" required min={1} max={one.count} value={count} onChange={(e) => setCount(e.target.value)} /></label>
          <SignChoice {...signer.choice} />
          <div className="actions">
            <button type="button" className="main" disabled={approve.isPending} onClick={() => approve.mutate(undefined)}>{t('task.approve')}</button>
            <button type="button" className="danger" onClick={() => setRefusing(true)}>{t('task.refuse')}</button>
          </div>
        </>
      )}
      {asked && own && <div className="actions"><button type="button" disabled={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>{t('topUps.withdraw')}</button></div>}
      <FailureNote error={approve.error ?? withdraw.error} changing />
      <ReasonDialog open={refusing} close={() => setRefusing(false)} title={t('task.refuse')} text={t('topUps.refuseWhat')} act={t('task.refuse')} change={refuse} />
    </div>
  );
}
