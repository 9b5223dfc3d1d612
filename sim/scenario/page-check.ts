/**
 * The bench office looks at the page before it grants a stroke: the photo is held against the document of its permit by the inspection
 * itself (host-bridge/inspection), as the desk does it. Only what is known to be the same passes; a failure passes nothing.
 */
import type { Inspection, InspectionService } from '../../host-bridge/inspection';
import { SimError, words, type Language, type Words } from '../cli/texts';

/** Compares a photo with a document; rejects where there is no verdict. */
export type Inspector = Pick<InspectionService, 'inspect' | 'close'>;

/** Differences told one by one. */
const MOST = 4;

export class PageCheck {
  /** Documents by the id of their permit, hexadecimal: those whose pages are compared. */
  readonly documents = new Map<string, Buffer>();
  /** The page that was compared last, with what differs framed, JPEG. */
  picture: Buffer | undefined;

  constructor(private readonly inspector: Inspector | undefined, private readonly tell: (name: string, text: Words, data: Record<string, unknown>) => void) {}

  /** @throws SimError PAGE_DIFFERS, PAGE_UNREADABLE, PAGE_OPEN, NOT_COMPARED: no grant */
  async check(permit: string, photo: Buffer | undefined): Promise<void> {
    const approved = this.documents.get(permit);
    if (approved === undefined) return;
    if (this.inspector === undefined || photo === undefined) throw new SimError('NOT_COMPARED', photo === undefined ? 'photo' : '');
    this.picture = undefined;
    const { inspection, picture } = await this.inspector.inspect({ approved, photo, picture: true }).catch((error: unknown) => {
      throw new SimError('NOT_COMPARED', (error as { code?: string }).code ?? '');
    });
    this.picture = picture;
    this.tell('compared', words(said(inspection, 'zh'), said(inspection, 'en')), { verdict: inspection.verdict, page: inspection.page ?? null, reasons: inspection.reasons.map(({ code }) => code), boxes: inspection.findings.map(({ code, x, y, width, height }) => ({ code, x, y, width, height })) });
    // Loaded with the inspection's other parts, by the first page that is compared.
    const { objectionTo } = require('../../host-bridge/inspection') as typeof import('../../host-bridge/inspection');
    const against = objectionTo(inspection, false);
    if (against !== undefined) throw new SimError(against.code, inspection.reasons.map(({ code }) => code).join(', '));
  }
}

function said({ verdict, page, reasons, findings, open, notes }: Inspection, language: Language): string {
  const zh = language === 'zh';
  const head = { same: zh ? `比对：是批准文件的第 ${page} 页` : `Compared: page ${page} of the approved document`, different: zh ? '比对：不是批准的页面' : 'Compared: not the approved page', unreadable: zh ? '比对：照片无法判断' : 'Compared: the photo is too poor to judge' }[verdict];
  const at = ({ x, y }: { x: number; y: number }): string => (zh ? `（距左 ${x.toFixed(0)}、距上 ${y.toFixed(0)} 毫米）` : ` (${x.toFixed(0)}, ${y.toFixed(0)} mm from the left and the top)`);
  const boxes = findings.slice(0, MOST).map((one) => one.text[language] + at(one));
  const more = findings.length > MOST ? [zh ? `另有 ${findings.length - MOST} 处` : `${findings.length - MOST} more`] : [];
  const spots = open.slice(0, MOST).map((one) => (zh ? `留空：${one.label}` : `left open: ${one.label}`) + at(one));
  const own = notes.filter((note) => note.page === page && note.code !== 'UNFILLED').map(({ text }) => text[language]);
  return [head, ...(findings.length > 0 ? boxes : reasons.map(({ text }) => text[language])), ...more, ...spots, ...own].join(zh ? '；' : '; ');
}
