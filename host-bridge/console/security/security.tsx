/** The security log, for who looks after the desk and who checks others: sign-ins, refusals, limits, confidential content that was read. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecurityEvent } from '../api/client';
import { people, SECURITY_PAGE, securityEvents } from '../api/queries';
import { Chip, type Tone } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

const KINDS = ['sign-in', 'sign-in-refused', 'code-reused', 'refused', 'limit', 'read', 'more', 'more-read'] as const;
const TONES: Record<(typeof KINDS)[number], Tone> = { 'sign-in': 'good', 'sign-in-refused': 'bad', 'code-reused': 'bad', refused: 'wait', limit: 'wait', read: 'still', more: 'wait', 'more-read': 'still' };

export function Security() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'' | SecurityEvent['kind']>('');
  const [person, setPerson] = useState('');
  /** Before which event each page begins; the first before none. */
  const [pages, setPages] = useState<number[]>([]);
  const everybody = useQuery(people()).data ?? [];
  const filter = { ...(kind === '' ? {} : { kind }), ...(person === '' ? {} : { person: Number(person) }) };
  return (
    <>
      <h1>{t('security.title')}</h1>
      <p className="small">{t('security.what')}</p>
      <div className="card filters">
        <label>{t('security.kind')}<select name="kind" value={kind} onChange={(e) => { setKind(e.target.value as typeof kind); setPages([]); }}><option value="">{t('security.all')}</option>{KINDS.map((one) => <option key={one} value={one}>{t(`security.kinds.${one}`)}</option>)}</select></label>
        <label>{t('security.person')}<select name="person" value={person} onChange={(e) => { setPerson(e.target.value); setPages([]); }}><option value="">{t('security.all')}</option>{everybody.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
      </div>
      <Loaded query={securityEvents(filter, pages.at(-1))}>
        {(found) => (
          <>
            {found.length === 0 ? <p>{t('security.none')}</p> : <div className="card"><ul className="lines">{found.map((one) => <li key={one.id}><Line event={one} /></li>)}</ul></div>}
            <div className="actions">
              <button type="button" disabled={pages.length === 0} onClick={() => setPages(pages.slice(0, -1))}>{t('security.newer')}</button>
              <button type="button" disabled={found.length < SECURITY_PAGE} onClick={() => setPages([...pages, found.at(-1)!.id])}>{t('security.older')}</button>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Line({ event }: { event: SecurityEvent }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const { kind, person, at, until, count, how, code, what, address } = event;
  const more = [at === until ? words.time(at) : words.span(at, until), how === '' ? '' : t(`security.how.${how as 'token'}`), address, what.replace(/[0-9a-f]{16,}/g, (digest) => `${digest.slice(0, 8)}…`), code, count > 1 ? t('security.times', { count }) : ''];
  return (
    <div>
      <strong>{person === null ? t('security.stranger') : names.person(person)}</strong> <Chip tone={TONES[kind]}>{t(`security.kinds.${kind}`)}</Chip>
      <span className="small wraps">{more.filter((one) => one !== '').join(' · ')}</span>
    </div>
  );
}
