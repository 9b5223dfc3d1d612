/**
 * The program of the process that reads documents: a hostile file can crash or stall it, and nothing else. It gets one
 * message (the file and its limits) and answers with one message a page and a last one with the verdict.
 *
 * It is handed to a new process as source text (render.ts), so `renderMain` may use nothing from outside itself but its
 * arguments.
 */

export interface RenderRequest {
  kind: 'pdf' | 'png' | 'jpeg';
  data: Uint8Array;
  maxPages: number;
  /** Largest area of a page picture or an uploaded picture, in pixels. */
  maxPixels: number;
  /** Long side of a page picture, in pixels. */
  longSide: number;
}

export type RenderCode = 'OK' | 'CORRUPT' | 'ENCRYPTED' | 'TOO_MANY_PAGES' | 'TOO_MANY_PIXELS';

export type RenderMessage =
  | { type: 'page'; page: number; width: number; height: number; png: Uint8Array }
  | { type: 'end'; code: RenderCode; pages: number };

export function renderMain(sharpPath: string, pdfiumPath: string, load: (path: string) => unknown): void {
  const send = (message: RenderMessage): Promise<void> => new Promise((done) => process.send?.(message, () => done()));
  const finish = async (code: RenderCode, pages: number): Promise<void> => {
    await send({ type: 'end', code, pages });
    process.disconnect();
    process.exit(0); // also ends what a library left running
  };
  const sharp = load(sharpPath) as typeof import('sharp');

  const picture = async (request: RenderRequest): Promise<void> => {
    const options = { limitInputPixels: request.maxPixels, failOn: 'error', unlimited: false } as const;
    const head = await sharp(request.data, options).metadata();
    if ((head.width ?? 0) * (head.height ?? 0) > request.maxPixels) return finish('TOO_MANY_PIXELS', 0);
    const out = await sharp(request.data, options)
      .rotate() // as its EXIF orientation says it is to be looked at
      .resize(request.longSide, request.longSide, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .png()
      .toBuffer({ resolveWithObject: true });
    await send({ type: 'page', page: 1, width: out.info.width, height: out.info.height, png: out.data });
    return finish('OK', 1);
  };

  const pdf = async (request: RenderRequest): Promise<void> => {
    const { PDFiumLibrary } = load(pdfiumPath) as typeof import('@hyzyla/pdfium');
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(request.data);
    const pages = document.getPageCount();
    if (pages > request.maxPages) return finish('TOO_MANY_PAGES', pages);
    if (pages < 1) return finish('CORRUPT', 0);
    for (let number = 1; number <= pages; number++) {
      const page = document.getPage(number - 1);
      const { originalWidth, originalHeight } = page.getOriginalSize();
      if (!(originalWidth >= 1 && originalHeight >= 1 && originalWidth <= 14400 && originalHeight <= 14400)) return finish('TOO_MANY_PIXELS', pages);
      const scale = request.longSide / Math.max(originalWidth, originalHeight);
      const image = await page.render({
        scale,
        render: (raw) => sharp(raw.data, { raw: { width: raw.width, height: raw.height, channels: 4 } }).removeAlpha().png().toBuffer(),
      });
      await send({ type: 'page', page: number, width: image.width, height: image.height, png: image.data });
    }
    return finish('OK', pages);
  };

  process.once('message', (request: RenderRequest) => {
    sharp.concurrency(1);
    (request.kind === 'pdf' ? pdf(request) : picture(request)).catch((error: unknown) => {
      const text = String((error as Error).message ?? error);
      const code = /password|security scheme/i.test(text) ? 'ENCRYPTED' : /pixel limit/i.test(text) ? 'TOO_MANY_PIXELS' : 'CORRUPT';
      void finish(code, 0);
    });
  });
}
