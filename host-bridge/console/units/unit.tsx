/** One unit: how it is, where it was and may be, who is enrolled, whether it is away, and what can be done to it from here. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Device, Me } from '../api/client';
import { devices, deviceState, enrolments, places, seals, unitCeremonies } from '../api/queries';
import { useClock } from '../frame/clock';
import { may } from '../frame/places';
import { Chip, Facts } from '../parts/facts';
import { Loaded, Waiting } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';
import { Locking } from './locking';
import { Maintenance } from './maintenance';
import { State, UnitChip } from './state';

const Whereabouts = lazy(async () => ({ default: (await import('./whereabouts')).Whereabouts }));

export function UnitPage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  return (
    <Loaded query={devices()}>
      {(found) => {
        const one = found.find((each) => each.id === id);
        return one === undefined ? <><h1>{t('units.title')}</h1><p>{t('unit.none')}</p></> : <Body device={one} me={me} />;
      }}
    </Loaded>
  );
}

function Body({ device, me }: { device: Device; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const state = useQuery(deviceState(device.id)).data;
  const inside = (useQuery(seals()).data ?? []).filter((seal) => seal.device === device.id);
  const people = [...new Set((useQuery(enrolments(device.id)).data ?? []).map(({ person }) => names.person(person)))];
  return (
    <>
      <p className="small"><Link href="/units">{t('units.title')}</Link></p>
      <h1>{device.name} <UnitChip state={state} /></h1>
      <Outing device={device.id} me={me} />
      <div className="two">
        <div>
          <section className="card">
            <h2>{t('unit.now')}</h2>
            <Loaded query={deviceState(device.id)}>{(told) => <State state={told} />}</Loaded>
          </section>
          <section className="card">
            <h2>{t('unit.card')}</h2>
            <Facts rows={[
              [t('units.seals'), inside.length === 0 ? t('units.noSeal') : inside.map((seal) => <span key={seal.id} className="row"><Link href={`/seals/${seal.id}`}>{seal.name}</Link></span>)],
              [t('units.people'), people.length === 0 ? t('units.nobody') : words.list(people)],
              [t('units.id'), <code key="id" className="digest">{device.id}</code>], [t('units.bridge'), device.bridge],
            ]} />
          </section>
          {may(me, 'custody.order') && <Locking device={device} state={state} />}
          <Maintenance device={device} me={me} />
        </div>
        <div>
          <section className="card">
            <h2>{t('unit.where')}</h2>
            <Suspense fallback={<Waiting />}><Whereabouts device={device.id} now={state?.place ?? null} /></Suspense>
          </section>
          {may(me, 'custody.read') && <Ceremonies device={device.id} />}
        </div>
      </div>
    </>
  );
}

/** Whether it is away, with whom, and how long yet; overdue is said plainly. */
function Outing({ device, me }: { device: string; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const now = useClock().seconds();
  const away = useQuery(places(device)).data?.outing;
  if (away === null || away === undefined) return null;
  const over = away.until <= now;
  return (
    <div className={over ? 'note bad' : 'note'} role={over ? 'alert' : 'status'}>
      <p><strong>{over ? t('outing.overdue', { time: words.lasting(now - away.until) }) : t('outing.left', { time: words.lasting(away.until - now) })}</strong></p>
      <p>{t('outing.line', { who: names.person(away.borrower), when: words.time(away.until) })}{may(me, 'custody.read') && <> <Link href="/ceremonies">{t('outing.toCeremonies')}</Link></>}</p>
    </div>
  );
}

function Ceremonies({ device }: { device: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <section className="card">
      <h2>{t('unit.ceremonies')}</h2>
      <Loaded query={unitCeremonies(device)}>
        {(found) => found.length === 0 ? <p>{t('ceremonies.none')}</p> : (
          <ul className="lines links">
            {found.slice(0, 20).map((one) => (
              <li key={one.id}><Link href={`/ceremonies/${one.id}`}>
                <div><strong>{t(`actions.${one.action}`)}</strong><span className="small">{words.time(one.created)} · {names.person(one.asked)}{one.person !== undefined && ` → ${names.person(one.person)}`}{one.until !== undefined && ` · ${t('ceremony.until')} ${words.time(one.until)}`}</span></div>
                <Chip tone={one.state === 'done' ? 'good' : one.state === 'asked' || one.state === 'ordered' ? 'wait' : 'still'}>{t(`ceremonyStates.${one.state}`)}</Chip>
              </Link></li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
