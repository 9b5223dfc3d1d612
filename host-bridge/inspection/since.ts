/** Two photos of one sheet, before and after the stroke: whether it is still the same. */
import type { Inspection } from './told';
import { meets, type Box } from './text';

/** Ink this far beside an impression still belongs to it, and a difference is the same one in both photos, mm. */
const AROUND_MM = 2;
const spread = ({ x, y, width, height }: Box): Box => ({ x: x - AROUND_MM, y: y - AROUND_MM, width: width + 2 * AROUND_MM, height: height + 2 * AROUND_MM });

/**
 * Whether the page after the stroke is not the one that was photographed before it, by what is told of both photos with the sample; undefined where one of them
 * could not be judged.
 * @param stamped impressions on the page: their ink, and what it hides, is no change
 */
export function changedSince(before: Inspection, after: Inspection, stamped: readonly Box[]): boolean | undefined {
  if (before.verdict === 'unreadable' || after.verdict === 'unreadable') return undefined;
  if (before.page !== after.page) return true;
  if (after.page === undefined) return undefined; // two photos of what is not the document: nothing tells whether of the same sheet
  const inks = stamped.map(spread);
  return after.findings.some((f) => !inks.some((ink) => meets(ink, f)) && !before.findings.some((old) => meets(spread(old), f)));
}
