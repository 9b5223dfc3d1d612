/**
 * L3 A full log refuses new uses with a clear reason, while alarms still have reserved room; an acknowledged upload frees it.
 */
import type { Fact, Invariant } from './facts';
import { Kind, type Known } from './known';

const LOG_FULL = 14;
/** Records not acknowledged below which a journal of 64 pages cannot be full, and photos likewise (320 pages). */
const FEW_RECORDS = 400;
const FEW_PHOTOS = 3;

export class Full implements Invariant {
  readonly id = 'L3';
  private acked = 0;
  private photosAcked = 0;
  private refusedAt: number | undefined;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    const { known } = this;
    if (fact.what === 'answered' && fact.code === 0 && fact.statement.kind === 'ack') {
      this.acked = Math.max(this.acked, fact.statement.through);
      this.photosAcked = Math.max(this.photosAcked, fact.statement.photos);
      this.refusedAt = undefined;
    }
    if (fact.what !== 'record' || fact.record.kind !== Kind.REFUSED || fact.record.data.get(1) !== LOG_FULL) return;
    this.refusedAt = known.now();
    const photos = known.records.filter((one) => one !== undefined && one.kind === Kind.PHOTO && one.seq >= this.photosAcked).length;
    if (fact.record.seq - this.acked < FEW_RECORDS && photos < FEW_PHOTOS && !known.bent(['flash'], -Infinity)) {
      known.broken('L3', `record ${fact.record.seq} says that the log is full, with ${fact.record.seq - this.acked} records and ${photos} photos not acknowledged`);
    }
  }

  end(): void {
    const { known } = this;
    if (known.bent(['flash'], -Infinity)) return;
    if (this.refusedAt !== undefined) known.broken('L3', 'the log is still full although all was acknowledged');
  }
}
