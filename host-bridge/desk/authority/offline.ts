/**
 * What the office says where a unit has no network: answers to challenges (OCRA, RFC 6287) and trip codes. SPEC.md, "Offline".
 * Numbers are given in by the caller, who has made them durable.
 */
import { createHash, createHmac } from 'node:crypto';
import { ocra } from './ocra';

/** By which code: an answer, a trip code. */
export const offlineHow = { answer: 1, trip: 2 } as const;
export type OfflineHow = (typeof offlineHow)[keyof typeof offlineHow];

export interface OfflineTerms {
  device: Buffer;
  die: Buffer;
  epoch: number;
  /** As the device numbers them. */
  person: number;
  /** Strokes, 1..9. */
  count: number;
  /** The document's code; none in a trip code. */
  document?: string;
}

const suite = 'OCRA-1:HOTP-SHA256-8:C-QN08-S064';

/** The eight digits that stand for a document where somebody must type them. */
export function documentCode(document: Buffer | string): string {
  const hash = Buffer.isBuffer(document) ? createHash('sha256').update(document).digest() : Buffer.from(document, 'hex');
  return String(hash.readBigUInt64BE() % 100_000_000n).padStart(8, '0');
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function sessionOf(t: OfflineTerms): Buffer {
  const session = Buffer.alloc(64);
  Buffer.concat([t.device, t.die, word(t.epoch), word(t.person), word(t.count), Buffer.from(t.document ?? '', 'latin1')]).copy(session);
  return session;
}

/** The check digit of ISO/IEC 7064, MOD 11,10. */
function checkDigit(row: string): number {
  let product = 10;
  for (const digit of row) product = ((((product + Number(digit)) % 10) || 10) * 2) % 11;
  return (11 - product) % 10;
}

/** What the permit key is asked for, to have the key of the codes. */
const LABEL = Buffer.from('smartseal/offline', 'latin1');

/** The codes of one device. */
export class OfflineCodes {
  private key: Buffer;

  constructor(permitKey: Buffer) {
    this.key = createHmac('sha256', permitKey).update(LABEL).digest();
  }

  /** By whoever has the permit key. @param mac HMAC-SHA-256 under it */
  static by(mac: (data: Buffer) => Buffer): OfflineCodes {
    return Object.assign(Object.create(OfflineCodes.prototype) as OfflineCodes, { key: mac(LABEL) });
  }

  /** @param counter of the challenge, as the device counts them */
  answer(counter: number, challenge: string, terms: OfflineTerms): string {
    return ocra(suite, this.key, { counter, question: challenge, session: sessionOf(terms) });
  }

  /** The two digits that must come out alike at both ends of the phone. */
  check(counter: number, challenge: string, terms: OfflineTerms): string {
    return String(this.mac(`check/${challenge}`, word(counter), sessionOf(terms)).readUInt32BE() % 100).padStart(2, '0');
  }

  trip(serial: number, terms: OfflineTerms): string {
    const mac = this.mac('trip/', word(serial), sessionOf(terms));
    const six = (at: number): string => String(mac.readUInt32BE(at) % 1_000_000).padStart(6, '0');
    const row = `${terms.count}${String(serial % 100).padStart(2, '0')}${six(0)}${six(4)}`;
    return `${row}${checkDigit(row)}`;
  }

  /** The id under which the device's records name what such a code has opened. */
  id(how: OfflineHow, number: number, terms: OfflineTerms): Buffer {
    return this.mac('permit/', Buffer.from([how]), word(number), sessionOf(terms)).subarray(0, 16);
  }

  private mac(label: string, ...parts: Buffer[]): Buffer {
    return createHmac('sha256', this.key).update(label, 'latin1').update(Buffer.concat(parts)).digest();
  }
}
