/** One photo against one approved document, from the bytes of the photo to the verdict. */
import type { ApprovedPage } from './approved';
import { BROAD, FINE, findDifferences, type Difference } from './differences';
import { measureLight, type Light } from './light';
import { candidate, locate, type Candidate, type Location } from './locate';
import { explain, type Model } from './model';
import { otherLetters } from './letters';
import { missingPoints, missingStrokes } from './strokes';
import { findOutline, type Outline } from './outline';
import type { Photo } from './photo';
import { plane, resized, type Plane } from './plane';
import { project, type PageMap } from './lens';
import { followPaper, register, type Registration } from './register';
import { warp, type Flow } from './warp';

/** Pages made ready once, compared often. */
export interface Prepared {
  pages: readonly ApprovedPage[];
  candidates: readonly Candidate[];
}

export async function prepare(pages: readonly ApprovedPage[]): Promise<Prepared> {
  const candidates: Candidate[] = [];
  // One after the other: a page is unpacked for it.
  for (const page of pages) candidates.push(await candidate(page));
  return { pages, candidates };
}

/** Why a photo cannot even be laid out. */
export type Unreadable = 'no-sheet' | 'cut-off' | 'other-shape' | 'small';

export interface Laid {
  location: Location;
  registration: Registration;
  page: ApprovedPage;
  map: PageMap;
  /** How the paper lies off the map. */
  flow: Flow;
  /** Pixels a millimetre of the pictures below. */
  scale: number;
  reference: Plane;
  light: Light;
  evened: Plane;
  /** Whether the approved page has print enough to be known by. */
  printed: boolean;
  /** 1 where the sheet ends: not judged. */
  skip: Uint8Array;
}

/** Photos finer than this show nothing more of print, coarser ones show too little of it; pixels a millimetre. */
const SCALES = { least: 3, most: 7.5 };

/** Pixels of the photo a millimetre of the page, in its middle. */
export function density(map: PageMap, widthMm: number, heightMm: number): number {
  const [u, v] = project(map, widthMm / 2, heightMm / 2);
  const [u1, v1] = project(map, widthMm / 2 + 1, heightMm / 2);
  const [u2, v2] = project(map, widthMm / 2, heightMm / 2 + 1);
  return Math.sqrt(Math.abs((u1 - u) * (v2 - v) - (v1 - v) * (u2 - u)));
}

/** Finds the sheet, tells the page and its direction, registers it and evens the light. */
export async function layOut(photo: Photo, prepared: Prepared): Promise<Laid | Unreadable> {
  const outline = await findOutline(photo.grey);
  if (typeof outline === 'string') return outline;
  const places = locate(photo.grey, outline, prepared.candidates);
  const location = places[0];
  if (!location) return 'other-shape';
  const page = prepared.pages.find((one) => one.number === location.page)!;
  const native = density(location.map, page.widthMm, page.heightMm);
  if (native < SCALES.least) return 'small';
  const scale = Math.min(SCALES.most, native);
  const width = Math.round(page.widthMm * scale);
  const height = Math.round(page.heightMm * scale);
  const reference = await resized(page.picture, width, height);
  const coarseScale = scale / 2;
  const coarse = await resized(page.picture, Math.round(page.widthMm * coarseScale), Math.round(page.heightMm * coarseScale));
  const first = register(photo.grey, coarse, coarseScale, location.map, 4, true);
  const second = register(photo.grey, reference, scale, first.map, 3, true);
  const wide = followPaper(warp(photo.grey, second.map, coarse.width, coarse.height, coarseScale), coarse, coarseScale, 4);
  const twice: Flow = (x, y) => wide(x / 2, y / 2).map((v) => 2 * v) as [number, number];
  const near = followPaper(warp(photo.grey, second.map, width, height, scale, twice), reference, scale, 3);
  const flow: Flow = (x, y) => {
    const [a, b] = [twice(x, y), near(x, y)];
    return [a[0] + b[0], a[1] + b[1]];
  };
  const seen = warp(photo.grey, second.map, width, height, scale, flow);
  const light = measureLight(seen, reference, scale);
  const evened = plane(width, height);
  for (let i = 0; i < evened.data.length; i++) evened.data[i] = Math.min(1.15, seen.data[i]! / light.field.data[i]!);
  const skip = beyondSheet(outline, second.map, width, height, scale);
  return { skip, flow, printed: second.patches >= 4, location, registration: second, page, map: second.map, scale, reference, light, evened };
}

/** The sheet's edge, its shadow and curl are not print: so many mm along it are not judged. */
const EDGE_MM = 1.5;

/** Print may sit off on the sheet, so the sheet's edge is taken from the outline. */
function beyondSheet(outline: Outline, map: PageMap, width: number, height: number, scale: number): Uint8Array {
  const skip = new Uint8Array(width * height);
  const mid = [0, 1].map((k) => outline.corners.reduce((sum, c) => sum + c[k]!, 0) / 4) as [number, number];
  const lines = outline.corners.map((a, i) => {
    const b = outline.corners[(i + 1) % 4]!;
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const [nx, ny] = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
    const sign = nx * (mid[0] - a[0]) + ny * (mid[1] - a[1]) > 0 ? 1 : -1;
    return { nx: nx * sign, ny: ny * sign, c: sign * (nx * a[0] + ny * a[1]) };
  });
  const [h, f] = [map.h, Math.max(map.lens.width, map.lens.height)];
  // A millimetre of the page in undistorted units, about the middle of it.
  const mm = density(map, width / scale, height / scale) / f;
  const step = 4;
  for (let y = 0; y < height; y += step) for (let x = 0; x < width; x += step) {
    const [px, py] = [(x + 0.5 * step) / scale, (y + 0.5 * step) / scale];
    const w = 1 / (h[6] * px + h[7] * py + h[8]);
    const [u, v] = [(h[0] * px + h[1] * py + h[2]) * w, (h[3] * px + h[4] * py + h[5]) * w];
    if (lines.every((l) => l.nx * u + l.ny * v - l.c > EDGE_MM * mm)) continue;
    for (let j = y; j < Math.min(height, y + step); j++) skip.fill(1, j * width + x, j * width + Math.min(width, x + step));
  }
  return skip;
}

/** What differs; strongest first. */
export function compare(laid: Laid): { model: Model; differences: Difference[] } {
  const model = explain(laid.evened, laid.reference, laid.scale, laid.skip);
  return { model, differences: [...findDifferences(model, laid.scale, FINE, laid.skip), ...missingStrokes(model, laid.reference, laid.scale, laid.skip), ...missingPoints(model, laid.page.glyphs, laid.scale, laid.skip), ...otherLetters(model, laid.page.glyphs, laid.scale, laid.skip), ...findDifferences(model, laid.scale, BROAD, laid.skip)] };
}
