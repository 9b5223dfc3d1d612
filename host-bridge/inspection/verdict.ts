/**
 * The verdict on a photo: *same*, *different* or *unreadable*. Only *same* may lead to a grant, so whatever is not
 * positively known to be the same is one of the other two.
 */
import { isScan, textGlyphs, type ApprovedPage, type Glyph } from './approved';
import { compare, density, layOut, type Laid, type Prepared, type Unreadable } from './compare';
import { ELEMENTS, keyElements, type KeyElement } from './elements';
import { redBoxes, redness } from './impression';
import { notesOf, type Note } from './notes';
import { readBack } from './read-back';
import { readPage } from './reading';
import { letterMm, meets, printedGlyphs, type Box } from './text';
import { REASONS, type Finding, type Inspection, type Reason, type ReasonCode, type SeenElement } from './told';
import { openSpots, type OpenSpot } from './unfilled';
import type { Difference } from './differences';
import { project } from './lens';
import type { Model } from './model';
import type { Photo } from './photo';
import type { Plane } from './plane';

/** Measured limits beyond which a photo is not judged; README.md says what they come from. */
export const LIMITS = {
  /** Pixels a millimetre: less, and a changed digit of 9 points hides. */
  pixelsPerMm: 4.5,
  /** Pixels of a figure, or of a letter without stem or tail, in height: less, and a changed one hides. */
  letterPx: 6.5,
  blurMm: 0.3,
  noise: 0.06,
  paper: 0.2,
  glare: 0.002,
  /** Likeness of the coarse prints: below, it is another page; places found again: below, it is none of ours. */
  likeness: 0.5,
  matched: 0.7,
  offMm: 0.3,
} as const;

/** No seal is smaller, mm. */
const SEAL_MM = 12;

/** Findings told one by one; the rest is counted. */
const MOST_FINDINGS = 40;

const UNREADABLE: Readonly<Record<Unreadable, ReasonCode>> = { 'no-sheet': 'NO_SHEET', 'cut-off': 'CUT_OFF', small: 'SMALL', 'other-shape': 'SHAPE' };

const reason = (code: ReasonCode): Reason => ({ code, text: REASONS[code] });

export interface InspectOptions {
  /** The page that is awaited; absent: any page of the document. */
  page?: number;
}

export interface Seen {
  laid: Laid;
  model: Model;
}

/** The verdict, and what it was taken from where the sheet was found. */
export async function inspect(photo: Photo, prepared: Prepared, options: InspectOptions = {}): Promise<{ inspection: Inspection; seen?: Seen }> {
  const pages = prepared.pages.length;
  const laid = await layOut(photo, prepared);
  if (typeof laid === 'string') {
    const code = UNREADABLE[laid];
    return { inspection: { verdict: code === 'SHAPE' ? 'different' : 'unreadable', pages, notes: notesOf(prepared.pages), open: [], elements: [], reasons: [reason(code)], findings: [] } };
  }
  const { model, differences } = compare(laid);
  const measured = measure(laid, model);
  const poor = poorness(measured, laid.location.likeness, letterMm(printedGlyphs(laid.page, textGlyphs(laid.page))) * measured.pixelsPerMm);
  const base = { pages, notes: [] as Note[], open: [] as OpenSpot[], elements: [] as SeenElement[], turned: laid.location.turned, measured };
  const seen = { laid, model };
  // An empty tray is dark and of a sheet's shape; what is printed on a sheet shows even in poor light.
  if (poor.includes('DARK') && laid.printed && laid.location.likeness < LIMITS.likeness) poor.splice(0, poor.length, 'NO_SHEET');
  if (poor.length > 0) return { inspection: { ...base, notes: notesOf(prepared.pages), verdict: 'unreadable', reasons: poor.map(reason), findings: [] }, seen };
  if (laid.printed && (laid.location.likeness < LIMITS.likeness || measured.matched < 0.3)) {
    return { inspection: { ...base, notes: notesOf(prepared.pages), verdict: 'different', reasons: [reason(isBlank(laid) ? 'BLANK' : 'OTHER_PAGE')], findings: [] }, seen };
  }
  const found = differences.filter((d, i) => !differences.slice(0, i).some((other) => covers(other, d)));
  if (isScan(laid.page)) laid.page.read ??= await readPage(laid.page);
  base.notes = notesOf(prepared.pages);
  const keys = keyElements(laid.page);
  const findings = found.slice(0, MOST_FINDINGS).map((d) => finding(d, laid, keys));
  const told = await readBack(laid, model, keys, (box) => found.some((d) => meets(d, box)), findings, (box) => cornersOf(laid, box));
  findings.push(...told.more);
  base.elements = told.elements;
  // What was open at approval and has ink now is a difference.
  base.open = openSpots(laid.page).filter((spot) => spot.kind !== 'blank-page' && !findings.some((f) => meets(f, spot)));
  const reasons: Reason[] = [];
  if (options.page !== undefined && options.page !== laid.page.number) reasons.push(reason('WRONG_PAGE'));
  // Red that the approved page lacks, as wide as a seal: it may have been used up by an earlier stroke (F5).
  const used = findings.some((f) => f.kind !== 'missing') && redBoxes(onBarePaper(redness(photo, laid), laid), laid.scale).some((box) => Math.max(box.width, box.height) >= SEAL_MM && findings.some((f) => f.kind !== 'missing' && meets(f, box)));
  if (used) reasons.push(reason('USED'));
  for (const code of ['CHANGED', 'READS', 'ADDED', 'MISSING'] as const) if (findings.some((f) => f.code === code)) reasons.push(reason(code));
  if (reasons.length === 0 && (measured.matched < LIMITS.matched || measured.offMm > LIMITS.offMm)) {
    return { inspection: { ...base, page: laid.page.number, verdict: 'unreadable', reasons: [reason('NO_MATCH')], findings: [] }, seen };
  }
  return { inspection: { ...base, page: laid.page.number, verdict: reasons.length > 0 ? 'different' : 'same', reasons, findings }, seen };
}

function measure(laid: Laid, model: Model): NonNullable<Inspection['measured']> {
  const { registration, light, scale, page, map } = laid;
  let paper = 0;
  for (let i = 0; i < light.field.data.length; i += 97) paper += light.field.data[i]! / Math.ceil(light.field.data.length / 97);
  return {
    pixelsPerMm: density(map, page.widthMm, page.heightMm),
    blurMm: model.sigma / scale,
    noise: light.noise,
    glare: light.glare,
    paper,
    matched: registration.patches === 0 ? 1 : registration.matched / registration.patches,
    offMm: registration.error / density(map, page.widthMm, page.heightMm),
  };
}

function poorness(m: NonNullable<Inspection['measured']>, likeness: number, letterPx: number): ReasonCode[] {
  const out: ReasonCode[] = [];
  if (m.pixelsPerMm < LIMITS.pixelsPerMm) out.push('SMALL');
  // Of another page nothing is known of its print.
  else if (likeness >= LIMITS.likeness && letterPx < LIMITS.letterPx) out.push('SMALL_PRINT');
  if (m.paper < LIMITS.paper) out.push('DARK');
  if (m.glare > LIMITS.glare) out.push('GLARE');
  // A page that is none of ours fits no blur; then blur is not what is wrong with it.
  if (likeness >= LIMITS.likeness && m.blurMm > LIMITS.blurMm) out.push('BLURRED');
  if (m.noise > LIMITS.noise) out.push('NOISY');
  return out;
}

/** Less ink on the whole sheet than a line of small print. */
const BLANK_INK_MM2 = 12;

/** Red where the approved page has nothing: charts and letterheads have red of their own. */
function onBarePaper(red: Plane, laid: Laid): Plane {
  for (let i = 0; i < red.data.length; i++) if (laid.reference.data[i]! < 0.85) red.data[i] = 0;
  return red;
}

function isBlank({ evened, skip, scale }: Laid): boolean {
  let ink = 0;
  for (let i = 0; i < evened.data.length; i++) if (!skip[i] && evened.data[i]! < 0.75) ink += 1 - evened.data[i]!;
  return ink / (scale * scale) < BLANK_INK_MM2;
}

const covers = (a: Difference, b: Difference): boolean => b.x >= a.x - 1 && b.y >= a.y - 1 && b.x + b.width <= a.x + a.width + 1 && b.y + b.height <= a.y + a.height + 1;

function finding(d: Difference, laid: Laid, keys: readonly KeyElement[]): Finding {
  const code = ({ added: 'ADDED', missing: 'MISSING', changed: 'CHANGED' } as const)[d.kind];
  const approved = textIn(laid.page, d);
  const elements = [...new Set(keys.filter((key) => meets(d, key)).map((key) => key.kind))];
  const named = elements.map((kind) => ELEMENTS[kind]);
  const en = `${named.length > 0 ? `${named.map((n) => n.en).join(', ')}: ` : ''}${REASONS[code].en}`;
  const zh = `${named.length > 0 ? `${named.map((n) => n.zh).join('、')}：` : ''}${REASONS[code].zh}`;
  const text = approved === '' ? { en, zh } : { en: `${en}; approved is “${approved}”`, zh: `${zh}；批准的内容是“${approved}”` };
  return { code, text, kind: d.kind, x: d.x, y: d.y, width: d.width, height: d.height, corners: cornersOf(laid, d), approved, strength: d.strength, elements };
}

function cornersOf(laid: Laid, { x, y, width, height }: Box): [number, number][] {
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]].map(([u, v]) => project(laid.map, u!, v!));
}

/** The approved text that a box touches, and the rest of the number or word that it belongs to. */
function textIn(page: ApprovedPage, box: { x: number; y: number; width: number; height: number }): string {
  const glyphs = textGlyphs(page);
  const touches = (g: Glyph): boolean => g.x < box.x + box.width && g.x + g.width > box.x && g.y < box.y + box.height && g.y + g.height > box.y;
  const hit = glyphs.map((g, i) => (touches(g) ? i : -1)).filter((i) => i >= 0);
  if (hit.length === 0) return '';
  let [from, to] = [hit[0]!, hit.at(-1)!];
  const together = (a: Glyph, b: Glyph): boolean => /[\w.,%¥￥-]/.test(a.char) && /[\w.,%¥￥-]/.test(b.char) && Math.abs(a.y + a.height - b.y - b.height) < 2 && b.x - a.x - a.width < 1;
  while (from > 0 && hit[0]! - from < 20 && together(glyphs[from - 1]!, glyphs[from]!)) from--;
  while (to < glyphs.length - 1 && to - hit.at(-1)! < 20 && together(glyphs[to]!, glyphs[to + 1]!)) to++;
  return glyphs.slice(from, Math.min(to + 1, from + 60)).map((g) => g.char).join('').replace(/\s+/g, ' ').trim();
}
