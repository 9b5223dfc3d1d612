/** Statistics of a span of time: by month, seal, department, category and purpose. Each chart has its table, for who reads rather than looks. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { REFUSALS } from '../../../protocol/texts';
import type { Statistics as Figures } from '../api/client';
import { devices, seals, statistics, type UseFilter } from '../api/queries';
import { useClock } from '../frame/clock';
import { language } from '../i18n';
import { Facts } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { localSeconds, localText, useWords } from '../parts/when';
import { drawBars } from './chart';

const DAY = 86_400;
const YEAR = 365 * DAY;
const RESULTS = ['stamped', 'failed', 'unknown', 'pending'] as const;
/** Colours that stay apart for who sees red and green alike (Okabe and Ito). */
const COLOURS = { stamped: '#0072b2', failed: '#999999', unknown: '#d55e00', pending: '#f0c808' } as const;
const GROUPS = ['month', 'seal', 'department', 'category', 'purpose'] as const;
type Grouping = (typeof GROUPS)[number];
/** Bars of one chart; the table has them all. */
const BARS = 12;
/** Pixels of a bar that lies, and of what stands around all of them. */
const BAR = 34;
const AROUND = 90;
/** Pixels of a Chinese character in a chart; others take some six tenths. */
const LETTER = 13;

export function Statistics() {
  const { t } = useTranslation();
  const clock = useClock();
  const [from, setFrom] = useState(() => localText(clock.seconds() - YEAR).slice(0, 10));
  const [until, setUntil] = useState(() => localText(clock.seconds()).slice(0, 10));
  const [seal, setSeal] = useState('');
  const [device, setDevice] = useState('');
  const filterOf = (): Omit<UseFilter, 'result'> => {
    const [begin, end] = [localSeconds(from), localSeconds(until)];
    return { ...(begin === undefined ? {} : { from: begin }), ...(end === undefined ? {} : { until: end + DAY }), ...(seal === '' ? {} : { seal }), ...(device === '' ? {} : { device }) };
  };
  const [filter, setFilter] = useState(filterOf);
  const cards = useQuery(seals()).data ?? [];
  const units = useQuery(devices()).data ?? [];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setFilter(filterOf());
  };
  return (
    <>
      <h1>{t('statistics.title')}</h1>
      <form className="card" onSubmit={submit}>
        <div className="pair">
          <label>{t('register.from')}<input type="date" name="from" value={from} onChange={(e) => setFrom(e.target.value)} /></label>
          <label>{t('register.until')}<input type="date" name="until" value={until} onChange={(e) => setUntil(e.target.value)} /></label>
          <label>{t('register.seal')}<select name="seal" value={seal} onChange={(e) => setSeal(e.target.value)}><option value="">{t('all')}</option>{cards.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
          <label>{t('register.unit')}<select name="device" value={device} onChange={(e) => setDevice(e.target.value)}><option value="">{t('all')}</option>{units.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
        </div>
        <button type="submit" className="main">{t('statistics.show')}</button>
      </form>
      <Loaded query={statistics(filter, language())}>{(figures) => <Body figures={figures} />}</Loaded>
    </>
  );
}

function Body({ figures: f }: { figures: Figures }) {
  const { t } = useTranslation();
  const words = useWords();
  const empty = RESULTS.every((result) => f.total[result] === 0);
  return (
    <>
      <div className="figures">
        {RESULTS.map((result) => <section key={result} className="card"><span className="small">{t(`results.${result}`)}</span><strong>{words.number(f.total[result])}</strong></section>)}
      </div>
      {empty ? <p className="empty">{t('statistics.none')}</p> : <div className="tiles">{GROUPS.map((grouping) => <Group key={grouping} grouping={grouping} groups={f.by[grouping]} />)}</div>}
      <div className="tiles">
        <section className="card"><h2>{t('statistics.permits')}</h2><Facts rows={[[t('statistics.issued'), words.number(f.permits.issued)], [t('statistics.unused'), words.number(f.permits.unused)], [t('statistics.strokes'), words.number(f.permits.strokes)], [t('statistics.strokesUnused'), words.number(f.permits.strokesUnused)]]} /></section>
        <Refusals refusals={f.refusals} />
        <section className="card"><h2>{t('statistics.applications')}</h2><Facts rows={Object.entries(f.applications).map(([state, count]) => [t(`states.${state as 'draft'}`, { defaultValue: state }), words.number(count)])} /></section>
      </div>
    </>
  );
}

function Refusals({ refusals: { people, units } }: { refusals: Figures['refusals'] }) {
  const { t } = useTranslation();
  const words = useWords();
  const rows = [...people.map(({ matter, reason, count }) => [t(`refusedMatters.${matter}`), reason, count] as const), ...units.map(({ code, count }) => [t('refusedMatters.unit'), REFUSALS[code]?.[language()] ?? String(code), count] as const)];
  return (
    <section className="card">
      <h2>{t('statistics.refusals')}</h2>
      {rows.length === 0 ? <p>{t('statistics.noRefusals')}</p> : (
        <div className="scroll" tabIndex={0} role="region" aria-label={t('statistics.refusals')}>
          <table className="figures-table">
            <thead><tr><th scope="col">{t('statistics.refused')}</th><th scope="col" className="words">{t('statistics.reason')}</th><th scope="col">{t('statistics.count')}</th></tr></thead>
            <tbody>{rows.map(([matter, reason, count]) => <tr key={`${matter} ${reason}`}><th scope="row">{matter}</th><td className="words">{reason}</td><td>{words.number(count)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** A name for half of a chart's width at most. @param wide pixels */
function cut(name: string, wide: number): string {
  const most = Math.max(8, Math.floor(wide / 2 / LETTER));
  let room = 0;
  for (const [index, letter] of [...name].entries()) {
    room += letter.codePointAt(0)! < 0x2e80 ? 0.6 : 1;
    if (room > most) return `${[...name].slice(0, index).join('').trimEnd()}…`;
  }
  return name;
}

function Group({ grouping, groups }: { grouping: Grouping; groups: Figures['by'][Grouping] }) {
  const { t, i18n } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const nameOf = (name: string): string => (name === '' ? t('statistics.unknown') : grouping === 'category' ? t(`categories.${name as 'letter'}`, { defaultValue: name }) : name);
  const shown = grouping === 'month' ? groups.slice(-BARS) : groups.slice(0, BARS);
  const flat = grouping !== 'month';
  useEffect(() => {
    const series = RESULTS.filter((result) => shown.some((one) => one[result] > 0)).map((result) => ({ name: t(`results.${result}`), colour: COLOURS[result], values: shown.map((one) => one[result]) }));
    return drawBars(canvas.current!, shown.map(({ name }) => { return cut(nameOf(name), canvas.current!.clientWidth); }), series, flat);
    // The figures stay one object until they are read anew.
  }, [groups, i18n.language]);
  const title = t(`groupings.${grouping}`);
  return (
    <section className="card">
      <h2>{title}</h2>
      <div className="chart" ref={(box) => { if (box !== null) box.style.height = `${flat ? Math.max(2, shown.length) * BAR + AROUND : 280}px`; }}><canvas ref={canvas} role="img" aria-label={t('statistics.chart', { name: title })} /></div>
      <details>
        <summary>{t('statistics.table')}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={title}>
          <table className="figures-table">
            <thead><tr><th scope="col">{title}</th>{RESULTS.map((result) => <th key={result} scope="col">{t(`results.${result}`)}</th>)}</tr></thead>
            <tbody>{groups.map((one) => <tr key={one.name}><th scope="row">{nameOf(one.name)}</th>{RESULTS.map((result) => <td key={result}>{one[result]}</td>)}</tr>)}</tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
