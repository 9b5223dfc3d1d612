/** OCRA (RFC 6287) over all its suites with truncated answers. The desk uses one of them; the RFC's own vectors prove them all. */
import { createHash, createHmac } from 'node:crypto';

export interface OcraInput {
  counter?: number;
  /** Decimal digits (QN), hexadecimal digits (QH) or text (QA), as the suite says; of two parties, both in order. */
  question: string;
  /** The PIN, not yet hashed. */
  password?: string;
  session?: Buffer;
  /** Time steps since 1970. */
  time?: number;
}

interface Suite {
  hash: string;
  digits: number;
  counter: boolean;
  format: 'A' | 'N' | 'H';
  password: string | undefined;
  session: number | undefined;
  time: boolean;
}

const FORM = /^OCRA-1:HOTP-SHA(1|256|512)-(10|[4-9]):(C-)?Q([ANH])(\d\d)(?:-PSHA(1|256|512))?(?:-S(\d{3}))?(-T\d{1,2}[SMH])?$/;

/** @throws TypeError where this is no suite, or one whose answer is not truncated */
function suiteOf(text: string): Suite {
  const found = FORM.exec(text);
  if (found === null) throw new TypeError(`no OCRA suite: ${text}`);
  const [, hash, digits, counter, format, , password, session, time] = found;
  return {
    hash: `sha${hash}`, digits: Number(digits), counter: counter !== undefined, format: format as Suite['format'],
    password: password && `sha${password}`, session: session === undefined ? undefined : Number(session), time: time !== undefined,
  };
}

/** The question in 128 bytes, to the left. A number goes in as its hexadecimal digits, of which there may be an odd count. */
function questionOf(format: Suite['format'], question: string): Buffer {
  const hex = format === 'A' ? Buffer.from(question, 'latin1').toString('hex') : format === 'N' ? BigInt(question).toString(16) : question;
  return Buffer.from(hex.padEnd(256, '0'), 'hex');
}

function eight(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** The answer. Every input that the suite names must be there. @throws TypeError */
export function ocra(suite: string, key: Buffer, input: OcraInput): string {
  const s = suiteOf(suite);
  const parts: Buffer[] = [Buffer.from(`${suite}\0`, 'latin1')];
  const need = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new TypeError(`${suite} needs ${what}`);
    return value;
  };
  if (s.counter) parts.push(eight(need(input.counter, 'a counter')));
  parts.push(questionOf(s.format, input.question));
  if (s.password !== undefined) parts.push(createHash(s.password).update(need(input.password, 'a password'), 'utf8').digest());
  if (s.session !== undefined) {
    const session = need(input.session, 'session data');
    if (session.length > s.session) throw new TypeError(`${suite}: session data are too long`);
    parts.push(Buffer.concat([Buffer.alloc(s.session - session.length), session]));
  }
  if (s.time) parts.push(eight(need(input.time, 'a time')));
  const mac = createHmac(s.hash, key).update(Buffer.concat(parts)).digest();
  const at = mac[mac.length - 1]! & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 10 ** s.digits).padStart(s.digits, '0');
}
