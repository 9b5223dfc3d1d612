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
  /** Pages of a PDF are drawn with this long side and then reduced to `longSide`; absent: drawn as they are wanted. */
  drawnLongSide?: number;
  /** Whether the text of a PDF's pages is wanted as well, character by character with its place. */
  text?: boolean;
}

/** The characters of a PDF page in the order of the file; `boxes` has four numbers each: left, top, right, bottom as shares of the page. */
export interface PageText {
  codes: Uint32Array;
  boxes: Float32Array;
}

export type RenderCode = 'OK' | 'CORRUPT' | 'ENCRYPTED' | 'TOO_MANY_PAGES' | 'TOO_MANY_PIXELS';

export type RenderMessage =
  | { type: 'page'; page: number; width: number; height: number; png: Uint8Array; points?: [number, number]; text?: PageText }
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
      const { longSide, drawnLongSide } = request;
      const scale = (drawnLongSide ?? longSide) / Math.max(originalWidth, originalHeight);
      const text = request.text ? textOf(page) : undefined; // before it is drawn: drawing closes the page
      let size = { width: 0, height: 0 };
      const image = await page.render({
        scale,
        render: async (raw) => {
          const drawn = sharp(raw.data, { raw: { width: raw.width, height: raw.height, channels: 4 } }).removeAlpha();
          if (drawnLongSide !== undefined) drawn.resize(longSide, longSide, { fit: 'inside', withoutEnlargement: true, kernel: 'cubic' });
          const { data, info } = await drawn.png().toBuffer({ resolveWithObject: true });
          size = info;
          return data;
        },
      });
      await send({ type: 'page', page: number, width: size.width, height: size.height, png: image.data, points: [originalWidth, originalHeight], ...(text ? { text } : {}) });
    }
    return finish('OK', pages);
  };

  /** More characters on one page are nobody's document. */
  const mostCharacters = 30_000;

  /** Text with places, by PDFium's own calls (public/fpdf_text.h), which the package exports without names of its own. */
  const textOf = (page: unknown): PageText => {
    const { module, pageIdx } = page as unknown as { module: { HEAP32: Int32Array; HEAPF64: Float64Array } & Record<string, (...args: number[]) => number>; pageIdx: number };
    const text = module['_FPDFText_LoadPage']!(pageIdx);
    const room = module['_malloc']!(64);
    try {
      const count = Math.max(0, Math.min(mostCharacters, module['_FPDFText_CountChars']!(text)));
      const codes = new Uint32Array(count);
      const boxes = new Float32Array(4 * count);
      const unit = 30_000; // device units over the page: PageToDevice gives whole numbers
      for (let i = 0; i < count; i++) {
        codes[i] = module['_FPDFText_GetUnicode']!(text, i);
        if (module['_FPDFText_GetCharBox']!(text, i, room, room + 8, room + 16, room + 24) === 0) continue;
        const [left, right, bottom, top] = [0, 8, 16, 24].map((at) => module.HEAPF64[(room + at) >> 3]!) as [number, number, number, number];
        const spots = [[left, top], [right, bottom]].map(([x, y]) => {
          module['_FPDF_PageToDevice']!(pageIdx, 0, 0, unit, unit, 0, x!, y!, room + 32, room + 36);
          return [module.HEAP32[(room + 32) >> 2]! / unit, module.HEAP32[(room + 36) >> 2]! / unit];
        });
        const [[x0, y0], [x1, y1]] = spots as [[number, number], [number, number]];
        boxes.set([Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)], 4 * i);
      }
      return { codes, boxes };
    } finally {
      module['_free']!(room);
      module['_FPDFText_ClosePage']!(text);
    }
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
