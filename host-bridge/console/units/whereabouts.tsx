/** Where a unit was and may be, plotted to scale, and the same in words. */
import { useTranslation } from 'react-i18next';
import type { DeviceState } from '../api/client';
import { places } from '../api/queries';
import { Loaded } from '../parts/loaded';
import { metresBetween, Plot, useDistance, type PlotSpot } from '../parts/plot';
import { useWords } from '../parts/when';

const LISTED = 8;

export function Whereabouts({ device, now }: { device: string; now: DeviceState['place'] }) {
  const { t } = useTranslation();
  const words = useWords();
  const distance = useDistance();
  return (
    <Loaded query={places(device)}>
      {({ spots, permitted }) => {
        const told: PlotSpot[] = [
          ...(now === null ? [] : [{ latitude: now.latitude, longitude: now.longitude, accuracy: now.accuracy, name: t('where.now'), newest: true }]),
          ...spots.map((spot, index) => ({ latitude: spot.latitude, longitude: spot.longitude, accuracy: spot.accuracy, name: words.time(spot.time), newest: now === null && index === 0 })),
        ];
        if (told.length === 0 && permitted.length === 0) return <p>{t('where.none')}</p>;
        const [newest] = told;
        return (
          <>
            <Plot label={t('where.plot')} fences={permitted.map(({ fence }) => fence)} spots={told} />
            <p className="small">{t('where.help')}</p>
            <ul className="lines">
              {told.slice(0, LISTED).map((spot, index) => (
                <li key={index}><div><strong>{spot.name}</strong><span className="small">{spot.latitude.toFixed(5)}, {spot.longitude.toFixed(5)} ± {distance(spot.accuracy)}{index > 0 && newest !== undefined && ` · ${t('where.off', { distance: distance(metresBetween(newest, spot)) })}`}</span></div></li>
              ))}
              {permitted.map(({ why, subject, fence }) => (
                <li key={`${subject}/${JSON.stringify(fence)}`}><div><strong>{t(why === 'permit' ? 'where.permit' : 'where.takeOut')}</strong><span className="small">{'radius' in fence ? t('where.circle', { radius: distance(fence.radius), place: `${fence.latitude.toFixed(5)}, ${fence.longitude.toFixed(5)}` }) : t('where.corners', { count: fence.corners.length })}{newest !== undefined && 'radius' in fence && ` · ${t('where.off', { distance: distance(metresBetween(newest, fence)) })}`}</span></div></li>
              ))}
            </ul>
          </>
        );
      }}
    </Loaded>
  );
}
