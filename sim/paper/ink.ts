/**
 * What red seal paste leaves on paper: a film that follows the relief, thicker at its edges where it is squeezed out,
 * uneven because the die never meets the paper quite flat, and missing where a fibre lay low. It lies over print
 * (multiplied), so black text stays black under it.
 */
import { seededRandom } from '../world/random';
import { Field, seedOf } from './field';
import type { Face } from './die';
import { spread } from './die';
import type { Picture } from './picture';

/** Share of red, green, blue light that a full film lets through (cinnabar-like paste). */
const FILM = [0.82, 0.08, 0.11] as const;
/** Radius over which paste is squeezed to the edge, mm. */
const SQUEEZE_MM = 0.3;

export interface Landing {
  /** Centre of the die on the page, mm from its top left corner. */
  x: number;
  y: number;
  /** Degrees, clockwise as seen on the page. */
  angle: number;
  /** Contact force as a share of the nominal one: 1 is a good impression, 0.3 a faint one, 0 none. */
  force: number;
}

/** Draws the impression onto the picture. Deterministic in all of its arguments. */
export function impress(picture: Picture, scale: number, face: Face, landing: Landing, seed: number): void {
  const relief = face.relief;
  if (!relief || landing.force <= 0) return;
  const random = seededRandom(seedOf(seed, 'ink'));
  const uneven = new Field(seedOf(seed, 'uneven'));
  const fibre = new Field(seedOf(seed, 'fibre'));
  const tiltX = random.between(-0.13, 0.13);
  const tiltY = random.between(-0.13, 0.13);
  const edge = spread(relief, Math.max(1, Math.round(SQUEEZE_MM * relief.scale)));
  const radians = (landing.angle * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const reach = Math.hypot(face.widthMm, face.heightMm) / 2 + 0.5;
  const left = Math.max(0, Math.floor((landing.x - reach) * scale));
  const right = Math.min(picture.width - 1, Math.ceil((landing.x + reach) * scale));
  const top = Math.max(0, Math.floor((landing.y - reach) * scale));
  const bottom = Math.min(picture.height - 1, Math.ceil((landing.y + reach) * scale));
  const { rgb } = picture;
  const half = Math.max(face.widthMm, face.heightMm) / 2;
  const press = Math.min(1.35, Math.sqrt(landing.force));

  for (let py = top; py <= bottom; py++) {
    for (let px = left; px <= right; px++) {
      const mx = (px + 0.5) / scale - landing.x;
      const my = (py + 0.5) / scale - landing.y;
      const fx = mx * cos + my * sin;
      const fy = my * cos - mx * sin;
      const dx = (fx + face.widthMm / 2) * relief.scale - 0.5;
      const dy = (fy + face.heightMm / 2) * relief.scale - 0.5;
      const met = sample(relief.alpha, relief.width, relief.height, dx, dy) / 255;
      if (met <= 0.01) continue;
      const around = sample(edge, relief.width, relief.height, dx, dy) / 255;
      const local = press * (1 + (tiltX * fx + tiltY * fy) / half + 0.16 * uneven.at(mx / 7 + 90, my / 7 + 90));
      // Fibres: coarse ones leave thin places, fine ones leave specks without paste where the pressure is low.
      const coarse = fibre.at(mx / 0.55 + 100, my / 0.55 + 100);
      const fine = fibre.at(mx / 0.17 + 31, my / 0.19 + 57);
      const speck = fine * 0.75 + coarse * 0.35 > 0.25 + local * 0.42 ? 0.12 : 1;
      const rim = 1 + 0.32 * Math.max(0, met - around);
      const film = Math.min(0.97, Math.max(0, local * (0.8 + 0.09 * coarse + 0.05 * fine) * rim * met * speck));
      const o = (py * picture.width + px) * 3;
      for (let c = 0; c < 3; c++) rgb[o + c] = rgb[o + c]! * (1 - film * (1 - FILM[c]!)) + 0.5;
    }
  }
}

function sample(from: Uint8Array | Float32Array, width: number, height: number, x: number, y: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  if (xi < 0 || yi < 0 || xi >= width - 1 || yi >= height - 1) return 0;
  const u = x - xi;
  const v = y - yi;
  const i = yi * width + xi;
  const a = from[i]! + (from[i + 1]! - from[i]!) * u;
  const b = from[i + width]! + (from[i + width + 1]! - from[i + width]!) * u;
  return a + (b - a) * v;
}
