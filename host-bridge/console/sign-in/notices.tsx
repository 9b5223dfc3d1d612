/** What happened to my account, and to what I approved: on its page the newest of it, at home what I have not said that I have seen. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type AccountNotice } from '../api/client';
import { notices } from '../api/queries';
import { useChange } from '../parts/change';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';
import { AgentName, AgentSent } from './agent';

/** Of those on the page; those that were not seen all stand there. */
const SHOWN = 8;
const AT_HOME = 3;

const ofUse = ({ application }: AccountNotice): boolean => application !== undefined;
/** Nothing to worry about. */
const isGood = ({ kind }: AccountNotice): boolean => kind === 'use-stamped';

function Line({ notice }: { notice: AccountNotice }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const { kind, at, by, agent, address, count, application, purpose } = notice;
  // Of a browser that is pushed to, or no more, the name is what it calls itself.
  const [browser, name] = kind === 'push-added' || kind === 'push-removed' ? [notice.name, undefined] : [undefined, notice.name];
  const more = [words.time(at), by === undefined ? undefined : t('notices.by', { name: names.person(by) }), name, count === undefined ? undefined : application === undefined ? t('notices.count', { count }) : t('strokes', { count }), address].filter((one) => one !== undefined && one !== '').join(' · ');
  return (
    <div>
      <strong>{t(`notices.kinds.${kind}`)}</strong>
      {application !== undefined && <Link className="row" href={`/tasks/${application}`}>{purpose}</Link>}
      {browser !== undefined && <span className="small"><AgentName text={browser} /></span>}
      <span className="small">{more}</span>
      {agent !== undefined && agent !== '' && <><span className="small"><AgentName text={agent} /></span><AgentSent text={agent} /></>}
    </div>
  );
}

export function Notices() {
  const { t } = useTranslation();
  const seen = useChange((upTo: number) => take(api.POST('/v1/me/notices/seen', { body: { upTo } })));
  return (
    <section className="card" id="notices">
      <h2>{t('notices.title')}</h2>
      <p className="small">{t('notices.what')}</p>
      <Loaded query={notices()}>
        {(found) => found.length === 0 ? <p>{t('notices.none')}</p> : (
          <>
            <ul className="lines">{found.filter((one, i) => i < SHOWN || !one.seen).map((one) => <li key={one.id} className={one.seen ? undefined : 'unseen'}><Line notice={one} /></li>)}</ul>
            {found.some((one) => !one.seen) && <div className="actions"><button type="button" disabled={seen.isPending} onClick={() => seen.mutate(found[0]!.id)}>{t('notices.seen')}</button></div>}
          </>
        )}
      </Loaded>
      <FailureNote error={seen.error} changing />
    </section>
  );
}

/** Nothing where there is nothing new. What was stamped as approved is told quietly, all else is not. */
export function NewNotices() {
  const { t } = useTranslation();
  const seen = useChange((upTo: number) => take(api.POST('/v1/me/notices/seen', { body: { upTo } })));
  const fresh = (useQuery(notices()).data ?? []).filter((one) => !one.seen);
  if (fresh.length === 0) return null;
  const account = fresh.filter((one) => !ofUse(one));
  const uses = fresh.filter(ofUse);
  return (
    <>
      {account.length > 0 && (
        <section className="note bad" role="status">
          <p><strong>{t('notices.fresh', { count: account.length })}</strong></p>
          <ul className="lines">{account.slice(0, AT_HOME).map((one) => <li key={one.id}><Line notice={one} /></li>)}</ul>
          <p><Link href="/account">{t('notices.look')}</Link></p>
        </section>
      )}
      {uses.length > 0 && (
        <section className={uses.every(isGood) ? 'note good' : 'note bad'} role="status">
          <p><strong>{t('notices.uses')}</strong></p>
          <ul className="lines">{uses.slice(0, AT_HOME).map((one) => <li key={one.id}><Line notice={one} /></li>)}</ul>
          {/* What is told of the account is not marked as seen by the way. */}
          {account.length === 0 && <div className="actions"><button type="button" disabled={seen.isPending} onClick={() => seen.mutate(fresh[0]!.id)}>{t('notices.seen')}</button></div>}
          <FailureNote error={seen.error} changing />
        </section>
      )}
    </>
  );
}
