/** The sheets of a cross-page stroke, each photographed: every one is the approved page but for its strip, and the strips make one whole impression. */
import { assemble, TOGETHER, type Fragment, type RedSheet } from './fragments';
import { redness, type Sample } from './impression';
import type { Laid, Prepared } from './compare';
import { drawTogether, type ColouredSheet } from './draw-sheets';
import { readPhoto, type Photo } from './photo';
import { meets } from './text';
import { REASONS, type Inspection, type Reason, type Verdict } from './told';
import { inspect } from './verdict';
import { warpColours } from './warp';

export interface CrossPage {
  verdict: Verdict;
  reasons: Reason[];
  /** One a photo, in the order given; ink of the strip is no difference there. `fragments` name them by their place in it. */
  sheets: Inspection[];
  fragments: Omit<Fragment, 'mask'>[];
  /** Shares of the sample's relief that are on a sheet, and on more than one. */
  complete: number;
  twice: number;
  /** The strips laid together, JPEG; absent: not asked for, or there is none. */
  picture?: Uint8Array;
}

/** Ink this far beside a strip still belongs to it, mm. */
const AROUND_MM = 2;

interface Looked {
  inspection: Inspection;
  /** Absent: the photo shows no page of the document. */
  red: RedSheet | undefined;
  rgb: Uint8Array | undefined;
}

/** @param picture whether the strips are to be drawn together. @throws PHOTO_… as readPhoto */
export async function inspectCrossPage(photos: readonly Buffer[], prepared: Prepared, sample: Sample, picture = false): Promise<CrossPage> {
  const looked: Looked[] = [];
  for (const data of photos) {
    const photo = await readPhoto(data);
    const { inspection, seen } = await inspect(photo, prepared);
    const page = seen && inspection.page !== undefined ? seen.laid : undefined;
    looked.push({ inspection, red: page && { red: redness(photo, page), scale: page.scale }, rgb: picture && page ? coloursOf(photo, page) : undefined });
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
  const drawn = picture && fragments.length > 0 ? await drawTogether(fragments, inked.map(({ red, rgb }): ColouredSheet => ({ ...red!, rgb: rgb! })), inked.map(({ inspection }) => String(inspection.page)), sample, TOGETHER.likeness) : undefined;
  return {
    verdict: poor ? 'unreadable' : reasons.length > 0 ? 'different' : 'same', reasons, sheets,
    fragments: fragments.map(({ mask: _mask, ...told }) => ({ ...told, sheet: looked.indexOf(inked[told.sheet]!) })), complete, twice, ...(drawn ? { picture: drawn } : {}),
  };
}

/** The sheet's colours, laid out: a byte each, for as a dozen planes of numbers they would fill the process. */
function coloursOf(photo: Photo, { reference: { width, height }, map, scale, flow }: Laid): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (const [channel, { data }] of warpColours(photo, map, width, height, scale, flow).entries()) for (let i = 0; i < data.length; i++) rgb[3 * i + channel] = Math.max(0, Math.min(255, data[i]! * 255 + 0.5));
  return rgb;
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
