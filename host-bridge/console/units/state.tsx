/** How a unit says it is. */
import { useTranslation } from 'react-i18next';
import type { DeviceState } from '../api/client';
import { conditionText } from '../cases/words';
import { language } from '../i18n';
import { Chip, Facts } from '../parts/facts';
import { useWords } from '../parts/when';

export function UnitChip({ state }: { state: DeviceState | undefined }) {
  const { t } = useTranslation();
  if (state === undefined) return null;
  const alarmed = state.alarms.length > 0;
  return <Chip tone={alarmed ? 'bad' : state.connected ? 'good' : 'still'}>{alarmed ? t('units.alarmed') : state.connected ? t('units.connected') : t('units.away')}</Chip>;
}

export function State({ state }: { state: DeviceState }) {
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
