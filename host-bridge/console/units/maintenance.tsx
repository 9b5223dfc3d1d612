/** Maintenance of a unit: who has it to themselves now, and an update of its firmware by whoever has. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, handFile, take, type Device, type Me } from '../api/client';
import { firmwareUpdate, lease } from '../api/queries';
import { useClock } from '../frame/clock';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

/** Seconds for which a unit is taken at a time. */
const TAKEN = 3600;

export function Maintenance({ device, me }: { device: Device; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const now = useClock().seconds();
  const path = { params: { path: { id: device.id } } };
  const taken = useChange(() => take(api.POST('/v1/devices/{id}/lease', { ...path, body: { seconds: TAKEN } })));
  const given = useChange(() => take(api.POST('/v1/devices/{id}/lease/end', path)));
  const does = may(me, 'devices.maintain');
  return (
    <section className="card">
      <h2>{t('maintenance.title')}</h2>
      <Loaded query={lease(device.id)}>
        {(found) => {
          const mine = found?.person === me.id;
          return (
            <>
              <p role="status">{found === null ? t('maintenance.free') : t('maintenance.taken', { who: names.person(found.person), left: words.lasting(Math.max(0, found.until - now)) })}</p>
              {does && <p className="small">{t('maintenance.what')}</p>}
              {does && (
                <div className="actions">
                  {(found === null || mine) && <button type="button" disabled={taken.isPending} onClick={() => taken.mutate(undefined)}>{t(mine ? 'maintenance.longer' : 'maintenance.take')}</button>}
                  {found !== null && (mine || me.roles.includes('admin')) && <button type="button" disabled={given.isPending} onClick={() => given.mutate(undefined)}>{t('maintenance.end')}</button>}
                </div>
              )}
              <FailureNote error={taken.error ?? given.error} changing />
              <Update device={device} allowed={does && mine} />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function Update({ device, allowed }: { device: Device; allowed: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery(firmwareUpdate(device.id));
  const send = useMutation({ mutationFn: (file: File) => handFile(`/v1/devices/${device.id}/update`, file), onSettled: () => queries.invalidateQueries() });
  return (
    <>
      {data !== undefined && data !== null && (
        <div className={`note ${data.state === 'failed' ? 'bad' : data.state === 'done' ? 'good' : ''}`} role="status">
          <p><strong>{t('update.title', { version: data.version })}</strong> · {t(`updateStates.${data.state}` as 'updateStates.done', { defaultValue: data.state })}{data.code !== null && ` · ${data.code}`}</p>
          {data.state !== 'done' && data.state !== 'failed' && <progress max={100} value={data.percent} aria-label={t('update.progress')} />}
        </div>
      )}
      {allowed && (
        <>
          <h3>{t('update.act')}</h3>
          <p className="small" id="update-help">{t('update.what')}</p>
          <label className="button file">
            {t('update.choose')}
            <input className="visually-hidden" type="file" name="image" aria-describedby="update-help" onChange={(e) => { const file = e.target.files?.[0]; if (file !== undefined) send.mutate(file); }} />
          </label>
          <FailureNote error={send.error} changing />
        </>
      )}
    </>
  );
}
