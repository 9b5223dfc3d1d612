/** Open alarms over every page, until a person has taken them: cleared at the device or closed with a reason. With a sound, where it was switched on. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { cases, devices } from '../api/queries';
import { alarmText } from '../cases/words';
import { language } from '../i18n';
import { silence, useSound } from './sound';

export function AlarmBar() {
  const { t } = useTranslation();
  const open = useQuery(cases(true)).data ?? [];
  const units = useQuery(devices()).data ?? [];
  const alarms = open.filter(({ kind }) => kind === 'alarm');
  const newest = alarms[0];
  const sounds = useSound(newest?.id);
  if (newest === undefined) return null;
  const unit = units.find(({ id }) => id === newest.device)?.name ?? newest.device;
  return (
    <div className="alarm" role="alert">
      <Link href={alarms.length === 1 ? `/cases/${newest.id}` : '/cases'}>
        <strong>{t('alarm.title', { count: alarms.length })}</strong>
        <span>{t('alarm.line', { unit, what: alarmText(newest, language()) })}</span>
      </Link>
      {sounds && <button type="button" onClick={() => silence(newest.id)}>{t('alarm.silence')}</button>}
    </div>
  );
}
