/** The page after the stroke: one impression, of our die, whole, where it was meant to be, and nothing else changed. */
import { covering, findImpressions, type FoundImpression, type Sample } from './impression';
import { keyElements, ELEMENTS, type ElementKind } from './elements';
import { meets, type Box } from './text';
import type { Photo } from './photo';
import { REASONS, type Inspection, type Reason } from './told';
import type { Seen } from './verdict';

/** Where a stamp is meant to be: ten-thousandths of a page's width and height, from its top left corner, to its middle. */
export interface Mark {
  page: number;
  x: number;
  y: number;
}

export interface StampedOptions {
  sample: Sample;
  /** Where its middle should be, mm from the page's top left corner; absent: anywhere. */
  at?: { x: number; y: number };
  /** The same for pages of a document; the nearest one of the page counts. None at all: anywhere. */
  marks?: readonly Mark[];
  /** Impressions that the photo before the stroke shows of this page: they are not of this stroke. */
  earlier?: readonly FoundImpression[];
}

/** An impression of this stroke, or another seal's, that was not there before. */
export interface StampedImpression extends FoundImpression {
  /** How far its middle is from where it was meant to be, mm; absent: nothing was said of that. */
  off?: number;
  /** Key elements that it hides. */
  covers: { kind: ElementKind; value: string }[];
}

export interface Stamped {
  inspection: Inspection;
  impressions: StampedImpression[];
}

/** Farther off its place than this is misplaced, mm: how sheets lie and how the die swings makes 5. */
export const OFF_MM = 8;
/** Ink this far beside an impression still belongs to it, mm. */
const AROUND_MM = 2;
/** Two photos of one impression show it this near, mm. */
const SAME_MM = 3;

const spread = ({ x, y, width, height }: Box): Box => ({ x: x - AROUND_MM, y: y - AROUND_MM, width: width + 2 * AROUND_MM, height: height + 2 * AROUND_MM });
const near = (a: FoundImpression, b: FoundImpression): boolean => Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2) < SAME_MM && Math.abs(a.width - b.width) < 2 * SAME_MM && Math.abs(a.height - b.height) < 2 * SAME_MM;

/**
 * How far an impression may be off its mark, mm. A mark is set by hand on a picture of the page: as long as the seal lies over it, it is in its place.
 */
export const reachOf = ({ widthMm, heightMm }: Pick<Sample, 'widthMm' | 'heightMm'>): number => Math.max(OFF_MM, Math.min(widthMm, heightMm) / 2);

/** Distance to where it was meant to be, mm, and whether that is too far; undefined: nothing was said. */
function placed(one: FoundImpression, number: number, size: { widthMm: number; heightMm: number }, { at, marks = [], sample }: StampedOptions): { off?: number; misplaced: boolean } | undefined {
  const to = (x: number, y: number): number => Math.hypot(one.centreX - x, one.centreY - y);
  if (at) return { off: to(at.x, at.y), misplaced: to(at.x, at.y) > OFF_MM };
  if (marks.length === 0) return undefined;
  const here = marks.filter(({ page }) => page === number).map(({ x, y }) => to((x / 10_000) * size.widthMm, (y / 10_000) * size.heightMm));
  // A page without a mark was not meant to be stamped.
  return here.length === 0 ? { misplaced: true } : { off: Math.min(...here), misplaced: Math.min(...here) > reachOf(sample) };
}

/**
 * Turns what `inspect` said of a photo after the stroke into what it means then: ink of the impression is no difference.
 * An unreadable photo stays unreadable.
 */
export async function judgeStamped(photo: Photo, before: Inspection, seen: Seen | undefined, options: StampedOptions): Promise<Stamped> {
  if (!seen || before.verdict === 'unreadable' || before.page === undefined) return { inspection: before, impressions: [] };
  const { earlier = [], marks = [] } = options;
  const fresh = (await findImpressions(photo, seen.laid, options.sample)).filter((one) => !earlier.some((old) => near(one, old)));
  const reasons: Reason[] = [];
  const tell = (code: keyof typeof REASONS, en = '', zh = ''): void => void reasons.push({ code, text: { en: REASONS[code].en + en, zh: REASONS[code].zh + zh } });
  const ours = fresh.filter((one) => one.grade !== 'foreign');
  if (ours.length === 0) tell('NO_IMPRESSION');
  // Where a page is to carry several stamps, the earlier ones are no surprise; nor is what others have stamped before.
  const used = earlier.some((one) => one.grade !== 'foreign') && marks.filter(({ page }) => page === before.page).length < 2;
  if (ours.length > 1 || fresh.length > ours.length || used) tell('USED');
  const elements = keyElements(seen.laid.page);
  const impressions: StampedImpression[] = [];
  for (const one of fresh) {
    if (one.grade === 'foreign') {
      impressions.push({ ...one, covers: [] });
      continue;
    }
    if (one.grade !== 'good') tell('IMPRESSION_POOR', `: ${one.grade}, ${Math.round(100 * one.completeness)} %`, `：${GRADE_ZH[one.grade]}，完整度 ${Math.round(100 * one.completeness)} %`);
    const place = placed(one, before.page, seen.laid.page, options);
    if (place?.misplaced === true) tell('MISPLACED', place.off === undefined ? '' : `: ${Math.round(place.off)} mm off`, place.off === undefined ? '' : `：相距 ${Math.round(place.off)} 毫米`);
    const covered = covering(one, elements).filter((e) => e.kind !== 'date' && e.kind !== 'party');
    // A seal stands over the date and the name of who signs, by custom; over an amount or a number it hides what counts.
    if (covered.length > 0) tell('COVERS', `: ${covered.map((e) => `${ELEMENTS[e.kind].en} ${e.value}`).join(', ')}`, `：${covered.map((e) => `${ELEMENTS[e.kind].zh} ${e.value}`).join('、')}`);
    impressions.push({ ...one, ...(place?.off === undefined ? {} : { off: place.off }), covers: covered.map(({ kind, value }) => ({ kind, value })) });
  }
  const inks = [...ours, ...earlier].map(spread);
  const findings = before.findings.filter((f) => f.kind === 'missing' || !inks.some((ink) => meets(ink, f)));
  for (const reason of before.reasons) if (reason.code !== 'USED' && (!['CHANGED', 'READS', 'ADDED', 'MISSING'].includes(reason.code) || findings.some((f) => f.code === reason.code))) reasons.push(reason);
  return { inspection: { ...before, verdict: reasons.length > 0 ? 'different' : 'same', reasons, findings }, impressions };
}

const GRADE_ZH: Readonly<Record<FoundImpression['grade'], string>> = { good: '清晰', faint: '偏淡', incomplete: '残缺', smeared: '模糊涂抹', foreign: '不是本章' };
