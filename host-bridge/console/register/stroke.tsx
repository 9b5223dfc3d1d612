/** One stroke: what became of it, and its photos before and after. */
import { useTranslation } from 'react-i18next';
import type { Use } from '../api/client';
import { Chip, type Tone } from '../parts/facts';
import { Picture } from '../parts/picture';
import { useWords } from '../parts/when';

const TONES: Record<Use['result'], Tone> = { stamped: 'good', failed: 'still', unknown: 'bad', pending: 'wait' };

export function ResultChip({ result }: { result: Use['result'] }) {
  const { t } = useTranslation();
  return <Chip tone={TONES[result]}>{t(`results.${result}`)}</Chip>;
}

export function Photos({ use, photo }: { use: Use; photo: (digest: string) => string }) {
  const { t } = useTranslation();
  return (
    <div className="photos">
      {([['before', use.before, use.beforeStored], ['after', use.after, use.afterStored]] as const).map(([which, digest, stored]) => (
        <figure key={which}>
          {digest === null ? <div className="no-picture">{t('photo.none')}</div> : stored ? <Picture className="photo" src={photo(digest)} name={t(`photo.${which}`)} /> : <div className="no-picture">{t('photo.coming')}</div>}
          <figcaption>{t(`photo.${which}`)}</figcaption>
        </figure>
      ))}
    </div>
  );
}

export function StrokeLine({ use, photo }: { use: Use; photo: (digest: string) => string }) {
  const words = useWords();
  return (
    <div className="stroke">
      <div className="card-head"><strong>{words.time(use.time)}</strong><ResultChip result={use.result} /></div>
      <Photos use={use} photo={photo} />
    </div>
  );
}
