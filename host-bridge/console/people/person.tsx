/** One person: who they are in the company, what they may do, how they sign in, and where they are signed in. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Me, type Person } from '../api/client';
import { departments, people, signInOf } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Facts } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { AgentName, AgentSent } from '../sign-in/agent';
import { useWords } from '../parts/when';

const ROLES = ['applicant', 'approver', 'custodian', 'holder', 'operator', 'witness', 'auditor', 'technician', 'admin'] as const;

export function PersonPage({ id, me }: { id: number; me: Me }) {
  const { t } = useTranslation();
  return (
    <Loaded query={people()}>
      {(found) => {
        const one = found.find((each) => each.id === id);
        return one === undefined ? <p>{t('person404')}</p> : <Body person={one} manages={may(me, 'people.manage')} />;
      }}
    </Loaded>
  );
}

function Body({ person, manages }: { person: Person; manages: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const rooms = useQuery(departments()).data ?? [];
  return (
    <>
      <h1>{person.name}</h1>
      <div className="two">
        <div>
          {manages ? <Identity person={person} /> : (
            <section className="card"><Facts rows={[[t('account.login'), person.login], [t('account.department'), rooms.find(({ id }) => id === person.department)?.name], [t('account.post'), person.title], [t('account.roles'), words.list(person.roles.map((role) => t(`roles.${role}`)))]]} /></section>
          )}
        </div>
        <div>
          {manages && <Roles person={person} />}
          <Ways person={person} manages={manages} />
        </div>
      </div>
    </>
  );
}

function Identity({ person }: { person: Person }) {
  const { t } = useTranslation();
  const rooms = useQuery(departments()).data ?? [];
  const [value, setValue] = useState({ name: person.name, login: person.login ?? '', department: person.department ?? null, title: person.title ?? '' });
  const save = useChange(() => take(api.PUT('/v1/people/{id}', { params: { path: { id: person.id } }, body: { ...value, login: value.login === '' ? null : value.login } })));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form className="card" onSubmit={submit}>
      <h2>{t('personPage.identity')}</h2>
      <label>{t('account.name')}<input name="name" required maxLength={200} value={value.name} onChange={(e) => setValue({ ...value, name: e.target.value })} /></label>
      <label>{t('account.login')}<input name="login" maxLength={200} autoCapitalize="none" value={value.login} onChange={(e) => setValue({ ...value, login: e.target.value })} /></label>
      <label>{t('account.department')}<select name="department" value={value.department ?? ''} onChange={(e) => setValue({ ...value, department: e.target.value === '' ? null : Number(e.target.value) })}><option value="">{t('nobody')}</option>{rooms.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
      <label>{t('account.post')}<input name="title" maxLength={200} value={value.title} onChange={(e) => setValue({ ...value, title: e.target.value })} /></label>
      <FailureNote error={save.error} changing />
      {save.isSuccess && <div className="note good" role="status"><p>{t('saved')}</p></div>}
      <div className="actions"><button type="submit" className="main" disabled={save.isPending}>{save.isPending ? t('sending') : t('save')}</button></div>
    </form>
  );
}

function Roles({ person }: { person: Person }) {
  const { t } = useTranslation();
  const [roles, setRoles] = useState(person.roles);
  const save = useChange(() => take(api.PUT('/v1/people/{id}/roles', { params: { path: { id: person.id } }, body: { roles } })));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form className="card" onSubmit={submit}>
      <fieldset>
        <legend>{t('account.roles')}</legend>
        <p className="small">{t('personPage.rolesWhat')}</p>
        <div className="choices">{ROLES.map((role) => <label key={role} className="choice"><input type="checkbox" name="role" value={role} checked={roles.includes(role)} onChange={(e) => setRoles(e.target.checked ? [...roles, role] : roles.filter((one) => one !== role))} /><span><strong>{t(`roles.${role}`)}</strong><span className="small">{t(`roleHelp.${role}`)}</span></span></label>)}</div>
      </fieldset>
      <FailureNote error={save.error} changing />
      {save.isSuccess && <div className="note good" role="status"><p>{t('saved')}</p></div>}
      <div className="actions"><button type="submit" className="main" disabled={save.isPending}>{save.isPending ? t('sending') : t('personPage.saveRoles')}</button></div>
    </form>
  );
}

function Ways({ person, manages }: { person: Person; manages: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const path = { params: { path: { id: person.id } } };
  const end = useChange(() => take(api.DELETE('/v1/people/{id}/sessions', path)));
  const password = useChange(() => take(api.DELETE('/v1/people/{id}/password', path)));
  const withdraw = useChange(() => take(api.DELETE('/v1/people/{id}/invitation', path)));
  const passkey = useChange((key: string) => take(api.DELETE('/v1/people/{id}/passkeys/{passkey}', { params: { path: { id: person.id, passkey: key } } })));
  const token = useChange(() => take(api.POST('/v1/people/{id}/token', path)));
  return (
    <section className="card">
      <h2>{t('personPage.ways')}</h2>
      <Loaded query={signInOf(person.id)}>
        {(found) => (
          <>
            {found.passkeys.length === 0 && !found.password && <p>{t('personPage.noWay')}</p>}
            <ul className="lines">
              {found.passkeys.map((one) => (
                <li key={one.id}><div><strong>{one.name}</strong><span className="small">{t('account.passkeyLine', { created: words.time(one.created), used: one.used === null ? t('account.never') : words.time(one.used) })}</span></div>{manages && <button type="button" className="danger" onClick={() => passkey.mutate(one.id)} aria-label={t('account.removePasskey', { name: one.name })}>{t('remove')}</button>}</li>
              ))}
              {found.password && <li><div><strong>{t('personPage.password')}</strong></div>{manages && <button type="button" className="danger" onClick={() => password.mutate(undefined)} aria-label={t('personPage.removePassword')}>{t('remove')}</button>}</li>}
            </ul>
            <h3>{t('personPage.sessions')}</h3>
            {found.sessions.length === 0 ? <p>{t('personPage.noSession')}</p> : <ul className="lines">{found.sessions.map((one) => <li key={one.id}><div><strong><AgentName text={one.agent} /></strong><span className="small">{t('account.sessionLine', { address: one.address, seen: words.time(one.seen) })}</span><AgentSent text={one.agent} /></div></li>)}</ul>}
            <FailureNote error={end.error ?? password.error ?? withdraw.error ?? passkey.error} changing />
            {manages && <div className="actions"><button type="button" disabled={found.sessions.length === 0 || end.isPending} onClick={() => end.mutate(undefined)}>{t('personPage.endAll')}</button><button type="button" disabled={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>{t('personPage.withdraw')}</button></div>}
            {withdraw.data !== undefined && <div className="note" role="status"><p>{t(withdraw.data.withdrawn ? 'personPage.withdrawn' : 'personPage.noInvitation')}</p></div>}
          </>
        )}
      </Loaded>
      {manages && (
        <>
          <h3>{t('personPage.token')}</h3>
          <p className="small">{t('personPage.tokenWhat')}</p>
          {token.data !== undefined && <div className="note good" role="status"><p>{t(token.data.until === null ? 'personPage.tokenLasts' : 'personPage.tokenUntil', { when: words.time(token.data.until) })}</p><code className="secret">{token.data.token}</code></div>}
          <FailureNote error={token.error} changing />
          <div className="actions"><button type="button" disabled={token.isPending} onClick={() => token.mutate(undefined)}>{t('personPage.newToken')}</button></div>
        </>
      )}
    </section>
  );
}
