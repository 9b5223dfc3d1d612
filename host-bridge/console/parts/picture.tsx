/** Pictures that come from the desk: pages of a document, photos of a stroke. Each can be looked at large. */
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { pageAddress } from '../api/page-address';
import { Dialog } from './dialog';
import { PageImage } from './page-image';
import { Spots, type Mark } from './spots';

/** @param show what is seen before it is looked at large; it is told by whom it does not come */
function Enlarging({ src, name, show }: { src: string; name: string; show: (failed: () => void) => ReactNode }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  if (failed) return <div className="no-picture">{t('picture.failed', { name })}<button type="button" className="plain" onClick={() => setFailed(false)}>{t('again')}</button></div>;
  return (
    <>
      <button type="button" className="picture" onClick={() => setOpen(true)} aria-label={t('picture.enlarge', { name })}>{show(() => setFailed(true))}</button>
      <Dialog title={name} open={open} close={() => setOpen(false)} wide>
        <div className="enlarged"><img src={src} alt={name} /></div>
      </Dialog>
    </>
  );
}

/** A photo. */
export function Picture({ src, name, className = 'page' }: { src: string; name: string; className?: string }) {
  return <Enlarging src={src} name={name} show={(failed) => <img className={className} src={src} alt={name} loading="lazy" onError={failed} />} />;
}

/** One page of a document. */
export function DocumentPage({ sha256, page, name, marks = [], first = false }: { sha256: string; page: number; name: string; marks?: readonly Mark[]; /** What the page is opened for: not put off until it is scrolled to. */ first?: boolean }) {
  return <Enlarging src={pageAddress(sha256, page)} name={name} show={(failed) => <><PageImage className="page" sha256={sha256} page={page} size="large" alt={name} onError={failed} {...(first ? { loading: 'eager', fetchPriority: 'high' } as const : {})} /><Spots marks={marks} page={page} /></>} />;
}

/** @param pages undefined: not known yet, but there is a first one */
export function Pages({ sha256, pages, marks = [] }: { sha256: string; pages: number | undefined; /** Where the stamp goes. */ marks?: readonly Mark[] }) {
  const { t } = useTranslation();
  const name = (page: number): string => (pages === undefined ? t('marks.on', { page }) : t('picture.page', { page, pages }));
  return (
    <div className="pages">
      {Array.from({ length: pages ?? 1 }, (_, index) => index + 1).map((page) => (
        <figure key={page}>
          <DocumentPage sha256={sha256} page={page} first={page === 1} name={name(page)} marks={marks} />
          <figcaption>{name(page)}{marks.some((one) => one.page === page) && ` · ${t('marks.title')}`}</figcaption>
        </figure>
      ))}
    </div>
  );
}
