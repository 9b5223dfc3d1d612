/** S1 at the desk: a permit says what was applied for, and left only after everybody had approved who has to. */
import type { Claims } from './facts';
import type { Known } from './known';

/** What people know of an application that became a permit. */
export interface Agreed {
  permit: string;
  asked: Pick<Claims, 'die' | 'count' | 'persons' | 'policy' | 'notBefore' | 'notAfter'> & { document: string };
  /** When each person gave the word, virtual ms, by name. */
  approved: ReadonlyMap<string, number>;
}

/** @param left when each permit left the desk, virtual ms */
export function judgeApproved(known: Known, agreed: readonly Agreed[], approvers: readonly string[], left: ReadonlyMap<string, number>): void {
  const all = new Map(agreed.map((one) => [one.permit, one]));
  for (const [id, claims] of known.permits) {
    const found = all.get(id);
    if (found === undefined) {
      known.broken('S1', `permit ${claims.counter} left the desk, and nobody has applied for it`);
      continue;
    }
    const { asked, approved } = found;
    const note = (what: string, says: unknown, due: unknown): void => {
      if (String(says) !== String(due)) known.broken('S1', `permit ${claims.counter} says ${what} ${String(says)}, applied for was ${String(due)}`);
    };
    note('die', claims.die, asked.die);
    note('count', claims.count, asked.count);
    note('persons', [...claims.persons].sort(), [...asked.persons].sort());
    note('policy', claims.policy, asked.policy);
    note('from', claims.notBefore, asked.notBefore);
    note('until', claims.notAfter, asked.notAfter);
    note('document', claims.document, asked.document);
    for (const who of approvers) {
      if ((approved.get(who) ?? Infinity) > left.get(id)!) known.broken('S1', `permit ${claims.counter} left the desk before ${who} had approved it`);
    }
  }
}
