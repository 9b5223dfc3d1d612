/** Pages photographed one by one, put in order, and handed in as one document: the desk straightens them, and shows what it has made. */
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { uploadPages, type DocumentCard } from '../api/client';
import { FailureNote } from '../parts/failure-note';
import { PhotoShots } from '../parts/photo-shots';

export function PhotoPages({ change }: { change: (document: DocumentCard | undefined) => void }) {
  const { t } = useTranslation();
  const made = useMutation({ mutationFn: (files: File[]) => uploadPages(files), onSuccess: change });
  // What was made of others is no longer what is shown.
  const changed = (): void => {
    if (made.data === undefined) return;
    made.reset();
    change(undefined);
  };
  return (
    <>
      <PhotoShots help={t('photos.help')} changed={changed} action={(files) => made.data === undefined && <button type="button" className="main wide" disabled={made.isPending} onClick={() => made.mutate(files)}>{made.isPending ? t('photos.making') : t('photos.make', { count: files.length })}</button>} />
      <FailureNote error={made.error} changing />
      {made.data !== undefined && made.data.crooked.length > 0 && <div className="note" role="status"><p>{t('photos.crooked', { pages: made.data.crooked.join(', ') })}</p></div>}
    </>
  );
}
