/** Applications this person may see. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApplicationLine, Me } from '../api/client';
import { applications } from '../api/queries';
import { Chip, type Tone } from '../parts/facts';
import { Overdue } from '../approve/overdue';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

const TONES: Record<ApplicationLine['state'], Tone> = { draft: 'still', submitted: 'wait', approved: 'good', refused: 'bad', withdrawn: 'still', expired: 'still', used: 'good' };

export function StateChip({ state }: { state: ApplicationLine['state'] }) {
  const { t } = useTranslation();
  return <Chip tone={TONES[state]}>{t(`states.${state}`)}</Chip>;
}

export function ApplicationLines({ applications: shown, under, own }: { applications: readonly ApplicationLine[]; under: string; /** Whose name need not be said. */ own?: number }) {
  const words = useWords();
  const names = useNames();
  return (
    <ul className="lines links">
      {shown.map((one) => (
        <li key={one.id}>
          <Link href={`${under}/${one.id}`}>
            <div><strong>{one.purpose}</strong><span className="small">{[names.seal(one.seal), ...(one.applicant === own ? [] : [names.person(one.applicant)]), words.time(one.created)].join(' · ')}</span></div>
            <StateChip state={one.state} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Applications({ me }: { me: Me }) {
  const { t } = useTranslation();
  const names = useNames();
  const [mine, setMine] = useState(false);
  const [text, setText] = useState('');
  return (
    <>
      <h1>{t('applications.title')}</h1>
      <Overdue under="/applications" />
      <div className="filters">
        <label className="grow"><span className="visually-hidden">{t('applications.search')}</span><input type="search" placeholder={t('applications.search')} value={text} onChange={(e) => setText(e.target.value)} /></label>
        <label className="tick"><input type="checkbox" checked={mine} onChange={(e) => setMine(e.target.checked)} />{t('applications.mine')}</label>
      </div>
      <Loaded query={applications()}>
        {(found) => {
          const wanted = text.trim().toLowerCase();
          const shown = found.filter(({ applicant, purpose, seal }) => (!mine || applicant === me.id) && [purpose, names.seal(seal), names.person(applicant)].some((one) => one.toLowerCase().includes(wanted)));
          return shown.length === 0 ? <p>{t('applications.none')}</p> : <section className="card"><ApplicationLines applications={shown} under="/applications" own={me.id} /></section>;
        }}
      </Loaded>
    </>
  );
}
