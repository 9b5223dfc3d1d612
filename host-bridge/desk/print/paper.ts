/** Sets a form as PDF/A-2b (ISO 19005-2), in a thread of its own with limits of time and memory. */
import { Worker } from 'node:worker_threads';
import type { TDocumentDefinitions } from 'pdfmake/interfaces';
import type { Clock } from '../../common/clock';
import { Problem, type Language } from '../../common/errors';
import { DESK } from '../errors';
import { paperMain, type PaperReply, type PaperRequest } from './paper.worker';

/** Longest time one form may take, ms. */
const TIME_MS = 120_000;
const MEMORY_MB = 1024;

const FOLIO: Readonly<Record<Language, PaperRequest['folio']>> = { zh: ['第 ', ' 页，共 ', ' 页'], en: ['Page ', ' of ', ''] };

/** What all forms have in common. */
export function form(title: string, language: Language, rest: Pick<TDocumentDefinitions, 'content'> & Partial<TDocumentDefinitions>): TDocumentDefinitions {
  return {
    pageSize: 'A4', pageMargins: [56, 56, 56, 50], version: '1.7', subset: 'PDF/A-2b', language: language === 'zh' ? 'zh-CN' : 'en',
    info: { title, producer: 'smartseal' }, defaultStyle: { font: 'Serif', fontSize: 9, lineHeight: 1.15 },
    ...rest,
  };
}

/** The PDF. @param language of the page numbers; undefined: none. @throws PRINT_TOO_LONG where it takes more time or memory than it may */
export function setType(definition: TDocumentDefinitions, language: Language | undefined, clock: Clock): Promise<Buffer> {
  const request: PaperRequest = {
    definition, ...(language === undefined ? {} : { folio: FOLIO[language] }), pdfmake: require.resolve('pdfmake'),
    regular: require.resolve('@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'),
    bold: require.resolve('@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf'),
  };
  const worker = new Worker(`(${paperMain.toString()})(require)`, { eval: true, workerData: request, env: {}, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
  let cancel = (): void => undefined;
  return new Promise<Buffer>((resolve, reject) => {
    cancel = clock.after(TIME_MS, () => reject(new Problem(DESK.PRINT_TOO_LONG)));
    worker.once('message', (reply: PaperReply) => {
      if ('pdf' in reply) resolve(Buffer.from(reply.pdf));
      else reject(new Error(reply.fault));
    });
    worker.once('error', (error: Error & { code?: string }) => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Problem(DESK.PRINT_TOO_LONG) : error));
    worker.once('exit', () => reject(new Problem(DESK.PRINT_TOO_LONG)));
  }).finally(() => {
    cancel();
    return worker.terminate();
  });
}
