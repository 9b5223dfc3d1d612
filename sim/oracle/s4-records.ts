/**
 * S4 The record chain only grows. What the host was told is durable is never lost or changed; a page is given up only when
 * the register has it. (That the chain verifies is seen as each record is committed, see journal.ts.)
 */
import type { Fact, Invariant, Statement, Written } from './facts';
import { varints } from './fields';
import { hexOf, Kind, type Known } from './known';

/** Kind of the record that a statement leaves, once it was carried out. */
const LEAVES: Partial<Record<Statement['kind'], number>> = { time: Kind.CLOCK, stroke: Kind.GRANTED, reject: Kind.GRANTED, 'top-up': Kind.TOPPED_UP, clear: Kind.CLEARED };

/** Status (protocol/SPEC.md section 7), and its field of the records acknowledged. */
const STATUS = 17;
const ACKED = 8;
/** What a turn of the firmware may take, ms. */
const UPTIME_MS = 3000;

export class Records implements Invariant {
  readonly id = 'S4';
  /** Records below are acknowledged, as the authority has said so far. */
  private acked = 0;
  private readonly kept = new Map<number, number>();

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    const { known } = this;
    if (fact.what === 'said' && fact.statement.kind === 'ack') this.acked = Math.max(this.acked, fact.statement.through);
    else if (fact.what === 'photo') {
      const at = known.records[fact.seq]?.at ?? 0;
      if (!fact.good && !known.bent(['flash', 'camera'], at - 30_000)) known.broken('S4', `the photo of record ${fact.seq} is not to be had`);
    } else if (fact.what === 'told') {
      const record = known.records[fact.seq];
      if (record === undefined) known.broken('S4', `the host was told of record ${fact.seq}, which is not on flash`);
      else if (!record.bytes.equals(fact.bytes)) known.broken('S4', `record ${fact.seq} as told is not the one that was written`);
    } else if (fact.what === 'erased') {
      const lost = fact.seqs.filter((seq) => seq >= this.acked);
      if (lost.length > 0) known.broken('S4', `records ${lost.join(', ')} were erased; acknowledged are those below ${this.acked}`);
    } else if (fact.what === 'answered' && fact.code === 0) this.answered(fact.statement);
    else if (fact.what === 'record') {
      const { record } = fact;
      this.uptime(record);
      const before = known.records[record.seq - 1];
      if (before !== undefined && record.boot < before.boot) known.broken('S4', `record ${record.seq} is of start ${record.boot}, the one before it of start ${before.boot}`);
      if (record.kind === Kind.BOOT && before !== undefined && record.boot === before.boot) known.broken('S4', `start ${record.boot} is counted twice`);
    }
  }

  /** A message of the device, in plain: what it takes for acknowledged somebody has acknowledged. */
  hear(plain: Buffer): void {
    const acked = plain[0] === STATUS ? (varints(plain.subarray(2)).get(ACKED) ?? 0) : 0;
    if (acked > this.acked) this.known.broken('S4', `the device takes ${acked} records for acknowledged, the register has acknowledged ${this.acked}`);
  }

  /** A record says when it was made, whether the time of day is known or not. */
  private uptime({ seq, uptime, at }: Written): void {
    const { known } = this;
    if (known.running === undefined || known.bent(['clock'], -Infinity)) return;
    const off = Math.abs(at - known.running - uptime);
    if (off > UPTIME_MS) known.broken('S4', `record ${seq} says that the unit runs since ${uptime} ms, it is ${Math.round(at - known.running)} ms`);
  }

  /** An answer "done" must not come before what it says is durable. */
  private answered(statement: Statement): void {
    const { known } = this;
    if (statement.kind === 'permit') {
      const there = known.records.some((one) => one?.kind === Kind.PERMIT && hexOf(one.data.get(1)) === statement.claims.id);
      // Without room for its record the permit itself is on flash all the same, and the record follows.
      if (!there && !known.alarms.has(7) && known.records.length - this.acked < 300) known.broken('S4', `permit ${statement.claims.counter} was confirmed before it stood in the records`);
      return;
    }
    const kind = LEAVES[statement.kind];
    if (kind === undefined) return;
    const made = known.records.filter((one) => one?.kind === kind).length;
    const answers = (this.kept.get(kind) ?? 0) + 1;
    this.kept.set(kind, answers);
    if (answers > made) known.broken('S4', `${answers} statements of kind "${statement.kind}" were confirmed, ${made} stand in the records`);
  }
}
