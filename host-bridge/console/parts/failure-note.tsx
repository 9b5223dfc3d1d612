/** An error in words, with its stable code for whoever is asked about it. */
import { useTranslation } from 'react-i18next';
import { Failure } from '../api/failure';

export function FailureNote({ error, again, changing = false }: { error: unknown; again?: () => void; /** What failed may have changed something. */ changing?: boolean }) {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  const failure = error instanceof Failure ? error : new Failure('UNREADABLE', 0, '', '', undefined);
  const words = failure.status === 0 ? t(changing ? 'errors.unknown' : 'errors.unreachable') : failure.title === '' ? t('errors.unreadable') : failure.title;
  return (
    <div className="note bad" role="alert">
      <p>{words}{failure.detail !== '' && <span className="detail"> · {failure.detail}</span>}</p>
      <p className="small">
        {t('errors.code', { code: failure.code })}
        {again !== undefined && <button type="button" className="plain" onClick={again}>{t('again')}</button>}
      </p>
    </div>
  );
}
