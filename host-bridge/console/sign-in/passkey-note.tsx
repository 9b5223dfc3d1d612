/** What went wrong with a passkey: at the desk, or in the browser before it was asked. */
import { useTranslation } from 'react-i18next';
import { Failure } from '../api/failure';
import { FailureNote } from '../parts/failure-note';

export function PasskeyNote({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  if (error instanceof Failure) return <FailureNote error={error} />;
  const { name } = error as { name?: string };
  const words = name === 'NotAllowedError' || name === 'AbortError' ? t('passkey.cancelled') : name === 'InvalidStateError' ? t('passkey.known') : t('passkey.impossible');
  return <div className="note bad" role="alert"><p>{words}</p></div>;
}
