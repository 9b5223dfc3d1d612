/** The approved document: its pages as pictures and, where the file has it, as text. Read in a process of its own. */
import { Problem } from '../common/errors';
import { DESK } from '../desk/errors';
import { documentLimits, renderDocument, sniff, type PagePicture } from '../desk/documents/render';
import { INSPECTION } from './errors';
import { packed } from './packed';
import { photoLimits } from './photo';
import { plane, type Plane } from './plane';

/** A character of the approved page: box in mm from the page's top left corner. */
export interface Glyph {
  char: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface ApprovedPage {
  /** From 1. */
  number: number;
  widthMm: number;
  heightMm: number;
  /** 0 is black, 1 white. Of a page that was read from a file it is unpacked when it is looked at: 60 of them would fill a gigabyte. */
  readonly picture: Plane;
  /** Empty where the file is a picture. */
  glyphs: Glyph[];
  /** Of a scan: its characters as they were read off its picture; places are rougher, and characters may be wrong. */
  read?: Glyph[];
}

/** Fewer characters on a page with print are a stamp on a scan, no text of it. */
const FEW = 20;

/** Whether a page's text has to be read off its picture. */
export const isScan = (page: Pick<ApprovedPage, 'glyphs'>): boolean => page.glyphs.filter((g) => g.char.trim() !== '').length < FEW;

/** The characters of a page: its own, or those read off it. */
export const textGlyphs = (page: Pick<ApprovedPage, 'glyphs' | 'read'>): Glyph[] => (page.read !== undefined && isScan(page) ? page.read : page.glyphs);

/** Long side of a page picture, pixels: A4 at 200 dots an inch, finer than any photo shows it. */
const LONG_SIDE = 2339;
/**
 * Pages are drawn finer than that and then reduced: PDFium sets glyphs and cuts clipped text by whole pixels, and at 200 dots an
 * inch what it cut off of a line of print stands on every honest sheet as a difference.
 */
const DRAWN_LONG_SIDE = 4678;
/** For reading a document, ms: pages drawn so finely take half a second each on a small computer, and it has other work. */
const READ_MS = 180_000;
const MM_PER_POINT = 25.4 / 72;
/** More pages than this are compared in parts. */
export const MOST_PAGES = 60;

/** A page as the reading process gives it. */
export type RenderedPage = Pick<PagePicture, 'page' | 'png' | 'points' | 'text'>;

/**
 * Reads a document in a process of its own, within limits of size, pages and time.
 * @throws DOCUMENT_… whatever the file does to its reader; APPROVED_COARSE
 */
export async function renderApproved(data: Buffer): Promise<RenderedPage[]> {
  if (data.length === 0) throw new Problem(DESK.DOCUMENT_EMPTY);
  if (data.length > documentLimits.maxBytes) throw new Problem(DESK.DOCUMENT_TOO_LARGE);
  const kind = sniff(data);
  if (!kind) throw new Problem(DESK.DOCUMENT_UNSUPPORTED);
  const pages: RenderedPage[] = [];
  await renderDocument(data, kind, { ...documentLimits, longSide: LONG_SIDE, drawnLongSide: DRAWN_LONG_SIDE, maxPages: MOST_PAGES, timeMs: READ_MS }, (page) => {
    if (!page.points && Math.min(page.width, page.height) < photoLimits.minSide) throw new Problem(INSPECTION.APPROVED_COARSE, `${page.width} x ${page.height}`);
    pages.push(page);
  }, { text: true });
  return pages;
}

export async function approvedPage({ page: number, png, points, text }: RenderedPage): Promise<ApprovedPage> {
  const { width, height, unpack } = await toPlane(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
  // An image without a size counts as A4, lying where it is wider than tall.
  const [widthMm, heightMm] = points
    ? [points[0] * MM_PER_POINT, points[1] * MM_PER_POINT]
    : width <= height ? [210, (210 * height) / width] : [297, (297 * height) / width];
  return { number, widthMm, heightMm, get picture() { return unpack(); }, glyphs: text ? glyphsOf(text, widthMm, heightMm) : [] };
}

/** @throws DOCUMENT_… as renderApproved */
export async function readApproved(data: Buffer): Promise<ApprovedPage[]> {
  const pages: ApprovedPage[] = [];
  for (const page of await renderApproved(data)) pages.push(await approvedPage(page));
  return pages;
}

async function toPlane(png: Buffer): Promise<{ width: number; height: number; unpack: () => Plane }> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(png).flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha().resize(LONG_SIDE, LONG_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'cubic' }).raw().toBuffer({ resolveWithObject: true });
  const out = plane(info.width, info.height);
  for (let i = 0, o = 0; i < out.data.length; i++, o += 3) out.data[i] = (0.299 * data[o]! + 0.587 * data[o + 1]! + 0.114 * data[o + 2]!) / 255;
  return { width: out.width, height: out.height, unpack: packed(out) };
}

function glyphsOf(text: { codes: Uint32Array; boxes: Float32Array }, widthMm: number, heightMm: number): Glyph[] {
  const out: Glyph[] = [];
  for (let i = 0; i < text.codes.length; i++) {
    const [x0, y0, x1, y1] = text.boxes.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    const code = text.codes[i]!;
    if (code === 0 || code > 0x10ffff || !(x1 > x0) || !(y1 > y0) || x1 < 0 || y1 < 0 || x0 > 1 || y0 > 1) continue;
    out.push({ char: String.fromCodePoint(code), x: x0 * widthMm, y: y0 * heightMm, width: (x1 - x0) * widthMm, height: (y1 - y0) * heightMm });
  }
  return out;
}
