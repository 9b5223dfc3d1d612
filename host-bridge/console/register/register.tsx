/** The register of uses: searched, filtered, taken along as a file. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Use } from '../api/client';
import { devices, seals, uses, USES_PAGE, type UseFilter } from '../api/queries';
import { language } from '../i18n';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { localSeconds, useWords } from '../parts/when';
import { ImpressionChip } from './impression';
import { ResultChip } from './stroke';

const DAY = 86_400;
const RESULTS = ['stamped', 'failed', 'unknown', 'pending'] as const;
const GRADES = ['good', 'faint', 'incomplete', 'smeared', 'foreign', 'none'] as const;
const FORMS = ['xlsx', 'csv', 'pdf'] as const;

export function Register() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<UseFilter>({});
  const [page, setPage] = useState(0);
  const changed = (next: UseFilter): void => {
    setFilter(next);
    setPage(0);
  };
  return (
    <>
      <h1>{t('register.title')}</h1>
      <Filters filter={filter} change={changed} />
      <Loaded query={uses(filter, page)}>
        {(found) => (
          <section className="card">
            {found.length === 0 ? <p>{t('register.none')}</p> : <Table uses={found.slice(0, USES_PAGE)} />}
            {(page > 0 || found.length > USES_PAGE) && <div className="actions">
              <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>{t('earlierPage')}</button>
              <span className="small">{t('pageNumber', { page: page + 1 })}</span>
              <button type="button" disabled={found.length <= USES_PAGE} onClick={() => setPage(page + 1)}>{t('laterPage')}</button>
            </div>}
          </section>
        )}
      </Loaded>
    </>
  );
}

function Filters({ filter, change }: { filter: UseFilter; change: (filter: UseFilter) => void }) {
  const { t } = useTranslation();
  const cards = useQuery(seals()).data ?? [];
  const units = useQuery(devices()).data ?? [];
  const [search, setSearch] = useState(filter.search ?? '');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [seal, setSeal] = useState('');
  const [device, setDevice] = useState('');
  const [result, setResult] = useState('');
  const [grade, setGrade] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const [begin, end] = [localSeconds(from), localSeconds(until)];
    change({
      ...(search.trim() === '' ? {} : { search: search.trim() }), ...(seal === '' ? {} : { seal }), ...(device === '' ? {} : { device }), ...(result === '' ? {} : { result: result as (typeof RESULTS)[number] }), ...(grade === '' ? {} : { grade: grade as (typeof GRADES)[number] }),
      ...(from === '' || begin === undefined ? {} : { from: begin }), ...(until === '' || end === undefined ? {} : { until: end + DAY }),
    });
  };
  // Results and impressions are no matter of the files: those hold every row of a span.
  const query = new URLSearchParams([...Object.entries(filter).filter(([name]) => name !== 'result' && name !== 'grade').map(([name, value]): [string, string] => [name, String(value)]), ['lang', language()]]);
  return (
    <form className="card" onSubmit={submit} role="search">
      <div className="filters">
        <label className="grow"><span className="visually-hidden">{t('register.search')}</span><input type="search" name="search" maxLength={200} placeholder={t('register.search')} value={search} onChange={(e) => setSearch(e.target.value)} /></label>
        <button type="submit" className="main">{t('register.find')}</button>
      </div>
      <details>
        <summary>{t('register.more')}</summary>
        <div className="pair">
          <label>{t('register.from')}<input type="date" name="from" value={from} onChange={(e) => setFrom(e.target.value)} /></label>
          <label>{t('register.until')}<input type="date" name="until" value={until} onChange={(e) => setUntil(e.target.value)} /></label>
          <label>{t('register.seal')}<select name="seal" value={seal} onChange={(e) => setSeal(e.target.value)}><option value="">{t('all')}</option>{cards.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
          <label>{t('register.unit')}<select name="device" value={device} onChange={(e) => setDevice(e.target.value)}><option value="">{t('all')}</option>{units.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
          <label>{t('register.result')}<select name="result" value={result} onChange={(e) => setResult(e.target.value)}><option value="">{t('all')}</option>{RESULTS.map((one) => <option key={one} value={one}>{t(`results.${one}`)}</option>)}</select></label>
          <label>{t('register.grade')}<select name="grade" value={grade} onChange={(e) => setGrade(e.target.value)}><option value="">{t('all')}</option>{GRADES.map((one) => <option key={one} value={one}>{t(`impressionGrades.${one}`)}</option>)}</select></label>
        </div>
      </details>
      <p className="small">{t('register.take')} {FORMS.map((form) => <a key={form} className="take" href={`/v1/register/uses.${form}?${query}`} download>{form.toUpperCase()}</a>)}<a className="take" href={`/v1/register/uses.pdf?${query}&pictures=true`} download>{t('register.withPictures')}</a></p>
    </form>
  );
}

function Table({ uses: shown }: { uses: readonly Use[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <table className="list">
      <thead><tr><th scope="col">{t('register.time')}</th><th scope="col">{t('register.purpose')}</th><th scope="col">{t('register.seal')}</th><th scope="col">{t('register.who')}</th><th scope="col">{t('register.result')}</th></tr></thead>
      <tbody>
        {shown.map((use) => (
          <tr key={`${use.device}/${use.intent}`}>
            <td data-name={t('register.time')}>{words.time(use.time)}</td>
            <td data-name={t('register.purpose')}><Link href={`/register/${use.device}/${use.intent}`}>{use.purpose ?? t('register.noPurpose')}</Link></td>
            <td data-name={t('register.seal')}>{names.seal(use.seal)}</td>
            <td data-name={t('register.who')}>{names.person(use.applicant)}</td>
            <td data-name={t('register.result')}><span className="chips"><ResultChip result={use.result} />{use.impression !== null && <ImpressionChip impression={use.impression} />}</span></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
