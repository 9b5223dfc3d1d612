/**
 * Signatures and encryption of the three authorities. Feishu: SHA-256 over time, nonce, key and the bytes of the body; AES-256-CBC under the SHA-256
 * of the key, the first block is the IV. DingTalk and WeCom: SHA-1 over the sorted parts; AES-256-CBC under the 43 characters of base64, IV from the key,
 * padded to 32 bytes; inside 16 random bytes, the length, the message, and for whom it is. SHA-1 stands where they prescribe it: the
 * parts hold a secret, and what is signed is encrypted besides.
 */
import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../../common/errors';
import { DESK } from '../errors';
import { FRESH } from './event';

export const refused = (): Problem => new Problem(DESK.OUTSIDE_REFUSED);

/** In a time that says nothing of where they differ. */
export function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** @param text Unix time in seconds, or in milliseconds where it has 13 digits. Throws where it is old, ahead, or none. */
export function checkTime(text: string | undefined, now: number): void {
  if (text === undefined || !/^\d{10}(\d{3})?$/.test(text)) throw refused();
  const at = text.length === 13 ? Math.floor(Number(text) / 1000) : Number(text);
  if (Math.abs(now - at) > FRESH) throw refused();
}

/** Bytes of base64 that is whole blocks; throws for anything else. */
function blocks(text: string, least: number): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || bytes.length % 16 !== 0 || bytes.length < least) throw refused();
  return bytes;
}

export const feishuSignature = (o: { timestamp: string; nonce: string; key: string; body: Buffer }): string => createHash('sha256').update(o.timestamp + o.nonce + o.key).update(o.body).digest('hex');

export function feishuOpen(text: string, key: string): string {
  const bytes = blocks(text, 32);
  try {
    const decipher = createDecipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), bytes.subarray(0, 16));
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
  } catch {
    throw refused();
  }
}

export const sortedSignature = (...parts: string[]): string => createHash('sha1').update([...parts].sort().join('')).digest('hex');

/** @param aesKey 43 characters, as their consoles give it */
const keyOf = (aesKey: string): Buffer => Buffer.from(`${aesKey}=`, 'base64');
/** To which they pad, bytes. */
const PAD = 32;

export function envelopeOpen(text: string, aesKey: string, owner: string): string {
  const key = keyOf(aesKey);
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const cipher = blocks(text, PAD);
  const padded = Buffer.concat([decipher.update(cipher), decipher.final()]);
  const pad = padded[padded.length - 1] ?? 0;
  if (pad < 1 || pad > PAD || pad > padded.length - 20) throw refused();
  const plain = padded.subarray(0, padded.length - pad);
  const length = plain.readUInt32BE(16);
  if (20 + length > plain.length || !same(plain.subarray(20 + length).toString('utf8'), owner)) throw refused();
  return plain.subarray(20, 20 + length).toString('utf8');
}

/** @param random 16 unpredictable bytes */
export function envelopeClose(text: string, aesKey: string, owner: string, random: Buffer): string {
  const key = keyOf(aesKey);
  const message = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const plain = Buffer.concat([random, length, message, Buffer.from(owner, 'utf8')]);
  const pad = PAD - (plain.length % PAD);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64');
}
