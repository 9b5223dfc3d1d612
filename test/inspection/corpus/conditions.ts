/** What printers and cameras do to an honest page, in grades. All of it seeded: the same number gives the same photo. */
import { Field } from '../../../sim/paper/field';
import type { Picture } from '../../../sim/paper/picture';
import { seededRandom } from '../../../sim/world/random';

export interface Condition {
  name: string;
  /** Whether an honest page must be accepted under it ("good"), or may be refused as unreadable. */
  good: boolean;
  print?: { toner?: number; shiftMm?: number; stretch?: number; speckle?: number };
  photo?: { blur?: number; noise?: number; quality?: number; shade?: number; exposure?: number; glare?: number; bend?: number };
}

export const CONDITIONS: readonly Condition[] = [
  { name: 'plain', good: true },
  { name: 'toner dark', good: true, print: { toner: 0.35 } },
  { name: 'toner light', good: true, print: { toner: -0.35 } },
  { name: 'other printer', good: true, print: { toner: 0.15, shiftMm: 1.5, stretch: 0.003, speckle: 0.1 } },
  { name: 'soft', good: true, photo: { blur: 0.8 } },
  { name: 'uneven light', good: true, photo: { shade: 0.35 } },
  { name: 'noisy', good: true, photo: { noise: 5 } },
  { name: 'jpeg 55', good: true, photo: { quality: 55 } },
  { name: 'curled', good: true, photo: { bend: 2.5 } },
  { name: 'all a little', good: true, print: { toner: -0.15, shiftMm: 0.8, stretch: -0.002, speckle: 0.1 }, photo: { blur: 0.5, noise: 3, quality: 70, shade: 0.2, bend: 1 } },
  { name: 'dim', good: false, photo: { exposure: 0.3, noise: 3 } },
  { name: 'blurred', good: false, photo: { blur: 2.2 } },
  { name: 'glare', good: false, photo: { glare: 0.22 } },
  { name: 'very noisy', good: false, photo: { noise: 14 } },
  { name: 'jpeg 25', good: false, photo: { quality: 25 } },
];

/** The sheet as another printer would have printed it. */
export async function printed(picture: Picture, widthMm: number, condition: Condition, seed: number): Promise<Picture> {
  const p = condition.print;
  if (!p) return picture;
  const { default: sharp } = await import('sharp');
  const random = seededRandom(seed);
  const scale = picture.width / widthMm;
  let rgb = picture.rgb;
  const raw = { raw: { width: picture.width, height: picture.height, channels: 3 as const } };
  const toner = p.toner ?? 0;
  if (toner !== 0) {
    // Toner spreads or wears: the soft edge of a stroke is cut higher or lower.
    const soft = await sharp(rgb, raw).blur(Math.max(0.3, 0.05 * scale)).raw().toBuffer();
    const before = rgb;
    rgb = Uint8Array.from(soft);
    for (let i = 0; i < rgb.length; i++) {
      const v = soft[i]!;
      const ink = 1 - v / 255;
      // Tints are dots, and stay tints: only strokes and edges spread or wear.
      if (ink < 0.25 || (ink < 0.85 && Math.abs(v - before[i]!) < 5)) continue;
      const cut = Math.max(0, Math.min(1, (ink - 0.5) * 1.9 + 0.5 + toner * 4 * ink * (1 - ink)));
      rgb[i] = 255 * (1 - cut * (toner < 0 ? 1 + 0.45 * toner : 1));
    }
  }
  if (p.speckle) {
    const out = rgb.slice();
    const grain = new Field(seed);
    for (let y = 0, o = 0; y < picture.height; y++) for (let x = 0; x < picture.width; x++, o += 3) if (out[o]! < 120 && grain.at(x * 0.45, y * 0.45) > 0.8 - p.speckle) out.fill(Math.min(255, out[o]! + 70), o, o + 3);
    rgb = out;
  }
  if (p.shiftMm || p.stretch) {
    const stretch = 1 + (p.stretch ?? 0);
    const [w, h] = [Math.round(picture.width * stretch), Math.round(picture.height * stretch)];
    const wide = await sharp(rgb, raw).resize(w, h, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
    const angle = random.fraction() * 2 * Math.PI;
    const [sx, sy] = [Math.cos(angle), Math.sin(angle)].map((v) => Math.round(v * (p.shiftMm ?? 0) * scale)) as [number, number];
    const out = new Uint8Array(picture.rgb.length).fill(255);
    for (let y = 0; y < picture.height; y++) {
      const fy = y - sy;
      if (fy < 0 || fy >= h) continue;
      const from = Math.max(0, -sx);
      const x0 = Math.max(0, sx);
      const n = Math.min(w - from, picture.width - x0);
      if (n > 0) out.set(wide.subarray((fy * w + from) * 3, (fy * w + from + n) * 3), (y * picture.width + x0) * 3);
    }
    rgb = out;
  }
  return { ...picture, rgb };
}

/** The photo as a worse camera, worse light or curled paper would give it. */
export async function shot(jpeg: Buffer, condition: Condition, seed: number): Promise<Buffer> {
  const c = condition.photo;
  if (!c) return jpeg;
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  let rgb: Uint8Array = data;
  if (c.bend) rgb = bent(rgb, width, height, c.bend, seed);
  if (c.blur) rgb = await sharp(rgb, { raw: { width, height, channels: 3 } }).blur(Math.max(0.3, c.blur)).raw().toBuffer();
  const random = seededRandom(seed);
  const angle = random.fraction() * 2 * Math.PI;
  const [gx, gy] = [0.25 + 0.5 * random.fraction(), 0.25 + 0.5 * random.fraction()];
  const out = new Uint8Array(rgb.length);
  for (let y = 0, o = 0; y < height; y++)
    for (let x = 0; x < width; x++, o += 3) {
      let gain = c.exposure ?? 1;
      if (c.shade) gain *= 1 - c.shade * (0.5 + (Math.cos(angle) * (x / width - 0.5) + Math.sin(angle) * (y / height - 0.5)) / 1.2);
      const spot = c.glare ? 420 * Math.exp(-((x / width - gx) ** 2 + ((y - gy * height) / width) ** 2) / (2 * (c.glare / 2) ** 2)) : 0;
      const noise = c.noise ? c.noise * 1.732 * (random.fraction() + random.fraction() + random.fraction() + random.fraction() - 2) : 0;
      for (let k = 0; k < 3; k++) out[o + k] = Math.max(0, Math.min(255, rgb[o + k]! * gain + spot + noise));
    }
  return sharp(out, { raw: { width, height, channels: 3 } }).jpeg({ quality: c.quality ?? 78, chromaSubsampling: '4:2:0' }).toBuffer();
}

/** Curl: spots move by up to so many pixels, smoothly over hundreds of them. */
function bent(rgb: Uint8Array, width: number, height: number, by: number, seed: number): Uint8Array {
  const fx = new Field(seed + 1);
  const fy = new Field(seed + 2);
  const out = new Uint8Array(rgb.length);
  for (let y = 0, o = 0; y < height; y++)
    for (let x = 0; x < width; x++, o += 3) {
      const u = Math.max(0, Math.min(width - 1.01, x + by * fx.at((x / width) * 3, (y / width) * 3)));
      const v = Math.max(0, Math.min(height - 1.01, y + by * fy.at((x / width) * 3, (y / width) * 3)));
      const [iu, iv] = [u | 0, v | 0];
      const [a, b] = [u - iu, v - iv];
      const at = (iv * width + iu) * 3;
      for (let k = 0; k < 3; k++) {
        const top = rgb[at + k]! * (1 - a) + rgb[at + 3 + k]! * a;
        const bottom = rgb[at + width * 3 + k]! * (1 - a) + rgb[at + width * 3 + 3 + k]! * a;
        out[o + k] = top * (1 - b) + bottom * b;
      }
    }
  return out;
}
