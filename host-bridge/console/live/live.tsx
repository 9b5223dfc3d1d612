/** A use as it happens: what the unit is at and what comes next, the page in the tray, the grant of each stroke, what is said, and every step. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Application, Live, Me } from '../api/client';
import { useChanges } from '../api/changes';
import { application, document, live } from '../api/queries';
import { Marked } from '../apply/marks';
import { StateChip } from '../apply/applications';
import { Strokes } from '../approve/strokes';
import { Chip } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';
import { Steps } from './steps';
import { Talk } from './talk';
import { Tray } from './tray';

export function LivePage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('live.title')}</h1>
      <Loaded query={application(id)}>{(found) => <Body application={found} me={me} />}</Loaded>
    </>
  );
}

function Body({ application: a, me }: { application: Application; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const stands = useChanges(a.id);
  const card = useQuery(document(a.document)).data;
  return (
    <Loaded query={live(a.id, !stands)}>
      {(now) => (
        <>
          <section className="card">
            <div className="card-head"><h2>{a.purpose}</h2><StateChip state={a.state} /></div>
            <p className="small">{t('applications.line', { seal: names.seal(a.seal), who: names.person(a.applicant), when: words.time(a.created) })}{a.operator !== null && ` · ${t('live.operator', { who: names.person(a.operator) })}`} · <Link href={`/applications/${a.id}`}>{t('live.toApplication')}</Link></p>
            {a.permits.map((permit) => <p key={permit.id} className="small">{permit.crossPage ? t('permit.edges') : t('permit.strokes')}: {t('permit.used', { used: permit.used, count: permit.count })}</p>)}
            {now.units.map((unit) => <Now key={unit.device} unit={unit} state={a.state} />)}
            <p className="small" role="status">{t(stands ? 'live.stands' : 'live.asks')}</p>
          </section>
          <div className="two task">
            <div>
              {now.grants && a.state === 'approved' && a.strokeGrants ? a.permits.map((permit) => <Strokes key={permit.id} permit={permit} application={a} />) : <Tray id={a.id} steps={now.steps} />}
              {card !== undefined && a.marks.length > 0 && <section className="card"><h2>{t('marks.title')}</h2><Marked sha256={card.sha256} marks={a.marks} /></section>}
            </div>
            <div>
              <Talk id={a.id} me={me} talks={now.talks} often={!stands} />
              <section className="card"><h2>{t('live.steps')}</h2><Steps steps={now.steps} /></section>
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

/** What the unit is at, and what the people there do next: words for the state that the desk tells. */
function Now({ unit, state }: { unit: Live['units'][number]; state: Application['state'] }) {
  const { t } = useTranslation();
  const names = useNames();
  const at = unit.ours ? unit.state : null;
  const next = state !== 'approved' ? undefined : unit.connected === null ? t('live.untold') : !unit.connected ? t('live.away') : unit.busy ? t('live.busy') : t(`liveNext.${at ?? 'IDLE'}` as 'liveNext.IDLE', { defaultValue: '' });
  return (
    <div className="now">
      <p><strong>{names.unit(unit.device)}</strong> <Chip tone={unit.connected === true ? (at === 'ALARMED' ? 'bad' : at === null || at === 'IDLE' ? 'still' : 'good') : 'still'}>{unit.connected === true ? t(`deviceStates.${at ?? (unit.busy ? 'BUSY' : 'IDLE')}` as 'deviceStates.IDLE', { defaultValue: String(at) }) : t('units.away')}</Chip></p>
      {next !== undefined && next !== '' && <p className="next" role="status">{next}</p>}
      {unit.ours && <p className="small">{t('units.tray')}: {unit.paper === null ? '—' : unit.paper ? t('units.paper') : t('units.noPaper')} · {t('live.lid')}: {unit.lidClosed === null ? '—' : unit.lidClosed ? t('live.closed') : t('live.open')}</p>}
    </div>
  );
}
