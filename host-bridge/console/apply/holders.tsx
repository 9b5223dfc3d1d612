/** Who opens the use at the unit: of those who are enrolled there, by finger or passcode. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { directory, enrolments } from '../api/queries';
import { Loaded } from '../parts/loaded';

export function Holders({ device, chosen, change, fixed = [] }: { device: string; chosen: readonly number[]; change: (persons: number[]) => void; /** Who cannot be left out. */ fixed?: readonly number[] }) {
  const { t } = useTranslation();
  const people = useQuery(directory()).data ?? [];
  const nameOf = (id: number): string => people.find((one) => one.id === id)?.name ?? t('person', { id });
  return (
    <Loaded query={enrolments(device)}>
      {(enrolled) => {
        const known = [...new Set(enrolled.map(({ person }) => person))];
        const others = chosen.filter((id) => !known.includes(id));
        return (
          <>
            <p className="small">{t('holders.help')}</p>
            <div className="choices">
              {[...known, ...others].map((id) => (
                <label key={id} className="choice">
                  <input type="checkbox" name="holder" value={id} checked={chosen.includes(id)} disabled={fixed.includes(id)} onChange={(e) => change(e.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))} />
                  <span><strong>{nameOf(id)}</strong>{!known.includes(id) && <span className="small bad-text">{t('holders.unknown')}</span>}</span>
                </label>
              ))}
            </div>
            {chosen.length > 1 && <p className="small">{t('holders.all', { count: chosen.length })}</p>}
          </>
        );
      }}
    </Loaded>
  );
}
