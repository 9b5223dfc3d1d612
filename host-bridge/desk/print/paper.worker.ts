/**
 * The program of the thread that sets type: laying out a long table takes seconds, in which the desk goes on answering. It is
 * handed over as text, so that it is the same from sources and from the build, and so `paperMain` may use nothing from
 * outside itself but its arguments.
 */
import type { TDocumentDefinitions } from 'pdfmake/interfaces';

export interface PaperRequest {
  definition: TDocumentDefinitions;
  /** Files of the typeface. */
  regular: string;
  bold: string;
  /** The modules, as paths. */
  pdfmake: string;
  /** What "page n of m" is called: the text before, between and behind the numbers; absent: pages bear no number. */
  folio?: readonly [string, string, string] | undefined;
}

export type PaperReply = { pdf: Uint8Array } | { fault: string };

export function paperMain(load: (path: string) => unknown): void {
  const { parentPort, workerData } = load('node:worker_threads') as typeof import('node:worker_threads');
  const request = workerData as PaperRequest;
  const pdfmake = load(request.pdfmake) as {
    addTableLayouts(layouts: Record<string, { hLineWidth(): number; vLineWidth(): number }>): void;
    addFonts(fonts: Record<string, Record<string, string>>): void;
    setUrlAccessPolicy(allowed: (url: string) => boolean): void;
    setLocalAccessPolicy(allowed: (path: string) => boolean): void;
    createPdf(definition: TDocumentDefinitions): { getBuffer(): Promise<Buffer> };
  };
  pdfmake.addFonts({ Serif: { normal: request.regular, bold: request.bold, italics: request.regular, bolditalics: request.bold } });
  pdfmake.addTableLayouts({ thin: { hLineWidth: () => 0.5, vLineWidth: () => 0.5 } });
  // Whatever somebody wrote into an application: nothing is fetched, and no file read but the typeface.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === request.regular || path === request.bold);
  const { folio } = request;
  const footer = folio && ((page: number, pages: number): { text: string; alignment: 'center'; fontSize: number; margin: [number, number, number, number] } => ({
    text: `${folio[0]}${page}${folio[1]}${pages}${folio[2]}`, alignment: 'center', fontSize: 8, margin: [0, 12, 0, 0],
  }));
  pdfmake
    .createPdf({ ...request.definition, ...(footer ? { footer } : {}) })
    .getBuffer()
    .then(
      (pdf) => parentPort?.postMessage({ pdf } satisfies PaperReply),
      (error: unknown) => parentPort?.postMessage({ fault: String(error) } satisfies PaperReply),
    );
}
