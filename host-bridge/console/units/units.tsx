/** The units: whether each is there, and how it says it is. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Device, type DeviceState, type Me } from '../api/client';
import { conditionText } from '../cases/words';
import { devices, deviceState, enrolments, seals } from '../api/queries';
import { may } from '../frame/places';
import { language } from '../i18n';
import { useChange } from '../parts/change';
import { Chip, Facts } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded, Waiting } from '../parts/loaded';
import { useNames } from '../parts/names';
import { ReasonDialog } from '../parts/reason-dialog';
import { useWords } from '../parts/when';

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
      <div className="card-head"><h2>{device.name}</h2>{state.data !== undefined && <Chip tone={state.data.connected ? (state.data.alarms.length > 0 ? 'bad' : 'good') : 'still'}>{state.data.connected ? (state.data.alarms.length > 0 ? t('units.alarmed') : t('units.connected')) : t('units.away')}</Chip>}</div>
      {state.data === undefined ? (state.error === null ? <Waiting /> : <FailureNote error={state.error} again={() => void state.refetch()} />) : <State state={state.data} />}
      <Facts rows={[[t('units.seals'), inside.length === 0 ? t('units.noSeal') : words.list(inside)], [t('units.people'), people.length === 0 ? t('units.nobody') : words.list(people)], [t('units.id'), <code key="id" className="digest">{device.id}</code>], [t('units.bridge'), device.bridge]]} />
      {may(me, 'devices.revoke') && <div className="actions"><button type="button" className="danger" onClick={() => setRevoking(true)}>{t('units.revoke')}</button></div>}
      {revoke.isSuccess && <div className="note" role="status">{t('units.revoked')}</div>}
      <ReasonDialog open={revoking} close={() => setRevoking(false)} title={t('units.revoke')} text={t('units.revokeWhat')} act={t('units.revoke')} change={revoke} />
    </section>
  );
}

function State({ state }: { state: DeviceState }) {
  const { t } = useTranslation();
  const words = useWords();
  const known = (name: string | null, list: 'deviceStates' | 'services' | 'custody'): string | undefined => (name === null || name === '' ? undefined : t(`${list}.${name}` as 'deviceStates.IDLE', { defaultValue: name }));
  const flag = (value: boolean | null, yes: string, no: string): string | undefined => (value === null ? undefined : value ? yes : no);
  return (
    <Facts rows={[
      [t('units.alarms'), state.alarms.length === 0 ? undefined : words.list(state.alarms.map((one) => conditionText(one, language())))],
      [t('units.state'), known(state.state, 'deviceStates')],
      [t('units.service'), known(state.service, 'services')],
      [t('units.custody'), known(state.custody, 'custody')],
      [t('units.due'), state.due === null || state.due === 0 ? undefined : words.time(state.due)],
      [t('units.battery'), state.batteryMv === null ? undefined : `${(state.batteryMv / 1000).toFixed(2)} V${state.usb === true ? ` · ${t('units.usb')}` : ''}`],
      [t('units.bolt'), flag(state.boltClosed, t('units.locked'), t('units.unlocked'))],
      [t('units.tray'), flag(state.paper, t('units.paper'), t('units.noPaper'))],
      [t('units.time'), state.time === null ? undefined : state.time === 0 ? t('units.noTime') : words.time(state.time)],
      [t('units.journal'), state.journalFree === null ? undefined : t('units.kilobytes', { count: Math.floor(state.journalFree / 1024) })],
      [t('units.waiting'), state.nextSeq === null || state.ackedSeq === null ? undefined : t('units.records', { count: Math.max(0, state.nextSeq - state.ackedSeq) })],
      [t('units.ink'), state.strokesInked === null ? undefined : state.inkLife === null || state.inkLife === 0 ? words.number(state.strokesInked) : `${words.number(state.strokesInked)} / ${words.number(state.inkLife)}`],
      [t('units.place'), state.place === null ? undefined : `${state.place.latitude.toFixed(5)}, ${state.place.longitude.toFixed(5)} ± ${state.place.accuracy} m`],
      [t('units.firmware'), state.firmware],
      [t('units.seen'), state.seen === null ? undefined : words.time(Math.floor(state.seen / 1000))],
    ]} />
  );
}
