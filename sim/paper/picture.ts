/**
 * Pictures in memory and how they come out of files. PDF pages are drawn by PDFium (wasm), images are read by sharp;
 * both are loaded only when first wanted, because a simulated unit without a page needs neither.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** 8-bit RGB, rows from the top, three bytes a pixel, no padding. */
export interface Picture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** Why a file gave no page. `code` is stable. */
export class PictureError extends Error {
  constructor(
    readonly code: 'PAGE_FILE_MISSING' | 'PAGE_FILE_UNREADABLE' | 'PAGE_NUMBER' | 'PAGE_TOO_LARGE',
    message: string,
  ) {
    super(message);
    this.name = 'PictureError';
  }
}

/** Largest picture that is taken, in pixels: A3 at 400 dpi fits, a decompression bomb does not. */
const MOST_PIXELS = 40_000_000;
/** Largest file that is taken, in bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface Drawn {
  picture: Picture;
  widthMm: number;
  heightMm: number;
}

/** PDF user space has 72 units an inch (ISO 32000-1, 8.3.2.3). */
const mmFromPoints = (points: number): number => (points * 25.4) / 72;

async function fileBytes(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new PictureError('PAGE_FILE_MISSING', `${file}: ${(error as Error).message}`);
  }
  if (bytes.length === 0 || bytes.length > MOST_BYTES) throw new PictureError('PAGE_FILE_UNREADABLE', `${file}: empty or larger than ${MOST_BYTES} bytes`);
  return bytes;
}

/** One page of a PDF, or an image, drawn at so many dots an inch. Images without a stated density count as A4. */
export async function draw(file: string, pageNumber: number, dpi: number): Promise<Drawn> {
  const bytes = await fileBytes(file);
  if (bytes.subarray(0, 1024).includes('%PDF-')) return drawPdf(bytes, pageNumber, dpi, file);
  if (pageNumber !== 1) throw new PictureError('PAGE_NUMBER', `${path.basename(file)} has 1 page`);
  return drawImage(bytes, dpi, file);
}

async function drawPdf(bytes: Buffer, pageNumber: number, dpi: number, file: string): Promise<Drawn> {
  const { PDFiumLibrary } = await import('@hyzyla/pdfium');
  const library = await PDFiumLibrary.init();
  try {
    let document;
    try {
      document = await library.loadDocument(bytes);
    } catch {
      throw new PictureError('PAGE_FILE_UNREADABLE', `${path.basename(file)} is not a readable PDF`);
    }
    try {
      const count = document.getPageCount();
      if (!Number.isInteger(pageNumber) || pageNumber < 1 || pageNumber > count) throw new PictureError('PAGE_NUMBER', `${path.basename(file)} has ${count} pages`);
      const page = document.getPage(pageNumber - 1);
      const size = page.getOriginalSize();
      const scale = dpi / 72;
      if (size.originalWidth * scale * size.originalHeight * scale > MOST_PIXELS) throw new PictureError('PAGE_TOO_LARGE', `${path.basename(file)}: page of ${Math.round(mmFromPoints(size.originalWidth))} mm at ${dpi} dpi`);
      const drawn = await page.render({ scale, render: 'bitmap' });
      return {
        picture: { width: drawn.width, height: drawn.height, rgb: onWhite(drawn.data, drawn.width * drawn.height) },
        widthMm: mmFromPoints(drawn.originalWidth),
        heightMm: mmFromPoints(drawn.originalHeight),
      };
    } finally {
      document.destroy();
    }
  } finally {
    library.destroy();
  }
}

/** RGBA, as the package has PDFium draw it (FPDF_REVERSE_BYTE_ORDER), laid on white paper. */
function onWhite(rgba: Uint8Array, pixels: number): Uint8Array {
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0, o = 0; o < rgb.length; i += 4, o += 3) {
    const a = rgba[i + 3]!;
    const white = 255 - a;
    rgb[o] = ((rgba[i]! * a + 127) / 255 + white) | 0;
    rgb[o + 1] = ((rgba[i + 1]! * a + 127) / 255 + white) | 0;
    rgb[o + 2] = ((rgba[i + 2]! * a + 127) / 255 + white) | 0;
  }
  return rgb;
}

async function drawImage(bytes: Buffer, dpi: number, file: string): Promise<Drawn> {
  const { default: sharp } = await import('sharp');
  try {
    const source = sharp(bytes, { limitInputPixels: MOST_PIXELS });
    const meta = await source.metadata();
    const turned = (meta.orientation ?? 1) >= 5;
    const w = turned ? meta.height : meta.width;
    const h = turned ? meta.width : meta.height;
    // 72 is what cameras and editors write when they do not know: only a density above it is a statement.
    const stated = meta.density !== undefined && meta.density > 72;
    const widthMm = stated ? (w / meta.density!) * 25.4 : w <= h ? 210 : 297;
    const heightMm = (widthMm * h) / w;
    const width = Math.max(1, Math.round((widthMm * dpi) / 25.4));
    const height = Math.max(1, Math.round((heightMm * dpi) / 25.4));
    if (width * height > MOST_PIXELS) throw new PictureError('PAGE_TOO_LARGE', `${path.basename(file)}: ${width} x ${height} pixels at ${dpi} dpi`);
    const { data } = await source.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb').resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return { picture: { width, height, rgb: new Uint8Array(data) }, widthMm, heightMm };
  } catch (error) {
    if (error instanceof PictureError) throw error;
    throw new PictureError('PAGE_FILE_UNREADABLE', `${path.basename(file)} is neither a PDF nor an image that can be read`);
  }
}

/** PNG file of a picture, its density stated. */
export async function toPng(picture: Picture, dpi: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp(picture.rgb, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .withMetadata({ density: dpi })
    .png()
    .toBuffer();
}
