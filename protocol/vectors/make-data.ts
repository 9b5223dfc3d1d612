/** Vectors of keys, messages, grants and what the office says by phone. */
import { toHex } from '../bytes';
import { ZERO_HASH } from '../evidence';
import { fenceBytes } from '../fence';
import * as codec from '../generated/codec';
import { MESSAGES } from '../generated/messages';
import { hmac, hmacKey } from '../hash';
import { ackKey, deviceKey } from '../keys';
import type { Bytes, Natives } from '../natives';
import { Offline, offlineAnswer, offlineCheck, offlineId, offlineKey, offlineSession, tripCode } from '../offline';
import type { Grant } from '../permit';
import { grantPayload } from '../payload';
import { Action, GrantKind, sealGrant } from '../permit';
import { counting, DEVICE_ID } from './make-link';

const ROOT = '\x5a'.repeat(32);
export const PERMIT_ID = counting(0xc0, 16);
export const DIE = counting(0x10, 8);

/** The pinned keys of the vectors' device. */
export function pinnedKeys(n: Natives): { link: Bytes; permit: Bytes; evidence: Bytes; ack: Bytes } {
  const root = hmacKey(n, ROOT);
  const evidence = deviceKey(n, root, 'evidence', DEVICE_ID);
  return { link: deviceKey(n, root, 'link', DEVICE_ID), permit: deviceKey(n, root, 'permit', DEVICE_ID), evidence, ack: ackKey(n, evidence) };
}

export function keyVectors(n: Natives): unknown {
  const keys = pinnedKeys(n);
  return {
    root: toHex(ROOT),
    deviceId: toHex(DEVICE_ID),
    link: toHex(keys.link),
    permit: toHex(keys.permit),
    evidence: toHex(keys.evidence),
    ack: toHex(keys.ack),
  };
}

/** Values that reach every field; bytes and strings as binary strings. */
export const MESSAGE_VALUES: [string, { [field: string]: unknown }][] = [
  ['Ready', { boot: 7, firstSeq: 12, nextSeq: 4294967295, ackedSeq: 130, state: 1, firmware: '0.1.0' }],
  ['Refusal', { code: 10, detail: 300 }],
  ['Done', {}],
  ['Notice', { state: 5, nextSeq: 16384, alarms: 2147483650 }],
  ['StatusGet', {}],
  ['Status', {
    state: 2, boot: 128, uptimeS: 86400, time: 1767225600, timeFloor: 1767225000, firstSeq: 1, nextSeq: 300, ackedSeq: 299, alarms: 18,
    batteryMv: 3712, sensors: 127, die: DIE, epoch: 4, journalFree: 65536, photoFree: 1048576, permit: PERMIT_ID, service: 1, ceremony: 5,
    latitude: 312304000, longitude: 4294967295, accuracyM: 6, fixAgeS: 2, motion: 21, custody: 2, due: 1800003600, dies: DIE + counting(0x90, 24), strokesInked: 2900, inkLife: 3000, photoWanted: 2,
  }],
  ['Status', {
    state: 0, boot: 0, uptimeS: 0, time: 0, timeFloor: 0, firstSeq: 0, nextSeq: 0, ackedSeq: 0, alarms: 0,
    batteryMv: 0, sensors: 0, die: '', epoch: 0, journalFree: 0, photoFree: 0, permit: '', service: 0, ceremony: 0,
    latitude: 0, longitude: 0, accuracyM: 0, fixAgeS: 0, motion: 0, custody: 0, due: 0, dies: '', strokesInked: 0, inkLife: 0, photoWanted: 0,
  }],
  ['PermitLoad', { grant: counting(1, 200) }],
  ['PermitGet', { permit: PERMIT_ID }],
  ['PermitState', { permit: PERMIT_ID, count: 3, used: 2, closed: true }],
  ['GrantApply', { grant: counting(9, 120) }],
  ['TimeNonceGet', {}],
  ['TimeNonce', { nonce: counting(0xd0, 16) }],
  ['RecordsGet', { fromSeq: 200, maxBytes: 4096 }],
  ['Records', { fromSeq: 200, records: [counting(0, 130), '', counting(5, 3)] }],
  ['PhotoGet', { digest: counting(0x20, 32), offset: 65536, maxBytes: 0 }],
  ['PhotoChunk', { offset: 1024, data: counting(0, 40), last: true, size: 70000 }],
  ['UseClose', {}],
  ['PeopleGet', { after: 70000 }],
  ['People', { people: [counting(0, 10), counting(0xf6, 10)], more: true }],
  ['UpdateBegin', { grant: counting(3, 110), size: 104576 }],
  ['UpdateState', { stage: 2, offset: 4096, size: 104576, version: 7, running: 6, percent: 50, fault: 4 }],
  ['UpdateGet', {}],
  ['UpdateChunk', { offset: 65536, data: counting(0, 512) }],
  ['UpdateFinish', {}],
  ['ViewGet', {}],
  ['PhotoPut', { offset: 1024, data: counting(9, 70), last: true }],
  ['ViewChunk', { offset: 3072, data: counting(7, 60), last: true, size: 3132 }],
  ['Maintain', { what: 2, part: 3, ms: 1000 }],
  ['Maintained', {
    busy: 2, done: 1, result: 64, trace: counting(1, 62), sensors: 283, currentMa: 180, batteryMv: 3712, motion: 21, dies: DIE,
    latitude: 312304000, longitude: 4294967295, accuracyM: 6,
  }],
];

function hexed(value: unknown): unknown {
  return typeof value === 'string' ? toHex(value) : Array.isArray(value) ? value.map(hexed) : value;
}

export function messageVectors(): unknown {
  const encoders = codec as unknown as { [name: string]: (m: unknown) => Bytes };
  return MESSAGE_VALUES.map(([name, value]) => ({
    name,
    type: MESSAGES.find((m) => m.name === name)?.type,
    value: Object.fromEntries(Object.entries(value).map(([field, v]) => [field, hexed(v)])),
    body: toHex((encoders[`encode${name}`] as (m: unknown) => Bytes)(value)),
  }));
}

const PERMIT: Grant = {
  kind: GrantKind.PERMIT, notAfter: 1767312000, notBefore: 1767225600, permit: PERMIT_ID, counter: 41, epoch: 4, die: DIE, count: 3,
  persons: [1, 1, 70000, 3], policy: 3, document: counting(0x40, 32),
};

const CEREMONY: Grant = { kind: GrantKind.CEREMONY, notAfter: 1767312000, notBefore: 1767225600, permit: counting(0xa0, 16), counter: 43, epoch: 4 };
/** 200 m around a corner in Quito; a triangle on the other side of the equator. */
const CIRCLE = [-1807000, -784678000, 200];
const CORNERS = [312304000, 1214737000, 312404000, 1214737000, 312304000, 1214837000];
/** Eight corners of five bytes for each number. */
const OCTAGON = [-849999999, 1799999999, -849999998, 1799999999, -849999997, 1799999998, -849999997, 1799999997, -849999998, 1799999996, -849999999, 1799999996, -850000000, 1799999997, -850000000, 1799999998];
const LARGEST: Grant = {
  ...PERMIT, notAfter: 4294967295, notBefore: 4294967294, counter: 4294967295, epoch: 4294967295, count: 65535, policy: 127, idle: 65535,
  persons: [4294967292, 3, 4294967293, 3, 4294967294, 3, 4294967295, 3], fences: fenceBytes([OCTAGON, OCTAGON, OCTAGON]), maxAge: 3600, maxAccuracy: 10000,
};

function grantList(n: Natives): [string, Grant][] {
  return [
    ['permit', PERMIT],
    ['permit with idle time', { ...PERMIT, counter: 42, count: 65535, persons: [5, 1], policy: 0, idle: 60 }],
    ['permit with fences, for the dock', { ...PERMIT, counter: 43, policy: 13, fences: fenceBytes([CIRCLE, CORNERS]), maxAge: 10, maxAccuracy: 25 }],
    ['permit with small photos', { ...PERMIT, counter: 45, policy: 19 }],
    ["permit with photos of the host's camera", { ...PERMIT, counter: 46, policy: 35 }],
    ['permit for strokes over the edges of sheets', { ...PERMIT, counter: 47, policy: 65 }],
    ['permit with a fence and no more', { ...PERMIT, counter: 44, policy: 0, fences: fenceBytes([CIRCLE]) }],
    ['permit that asks for any place', { ...PERMIT, counter: 45, maxAge: 3600, maxAccuracy: 10000 }],
    ['permit as large as they get', LARGEST],
    ['time', { kind: GrantKind.TIME, nonce: counting(0xd0, 16), time: 1767225600 }],
    ['stroke', { kind: GrantKind.STROKE, permit: PERMIT_ID, photo: counting(0x60, 32), seq: 23 }],
    ['clear', { kind: GrantKind.CLEAR, condition: 2, seq: 17 }],
    ['revoke by epoch', { kind: GrantKind.REVOKE, epoch: 5 }],
    ['revoke a permit', { kind: GrantKind.REVOKE, permit: PERMIT_ID, counter: 41 }],
    ['ceremony: a finger of a delegate', { ...CEREMONY, action: Action.FINGER_ADD, persons: [1, 1], subject: 70001, until: 1769904000 }],
    ['ceremony: a handover', { ...CEREMONY, counter: 44, action: Action.HANDOVER, persons: [1, 1, 70000, 3, 9, 2] }],
    ['ceremony: a passcode, before two', { ...CEREMONY, counter: 44, action: Action.CODE_SET, persons: [1, 1, 9, 1], subject: 70001 }],
    ['ceremony: a passcode of a delegate', { ...CEREMONY, counter: 45, action: Action.CODE_SET, persons: [1, 3], subject: 70001, until: 1769904000 }],
    ['ceremony: a person removed, at once', { ...CEREMONY, counter: 45, action: Action.PERSON_REMOVE, subject: 70001 }],
    ['ceremony: a reader paired', { ...CEREMONY, counter: 46, action: Action.READER_PAIR, persons: [1, 2, 9, 2] }],
    ['ceremony: a reader paired, at once', { ...CEREMONY, counter: 47, action: Action.READER_PAIR }],
    ['ceremony: a seal suspended, at once', { ...CEREMONY, counter: 48, action: Action.SUSPEND }],
    ['ceremony: a seal suspended before its custodian', { ...CEREMONY, counter: 48, action: Action.SUSPEND, persons: [1, 1] }],
    ['ceremony: a seal back in service', { ...CEREMONY, counter: 49, action: Action.RESUME, persons: [1, 1, 9, 3] }],
    ['ceremony: a seal back in service, at once', { ...CEREMONY, counter: 49, action: Action.RESUME }],
    ['ceremony: a seal destroyed', { ...CEREMONY, counter: 50, action: Action.DESTROY, persons: [1, 1, 9, 1, 70000, 3] }],
    ['ceremony: a die installed', { ...CEREMONY, counter: 46, action: Action.DIE_IN, persons: [1, 1, 9, 1], die: DIE }],
    ['ceremony: taken out by a borrower', { ...CEREMONY, counter: 47, action: Action.TAKE_OUT, persons: [1, 1, 70001, 2], subject: 70001, until: 1767312000, fences: fenceBytes([CIRCLE]), maxAge: 60, maxAccuracy: 100, silence: 3600 }],
    ['ceremony: more time for the borrower', { ...CEREMONY, counter: 48, action: Action.TAKE_OUT, subject: 70001, until: 1767398400 }],
    ['ceremony: given back to a base', { ...CEREMONY, counter: 49, action: Action.RETURN, persons: [1, 1], fences: fenceBytes([CORNERS]) }],
    ['ceremony: one of several dies taken out', { ...CEREMONY, counter: 47, action: Action.DIE_OUT, persons: [1, 1], die: DIE }],
    ['ceremony: a die tuned, at once', { ...CEREMONY, counter: 48, action: Action.DIE_TUNE, die: DIE, dwell: 50, duty: 30, life: 65535 }],
    ['ceremony: a die tuned before somebody', { ...CEREMONY, counter: 49, action: Action.DIE_TUNE, persons: [1, 3], die: DIE, dwell: 2000, duty: 100, life: 0 }],
    ['ceremony: a die inked', { ...CEREMONY, counter: 50, action: Action.DIE_INKED, persons: [1, 1], die: DIE }],
    ['ceremony: maintenance', { ...CEREMONY, counter: 47, action: Action.MAINTAIN, persons: [9, 3] }],
    ['top-up', { kind: GrantKind.TOP_UP, permit: PERMIT_ID, counter: 51, epoch: 4, count: 40 }],
    ['reject', { kind: GrantKind.REJECT, permit: PERMIT_ID, photo: counting(0x60, 32), seq: 23 }],
    ['update', { kind: GrantKind.UPDATE, image: counting(0x80, 32), version: 7 }],
    ['ack', { kind: GrantKind.ACK, recordsThrough: 24, photosThrough: 20, hash: n.sha256('record 23') }],
  ];
}

const MAC_HEAD = '\x84\x64MAC0\x43\xa1\x01\x05\x40';

export function grantVectors(n: Natives): unknown {
  const keys = pinnedKeys(n);
  const accepted = grantList(n).map(([name, grant]) => {
    const key = hmacKey(n, grant.kind === GrantKind.ACK ? keys.ack : keys.permit);
    const payload = grantPayload(DEVICE_ID, grant);
    const signed = MAC_HEAD + sealGrant(n, key, payload).slice(7, -34);
    return {
      name,
      claims: Object.fromEntries(Object.entries(grant).map(([field, v]) => [field, hexed(v)])),
      payload: toHex(payload),
      macStructure: toHex(signed),
      tag: toHex(hmac(n, key, signed)),
      cose: toHex(sealGrant(n, key, payload)),
    };
  });
  const permitKey = hmacKey(n, keys.permit);
  const good = grantPayload(DEVICE_ID, PERMIT);
  const sealed = (payload: Bytes): Bytes => sealGrant(n, permitKey, payload);
  const swap = (from: Bytes, to: Bytes): Bytes => {
    if (good.split(from).length !== 2) throw new Error('vector source not unique');
    return sealed(good.replace(from, () => to));
  };
  const ceremony = (more: Partial<Grant>): Bytes => sealed(grantPayload(DEVICE_ID, { ...CEREMONY, ...more }));
  const fenced = (fences: number[][]): Bytes => sealed(grantPayload(DEVICE_ID, { ...PERMIT, fences: fenceBytes(fences) }));
  const time = grantPayload(DEVICE_ID, { kind: GrantKind.TIME, nonce: counting(0xd0, 16), time: 1767225600 });
  const refused: [string, number, Bytes][] = [
    ['one bit of the payload changed', 3, sealed(good).replace('\x05\x03', '\x05\x02')],
    ['one bit of the tag changed', 3, sealed(good).slice(0, -1) + String.fromCharCode(sealed(good).charCodeAt(sealed(good).length - 1) ^ 1)],
    ['under the acknowledgement key', 3, sealGrant(n, hmacKey(n, keys.ack), good)],
    ['acknowledgement under the permit key', 3, sealed(grantPayload(DEVICE_ID, { kind: GrantKind.ACK, recordsThrough: 1, photosThrough: 1, hash: ZERO_HASH }))],
    ['another device', 4, sealed(grantPayload('SEAL0002', PERMIT))],
    ['four octagons beside everything else: too long', 1, sealed(grantPayload(DEVICE_ID, { ...LARGEST, fences: fenceBytes([OCTAGON, OCTAGON, OCTAGON, OCTAGON]) }))],
    ['five fences', 1, fenced([CIRCLE, CIRCLE, CIRCLE, CIRCLE, CIRCLE])],
    ['no fence', 1, fenced([])],
    ['a fence of two corners', 1, fenced([CORNERS.slice(0, 4)])],
    ['half a corner', 1, fenced([[1, 2, 3, 4, 5, 6, 7]])],
    ['nine corners', 1, fenced([[...OCTAGON, 1, 1]])],
    ['a circle without a radius', 1, fenced([[1, 1, 0]])],
    ['a circle too large', 1, fenced([[1, 1, 100001]])],
    ['a circle with a negative radius', 1, fenced([[1, 1, -5]])],
    ['too far north', 1, fenced([[850000001, 1, 5]])],
    ['too far east', 1, fenced([[1, 1800000001, 5]])],
    ['a polygon around more than half the globe', 1, fenced([[0, -900000000, 10, 0, 0, 900000001]])],
    ['an accuracy of nothing', 1, sealed(grantPayload(DEVICE_ID, { ...PERMIT, maxAge: 10, maxAccuracy: 0 }))],
    ['too old a fix', 1, sealed(grantPayload(DEVICE_ID, { ...PERMIT, maxAge: 3601, maxAccuracy: 10 }))],
    ['fences in a stroke grant', 12, sealed(grantPayload(DEVICE_ID, { kind: GrantKind.STROKE, permit: PERMIT_ID, photo: counting(0x60, 32), seq: 23, fences: fenceBytes([CIRCLE]) }))],
    ['without the tag 17', 1, sealed(good).slice(1)],
    ['a byte too many', 1, sealed(good) + '\0'],
    ['cut short', 1, sealed(good).slice(0, -1)],
    ['another algorithm in the header', 1, sealed(good).replace('\xa1\x01\x05', '\xa1\x01\x04')],
    ['longer than 512 bytes', 1, sealed(good + '\0'.repeat(512))],
    ['count not in its shortest form', 1, swap('\x05\x03', '\x05\x18\x03')],
    ['count 0', 1, swap('\x05\x03', '\x05\x00')],
    ['count 65536', 1, swap('\x05\x03', '\x05\x1a\x00\x01\x00\x00')],
    ['person twice', 1, swap('\x82\x1a\x00\x01\x11\x70\x03', '\x82\x01\x03')],
    ['person by no means', 1, swap('\x82\x01\x01', '\x82\x01\x00')],
    ['no person', 1, swap('\x06\x82\x82\x01\x01\x82\x1a\x00\x01\x11\x70\x03', '\x06\x80')],
    ['claims out of order', 1, swap('\x02\x18\x29\x03\x04', '\x03\x04\x02\x18\x29')],
    ['a claim twice', 1, sealed(good.replace('\x03\x04\x04', '\x03\x04\x03\x04\x04').replace('\xa8\x01\x01', '\xa9\x01\x01'))],
    ['window ends before it begins', 1, sealed(grantPayload(DEVICE_ID, { ...PERMIT, notAfter: 1767225599 }))],
    ['a claim missing', 1, sealed(good.replace('\xa8\x01\x01', '\xa7\x01\x01').replace('\x07\x03\x08', '\x08'))],
    ['no validity window', 1, sealed('\xa2' + good.slice(1, 11) + good.slice(good.indexOf('\x3a\x00\x01\x00\x00')))],
    ['an unknown claim of the seal', 12, sealed(good.replace('\xa8\x01\x01', '\xa9\x01\x01') + '\x18\x1f\x00')],
    ['an unknown claim of the CWT', 12, sealed(good.replace('\x07\x50', '\x06\x50'))],
    ['an unknown kind', 12, sealed(time.replace('\x01\x02\x0a', '\x01\x17\x0a'))],
    ['an unknown action', 12, ceremony({ action: 16, persons: [1, 1] })],
    ['maintenance before nobody', 1, ceremony({ action: Action.MAINTAIN })],
    ['a removal of nobody', 1, ceremony({ action: Action.PERSON_REMOVE })],
    ['a passcode set before nobody', 1, ceremony({ action: Action.CODE_SET, subject: 7 })],
    ['a passcode of nobody', 1, ceremony({ action: Action.CODE_SET, persons: [1, 1] })],
    ['a reader paired for somebody', 1, ceremony({ action: Action.READER_PAIR, subject: 7 })],
    ['a return to service with an end', 1, ceremony({ action: Action.RESUME, persons: [1, 1], until: 9 })],
    ['a destruction before nobody', 1, ceremony({ action: Action.DESTROY })],
    ['a handover without a witness', 1, ceremony({ action: Action.HANDOVER, persons: [1, 1, 2, 1] })],
    ['an installation of no die', 1, ceremony({ action: Action.DIE_IN, persons: [1, 1] })],
    ['a die taken out before nobody', 1, ceremony({ action: Action.DIE_OUT, die: DIE })],
    ['a tuning of no die', 1, ceremony({ action: Action.DIE_TUNE, dwell: 300, duty: 100, life: 0 })],
    ['a tuning that does not say how', 1, ceremony({ action: Action.DIE_TUNE, die: DIE })],
    ['too short a dwell', 1, ceremony({ action: Action.DIE_TUNE, die: DIE, dwell: 49, duty: 100, life: 0 })],
    ['too long a dwell', 1, ceremony({ action: Action.DIE_TUNE, die: DIE, dwell: 2001, duty: 100, life: 0 })],
    ['too little force', 1, ceremony({ action: Action.DIE_TUNE, die: DIE, dwell: 300, duty: 29, life: 0 })],
    ['more than all force', 1, ceremony({ action: Action.DIE_TUNE, die: DIE, dwell: 300, duty: 101, life: 0 })],
    ['too long an ink life', 1, ceremony({ action: Action.DIE_TUNE, die: DIE, dwell: 300, duty: 100, life: 65536 })],
    ['a tuning that is no list', 1, sealed(grantPayload(DEVICE_ID, { ...CEREMONY, action: Action.DIE_TUNE, die: DIE, dwell: 300, duty: 100, life: 0 }).replace('\x83\x19\x01\x2c\x18\x64\x00', '\x19\x01\x2c'))],
    ['an inking that says how to press', 1, ceremony({ action: Action.DIE_INKED, die: DIE, dwell: 300, duty: 100, life: 0 })],
    ['a suspension that names a die', 1, ceremony({ action: Action.SUSPEND, die: DIE })],
    ['a handover with an end', 1, ceremony({ action: Action.HANDOVER, persons: [1, 1, 2, 1, 3, 1], until: 1 })],
    ['a take-out without an end', 1, ceremony({ action: Action.TAKE_OUT, persons: [1, 1], subject: 1 })],
    ['a take-out by nobody', 1, ceremony({ action: Action.TAKE_OUT, persons: [1, 1], until: 9 })],
    ['a take-out before others than the borrower', 1, ceremony({ action: Action.TAKE_OUT, persons: [5, 1, 6, 1], subject: 1, until: 9 })],
    ['a take-out with no patience', 1, ceremony({ action: Action.TAKE_OUT, persons: [1, 1], subject: 1, until: 9, silence: 59 })],
    ['a return with an end', 1, ceremony({ action: Action.RETURN, persons: [1, 1], until: 9 })],
    ['a return before nobody', 1, ceremony({ action: Action.RETURN })],
    ['a handover with a fence', 1, ceremony({ action: Action.HANDOVER, persons: [1, 1, 2, 1, 3, 1], fences: fenceBytes([CIRCLE]) })],
    ['a return with an accuracy and no fence', 1, ceremony({ action: Action.RETURN, persons: [1, 1], maxAge: 9, maxAccuracy: 9 })],
    ['a ceremony without an action', 1, ceremony({})],
    ['a ceremony with a policy', 12, ceremony({ action: Action.SUSPEND, policy: 1 })],
    ['an unknown policy', 12, swap('\x07\x03\x08', '\x07\x18\x80\x08')],
    ['an update without its version', 1, sealed(grantPayload(DEVICE_ID, { kind: GrantKind.UPDATE, image: ZERO_HASH }))],
    ['an update with a permit’s claim', 12, sealed(grantPayload(DEVICE_ID, { kind: GrantKind.UPDATE, count: 3, image: ZERO_HASH, version: 7 }))],
    ['a claim of another kind', 12, sealed(time.replace('\xa3\x01\x02', '\xa4\x01\x02') + '\x0e\x01')],
  ];
  return { device: toHex(DEVICE_ID), accepted, refused: refused.map(([name, code, cose]) => ({ name, code, cose: toHex(cose) })) };
}

/** Answers to challenges and trip codes. The last one's terms name the greatest numbers. */
export function offlineVectors(n: Natives): unknown {
  const key = offlineKey(n, hmacKey(n, pinnedKeys(n).permit));
  const all = [
    { epoch: 4, person: 1, count: 3, document: '48151623', counter: 7, challenge: '12345678' },
    { epoch: 4, person: 1, count: 3, document: '48151623', counter: 8, challenge: '00000000' },
    { epoch: 0, person: 70000, count: 1, document: '00000000', counter: 0, challenge: '99999999' },
    { epoch: 4294967295, person: 4294967295, count: 9, document: '99999999', counter: 4294967295, challenge: '01020304' },
  ];
  const answers = all.map(({ counter, challenge, ...terms }) => {
    const session = offlineSession({ device: DEVICE_ID, die: DIE, ...terms });
    return {
      ...terms, counter, challenge, session: toHex(session), check: offlineCheck(n, key, counter, challenge, session),
      answer: offlineAnswer(n, key, counter, challenge, session), id: toHex(offlineId(n, key, Offline.ANSWER, counter, session)),
    };
  });
  const trips = [{ epoch: 4, person: 1, count: 3, serial: 1 }, { epoch: 0, person: 70000, count: 1, serial: 1234 }, { epoch: 4294967295, person: 4294967295, count: 9, serial: 4294967295 }].map(({ serial, ...t }) => {
    const terms = { device: DEVICE_ID, die: DIE, document: '', ...t };
    return { ...t, serial, code: tripCode(n, key, serial, terms), id: toHex(offlineId(n, key, Offline.TRIP, serial, offlineSession(terms))) };
  });
  return { device: toHex(DEVICE_ID), die: toHex(DIE), key: toHex(hmac(n, hmacKey(n, pinnedKeys(n).permit), 'smartseal/offline')), answers, trips };
}
