/** The photo with what differs framed: the page upright, as a person reads it. */
import type { Photo } from './photo';
import type { Plane } from './plane';
import type { Mark, StampedImpression } from './stamped';
import { warp } from './warp';
import type { Inspection } from './told';
import type { Seen } from './verdict';

const COLOURS = { added: '#d4380d', missing: '#1d39c4', changed: '#c41d7f' } as const;
/** Frames stand so many mm off what they show. */
const AROUND_MM = 1;

/** What is drawn of a page after the stroke. */
export interface Drawn {
  impressions: readonly StampedImpression[];
  marks: readonly Mark[];
}
const GOOD = '#237804';
const POOR = '#d46b08';
/** Half a side of the cross where a stamp was meant to be, mm. */
const CROSS_MM = 4;

/**
 * JPEG of the page, or of the photo as it is where no page was found. Red frames: added; blue: missing; purple: changed. After the stroke: green a good
 * impression, orange a poor one, red one of another seal, dashed; a cross where it was meant to be.
 */
export async function drawFindings(photo: Photo, inspection: Inspection, seen: Seen | undefined, stamped?: Drawn): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  if (!seen) return sharp(photo.rgb, { raw: { width: photo.width, height: photo.height, channels: 3 } }).jpeg({ quality: 85 }).toBuffer();
  const { laid } = seen;
  const { width, height } = laid.reference;
  const rgb = new Uint8Array(width * height * 3);
  for (let channel = 0; channel < 3; channel++) {
    const one: Plane = { width: photo.width, height: photo.height, data: new Float32Array(photo.width * photo.height) };
    for (let i = 0; i < one.data.length; i++) one.data[i] = photo.rgb[i * 3 + channel]! / 255;
    const laidOut = warp(one, laid.map, width, height, laid.scale);
    for (let i = 0; i < laidOut.data.length; i++) rgb[i * 3 + channel] = Math.max(0, Math.min(255, laidOut.data[i]! * 255 + 0.5));
  }
  const boxes = inspection.findings.map((f, i) => {
    const [x, y] = [(f.x - AROUND_MM) * laid.scale, (f.y - AROUND_MM) * laid.scale];
    const [w, h] = [(f.width + 2 * AROUND_MM) * laid.scale, (f.height + 2 * AROUND_MM) * laid.scale];
    return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${COLOURS[f.kind]}" stroke-width="3"/><text x="${x}" y="${y - 4}" font-family="sans-serif" font-size="22" fill="${COLOURS[f.kind]}">${i + 1}</text>`;
  });
  if (stamped) boxes.push(...drawStamped(stamped, inspection, laid));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${boxes.join('')}</svg>`;
  return sharp(rgb, { raw: { width, height, channels: 3 } }).composite([{ input: Buffer.from(svg) }]).jpeg({ quality: 85 }).toBuffer();
}

function drawStamped({ impressions, marks }: Drawn, { page }: Inspection, { scale, page: { widthMm, heightMm } }: Seen['laid']): string[] {
  const frames = impressions.map(({ x, y, width, height, grade }) => {
    const colour = grade === 'good' ? GOOD : grade === 'foreign' ? COLOURS.added : POOR;
    return `<rect x="${(x - AROUND_MM) * scale}" y="${(y - AROUND_MM) * scale}" width="${(width + 2 * AROUND_MM) * scale}" height="${(height + 2 * AROUND_MM) * scale}" fill="none" stroke="${colour}" stroke-width="4" stroke-dasharray="14 6"/>`;
  });
  const crosses = marks.filter((mark) => mark.page === page).map((mark) => {
    const [x, y, arm] = [(mark.x / 10_000) * widthMm * scale, (mark.y / 10_000) * heightMm * scale, CROSS_MM * scale];
    return `<path d="M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}" stroke="${GOOD}" stroke-width="3"/>`;
  });
  return [...frames, ...crosses];
}
