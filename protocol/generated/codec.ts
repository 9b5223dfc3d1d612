// Made from smartseal.proto by protocol/generate.ts. Do not edit: run `npm run generate`.
/** The messages of smartseal.proto in the interpreter's dialect. decodeX gives undefined for what is malformed or larger than the schema allows. */
import type { Bytes } from '../natives';
import { item, num, str, WireReader } from '../wire';

/** The type byte of a sealed payload. Numbers are never used again once released. */
export const enum MessageType {
  MESSAGE_TYPE_UNSPECIFIED = 0,
  READY = 1,
  REFUSAL = 2,
  DONE = 3,
  NOTICE = 4,
  STATUS_GET = 16,
  STATUS = 17,
  PERMIT_LOAD = 18,
  PERMIT_GET = 19,
  PERMIT_STATE = 20,
  GRANT_APPLY = 21,
  TIME_NONCE_GET = 22,
  TIME_NONCE = 23,
  RECORDS_GET = 24,
  RECORDS = 25,
  PHOTO_GET = 26,
  PHOTO_CHUNK = 27,
  USE_CLOSE = 28,
  PEOPLE_GET = 29,
  PEOPLE = 30,
  UPDATE_BEGIN = 40,
  UPDATE_STATE = 41,
  UPDATE_GET = 42,
  UPDATE_CHUNK = 43,
  UPDATE_FINISH = 44,
  VIEW_GET = 45,
  VIEW_CHUNK = 46,
  PHOTO_PUT = 47,
  MAINTAIN = 50,
  MAINTAINED = 51,
}

/** What the device is doing. Closed: a receiver that meets an unknown number treats it as BUSY. */
export const enum UseState {
  USE_STATE_UNSPECIFIED = 0,
  /** Locked, nothing opened. */
  IDLE = 1,
  /** Some but not all named persons have shown themselves. */
  OPENING = 2,
  /** Use opened, waiting for paper in the tray and a closed lid. */
  OPEN = 3,
  /** Photographing before the stroke. */
  LOOKING = 4,
  /** The permit asks for a stroke grant. */
  WAITING_GRANT = 5,
  /** From intent to outcome. */
  STROKING = 6,
  /** Photographing after the stroke. */
  LOOKING_AFTER = 7,
  /** Locked by an alarm until it is cleared. */
  ALARMED = 8,
}

/** Why something was refused. Numbers are stable; texts (zh/en) stand in SPEC.md. */
export const enum RefusalCode {
  REFUSAL_CODE_UNSPECIFIED = 0,
  /** The message or the grant inside it does not parse. */
  MALFORMED = 1,
  /** No such message type for this device. */
  UNKNOWN_MESSAGE = 2,
  /** MAC wrong. */
  NOT_AUTHENTIC = 3,
  /** Made out to another device. */
  WRONG_DEVICE = 4,
  /** The die named is not the die fitted. */
  WRONG_DIE = 5,
  /** Before the permit's window. */
  TOO_EARLY = 6,
  /** After the permit's window. */
  EXPIRED = 7,
  /** No trusted time, and the window cannot be judged without. */
  TIME_UNKNOWN = 8,
  /** Epoch older than the device's, or this permit revoked. */
  REVOKED = 9,
  /** Permit counter was already used. */
  REPLAYED = 10,
  /** No use left. */
  USED_UP = 11,
  /** A claim, limit or policy this firmware does not know: never ignored. */
  UNSUPPORTED = 12,
  /** No room for another permit. */
  STORE_FULL = 13,
  /** Journal or photo store full: nothing may be stamped unseen. */
  LOG_FULL = 14,
  /** An alarm is latched. */
  ALARM_ACTIVE = 15,
  /** No such permit on this device. */
  UNKNOWN_PERMIT = 16,
  /** The finger or the person is not known, or not named in any permit. */
  UNKNOWN_PERSON = 17,
  /** Bound to a nonce, photo, alarm or state that is no longer current. */
  STALE = 18,
  /** Not while a stroke is under way. */
  BUSY = 19,
  /** No such record or photo (any more). */
  NOT_FOUND = 20,
  /** A time before what the device knows to be past. */
  CLOCK_BACKWARDS = 21,
  /** Too little charge to finish a stroke safely. */
  BATTERY_LOW = 22,
  /** A part does not answer or contradicts itself. */
  HARDWARE = 23,
  /** One person twice where two are needed. */
  SAME_PERSON = 24,
  /** Not certainly inside a fence of the permit. */
  OUTSIDE = 25,
  /** No fix that is young and accurate enough where the permit asks for one. */
  NO_FIX = 26,
  /** Moved between the photo and the stroke, or not upright. */
  MOVED = 27,
  /** Without USB power, or carried since that came, where the permit is for the dock only. */
  NOT_DOCKED = 28,
  /** A die of this number is in the unit already: two of them could not be told apart. */
  DIE_TWICE = 29,
  /** An update's version is not above all that this device has confirmed. */
  IMAGE_OLD = 30,
  /** Not the image granted, not for this board, or it does not verify; detail: `fault` of UpdateState. */
  IMAGE_WRONG = 31,
  /** No update was begun since the device started, or it is not that far. */
  NO_UPDATE = 32,
  /** A chunk that does not follow; detail: the offset that does. */
  IMAGE_OFFSET = 33,
  /** The permit's die is in the unit, and another one, or none, under the ram. */
  TURN_DIE = 34,
  /** The passcode is not that person's. */
  WRONG_CODE = 35,
  /** Ten wrong passcodes in a row: two persons must set a new one. */
  CODE_LOCKED = 36,
  /** Not yet: after a wrong passcode, or within two seconds of a view; detail: seconds left, where known. */
  WAIT = 37,
  /** The permit asks for the person's finger where a passcode was given, or the other way round. */
  WRONG_MEANS = 38,
  /** The seal is out of service. */
  SUSPENDED = 39,
  /** A new passcode that is too short, too plain, or not twice the same. */
  WEAK_CODE = 40,
  /** The fingerprint reader did not carry it out; detail: why. */
  READER = 41,
  /** The answer to a challenge, or the trip code, is not the office's. */
  WRONG_ANSWER = 42,
  /** Ten wrong answers and trip codes in a row: until the authority clears the alarm. */
  OFFLINE_LOCKED = 43,
  /** A trip code that was used, or that is older than one that was. */
  CODE_SPENT = 44,
  /** Too few digits, or a check digit that does not fit: not taken for a try. */
  MISTYPED = 45,
  /** The permit asks for photos of the host's camera, and none came in time. */
  NO_PHOTO = 46,
  /** Maintenance moves nothing while a die is in the unit. */
  DIE_FITTED = 48,
  /** No maintenance is open. */
  NOT_MAINTAINED = 49,
}

/** Where an update stands. Until CHOSEN nothing but the inactive slot has changed. */
export const enum UpdateStage {
  NO_STAGE = 0,
  /** The inactive slot is erased. */
  ERASING = 1,
  /** Chunks from `offset` on. */
  RECEIVING = 2,
  /** Digest, then signature, over what is on flash. */
  CHECKING = 3,
  /** UpdateFinish chooses it and restarts. */
  VERIFIED = 4,
  /** About to restart. */
  CHOSEN = 5,
  /** Begin anew; `fault` says why. */
  FAILED = 6,
}

/** What a technician has the unit do while maintenance is open (a ceremony opens it). */
export const enum MaintainWhat {
  MAINTAIN_WHAT_UNSPECIFIED = 0,
  SELF_TEST = 1,
  /** `part` moves for `ms`. */
  JOG = 2,
  /** One whole press. */
  CALIBRATE = 3,
  /** Nothing is done, only told: at any time. */
  SENSORS = 4,
  END = 5,
}

export const enum MaintainPart {
  NO_PART = 0,
  /** At half force, at most 500 ms. */
  PRESS = 1,
  /** The same. */
  RETRACT = 2,
  /** At most 1000 ms. */
  BOLT = 3,
}

/** The first message of a session, sent by the device as soon as the host has proven itself. */
export interface Ready {
  /** Number of boots so far. */
  boot: number;
  /** Oldest evidence record still on the device. */
  firstSeq: number;
  /** Sequence number the next record will have. */
  nextSeq: number;
  /** Records below this one are with the register. */
  ackedSeq: number;
  state: UseState;
  /** Version of the bundle. At most 24 bytes. */
  firmware: Bytes;
}

export function encodeReady(m: Ready): Bytes {
  return num('\x08', m.boot) + num('\x10', m.firstSeq) + num('\x18', m.nextSeq) + num('\x20', m.ackedSeq) + num('\x28', m.state) + str('\x32', m.firmware);
}

export function decodeReady(b: Bytes): Ready | undefined {
  const r = new WireReader(b);
  let boot = 0;
  let firstSeq = 0;
  let nextSeq = 0;
  let ackedSeq = 0;
  let state: UseState = 0;
  let firmware = '';
  while (r.next()) {
    if (r.key === 8) boot = r.num % 4294967296;
    else if (r.key === 16) firstSeq = r.num % 4294967296;
    else if (r.key === 24) nextSeq = r.num % 4294967296;
    else if (r.key === 32) ackedSeq = r.num % 4294967296;
    else if (r.key === 40) state = r.num | 0;
    else if (r.key === 50) {
      if (r.str.length > 24) return undefined;
      firmware = r.str;
    }
  }
  return r.key < 0 ? undefined : { boot: boot, firstSeq: firstSeq, nextSeq: nextSeq, ackedSeq: ackedSeq, state: state, firmware: firmware };
}

/** Answers any request that is not carried out; nothing has changed on the device. */
export interface Refusal {
  code: RefusalCode;
  /** Meaning depends on the code; 0 if none. */
  detail: number;
}

export function encodeRefusal(m: Refusal): Bytes {
  return num('\x08', m.code) + num('\x10', m.detail);
}

export function decodeRefusal(b: Bytes): Refusal | undefined {
  const r = new WireReader(b);
  let code: RefusalCode = 0;
  let detail = 0;
  while (r.next()) {
    if (r.key === 8) code = r.num | 0;
    else if (r.key === 16) detail = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { code: code, detail: detail };
}

/** Answers a request that was carried out and has nothing to tell. */
export type Done = Record<string, never>;

export function encodeDone(_m?: Done): Bytes {
  return '';
}

export function decodeDone(b: Bytes): Done | undefined {
  const r = new WireReader(b);
  while (r.next());
  return r.key < 0 ? undefined : {};
}

/** Something changed: records to fetch, another state, an alarm. Coalesced: only the newest counts. */
export interface Notice {
  state: UseState;
  nextSeq: number;
  /** Bit n set: alarm condition n latched. */
  alarms: number;
}

export function encodeNotice(m: Notice): Bytes {
  return num('\x08', m.state) + num('\x10', m.nextSeq) + num('\x18', m.alarms);
}

export function decodeNotice(b: Bytes): Notice | undefined {
  const r = new WireReader(b);
  let state: UseState = 0;
  let nextSeq = 0;
  let alarms = 0;
  while (r.next()) {
    if (r.key === 8) state = r.num | 0;
    else if (r.key === 16) nextSeq = r.num % 4294967296;
    else if (r.key === 24) alarms = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { state: state, nextSeq: nextSeq, alarms: alarms };
}

export type StatusGet = Record<string, never>;

export function encodeStatusGet(_m?: StatusGet): Bytes {
  return '';
}

export function decodeStatusGet(b: Bytes): StatusGet | undefined {
  const r = new WireReader(b);
  while (r.next());
  return r.key < 0 ? undefined : {};
}

export interface Status {
  state: UseState;
  boot: number;
  uptimeS: number;
  /** Trusted time, Unix seconds; 0: none since power loss. */
  time: number;
  /** What the device knows to be past, Unix seconds. */
  timeFloor: number;
  firstSeq: number;
  nextSeq: number;
  ackedSeq: number;
  alarms: number;
  batteryMv: number;
  /** Bit 0 lid closed, 1 paper in tray, 2 die present, 3 bolt closed, 4 actuator home, 5 contact, 6 USB power. */
  sensors: number;
  /** Identity of the die under the ram; empty: none there, or between two of them. At most 8 bytes. */
  die: Bytes;
  /** Revocation epoch. */
  epoch: number;
  /** Bytes. */
  journalFree: number;
  /** Bytes. */
  photoFree: number;
  /** The permit in use; empty: none. At most 16 bytes. */
  permit: Bytes;
  /** 0 in service, 1 suspended, 2 out of service for good. */
  service: number;
  /** Action of the ceremony that waits for its persons or is under way; 0: none. */
  ceremony: number;
  /** Newest fix, 1e-7 degree, two's complement; only where accuracy is not 0. */
  latitude: number;
  /** The same. */
  longitude: number;
  /** 0: no fix since the start. */
  accuracyM: number;
  fixAgeS: number;
  /** Bit 0 moved at the last look, 1 not upright, 2 docked, 3 motion sensor fault, 4 position receiver on, 5 position receiver fault. */
  motion: number;
  /** 0 never given back to a base, 1 at its base, 2 taken out. */
  custody: number;
  /** Taken out: when it is to be back, Unix seconds. */
  due: number;
  /** Identities of all dies in the unit, 8 bytes each. At most 32 bytes. */
  dies: Bytes;
  /** Of the die under the ram: strokes since it was last inked, as far as they are counted. */
  strokesInked: number;
  /** Strokes after which it wants ink; 0: not said. */
  inkLife: number;
  /** The permit in use is for photos of the host's camera, and waits for one (PhotoPut): 1 before, 2 after the stroke; 0: no. */
  photoWanted: number;
}

export function encodeStatus(m: Status): Bytes {
  return num('\x08', m.state) + num('\x10', m.boot) + num('\x18', m.uptimeS) + num('\x20', m.time) + num('\x28', m.timeFloor) + num('\x30', m.firstSeq) + num('\x38', m.nextSeq) + num('\x40', m.ackedSeq) + num('\x48', m.alarms) + num('\x50', m.batteryMv) + num('\x58', m.sensors) + str('\x62', m.die) + num('\x68', m.epoch) + num('\x70', m.journalFree) + num('\x78', m.photoFree) + str('\x82\x01', m.permit) + num('\x88\x01', m.service) + num('\x90\x01', m.ceremony) + num('\xa0\x01', m.latitude) + num('\xa8\x01', m.longitude) + num('\xb0\x01', m.accuracyM) + num('\xb8\x01', m.fixAgeS) + num('\xc0\x01', m.motion) + num('\xf0\x01', m.custody) + num('\xf8\x01', m.due) + str('\x8a\x02', m.dies) + num('\x90\x02', m.strokesInked) + num('\x98\x02', m.inkLife) + num('\xa0\x02', m.photoWanted);
}

export function decodeStatus(b: Bytes): Status | undefined {
  const r = new WireReader(b);
  let state: UseState = 0;
  let boot = 0;
  let uptimeS = 0;
  let time = 0;
  let timeFloor = 0;
  let firstSeq = 0;
  let nextSeq = 0;
  let ackedSeq = 0;
  let alarms = 0;
  let batteryMv = 0;
  let sensors = 0;
  let die = '';
  let epoch = 0;
  let journalFree = 0;
  let photoFree = 0;
  let permit = '';
  let service = 0;
  let ceremony = 0;
  let latitude = 0;
  let longitude = 0;
  let accuracyM = 0;
  let fixAgeS = 0;
  let motion = 0;
  let custody = 0;
  let due = 0;
  let dies = '';
  let strokesInked = 0;
  let inkLife = 0;
  let photoWanted = 0;
  while (r.next()) {
    if (r.key === 8) state = r.num | 0;
    else if (r.key === 16) boot = r.num % 4294967296;
    else if (r.key === 24) uptimeS = r.num % 4294967296;
    else if (r.key === 32) time = r.num % 4294967296;
    else if (r.key === 40) timeFloor = r.num % 4294967296;
    else if (r.key === 48) firstSeq = r.num % 4294967296;
    else if (r.key === 56) nextSeq = r.num % 4294967296;
    else if (r.key === 64) ackedSeq = r.num % 4294967296;
    else if (r.key === 72) alarms = r.num % 4294967296;
    else if (r.key === 80) batteryMv = r.num % 4294967296;
    else if (r.key === 88) sensors = r.num % 4294967296;
    else if (r.key === 98) {
      if (r.str.length > 8) return undefined;
      die = r.str;
    } else if (r.key === 104) epoch = r.num % 4294967296;
    else if (r.key === 112) journalFree = r.num % 4294967296;
    else if (r.key === 120) photoFree = r.num % 4294967296;
    else if (r.key === 130) {
      if (r.str.length > 16) return undefined;
      permit = r.str;
    } else if (r.key === 136) service = r.num % 4294967296;
    else if (r.key === 144) ceremony = r.num % 4294967296;
    else if (r.key === 160) latitude = r.num % 4294967296;
    else if (r.key === 168) longitude = r.num % 4294967296;
    else if (r.key === 176) accuracyM = r.num % 4294967296;
    else if (r.key === 184) fixAgeS = r.num % 4294967296;
    else if (r.key === 192) motion = r.num % 4294967296;
    else if (r.key === 240) custody = r.num % 4294967296;
    else if (r.key === 248) due = r.num % 4294967296;
    else if (r.key === 266) {
      if (r.str.length > 32) return undefined;
      dies = r.str;
    } else if (r.key === 272) strokesInked = r.num % 4294967296;
    else if (r.key === 280) inkLife = r.num % 4294967296;
    else if (r.key === 288) photoWanted = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { state: state, boot: boot, uptimeS: uptimeS, time: time, timeFloor: timeFloor, firstSeq: firstSeq, nextSeq: nextSeq, ackedSeq: ackedSeq, alarms: alarms, batteryMv: batteryMv, sensors: sensors, die: die, epoch: epoch, journalFree: journalFree, photoFree: photoFree, permit: permit, service: service, ceremony: ceremony, latitude: latitude, longitude: longitude, accuracyM: accuracyM, fixAgeS: fixAgeS, motion: motion, custody: custody, due: due, dies: dies, strokesInked: strokesInked, inkLife: inkLife, photoWanted: photoWanted };
}

/** Hands over a permit (COSE_Mac0, SPEC.md "Permit"). Loading the same bytes again answers the same and changes nothing. */
export interface PermitLoad {
  /** At most 512 bytes. */
  grant: Bytes;
}

export function encodePermitLoad(m: PermitLoad): Bytes {
  return str('\x0a', m.grant);
}

export function decodePermitLoad(b: Bytes): PermitLoad | undefined {
  const r = new WireReader(b);
  let grant = '';
  while (r.next()) {
    if (r.key === 10) {
      if (r.str.length > 512) return undefined;
      grant = r.str;
    }
  }
  return r.key < 0 ? undefined : { grant: grant };
}

export interface PermitGet {
  /** At most 16 bytes. */
  permit: Bytes;
}

export function encodePermitGet(m: PermitGet): Bytes {
  return str('\x0a', m.permit);
}

export function decodePermitGet(b: Bytes): PermitGet | undefined {
  const r = new WireReader(b);
  let permit = '';
  while (r.next()) {
    if (r.key === 10) {
      if (r.str.length > 16) return undefined;
      permit = r.str;
    }
  }
  return r.key < 0 ? undefined : { permit: permit };
}

export interface PermitState {
  /** At most 16 bytes. */
  permit: Bytes;
  /** Strokes allowed. */
  count: number;
  /** Strokes charged, unknown ones included. */
  used: number;
  /** Used up, finished, expired or revoked. */
  closed: boolean;
}

export function encodePermitState(m: PermitState): Bytes {
  return str('\x0a', m.permit) + num('\x10', m.count) + num('\x18', m.used) + (m.closed ? '\x20\x01' : '');
}

export function decodePermitState(b: Bytes): PermitState | undefined {
  const r = new WireReader(b);
  let permit = '';
  let count = 0;
  let used = 0;
  let closed = false;
  while (r.next()) {
    if (r.key === 10) {
      if (r.str.length > 16) return undefined;
      permit = r.str;
    } else if (r.key === 16) count = r.num % 4294967296;
    else if (r.key === 24) used = r.num % 4294967296;
    else if (r.key === 32) closed = r.num !== 0;
  }
  return r.key < 0 ? undefined : { permit: permit, count: count, used: used, closed: closed };
}

/** Hands over any other statement of the authority or the register: time, stroke, alarm clearing, revocation, acknowledgement. */
export interface GrantApply {
  /** At most 512 bytes. */
  grant: Bytes;
}

export function encodeGrantApply(m: GrantApply): Bytes {
  return str('\x0a', m.grant);
}

export function decodeGrantApply(b: Bytes): GrantApply | undefined {
  const r = new WireReader(b);
  let grant = '';
  while (r.next()) {
    if (r.key === 10) {
      if (r.str.length > 512) return undefined;
      grant = r.str;
    }
  }
  return r.key < 0 ? undefined : { grant: grant };
}

/** Asks for the nonce that a time grant must carry. A new one each call; only the newest counts. */
export type TimeNonceGet = Record<string, never>;

export function encodeTimeNonceGet(_m?: TimeNonceGet): Bytes {
  return '';
}

export function decodeTimeNonceGet(b: Bytes): TimeNonceGet | undefined {
  const r = new WireReader(b);
  while (r.next());
  return r.key < 0 ? undefined : {};
}

export interface TimeNonce {
  /** Exactly 16 bytes. */
  nonce: Bytes;
}

export function encodeTimeNonce(m: TimeNonce): Bytes {
  return str('\x0a', m.nonce);
}

export function decodeTimeNonce(b: Bytes): TimeNonce | undefined {
  const r = new WireReader(b);
  let nonce = '';
  while (r.next()) {
    if (r.key === 10) nonce = r.str;
  }
  return r.key < 0 || nonce.length !== 16 ? undefined : { nonce: nonce };
}

export interface RecordsGet {
  fromSeq: number;
  /** Of records in the answer; at least one record comes, whatever this says. */
  maxBytes: number;
}

export function encodeRecordsGet(m: RecordsGet): Bytes {
  return num('\x08', m.fromSeq) + num('\x10', m.maxBytes);
}

export function decodeRecordsGet(b: Bytes): RecordsGet | undefined {
  const r = new WireReader(b);
  let fromSeq = 0;
  let maxBytes = 0;
  while (r.next()) {
    if (r.key === 8) fromSeq = r.num % 4294967296;
    else if (r.key === 16) maxBytes = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { fromSeq: fromSeq, maxBytes: maxBytes };
}

/** Consecutive evidence records, oldest first; empty if there is none at from_seq yet. */
export interface Records {
  fromSeq: number;
  /** At most 512 bytes. At most 16 items. */
  records: Bytes[];
}

export function encodeRecords(m: Records): Bytes {
  let records = '';
  for (let i = 0; i < m.records.length; i++) records += item('\x12', m.records[i] as Bytes);
  return num('\x08', m.fromSeq) + records;
}

export function decodeRecords(b: Bytes): Records | undefined {
  const r = new WireReader(b);
  let fromSeq = 0;
  const records: Bytes[] = [];
  while (r.next()) {
    if (r.key === 8) fromSeq = r.num % 4294967296;
    else if (r.key === 18) {
      if (records.length > 15 || r.str.length > 512) return undefined;
      records.push(r.str);
    }
  }
  return r.key < 0 ? undefined : { fromSeq: fromSeq, records: records };
}

export interface PhotoGet {
  /** Exactly 32 bytes. */
  digest: Bytes;
  offset: number;
  /** 0: to the end. */
  maxBytes: number;
}

export function encodePhotoGet(m: PhotoGet): Bytes {
  return str('\x0a', m.digest) + num('\x10', m.offset) + num('\x18', m.maxBytes);
}

export function decodePhotoGet(b: Bytes): PhotoGet | undefined {
  const r = new WireReader(b);
  let digest = '';
  let offset = 0;
  let maxBytes = 0;
  while (r.next()) {
    if (r.key === 10) digest = r.str;
    else if (r.key === 16) offset = r.num % 4294967296;
    else if (r.key === 24) maxBytes = r.num % 4294967296;
  }
  return r.key < 0 || digest.length !== 32 ? undefined : { digest: digest, offset: offset, maxBytes: maxBytes };
}

export interface PhotoChunk {
  offset: number;
  /** At most 4096 bytes. */
  data: Bytes;
  /** The last of this answer. */
  last: boolean;
  /** Of the whole photo. */
  size: number;
}

export function encodePhotoChunk(m: PhotoChunk): Bytes {
  return num('\x08', m.offset) + str('\x12', m.data) + (m.last ? '\x18\x01' : '') + num('\x20', m.size);
}

export function decodePhotoChunk(b: Bytes): PhotoChunk | undefined {
  const r = new WireReader(b);
  let offset = 0;
  let data = '';
  let last = false;
  let size = 0;
  while (r.next()) {
    if (r.key === 8) offset = r.num % 4294967296;
    else if (r.key === 18) {
      if (r.str.length > 4096) return undefined;
      data = r.str;
    } else if (r.key === 24) last = r.num !== 0;
    else if (r.key === 32) size = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { offset: offset, data: data, last: last, size: size };
}

/** Ends the use that is open, as if the person had finished; harmless at any time. */
export type UseClose = Record<string, never>;

export function encodeUseClose(_m?: UseClose): Bytes {
  return '';
}

export function decodeUseClose(b: Bytes): UseClose | undefined {
  const r = new WireReader(b);
  while (r.next());
  return r.key < 0 ? undefined : {};
}

/** Who is known at the device, in the order of their numbers, from the first above `after` on. */
export interface PeopleGet {
  after: number;
}

export function encodePeopleGet(m: PeopleGet): Bytes {
  return num('\x08', m.after);
}

export function decodePeopleGet(b: Bytes): PeopleGet | undefined {
  const r = new WireReader(b);
  let after = 0;
  while (r.next()) {
    if (r.key === 8) after = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { after: after };
}

/** Each entry: person u32 | first second (Unix) at which the person is nobody again, 0: no end, u32 | fingers u8 | bits u8 (1 has a passcode, 2 which is locked). Little-endian. */
export interface People {
  /** At most 10 bytes. At most 32 items. */
  people: Bytes[];
  /** There are more behind these. */
  more: boolean;
}

export function encodePeople(m: People): Bytes {
  let people = '';
  for (let i = 0; i < m.people.length; i++) people += item('\x0a', m.people[i] as Bytes);
  return people + (m.more ? '\x10\x01' : '');
}

export function decodePeople(b: Bytes): People | undefined {
  const r = new WireReader(b);
  const people: Bytes[] = [];
  let more = false;
  while (r.next()) {
    if (r.key === 10) {
      if (people.length > 31 || r.str.length > 10) return undefined;
      people.push(r.str);
    } else if (r.key === 16) more = r.num !== 0;
  }
  return r.key < 0 ? undefined : { people: people, more: more };
}

/** Begins an update, or takes it up again after a break or a restart: the slot keeps what it holds of the same image. */
export interface UpdateBegin {
  /** The authority's consent. At most 512 bytes. */
  grant: Bytes;
  /** Of the image with its signature, bytes. */
  size: number;
}

export function encodeUpdateBegin(m: UpdateBegin): Bytes {
  return str('\x0a', m.grant) + num('\x10', m.size);
}

export function decodeUpdateBegin(b: Bytes): UpdateBegin | undefined {
  const r = new WireReader(b);
  let grant = '';
  let size = 0;
  while (r.next()) {
    if (r.key === 10) {
      if (r.str.length > 512) return undefined;
      grant = r.str;
    } else if (r.key === 16) size = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { grant: grant, size: size };
}

export interface UpdateState {
  stage: UpdateStage;
  /** Bytes of the image that are held: the next chunk begins here. */
  offset: number;
  /** Of the image under way. */
  size: number;
  /** Of the image under way; 0: none. */
  version: number;
  /** Version that runs. */
  running: number;
  /** Of erasing or checking. */
  percent: number;
  /** FAILED: 1 flash, 2 header, 3 digest, 4 signature. */
  fault: number;
}

export function encodeUpdateState(m: UpdateState): Bytes {
  return num('\x08', m.stage) + num('\x10', m.offset) + num('\x18', m.size) + num('\x20', m.version) + num('\x28', m.running) + num('\x30', m.percent) + num('\x38', m.fault);
}

export function decodeUpdateState(b: Bytes): UpdateState | undefined {
  const r = new WireReader(b);
  let stage: UpdateStage = 0;
  let offset = 0;
  let size = 0;
  let version = 0;
  let running = 0;
  let percent = 0;
  let fault = 0;
  while (r.next()) {
    if (r.key === 8) stage = r.num | 0;
    else if (r.key === 16) offset = r.num % 4294967296;
    else if (r.key === 24) size = r.num % 4294967296;
    else if (r.key === 32) version = r.num % 4294967296;
    else if (r.key === 40) running = r.num % 4294967296;
    else if (r.key === 48) percent = r.num % 4294967296;
    else if (r.key === 56) fault = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { stage: stage, offset: offset, size: size, version: version, running: running, percent: percent, fault: fault };
}

export type UpdateGet = Record<string, never>;

export function encodeUpdateGet(_m?: UpdateGet): Bytes {
  return '';
}

export function decodeUpdateGet(b: Bytes): UpdateGet | undefined {
  const r = new WireReader(b);
  while (r.next());
  return r.key < 0 ? undefined : {};
}

export interface UpdateChunk {
  offset: number;
  /** A multiple of 4. At most 512 bytes. */
  data: Bytes;
}

export function encodeUpdateChunk(m: UpdateChunk): Bytes {
  return num('\x08', m.offset) + str('\x12', m.data);
}

export function decodeUpdateChunk(b: Bytes): UpdateChunk | undefined {
  const r = new WireReader(b);
  let offset = 0;
  let data = '';
  while (r.next()) {
    if (r.key === 8) offset = r.num % 4294967296;
    else if (r.key === 18) {
      if (r.str.length > 512) return undefined;
      data = r.str;
    }
  }
  return r.key < 0 ? undefined : { offset: offset, data: data };
}

/** With the whole image there: begins the check. With a verified one: records it, chooses it and restarts. */
export type UpdateFinish = Record<string, never>;

export function encodeUpdateFinish(_m?: UpdateFinish): Bytes {
  return '';
}

export function decodeUpdateFinish(b: Bytes): UpdateFinish | undefined {
  const r = new WireReader(b);
  while (r.next());
  return r.key < 0 ? undefined : {};
}

/** A small picture (320 × 240, JPEG) of what the camera sees now: kept nowhere, recorded nowhere. Refused with BUSY while a photo or a stroke is under way, also where one begins before the picture is whole; with WAIT within two seconds of the one before. */
export type ViewGet = Record<string, never>;

export function encodeViewGet(_m?: ViewGet): Bytes {
  return '';
}

export function decodeViewGet(b: Bytes): ViewGet | undefined {
  const r = new WireReader(b);
  while (r.next());
  return r.key < 0 ? undefined : {};
}

export interface ViewChunk {
  offset: number;
  /** At most 4096 bytes. */
  data: Bytes;
  /** The last of this answer. */
  last: boolean;
  /** Of the whole picture. */
  size: number;
}

export function encodeViewChunk(m: ViewChunk): Bytes {
  return num('\x08', m.offset) + str('\x12', m.data) + (m.last ? '\x18\x01' : '') + num('\x20', m.size);
}

export function decodeViewChunk(b: Bytes): ViewChunk | undefined {
  const r = new WireReader(b);
  let offset = 0;
  let data = '';
  let last = false;
  let size = 0;
  while (r.next()) {
    if (r.key === 8) offset = r.num % 4294967296;
    else if (r.key === 18) {
      if (r.str.length > 4096) return undefined;
      data = r.str;
    } else if (r.key === 24) last = r.num !== 0;
    else if (r.key === 32) size = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { offset: offset, data: data, last: last, size: size };
}

/** A piece of a photo of the host's own camera, where Status says that one is wanted (else STALE). Pieces of 512 bytes in order, only the last shorter; one at offset 0 begins anew; one that does not follow is IMAGE_OFFSET with the offset that does. After the last the photo is recorded as the unit's own would be. */
export interface PhotoPut {
  offset: number;
  /** At most 512 bytes. */
  data: Bytes;
  last: boolean;
}

export function encodePhotoPut(m: PhotoPut): Bytes {
  return num('\x08', m.offset) + str('\x12', m.data) + (m.last ? '\x18\x01' : '');
}

export function decodePhotoPut(b: Bytes): PhotoPut | undefined {
  const r = new WireReader(b);
  let offset = 0;
  let data = '';
  let last = false;
  while (r.next()) {
    if (r.key === 8) offset = r.num % 4294967296;
    else if (r.key === 18) {
      if (r.str.length > 512) return undefined;
      data = r.str;
    } else if (r.key === 24) last = r.num !== 0;
  }
  return r.key < 0 ? undefined : { offset: offset, data: data, last: last };
}

/** One thing at a time: it is begun, and Maintained tells when it is over. Refused while a die is in the unit. */
export interface Maintain {
  what: MaintainWhat;
  part: MaintainPart;
  ms: number;
}

export function encodeMaintain(m: Maintain): Bytes {
  return num('\x08', m.what) + num('\x10', m.part) + num('\x18', m.ms);
}

export function decodeMaintain(b: Bytes): Maintain | undefined {
  const r = new WireReader(b);
  let what: MaintainWhat = 0;
  let part: MaintainPart = 0;
  let ms = 0;
  while (r.next()) {
    if (r.key === 8) what = r.num | 0;
    else if (r.key === 16) part = r.num | 0;
    else if (r.key === 24) ms = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { what: what, part: part, ms: ms };
}

/** What was done last, and what the sensors say now. */
export interface Maintained {
  /** Under way; 0: nothing. */
  busy: MaintainWhat;
  /** What was done last, and how: 0 well. */
  done: MaintainWhat;
  /** Self-test: bit n, part n failed (0 display, 1 reader, 2 camera, 3 motion, 4 position, 5 image on flash, 6 switches); else as in SPEC.md. */
  result: number;
  /** Of the actuator's last movement. At most 64 bytes. */
  trace: Bytes;
  /** Bit 0 lid closed, 1 paper, 2 die, 3 bolt closed, 4 home, 5 contact, 6 case closed, 7 they do not answer, 8 USB power. */
  sensors: number;
  /** Of the motor. */
  currentMa: number;
  batteryMv: number;
  /** As in Status. */
  motion: number;
  /** Tags that answer, 8 bytes each. At most 64 bytes. */
  dies: Bytes;
  /** As in Status. */
  latitude: number;
  longitude: number;
  /** 0: no fix. */
  accuracyM: number;
}

export function encodeMaintained(m: Maintained): Bytes {
  return num('\x08', m.busy) + num('\x10', m.done) + num('\x18', m.result) + str('\x22', m.trace) + num('\x28', m.sensors) + num('\x30', m.currentMa) + num('\x38', m.batteryMv) + num('\x40', m.motion) + str('\x4a', m.dies) + num('\x50', m.latitude) + num('\x58', m.longitude) + num('\x60', m.accuracyM);
}

export function decodeMaintained(b: Bytes): Maintained | undefined {
  const r = new WireReader(b);
  let busy: MaintainWhat = 0;
  let done: MaintainWhat = 0;
  let result = 0;
  let trace = '';
  let sensors = 0;
  let currentMa = 0;
  let batteryMv = 0;
  let motion = 0;
  let dies = '';
  let latitude = 0;
  let longitude = 0;
  let accuracyM = 0;
  while (r.next()) {
    if (r.key === 8) busy = r.num | 0;
    else if (r.key === 16) done = r.num | 0;
    else if (r.key === 24) result = r.num % 4294967296;
    else if (r.key === 34) {
      if (r.str.length > 64) return undefined;
      trace = r.str;
    } else if (r.key === 40) sensors = r.num % 4294967296;
    else if (r.key === 48) currentMa = r.num % 4294967296;
    else if (r.key === 56) batteryMv = r.num % 4294967296;
    else if (r.key === 64) motion = r.num % 4294967296;
    else if (r.key === 74) {
      if (r.str.length > 64) return undefined;
      dies = r.str;
    } else if (r.key === 80) latitude = r.num % 4294967296;
    else if (r.key === 88) longitude = r.num % 4294967296;
    else if (r.key === 96) accuracyM = r.num % 4294967296;
  }
  return r.key < 0 ? undefined : { busy: busy, done: done, result: result, trace: trace, sensors: sensors, currentMa: currentMa, batteryMv: batteryMv, motion: motion, dies: dies, latitude: latitude, longitude: longitude, accuracyM: accuracyM };
}
