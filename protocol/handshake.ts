/** The bytes of the handshake and the keys that come of it. SPEC.md, "Handshake". */
import { getU16le, u16le, u32le } from './bytes';
import type { Pads } from './hash';
import { hmac } from './hash';
import type { Bytes, Natives } from './natives';

/** The only protocol version there is. */
export const VERSION = 1;
/** Lengths in bytes. A HELLO of a later version may be longer. */
export const HELLO_BYTES = 26;
export const HELLO_LIMIT = 64;
export const CHALLENGE_BYTES = 46;

/** HELLO: vmin | vmax | window | flags | frameMax u16 | hostId u32 | nonce 16. */
export function makeHello(window: number, frameMax: number, hostId: number, nonce: Bytes): Bytes {
  return String.fromCharCode(VERSION, VERSION, window, 0) + u16le(frameMax) + u32le(hostId) + nonce;
}

/** CHALLENGE up to its MAC: version | window | frameMax u16 | rxMax u16 | deviceId 8 | nonce 16. */
export function makeChallenge(window: number, frameMax: number, rxMax: number, deviceId: Bytes, nonce: Bytes): Bytes {
  return String.fromCharCode(VERSION, window) + u16le(frameMax) + u16le(rxMax) + deviceId + nonce;
}

/** What a CHALLENGE says. Not to be believed before its MAC is checked. */
export interface Challenge {
  version: number;
  window: number;
  frameMax: number;
  rxMax: number;
  deviceId: Bytes;
  /** Everything before the MAC, as received. */
  plain: Bytes;
  mac: Bytes;
}

/** Takes a CHALLENGE apart; undefined when its length is wrong. */
export function readChallenge(b: Bytes): Challenge | undefined {
  if (b.length !== CHALLENGE_BYTES) return undefined;
  return {
    version: b.charCodeAt(0),
    window: b.charCodeAt(1),
    frameMax: getU16le(b, 2),
    rxMax: getU16le(b, 4),
    deviceId: b.substr(6, 8),
    plain: b.substr(0, 30),
    mac: b.substr(30),
  };
}

/** The device's nonce, 16 bytes. Boot and session counters keep it from repeating even when the generator is dead. */
export function deviceNonce(n: Natives, key: Pads, boot: number, session: number): Bytes {
  return hmac(n, key, 'N' + n.random(16) + u32le(boot) + u32le(session)).substr(0, 16);
}

/** Hash over all that was said in the clear; every negotiated value enters it. */
export function transcript(n: Natives, hello: Bytes, challengePlain: Bytes): Bytes {
  return n.sha256('smartseal-link/1\0' + hello + challengePlain);
}

/** The device's proof, end of the CHALLENGE. */
export function macDevice(n: Natives, key: Pads, th: Bytes): Bytes {
  return hmac(n, key, 'D' + th).substr(0, 16);
}

/** The host's proof, the PROVE. */
export function macHost(n: Natives, key: Pads, th: Bytes, macD: Bytes): Bytes {
  return hmac(n, key, 'H' + th + macD).substr(0, 16);
}

/** Session keys, 32 bytes: first half host to device, second half device to host. */
export function sessionKeys(n: Natives, key: Pads, th: Bytes): Bytes {
  return hmac(n, key, 'S' + th);
}
