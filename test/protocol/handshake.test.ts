import { nodeNatives } from '../../host-bridge/natives';
import { encodeFrame, FrameType } from '../../protocol/frame';
import { makeHello } from '../../protocol/handshake';
import type { Bytes } from '../../protocol/natives';
import { HostPeer } from '../../protocol/peer';
import { DownReason } from '../../protocol/reasons';
import { DEVICE_ID, fair, LINK_KEY, Pair, seededNatives } from './pair';
import { alive, frames } from './seen';
import { Random } from './random';

const plain = (type: number, body: Bytes): Bytes => encodeFrame(nodeNatives, type, 0, 0, 0, body);
const hello = (seed: number): Bytes => plain(FrameType.HELLO, makeHello(4, 128, seed, new Random(seed).bytes(16)));

describe('an unauthenticated peer', () => {
  test('does not end a live session with HELLOs, however many', () => {
    const pair = new Pair().up();
    for (let i = 0; i < 300; i++) {
      pair.inject(true, hello(i));
      if (i % 10 === 0) pair.inject(true, plain(FrameType.PROVE, new Random(i).bytes(16)));
      pair.run(7);
      if (i % 50 === 0) alive(pair);
    }
    alive(pair);
    expect(pair.ups).toHaveLength(1);
    expect(pair.downs).toEqual([]);
    expect(pair.deviceDowns).toEqual([]);
  });

  test('learns identity and version, nothing else', () => {
    const pair = new Pair();
    for (const type of [0, 2, 5, 6, 7, 8, 31]) pair.inject(true, plain(type, 'x'.repeat(26)));
    pair.inject(true, hello(1));
    pair.run(100);
    const said = frames(pair);
    expect(said.map((f) => f.type)).toEqual([FrameType.CHALLENGE]);
    expect(said[0]?.body.substr(6, 8)).toBe(DEVICE_ID);
    expect(said[0]?.body).not.toContain(LINK_KEY.substr(0, 8));
  });

  test('hears nothing from a unit without a key', () => {
    const pair = new Pair({ key: '' });
    pair.device.attention();
    pair.host.connect();
    pair.inject(true, plain(FrameType.DATA, 'x'.repeat(40)));
    pair.run(30000);
    expect(pair.wire.filter((w) => !w.toDevice)).toEqual([]);
    expect(pair.downs).toEqual([DownReason.NO_ANSWER]);
  });

  test('cannot make the host leave its session with ATTENTION or CHALLENGE', () => {
    const pair = new Pair().up();
    for (let i = 0; i < 300; i++) {
      pair.inject(false, plain(FrameType.ATTENTION, ''));
      pair.inject(false, plain(FrameType.CHALLENGE, new Random(i).bytes(46)));
      pair.run(10);
    }
    alive(pair);
    expect(pair.downs).toEqual([]);
    expect(pair.host.counters.handshakes).toBe(1);
  });

  test('sending frames that fail their check ends the session at the eighth, and a new one stands', () => {
    const pair = new Pair().up();
    for (let i = 0; i < 7; i++) pair.inject(true, encodeFrame(nodeNatives, FrameType.DATA, 0, 1, 3, new Random(i).bytes(40)));
    pair.run(100);
    alive(pair);
    expect(pair.deviceDowns).toEqual([]);
    pair.inject(true, encodeFrame(nodeNatives, FrameType.DATA, 1, 1, 3, new Random(8).bytes(40)));
    pair.run(100);
    expect(pair.deviceDowns).toEqual([DownReason.TAMPERED]);
    pair.host.send(16, 1, 'anyone?');
    pair.run(5000);
    expect(pair.downs).toEqual([DownReason.RESTARTED]);
    alive(pair);
  });

  test('a forged frame in the place of a true one does not displace it', () => {
    const pair = new Pair().up();
    pair.inject(true, encodeFrame(nodeNatives, FrameType.DATA, 0, 1, 3, new Random(1).bytes(40)));
    pair.run(50);
    alive(pair);
    expect(pair.downs).toEqual([]);
  });

  test('a forged fragment or acknowledgement may cost the session, and then a new one stands', () => {
    const forgeries = [
      encodeFrame(nodeNatives, FrameType.DATA, 0, 1, 1, ''),
      encodeFrame(nodeNatives, FrameType.DATA, 0, 1, 1, 'x'.repeat(100)),
    ];
    for (const forged of forgeries) {
      const pair = new Pair().up();
      pair.inject(true, forged);
      pair.run(50);
      for (let i = 0; i < 3; i++) pair.host.send(16, i, 'lost with the session');
      pair.run(30000);
      if (!pair.host.live) pair.up();
      expect(pair.atDevice).toEqual([]);
      alive(pair);
    }
  });
});

describe('replay', () => {
  test('of a whole recorded session gets no message through and no key used twice', () => {
    const first = new Pair().up();
    alive(first);
    const recorded = first.wire.filter((w) => w.toDevice).map((w) => w.bytes);
    // The same device, later, same boot: its session counter has moved.
    first.host.close();
    const heard = first.atDevice.length;
    for (const bytes of recorded) {
      first.inject(true, bytes);
      first.run(50);
    }
    expect(first.atDevice).toHaveLength(heard);
    const nonces = frames(first)
      .filter((f) => f.type === FrameType.CHALLENGE)
      .map((f) => f.body.substr(14, 16));
    expect(nonces.length).toBeGreaterThan(1);
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  test('of HELLO and PROVE into the live session leaves it as it is', () => {
    const pair = new Pair().up();
    alive(pair);
    const old = frames(pair).filter((f) => f.toDevice && (f.type === FrameType.HELLO || f.type === FrameType.PROVE));
    for (let i = 0; i < 10; i++) {
      for (const f of old) pair.inject(true, f.bytes);
      pair.run(30);
    }
    alive(pair);
    expect(pair.ups).toHaveLength(1);
    expect(pair.downs).toEqual([]);
    expect(pair.deviceDowns).toEqual([]);
  });

  test('of the device to the host: an old CHALLENGE does not fit a new HELLO', () => {
    const pair = new Pair().up();
    const old = frames(pair).filter((f) => !f.toDevice).map((f) => f.bytes);
    const host: HostPeer = new HostPeer({
      natives: seededNatives(77),
      write: () => undefined,
      keyFor: () => LINK_KEY,
      hostId: 1,
      frameMax: 128,
      window: 4,
      events: { ready: () => fail(), message: () => fail(), down: () => undefined },
    });
    const fail = (): never => {
      throw new Error('replay believed');
    };
    host.connect();
    for (const bytes of old) host.receive(bytes);
    expect(host.live).toBe(false);
    expect(host.counters.badChallenges).toBe(1);
  });

  test('a dead random generator repeats no challenge', () => {
    const dead = { ...nodeNatives, random: (length: number) => '\0'.repeat(length) };
    const seen = new Set<string>();
    let challenges = 0;
    for (let boot = 1; boot <= 3; boot++) {
      const pair = new Pair({ boot });
      (pair.device as unknown as { o: { natives: unknown } }).o.natives = dead;
      for (let i = 0; i < 3; i++) {
        pair.inject(true, hello(i));
        pair.run(20);
      }
      for (const f of frames(pair)) {
        challenges++;
        seen.add(f.body.substr(14, 16));
      }
    }
    expect(challenges).toBe(9);
    expect(seen.size).toBe(9);
  });
});

describe('lost answers', () => {
  test('the same HELLO gets the same CHALLENGE until it is proven, afterwards another', () => {
    const pair = new Pair();
    const one = hello(5);
    pair.inject(true, one);
    pair.inject(true, one);
    pair.run(50);
    const [a, b] = frames(pair);
    expect(a?.bytes).toBe(b?.bytes);
    pair.up();
    pair.inject(true, one);
    pair.run(50);
    expect(frames(pair).filter((f) => f.type === FrameType.CHALLENGE).at(-1)?.bytes).not.toBe(a?.bytes);
  });

  test('a repeated PROVE gets the stored READY, and no new keys', () => {
    let dropped = 0;
    const pair = new Pair({ toHost: (n, bytes) => (n === 1 && ++dropped ? [] : fair(n, bytes)) });
    pair.host.connect();
    pair.run(5000);
    expect(dropped).toBe(1);
    const data = frames(pair).filter((f) => !f.toDevice && f.type === FrameType.DATA);
    expect(data.length).toBeGreaterThan(1);
    expect(new Set(data.map((f) => f.bytes)).size).toBe(1);
    expect(pair.atHost).toHaveLength(1);
    expect(pair.deviceDowns).toEqual([]);
    alive(pair);
  });
});

describe('a device that restarts', () => {
  test.each([true, false])('is found again (announcing itself: %s)', (announce) => {
    const pair = new Pair().up();
    alive(pair);
    pair.reboot(announce);
    const start = pair.now;
    if (!announce) pair.host.send(16, 1, 'hello?');
    pair.run(10000, () => pair.ups.length === 2);
    expect(pair.now - start).toBeLessThan(5000);
    expect(pair.downs).toEqual([DownReason.RESTARTED]);
    alive(pair);
  });

  test('in the middle of each step of the handshake', () => {
    for (let n = 0; n < 3; n++) {
      const pair: Pair = new Pair({
        toDevice: (i, bytes) => {
          if (i === n) pair.reboot();
          return fair(i, bytes);
        },
      });
      pair.host.connect();
      pair.run(20000);
      alive(pair);
    }
  });

  test('restarting between its CHALLENGE and the PROVE costs no more than a second', () => {
    const pair: Pair = new Pair({
      toHost: (i, bytes) => {
        if (i === 0) pair.reboot(false);
        return fair(i, bytes);
      },
    });
    pair.up();
    expect(pair.now).toBeLessThan(1500);
    alive(pair);
  });

  test('that starts after the host is reached as soon as it speaks', () => {
    const pair = new Pair();
    pair.powered = false;
    pair.host.connect();
    pair.run(1000);
    pair.powered = true;
    pair.reboot();
    const start = pair.now;
    pair.run(5000, () => pair.ups.length === 1);
    expect(pair.now - start).toBeLessThan(300);
  });
});

describe('wrong answers', () => {
  test('another key', () => {
    const pair = new Pair({ key: '\x22'.repeat(32) });
    pair.host.connect();
    pair.run(30000);
    expect(pair.downs).toEqual([DownReason.WRONG_KEY]);
    expect(pair.now).toBeLessThanOrEqual(30000);
    expect(pair.ups).toEqual([]);
  });

  test('a device this host has no key for', () => {
    const pair = new Pair();
    (pair.host as unknown as { o: { keyFor: () => undefined } }).o.keyFor = () => undefined;
    pair.host.connect();
    pair.run(30000);
    expect(pair.downs).toEqual([DownReason.UNKNOWN_DEVICE]);
  });

  test('a key that changes while the session is live is met at the next handshake', () => {
    const pair = new Pair().up();
    (pair as { o: { key?: string } }).o.key = '\x33'.repeat(32);
    pair.reboot();
    pair.run(30000);
    expect(pair.downs.at(-1)).toBe(DownReason.WRONG_KEY);
  });

  test('not a device at all: echo, text, noise', () => {
    for (const kind of ['echo', 'text', 'noise']) {
      const random = new Random(4);
      const pair: Pair = new Pair({
        toDevice: (_n, bytes) => {
          pair.inject(false, kind === 'echo' ? bytes : kind === 'text' ? 'login: \r\n'.repeat(300) : random.bytes(3000));
          return [];
        },
      });
      pair.host.connect();
      pair.run(30000);
      expect(pair.downs).toEqual([DownReason.NO_ANSWER]);
    }
  });
});

describe('two hosts at one device', () => {
  test('the one that proves itself last has the session; the other is told', () => {
    const pair = new Pair().up();
    alive(pair);
    const second: Bytes[] = [];
    let ready = 0;
    const host = new HostPeer({
      natives: seededNatives(50),
      write: (bytes) => second.push(bytes),
      keyFor: () => LINK_KEY,
      hostId: 2,
      frameMax: 128,
      window: 2,
      events: { ready: () => ready++, message: () => undefined, down: () => undefined },
    });
    host.connect();
    for (let i = 0; i < 20 && !ready; i++) {
      const before = pair.wire.length;
      for (const bytes of second.splice(0)) pair.inject(true, bytes);
      pair.run(5);
      for (const w of pair.wire.slice(before)) if (!w.toDevice) host.receive(w.bytes);
      host.tick(pair.now);
    }
    expect(ready).toBe(1);
    expect(pair.deviceDowns).toEqual([DownReason.REPLACED]);
  });
});
