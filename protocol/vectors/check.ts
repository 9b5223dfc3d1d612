/**
 * Checks the vectors, in the interpreter's dialect: the same code runs under Node and on the device's interpreter.
 * Property names are those of the JSON files, so it is bundled without mangling them.
 */
import { fromHex, toHex } from '../bytes';
import { nonce, open, seal } from '../channel';
import { cborHead, cborInt, cborText } from '../cbor';
import type { DataValue } from '../evidence';
import { makeRecord, photoEnd, photoStep, ratchet, recordBody, recordData, ZERO_HASH } from '../evidence';
import { cobsDecode, cobsEncode, encodeFrame, FrameReader } from '../frame';
import * as c from '../generated/codec';
import { deviceNonce, macDevice, macHost, makeChallenge, makeHello, sessionKeys, transcript } from '../handshake';
import { hmac, hmacKey } from '../hash';
import { IMAGE_CONTEXT, IMAGE_HEAD, makeImage, readImageHeader } from '../image';
import { ackKey, deviceKey } from '../keys';
import type { Bytes, Natives } from '../natives';
import { offlineAnswer, offlineCheck, offlineId, offlineKey, offlineSession, tripCode } from '../offline';
import { grantPayload } from '../payload';
import { grantKeys, openGrant, sealGrant } from '../permit';
import { SLH_SIGNATURE, SLH_STEPS, SlhVerifier } from '../slhdsa';

/** A parsed JSON value; the files' shapes are what make.ts writes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

function bytes(hex: string): Bytes {
  return fromHex(hex) as Bytes;
}

/** Collects what differs. */
export class Report {
  /** Comparisons made. */
  count: number;
  /** One line each. */
  faults: string[];

  constructor() {
    this.count = 0;
    this.faults = [];
  }

  same(what: string, got: Bytes | undefined, hex: string): void {
    this.count++;
    const is = got === undefined ? 'nothing' : toHex(got);
    if (is !== hex) this.faults.push(what + ': ' + is + ' instead of ' + hex);
  }

  equal(what: string, got: unknown, wanted: unknown): void {
    this.count++;
    if (got !== wanted) this.faults.push(what + ': ' + got + ' instead of ' + wanted);
  }
}

/** 1: the signature is good, -1: it is not. Step by step, as the device does it. */
function verified(n: Natives, key: Bytes, message: Bytes, signature: Bytes, steps: number): number {
  const v = new SlhVerifier(n, key, IMAGE_CONTEXT, message, (at, length) => signature.substr(at, length));
  for (let i = 0; i < steps; i++) {
    const result = v.step();
    if (result !== 0) return i === steps - 1 ? result : 2;
  }
  return 0;
}

export function checkImage(r: Report, n: Natives, file: Json): void {
  const code = bytes(file.code);
  const signature = bytes(file.signature);
  const key = bytes(file.key);
  const image = makeImage(n, file.board, file.version, code, bytes(file.resources), key);
  const head = image.substr(0, IMAGE_HEAD);
  r.same('image header', head, file.header);
  r.same('image', image, file.image);
  r.same('name of the image', n.sha256(head), file.name);
  const h = readImageHeader(head);
  r.equal('version read', h === undefined ? 0 : h.version, file.version);
  r.equal('signature length', signature.length, SLH_SIGNATURE);
  r.equal('signature', verified(n, key, head, signature, SLH_STEPS), 1);
  for (let i = 0; i < file.damaged.length; i++) {
    const d = file.damaged[i];
    const flip = (b: Bytes): Bytes => b.substr(0, d.at) + String.fromCharCode(b.charCodeAt(d.at) ^ d.xor) + b.substr(d.at + 1);
    const of = d.of;
    r.equal('damaged ' + of + ' at ' + d.at, verified(n, of === 'key' ? flip(key) : key, of === 'header' ? flip(head) : head, of === 'signature' ? flip(signature) : signature, SLH_STEPS), -1);
  }
  for (let i = 0; i < file.refused.length; i++) r.equal('refused: ' + file.refused[i].name, readImageHeader(bytes(file.refused[i].header)), undefined);
}

export function checkCobs(r: Report, file: Json): void {
  for (let i = 0; i < file.length; i++) {
    const v = file[i];
    r.same('cobs encode ' + v.name, cobsEncode(bytes(v.raw)), v.encoded);
    r.same('cobs decode ' + v.name, cobsDecode(bytes(v.encoded)), v.raw);
  }
}

export function checkFrames(r: Report, n: Natives, file: Json): void {
  for (let i = 0; i < file.length; i++) {
    const v = file[i];
    r.same('frame ' + v.name, encodeFrame(n, v.type, v.seq, v.ack, v.flags, bytes(v.body)), v.wire);
    let seen = '';
    const reader = new FrameReader(n, 2048, (type, seq, ack, flags, body) => {
      seen += type + ' ' + seq + ' ' + ack + ' ' + flags + ' ' + toHex(body);
    });
    const wire = bytes(v.wire);
    reader.push(wire.substr(0, 7));
    reader.push(wire.substr(7));
    r.equal('frame read ' + v.name, seen, v.type + ' ' + v.seq + ' ' + v.ack + ' ' + v.flags + ' ' + v.body);
  }
}

export function checkHandshake(r: Report, n: Natives, v: Json): void {
  const key = hmacKey(n, bytes(v.input.linkKey));
  const host = v.input.host;
  const device = v.input.device;
  const id = bytes(v.input.deviceId);
  const fixed: Natives = {
    crc32: n.crc32,
    sha256: n.sha256,
    ccmSeal: n.ccmSeal,
    ccmOpen: n.ccmOpen,
    random: () => bytes(device.random),
  };
  const hello = makeHello(host.window, host.frameMax, host.hostId, bytes(host.nonce));
  r.same('hello', hello, v.hello);
  r.same('hello on the wire', encodeFrame(n, 1, 0, 0, 0, hello), v.helloWire);
  const devNonce = deviceNonce(fixed, key, device.boot, device.session);
  r.same('device nonce', devNonce, v.deviceNonce);
  const plain = makeChallenge(device.window, device.frameMax, device.rxMax, id, devNonce);
  r.same('challenge', plain, v.challengePlain);
  const th = transcript(n, hello, plain);
  r.same('th', th, v.th);
  const macD = macDevice(n, key, th);
  r.same('mac_d', macD, v.macD);
  r.same('challenge on the wire', encodeFrame(n, 2, 0, 0, 0, plain + macD), v.challengeWire);
  const macH = macHost(n, key, th, macD);
  r.same('mac_h', macH, v.macH);
  r.same('prove on the wire', encodeFrame(n, 3, 0, 0, 0, macH), v.proveWire);
  const keys = sessionKeys(n, key, th);
  r.same('key to device', keys.substr(0, 16), v.keyToDevice);
  r.same('key to host', keys.substr(16), v.keyToHost);
}

export function checkChannel(r: Report, n: Natives, handshake: Json, file: Json): void {
  const sid = bytes(handshake.sid);
  for (let i = 0; i < file.length; i++) {
    const v = file[i];
    const key = bytes(v.direction ? handshake.keyToHost : handshake.keyToDevice);
    const plain = String.fromCharCode(v.type, v.tag) + bytes(v.body);
    r.same('plain ' + v.name, plain, v.plain);
    r.same('nonce ' + v.name, nonce(v.direction, plain.length, sid, v.ctr), v.nonce);
    r.same('sealed ' + v.name, seal(n, key, v.direction, sid, v.ctr, plain), v.sealed);
    r.same('opened ' + v.name, open(n, key, v.direction, sid, v.ctr, bytes(v.sealed)), v.plain);
    r.equal('another counter ' + v.name, open(n, key, v.direction, sid, v.ctr + 1, bytes(v.sealed)), undefined);
    r.equal('another direction ' + v.name, open(n, key, 1 - v.direction, sid, v.ctr, bytes(v.sealed)), undefined);
    let all = '';
    const reader = new FrameReader(n, 128, (_type, _seq, _ack, _flags, body) => {
      all += body;
    });
    for (let k = 0; k < v.frames.length; k++) reader.push(bytes(v.frames[k]));
    r.same('fragments ' + v.name, all, v.sealed);
  }
}

export function checkKeys(r: Report, n: Natives, v: Json): void {
  const root = hmacKey(n, bytes(v.root));
  const id = bytes(v.deviceId);
  r.same('link key', deviceKey(n, root, 'link', id), v.link);
  r.same('permit key', deviceKey(n, root, 'permit', id), v.permit);
  const evidence = deviceKey(n, root, 'evidence', id);
  r.same('evidence key', evidence, v.evidence);
  r.same('ack key', ackKey(n, evidence), v.ack);
}

/** A value with its bytes turned from hexadecimal. */
function revive(value: Json): Json {
  const out: Json = {};
  for (const field in value) {
    const v = value[field];
    if (typeof v === 'string') out[field] = bytes(v);
    else if (v instanceof Array && typeof v[0] === 'string') {
      const list: Bytes[] = [];
      for (let i = 0; i < v.length; i++) list.push(bytes(v[i]));
      out[field] = list;
    } else out[field] = v;
  }
  return out;
}

export function checkMessages(r: Report, file: Json): void {
  const table: Json = {
    Ready: [c.encodeReady, c.decodeReady],
    Refusal: [c.encodeRefusal, c.decodeRefusal],
    Done: [c.encodeDone, c.decodeDone],
    Notice: [c.encodeNotice, c.decodeNotice],
    StatusGet: [c.encodeStatusGet, c.decodeStatusGet],
    Status: [c.encodeStatus, c.decodeStatus],
    PermitLoad: [c.encodePermitLoad, c.decodePermitLoad],
    PermitGet: [c.encodePermitGet, c.decodePermitGet],
    PermitState: [c.encodePermitState, c.decodePermitState],
    GrantApply: [c.encodeGrantApply, c.decodeGrantApply],
    TimeNonceGet: [c.encodeTimeNonceGet, c.decodeTimeNonceGet],
    TimeNonce: [c.encodeTimeNonce, c.decodeTimeNonce],
    RecordsGet: [c.encodeRecordsGet, c.decodeRecordsGet],
    Records: [c.encodeRecords, c.decodeRecords],
    PhotoGet: [c.encodePhotoGet, c.decodePhotoGet],
    PhotoChunk: [c.encodePhotoChunk, c.decodePhotoChunk],
    UseClose: [c.encodeUseClose, c.decodeUseClose],
    PeopleGet: [c.encodePeopleGet, c.decodePeopleGet],
    People: [c.encodePeople, c.decodePeople],
    UpdateBegin: [c.encodeUpdateBegin, c.decodeUpdateBegin],
    UpdateState: [c.encodeUpdateState, c.decodeUpdateState],
    UpdateGet: [c.encodeUpdateGet, c.decodeUpdateGet],
    Maintain: [c.encodeMaintain, c.decodeMaintain],
    Maintained: [c.encodeMaintained, c.decodeMaintained],
    UpdateChunk: [c.encodeUpdateChunk, c.decodeUpdateChunk],
    UpdateFinish: [c.encodeUpdateFinish, c.decodeUpdateFinish],
    PhotoPut: [c.encodePhotoPut, c.decodePhotoPut],
    ViewGet: [c.encodeViewGet, c.decodeViewGet],
    ViewChunk: [c.encodeViewChunk, c.decodeViewChunk],
  };
  for (let i = 0; i < file.length; i++) {
    const v = file[i];
    const encode = table[v.name][0];
    const decode = table[v.name][1];
    r.same('encode ' + v.name, encode(revive(v.value)), v.body);
    const again = decode(bytes(v.body));
    r.same('decode ' + v.name, again ? encode(again) : undefined, v.body);
    r.equal('cut short ' + v.name, v.body.length > 2 && decode(bytes(v.body).substr(0, v.body.length / 2 - 1)) !== undefined, false);
  }
}

export function checkGrants(r: Report, n: Natives, keyFile: Json, file: Json): void {
  const id = bytes(file.device);
  const keys = grantKeys(n, id, bytes(keyFile.permit), bytes(keyFile.ack));
  for (let i = 0; i < file.accepted.length; i++) {
    const v = file.accepted[i];
    const claims = revive(v.claims);
    const key = hmacKey(n, bytes(claims.kind === 6 ? keyFile.ack : keyFile.permit));
    r.same('payload ' + v.name, grantPayload(id, claims), v.payload);
    r.same('tag ' + v.name, hmac(n, key, bytes(v.macStructure)), v.tag);
    r.same('cose ' + v.name, sealGrant(n, key, bytes(v.payload)), v.cose);
    const g = openGrant(n, keys, bytes(v.cose));
    r.equal('open ' + v.name, typeof g, 'object');
    if (typeof g !== 'number') {
      if (g.kind === 1 && !claims.idle) delete g.idle;
      if (!claims.maxAge) delete g.maxAge;
      r.same('claims ' + v.name, grantPayload(id, g), v.payload);
    }
  }
  for (let i = 0; i < file.refused.length; i++) {
    const v = file.refused[i];
    r.equal('refuse ' + v.name, openGrant(n, keys, bytes(v.cose)), v.code);
  }
}

/** Values of a data map: null where one is absent, a list of numbers, `{ text }`, a number, bytes. */
function dataValues(list: Json): DataValue[] {
  const out: DataValue[] = [];
  for (let i = 0; i < list.length; i++) {
    const v = list[i];
    if (v === null) out.push(undefined);
    else if (typeof v === 'number') out.push(v);
    else if (typeof v === 'string') out.push(bytes(v));
    else if (v instanceof Array) {
      let items = '';
      for (let k = 0; k < v.length; k++) items += cborInt(v[k]);
      out.push({ cbor: cborHead(4, v.length) + items });
    } else out.push({ cbor: cborText(v.text) });
  }
  return out;
}

export function checkEvidence(r: Report, n: Natives, keyFile: Json, file: Json): void {
  let key = bytes(keyFile.evidence);
  let prev = ZERO_HASH;
  for (let i = 0; i < file.records.length; i++) {
    const v = file.records[i];
    r.same('evidence key ' + i, key, v.key);
    const pads = hmacKey(n, key);
    const record = {
      device: bytes(file.device),
      seq: v.seq,
      boot: v.boot,
      uptime: v.uptime,
      time: v.time === null ? undefined : v.time,
      kind: v.kind,
      data: bytes(v.data),
      prev: prev,
    };
    r.same('record data ' + i, recordData(dataValues(v.values)), v.data);
    r.same('record body ' + i, recordBody(record), v.body);
    const whole = makeRecord(n, pads, record);
    r.same('record ' + i, whole, v.record);
    prev = n.sha256(whole);
    key = ratchet(n, pads);
  }
  r.same('next evidence key', key, file.nextKey);
}

export function checkPhotos(r: Report, n: Natives, file: Json): void {
  let pattern = '';
  for (let i = 0; i < 256; i++) pattern += String.fromCharCode(i);
  for (let i = 0; i < file.length; i++) {
    const v = file[i];
    let all = pattern.substr(v.size & 255);
    while (all.length < v.size) all += pattern;
    let digest = ZERO_HASH;
    for (let at = 0; at < v.size; at += 1024) {
      digest = photoStep(n, digest, all.substr(at, v.size - at < 1024 ? v.size - at : 1024));
      r.same('photo step', digest, v.steps[at / 1024]);
    }
    r.same('photo digest ' + v.size, photoEnd(n, digest, v.size), v.digest);
  }
}

/** Answers, checks and ids of challenges; trip codes. */
export function checkOffline(r: Report, n: Natives, keyFile: Json, file: Json): void {
  const key = offlineKey(n, hmacKey(n, bytes(keyFile.permit)));
  const terms = (v: Json, document: Bytes): Bytes =>
    offlineSession({ device: bytes(file.device), die: bytes(file.die), epoch: v.epoch, person: v.person, count: v.count, document: document });
  for (let i = 0; i < file.answers.length; i++) {
    const v = file.answers[i];
    const session = terms(v, v.document);
    r.same('offline session ' + i, session, v.session);
    r.equal('offline check ' + i, offlineCheck(n, key, v.counter, v.challenge, session), v.check);
    r.equal('offline answer ' + i, offlineAnswer(n, key, v.counter, v.challenge, session), v.answer);
    r.same('offline id ' + i, offlineId(n, key, 1, v.counter, session), v.id);
  }
  for (let i = 0; i < file.trips.length; i++) {
    const v = file.trips[i];
    const t = { device: bytes(file.device), die: bytes(file.die), epoch: v.epoch, person: v.person, count: v.count, document: '' };
    r.equal('trip code ' + i, tripCode(n, key, v.serial, t), v.code);
    r.same('trip id ' + i, offlineId(n, key, 2, v.serial, offlineSession(t)), v.id);
  }
}

/** Natives against published values: CRC-32's check value, SHA-256 (FIPS 180-4), HMAC (RFC 4231), AES-CCM. */
export function checkStandard(r: Report, n: Natives, file: Json): void {
  for (let i = 0; i < file.crc32.length; i++) r.equal('crc32', n.crc32(bytes(file.crc32[i].data)), file.crc32[i].crc);
  for (let i = 0; i < file.sha256.length; i++) r.same('sha256', n.sha256(bytes(file.sha256[i].data)), file.sha256[i].digest);
  for (let i = 0; i < file.hmac.length; i++) {
    const v = file.hmac[i];
    r.same('hmac ' + v.name, hmac(n, hmacKey(n, bytes(v.key)), bytes(v.data)).substr(0, v.mac.length / 2), v.mac);
  }
  for (let i = 0; i < file.ccm.length; i++) {
    const v = file.ccm[i];
    r.same('ccm seal ' + v.name, n.ccmSeal(bytes(v.key), bytes(v.nonce), bytes(v.plain)), v.sealed);
    r.same('ccm open ' + v.name, n.ccmOpen(bytes(v.key), bytes(v.nonce), bytes(v.sealed)), v.plain);
    const last = v.sealed.substr(0, v.sealed.length - 1) + (v.sealed.substr(v.sealed.length - 1) === '0' ? '1' : '0');
    r.equal('ccm wrong tag ' + v.name, n.ccmOpen(bytes(v.key), bytes(v.nonce), bytes(last)), undefined);
    r.equal('ccm too short', n.ccmOpen(bytes(v.key), bytes(v.nonce), '1234567'), undefined);
  }
}

/** Checks one file. @param files contents by file name without .json; `keys` and `handshake` are looked into as well */
export function checkFile(r: Report, n: Natives, name: string, files: Json): void {
  if (name === 'standard') checkStandard(r, n, files.standard);
  else if (name === 'cobs') checkCobs(r, files.cobs);
  else if (name === 'frame') checkFrames(r, n, files.frame);
  else if (name === 'handshake') checkHandshake(r, n, files.handshake);
  else if (name === 'channel') checkChannel(r, n, files.handshake, files.channel);
  else if (name === 'keys') checkKeys(r, n, files.keys);
  else if (name === 'messages') checkMessages(r, files.messages);
  else if (name === 'image') checkImage(r, n, files.image);
  else if (name === 'grants') checkGrants(r, n, files.keys, files.grants);
  else if (name === 'evidence') checkEvidence(r, n, files.keys, files.evidence);
  else if (name === 'photo') checkPhotos(r, n, files.photo);
  else if (name === 'offline') checkOffline(r, n, files.keys, files.offline);
}
