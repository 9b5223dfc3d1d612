/** What is done at a device before persons: asked for, approved, ordered, and done when the device's own record says so. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Ceremony, type Me } from '../api/client';
import { ceremonies, myCeremonies } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Chip, Facts, type Tone } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { ReasonDialog } from '../parts/reason-dialog';
import { SignChoice } from '../parts/sign-choice';
import { useSigner } from '../parts/sign';
import { useWords } from '../parts/when';
import { Order } from './order';

const TONES: Record<Ceremony['state'], Tone> = { asked: 'wait', ordered: 'wait', done: 'good', refused: 'bad', revoked: 'still', expired: 'still' };

export function Ceremonies({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [ordering, setOrdering] = useState(false);
  const mine = useQuery({ ...myCeremonies(), enabled: may(me, 'custody.decide') }).data ?? [];
  return (
    <>
      <h1>{t('ceremonies.title')}</h1>
      <p className="small">{t('ceremonies.what')}</p>
      {may(me, 'custody.order') && <div className="actions"><button type="button" className="main" onClick={() => setOrdering(true)}>{t('ceremonies.ask')}</button></div>}
      <Loaded query={ceremonies()}>
        {(found) => found.length === 0 ? <p className="empty">{t('ceremonies.none')}</p> : <div className="tiles">{found.map((one) => <CeremonyCard key={one.id} ceremony={one} me={me} mine={mine.some(({ id }) => id === one.id)} />)}</div>}
      </Loaded>
      {ordering && <Order close={() => setOrdering(false)} />}
    </>
  );
}

export function CeremonyCard({ ceremony: c, me, mine }: { ceremony: Ceremony; me: Me; mine: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const [asking, setAsking] = useState<'refuse' | 'revoke'>();
  const done = (): void => setAsking(undefined);
  const path = { params: { path: { id: c.id } } };
  const signer = useSigner('custody');
  const signature = (decision: 'approved' | 'refused') => signer.signature(() => take(api.POST('/v1/ceremonies/{id}/signatures/options', { ...path, body: { decision } })));
  const approve = useChange(async () => take(api.POST('/v1/ceremonies/{id}/approve', { ...path, body: { content: c.content, ...(await signature('approved')) } })));
  const refuse = useChange(async (reason: string) => take(api.POST('/v1/ceremonies/{id}/refuse', { ...path, body: { content: c.content, reason, ...(await signature('refused')) } })), done);
  const revoke = useChange((reason: string) => take(api.POST('/v1/ceremonies/{id}/revoke', { ...path, body: { reason } })), done);
  return (
    <section className="card">
      <div className="card-head"><h2><Link href={`/ceremonies/${c.id}`}>{t(`actions.${c.action}`)}</Link></h2><Chip tone={TONES[c.state]}>{t(`ceremonyStates.${c.state}`)}</Chip></div>
      <p className="next">{t(`ceremonyNext.${c.state}`)}</p>
      <Facts rows={[
        [t('ceremony.unit'), names.unit(c.device)], [t('ceremony.about'), c.person === undefined ? undefined : names.person(c.person)], [t('ceremony.present'), c.present.length === 0 ? undefined : words.list(c.present.map((id) => names.person(id)))],
        [t('ceremony.until'), c.until === undefined ? undefined : words.time(c.until)], [t('ceremony.reason'), c.reason], [t('ceremony.asked'), `${names.person(c.asked)} · ${words.time(c.created)}`],
      ]} />
      {mine && <SignChoice {...signer.choice} />}
      <FailureNote error={approve.error} changing />
      <div className="actions">
        {mine && <><button type="button" className="main" disabled={approve.isPending} onClick={() => approve.mutate(undefined)}>{t('task.approve')}</button><button type="button" className="danger" onClick={() => setAsking('refuse')}>{t('task.refuse')}</button></>}
        {may(me, 'custody.order') && (c.state === 'asked' || c.state === 'ordered') && <button type="button" onClick={() => setAsking('revoke')}>{t('ceremony.revoke')}</button>}
      </div>
      <ReasonDialog open={asking === 'refuse'} close={done} title={t('task.refuse')} text={t('ceremony.refuseWhat')} act={t('task.refuse')} change={refuse} />
      <ReasonDialog open={asking === 'revoke'} close={done} title={t('ceremony.revoke')} text={t('ceremony.revokeWhat')} act={t('ceremony.revoke')} change={revoke} />
    </section>
  );
}
