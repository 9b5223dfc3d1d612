/** How alarms reach this person: pushed to this browser also while no page is open, and with a sound while one is. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, take } from '../api/client';
import { push } from '../api/queries';
import { setSound, useSoundOn } from '../frame/sound';
import { language } from '../i18n';
import { FailureNote } from '../parts/failure-note';
import { useWords } from '../parts/when';
import { AgentName, AgentSent } from './agent';

/** Whether this browser can be pushed to. On a phone by Apple it can once the console is on the home screen. */
const able = (): boolean => 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));

class Refused extends Error {}

/** @param sounds whether this person is told of alarms at all; of their own account everybody is */
export function Alarms({ sounds }: { sounds: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const queries = useQueryClient();
  const sound = useSoundOn();
  const offered = useQuery(push()).data;
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: push().queryKey });
  const on = useMutation({
    mutationFn: async (key: string) => {
      if ((await Notification.requestPermission()) !== 'granted') throw new Refused();
      const { pushManager } = await navigator.serviceWorker.ready;
      // One made with another key of the desk would be refused by the push service.
      await (await pushManager.getSubscription())?.unsubscribe();
      const { endpoint, keys } = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) })).toJSON();
      return take(api.POST('/v1/push/subscriptions', { body: { endpoint: endpoint ?? '', keys: { p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' }, language: language() } }));
    },
    onSuccess: again,
  });
  const off = useMutation({ mutationFn: (id: string) => take(api.DELETE('/v1/push/subscriptions/{id}', { params: { path: { id } } })), onSettled: again });
  return (
    <section className="card">
      <h2>{t(sounds ? 'alarms.title' : 'alarms.titleAccount')}</h2>
      <p className="small">{t(sounds ? 'alarms.what' : 'alarms.whatAccount')}</p>
      {sounds && <label className="choice"><input type="checkbox" name="sound" checked={sound} onChange={(e) => setSound(e.target.checked)} /><span><strong>{t('alarms.sound')}</strong><span className="small">{t('alarms.soundWhat')}</span></span></label>}
      {offered?.key == null ? <p className="small">{t('alarms.notConfigured')}</p> : !able() ? <p className="small">{t('alarms.notAble')}</p> : (
        <>
          <ul className="lines">
            {offered.subscriptions.map((one) => <li key={one.id}><div><strong><AgentName text={one.agent} /></strong><span className="small">{t('alarms.since', { when: words.time(one.created) })}</span><AgentSent text={one.agent} /></div><button type="button" disabled={off.isPending} onClick={() => off.mutate(one.id)}>{t('alarms.off')}</button></li>)}
          </ul>
          {on.error instanceof Refused ? <div className="note bad" role="alert"><p>{t('alarms.refused')}</p></div> : on.error !== null && on.error.name !== 'Error' ? <div className="note bad" role="alert"><p>{t('alarms.noService')}</p></div> : <FailureNote error={on.error ?? off.error} changing />}
          {on.isSuccess && <div className="note good" role="status"><p>{t('alarms.done')}</p></div>}
          <div className="actions"><button type="button" disabled={on.isPending} onClick={() => on.mutate(offered.key!)}>{on.isPending ? t('sending') : t('alarms.push')}</button></div>
        </>
      )}
    </section>
  );
}
