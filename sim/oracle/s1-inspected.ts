/**
 * S1, the page: where an office looks at each page before it is stamped (a grant for each stroke), it grants none on a photo that shows a
 * sheet of something else, or no sheet; and such a sheet is not stamped.
 */
import type { StrokeTruth } from '../unit/truth';
import type { Fact, Invariant, Statement } from './facts';
import { hexOf, type Known } from './known';

/** Bit of a permit's policy: a grant for each stroke. */
const GRANTS = 2;
/** What was wrong so shortly before a stroke, ms, may have hidden that the sheet was changed. */
const BEFORE_MS = 30_000;

export class Inspected implements Invariant {
  readonly id = 'S1';
  /** Sheets that are no page of the document, by name. */
  private readonly others = new Set<string>();
  /** What photos show, by digest: equal photos show equal sheets. */
  private readonly shown = new Map<string, string | undefined>();

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    if (fact.what === 'paper') {
      if (fact.other !== undefined) this.others.add(fact.other);
    } else if (fact.what === 'picture') this.shown.set(fact.digest, fact.dark ? undefined : fact.page);
    else if (fact.what === 'handed') this.shown.set(fact.digest, fact.page);
    else if (fact.what === 'said' && fact.statement.kind === 'stroke') this.granted(fact.statement);
    else if (fact.what === 'stroke') this.stroke(fact.stroke);
  }

  private granted({ photo, seq }: Extract<Statement, { kind: 'stroke' }>): void {
    // What no camera took has not come as a photo either: s3-evidence.ts.
    if (!this.shown.has(photo)) return;
    const page = this.shown.get(photo);
    if (page === undefined) this.known.broken('S1', `a stroke is granted on photo ${seq}, which shows no sheet`);
    else if (this.others.has(page)) this.known.broken('S1', `a stroke is granted on photo ${seq}, which shows ${page}: no page of the document`);
  }

  private stroke({ page }: StrokeTruth): void {
    const { known } = this;
    const { intent } = known;
    const claims = intent === undefined ? undefined : known.permits.get(hexOf(intent.data.get(1)));
    if (intent === undefined || claims === undefined || (claims.policy & GRANTS) === 0 || page === undefined || !this.others.has(page.id)) return;
    if (!known.bent(['camera', 'paper', 'lid', 'switches'], intent.at - BEFORE_MS)) known.broken('S1', `stroke under permit ${claims.counter} (intent ${intent.seq}): on ${page.id}, no page of the document`);
  }
}
