/** The strips of several sheets laid together in one picture, as the seal lies in its sample. */
import type { Fragment, RedSheet } from './fragments';
import type { Sample } from './impression';
import type { Box } from './text';
import { sampleAt } from './plane';

/** Pixels a millimetre, and white around the seal, mm. */
const SCALE = 12;
const AROUND_MM = 4;
/** Paper this far beside a strip is shown with it, mm. */
const BESIDE_MM = 1.5;
const FITS = '#237804';
const FITS_NOT = '#d4380d';
/** What no sheet shows. */
const NOTHING = 236;

/** A sheet with what colour it has where: three bytes a spot, as many as `red` has. */
export interface ColouredSheet extends RedSheet {
  rgb: Uint8Array;
}

const within = ({ x, y, width, height }: Box, px: number, py: number): boolean => px >= x - BESIDE_MM && py >= y - BESIDE_MM && px <= x + width + BESIDE_MM && py <= y + height + BESIDE_MM;

/**
 * JPEG; grey: no sheet shows it. Around each strip a dashed frame with the number of its page: green where it fits the sample, red where it does not.
 * @param least likeness from which on a strip fits
 */
export async function drawTogether(fragments: readonly Fragment[], sheets: readonly ColouredSheet[], names: readonly string[], sample: Sample, least: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const width = Math.round((sample.widthMm + 2 * AROUND_MM) * SCALE);
  const height = Math.round((sample.heightMm + 2 * AROUND_MM) * SCALE);
  const out = new Uint8Array(width * height * 3).fill(NOTHING);
  const turns = fragments.map(({ angle }) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)] as const);
  for (let y = 0, o = 0; y < height; y++)
    for (let x = 0; x < width; x++, o += 3) {
      const [mx, my] = [(x + 0.5 - width / 2) / SCALE, (y + 0.5 - height / 2) / SCALE];
      let most = -1;
      for (const [i, one] of fragments.entries()) {
        const [c, n] = turns[i]!;
        const [px, py] = [one.centreX + c * mx - n * my, one.centreY + n * mx + c * my];
        if (!within(one, px, py)) continue;
        const { red, rgb, scale } = sheets[one.sheet]!;
        const [u, v] = [px * scale - 0.5, py * scale - 0.5];
        if (u < 0 || v < 0 || u > red.width - 1 || v > red.height - 1) continue;
        const ink = sampleAt(red, u, v);
        // Where two sheets show the same spot, the inked one counts.
        if (ink <= most) continue;
        most = ink;
        const at = 3 * (Math.round(v) * red.width + Math.round(u));
        [out[o], out[o + 1], out[o + 2]] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
      }
    }
  const frames = fragments.map((one, i) => {
    const [c, n] = turns[i]!;
    const place = (px: number, py: number): [number, number] => {
      const [dx, dy] = [px - one.centreX, py - one.centreY];
      return [(c * dx + n * dy) * SCALE + width / 2, (-n * dx + c * dy) * SCALE + height / 2];
    };
    const corners = [place(one.x, one.y), place(one.x + one.width, one.y), place(one.x + one.width, one.y + one.height), place(one.x, one.y + one.height)];
    const colour = one.likeness >= least ? FITS : FITS_NOT;
    const [tx, ty] = [corners.reduce((sum, [a]) => sum + a, 0) / 4, Math.max(20, Math.min(...corners.map(([, b]) => b)) - 6)];
    return `<polygon points="${corners.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="10 6"/><text x="${tx.toFixed(0)}" y="${ty.toFixed(0)}" text-anchor="middle" font-family="sans-serif" font-size="20" fill="${colour}">${names[one.sheet] ?? ''}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${frames.join('')}</svg>`;
  return sharp(out, { raw: { width, height, channels: 3 } }).composite([{ input: Buffer.from(svg) }]).jpeg({ quality: 88 }).toBuffer();
}
