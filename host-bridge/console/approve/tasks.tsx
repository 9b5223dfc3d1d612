/** What waits for my decision, what became of what I decided, and in whose place others decide. */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Me } from '../api/client';
import { myCeremonies, myTopUps, tasks } from '../api/queries';
import { ApplicationLines } from '../apply/applications';
import { may } from '../frame/places';
import { Loaded } from '../parts/loaded';
import { Became } from './became';
import { Delegations } from './delegations';
import { Overdue } from './overdue';

export function Tasks({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('tasks.title')}</h1>
      <Loaded query={tasks()}>
        {(found) => found.length === 0 ? <p className="empty">{t('tasks.none')}</p> : <section className="card"><ApplicationLines applications={found} under="/tasks" /></section>}
      </Loaded>
      <Loaded query={myTopUps()}>
        {(found) => found.length === 0 ? null : <section className="card"><h2>{t('topUps.mine')}</h2><p>{t('topUps.mineWait', { count: found.length })}</p><ul className="lines">{found.map((one) => <li key={one.id}><Link href={`/tasks/${one.application}`}>{t('topUps.wanted', { count: one.count })} · {one.reason}</Link></li>)}</ul></section>}
      </Loaded>
      {may(me, 'custody.decide') && (
        <Loaded query={myCeremonies()}>
          {(found) => found.length === 0 ? null : <section className="card"><h2>{t('tasks.ceremonies')}</h2><p><Link href="/ceremonies">{t('tasks.ceremoniesWait', { count: found.length })}</Link></p></section>}
        </Loaded>
      )}
      <Overdue under="/tasks" />
      <Became />
      <Delegations me={me} />
    </>
  );
}
