/** The seals: what each is for, who keeps it, and where it is in its life. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Seal } from '../api/client';
import { scopes, seals } from '../api/queries';
import { Chip, type Tone } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

const TONES: Record<Seal['state'], Tone> = { received: 'wait', active: 'good', suspended: 'bad', removed: 'still', archived: 'still', destroyed: 'still' };

export function SealChip({ state }: { state: Seal['state'] }) {
  const { t } = useTranslation();
  return <Chip tone={TONES[state]}>{t(`sealStates.${state}`)}</Chip>;
}

export function Seals() {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const uses = useQuery(scopes()).data ?? [];
  return (
    <>
      <h1>{t('seals.title')}</h1>
      <Loaded query={seals()}>
        {(found) => found.length === 0 ? <p className="empty">{t('seals.none')}</p> : (
          <section className="card">
            <ul className="lines links">
              {found.map((one) => (
                <li key={one.id}>
                  <Link href={`/seals/${one.id}`}>
                    <div>
                      <strong>{one.name}</strong>
                      <span className="small">{t('seals.line', { kind: t(`sealKinds.${one.kind}`), keeper: names.person(one.custodian), unit: names.unit(one.device) })}</span>
                      <span className="small">{t('seals.for', { categories: words.list((uses.find(({ kind }) => kind === one.kind)?.categories ?? []).map((category) => t(`categories.${category}`))) })}</span>
                    </div>
                    <SealChip state={one.state} />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
      </Loaded>
    </>
  );
}
