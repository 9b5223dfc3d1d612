/**
 * Grants: what the authority and the register say to a device. A CWT (RFC 8392) in COSE_Mac0 (RFC 9052, section 6.2) with
 * HMAC 256/256, in exactly one encoding. SPEC.md, "Grants".
 */
import { cborBytes, CborReader } from './cbor';
import { readFences } from './fence';
import type { Pads } from './hash';
import { hmac, hmacKey, same } from './hash';
import { RefusalCode } from './generated/codec';
import type { Bytes, Natives } from './natives';

export const enum GrantKind {
  PERMIT = 1,
  TIME = 2,
  STROKE = 3,
  CLEAR = 4,
  REVOKE = 5,
  ACK = 6,
  CEREMONY = 7,
  UPDATE = 8,
  TOP_UP = 9,
  REJECT = 10,
}

/** What a ceremony does at the device, before the persons it names. SPEC.md, "Ceremonies". */
export const enum Action {
  FINGER_ADD = 1,
  CODE_SET = 2,
  PERSON_REMOVE = 3,
  READER_PAIR = 4,
  HANDOVER = 5,
  SUSPEND = 6,
  RESUME = 7,
  DESTROY = 8,
  DIE_OUT = 9,
  DIE_IN = 10,
  DIE_TUNE = 11,
  DIE_INKED = 12,
  /** Opens maintenance (firmware/core/maintenance.ts). */
  MAINTAIN = 13,
  TAKE_OUT = 14,
  RETURN = 15,
}

/** How a person named in a permit shows themselves. */
export const enum Means {
  FINGER = 1,
  PASSCODE = 2,
  BOTH = 3,
}

export const enum Policy {
  PHOTOS = 1,
  STROKE_GRANT = 2,
  /** Only on USB power, and not carried since that came. */
  DOCK = 4,
  /** Not moved at all between the photo before and the stroke; the sensor must vouch for it. With PHOTOS only. */
  STILL = 8,
  /** Photos of 800 × 600, for lines and stores that are narrow. With PHOTOS only. */
  SMALL = 16,
  /** Photos come from a camera at the host. With PHOTOS only. */
  HOST_CAMERA = 32,
  /** Its strokes go over the edges of several sheets (骑缝): a quota apart from that of the pages. */
  CROSS_PAGE = 64,
}

/** A statement of the authority or the register. Which fields are there depends on the kind; SPEC.md has the table. */
export interface Grant {
  kind: number;
  /** Permit, ceremony: Unix seconds; notBefore is the window's first, notAfter the first one too late (nbf and exp, RFC 8392 sections 3.1.5 and 3.1.4). */
  notBefore?: number;
  notAfter?: number;
  /** Permit, stroke, rejection, top-up, revocation of one permit: 16 bytes. Ceremony: its own id, which a revocation may name as a permit's. */
  permit?: Bytes;
  /** Permit, ceremony, top-up: unique per device, uint32. Revocation of one permit: that permit's. */
  counter?: number;
  /** Permit, ceremony, top-up; revocation by epoch: the new one. */
  epoch?: number;
  /** Permit, a ceremony about a die: 8 bytes. */
  die?: Bytes;
  /** Permit: strokes allowed, 1..65535; top-up: from now on, in all. */
  count?: number;
  /**
   * Permit, ceremony: person and means in turn, [person, means, person, means, …], 1 to 4 persons, all different. A ceremony
   * that names nobody is carried out as soon as it comes.
   */
  persons?: number[];
  /** Permit: bits of Policy. */
  policy?: number;
  /** Permit: SHA-256 of the document. */
  document?: Bytes;
  /** Permit: seconds after which an opened use closes by itself, 1..65535; 300 where not given. */
  idle?: number;
  /** Permit: where it may be used; take-out, return: where the unit may be (fence.ts); anywhere where not given. */
  fences?: Bytes;
  /** With fences, the same, or alone in a permit: the place must be known this well: seconds since the fix, 1..3600, and metres, 1..10000. 15 and 50 where fences are given without. */
  maxAge?: number;
  maxAccuracy?: number;
  /** Time: the device's nonce, 16 bytes, and Unix seconds. */
  nonce?: Bytes;
  time?: number;
  /** Stroke, rejection: digest of the photo judged, 32 bytes. */
  photo?: Bytes;
  /** Clearing: alarm condition 1..32. */
  condition?: number;
  /** Stroke, clearing: sequence number of the record of that photo, of that alarm; below 4294967295. */
  seq?: number;
  /** Acknowledgement: records, and photos of records, below these are kept; hash of the last record, 32 bytes. */
  recordsThrough?: number;
  photosThrough?: number;
  hash?: Bytes;
  /**
   * Ceremony: Action; the person it is about (take-out: the borrower); the first second (Unix) at which that person is nobody again,
   * or at which a unit that was taken out is overdue.
   */
  action?: number;
  subject?: number;
  until?: number;
  /** Take-out, return: seconds without the authority's time after which the unit locks itself, 60 to 31 days. */
  silence?: number;
  /** Ceremony: how a die is pressed: dwell in milliseconds, share of full drive in per cent, strokes after which it wants ink (0: not said). */
  dwell?: number;
  duty?: number;
  life?: number;
  /** Update: SHA-256 of the image's header, 32 bytes, and its version. */
  image?: Bytes;
  version?: number;
}

/** What a device needs to judge a grant. */
export interface GrantKeys {
  /** 8 bytes. */
  deviceId: Bytes;
  permit: Pads;
  ack: Pads;
}

/** tag 17, array of 4, protected header {1: 5} as bstr, empty unprotected map. */
const COSE_HEAD = '\xd1\x84\x43\xa1\x01\x05\xa0';
/** array of 4, "MAC0", the same protected header, empty external data. */
const MAC_HEAD = '\x84\x64MAC0\x43\xa1\x01\x05\x40';
const GRANT_MAX = 512;
/** All bits of Policy. */
const POLICIES = 127;
/** Age (s) and accuracy (m) of a fix where a permit has fences and says no more. */
const FIX_AGE = 15;
const FIX_ACCURACY = 50;
/** Seconds that a unit may be told to go without the authority's time. */
const SILENCE_MIN = 60;
const SILENCE_MAX = 2678400;
/** How a die may be pressed: ms, per cent. */
const DWELL_MIN = 50;
const DWELL_MAX = 2000;
const DUTY_MIN = 30;
const U32 = 4294967295;

/** Makes a device's keys ready for openGrant. */
export function grantKeys(n: Natives, deviceId: Bytes, permitKey: Bytes, ackKey: Bytes): GrantKeys {
  return { deviceId: deviceId, permit: hmacKey(n, permitKey), ack: hmacKey(n, ackKey) };
}

/** The COSE_Mac0 around a payload. */
export function sealGrant(n: Natives, key: Pads, payload: Bytes): Bytes {
  const body = cborBytes(payload);
  return COSE_HEAD + body + cborBytes(hmac(n, key, MAC_HEAD + body));
}

function readPersons(r: CborReader): number[] | undefined {
  const count = r.head(4);
  const persons: number[] = [];
  if (count < 1 || count > 4) return undefined;
  for (let i = 0; i < count; i++) {
    if (r.head(4) !== 2) return undefined;
    const person = r.upTo(U32);
    for (let k = 0; k < persons.length; k += 2) if (persons[k] === person) return undefined;
    persons.push(person);
    const means = r.upTo(3);
    if (!means) return undefined;
    persons.push(means);
  }
  return r.ok ? persons : undefined;
}

/** Reads one claim of the seal's own map into the grant. False: no such claim. */
function readClaim(r: CborReader, claim: number, g: Grant): boolean {
  if (claim === 2) g.counter = r.upTo(U32);
  else if (claim === 3) g.epoch = r.upTo(U32);
  else if (claim === 4) g.die = r.bytes(8);
  else if (claim === 5) {
    g.count = r.upTo(65535);
    if (!g.count) r.ok = false;
  } else if (claim === 6) {
    const persons = readPersons(r);
    if (persons) g.persons = persons;
    else r.ok = false;
  } else if (claim === 7) g.policy = r.upTo(U32);
  else if (claim === 8) g.document = r.bytes(32);
  else if (claim === 9) {
    g.idle = r.upTo(65535);
    if (!g.idle) r.ok = false;
  } else if (claim === 10) g.nonce = r.bytes(16);
  else if (claim === 11) g.time = r.upTo(U32);
  else if (claim === 12) g.permit = r.bytes(16);
  else if (claim === 13) g.photo = r.bytes(32);
  else if (claim === 14) {
    g.condition = r.upTo(32);
    if (!g.condition) r.ok = false;
    // 4294967295 stands for an alarm without a record: a clearing of that would fit every later one.
  } else if (claim === 15) g.seq = r.upTo(U32 - 1);
  else if (claim === 16) g.recordsThrough = r.upTo(U32);
  else if (claim === 17) g.photosThrough = r.upTo(U32);
  else if (claim === 18) g.hash = r.bytes(32);
  else if (claim === 19) g.fences = readFences(r);
  else if (claim === 20) {
    if (r.head(4) !== 2) r.ok = false;
    g.maxAge = r.upTo(3600);
    g.maxAccuracy = r.upTo(10000);
    if (!g.maxAge || !g.maxAccuracy) r.ok = false;
  } else if (claim === 22) {
    g.action = r.upTo(255);
    if (!g.action) r.ok = false;
  } else if (claim === 23) g.subject = r.upTo(U32);
  else if (claim === 24) {
    g.until = r.upTo(U32);
    if (g.until === 0) r.ok = false;
  } else if (claim === 25) {
    if (r.head(4) !== 3) r.ok = false;
    g.dwell = r.upTo(DWELL_MAX);
    g.duty = r.upTo(100);
    g.life = r.upTo(65535);
    if (g.dwell < DWELL_MIN || g.duty < DUTY_MIN) r.ok = false;
  } else if (claim === 26) {
    g.silence = r.upTo(SILENCE_MAX);
    if (g.silence < SILENCE_MIN) r.ok = false;
  } else if (claim === 28) g.image = r.bytes(32);
  else if (claim === 29) g.version = r.upTo(U32);
  else return false;
  return true;
}

/**
 * The claims each kind must have, as a number with bit c set for claim c. Bit 0 stands for the three CWT claims exp, nbf
 * and cti together. A permit may also have claims 9, 19 and 20; a revocation has claim 3, or claims 2 and 12; a ceremony may
 * have persons, and has what its action is about.
 */
function claimsOf(kind: number, found: number): number {
  if (kind === GrantKind.PERMIT) return (found & 1573376) | 509;
  if (kind === GrantKind.TIME) return 3072;
  if (kind === GrantKind.STROKE || kind === GrantKind.REJECT) return 45056;
  if (kind === GrantKind.TOP_UP) return 4140;
  if (kind === GrantKind.CLEAR) return 49152;
  if (kind === GrantKind.REVOKE) return found & 8 ? 8 : 4100;
  if (kind === GrantKind.CEREMONY) return (found & 127402064) | 4194317;
  if (kind === GrantKind.UPDATE) return 805306368;
  return 458752;
}

/**
 * Whether a ceremony has what its action is about, and no more: a person for fingers, passcode and removal (the first two
 * may end with a day), a die for whatever is about one (a removal may leave it open), a borrower and a day for a take-out, and
 * persons for whatever is done at the device. A take-out that names nobody gives the borrower more time, or other bounds.
 */
function actionFits(g: Grant): boolean {
  const a = g.action as number;
  const out = a === Action.TAKE_OUT;
  const person = out || a <= Action.PERSON_REMOVE;
  const die = a >= Action.DIE_IN && a <= Action.DIE_INKED;
  if (person !== (g.subject !== undefined) || (a === Action.DIE_TUNE) !== (g.dwell !== undefined)) return false;
  if (a !== Action.DIE_OUT && die !== (g.die !== undefined)) return false;
  if (out ? g.until === undefined : g.until !== undefined && a > Action.CODE_SET) return false;
  if (a < Action.TAKE_OUT && (g.fences !== undefined || g.maxAge !== undefined || g.silence !== undefined)) return false;
  if (g.maxAge !== undefined && g.fences === undefined) return false;
  if (out && g.persons !== undefined) {
    for (let i = 0; i < g.persons.length; i += 2) if (g.persons[i] === g.subject) return true;
    return false;
  }
  if (a === Action.HANDOVER) return g.persons !== undefined && g.persons.length === 6;
  return out || g.persons !== undefined || (die && a > Action.DIE_IN) || a === Action.PERSON_REMOVE || a === Action.READER_PAIR || a === Action.SUSPEND || a === Action.RESUME;
}

/** Takes a payload apart. Its MAC has been checked. */
function readPayload(payload: Bytes, deviceId: Bytes): Grant | number {
  const r = new CborReader(payload);
  const g: Grant = { kind: 0 };
  const outer = r.head(5);
  let found = 0;
  // Keys in the deterministic order: 3, 4, 5, 7, -65537.
  if (r.uint() !== 3) return RefusalCode.MALFORMED;
  const audience = r.bytes(8);
  if (outer === 5) {
    if (r.uint() !== 4) return r.ok ? RefusalCode.UNSUPPORTED : RefusalCode.MALFORMED;
    g.notAfter = r.upTo(U32);
    if (r.uint() !== 5) return r.ok ? RefusalCode.UNSUPPORTED : RefusalCode.MALFORMED;
    g.notBefore = r.upTo(U32);
    if (r.uint() !== 7) return r.ok ? RefusalCode.UNSUPPORTED : RefusalCode.MALFORMED;
    g.permit = r.bytes(16);
    found = 1;
  } else if (outer !== 2) return r.ok ? RefusalCode.UNSUPPORTED : RefusalCode.MALFORMED;
  if (r.int() !== -65537) return r.ok ? RefusalCode.UNSUPPORTED : RefusalCode.MALFORMED;
  const count = r.head(5);
  if (r.uint() !== 1) r.ok = false;
  g.kind = r.upTo(U32);
  if (!r.ok) return RefusalCode.MALFORMED;
  if (g.kind < GrantKind.PERMIT || g.kind > GrantKind.REJECT) return RefusalCode.UNSUPPORTED;
  let before = 1;
  for (let i = 1; i < count && r.ok; i++) {
    const claim = r.uint();
    if (claim <= before) r.ok = false;
    else if (claim > 29 || !readClaim(r, claim, g)) return r.ok ? RefusalCode.UNSUPPORTED : RefusalCode.MALFORMED;
    found |= 1 << claim;
    before = claim;
  }
  if (!r.done()) return RefusalCode.MALFORMED;
  if (audience !== deviceId) return RefusalCode.WRONG_DEVICE;
  const wanted = claimsOf(g.kind, found);
  if (found & ~wanted) return RefusalCode.UNSUPPORTED;
  if (found !== wanted) return RefusalCode.MALFORMED;
  if (g.notAfter !== undefined && g.notAfter < (g.notBefore as number)) return RefusalCode.MALFORMED;
  if (g.kind === GrantKind.PERMIT) {
    if ((g.policy as number) > POLICIES) return RefusalCode.UNSUPPORTED;
    if (!g.idle) g.idle = 300;
  }
  if (g.kind === GrantKind.CEREMONY) {
    const a = g.action as number;
    if (a > Action.RETURN) return RefusalCode.UNSUPPORTED;
    if (!actionFits(g)) return RefusalCode.MALFORMED;
  }
  if (g.fences !== undefined && !g.maxAge) {
    g.maxAge = FIX_AGE;
    g.maxAccuracy = FIX_ACCURACY;
  }
  return g;
}

/**
 * Checks a grant's MAC over the bytes received, then reads it. Returns the grant, or the RefusalCode: MALFORMED (not the
 * one encoding), NOT_AUTHENTIC, WRONG_DEVICE, UNSUPPORTED (a claim or a value this version does not know). Whether it is
 * in time, fresh, not revoked and for the fitted die is for the caller to judge. Acknowledgements count only under the
 * register's key, all other kinds only under the authority's.
 */
export function openGrant(n: Natives, keys: GrantKeys, cose: Bytes): Grant | number {
  if (cose.length > GRANT_MAX || cose.substr(0, 7) !== COSE_HEAD) return RefusalCode.MALFORMED;
  const r = new CborReader(cose);
  r.at = 7;
  const payload = r.bytes(-1);
  const end = r.at;
  const tag = r.bytes(32);
  if (!r.done()) return RefusalCode.MALFORMED;
  const signed = MAC_HEAD + cose.substr(7, end - 7);
  const ack = !same(n, hmac(n, keys.permit, signed), tag);
  if (ack && !same(n, hmac(n, keys.ack, signed), tag)) return RefusalCode.NOT_AUTHENTIC;
  const g = readPayload(payload, keys.deviceId);
  if (typeof g !== 'number' && ack !== (g.kind === GrantKind.ACK)) return RefusalCode.NOT_AUTHENTIC;
  return g;
}
