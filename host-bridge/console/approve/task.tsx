/** Deciding on an application: the document large, beside it what is asked, by whom, and what its seal did lately. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Application, type ApplicationLine, type Me } from '../api/client';
import { application, decisions, document, lately, tasks } from '../api/queries';
import { StateChip } from '../apply/applications';
import { Asked } from '../apply/asked';
import { Chain } from '../apply/chain';
import { ApplicationSignatures } from '../apply/signatures';
import { useChange } from '../parts/change';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { Pages } from '../parts/picture';
import { ReasonDialog } from '../parts/reason-dialog';
import { SignChoice } from '../parts/sign-choice';
import { ofApplication, useSigner } from '../parts/sign';
import { useWords } from '../parts/when';
import { ResultChip } from '../register/stroke';
import { NarrowDialog, type Narrow } from './narrow';
import { Strokes } from './strokes';
import { Codes } from './codes';
import { TopUps } from './top-ups';

export function Task({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('task.title')}</h1>
      <Loaded query={application(id)}>{(found) => <Body application={found} me={me} />}</Loaded>
    </>
  );
}

/** From what is decided to what waits next. */
function Onward({ next }: { next: ApplicationLine | undefined }) {
  const { t } = useTranslation();
  return next === undefined ? <Link href="/tasks">{t('task.back')}</Link> : <><Link href={`/tasks/${next.id}`}>{t('task.next', { purpose: next.purpose })}</Link> · <Link href="/tasks">{t('task.back')}</Link></>;
}

function Body({ application: a, me }: { application: Application; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const [asking, setAsking] = useState<'narrow' | 'refuse'>();
  // Its first page is shown before the desk has told how many there are.
  const { data: card, error: lost } = useQuery(document(a.document));
  const waiting = useQuery(tasks()).data ?? [];
  const mine = waiting.some(({ id }) => id === a.id);
  const next = waiting.find(({ id }) => id !== a.id);
  const decided = useQuery(decisions(a.id)).data ?? [];
  // What is decided on is what was looked at here: should it have changed, the desk says so.
  const content = a.content ?? '';
  const path = { params: { path: { id: a.id } } };
  const signer = useSigner('approvers');
  const signature = (decision: 'approved' | 'refused', narrow?: Narrow): Promise<object> => signer.signature(ofApplication(a.id, decision, narrow));
  const approve = useChange(async (narrow: Narrow | undefined) => take(api.POST('/v1/applications/{id}/approve', { ...path, body: { content, ...(narrow === undefined ? {} : { narrow }), ...(await signature('approved', narrow)) } })), () => setAsking(undefined));
  const refuse = useChange(async (reason: string) => take(api.POST('/v1/applications/{id}/refuse', { ...path, body: { content, reason, ...(await signature('refused')) } })), () => setAsking(undefined));
  return (
    <>
    {approve.isSuccess && <div className="note good" role="status">{t('task.approved')} <Onward next={next} /></div>}
    {refuse.isSuccess && <div className="note" role="status">{t('task.refused')} <Onward next={next} /></div>}
    {a.permits.length > 0 && <Link className="button wide" href={`/live/${a.id}`}>{t('live.follow')}</Link>}
    {a.state === 'approved' && a.strokeGrants && a.permits.map((permit) => <Strokes key={permit.id} permit={permit} application={a} />)}
    <TopUps application={a} me={me} />
    <div className="two task">
      <section className="card document">
        <p className="small">{card === undefined ? t('waiting') : <>{card.name} · {t('document.pages', { count: card.pages })}</>}</p>
        <FailureNote error={lost} />
        <Pages sha256={a.document} pages={card?.pages} marks={a.marks} />
      </section>
      {(card !== undefined || lost !== null) && <div>
        {mine && signer.known ? (
          <section className="card decide">
            <div className="actions">
              <button type="button" className="main" disabled={approve.isPending} onClick={() => approve.mutate(undefined)}>{approve.isPending ? t('sending') : t('task.approve')}</button>
              <button type="button" onClick={() => setAsking('narrow')}>{t('task.narrow')}</button>
              <button type="button" className="danger" onClick={() => setAsking('refuse')}>{t('task.refuse')}</button>
            </div>
            <SignChoice {...signer.choice} />
            <FailureNote error={approve.error} changing />
          </section>
        ) : !mine && a.state === 'submitted' && !approve.isSuccess ? <div className="note" role="status">{t('task.notMine')}</div> : null}
        <section className="card">
          <div className="card-head"><h2>{t('application.asked')}</h2><StateChip state={a.state} /></div>
          <Asked application={a} />
        </section>
        <section className="card"><h2>{t('application.chain')}</h2><Chain application={a} decisions={decided} /></section>
        <Codes application={a} me={me} />
        <ApplicationSignatures application={a.id} />
        <section className="card">
          <h2>{t('task.lately')}</h2>
          <Loaded query={lately(a.id)}>
            {(found) => found.length === 0 ? <p>{t('task.noneLately')}</p> : (
              <ul className="lines">
                {found.map((use, index) => <li key={index}><div><strong>{use.purpose ?? '—'}</strong><span className="small">{words.time(use.time)} · {names.person(use.applicant)}</span></div><ResultChip result={use.result} /></li>)}
              </ul>
            )}
          </Loaded>
        </section>
      </div>}
      <NarrowDialog application={a} open={asking === 'narrow'} close={() => setAsking(undefined)} change={approve} />
      <ReasonDialog open={asking === 'refuse'} close={() => setAsking(undefined)} title={t('task.refuse')} text={t('task.refuseWhat')} act={t('task.refuse')} change={refuse} />
    </div>
    </>
  );
}
