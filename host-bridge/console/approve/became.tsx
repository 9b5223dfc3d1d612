/** What I decided, or somebody in my place, and what became of it: whether it was stamped, how often, when, and whether something went wrong. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Became as Decided } from '../api/client';
import { decided } from '../api/queries';
import { StateChip } from '../apply/applications';
import { Chip } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

/** Shown before all are asked for. */
const SHOWN = 5;

function Outcome({ one: { application: a, strokes } }: { one: Decided }) {
  const { t } = useTranslation();
  if (strokes.unknown + strokes.differing > 0) return <Chip tone="bad">{t('became.look')}</Chip>;
  return strokes.stamped > 0 && a.state === 'approved' ? <Chip tone="good">{t('became.begun')}</Chip> : <StateChip state={a.state} />;
}

export function Became() {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const [all, setAll] = useState(false);
  const line = ({ application: a, strokes: { stamped, failed, unknown, pending, differing, last } }: Decided): string[] => [
    ...(stamped > 0 ? [t('became.stamped', { count: stamped, of: a.granted.count + a.granted.crossPage })] : a.state === 'approved' ? [t('became.notYet')] : []),
    ...(pending > 0 ? [t('became.pending', { count: pending })] : []), ...(failed > 0 ? [t('became.failed', { count: failed })] : []),
    ...(unknown > 0 ? [t('became.unknown', { count: unknown })] : []), ...(differing > 0 ? [t('became.differing', { count: differing })] : []), ...(last === null ? [] : [t('became.last', { when: words.time(last) })]),
  ];
  return (
    <Loaded query={decided()}>
      {(found) => found.length === 0 ? null : (
        <section className="card">
          <h2>{t('became.title')}</h2>
          <ul className="lines links">
            {found.slice(0, all ? undefined : SHOWN).map((one) => (
              <li key={one.decision.id}>
                <Link href={`/tasks/${one.application.id}`}>
                  <div>
                    <strong>{one.application.purpose}</strong>
                    <span className="small">{names.person(one.application.applicant)} · {t(one.decision.verdict === 'approved' ? 'chain.approved' : 'chain.refused', { when: words.time(one.decision.at) })}</span>
                    {line(one).length > 0 && <span className="small">{line(one).join(' · ')}</span>}
                  </div>
                  <Outcome one={one} />
                </Link>
              </li>
            ))}
          </ul>
          {found.length > SHOWN && !all && <div className="actions"><button type="button" onClick={() => setAll(true)}>{t('became.all', { count: found.length })}</button></div>}
        </section>
      )}
    </Loaded>
  );
}
