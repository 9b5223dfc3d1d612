/** Where it may be used: anywhere, or inside one circle, picked on the plot, taken from where one is, or from where units and earlier uses are. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applications, deviceState } from '../api/queries';
import type { Application } from '../api/client';
import { Plot, useDistance, type PlotSpot } from '../parts/plot';

type Place = NonNullable<Application['place']>;

const RADII = [100, 300, 1000, 5000, 20_000] as const;
const USUAL_RADIUS = 300;
/** Of a phone's fix: milliseconds that are waited for it, and its age. */
const FIX = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 };

export function PlaceField({ device, mayState, place, change }: { device: string; mayState: boolean; place: Place | undefined; change: (place: Place | undefined) => void }) {
  const { t } = useTranslation();
  const distance = useDistance();
  const fence = place?.fences?.[0];
  const circle = fence !== undefined && 'radius' in fence ? fence : undefined;
  const [radius, setRadius] = useState<number>(circle?.radius ?? USUAL_RADIUS);
  const [problem, setProblem] = useState<string>();
  const [waiting, setWaiting] = useState(false);
  const unit = useQuery({ ...deviceState(device), enabled: mayState }).data?.place;
  const earlier = (useQuery(applications()).data ?? []).flatMap((one) => one.place?.fences ?? []);
  const set = (point: { latitude: number; longitude: number }, metres = radius): void => {
    setProblem(undefined);
    change({ fences: [{ latitude: Number(point.latitude.toFixed(6)), longitude: Number(point.longitude.toFixed(6)), radius: metres }] });
  };
  const here = (): void => {
    if (!('geolocation' in navigator)) return setProblem(t('place.noFix'));
    setWaiting(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { setWaiting(false); set(coords); },
      () => { setWaiting(false); setProblem(t('place.noFix')); },
      FIX,
    );
  };
  const known: PlotSpot[] = unit === null || unit === undefined ? [] : [{ ...unit, name: t('place.unit'), newest: true }];
  const picked = circle === undefined ? undefined : { latitude: circle.latitude, longitude: circle.longitude };
  const number = (text: string, most: number): number | undefined => (text.trim() !== '' && Math.abs(Number(text)) <= most ? Number(text) : undefined);
  return (
    <>
      <div className="actions">
        <button type="button" disabled={waiting} onClick={here}>{waiting ? t('place.waiting') : t('place.here')}</button>
        {known[0] !== undefined && <button type="button" onClick={() => set(known[0]!)}>{t('place.atUnit')}</button>}
        {place !== undefined && <button type="button" onClick={() => change(undefined)}>{t('place.anywhere')}</button>}
      </div>
      {problem !== undefined && <div className="note bad" role="alert"><p>{problem}</p></div>}
      <Plot label={t('place.plot')} fences={circle === undefined ? earlier.slice(0, 20) : [circle]} spots={known} picked={picked} pick={set} />
      <p className="small">{t('place.help')}</p>
      <div className="pair">
        <label>{t('place.radius')}<select name="radius" value={radius} onChange={(e) => { const metres = Number(e.target.value); setRadius(metres); if (picked !== undefined) set(picked, metres); }}>{[...new Set([...RADII, radius])].sort((a, b) => a - b).map((metres) => <option key={metres} value={metres}>{distance(metres)}</option>)}</select></label>
        <label>{t('place.latitude')}<input name="latitude" inputMode="decimal" key={`lat${picked?.latitude ?? ''}`} defaultValue={picked?.latitude ?? ''} onBlur={(e) => { const value = number(e.target.value, 85); if (value !== undefined && value !== picked?.latitude) set({ latitude: value, longitude: picked?.longitude ?? 121.4737 }); }} /></label>
        <label>{t('place.longitude')}<input name="longitude" inputMode="decimal" key={`lon${picked?.longitude ?? ''}`} defaultValue={picked?.longitude ?? ''} onBlur={(e) => { const value = number(e.target.value, 180); if (value !== undefined && value !== picked?.longitude) set({ latitude: picked?.latitude ?? 31.2304, longitude: value }); }} /></label>
      </div>
      {circle !== undefined && <p role="status">{t('place.chosen', { radius: distance(circle.radius), place: `${circle.latitude}, ${circle.longitude}` })}</p>}
    </>
  );
}
