/** Hands in the document at once, and shows its pages as the desk has read them: that is what is approved, and compared at the unit. */
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { upload, type DocumentCard } from '../api/client';
import { FailureNote } from '../parts/failure-note';
import { Pages } from '../parts/picture';
import { PhotoPages } from './photo-pages';

const ACCEPTED = '.pdf,.png,.jpg,.jpeg,.docx,.xlsx,application/pdf,image/png,image/jpeg';

export function DocumentField({ document, change, pages }: { document: DocumentCard | undefined; change: (document: DocumentCard | undefined) => void; /** Whether to show them. */ pages: boolean }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const sending = useMutation({ mutationFn: (file: File) => upload(file), onSuccess: change });
  const chosen = (files: FileList | null): void => {
    const file = files?.[0];
    if (file === undefined) return;
    change(undefined);
    sending.mutate(file);
  };
  return (
    <>
      <p className="small" id="document-help">{t('document.help')}</p>
      <label className="button file">
        {t(document === undefined ? 'document.choose' : 'document.another')}
        <input ref={input} className="visually-hidden" type="file" name="document" accept={ACCEPTED} aria-describedby="document-help" onChange={(e) => chosen(e.target.files)} />
      </label>
      <details><summary>{t('photos.title')}</summary><PhotoPages change={change} /></details>
      {sending.isPending && <p className="waiting" role="status">{t('document.reading')}</p>}
      <FailureNote error={sending.error} again={() => chosen(input.current?.files ?? null)} />
      {document !== undefined && (
        <>
          <p role="status"><strong>{document.name}</strong> · {t('document.pages', { count: document.pages })}</p>
          <p className="small">{t('document.check')}</p>
          {pages && <Pages sha256={document.sha256} pages={document.pages} />}
        </>
      )}
    </>
  );
}
