/** A dialog over the page; the keyboard stays in it, and Escape ends it. */
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function Dialog({ title, open, close, children, wide = false }: { title: string; open: boolean; close: () => void; children: ReactNode; wide?: boolean }) {
  const { t } = useTranslation();
  return (
    <Base.Root open={open} onOpenChange={(next) => { if (!next) close(); }}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={wide ? 'dialog wide' : 'dialog'}>
          <div className="dialog-head">
            <Base.Title>{title}</Base.Title>
            <Base.Close className="plain" aria-label={t('close')}>✕</Base.Close>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
