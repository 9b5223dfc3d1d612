/** The page in the tray: its newest photo, and what the comparison with the approved one found, framed and in words. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Live } from '../api/client';
import { Failure } from '../api/failure';
import { comparisonUnder } from '../api/queries';
import { language } from '../i18n';
import { FailureNote } from '../parts/failure-note';
import { Picture } from '../parts/picture';
import { useWords } from '../parts/when';

type Comparison = Awaited<ReturnType<NonNullable<ReturnType<typeof comparisonUnder>['queryFn']>>>;

/** What a comparison says, the findings numbered as the frames in the picture are. */
export function Verdict({ data }: { data: Comparison }) {
  const { t } = useTranslation();
  return (
    <div className={`note ${data.grantable ? 'good' : 'bad'}`} role="status">
      <p><strong>{t(`verdicts.${data.verdict}`)}</strong>{data.page !== null && ` · ${t('picture.page', { page: data.page, pages: data.pages })}`}</p>
      {data.reasons.length > 0 && <ul>{data.reasons.map((one, index) => <li key={index}>{one.text[language()]}</li>)}</ul>}
      {data.findings.length > 0 && <ol>{data.findings.map((one, index) => <li key={index}>{one.text[language()]}{one.approved !== '' && <> · {t('live.approved', { text: one.approved })}</>}{one.seen !== undefined && one.seen !== '' && <> · {t('live.seen', { text: one.seen })}</>}</li>)}</ol>}
      {data.findings.length > 0 && <p className="small">{t('live.frames')}</p>}
    </div>
  );
}

export function Tray({ id, steps }: { id: string; steps: Live['steps'] }) {
  const { t } = useTranslation();
  const words = useWords();
  const newest = steps.findLast(({ kind }) => kind === 'photo');
  return (
    <section className="card">
      <h2>{t('live.tray')}</h2>
      {newest?.photo == null ? <p role="status">{t('live.noPhoto')}</p> : !newest.stored ? <div className="no-picture" role="status">{t('photo.coming')}</div> : newest.which === 'after' ? (
        <Picture className="photo" src={`/v1/applications/${id}/photos/${newest.photo}`} name={`${t('photo.after')} · ${words.clock(newest.time ?? newest.at)}`} />
      ) : <Compared key={newest.photo} id={id} digest={newest.photo} name={t('grant.photo', { when: words.clock(newest.time ?? newest.at) })} />}
    </section>
  );
}

function Compared({ id, digest, name }: { id: string; digest: string; name: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(comparisonUnder(id, digest));
  const plain = `/v1/applications/${id}/photos/${digest}`;
  const off = error instanceof Failure && error.code === 'NOT_COMPARED' && error.detail === 'comparePages';
  return (
    <>
      <Picture className="photo" src={data === undefined || data.findings.length === 0 ? plain : `${plain}/comparison/picture`} name={name} />
      {data !== undefined ? <Verdict data={data} /> : error === null ? <p className="waiting" role="status">{t('grant.comparing')}</p> : off ? <div className="note" role="status">{t('grant.off')}</div> : <FailureNote error={error} again={() => void refetch()} />}
    </>
  );
}
