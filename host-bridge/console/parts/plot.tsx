/**
 * A plot of places to scale: fences, where something was, and a place that is picked. Drawn here from coordinates alone, so it needs no
 * tile server and no network, and shows no border of anybody's; towns stand in it by name to tell where one is.
 */
import { type KeyboardEvent, type MouseEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fence } from '../api/client';
import { TOWNS } from './towns';
import { language } from '../i18n';

export interface Point {
  latitude: number;
  longitude: number;
}

export interface PlotSpot extends Point {
  /** Metres. */
  accuracy: number;
  name: string;
  newest?: boolean;
}

/** Metres of a degree of latitude (WGS 84, in the middle). */
const DEGREE = 111_320;
const SIZE = { width: 640, height: 420 };
/** Metres across that are shown at least, and at most. */
const LEAST = 60;
const MOST = 9_000_000;
const ZOOM = 2;
/** Room of a letter of a town's name on a phone, where it is largest. */
const LETTER = 28;
/** Part of the width that one press of an arrow key moves the cross. */
const NUDGE = 1 / 64;
/** A length for the scale bar takes about this part of the width. */
const BAR = 0.25;

/** Metres between two places; good to a few per cent over what one plot shows. */
export function metresBetween(a: Point, b: Point): number {
  const middle = ((a.latitude + b.latitude) / 2) * (Math.PI / 180);
  return Math.hypot((a.latitude - b.latitude) * DEGREE, (a.longitude - b.longitude) * DEGREE * Math.cos(middle));
}

export function useDistance(): (metres: number) => string {
  const { i18n } = useTranslation();
  const tag = i18n.language === 'en' ? 'en-GB' : 'zh-CN';
  return (metres) => (metres < 1000 ? new Intl.NumberFormat(tag, { style: 'unit', unit: 'meter', maximumFractionDigits: 0 }) : new Intl.NumberFormat(tag, { style: 'unit', unit: 'kilometer', maximumFractionDigits: metres < 10_000 ? 1 : 0 })).format(metres < 1000 ? metres : metres / 1000);
}

const round = (metres: number): number => {
  const power = 10 ** Math.floor(Math.log10(metres));
  return [5, 2, 1].map((one) => one * power).find((one) => one <= metres) ?? power;
};

/** What has to be seen, as a middle and the metres across. */
function frameOf(fences: readonly Fence[], spots: readonly Point[]): { middle: Point; across: number } {
  const reach = [
    ...spots.map((spot) => ({ ...spot, metres: 30 })),
    ...fences.flatMap((fence) => ('radius' in fence ? [{ latitude: fence.latitude, longitude: fence.longitude, metres: fence.radius }] : fence.corners.map((corner) => ({ ...corner, metres: 0 })))),
  ];
  if (reach.length === 0) return { middle: { latitude: 34.5, longitude: 108.9 }, across: 5_000_000 };
  const lows = reach.map(({ latitude, metres }) => latitude - metres / DEGREE);
  const highs = reach.map(({ latitude, metres }) => latitude + metres / DEGREE);
  const middleLatitude = (Math.min(...lows) + Math.max(...highs)) / 2;
  const narrow = Math.cos((middleLatitude * Math.PI) / 180);
  const wests = reach.map(({ longitude, metres }) => longitude - metres / DEGREE / narrow);
  const easts = reach.map(({ longitude, metres }) => longitude + metres / DEGREE / narrow);
  const high = (Math.max(...highs) - Math.min(...lows)) * DEGREE * (SIZE.width / SIZE.height);
  const wide = (Math.max(...easts) - Math.min(...wests)) * DEGREE * narrow;
  return { middle: { latitude: middleLatitude, longitude: (Math.min(...wests) + Math.max(...easts)) / 2 }, across: Math.min(MOST, Math.max(LEAST, Math.max(high, wide) * 1.3)) };
}

export function Plot({ fences, spots, label, picked, pick }: { fences: readonly Fence[]; spots: readonly PlotSpot[]; label: string; picked?: Point | undefined; pick?: (point: Point) => void }) {
  const { t } = useTranslation();
  const distance = useDistance();
  const whole = frameOf(fences, picked === undefined ? spots : [...spots, picked]);
  const [view, setView] = useState<{ middle: Point; across: number }>();
  const { middle, across } = view ?? whole;
  const narrow = Math.cos((middle.latitude * Math.PI) / 180);
  const scale = SIZE.width / across;
  const x = (longitude: number): number => SIZE.width / 2 + (longitude - middle.longitude) * DEGREE * narrow * scale;
  const y = (latitude: number): number => SIZE.height / 2 - (latitude - middle.latitude) * DEGREE * scale;
  const at = (px: number, py: number): Point => ({ latitude: middle.latitude + (SIZE.height / 2 - py) / scale / DEGREE, longitude: middle.longitude + (px - SIZE.width / 2) / scale / DEGREE / narrow });
  const inside = (point: Point): boolean => Math.abs(x(point.longitude) - SIZE.width / 2) < SIZE.width / 2 && Math.abs(y(point.latitude) - SIZE.height / 2) < SIZE.height / 2;
  const zoom = (factor: number): void => setView({ middle: picked ?? spots.find(({ newest }) => newest === true) ?? middle, across: Math.min(MOST, Math.max(LEAST, across / factor)) });
  const touched = (event: MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const point = at(((event.clientX - box.left) / box.width) * SIZE.width, ((event.clientY - box.top) / box.height) * SIZE.height);
    if (pick !== undefined) pick(point);
    // What is picked stays where it was touched; where nothing is picked, a touch brings that place to the middle.
    setView({ middle: pick === undefined ? point : middle, across });
  };
  const pressed = (event: KeyboardEvent): void => {
    const way = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const from = pick !== undefined && picked !== undefined ? { px: x(picked.longitude), py: y(picked.latitude) } : { px: SIZE.width / 2, py: SIZE.height / 2 };
    const point = at(from.px + way[0] * SIZE.width * NUDGE, from.py + way[1] * SIZE.width * NUDGE);
    if (pick !== undefined) pick(point);
    else setView({ middle: point, across });
  };
  const bar = round(across * BAR);
  const taken: { x: number; y: number; wide: number }[] = [];
  // Of names that would lie across each other, the first stands.
  const towns = TOWNS.filter(([zh, en, latitude, longitude]) => {
    const name = { x: x(longitude), y: y(latitude), wide: language() === 'en' ? en.length * LETTER / 2 : zh.length * LETTER };
    if (!inside({ latitude, longitude }) || taken.some((one) => Math.abs(one.y - name.y) < LETTER && name.x < one.x + one.wide && one.x < name.x + name.wide)) return false;
    taken.push(name);
    return true;
  });
  return (
    <div className="plot">
      <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role={pick === undefined ? 'img' : 'application'} aria-label={label} tabIndex={0} onClick={touched} onKeyDown={pressed}>
        {[1, 2, 3].map((ring) => <circle key={ring} className="ring" cx={SIZE.width / 2} cy={SIZE.height / 2} r={(SIZE.height / 2) * (ring / 3)} />)}
        {fences.map((fence, index) => ('radius' in fence ? <circle key={index} className="fence" cx={x(fence.longitude)} cy={y(fence.latitude)} r={Math.max(3, fence.radius * scale)} /> : <polygon key={index} className="fence" points={fence.corners.map((corner) => `${x(corner.longitude)},${y(corner.latitude)}`).join(' ')} />))}
        {towns.map(([zh, en, latitude, longitude]) => <g key={en} className="town"><circle cx={x(longitude)} cy={y(latitude)} r={2} /><text x={x(longitude) + 5} y={y(latitude) + 4}>{language() === 'en' ? en : zh}</text></g>)}
        {spots.length > 1 && <polyline className="way" points={spots.map((spot) => `${x(spot.longitude)},${y(spot.latitude)}`).join(' ')} />}
        {spots.toReversed().map((spot, index) => (
          <g key={index} className={spot.newest === true ? 'spot newest' : 'spot'}>
            <circle className="accuracy" cx={x(spot.longitude)} cy={y(spot.latitude)} r={spot.accuracy * scale} />
            <circle cx={x(spot.longitude)} cy={y(spot.latitude)} r={spot.newest === true ? 7 : 4}><title>{spot.name}</title></circle>
          </g>
        ))}
        {picked !== undefined && <path className="picked" d={`M${x(picked.longitude) - 12} ${y(picked.latitude)}h24M${x(picked.longitude)} ${y(picked.latitude) - 12}v24`} />}
        <path className="bar" d={`M16 ${SIZE.height - 16}v-8v8h${bar * scale}v-8`} />
        <text className="bar-text" x={22} y={SIZE.height - 26}>{distance(bar)}</text>
        <path className="north" d={`M${SIZE.width - 24} 44V14l-7 10m7-10l7 10`} />
        <text className="bar-text" x={SIZE.width - 29} y={60}>{t('plot.north')}</text>
      </svg>
      <div className="plot-tools">
        <button type="button" onClick={() => zoom(ZOOM)} aria-label={t('plot.closer')}>＋</button>
        <button type="button" onClick={() => zoom(1 / ZOOM)} aria-label={t('plot.wider')}>－</button>
        <button type="button" onClick={() => setView(undefined)}>{t('plot.whole')}</button>
      </div>
    </div>
  );
}
