/** Locks a unit from afar: a ceremony that needs nobody there, and takes effect as soon as the unit hears of it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Device, type DeviceState } from '../api/client';
import { useChange } from '../parts/change';
import { ReasonDialog } from '../parts/reason-dialog';

export function Locking({ device, state }: { device: Device; state: DeviceState | undefined }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const lock = useChange((reason: string) => take(api.POST('/v1/devices/{id}/ceremonies', { params: { path: { id: device.id } }, body: { action: 'suspend', present: [], reason } })), () => setAsking(false));
  return (
    <section className="card">
      <h2>{t('lock.title')}</h2>
      {state?.service === 'suspended' ? <p role="status">{t('lock.locked')} <Link href="/ceremonies">{t('lock.resume')}</Link></p> : (
        <>
          <p className="small">{t('lock.what')}</p>
          <div className="actions"><button type="button" className="danger" disabled={lock.isPending} onClick={() => setAsking(true)}>{t('lock.act')}</button></div>
          {lock.isSuccess && <div className="note" role="status">{t(state?.connected === true ? 'lock.asked' : 'lock.waits')}</div>}
        </>
      )}
      <ReasonDialog open={asking} close={() => setAsking(false)} title={t('lock.act')} text={t('lock.what')} act={t('lock.act')} change={lock} />
    </section>
  );
}
