/** Having another approver decide in my place for a set time. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Me } from '../api/client';
import { delegations, directory } from '../api/queries';
import { useClock } from '../frame/clock';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { localSeconds, localText, useWords } from '../parts/when';

const WEEK = 7 * 86_400;

export function Delegations({ me }: { me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const clock = useClock();
  const [giving, setGiving] = useState(false);
  const end = useChange((id: string) => take(api.POST('/v1/delegations/{id}/end', { params: { path: { id } } })));
  return (
    <section className="card">
      <h2>{t('delegation.title')}</h2>
      <Loaded query={delegations()}>
        {(found) => {
          const now = clock.seconds();
          const open = found.filter(({ until, ended }) => ended === null && until > now);
          return open.length === 0 ? <p>{t('delegation.none')}</p> : (
            <ul className="lines">
              {open.map((one) => (
                <li key={one.id}>
                  <div><strong>{t('delegation.line', { giver: names.person(one.giver), delegate: names.person(one.delegate) })}</strong><span className="small">{words.span(one.from, one.until)} · {one.reason}</span></div>
                  {one.giver === me.id && <button type="button" disabled={end.isPending} onClick={() => end.mutate(one.id)}>{t('delegation.end')}</button>}
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <FailureNote error={end.error} changing />
      <div className="actions"><button type="button" onClick={() => setGiving(true)}>{t('delegation.give')}</button></div>
      <Dialog title={t('delegation.give')} open={giving} close={() => setGiving(false)}><Give me={me} done={() => setGiving(false)} /></Dialog>
    </section>
  );
}

function Give({ me, done }: { me: Me; done: () => void }) {
  const { t } = useTranslation();
  const clock = useClock();
  const people = useQuery(directory()).data ?? [];
  const [delegate, setDelegate] = useState('');
  const [until, setUntil] = useState(() => localText(clock.seconds() + WEEK));
  const [reason, setReason] = useState('');
  const give = useChange(() => take(api.POST('/v1/delegations', { body: { delegate: Number(delegate), until: localSeconds(until) ?? 0, reason } })), done);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <p>{t('delegation.what')}</p>
      <label>{t('delegation.to')}
        <select name="delegate" required value={delegate} onChange={(e) => setDelegate(e.target.value)}>
          <option value="">{t('choose')}</option>
          {people.filter(({ id }) => id !== me.id).map(({ id, name, title }) => <option key={id} value={id}>{title === undefined ? name : `${name} · ${title}`}</option>)}
        </select>
      </label>
      <label>{t('delegation.until')}<input type="datetime-local" required value={until} onChange={(e) => setUntil(e.target.value)} /></label>
      <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
      <FailureNote error={give.error} changing />
      <div className="actions"><button type="submit" className="main" disabled={give.isPending}>{t('delegation.give')}</button><button type="button" onClick={done}>{t('cancel')}</button></div>
    </form>
  );
}
