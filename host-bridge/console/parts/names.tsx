/** Names of people, seals and units for their numbers. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { directory, devices, seals } from '../api/queries';

/** Stands for a unit in cases of the register itself. */
export const REGISTER = '0'.repeat(16);

export function useNames() {
  const { t } = useTranslation();
  const people = useQuery(directory()).data;
  const cards = useQuery(seals()).data;
  const units = useQuery(devices()).data;
  return {
    person: (id: number | null | undefined): string => (id === null || id === undefined ? t('nobody') : id === 0 ? t('desk') : (people?.find((one) => one.id === id)?.name ?? t('person', { id }))),
    seal: (id: string | null): string => (id === null ? '—' : (cards?.find((one) => one.id === id)?.name ?? id)),
    unit: (id: string): string => (id === REGISTER ? t('registerItself') : undefined) ?? units?.find((one) => one.id === id)?.name ?? id,
    sealCard: (id: string) => cards?.find((one) => one.id === id),
  };
}
