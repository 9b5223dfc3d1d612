/** People: who they are, what they may do, and their invitations. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Me, type Person } from '../api/client';
import { departments, people } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useWords } from '../parts/when';

const ROLES = ['applicant', 'approver', 'custodian', 'holder', 'operator', 'witness', 'auditor', 'technician', 'admin'] as const;

export function People({ me }: { me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const rooms = useQuery(departments()).data ?? [];
  const [adding, setAdding] = useState(false);
  const [inviting, setInviting] = useState<Person>();
  const manages = may(me, 'people.manage');
  return (
    <>
      <h1>{t('people.title')}</h1>
      {manages && <div className="actions"><button type="button" className="main" onClick={() => setAdding(true)}>{t('people.add')}</button></div>}
      <Loaded query={people()}>
        {(found) => (
          <section className="card">
            <ul className="lines">
              {found.map((one) => (
                <li key={one.id}>
                  <div><strong><Link href={`/people/${one.id}`}>{one.name}</Link></strong><span className="small">{words.list(one.roles.map((role) => t(`roles.${role}`)))}</span><span className="small">{[one.login, rooms.find(({ id }) => id === one.department)?.name, one.title].filter((part) => part !== undefined).join(' · ')}</span></div>
                  {manages && <button type="button" onClick={() => setInviting(one)} aria-label={t('people.inviteWhom', { name: one.name })}>{t('people.invite')}</button>}
                </li>
              ))}
            </ul>
          </section>
        )}
      </Loaded>
      {adding && <Add close={() => setAdding(false)} />}
      {inviting !== undefined && <Invite person={inviting} close={() => setInviting(undefined)} />}
    </>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [post, setPost] = useState('');
  const [roles, setRoles] = useState<(typeof ROLES)[number][]>(['applicant']);
  const add = useChange(async () => {
    const { person } = await take(api.POST('/v1/people', { body: { name, roles } }));
    // The token that comes with it is for programs; a person comes in by an invitation.
    if (login !== '' || post !== '') await take(api.PUT('/v1/people/{id}', { params: { path: { id: person.id } }, body: { name, login: login === '' ? null : login, department: null, title: post } }));
  }, close);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <Dialog title={t('people.add')} open close={close}>
      <form onSubmit={submit}>
        <label>{t('people.name')}<input name="name" required maxLength={200} value={name} onChange={(e) => setName(e.target.value)} /></label>
        <div className="pair">
          <label>{t('account.login')}<input name="login" maxLength={200} pattern="\S+" autoCapitalize="none" value={login} onChange={(e) => setLogin(e.target.value)} /></label>
          <label>{t('account.post')}<input name="title" maxLength={200} value={post} onChange={(e) => setPost(e.target.value)} /></label>
        </div>
        <fieldset><legend>{t('account.roles')}</legend>
          <div className="choices">{ROLES.map((role) => <label key={role} className="choice"><input type="checkbox" checked={roles.includes(role)} onChange={(e) => setRoles(e.target.checked ? [...roles, role] : roles.filter((one) => one !== role))} /><span>{t(`roles.${role}`)}</span></label>)}</div>
        </fieldset>
        <FailureNote error={add.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={add.isPending}>{t('people.add')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}

function Invite({ person, close }: { person: Person; close: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const invite = useChange(() => take(api.POST('/v1/people/{id}/invitation', { params: { path: { id: person.id } }, body: {} })));
  const link = invite.data === undefined ? '' : `${location.origin}/console/invitation#${invite.data.token}`;
  return (
    <Dialog title={t('people.inviteWhom', { name: person.name })} open close={close}>
      <p>{t('people.inviteWhat')}</p>
      {invite.data === undefined ? <div className="actions"><button type="button" className="main" disabled={invite.isPending} onClick={() => invite.mutate(undefined)}>{t('people.invite')}</button></div> : (
        <>
          <label>{t('people.link')}<input readOnly value={link} onFocus={(e) => e.target.select()} /></label>
          <p className="small">{t('people.linkUntil', { when: words.time(invite.data.until) })}</p>
          <div className="actions"><button type="button" className="main" onClick={() => void navigator.clipboard?.writeText(link)}>{t('people.copy')}</button></div>
        </>
      )}
      <FailureNote error={invite.error} changing />
    </Dialog>
  );
}
