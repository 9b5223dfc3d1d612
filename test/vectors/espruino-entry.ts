/** What runs on the interpreter: its natives, the vectors, and the device's end of a session against the recorded host. */
import { fromHex, toHex } from '../../protocol/bytes';
import { DevicePeer } from '../../protocol/device-peer';
import { encodeReady, encodeRecords } from '../../protocol/generated/codec';
import type { Bytes, Natives } from '../../protocol/natives';
import { checkFile, Report } from '../../protocol/vectors/check';

/* eslint-disable @typescript-eslint/no-explicit-any */
declare const E: any;
declare const AES: any;
declare function require(name: string): any;
declare function print(text: string): void;

const crypto = require('crypto');

const natives: Natives = {
  crc32: (data) => E.CRC32(data),
  // The string must be copied: E.toString looks into the buffer it is given.
  sha256: (data) => '' + E.toString(crypto.SHA256(data)),
  ccmSeal: (key, nonce, plain) => {
    const sealed = AES.ccmEncrypt(plain, E.toUint8Array(key), E.toUint8Array(nonce), 8);
    return '' + E.toString(sealed.data) + E.toString(sealed.tag);
  },
  ccmOpen: (key, nonce, sealed) => {
    const end = sealed.length - 8;
    if (end < 0) return undefined;
    const plain = AES.ccmDecrypt(sealed.substr(0, end), E.toUint8Array(key), E.toUint8Array(nonce), E.toUint8Array(sealed.substr(end)));
    return plain === undefined ? undefined : '' + E.toString(plain);
  },
  random: (length) => {
    let out = '';
    while (out.length < length) out += '\xb2';
    return out;
  },
};

/** Plays the host's recorded bytes to a device and compares what it answers. */
function session(log: any): string {
  let said: string[] = [];
  const device: DevicePeer = new DevicePeer({
    natives: natives,
    deviceId: 'SEAL0001',
    key: '\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11',
    boot: 7,
    write: (bytes) => {
      said.push(toHex(bytes));
      return true;
    },
    frameMax: 128,
    rxMax: 640,
    window: 4,
    events: {
      ready: () => {
        device.send('\x01\0' + encodeReady({ boot: 7, firstSeq: 0, nextSeq: 5, ackedSeq: 0, state: 1, firmware: '0.1.0' }));
      },
      message: (_type, tag) => {
        let a = '';
        let b = '';
        for (let i = 0; i < 150; i++) a += String.fromCharCode(i);
        for (let i = 0; i < 100; i++) b += String.fromCharCode(7 + i);
        device.send(String.fromCharCode(25, tag) + encodeRecords({ fromSeq: 3, records: [a, b] }));
      },
      down: () => undefined,
    },
  });
  for (let i = 0; i < log.length; i++) {
    if (log[i].from === 'host') {
      if (said.length) return 'said more: ' + said.join(' ');
      said = [];
      device.receive(fromHex(log[i].wire) as Bytes);
      device.tick(0);
    } else {
      const next = said.splice(0, 1)[0];
      if (next !== log[i].wire) return 'line ' + i + ': ' + next + ' instead of ' + log[i].wire;
    }
  }
  // Everything a device does besides answering: retries until it gives up.
  device.send('\x04\0');
  let now = 0;
  for (let i = 0; i < 40 && device.live(); i++) now += device.tick(now);
  if (device.live()) return 'does not give up';
  device.attention();
  return '';
}

/** Checks one file of vectors. @param files that file, and those it needs, by name without .json */
export function run(name: string, files: any): void {
  const report = new Report();
  checkFile(report, natives, name, files);
  if (name === 'session') report.equal('session', session(files.session), '');
  for (let i = 0; i < report.faults.length; i++) print('FAULT ' + report.faults[i]);
  print('DONE ' + report.count + ' comparisons');
}
