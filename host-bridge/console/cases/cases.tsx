/** Cases: what a person has to look at and close with a reason. Alarms stand first. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Case } from '../api/client';
import { cases } from '../api/queries';
import { language } from '../i18n';
import { Chip } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';
import { alarmText } from './words';

export function CaseLines({ cases: shown }: { cases: readonly Case[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const sorted = [...shown].sort((a, b) => Number(b.kind === 'alarm' && b.closed === null) - Number(a.kind === 'alarm' && a.closed === null));
  return (
    <ul className="lines links">
      {sorted.map((one) => (
        <li key={one.id}>
          <Link href={`/cases/${one.id}`}>
            <div><strong>{one.kind === 'alarm' ? alarmText(one, language()) : t(`caseKinds.${one.kind}`)}</strong><span className="small">{names.unit(one.device)} · {words.time(one.opened)}</span></div>
            {one.closed === null ? <Chip tone={one.kind === 'alarm' ? 'bad' : 'wait'}>{one.kind === 'alarm' ? t('cases.alarm') : t('cases.open')}</Chip> : <Chip tone="still">{t('cases.closed')}</Chip>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Cases() {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  return (
    <>
      <h1>{t('cases.title')}</h1>
      <div className="filters"><label className="tick"><input type="checkbox" checked={all} onChange={(e) => setAll(e.target.checked)} />{t('cases.all')}</label></div>
      <Loaded query={cases(!all)}>{(found) => (found.length === 0 ? <p className="empty">{t('cases.none')}</p> : <section className="card"><CaseLines cases={found} /></section>)}</Loaded>
    </>
  );
}
