/** What is kept of the sheets of a cross-page stroke laid together: the same that is kept of an impression on one page, sheet by sheet. */
import type { ToldTogether } from '../../inspection/service';
import { area, both, clip, JUDGEMENT_VERSION, MOST, round, type ImpressionGrade, type Judged, type JudgedSheet } from './judged';

/** Reasons that are about the seal, not about a page. */
const OF_THE_SEAL = new Set<string>(['NO_STRIP', 'NOT_WHOLE', 'TWO_STROKES']);

function gradeOf(told: ToldTogether): ImpressionGrade | null {
  if (told.verdict === 'unreadable' || told.sheets.every(({ page }) => page === undefined)) return null;
  const codes = told.reasons.map(({ code }) => code as string).filter((code) => OF_THE_SEAL.has(code));
  if (codes.length === 0) return 'good';
  if (told.fragments.length === 0) return 'none';
  // Nothing of this seal, or more of it than one stroke leaves.
  if (codes.includes('TWO_STROKES') || told.complete < FOREIGN) return 'foreign';
  return 'incomplete';
}

/** Less of the seal than this, on all sheets together, is none of it. */
const FOREIGN = 0.1;

/** What an inspection says of a set of sheets. */
export function judgedTogether(told: ToldTogether): Judged {
  const sheets = told.sheets.map((sheet, i): JudgedSheet => {
    const strip = told.fragments.find((one) => one.sheet === i);
    return {
      page: sheet.page ?? null, verdict: sheet.verdict, reasons: sheet.reasons.map(({ code }) => code),
      strip: strip === undefined ? null : { ...area(strip), angle: round(strip.angle, 10), likeness: round(strip.likeness, 1000), share: round(strip.share, 1000) },
    };
  });
  const seen = new Set(sheets.map(({ page }) => page));
  const pages = Math.max(...told.sheets.map((sheet) => sheet.pages));
  return {
    verdict: told.verdict, grade: gradeOf(told), page: null, version: JUDGEMENT_VERSION, since: 'unknown',
    reasons: told.reasons.map(({ code, text }) => ({ code, text: both(text) })),
    findings: told.sheets.flatMap((sheet, i) => sheet.findings.map((one) => ({ ...area(one), code: one.code as string, text: both(one.text), approved: clip(one.approved), seen: clip(one.seen ?? ''), sheet: i + 1 }))).slice(0, MOST.findings),
    impressions: [], earlier: [],
    sheets, complete: round(told.complete, 1000), twice: round(told.twice, 1000),
    // A sheet printed on both sides shows one of them.
    unseen: Array.from({ length: pages }, (_, i) => i + 1).filter((page) => !seen.has(page)).slice(0, MOST.pages),
  };
}
