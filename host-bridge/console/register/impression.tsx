/** What was found in a stroke's photos: the impression after it, graded and framed, and, asked for, the page before it held against the approved one. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Use } from '../api/client';
import { Failure } from '../api/failure';
import { language } from '../i18n';
import { Verdict } from '../live/tray';
import { Chip, Facts, type Tone } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Waiting } from '../parts/loaded';
import { Picture } from '../parts/picture';
import { useWords } from '../parts/when';

type Impression = NonNullable<Use['impression']>;
const TONES: Record<Impression['verdict'], Tone> = { same: 'good', different: 'bad', unreadable: 'wait', failed: 'wait' };

const pathOf = ({ device, intent }: Use): string => `/v1/register/uses/${device}/${intent}`;
const detailOf = ({ device, intent }: Use) => queryOptions({ queryKey: ['uses', device, intent, 'impression'], queryFn: ({ signal }) => take(api.GET('/v1/register/uses/{device}/{intent}/impression', { params: { path: { device, intent } }, signal })), staleTime: Infinity });
const beforeOf = ({ device, intent }: Use, asked: boolean) => queryOptions({
  queryKey: ['uses', device, intent, 'comparison'], enabled: asked, queryFn: ({ signal }) => take(api.GET('/v1/register/uses/{device}/{intent}/comparison', { params: { path: { device, intent } }, signal })), staleTime: Infinity, retry: false,
});

export function ImpressionChip({ impression }: { impression: Impression }) {
  const { t } = useTranslation();
  const told = impression.grade === null || (impression.grade === 'good' && impression.verdict !== 'same') ? t(`impressionVerdicts.${impression.verdict}`) : t(`impressionGrades.${impression.grade}`);
  return <Chip tone={TONES[impression.verdict]}>{told}</Chip>;
}

const percent = (share: number | null): string | undefined => (share === null ? undefined : `${Math.round(100 * share)} %`);

export function ImpressionCard({ use, impression }: { use: Use; impression: Impression }) {
  const { t } = useTranslation();
  const words = useWords();
  const { data } = useQuery(detailOf(use));
  return (
    <section className="card">
      <div className="card-head"><h2>{t('impression.title')}</h2><ImpressionChip impression={impression} /></div>
      {impression.verdict === 'failed' ? null : <Picture className="photo" src={`${pathOf(use)}/impression/picture`} name={t(impression.sheets === null ? 'impression.picture' : 'sheets.picture')} />}
      {(impression.reasons.length > 0 || (data?.findings.length ?? 0) > 0) && (
        <div className={`note ${impression.verdict === 'different' ? 'bad' : ''}`}>
          {impression.reasons.length > 0 && <ul>{impression.reasons.map((one, index) => <li key={index}>{one.text[language()]}</li>)}</ul>}
          {data !== undefined && data.findings.length > 0 && <ol>{data.findings.map((one, index) => <li key={index}>{one.text[language()]}{one.seen !== '' && <> · {t('live.seen', { text: one.seen })}</>}</li>)}</ol>}
        </div>
      )}
      <p className="small">{t(impression.sheets === null ? 'impression.frames' : 'sheets.frames')}</p>
      <Facts rows={[
        [t('impression.page'), impression.page],
        [t('sheets.sheets'), data?.together == null ? undefined : data.together.sheets.map((sheet) => t('sheets.one', { page: sheet.page ?? '—', share: percent(sheet.strip?.share ?? 0) })).join(' · ')],
        [t('sheets.unseen'), data?.together == null || data.together.unseen.length === 0 ? undefined : data.together.unseen.join(', ')],
        [t('impression.completeness'), percent(impression.completeness)],
        [t('impression.ink'), percent(impression.ink)],
        [t('impression.smear'), percent(impression.smear)],
        [t('impression.rotation'), impression.rotation === null ? undefined : `${impression.rotation}°`],
        [t('impression.off'), impression.off === null ? undefined : t('impression.millimetres', { off: impression.off })],
        [t('impression.covers'), impression.covers.length === 0 ? undefined : impression.covers.join(' · ')],
        [t('impression.since'), data === undefined ? undefined : t(`impressionSince.${data.since}`)],
        [t('impression.at'), words.time(impression.at)],
        [t('impression.entry'), impression.entry],
      ]} />
    </section>
  );
}

/** Some seconds of work, so only for who asks. */
export function BeforeCard({ use }: { use: Use }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const { data, error, refetch } = useQuery(beforeOf(use, asked));
  const off = error instanceof Failure && error.code === 'NOT_COMPARED' && error.detail === 'comparePages';
  return (
    <section className="card">
      <h2>{t('impression.before')}</h2>
      {!asked ? <div className="actions"><button type="button" onClick={() => setAsked(true)}>{t('impression.compare')}</button></div> : data !== undefined ? (
        <>
          <Picture className="photo" src={`${pathOf(use)}/comparison/picture`} name={t('impression.beforePicture')} />
          <Verdict data={data} />
        </>
      ) : error === null ? <Waiting /> : off ? <div className="note" role="status">{t('grant.off')}</div> : <FailureNote error={error} again={() => void refetch()} />}
    </section>
  );
}
