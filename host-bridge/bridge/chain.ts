/** Checks what a device says is the continuation of its chain of records. Pure: the spool acts on what is found. */
import { hashOfRecord, readRecord, type EvidenceRecord } from '../common/record';

/** Where a chain stands: the sequence number wanted next, and the hash of the record before it (empty: not known). */
export interface ChainHead {
  device: string;
  next: number;
  head: Buffer;
}

/**
 * What is wrong with the first record that could not be taken.
 * malformed: not a record · foreign: of another device · sequence: not the one asked for · fork: its `prev` is not the
 * hash of the record before it
 */
export type FindingKind = 'malformed' | 'foreign' | 'sequence' | 'fork';

export interface Finding {
  kind: FindingKind;
  /** The sequence number that was due. */
  seq: number;
  /** The bytes that were not taken, hexadecimal, at most as many as a record may have. */
  bytes: string;
}

export interface Verified {
  good: EvidenceRecord[];
  chain: ChainHead;
  finding: Finding | undefined;
}

/** The head of a chain that starts at this sequence number: record 0 follows 32 zero bytes, any other something unseen. */
export function chainFrom(device: string, seq: number): ChainHead {
  return { device, next: seq, head: seq === 0 ? Buffer.alloc(32) : Buffer.alloc(0) };
}

/** Takes records as long as they continue the chain. */
export function verifyBatch(chain: ChainHead, records: readonly Buffer[]): Verified {
  const good: EvidenceRecord[] = [];
  let { next, head } = chain;
  for (const bytes of records) {
    const record = readRecord(bytes);
    const wrong = record === undefined ? 'malformed' : fault(record, chain.device, next, head);
    if (record === undefined || wrong !== undefined) {
      const finding = { kind: wrong ?? 'malformed', seq: next, bytes: bytes.subarray(0, 512).toString('hex') } as const;
      return { good, chain: { device: chain.device, next, head }, finding };
    }
    good.push(record);
    head = hashOfRecord(bytes);
    next += 1;
  }
  return { good, chain: { device: chain.device, next, head }, finding: undefined };
}

function fault(record: EvidenceRecord, device: string, next: number, head: Buffer): FindingKind | undefined {
  if (record.device !== device) return 'foreign';
  if (record.seq !== next) return 'sequence';
  if (head.length > 0 && !head.equals(record.prev)) return 'fork';
  return undefined;
}
