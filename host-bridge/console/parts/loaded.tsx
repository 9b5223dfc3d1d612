/** What is read of the desk: while it comes, when it does not come, and when it is here. */
import { useQuery, type UseQueryOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNote } from './failure-note';

export function Waiting() {
  const { t } = useTranslation();
  return <p className="waiting" role="status">{t('waiting')}</p>;
}

export function Loaded<T, K extends readonly unknown[]>({ query, children }: { query: UseQueryOptions<T, Error, T, K>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation();
  const { data, error, refetch, failureCount } = useQuery(query);
  if (data === undefined) return error === null ? failureCount > 0 ? <p className="waiting" role="status">{t('waitingAgain')}</p> : <Waiting /> : <FailureNote error={error} again={() => void refetch()} />;
  return (
    <>
      {error !== null && <div className="note" role="status">{t('stale')}</div>}
      {children(data)}
    </>
  );
}
