/** The sheets of a cross-page stroke: photographed and handed in by whoever has them, and laid together by the desk. */
import { queryOptions } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, uploadSheets, type Sheets, type Use } from '../api/client';
import { language } from '../i18n';
import { useChange } from '../parts/change';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { PhotoShots } from '../parts/photo-shots';
import { Picture } from '../parts/picture';
import { ImpressionChip } from './impression';

/** Milliseconds between looks while photos are judged. */
const OFTEN = 5_000;

const pathOf = ({ device, intent }: Pick<Use, 'device' | 'intent'>): string => `/v1/register/uses/${device}/${intent}/sheets`;
const sheetsOf = ({ device, intent }: Use) => queryOptions({
  queryKey: ['uses', device, intent, 'sheets'], queryFn: ({ signal }) => take(api.GET('/v1/register/uses/{device}/{intent}/sheets', { params: { path: { device, intent } }, signal })),
  refetchInterval: ({ state: { data } }) => (data?.complete === true && data.verdict === null ? OFTEN : false),
});

/** @param found whether what was found is told and shown here: where no card beside it does */
export function SheetsCard({ use, found = false }: { use: Use; found?: boolean }) {
  const { t } = useTranslation();
  return (
    <section className="card">
      <div className="card-head"><h2>{t('sheets.title')}</h2>{found && use.impression !== null && <ImpressionChip impression={use.impression} />}</div>
      <Loaded query={sheetsOf(use)}>
        {(now) => (
          <>
            <Standing now={now} />
            {found && use.impression !== null && use.impression.reasons.length > 0 && <div className={`note ${use.impression.verdict === 'different' ? 'bad' : ''}`}><ul>{use.impression.reasons.map((one, index) => <li key={index}>{one.text[language()]}</li>)}</ul></div>}
            {found && now.verdict !== null && now.verdict !== 'failed' && <figure><Picture key={now.round} className="photo" src={`${pathOf(use)}/picture`} name={t('sheets.picture')} /><figcaption className="small">{t('sheets.frames')}</figcaption></figure>}
            {now.photos.length > 0 && (
              <div className="photos">
                {now.photos.filter(({ round }) => round === now.round).map((one) => {
                  const name = t('sheets.photo', { sheet: one.sheet });
                  return <figure key={one.sheet}><Picture className="photo" src={`${pathOf(use)}/${one.round}/${one.sheet}`} name={name} /><figcaption>{name}</figcaption></figure>;
                })}
              </div>
            )}
            {now.open && now.mine && <HandIn key={`${now.round} ${now.complete}`} now={now} />}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Standing({ now: { open, complete, verdict, photos, round, sheets, anew } }: { now: Sheets }) {
  const { t } = useTranslation();
  const text = !open && !complete ? t('sheets.none')
    : complete && verdict === null ? t('sheets.complete')
    : complete ? (verdict === 'same' ? t('sheets.done') : t('sheets.anew'))
    : t('sheets.wanted', { here: anew ? 0 : photos.filter((one) => one.round === round).length, all: sheets ?? '?' });
  return <p role="status">{text}</p>;
}

function HandIn({ now }: { now: Sheets }) {
  const { t } = useTranslation();
  const begun = !now.anew && now.photos.some(({ round }) => round === now.round);
  const [sheets, setSheets] = useState(String(now.sheets ?? now.most));
  const [again, setAgain] = useState(false);
  const fresh = !begun || again;
  const send = useChange(({ files }: { files: File[]; clear: () => void }) => uploadSheets(now.device, now.intent, files, fresh ? Number(sheets) : undefined, again));
  return (
    <>
      {fresh && now.most > now.least && <label>{t('sheets.count')}<input name="sheets" type="number" inputMode="numeric" required min={now.least} max={now.most} value={sheets} onChange={(e) => setSheets(e.target.value)} /></label>}
      {begun && <label className="check"><input type="checkbox" name="again" checked={again} onChange={(e) => setAgain(e.target.checked)} />{t('sheets.again')}</label>}
      <PhotoShots help={t('sheets.help')} action={(files, clear) => <button type="button" className="main wide" disabled={send.isPending} onClick={() => send.mutate({ files, clear }, { onSuccess: clear })}>{send.isPending ? t('sending') : t('sheets.send', { count: files.length })}</button>} />
      <FailureNote error={send.error} changing />
    </>
  );
}
