/**
 * Statements of the authority and the register: CWT claims (RFC 8392) in COSE_Mac0 (RFC 9052 §6.2) with HMAC 256/256
 * (RFC 9053 §3.1, algorithm 5), in the one encoding that devices accept.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Tag } from 'cbor-x';
import { decodeCbor, encodeCbor, type Cbor, type CborMap } from '../cbor';
import { fencesClaim, fixClaim, type PlaceTerms } from './place';

export const enum GrantKind {
  permit = 1,
  time = 2,
  stroke = 3,
  clear = 4,
  revoke = 5,
  ack = 6,
  ceremony = 7,
  update = 8,
  topUp = 9,
  reject = 10,
}

/** Bits of a permit's policy. */
export const policyBits = { photos: 1, strokeGrants: 2, dock: 4, still: 8, small: 16, crossPage: 64 } as const;

/** How a person shows themselves: 1 finger, 2 passcode, 3 both. */
export interface PermitPerson {
  person: number;
  means: number;
}

export interface PermitClaims {
  device: Buffer;
  id: Buffer;
  notBefore: number;
  notAfter: number;
  counter: number;
  epoch: number;
  die: Buffer;
  count: number;
  persons: readonly PermitPerson[];
  policy: number;
  document: Buffer;
  idle?: number;
  /** Where it may be used. */
  place?: PlaceTerms;
}

/** What a ceremony orders (protocol/SPEC.md section 8). */
export interface CeremonyClaims {
  device: Buffer;
  id: Buffer;
  notBefore: number;
  notAfter: number;
  counter: number;
  epoch: number;
  action: number;
  /** Who must be there; nobody: it is carried out when it comes. */
  persons: readonly PermitPerson[];
  /** Number of the person it is about; of a take-out the borrower. */
  subject?: number | undefined;
  /** Unix seconds: from when that person is nobody again, or the unit overdue. */
  until?: number | undefined;
  die?: Buffer | undefined;
  /** Dwell in ms, share of full drive in per cent, strokes after which the die wants ink. */
  press?: readonly [number, number, number] | undefined;
  place?: PlaceTerms | undefined;
  /** Seconds without the authority's time after which the unit locks itself. */
  silence?: number | undefined;
}

/** Keys of the claims (RFC 8392 §3.1) and of the smart seal's own map. */
const claim = { aud: 3, exp: 4, nbf: 5, cti: 7, seal: -65537 } as const;
const key = {
  kind: 1, counter: 2, epoch: 3, die: 4, count: 5, persons: 6, policy: 7, document: 8, idle: 9, nonce: 10, time: 11,
  permit: 12, photo: 13, condition: 14, seq: 15, recordsThrough: 16, photosThrough: 17, recordHash: 18,
  fences: 19, fix: 20, action: 22, subject: 23, until: 24, press: 25, silence: 26, image: 28, version: 29,
} as const;

/** The protected header {1: 5}. */
const protectedHeader = Buffer.from('a10105', 'hex');

function structure(payload: Buffer): Buffer {
  return encodeCbor(['MAC0', protectedHeader, Buffer.alloc(0), payload]);
}

/** COSE_Mac0 over a payload. */
export function macGrant(secret: Buffer, payload: Buffer): Buffer {
  return grantWith((data) => createHmac('sha256', secret).update(data).digest(), payload);
}

/** The same, by whoever has the key. */
export function grantWith(mac: (data: Buffer) => Buffer, payload: Buffer): Buffer {
  return encodeCbor(new Tag([protectedHeader, new Map(), payload, mac(structure(payload))] as Cbor[], 17));
}

/** The claims of a grant, when its MAC is right under this key; undefined otherwise. */
export function readGrant(secret: Buffer, grant: Buffer): CborMap | undefined {
  const claims = claimsOf(grant);
  if (!claims) return undefined;
  const mac = createHmac('sha256', secret).update(structure(claims.payload)).digest();
  return timingSafeEqual(mac, claims.mac) ? claims.map : undefined;
}

/** What a grant says, without judging whether it is authentic: for readers that hold no key (the archive's check). */
export function claimsOf(grant: Buffer): { map: CborMap; payload: Buffer; mac: Buffer } | undefined {
  const item = decodeCbor(grant);
  if (!(item instanceof Tag) || item.tag !== 17 || !Array.isArray(item.value) || item.value.length !== 4) return undefined;
  const [head, open, payload, mac] = item.value as Cbor[];
  if (!Buffer.isBuffer(head) || !head.equals(protectedHeader) || !(open instanceof Map) || open.size !== 0) return undefined;
  if (!Buffer.isBuffer(payload) || !Buffer.isBuffer(mac) || mac.length !== 32) return undefined;
  const map = decodeCbor(payload);
  return map instanceof Map ? { map, payload, mac } : undefined;
}

/** What the archive's reader needs of a permit. */
export interface PermitView {
  device: string;
  id: string;
  count: number;
  document: string;
  notBefore: number;
  notAfter: number;
}

export function permitView(grant: Buffer): PermitView | undefined {
  const claims = claimsOf(grant)?.map;
  const seal = claims?.get(claim.seal);
  if (!claims || !(seal instanceof Map) || seal.get(key.kind) !== GrantKind.permit) return undefined;
  const [device, id, document] = [claims.get(claim.aud), claims.get(claim.cti), seal.get(key.document)];
  const [count, notBefore, notAfter] = [seal.get(key.count), claims.get(claim.nbf), claims.get(claim.exp)];
  if (!Buffer.isBuffer(device) || !Buffer.isBuffer(id) || !Buffer.isBuffer(document)) return undefined;
  if (typeof count !== 'number' || typeof notBefore !== 'number' || typeof notAfter !== 'number') return undefined;
  return { device: device.toString('hex'), id: id.toString('hex'), document: document.toString('hex'), count, notBefore, notAfter };
}

type Pairs = [number, Cbor][];

function payload(device: Buffer, outer: Pairs, inner: Pairs): Buffer {
  return encodeCbor(new Map<number | string, Cbor>([[claim.aud, device], ...outer, [claim.seal, new Map<number | string, Cbor>(inner)]]));
}

export function permitPayload(c: PermitClaims): Buffer {
  const inner: Pairs = [
    [key.kind, GrantKind.permit],
    [key.counter, c.counter],
    [key.epoch, c.epoch],
    [key.die, c.die],
    [key.count, c.count],
    [key.persons, c.persons.map((p) => [p.person, p.means])],
    [key.policy, c.policy],
    [key.document, c.document],
  ];
  if (c.idle !== undefined) inner.push([key.idle, c.idle]);
  const fences = c.place && fencesClaim(c.place);
  const fix = c.place && fixClaim(c.place);
  if (fences) inner.push([key.fences, fences]);
  if (fix) inner.push([key.fix, fix]);
  return payload(c.device, [[claim.exp, c.notAfter], [claim.nbf, c.notBefore], [claim.cti, c.id]], inner);
}

export function ceremonyPayload(c: CeremonyClaims): Buffer {
  const inner: Pairs = [[key.kind, GrantKind.ceremony], [key.counter, c.counter], [key.epoch, c.epoch]];
  if (c.die !== undefined) inner.push([key.die, c.die]);
  if (c.persons.length > 0) inner.push([key.persons, c.persons.map((p) => [p.person, p.means])]);
  const fences = c.place && fencesClaim(c.place);
  const fix = c.place && fixClaim(c.place);
  if (fences) inner.push([key.fences, fences]);
  if (fix) inner.push([key.fix, fix]);
  inner.push([key.action, c.action]);
  for (const [at, value] of [[key.subject, c.subject], [key.until, c.until], [key.press, c.press && [...c.press]], [key.silence, c.silence]] as const) if (value !== undefined) inner.push([at, value]);
  return payload(c.device, [[claim.exp, c.notAfter], [claim.nbf, c.notBefore], [claim.cti, c.id]], inner);
}

export function timePayload(device: Buffer, nonce: Buffer, time: number): Buffer {
  return payload(device, [], [[key.kind, GrantKind.time], [key.nonce, nonce], [key.time, time]]);
}

/** One stroke on the page of one photo; seq: number of that photo's record, for two photos may be byte for byte the same. */
export function strokePayload(device: Buffer, permit: Buffer, photo: Buffer, seq: number): Buffer {
  return payload(device, [], [[key.kind, GrantKind.stroke], [key.permit, permit], [key.photo, photo], [key.seq, seq]]);
}

/** The page of one photo is not stamped: bound as a stroke is. */
export function rejectPayload(device: Buffer, permit: Buffer, photo: Buffer, seq: number): Buffer {
  return payload(device, [], [[key.kind, GrantKind.reject], [key.permit, permit], [key.photo, photo], [key.seq, seq]]);
}

/** The permit has so many strokes from now on, in all. The counter is one of the permits'. */
export function topUpPayload(device: Buffer, permit: Buffer, c: { counter: number; epoch: number; count: number }): Buffer {
  return payload(device, [], [[key.kind, GrantKind.topUp], [key.counter, c.counter], [key.epoch, c.epoch], [key.count, c.count], [key.permit, permit]]);
}

export function clearPayload(device: Buffer, condition: number, seq: number): Buffer {
  return payload(device, [], [[key.kind, GrantKind.clear], [key.condition, condition], [key.seq, seq]]);
}

/** Revokes one permit (counter: the permit's, spent even where the permit has not come yet), or everything below a new epoch. */
export function revokePayload(device: Buffer, what: { permit: Buffer; counter: number } | { epoch: number }): Buffer {
  const claims: [number, Cbor][] = 'permit' in what ? [[key.counter, what.counter], [key.permit, what.permit]] : [[key.epoch, what.epoch]];
  return payload(device, [], [[key.kind, GrantKind.revoke], ...claims]);
}

/** Consent to one image of the firmware: the SHA-256 of its header, and its version. */
export function updatePayload(device: Buffer, image: Buffer, version: number): Buffer {
  return payload(device, [], [[key.kind, GrantKind.update], [key.image, image], [key.version, version]]);
}

/** Both bounds exclusive; recordHash is the SHA-256 of record recordsThrough - 1. */
export function ackPayload(device: Buffer, recordsThrough: number, photosThrough: number, recordHash: Buffer): Buffer {
  return payload(device, [], [
    [key.kind, GrantKind.ack],
    [key.recordsThrough, recordsThrough],
    [key.photosThrough, photosThrough],
    [key.recordHash, recordHash],
  ]);
}
