/** Pages photographed one by one, put in order, and handed in as one document: the desk straightens them, and shows what it has made. */
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadPages, type DocumentCard } from '../api/client';
import { FailureNote } from '../parts/failure-note';

/** Pixels across of a small picture. */
const SMALL = 240;

interface Shot {
  key: number;
  file: File;
}

export function PhotoPages({ change }: { change: (document: DocumentCard | undefined) => void }) {
  const { t } = useTranslation();
  const [shots, setShots] = useState<Shot[]>([]);
  const next = useRef(1);
  const made = useMutation({ mutationFn: (files: File[]) => uploadPages(files), onSuccess: change });
  const set = (to: Shot[]): void => {
    setShots(to);
    // What was made of others is no longer what is shown.
    if (made.data !== undefined) { made.reset(); change(undefined); }
  };
  const add = (files: FileList | null): void => set([...shots, ...[...(files ?? [])].map((file) => ({ key: next.current++, file }))]);
  const move = (from: number, to: number): void => {
    const order = shots.filter((_, index) => index !== from);
    order.splice(to, 0, shots[from]!);
    set(order);
  };
  return (
    <>
      <p className="small" id="photo-help">{t('photos.help')}</p>
      <label className="button file">
        {t(shots.length === 0 ? 'photos.first' : 'photos.next')}
        <input className="visually-hidden" type="file" name="pages" accept="image/*" capture="environment" multiple aria-describedby="photo-help" onChange={(e) => { add(e.target.files); e.target.value = ''; }} />
      </label>
      {shots.length > 0 && (
        <ol className="shots">
          {shots.map((shot, index) => (
            <li key={shot.key}>
              <Small file={shot.file} name={t('photos.page', { page: index + 1 })} />
              <span>{t('photos.page', { page: index + 1 })}</span>
              <span className="shot-tools">
                <button type="button" className="plain" disabled={index === 0} aria-label={t('photos.up', { page: index + 1 })} onClick={() => move(index, index - 1)}>↑</button>
                <button type="button" className="plain" disabled={index === shots.length - 1} aria-label={t('photos.down', { page: index + 1 })} onClick={() => move(index, index + 1)}>↓</button>
                <button type="button" className="plain" aria-label={t('photos.remove', { page: index + 1 })} onClick={() => set(shots.filter((one) => one !== shot))}>✕</button>
              </span>
            </li>
          ))}
        </ol>
      )}
      {shots.length > 0 && made.data === undefined && <button type="button" className="main wide" disabled={made.isPending} onClick={() => made.mutate(shots.map(({ file }) => file))}>{made.isPending ? t('photos.making') : t('photos.make', { count: shots.length })}</button>}
      <FailureNote error={made.error} changing />
      {made.data !== undefined && made.data.crooked.length > 0 && <div className="note" role="status"><p>{t('photos.crooked', { pages: made.data.crooked.join(', ') })}</p></div>}
    </>
  );
}

/** A photo, small; drawn, because the content policy takes no pictures from elsewhere than the desk. */
function Small({ file, name }: { file: File; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let over = false;
    void createImageBitmap(file, { resizeWidth: SMALL, imageOrientation: 'from-image' }).then((picture) => {
      if (!over && canvas.current !== null) {
        canvas.current.width = picture.width;
        canvas.current.height = picture.height;
        canvas.current.getContext('2d')?.drawImage(picture, 0, 0);
      }
      picture.close();
    }, () => undefined); // a photo that the browser cannot read may yet be one that the desk can
    return () => {
      over = true;
    };
  }, [file]);
  return <canvas ref={canvas} role="img" aria-label={name} width={SMALL} height={SMALL} />;
}
