/** Vectors of the link: COBS, frames, handshake, channel, and one whole session as it runs on the wire. */
import { toHex } from '../bytes';
import { Direction, nonce, seal } from '../channel';
import { bodyMax, cobsEncode, encodeFrame, FrameType } from '../frame';
import { encodePermitState, encodeReady, encodeRecords, encodeStatusGet, MessageType } from '../generated/codec';
import { deviceNonce, macDevice, macHost, makeChallenge, makeHello, sessionKeys, transcript } from '../handshake';
import { hmacKey } from '../hash';
import type { Bytes, Natives } from '../natives';
import { DevicePeer, HostPeer } from '../peer';

export const LINK_KEY = '\x11'.repeat(32);
export const DEVICE_ID = 'SEAL0001';
const HOST_NONCE = '\xa1'.repeat(16);
const DEVICE_RANDOM = '\xb2'.repeat(16);

/** Bytes from, from + 1, … of so many. */
export function counting(from: number, length: number): Bytes {
  let out = '';
  for (let i = 0; i < length; i++) out += String.fromCharCode((from + i) & 255);
  return out;
}

export function cobsVectors(): unknown {
  const cases: [string, Bytes][] = [
    ['empty', ''],
    ['one zero', '\0'],
    ['two zeros', '\0\0'],
    ['no zero', 'hello'],
    ['zero inside', '\x11\x22\0\x33'],
    ['zero at the end', '\x11\0'],
    ['zero at the start', '\0\x11'],
    ['three zeros around', '\x11\0\0\0'],
    ['253 bytes without zero', counting(1, 253)],
    ['254 bytes without zero', counting(1, 254)],
    ['255 bytes without zero', counting(1, 254) + '\xff'],
    ['254 bytes without zero, then zero', counting(1, 254) + '\0'],
    ['zero, then 254 bytes without', '\0' + counting(1, 254)],
    ['zero, then 255 bytes without', '\0' + counting(1, 255)],
    ['254 and 254 bytes without zero', counting(1, 254) + counting(1, 254)],
    ['255 bytes without zero, then zero, then one', counting(1, 255) + '\0\x01'],
  ];
  return cases.map(([name, raw]) => ({ name, raw: toHex(raw), encoded: toHex(cobsEncode(raw)) }));
}

export function frameVectors(n: Natives): unknown {
  const cases: [string, number, number, number, number, Bytes][] = [
    ['acknowledgement', FrameType.ACK, 0, 5, 0, ''],
    ['probe', FrameType.ACK, 0, 255, 4, ''],
    ['attention', FrameType.ATTENTION, 0, 0, 0, ''],
    ['whole message', FrameType.DATA, 1, 2, 3, counting(0, 20)],
    ['first fragment, as long as a frame of 128 carries', FrameType.DATA, 254, 7, 1, counting(1, bodyMax(128))],
    ['fragment between, as long as a frame of 512 carries', FrameType.DATA, 255, 7, 0, counting(3, bodyMax(512))],
    ['last fragment', FrameType.DATA, 0, 7, 2, '\0\0\0'],
    ['as long as a frame of 2048 carries, no zero in its body', FrameType.DATA, 9, 9, 3, '\x55'.repeat(bodyMax(2048))],
  ];
  return cases.map(([name, type, seq, ack, flags, body]) => {
    const wire = encodeFrame(n, type, seq, ack, flags, body);
    return { name, type, seq, ack, flags, body: toHex(body), crc32: n.crc32(String.fromCharCode(32 | type, seq, ack, flags) + body), wire: toHex(wire), wireBytes: wire.length };
  });
}

export function handshakeVectors(n: Natives): unknown {
  const key = hmacKey(n, LINK_KEY);
  const pinned: Natives = { ...n, random: () => DEVICE_RANDOM };
  const hello = makeHello(4, 512, 0xa11ce, HOST_NONCE);
  const devNonce = deviceNonce(pinned, key, 7, 1);
  const plain = makeChallenge(4, 128, 640, DEVICE_ID, devNonce);
  const th = transcript(n, hello, plain);
  const macD = macDevice(n, key, th);
  const macH = macHost(n, key, th, macD);
  const keys = sessionKeys(n, key, th);
  return {
    input: {
      linkKey: toHex(LINK_KEY),
      deviceId: toHex(DEVICE_ID),
      host: { window: 4, frameMax: 512, hostId: 0xa11ce, nonce: toHex(HOST_NONCE) },
      device: { window: 4, frameMax: 128, rxMax: 640, boot: 7, session: 1, random: toHex(DEVICE_RANDOM) },
    },
    hello: toHex(hello),
    helloWire: toHex(encodeFrame(n, FrameType.HELLO, 0, 0, 0, hello)),
    deviceNonce: toHex(devNonce),
    challengePlain: toHex(plain),
    th: toHex(th),
    macD: toHex(macD),
    challengeWire: toHex(encodeFrame(n, FrameType.CHALLENGE, 0, 0, 0, plain + macD)),
    macH: toHex(macH),
    proveWire: toHex(encodeFrame(n, FrameType.PROVE, 0, 0, 0, macH)),
    sid: toHex(th.substring(0, 5)),
    keyToDevice: toHex(keys.substring(0, 16)),
    keyToHost: toHex(keys.substring(16)),
  };
}

/** Sealed messages under the keys of the handshake vector, cut into frames of 128. */
export function channelVectors(n: Natives): unknown {
  const key = hmacKey(n, LINK_KEY);
  const pinned: Natives = { ...n, random: () => DEVICE_RANDOM };
  const hello = makeHello(4, 512, 0xa11ce, HOST_NONCE);
  const th = transcript(n, hello, makeChallenge(4, 128, 640, DEVICE_ID, deviceNonce(pinned, key, 7, 1)));
  const keys = sessionKeys(n, key, th);
  const sid = th.substring(0, 5);
  const piece = bodyMax(128);
  const ready = encodeReady({ boot: 7, firstSeq: 0, nextSeq: 5, ackedSeq: 0, state: 1, firmware: '0.1.0' });
  const cases: [string, number, number, number, number, number, Bytes][] = [
    ['READY', Direction.TO_HOST, 0, 0, MessageType.READY, 0, ready],
    ['STATUS_GET', Direction.TO_DEVICE, 0, 0, MessageType.STATUS_GET, 1, encodeStatusGet()],
    ['RECORDS of three fragments', Direction.TO_HOST, 1, 1, MessageType.RECORDS, 2, encodeRecords({ fromSeq: 3, records: [counting(0, 150), counting(7, 100)] })],
    ['PERMIT_STATE, counter 2^20 - 1', Direction.TO_HOST, 1048575, 200, MessageType.PERMIT_STATE, 255, encodePermitState({ permit: counting(0, 16), count: 3, used: 1, closed: false })],
  ];
  return cases.map(([name, direction, ctr, seq, type, tag, body]) => {
    const plain = String.fromCharCode(type, tag) + body;
    const sealed = seal(n, keys.substring(direction * 16, direction * 16 + 16), direction, sid, ctr, plain);
    const frames: string[] = [];
    for (let at = 0; at < sealed.length; at += piece) {
      const flags = (at ? 0 : 1) | (at + piece < sealed.length ? 0 : 2);
      frames.push(toHex(encodeFrame(n, FrameType.DATA, (seq + frames.length) & 255, 0, flags, sealed.substring(at, at + piece))));
    }
    return { name, direction, ctr, type, tag, body: toHex(body), plain: toHex(plain), nonce: toHex(nonce(direction, plain.length, sid, ctr)), sealed: toHex(sealed), firstSeq: seq, frames };
  });
}

/** Every byte both ends write, from HELLO to the acknowledgement of an answer. */
export function sessionVectors(n: Natives): unknown {
  const log: { from: string; wire: string }[] = [];
  const toDevice: Bytes[] = [];
  const toHost: Bytes[] = [];
  const host = new HostPeer({
    natives: { ...n, random: (length) => '\xa1'.repeat(length) },
    write: (bytes) => {
      log.push({ from: 'host', wire: toHex(bytes) });
      toDevice.push(bytes);
    },
    keyFor: () => LINK_KEY,
    hostId: 0xa11ce,
    frameMax: 512,
    window: 4,
    events: { ready: () => undefined, message: () => undefined, down: () => undefined },
  });
  const device: DevicePeer = new DevicePeer({
    natives: { ...n, random: (length) => '\xb2'.repeat(length) },
    deviceId: DEVICE_ID,
    key: LINK_KEY,
    boot: 7,
    write: (bytes) => {
      log.push({ from: 'device', wire: toHex(bytes) });
      toHost.push(bytes);
      return true;
    },
    frameMax: 128,
    rxMax: 640,
    window: 4,
    events: {
      ready: () => {
        device.send(String.fromCharCode(MessageType.READY, 0) + encodeReady({ boot: 7, firstSeq: 0, nextSeq: 5, ackedSeq: 0, state: 1, firmware: '0.1.0' }));
      },
      message: (_type, tag) => {
        device.send(String.fromCharCode(MessageType.RECORDS, tag) + encodeRecords({ fromSeq: 3, records: [counting(0, 150), counting(7, 100)] }));
      },
      down: () => undefined,
    },
  });
  const pump = (): void => {
    while (toDevice.length || toHost.length) {
      for (const bytes of toDevice.splice(0)) device.receive(bytes);
      device.tick(0);
      for (const bytes of toHost.splice(0)) host.receive(bytes);
    }
  };
  host.connect();
  pump();
  host.send(MessageType.RECORDS_GET, 1, '\x08\x03');
  pump();
  host.tick(0);
  host.tick(20);
  pump();
  return log;
}
