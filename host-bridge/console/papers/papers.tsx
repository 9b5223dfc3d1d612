/** What has to come back after a use: an account of blank paper, stamped paper for the archive. */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Report } from '../api/client';
import { reports } from '../api/queries';
import { useClock } from '../frame/clock';
import { Chip, type Tone } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

const TONES: Record<Report['state'], Tone> = { open: 'still', owed: 'wait', made: 'good', void: 'still' };

export function ReportChip({ report }: { report: Pick<Report, 'state' | 'due'> }) {
  const { t } = useTranslation();
  const late = report.state === 'owed' && report.due !== null && report.due < useClock().seconds();
  return <Chip tone={late ? 'bad' : TONES[report.state]}>{late ? t('papers.late') : t(`reportStates.${report.state}`)}</Chip>;
}

export function Papers() {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <>
      <h1>{t('papers.title')}</h1>
      <p className="small">{t('papers.what')}</p>
      <Loaded query={reports()}>
        {(found) => found.length === 0 ? <p className="empty">{t('papers.none')}</p> : (
          <section className="card">
            <ul className="lines links">
              {[...found].sort((a, b) => Number(b.state === 'owed') - Number(a.state === 'owed') || (a.due ?? Infinity) - (b.due ?? Infinity)).map((one) => (
                <li key={one.application}>
                  <Link href={`/papers/${one.application}`}>
                    <div>
                      <strong>{one.purpose}</strong>
                      <span className="small">{t(`reportKinds.${one.kind}`)} · {names.seal(one.seal)} · {names.person(one.applicant)}</span>
                      <span className="small">{one.made !== null ? t('papers.madeAt', { when: words.time(one.made) }) : one.due === null ? t('papers.notYet') : t('papers.due', { when: words.time(one.due) })}{one.reminded > 0 && one.made === null && ` · ${t('papers.reminded', { count: one.reminded })}`}</span>
                    </div>
                    <ReportChip report={one} />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
      </Loaded>
    </>
  );
}
