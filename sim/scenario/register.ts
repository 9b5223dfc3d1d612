/** The bench office's register of one unit: every record checked as it comes (sequence, chain, MAC), every photo against its digest. */
import { createHmac } from 'node:crypto';
import { toBuffer } from '../../host-bridge/natives';
import { CHUNK_BYTES, hmacKey, photoEnd, photoStep, ratchet, readRecord, recordAuthentic, ZERO_HASH, type Bytes, type Natives } from '../../protocol';
import { entryOf, type Entry } from './journal';

/** What is wrong with something the unit gave. `code` is stable. */
export class EvidenceError extends Error {
  constructor(
    readonly code: 'RECORD_MALFORMED' | 'RECORD_FORGED' | 'RECORD_CHAIN' | 'RECORD_OTHER_DEVICE' | 'PHOTO_CHANGED',
    readonly seq: number,
  ) {
    super(`${code}: record ${seq}`);
    this.name = 'EvidenceError';
  }
}

export class Register {
  readonly entries: Entry[] = [];
  /** Photos by digest (hexadecimal). */
  readonly photos = new Map<string, Buffer>();
  /** Photos that records name and that have not come, in their order. */
  readonly missing: { seq: number; digest: Bytes; size: number }[] = [];
  /** What has come of the photo that is missing longest. */
  begun: Bytes = '';
  /** Photos that went on where a break had cut them short. */
  resumed = 0;
  /** Photos that the unit could not give. */
  lost = 0;
  /** Number of the next record. */
  next: number;
  /** SHA-256 of the last record's bytes; empty before the first. */
  hash: Bytes = '';
  private key: Bytes;

  /** @param from number of the first record it will be given: what is older is known elsewhere */
  constructor(private readonly natives: Natives, private readonly deviceId: Bytes, firstKey: Bytes, from: number) {
    this.key = firstKey;
    this.next = from;
    for (let seq = 0; seq < from; seq++) this.key = ratchet(natives, hmacKey(natives, this.key));
  }

  /** Key of the register's acknowledgements. */
  static ackKey(firstKey: Bytes): Bytes {
    return createHmac('sha256', toBuffer(firstKey)).update('smartseal/ack').digest('binary');
  }

  /** Takes in the next record. @throws EvidenceError */
  take(bytes: Bytes): Entry {
    const { natives } = this;
    const seq = this.next;
    const record = readRecord(bytes);
    if (record === undefined) throw new EvidenceError('RECORD_MALFORMED', seq);
    if (record.device !== this.deviceId) throw new EvidenceError('RECORD_OTHER_DEVICE', seq);
    const prev = seq === 0 ? ZERO_HASH : this.hash;
    if (record.seq !== seq || (prev !== '' && record.prev !== prev)) throw new EvidenceError('RECORD_CHAIN', seq);
    const key = hmacKey(natives, this.key);
    if (!recordAuthentic(natives, key, record)) throw new EvidenceError('RECORD_FORGED', seq);
    this.key = ratchet(natives, key);
    this.hash = natives.sha256(bytes);
    this.next = seq + 1;
    const entry = entryOf(record);
    this.entries.push(entry);
    if (entry.kind === 'photo') this.missing.push({ seq, digest: record.values[3] as Bytes, size: record.values[4] as number });
    return entry;
  }

  /** The photo that is missing longest has come whole. @throws EvidenceError where it is not the one recorded */
  takePhoto(): void {
    const { seq, digest } = this.missing[0]!;
    const photo = this.begun;
    this.begun = '';
    let state = ZERO_HASH;
    for (let at = 0; at < photo.length; at += CHUNK_BYTES) state = photoStep(this.natives, state, photo.substr(at, CHUNK_BYTES));
    if (photoEnd(this.natives, state, photo.length) !== digest) throw new EvidenceError('PHOTO_CHANGED', seq);
    this.photos.set(toBuffer(digest).toString('hex'), toBuffer(photo));
    this.missing.shift();
  }
  /** The unit cannot give the photo that is missing longest. */
  losePhoto(): void {
    this.missing.shift();
    this.begun = '';
    this.lost++;
  }
}
