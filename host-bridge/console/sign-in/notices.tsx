/** What happened to my account: on its page the newest of it, at home what I have not said that I have seen. */
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

/** Of those on the page; those that were not seen all stand there. */
const SHOWN = 8;

function Line({ notice }: { notice: AccountNotice }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const { kind, at, by, agent, address, name, count } = notice;
  const more = [words.time(at), by === undefined ? undefined : t('notices.by', { name: names.person(by) }), name, count === undefined ? undefined : t('notices.count', { count }), address, agent?.slice(0, 80)];
  return <div><strong>{t(`notices.kinds.${kind}`)}</strong><span className="small">{more.filter((one) => one !== undefined && one !== '').join(' · ')}</span></div>;
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

/** Nothing where there is nothing new. */
export function NewNotices() {
  const { t } = useTranslation();
  const fresh = (useQuery(notices()).data ?? []).filter((one) => !one.seen);
  if (fresh.length === 0) return null;
  return (
    <section className="note bad" role="status">
      <p><strong>{t('notices.fresh', { count: fresh.length })}</strong></p>
      <ul className="lines">{fresh.slice(0, 3).map((one) => <li key={one.id}><Line notice={one} /></li>)}</ul>
      <p><Link href="/account">{t('notices.look')}</Link></p>
    </section>
  );
}
