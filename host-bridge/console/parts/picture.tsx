/** Pictures that come from the desk: pages of a document, photos of a stroke. Each can be looked at large. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog';

/** What a page most likely is; the picture itself says what it really is, once it is here. */
const A4 = { width: 210, height: 297 };

export function Picture({ src, name, className = 'page', first = false }: { src: string; name: string; className?: string; /** What the page is opened for: not put off until it is scrolled to. */ first?: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  if (failed) return <div className="no-picture">{t('picture.failed', { name })}<button type="button" className="plain" onClick={() => setFailed(false)}>{t('again')}</button></div>;
  return (
    <>
      <button type="button" className="picture" onClick={() => setOpen(true)} aria-label={t('picture.enlarge', { name })}>
        <img className={className} src={src} alt={name} loading={first ? 'eager' : 'lazy'} {...(first ? { fetchPriority: 'high' as const } : {})} {...(className === 'page' ? A4 : {})} onError={() => setFailed(true)} />
      </button>
      <Dialog title={name} open={open} close={() => setOpen(false)} wide>
        <div className="enlarged"><img src={src} alt={name} /></div>
      </Dialog>
    </>
  );
}

export function Pages({ sha256, pages }: { sha256: string; pages: number }) {
  const { t } = useTranslation();
  return (
    <div className="pages">
      {Array.from({ length: pages }, (_, index) => (
        <figure key={index}>
          <Picture src={`/v1/documents/${sha256}/pages/${index + 1}`} first={index === 0} name={t('picture.page', { page: index + 1, pages })} />
          <figcaption>{t('picture.page', { page: index + 1, pages })}</figcaption>
        </figure>
      ))}
    </div>
  );
}
