/** Signing in: by passkey, by password and code, or by the company's own sign-on, as far as the desk is configured for each. */
import { startAuthentication } from '@simplewebauthn/browser';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take } from '../api/client';
import { me, ways } from '../api/queries';
import { Languages } from '../frame/languages';
import { FailureNote } from '../parts/failure-note';
import { Waiting } from '../parts/loaded';
import { SecretField } from '../parts/secret-field';
import { PasskeyNote } from './passkey-note';

export function SignIn() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const offered = useQuery(ways());
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const entered = async (): Promise<void> => {
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'ways' && queryKey[0] !== 'me' });
    await queries.invalidateQueries({ queryKey: me().queryKey });
  };
  const byPassword = useMutation({ mutationFn: () => take(api.POST('/v1/sign-in/password', { body: { login, password, code: code.replaceAll(' ', '') } })), onSuccess: entered, onError: () => setCode('') });
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { step, options } = await take(api.POST('/v1/sign-in/passkey/options'));
      const response = await startAuthentication({ optionsJSON: options as never });
      return take(api.POST('/v1/sign-in/passkey', { body: { step, response: response as never } }));
    },
    onSuccess: entered,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    byPassword.mutate();
  };
  return (
    <main className="alone">
      <div className="alone-head"><span className="brand">{t('brand')}</span><Languages /></div>
      <h1>{t('signIn.title')}</h1>
      {offered.data === undefined ? (offered.error === null ? <Waiting /> : <FailureNote error={offered.error} again={() => void offered.refetch()} />) : (
        <>
          {offered.data.passkey && (
            <>
              <button type="button" className="main wide" disabled={byPasskey.isPending} onClick={() => byPasskey.mutate()}>{t('signIn.passkey')}</button>
              <PasskeyNote error={byPasskey.error} />
            </>
          )}
          {offered.data.company && <a className="button wide" href="/v1/sign-in/company">{t('signIn.company')}</a>}
          {offered.data.password && (
            <form className="card" onSubmit={submit}>
              <h2>{t('signIn.password')}</h2>
              <label>{t('signIn.login')}<input name="username" autoComplete="username" autoCapitalize="none" required maxLength={200} value={login} onChange={(e) => setLogin(e.target.value)} /></label>
              <SecretField label={t('signIn.secret')} name="password" autoComplete="current-password" value={password} change={setPassword} />
              <label>{t('signIn.code')}<input name="code" inputMode="text" autoComplete="one-time-code" required minLength={6} maxLength={40} value={code} onChange={(e) => setCode(e.target.value)} /></label>
              <p className="small">{t('signIn.codeHelp')}</p>
              <button type="submit" disabled={byPassword.isPending}>{t('signIn.enter')}</button>
              <FailureNote error={byPassword.error} />
            </form>
          )}
          {!offered.data.passkey && !offered.data.company && !offered.data.password && <p>{t('signIn.none')}</p>}
        </>
      )}
      <p className="small">{t('signIn.help')}</p>
    </main>
  );
}
