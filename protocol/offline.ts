/**
 * Codes that stand in for a permit where there is no network: the office's answer to a challenge (OCRA, RFC 6287) and trip
 * codes given in advance. What they mean, and how hard they are to guess: SPEC.md, "Offline".
 */
import { getU32be, u32be } from './bytes';
import type { Pads } from './hash';
import { hmac, hmacKey } from './hash';
import type { Bytes, Natives } from './natives';

/** By which code a use was opened; stands in the CODE record. */
export const enum Offline {
  ANSWER = 1,
  TRIP = 2,
}

/** What a code is for. */
export interface OfflineTerms {
  /** 8 bytes each. */
  device: Bytes;
  die: Bytes;
  epoch: number;
  person: number;
  /** Strokes, 1..9. */
  count: number;
  /** Eight digits of the document (SPEC.md); empty in a trip code. */
  document: Bytes;
}

const SUITE = 'OCRA-1:HOTP-SHA256-8:C-QN08-S064\0\0\0\0\0';
const ZEROS = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
/** Digits of a trip code, its MAC and its check digit included. */
export const TRIP_DIGITS = 16;
/** Serials ahead of the last one used that still count: as many codes may be lost in a row. */
export const TRIP_AHEAD = 50;

/** The key of all codes of a device, from its permit key. */
export function offlineKey(n: Natives, permit: Pads): Pads {
  return hmacKey(n, hmac(n, permit, 'smartseal/offline'));
}

/** A number as so many digits. */
function digits(value: number, count: number): Bytes {
  return ('' + value).padStart(count, '0');
}

/** The terms as the 64 bytes of session data that OCRA takes in. */
export function offlineSession(t: OfflineTerms): Bytes {
  const document = t.document === '' ? ZEROS.substr(0, 8) : t.document;
  return t.device + t.die + u32be(t.epoch) + u32be(t.person) + u32be(t.count) + document + ZEROS.substr(0, 28);
}

/** A challenge of eight digits. The counter has a part in it: with a dead generator challenges still do not repeat. */
export function offlineChallenge(n: Natives, key: Pads, counter: number): Bytes {
  const h = hmac(n, key, 'challenge/' + n.random(16) + u32be(counter));
  let at = 0;
  // Beyond a multiple of 10^8 the small numbers would come more often than the others.
  while (at < 28 && getU32be(h, at) >= 4200000000) at += 4;
  return digits(getU32be(h, at) % 100000000, 8);
}

/** Two digits by which a word misheard on the phone is noticed before an answer is given. */
export function offlineCheck(n: Natives, key: Pads, counter: number, challenge: Bytes, session: Bytes): Bytes {
  return digits(getU32be(hmac(n, key, 'check/' + challenge + u32be(counter) + session), 0) % 100, 2);
}

/** The answer to a challenge: OCRA in the suite OCRA-1:HOTP-SHA256-8:C-QN08-S064. */
export function offlineAnswer(n: Natives, key: Pads, counter: number, challenge: Bytes, session: Bytes): Bytes {
  // RFC 6287, section 5.1: the number in hexadecimal, to the left in 128 bytes. (The interpreter takes +'012' for octal.)
  const hex = (parseInt(challenge, 10).toString(16) + '00000000').substr(0, 8);
  const question = u32be(parseInt(hex, 16)) + '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' + ZEROS + ZEROS + ZEROS;
  const h = hmac(n, key, SUITE + u32be(counter) + question + session);
  // RFC 4226, section 5.3.
  return digits((getU32be(h, h.charCodeAt(31) & 15) % 2147483648) % 100000000, 8);
}

/** Twelve digits of MAC in a trip code. */
export function tripMac(n: Natives, key: Pads, serial: number, session: Bytes): Bytes {
  const h = hmac(n, key, 'trip/' + u32be(serial) + session);
  return digits(getU32be(h, 0) % 1000000, 6) + digits(getU32be(h, 4) % 1000000, 6);
}

/** The check digit behind a row of digits (ISO/IEC 7064, MOD 11,10). */
export function checkDigit(row: Bytes): Bytes {
  let p = 10;
  for (let i = 0; i < row.length; i++) {
    const s = (p + row.charCodeAt(i) - 48) % 10;
    p = ((s === 0 ? 10 : s) * 2) % 11;
  }
  return '' + ((11 - p) % 10);
}

/** A trip code: count, the serial's last two digits, MAC, check digit. */
export function tripCode(n: Natives, key: Pads, serial: number, t: OfflineTerms): Bytes {
  const row = '' + t.count + digits(serial % 100, 2) + tripMac(n, key, serial, offlineSession(t));
  return row + checkDigit(row);
}

/** The id under which device and office know what such a code has opened, 16 bytes. @param number counter or serial */
export function offlineId(n: Natives, key: Pads, how: Offline, number: number, session: Bytes): Bytes {
  return hmac(n, key, 'permit/' + String.fromCharCode(how) + u32be(number) + session).substr(0, 16);
}
