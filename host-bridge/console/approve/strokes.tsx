/** Granting one stroke on the page that lies in the unit: its photo, what the comparison found, and the number that stands on the display. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Application } from '../api/client';
import { Failure } from '../api/failure';
import { OFTEN } from '../api/queries';
import { Verdict } from '../live/tray';
import { useChange } from '../parts/change';
import { FailureNote } from '../parts/failure-note';
import { Picture } from '../parts/picture';
import { SignChoice } from '../parts/sign-choice';
import { useSigner } from '../parts/sign';
import { useWords } from '../parts/when';

const photosOf = (id: string) => queryOptions({ queryKey: ['permits', id, 'photos'], queryFn: async ({ signal }) => (await take(api.GET('/v1/permits/{id}/photos', { params: { path: { id } }, signal }))).photos, refetchInterval: OFTEN });
const comparisonOf = (id: string, photo: string) => queryOptions({ queryKey: ['permits', id, 'photos', photo], queryFn: ({ signal }) => take(api.GET('/v1/permits/{id}/photos/{photo}/comparison', { params: { path: { id, photo } }, signal })), staleTime: Infinity, retry: false });

/** The desk is configured not to compare: nothing has failed, and the grant is by eye. */
const isOff = (error: Error): boolean => error instanceof Failure && error.code === 'NOT_COMPARED' && error.detail === 'comparePages';

export function Strokes({ permit, application }: { permit: Application['permits'][number]; application: Application }) {
  const { t } = useTranslation();
  const newest = useQuery(photosOf(permit.id)).data?.find(({ stored, stroked }) => stored && !stroked);
  return (
    <section className="card">
      <h2>{t('grant.title')}</h2>
      <p className="small">{t('permit.used', { used: permit.used, count: permit.count })}</p>
      {newest === undefined ? <p role="status">{t('grant.none')}</p> : <Grant key={newest.digest} permit={permit.id} application={application.id} photo={newest.digest} taken={newest.time} />}
    </section>
  );
}

function Grant({ permit, application, photo, taken }: { permit: string; application: string; photo: string; taken: number | null }) {
  const { t } = useTranslation();
  const words = useWords();
  const [number, setNumber] = useState('');
  const [rejecting, setRejecting] = useState('');
  const compared = useQuery(comparisonOf(permit, photo));
  const path = { params: { path: { id: permit } } };
  const signer = useSigner('strokes');
  const signature = (decision: 'granted' | 'rejected') => signer.signature(() => take(api.POST('/v1/permits/{id}/signatures/options', { ...path, body: { decision, photo, number: Number(number) } })));
  const grant = useChange(async () => take(api.POST('/v1/permits/{id}/strokes', { ...path, body: { photo, number: Number(number), ...(await signature('granted')) } })));
  const reject = useChange(async () => take(api.POST('/v1/permits/{id}/reject', { ...path, body: { photo, number: Number(number), reason: rejecting, ...(await signature('rejected')) } })));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    grant.mutate(undefined);
  };
  const { data } = compared;
  return (
    <form onSubmit={submit}>
      <Picture className="photo" src={data === undefined || data.findings.length === 0 ? `/v1/applications/${application}/photos/${photo}` : `/v1/permits/${permit}/photos/${photo}/comparison/picture`} name={t('grant.photo', { when: words.time(taken) })} />
      {data === undefined ? (compared.error === null ? <p className="waiting" role="status">{t('grant.comparing')}</p> : isOff(compared.error) ? <div className="note" role="status">{t('grant.off')}</div> : <FailureNote error={compared.error} again={() => void compared.refetch()} />) : (
        <Verdict data={data} />
      )}
      <label>{t('grant.number')}<input name="number" inputMode="numeric" pattern="[0-9]{1,10}" required value={number} onChange={(e) => setNumber(e.target.value)} /></label>
      <p className="small">{t('grant.numberHelp')}</p>
      <SignChoice {...signer.choice} />
      <FailureNote error={grant.error ?? reject.error} changing />
      {(grant.isSuccess || reject.isSuccess) && <div className="note good" role="status">{t(grant.isSuccess ? 'grant.done' : 'grant.rejected')}</div>}
      <div className="actions"><button type="submit" className="main" disabled={grant.isPending || grant.isSuccess}>{t('grant.act')}</button></div>
      <details>
        <summary>{t('grant.reject')}</summary>
        <label>{t('reason.required')}<input maxLength={1000} value={rejecting} onChange={(e) => setRejecting(e.target.value)} /></label>
        <button type="button" className="danger" disabled={rejecting === '' || number === '' || reject.isPending} onClick={() => reject.mutate(undefined)}>{t('grant.rejectAct')}</button>
      </details>
    </form>
  );
}
