/** Asks for a reason before something is done that cannot be taken back. */
import type { UseMutationResult } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog';
import { FailureNote } from './failure-note';

export function ReasonDialog<T>({ open, close, title, text, act, change, optional = false }: {
  open: boolean; close: () => void; title: string; text: string; act: string; change: UseMutationResult<T, Error, string>; optional?: boolean;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate(reason.trim());
  };
  return (
    <Dialog title={title} open={open} close={close}>
      <form onSubmit={submit}>
        <p>{text}</p>
        <label>{optional ? t('reason.optional') : t('reason.required')}<textarea name="reason" rows={3} maxLength={1000} required={!optional} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        <FailureNote error={change.error} changing />
        <div className="actions">
          <button type="submit" className="main" disabled={change.isPending}>{change.isPending ? t('sending') : act}</button>
          <button type="button" onClick={close}>{t('cancel')}</button>
        </div>
      </form>
    </Dialog>
  );
}
