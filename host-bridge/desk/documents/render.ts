/** Turns an uploaded document into page pictures, in a process of its own with a time limit. */
import { fork } from 'node:child_process';
import { Problem } from '../../common/errors';
import { DESK } from '../errors';
import { officeKind, officeToPdf, type OfficeKind } from './office';
import { renderMain, type PageText, type RenderCode, type RenderMessage, type RenderRequest } from './render.worker';

export interface DocumentLimits {
  /** Largest file in bytes. */
  maxBytes: number;
  maxPages: number;
  maxPixels: number;
  longSide: number;
  /** Pages of a PDF are drawn with this long side and then reduced; absent: drawn as large as they are wanted. */
  drawnLongSide?: number;
  /** Milliseconds for the whole document. */
  timeMs: number;
  /** Largest sum of page pictures in bytes. */
  maxOutput: number;
}

export const documentLimits: DocumentLimits = {
  maxBytes: 20 << 20,
  maxPages: 200,
  maxPixels: 50_000_000, // A4 at 600 dpi is 35 million
  longSide: 1754, // A4 at 150 dpi: legible to an approver, and what a page comparison works from
  timeMs: 60_000,
  maxOutput: 256 << 20,
};

export interface PagePicture {
  page: number;
  width: number;
  height: number;
  png: Buffer;
  /** Size in points (1/72 inch), where the document states one. */
  points?: [number, number];
  /** Where it was asked for and the document has any. */
  text?: PageText;
}

export type { PageText };

export type DocumentKind = 'pdf' | 'png' | 'jpeg' | OfficeKind;

/** What a file is, by its first bytes (PDF: ISO 32000-1 annex H.3.4.1 lets the header stand within the first 1024). */
export function sniff(data: Buffer): DocumentKind | undefined {
  if (data.subarray(0, 1024).includes('%PDF-')) return 'pdf';
  if (data.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'png';
  if (data.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'jpeg';
  return officeKind(data);
}

const faultOf: Record<Exclude<RenderCode, 'OK'>, (typeof DESK)[keyof typeof DESK]> = {
  CORRUPT: DESK.DOCUMENT_CORRUPT,
  ENCRYPTED: DESK.DOCUMENT_ENCRYPTED,
  TOO_MANY_PAGES: DESK.DOCUMENT_TOO_MANY_PAGES,
  TOO_MANY_PIXELS: DESK.DOCUMENT_TOO_MANY_PIXELS,
};

/**
 * Renders a document; `onPage` is called once a page, in order. Resolves to the number of pages.
 * Throws DOCUMENT_… for whatever the file does to its reader: it is the file's fault until shown otherwise.
 */
export async function renderDocument(data: Buffer, kind: DocumentKind, limits: DocumentLimits, onPage: (page: PagePicture) => void, options: { text?: boolean } = {}): Promise<number> {
  if (kind === 'docx' || kind === 'xlsx') return renderDocument(await officeToPdf(data, kind), 'pdf', limits, onPage, options);
  const program = `(${renderMain.toString()})(${JSON.stringify(require.resolve('sharp'))},${JSON.stringify(require.resolve('@hyzyla/pdfium'))},require)`;
  const child = fork('render', [], {
    // The program comes as text so that it is the same from sources and from the build; 'render' is only its name.
    execArgv: ['--max-old-space-size=512', '-e', program],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
    timeout: limits.timeMs,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    let verdict: { code: RenderCode; pages: number } | undefined;
    let failed: Problem | undefined;
    let bytes = 0;
    let seen = 0;
    const fail = (problem: Problem): void => {
      failed ??= problem;
      child.kill('SIGKILL');
    };
    child.on('error', (error) => fail(new Problem(DESK.DOCUMENT_CORRUPT, { cause: error })));
    child.on('message', (message) => {
      if (failed) return;
      const told = message as RenderMessage;
      if (told.type === 'end') {
        verdict = told;
        return;
      }
      const png = Buffer.from(told.png.buffer, told.png.byteOffset, told.png.byteLength);
      bytes += png.length;
      seen += 1;
      if (bytes > limits.maxOutput || told.page !== seen) return fail(new Problem(DESK.DOCUMENT_TOO_MANY_PIXELS));
      try {
        onPage({ page: told.page, width: told.width, height: told.height, png, ...(told.points ? { points: told.points } : {}), ...(told.text ? { text: told.text } : {}) });
      } catch (error) {
        fail(error as Problem);
      }
    });
    child.on('close', (_code, signal) => {
      if (failed) return reject(failed);
      if (!verdict) return reject(new Problem(signal === 'SIGKILL' ? DESK.DOCUMENT_TIMEOUT : DESK.DOCUMENT_CORRUPT));
      if (verdict.code !== 'OK') return reject(new Problem(faultOf[verdict.code]));
      if (verdict.pages !== seen) return reject(new Problem(DESK.DOCUMENT_CORRUPT));
      resolve(seen);
    });
    const request: RenderRequest = { kind, data, maxPages: limits.maxPages, maxPixels: limits.maxPixels, longSide: limits.longSide, ...(limits.drawnLongSide === undefined ? {} : { drawnLongSide: limits.drawnLongSide }), ...(options.text ? { text: true } : {}) };
    child.send(request, (error) => {
      if (error) fail(new Problem(DESK.DOCUMENT_CORRUPT, { cause: error }));
    });
  });
}
