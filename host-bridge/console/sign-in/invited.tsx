/** Coming in by an invitation. Its token stands behind the # of the link, where no server's log has it; it is taken from the address at once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { api, take } from '../api/client';
import { Languages } from '../frame/languages';
import { FailureNote } from '../parts/failure-note';
import { NewPasskey } from './new-passkey';
import { NewPassword } from './new-password';

export function Invited() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [token] = useState(() => location.hash.slice(1));
  const [way, setWay] = useState<'passkey' | 'password'>('passkey');
  const [done, setDone] = useState(false);
  const accept = useMutation({ mutationFn: () => take(api.POST('/v1/sign-in/invitation', { body: { token } })) });
  const asked = useRef(false);
  useEffect(() => {
    history.replaceState(null, '', location.pathname);
    if (asked.current || token === '') return;
    asked.current = true;
    accept.mutate();
  });
  const finished = (): void => {
    queries.clear();
    setDone(true);
  };
  return (
    <main className="alone">
      <div className="alone-head"><span className="brand">{t('brand')}</span><Languages /></div>
      <h1>{t('invitation.title')}</h1>
      {done ? (
        <>
          <p role="status">{t('invitation.done')}</p>
          <button type="button" className="main wide" onClick={() => go('/')}>{t('signIn.title')}</button>
        </>
      ) : accept.isSuccess ? (
        <>
          <p>{t('invitation.choose')}</p>
          <div className="switch" role="group" aria-label={t('invitation.choose')}>
            {(['passkey', 'password'] as const).map((one) => <button key={one} type="button" aria-pressed={way === one} onClick={() => setWay(one)}>{t(`invitation.${one}`)}</button>)}
          </div>
          {way === 'passkey' ? <NewPasskey done={finished} /> : <NewPassword done={finished} />}
        </>
      ) : (
        <>
          {token === '' && <p>{t('invitation.none')}</p>}
          {accept.isPending && <p className="waiting" role="status">{t('waiting')}</p>}
          <FailureNote error={accept.error} />
          <Link href="/">{t('invitation.toSignIn')}</Link>
        </>
      )}
    </main>
  );
}
