/**
 * Taking in a device's records: MAC under the ratcheted evidence key, device, number and link to the one before are
 * checked, then the record, its register entry and everything it changes are stored in one transaction.
 */
import { openCase } from './cases';
import { applyRecord } from './effects';
import type { History, Trx } from '../history';
import { kindName, macIsRight, parseRecord, ratchet, recordHash, type EvidenceRecord } from '../register/records';

/** Numbers between two keys that are kept, so that going back costs no more HMACs than this. */
const markEvery = 4096;

/** Evidence keys by sequence number, so that following a chain costs one HMAC a record. Kept in memory only. */
export class EvidenceKeys {
  /** K_0, K_4096, … of a device, and the key asked for last. */
  private readonly marks = new Map<string, Buffer[]>();
  private readonly last = new Map<string, { seq: number; key: Buffer }>();

  constructor(private readonly first: (device: Buffer) => Buffer) {}

  /** K_seq of a device; undefined when that takes more than `most` HMACs: asked again, it goes on from where it stopped. */
  at(device: string, seq: number, most = Infinity): Buffer | undefined {
    const marks = this.marks.get(device) ?? [this.first(Buffer.from(device, 'hex'))];
    this.marks.set(device, marks);
    const mark = Math.min(Math.floor(seq / markEvery), marks.length - 1);
    const last = this.last.get(device);
    let { seq: at, key } = last && last.seq <= seq && last.seq >= mark * markEvery ? last : { seq: mark * markEvery, key: marks[mark] as Buffer };
    for (const end = Math.min(seq, at + most); at < end; ) {
      key = ratchet(key);
      at += 1;
      if (at === marks.length * markEvery) marks.push(key);
    }
    this.last.set(device, { seq: at, key });
    return at === seq ? key : undefined;
  }
}

/** How far ahead of the chain a record's MAC is still checked, and the HMACs spent on that at a time (2^14: a fifth of a second). */
const maxAhead = 1 << 20;
const aheadAtOnce = 1 << 14;

export type Taken = 'stored' | 'known' | 'stopped';

export class Intake {
  constructor(
    private readonly history: History,
    private readonly keys: EvidenceKeys,
    private readonly move: (trx: Trx, application: string, state: 'used' | 'expired') => Promise<void>,
  ) {}

  /** Takes one record of a device. 'stopped': it does not continue the chain, a case says why, and nothing after it counts. */
  async take(device: string, bytes: Buffer): Promise<Taken> {
    return this.history.commit(async (trx) => {
      const chain = await trx.selectFrom('chain').selectAll().where('device', '=', device).executeTakeFirstOrThrow();
      const next = Number(chain.next_seq);
      const hash = recordHash(bytes).toString('hex');
      const stop = async (kind: 'malformed' | 'bad-mac' | 'gap' | 'fork' | 'foreign', seq: number | null, more: Record<string, string | number> = {}): Promise<Taken> => {
        await openCase(trx, this.history, device, kind, seq, { ...more, sha256: hash });
        return 'stopped';
      };
      const record = parseRecord(bytes);
      if (!record) return stop('malformed', next);
      if (record.device !== device) return stop('foreign', record.seq, { says: record.device });
      if (record.seq < next) {
        const stored = await trx.selectFrom('record').select('sha256').where('device', '=', device).where('seq', '=', record.seq).executeTakeFirst();
        if (stored?.sha256 === hash) return 'known';
        const key = this.keys.at(device, record.seq);
        return stop(key && macIsRight(record, key) ? 'fork' : 'bad-mac', record.seq);
      }
      if (record.seq - next > maxAhead) return stop('bad-mac', record.seq);
      const key = this.keys.at(device, record.seq, record.seq === next ? Infinity : aheadAtOnce);
      if (!key) return 'stopped'; // judged in one of the next rounds
      if (!macIsRight(record, key)) return stop('bad-mac', record.seq);
      if (record.seq > next) return stop('gap', next, { next: record.seq });
      if (chain.prev !== '' && record.prev.toString('hex') !== chain.prev) return stop('fork', record.seq);
      await this.store(trx, record, hash);
      return 'stored';
    });
  }

  private async store(trx: Trx, record: EvidenceRecord, hash: string): Promise<void> {
    const { history } = this;
    const entry = await history.note(
      trx, 'record',
      { device: Buffer.from(record.device, 'hex'), seq: record.seq, sha256: Buffer.from(hash, 'hex'), type: kindName(record.kind), verified: true },
      `${record.device} ${kindName(record.kind)}`,
      { type: 'record', device: record.device, data: { seq: record.seq, kind: kindName(record.kind) } },
    );
    await trx
      .insertInto('record')
      .values({
        device: record.device, seq: record.seq, kind: record.kind, bytes: record.bytes.toString('base64'), sha256: hash, device_time: record.time,
        at: history.seconds(), entry,
      })
      .execute();
    await trx.updateTable('chain').set({ next_seq: record.seq + 1, prev: hash }).where('device', '=', record.device).execute();
    await applyRecord(trx, history, record, this.move);
  }
}
