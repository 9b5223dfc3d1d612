/**
 * What the interpreter bench runs on the real interpreter: one operation of the protocol so many times, on bytes made by the
 * host. Bundled from the sources as the firmware is. Files beside it: `which` (operation and count), `input.json` (hexadecimal).
 */
import { createNatives } from '../../../firmware/board/interpreter';
import { fromHex } from '../../../protocol/bytes';
import { open, seal } from '../../../protocol/channel';
import { DevicePeer } from '../../../protocol/device-peer';
import { makeRecord, photoStep, ratchet, recordData } from '../../../protocol/evidence';
import { closeFrame, frameHead, FrameReader } from '../../../protocol/frame';
import {
  decodeGrantApply, decodePermitGet, decodePermitLoad, decodePhotoGet, decodeRecordsGet, decodeUpdateChunk, encodeDone, encodeNotice, encodePermitState, encodePhotoChunk, encodeReady,
  encodeRecords, encodeStatus, encodeTimeNonce,
} from '../../../protocol/generated/codec';
import { hmacKey } from '../../../protocol/hash';
import type { Bytes } from '../../../protocol/natives';
import { displayPass } from './display';
import { grantKeys, openGrant } from '../../../protocol/permit';
import { SLH_SIGNATURE, SlhVerifier } from '../../../protocol/slhdsa';

declare const JSON: { parse(text: string): { [name: string]: string | undefined } };
declare function print(text: string): void;
declare function require(name: 'fs'): { readFileSync(path: string): string };
declare function require(name: 'crypto'): { SHA256(data: string): ArrayBuffer };

const n = createNatives(function (length: number): Bytes {
  return 'R'.repeat(length);
});
const given = JSON.parse(require('fs').readFileSync('input.json'));
const order = require('fs').readFileSync('which').split(' ');
const what = order[0] as string;
const count = +(order[1] as string);

function input(name: string): Bytes {
  const bytes = fromHex(given[name] as string);
  return bytes === undefined ? '' : bytes;
}

const KEY = 'k'.repeat(16);
const SID = 'sid01';
const DEVICE = 'SEAL0001';
const sha = require('crypto').SHA256;
let result: unknown = true;

/** Says what one pass does; the inputs are made once, before. */
function make(): () => unknown {
  if (what === 'nothing') {
    return function (): unknown {
      return true;
    };
  }
  if (what === 'sha55') {
    const bytes = 's'.repeat(55);
    return function (): unknown {
      return sha(bytes);
    };
  }
  if (what === 'sha1024') {
    const bytes = 's'.repeat(1024);
    return function (): unknown {
      return sha(bytes);
    };
  }
  if (what === 'ccm64' || what === 'ccm244') {
    const bytes = 's'.repeat(what === 'ccm64' ? 64 : 244);
    const nonce = E.toUint8Array('n'.repeat(13));
    return function (): unknown {
      return AES.ccmEncrypt(bytes, KEY, nonce, 8);
    };
  }
  if (what === 'handshake') {
    const hello = input('hello');
    const prove = input('prove');
    const ready = { boot: 3, firstSeq: 0, nextSeq: 40, ackedSeq: 38, state: 1, firmware: '0.1.0' };
    return function (): unknown {
      let live = false;
      const peer: DevicePeer = new DevicePeer({
        natives: n, deviceId: DEVICE, key: 'L'.repeat(32), boot: 3, frameMax: 2048, rxMax: 640, window: 4,
        write(): boolean {
          return true;
        },
        events: {
          ready(): void {
            live = true;
            peer.send('\x01\x00' + encodeReady(ready));
          },
          message(): void {},
          down(): void {},
        },
      });
      peer.receive(hello);
      peer.receive(prove);
      peer.tick(0);
      return live;
    };
  }
  if (what === 'permit') {
    const keys = grantKeys(n, DEVICE, 'P'.repeat(32), 'A'.repeat(32));
    const grant = input('grant');
    return function (): unknown {
      return typeof openGrant(n, keys, grant) !== 'number';
    };
  }
  if (what === 'seal128' || what === 'seal2048') {
    const plain = 'p'.repeat(+(given[what] as string));
    return function (): unknown {
      return closeFrame(n, frameHead(4, 7, 3, 3) + seal(n, KEY, 1, SID, 7, plain));
    };
  }
  if (what === 'open128' || what === 'open2048') {
    const frame = input(what);
    let plain: Bytes | undefined;
    const reader = new FrameReader(n, 2049, function (_type: number, _seq: number, _ack: number, _flags: number, body: Bytes): void {
      plain = open(n, KEY, 0, SID, 7, body);
    });
    return function (): unknown {
      plain = undefined;
      reader.push(frame);
      return plain !== undefined;
    };
  }
  if (what === 'record') {
    const pads = hmacKey(n, 'E'.repeat(32));
    return function (): unknown {
      const bytes = makeRecord(n, pads, {
        device: DEVICE, seq: 41, boot: 3, uptime: 1234567, time: 1800000000, kind: 5, data: recordData(['I'.repeat(16), 2, 2, 'D'.repeat(32)]), prev: 'V'.repeat(32),
      });
      n.sha256(bytes);
      hmacKey(n, ratchet(n, pads));
      return bytes.length > 100;
    };
  }
  if (what === 'photo1024') {
    const chunk = 'c'.repeat(1024);
    const digest = 'd'.repeat(32);
    return function (): unknown {
      return photoStep(n, digest, chunk);
    };
  }
  if (what === 'rows' || what === 'slice' || what === 'redraw' || what === 'redrawEnglish') return displayPass(what);
  if (what === 'signatureTrees' || what === 'signatureLayer') {
    // Of any bytes: it is not good, but costs the same. The digits of a chain are what chance makes them.
    const piece = 's'.repeat(16);
    const steps = what === 'signatureTrees' ? 14 : 50;
    return function (): unknown {
      const v = new SlhVerifier(n, 'k'.repeat(32), 'smartseal/image', 'h'.repeat(128), (at, length) => (at + length <= SLH_SIGNATURE ? piece : ''));
      let r = 0;
      for (let i = 0; i < steps; i++) r += v.step();
      return r === 0;
    };
  }
  const body = given[what] === undefined ? '' : input(what);
  const status = {
    state: 1, boot: 3, uptimeS: 86400, time: 1800000000, timeFloor: 1800000000, firstSeq: 0, nextSeq: 300, ackedSeq: 290, alarms: 0, batteryMv: 3900, sensors: 93,
    die: 'DIETAG00', epoch: 0, journalFree: 200000, photoFree: 1300000, permit: '',
  };
  const data = 'c'.repeat(1900);
  const one = 'r'.repeat(180);
  // Quoted: the names come from outside, and the build mangles all others.
  const coders: { [name: string]: () => unknown } = {
    'updateChunk': () => decodeUpdateChunk(body),
    'permitLoad': () => decodePermitLoad(body),
    'grantApply': () => decodeGrantApply(body),
    'permitGet': () => decodePermitGet(body),
    'recordsGet': () => decodeRecordsGet(body),
    'photoGet': () => decodePhotoGet(body),
    'status': () => encodeStatus(status),
    'notice': () => encodeNotice({ state: 4, nextSeq: 300, alarms: 0 }),
    'photoChunk': () => encodePhotoChunk({ offset: 100000, data: data, last: false, size: 170000 }),
    'records': () => encodeRecords({ fromSeq: 300, records: [one, one, one, one] }),
    'permitState': () => encodePermitState({ permit: 'I'.repeat(16), count: 1, used: 0, closed: false }),
    'timeNonce': () => encodeTimeNonce({ nonce: 'N'.repeat(16) }),
    'done': () => encodeDone(),
  };
  return coders[what] as () => unknown;
}

const pass = make();
for (let i = 0; i < count && result; i++) result = pass();
print('BENCH ' + what + ' ' + count + ' ' + (result === undefined || result === false ? 'failed' : 'done'));
