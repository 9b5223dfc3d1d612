/** What waits for this person, and what they began. */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Me } from '../api/client';
import { applications, cases, tasks } from '../api/queries';
import { ApplicationLines } from '../apply/applications';
import { CaseLines } from '../cases/cases';
import { may, placesOf } from '../frame/places';
import { Icon } from '../parts/icon';
import { Loaded } from '../parts/loaded';
import { NewNotices } from '../sign-in/notices';

const SHOWN = 5;

export function Home({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('home.hello', { name: me.name })}</h1>
      <NewNotices />
      {may(me, 'applications.add') && <Link href="/apply" className="button main wide">{t('home.apply')}</Link>}
      {may(me, 'applications.decide') && (
        <section className="card">
          <h2>{t('home.waiting')}</h2>
          <Loaded query={tasks()}>
            {(found) => found.length === 0 ? <p>{t('tasks.none')}</p> : <ApplicationLines applications={found.slice(0, SHOWN)} under="/tasks" />}
          </Loaded>
        </section>
      )}
      {may(me, 'uses.grant') && !may(me, 'applications.decide') && <Link href="/remote" className="button main wide">{t('remote.title')}</Link>}
      {may(me, 'cases.read') && (
        <section className="card">
          <h2>{t('home.cases')}</h2>
          <Loaded query={cases(true)}>{(found) => (found.length === 0 ? <p>{t('cases.none')}</p> : <CaseLines cases={found.slice(0, SHOWN)} />)}</Loaded>
        </section>
      )}
      {may(me, 'applications.add') && (
        <section className="card">
          <h2>{t('home.mine')}</h2>
          <Loaded query={applications()}>
            {(found) => {
              const mine = found.filter(({ applicant }) => applicant === me.id);
              return mine.length === 0 ? <p>{t('applications.none')}</p> : <ApplicationLines applications={mine.slice(0, SHOWN)} under="/applications" own={me.id} />;
            }}
          </Loaded>
        </section>
      )}
      <ul className="places">
        {placesOf(me).filter(({ name }) => name !== 'home').map((place) => (
          <li key={place.path}><Link href={place.path}><Icon path={place.icon} /><span><strong>{t(`places.${place.name}`)}</strong><span className="small">{t(`about.${place.name}`)}</span></span></Link></li>
        ))}
      </ul>
    </>
  );
}
