/** Photos taken one by one or chosen at once, put in order, and handed on. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Pixels across of a small picture. */
const SMALL = 240;

interface Shot {
  key: number;
  file: File;
}

/** @param changed other photos are there now than before @param action what is done with them, shown as long as there are some */
export function PhotoShots({ help, changed, action }: { help: string; changed?: (files: File[]) => void; action: (files: File[], clear: () => void) => ReactNode }) {
  const { t } = useTranslation();
  const [shots, setShots] = useState<Shot[]>([]);
  const next = useRef(1);
  const set = (to: Shot[]): void => {
    setShots(to);
    changed?.(to.map(({ file }) => file));
  };
  const add = (files: FileList | null): void => set([...shots, ...[...(files ?? [])].map((file) => ({ key: next.current++, file }))]);
  const move = (from: number, to: number): void => {
    const order = shots.filter((_, index) => index !== from);
    order.splice(to, 0, shots[from]!);
    set(order);
  };
  return (
    <>
      <p className="small" id="photo-help">{help}</p>
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
      {shots.length > 0 && action(shots.map(({ file }) => file), () => set([]))}
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
