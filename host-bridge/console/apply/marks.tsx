/** Where the stamp goes on the pages: touched by who applies, seen by who decides and who watches the stroke. */
import { useTranslation } from 'react-i18next';
import { PageImage } from '../parts/page-image';
import { PARTS, Spots, type Mark } from '../parts/spots';

/** Steps of the arrow keys, in these parts. */
const STEP = 200;
const clamp = (value: number): number => Math.max(0, Math.min(PARTS, Math.round(value)));

/** Pages with their marks, to look at. */
export function Marked({ sha256, marks }: { sha256: string; marks: readonly Mark[] }) {
  const { t } = useTranslation();
  return (
    <div className="pages">
      {[...new Set(marks.map(({ page }) => page))].sort((a, b) => a - b).map((page) => (
        <figure key={page}>
          <div className="marked"><PageImage sha256={sha256} page={page} size="small" alt={t('marks.page', { page, count: marks.filter((one) => one.page === page).length })} /><Spots marks={marks} page={page} /></div>
          <figcaption>{t('marks.on', { page })}</figcaption>
        </figure>
      ))}
    </div>
  );
}

/** Pages on which a touch sets the mark of that page; another touch moves it, and it can be taken away. Arrow keys move it as well. */
export function MarkField({ sha256, pages, marks, change }: { sha256: string; pages: number; marks: readonly Mark[]; change: (marks: Mark[]) => void }) {
  const { t } = useTranslation();
  const put = (page: number, x: number, y: number): void => change([...marks.filter((one) => one.page !== page), { page, x: clamp(x), y: clamp(y) }].sort((a, b) => a.page - b.page));
  return (
    <>
      <p className="small">{t('marks.help')}</p>
      <div className="pages">
        {Array.from({ length: pages }, (_, index) => index + 1).map((page) => {
          const mark = marks.find((one) => one.page === page);
          return (
            <figure key={page}>
              <button
                type="button" className="picture marked" aria-label={t(mark === undefined ? 'marks.set' : 'marks.move', { page })}
                onClick={(event) => {
                  const box = event.currentTarget.getBoundingClientRect();
                  // By keyboard there is no place: the usual one, below on the right, from where the arrows lead on.
                  if (event.detail === 0) put(page, mark?.x ?? 7000, mark?.y ?? 8000);
                  else put(page, ((event.clientX - box.left) / box.width) * PARTS, ((event.clientY - box.top) / box.height) * PARTS);
                }}
                onKeyDown={(event) => {
                  const way = ({ ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] } as Record<string, [number, number]>)[event.key];
                  if (way === undefined || mark === undefined) return;
                  event.preventDefault();
                  put(page, mark.x + way[0], mark.y + way[1]);
                }}
              >
                <PageImage sha256={sha256} page={page} size="small" alt={t('picture.page', { page, pages })} /><Spots marks={marks} page={page} />
              </button>
              <figcaption>{t('picture.page', { page, pages })}{mark !== undefined && <button type="button" className="plain" onClick={() => change(marks.filter((one) => one.page !== page))}>{t('marks.remove')}</button>}</figcaption>
            </figure>
          );
        })}
      </div>
    </>
  );
}
