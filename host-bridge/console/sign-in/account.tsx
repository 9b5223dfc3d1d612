/** Who I am here, by what I sign in, and where I am signed in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, take, type Me } from '../api/client';
import { departments, hasPassword, me as meQuery, passkeys, sessions, ways } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Facts } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useWords } from '../parts/when';
import { AgentName, AgentSent } from './agent';
import { Alarms } from './alarms';
import { NewPasskey } from './new-passkey';
import { NewPassword } from './new-password';
import { Notices } from './notices';

export function Account({ me }: { me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [adding, setAdding] = useState<'passkey' | 'password'>();
  const offered = useQuery(ways()).data;
  const has = useQuery({ ...hasPassword(), enabled: offered?.password === true }).data;
  const department = useQuery(departments()).data?.find(({ id }) => id === me.department)?.name;
  const out = useMutation({
    mutationFn: () => take(api.POST('/v1/sign-out')),
    onSuccess: () => {
      // First who is here, which every page hangs on; then all that was read for them.
      queries.setQueryData(meQuery().queryKey, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'ways' && (queryKey[0] !== 'me' || queryKey.length > 1) });
      go('/');
    },
  });
  const remove = useChange((id: string) => take(api.DELETE('/v1/me/passkeys/{id}', { params: { path: { id } } })));
  const end = useChange((id: string) => take(api.DELETE('/v1/me/sessions/{id}', { params: { path: { id } } })));
  const finished = (): void => {
    setAdding(undefined);
    void queries.invalidateQueries();
  };
  return (
    <>
      <h1>{t('account.title')}</h1>
      <section className="card">
        <Facts rows={[[t('account.name'), me.name], [t('account.login'), me.login], [t('account.department'), department], [t('account.post'), me.title], [t('account.roles'), words.list(me.roles.map((role) => t(`roles.${role}`)))]]} />
        <div className="actions"><button type="button" className="main" disabled={out.isPending} onClick={() => out.mutate()}>{t('account.signOut')}</button></div>
        <FailureNote error={out.error} changing />
      </section>
      <Notices />
      <Alarms sounds={may(me, 'cases.read')} />
      <section className="card">
        <h2>{t('account.passkeys')}</h2>
        <Loaded query={passkeys()}>
          {(found) => found.length === 0 ? <p>{t('account.noPasskeys')}</p> : (
            <ul className="lines">
              {found.map((one) => (
                <li key={one.id}>
                  <div><strong>{one.name}</strong><span className="small">{t('account.passkeyLine', { created: words.day(one.created), used: one.used === null ? t('account.never') : words.time(one.used) })}</span></div>
                  <button type="button" disabled={remove.isPending} onClick={() => remove.mutate(one.id)} aria-label={t('account.removePasskey', { name: one.name })}>{t('remove')}</button>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
        <FailureNote error={remove.error} changing />
        <div className="actions">
          {offered?.passkey === true && <button type="button" onClick={() => setAdding('passkey')}>{t('account.addPasskey')}</button>}
          {offered?.password === true && <button type="button" onClick={() => setAdding('password')}>{t(has === true ? 'account.changePassword' : 'account.setPassword')}</button>}
        </div>
        {adding !== undefined && <p className="small">{t('account.othersEnd')}</p>}
        {adding === 'passkey' && <NewPasskey done={finished} />}
        {adding === 'password' && <NewPassword done={finished} own={[me.name, me.login ?? '']} old />}
      </section>
      <section className="card">
        <h2>{t('account.sessions')}</h2>
        <Loaded query={sessions()}>
          {({ current, sessions: open }) => (
            <ul className="lines">
              {open.map((one) => (
                <li key={one.id}>
                  <div>
                    <strong><AgentName text={one.agent} />{one.id === current && ` · ${t('account.thisSession')}`}</strong>
                    <span className="small">{t('account.sessionLine', { address: one.address, seen: words.time(one.seen) })}</span>
                    <AgentSent text={one.agent} />
                  </div>
                  {one.id !== current && <button type="button" disabled={end.isPending} onClick={() => end.mutate(one.id)}>{t('account.end')}</button>}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
        <FailureNote error={end.error} changing />
      </section>
    </>
  );
}
