/**
 * What a unit is given before its first boot, and what it reads from it ever after: the `vault` flash, page 0. Page layout
 * in README.md; the key slots behind the identity are the affair of keys.ts.
 */
import { getU16le, getU32le, u16le, u32le } from '../../protocol/bytes';
import type { ImageHeader } from '../../protocol/image';
import { IMAGE_HEAD, makeImage, readImageHeader } from '../../protocol/image';
import type { Bytes, Natives } from '../../protocol/natives';
import { FINE, GOOD, LINE_MAGIC, PAGE } from '../board/files';
import { BLANK, padded, sound, summed } from './flash';

export const VAULT_MAGIC = 'SV01';
export const VAULT_COMMIT = 'DONE';
/** Bytes of one key slot: key 32, sequence number 4, CRC-32 4. */
export const SLOT = 40;
/** Most bytes an identity may take: the rest of a page of 4096 is for key slots. */
export const IDENTITY_MAX = 2400;
const HEAD = 16;

export interface Person {
  /** Position in the fingerprint reader, 0..65534. */
  slot: number;
  person: number;
}

export interface Provisioning {
  natives: Natives;
  /** 8 bytes. */
  deviceId: Bytes;
  /** 32 bytes each. evidenceKey: K_0; ackKey: HMAC(K_0, "smartseal/ack"). */
  linkKey: Bytes;
  permitKey: Bytes;
  evidenceKey: Bytes;
  ackKey: Bytes;
  /** At most 255; several positions may belong to one person. */
  people: Person[];
  /** Dies this unit may carry, 8 bytes each, at most 16, none twice; none: any. */
  dies?: Bytes[];
}

/** Identity as the device keeps it in memory; keys are handed on and not kept here. */
export interface Identity {
  deviceId: Bytes;
  linkKey: Bytes;
  permitKey: Bytes;
  ackKey: Bytes;
  /** slot u16 LE, person u32 LE, in turn. */
  people: Bytes;
  /** 8 bytes each. */
  dies: Bytes;
}

/** A key slot as it stands on flash. */
export function slotBytes(n: Natives, key: Bytes, seq: number): Bytes {
  return summed(n, key + u32le(seq));
}

/** Header and identity, up to the first slot. */
export function vaultHead(n: Natives, generation: number, identity: Bytes): Bytes {
  const h = VAULT_MAGIC + u32le(generation) + u16le(identity.length) + u16le(identity.length ^ 65535);
  const b = padded(identity);
  return h + u32le(n.crc32(h + b)) + b;
}

/** Where the slots of a page with such an identity begin; the commit word stands right before. */
export function slotsAt(identity: number): number {
  return HEAD + ((identity + 3) & ~3) + 4;
}

/**
 * Content of vault page 0 of a unit that has never run. Undefined when something has the wrong length or does not fit.
 * The caller writes it at offset 0 of erased flash.
 */
export function vaultImage(p: Provisioning): Bytes | undefined {
  const dies = p.dies === undefined ? [] : p.dies;
  if (p.deviceId.length !== 8 || p.people.length > 255 || dies.length > 16) return undefined;
  for (let i = 0; i < dies.length; i++) if (dies.indexOf(dies[i] as Bytes) !== i) return undefined;
  if (p.linkKey.length + p.permitKey.length + p.ackKey.length + p.evidenceKey.length !== 128 || p.linkKey.length !== 32) return undefined;
  let b = p.deviceId + p.linkKey + p.permitKey + p.ackKey + String.fromCharCode(p.people.length);
  for (const one of p.people) b += u16le(one.slot) + u32le(one.person);
  b += String.fromCharCode(dies.length) + dies.join('');
  if (b.length > IDENTITY_MAX || dies.join('').length !== dies.length * 8) return undefined;
  return vaultHead(p.natives, 1, b) + VAULT_COMMIT + slotBytes(p.natives, p.evidenceKey, 0);
}

/** Bytes of the identity that a vault page holds; empty: none, or not whole. */
export function vaultIdentity(n: Natives, read: (at: number, length: number) => Bytes): Bytes {
  const h = read(0, HEAD);
  const length = getU16le(h, 8);
  if (h.substr(0, 4) !== VAULT_MAGIC || length + getU16le(h, 10) !== 65535 || length > IDENTITY_MAX) return '';
  const end = (length + 3) & ~3;
  const b = read(HEAD, end + 4);
  if (b.substr(end) !== VAULT_COMMIT || !sound(n, h.substr(0, 12) + b.substr(0, end) + h.substr(12))) return '';
  return b.substr(0, length);
}

/** Takes an identity apart; undefined when it is none. */
export function readIdentity(b: Bytes): Identity | undefined {
  const people = 105 + b.charCodeAt(104) * 6;
  const dies = people + 1 + b.charCodeAt(people) * 8;
  if (b.length < 106 || b.length !== dies) return undefined;
  return {
    deviceId: b.substr(0, 8),
    linkKey: b.substr(8, 32),
    permitKey: b.substr(40, 32),
    ackKey: b.substr(72, 32),
    people: b.substr(105, people - 105),
    dies: b.substr(people + 1),
  };
}

/** Whether a person has a position in the reader at all. */
export function knows(people: Bytes, person: number): boolean {
  for (let i = 0; i < people.length; i += 6) if (getU32le(people, i + 2) === person) return true;
  return false;
}

/** The line of a slot's marks, with its CRC-32: what the boot code needs to find and check the code. */
export function slotLine(n: Natives, h: ImageHeader, name: Bytes): Bytes {
  return summed(n, LINE_MAGIC + u32le(h.version) + u32le(PAGE + IMAGE_HEAD) + u32le(h.code) + u32le(h.crc) + name + h.key);
}

/**
 * Content of slot A of a unit that has never run: marks, then an image, signed or not (nobody asks for the signature of what a
 * technician flashes). Undefined: not an image.
 */
export function slotImage(n: Natives, image: Bytes): Bytes | undefined {
  const head = image.substr(0, IMAGE_HEAD);
  const h = readImageHeader(head);
  if (h === undefined) return undefined;
  const line = slotLine(n, h, n.sha256(head));
  let marks = line + BLANK.substr(0, 8) + GOOD + FINE;
  while (marks.length < PAGE) marks += BLANK;
  return marks.substr(0, PAGE) + image;
}

/** The same of code and resources as they were built: version 1, and no maker whose updates it would take unless a key is given. */
export function slotOfCode(n: Natives, board: number, code: Bytes, resources: Bytes, key?: Bytes): Bytes {
  const none = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
  return slotImage(n, makeImage(n, board, 1, code, resources, key === undefined ? none : key)) as Bytes;
}
