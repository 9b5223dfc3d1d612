/** The organisation as a tree: departments, who heads each, and who of the leadership answers for it. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Department, type Me, type Person } from '../api/client';
import { departments, people } from '../api/queries';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { PersonSelect } from '../parts/people-field';

export function Organisation({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Department | 'new'>();
  const manages = may(me, 'organisation.manage');
  const everybody = useQuery(people()).data ?? [];
  const without = everybody.filter(({ department }) => department === undefined);
  return (
    <>
      <h1>{t('organisation.title')}</h1>
      <p className="small">{t('organisation.what')}</p>
      {manages && <div className="actions"><button type="button" className="main" onClick={() => setEditing('new')}>{t('organisation.add')}</button></div>}
      <Loaded query={departments()}>
        {(found) => (
          <section className="card">
            {found.length === 0 ? <p className="empty">{t('organisation.none')}</p> : <Branch of={null} all={found} people={everybody} edit={manages ? setEditing : undefined} />}
            {editing !== undefined && <Edit department={editing === 'new' ? undefined : editing} all={found} close={() => setEditing(undefined)} />}
          </section>
        )}
      </Loaded>
      {without.length > 0 && <section className="card"><h2>{t('organisation.without')}</h2><Members people={without} /></section>}
    </>
  );
}

function Branch({ of, all, people: everybody, edit }: { of: number | null; all: readonly Department[]; people: readonly Person[]; edit: ((department: Department) => void) | undefined }) {
  const { t } = useTranslation();
  const names = useNames();
  const here = all.filter(({ parent }) => parent === of);
  if (here.length === 0) return null;
  return (
    <ul className="tree">
      {here.map((one) => (
        <li key={one.id}>
          <div className="branch">
            <div>
              <strong>{one.name}</strong>
              <span className="small">{t('organisation.line', { head: names.person(one.head), leader: names.person(one.leader) })}</span>
              <Members people={everybody.filter(({ department }) => department === one.id)} />
            </div>
            {edit !== undefined && <button type="button" onClick={() => edit(one)} aria-label={t('organisation.editOf', { name: one.name })}>{t('edit')}</button>}
          </div>
          <Branch of={one.id} all={all} people={everybody} edit={edit} />
        </li>
      ))}
    </ul>
  );
}

function Members({ people: members }: { people: readonly Person[] }) {
  if (members.length === 0) return null;
  return <p className="members">{members.map((one) => <Link key={one.id} href={`/people/${one.id}`}>{one.title === undefined ? one.name : `${one.name} · ${one.title}`}</Link>)}</p>;
}

function Edit({ department, all, close }: { department: Department | undefined; all: readonly Department[]; close: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState<Omit<Department, 'id'>>(department ?? { name: '', parent: null, head: null, leader: null });
  const save = useChange(() => {
    const { name, parent, head, leader } = value;
    const body = { name, parent, head, leader };
    return department === undefined ? take(api.POST('/v1/departments', { body })) : take(api.PUT('/v1/departments/{id}', { params: { path: { id: department.id } }, body }));
  }, close);
  const remove = useChange((id: number) => take(api.DELETE('/v1/departments/{id}', { params: { path: { id } } })), close);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Dialog title={department === undefined ? t('organisation.add') : t('organisation.editOf', { name: department.name })} open close={close}>
      <form onSubmit={submit}>
        <label>{t('organisation.name')}<input name="name" required maxLength={200} value={value.name} onChange={(e) => setValue({ ...value, name: e.target.value })} /></label>
        <label>{t('organisation.parent')}<select name="parent" value={value.parent ?? ''} onChange={(e) => setValue({ ...value, parent: e.target.value === '' ? null : Number(e.target.value) })}><option value="">{t('organisation.top')}</option>{all.filter(({ id }) => id !== department?.id).map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
        <PersonSelect label={t('organisation.head')} name="head" value={value.head} change={(head) => setValue({ ...value, head })} none={t('organisation.nobody')} />
        <PersonSelect label={t('organisation.leader')} name="leader" value={value.leader} change={(leader) => setValue({ ...value, leader })} none={t('organisation.nobody')} />
        <FailureNote error={save.error ?? remove.error} changing />
        <div className="actions">
          <button type="submit" className="main" disabled={save.isPending}>{save.isPending ? t('sending') : t('save')}</button>
          <button type="button" onClick={close}>{t('cancel')}</button>
          {department !== undefined && <button type="button" className="danger" disabled={remove.isPending} onClick={() => remove.mutate(department.id)}>{t('organisation.remove')}</button>}
        </div>
      </form>
    </Dialog>
  );
}
