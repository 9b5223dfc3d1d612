/** The page after the stroke: one impression, of our die, whole, where it was meant to be, and nothing else changed. */
import { covering, findImpressions, type FoundImpression, type Sample } from './impression';
import { keyElements, ELEMENTS } from './elements';
import { meets } from './text';
import type { Photo } from './photo';
import { REASONS, type Inspection, type Reason } from './told';
import type { Seen } from './verdict';

export interface StampedOptions {
  sample: Sample;
  /** Where its middle should be, mm from the page's top left corner; absent: anywhere. */
  at?: { x: number; y: number };
}

export interface Stamped {
  inspection: Inspection;
  impressions: FoundImpression[];
}

/** Farther off its place than this is misplaced, mm: how sheets lie and how the die swings makes 5. */
const OFF_MM = 8;
/** Ink this far beside an impression still belongs to it, mm. */
const AROUND_MM = 2;

/**
 * Turns what `inspect` said of a photo after the stroke into what it means then: ink of the impression is no difference.
 * An unreadable photo stays unreadable.
 */
export async function judgeStamped(photo: Photo, before: Inspection, seen: Seen | undefined, options: StampedOptions): Promise<Stamped> {
  if (!seen || before.verdict === 'unreadable' || before.page === undefined) return { inspection: before, impressions: [] };
  const found = await findImpressions(photo, seen.laid, options.sample);
  const reasons: Reason[] = [];
  const tell = (code: keyof typeof REASONS, en = '', zh = ''): void => void reasons.push({ code, text: { en: REASONS[code].en + en, zh: REASONS[code].zh + zh } });
  const ours = found.filter((one) => one.grade !== 'foreign');
  if (ours.length === 0) tell('NO_IMPRESSION');
  if (ours.length > 1 || found.length > ours.length) tell('USED');
  const elements = keyElements(seen.laid.page);
  for (const one of ours) {
    if (one.grade !== 'good') tell('IMPRESSION_POOR', `: ${one.grade}, ${Math.round(100 * one.completeness)} %`, `：${GRADE_ZH[one.grade]}，完整度 ${Math.round(100 * one.completeness)} %`);
    if (options.at && Math.hypot(one.centreX - options.at.x, one.centreY - options.at.y) > OFF_MM) tell('MISPLACED');
    const covered = covering(one, elements).filter((e) => e.kind !== 'date' && e.kind !== 'party');
    // A seal stands over the date and the name of who signs, by custom; over an amount or a number it hides what counts.
    if (covered.length > 0) tell('COVERS', `: ${covered.map((e) => `${ELEMENTS[e.kind].en} ${e.value}`).join(', ')}`, `：${covered.map((e) => `${ELEMENTS[e.kind].zh} ${e.value}`).join('、')}`);
  }
  const inks = ours.map((one) => ({ x: one.x - AROUND_MM, y: one.y - AROUND_MM, width: one.width + 2 * AROUND_MM, height: one.height + 2 * AROUND_MM }));
  const findings = before.findings.filter((f) => f.kind === 'missing' || !inks.some((ink) => meets(ink, f)));
  for (const reason of before.reasons) if (reason.code !== 'USED' && (!['CHANGED', 'READS', 'ADDED', 'MISSING'].includes(reason.code) || findings.some((f) => f.code === reason.code))) reasons.push(reason);
  return { inspection: { ...before, verdict: reasons.length > 0 ? 'different' : 'same', reasons, findings }, impressions: found };
}

const GRADE_ZH: Readonly<Record<FoundImpression['grade'], string>> = { good: '清晰', faint: '偏淡', incomplete: '残缺', smeared: '模糊涂抹', foreign: '不是本章' };
