/** The sheets of a cross-page stroke, each photographed: every one is the approved page but for its strip, and the strips make one whole impression. */
import { assemble, TOGETHER, type Fragment, type RedSheet } from './fragments';
import { redness, type Sample } from './impression';
import type { Prepared } from './compare';
import { readPhoto } from './photo';
import { meets } from './text';
import { REASONS, type Inspection, type Reason, type Verdict } from './told';
import { inspect } from './verdict';

export interface CrossPage {
  verdict: Verdict;
  reasons: Reason[];
  /** One a photo, in the order given; ink of the strip is no difference there. */
  sheets: Inspection[];
  fragments: Omit<Fragment, 'mask'>[];
  /** Shares of the sample's relief that are on a sheet, and on more than one. */
  complete: number;
  twice: number;
}

/** Ink this far beside a strip still belongs to it, mm. */
const AROUND_MM = 2;

/** @throws PHOTO_… as readPhoto */
export async function inspectCrossPage(photos: readonly Buffer[], prepared: Prepared, sample: Sample): Promise<CrossPage> {
  const looked: { inspection: Inspection; red: RedSheet | undefined }[] = [];
  for (const data of photos) {
    const photo = await readPhoto(data);
    const { inspection, seen } = await inspect(photo, prepared);
    looked.push({ inspection, red: seen && inspection.page !== undefined ? { red: redness(photo, seen.laid), scale: seen.laid.scale } : undefined });
  }
  const inked = looked.filter((one) => one.red !== undefined);
  const { fragments, complete, twice } = await assemble(inked.map((one) => one.red!), sample);
  const sheets = looked.map((one) => withoutStrip(one.inspection, fragments.find(({ sheet }) => inked[sheet] === one)));
  const reasons: Reason[] = [];
  const tell = (code: keyof typeof REASONS): void => void reasons.push({ code, text: REASONS[code] });
  const poor = sheets.some((sheet) => sheet.verdict === 'unreadable');
  for (const sheet of sheets) for (const reason of sheet.reasons) if (!reasons.some(({ code }) => code === reason.code)) reasons.push(reason);
  const pages = sheets.map((sheet) => sheet.page).filter((page) => page !== undefined);
  if (new Set(pages).size < pages.length) tell('PAGE_TWICE');
  if (!poor) {
    if (fragments.length < sheets.length || fragments.some((one) => one.likeness < TOGETHER.likeness)) tell('NO_STRIP');
    if (complete < TOGETHER.complete) tell('NOT_WHOLE');
    if (twice > TOGETHER.twice) tell('TWO_STROKES');
  }
  return { verdict: poor ? 'unreadable' : reasons.length > 0 ? 'different' : 'same', reasons, sheets, fragments: fragments.map(({ mask: _mask, ...told }) => told), complete, twice };
}

/** What an inspection says apart from the ink of the strip. */
function withoutStrip(inspection: Inspection, strip: Fragment | undefined): Inspection {
  if (!strip || strip.likeness < TOGETHER.likeness) return inspection;
  const ink = { x: strip.x - AROUND_MM, y: strip.y - AROUND_MM, width: strip.width + 2 * AROUND_MM, height: strip.height + 2 * AROUND_MM };
  const findings = inspection.findings.filter((f) => f.kind === 'missing' || !meets(ink, f));
  const reasons = inspection.reasons.filter(({ code }) => (code === 'USED' ? false : !['CHANGED', 'READS', 'ADDED', 'MISSING'].includes(code) || findings.some((f) => f.code === code)));
  if (inspection.verdict === 'unreadable') return inspection;
  return { ...inspection, findings, reasons, verdict: reasons.length > 0 ? 'different' : 'same' };
}
