/** The units: whether each is there, and how it says it is. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Device, type Me } from '../api/client';
import { devices, deviceState, enrolments, seals } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Facts } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded, Waiting } from '../parts/loaded';
import { useNames } from '../parts/names';
import { ReasonDialog } from '../parts/reason-dialog';
import { useWords } from '../parts/when';
import { State, UnitChip } from './state';

export function Units({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('units.title')}</h1>
      <Loaded query={devices()}>{(found) => (found.length === 0 ? <p>{t('units.none')}</p> : <div className="tiles">{found.map((one) => <Unit key={one.id} device={one} me={me} />)}</div>)}</Loaded>
    </>
  );
}

function Unit({ device, me }: { device: Device; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const [revoking, setRevoking] = useState(false);
  const state = useQuery(deviceState(device.id));
  const inside = (useQuery(seals()).data ?? []).filter((seal) => seal.device === device.id).map(({ name }) => name);
  const people = [...new Set((useQuery(enrolments(device.id)).data ?? []).map(({ person }) => names.person(person)))];
  const revoke = useChange((reason: string) => take(api.POST('/v1/devices/{id}/revoke', { params: { path: { id: device.id } }, body: { reason } })), () => setRevoking(false));
  return (
    <section className="card">
      <div className="card-head"><h2><Link href={`/units/${device.id}`}>{device.name}</Link></h2><UnitChip state={state.data} /></div>
      {state.data === undefined ? (state.error === null ? <Waiting /> : <FailureNote error={state.error} again={() => void state.refetch()} />) : <State state={state.data} />}
      <Facts rows={[[t('units.seals'), inside.length === 0 ? t('units.noSeal') : words.list(inside)], [t('units.people'), people.length === 0 ? t('units.nobody') : words.list(people)], [t('units.id'), <code key="id" className="digest">{device.id}</code>], [t('units.bridge'), device.bridge]]} />
      {may(me, 'devices.revoke') && <div className="actions"><button type="button" className="danger" onClick={() => setRevoking(true)}>{t('units.revoke')}</button></div>}
      {revoke.isSuccess && <div className="note" role="status">{t('units.revoked')}</div>}
      <ReasonDialog open={revoking} close={() => setRevoking(false)} title={t('units.revoke')} text={t('units.revokeWhat')} act={t('units.revoke')} change={revoke} />
    </section>
  );
}
