import { MessageType } from '../../protocol/generated/codec';
import { nodeNatives } from '../../host-bridge/natives';
import { cobsDecode, encodeFrame, Flag, FrameType } from '../../protocol/frame';
import { DownReason } from '../../protocol/reasons';
import type { Fault, PairOptions } from './pair';
import { DEVICE_ID, fair, Pair } from './pair';
import { Random } from './random';

/** The device answers every message with its own body, three times as long; longer than one frame. */
const echo: NonNullable<PairOptions['onDevice']> = (message, device) => {
  device.send(String.fromCharCode(message.type + 1, message.tag) + message.body.repeat(3));
};

const bodies = (count: number): string[] => {
  const random = new Random(5);
  return Array.from({ length: count }, (_, i) => random.bytes([0, 1, 60, 103, 104, 105, 300, 500][i % 8] as number));
};

/** Sends all bodies as soon as the session stands and checks that each arrives once, in order, and so do the answers. */
function converse(o: PairOptions, count = 8): Pair {
  const pair = new Pair({ ...o, onDevice: echo });
  pair.up();
  expect(pair.ups).toHaveLength(1);
  const sent = bodies(count);
  sent.forEach((body, i) => expect(pair.host.send(16, i + 1, body)).toBe(true));
  pair.run(60000, () => pair.atHost.length >= count + 1 && pair.host.queued === 0);
  pair.run(1000);
  expect(pair.atDevice).toEqual(sent.map((body, i) => ({ type: 16, tag: i + 1, body })));
  // An answer is dropped only when the device's window had no room; the echo is small enough that some always pass.
  const tags = pair.atHost.slice(1).map((m) => m.tag);
  expect(tags).toEqual([...tags].sort((a, b) => a - b));
  for (const m of pair.atHost.slice(1)) expect(m.body).toBe((sent[m.tag - 1] as string).repeat(3));
  expect(pair.downs).toEqual([]);
  return pair;
}

describe('session', () => {
  test('stands after three messages and READY', () => {
    const pair = new Pair().up();
    expect(pair.ups).toEqual([{ deviceId: DEVICE_ID, version: 1, frameMax: 128, rxMax: 640, window: 4 }]);
    expect(pair.atHost[0]?.type).toBe(MessageType.READY);
    expect(pair.now).toBeLessThan(100);
    expect(pair.wire.map((w) => w.toDevice)).toEqual([true, false, true, false]);
  });

  test.each([128, 200, 256, 512, 1024, 2048])('carries messages of every size in frames of %d', (frameMax) => {
    converse({ frameMax });
  });

  test('no frame is longer than agreed', () => {
    for (const frameMax of [128, 255, 256, 257, 509, 510, 511, 2048]) {
      const pair = converse({ frameMax, rxMax: 4096 });
      for (const w of pair.wire) expect(w.bytes.length).toBeLessThanOrEqual(frameMax + (w.bytes[0] === '\0' ? 1 : 0));
    }
  });

  test('arrives in single bytes as well', () => {
    // Writes of one instant follow one another on the line: each byte takes as long as the whole does below.
    const single: Fault = (_n, bytes) => [...bytes].map((b) => ({ bytes: b, delay: 2 }));
    converse({ toDevice: single, toHost: single });
  });

  test('the smaller of both offers is agreed', () => {
    const pair = new Pair({ frameMax: 512, window: 8 });
    const small = new Pair({ frameMax: 256, window: 2 });
    pair.device = small.device;
    pair.device = pair.makeDevice();
    pair.up();
    expect(pair.ups[0]).toMatchObject({ frameMax: 512, window: 8 });
  });

  test('a message larger than the device takes is not sent', () => {
    const pair = new Pair({ rxMax: 300 }).up();
    expect(pair.host.send(16, 1, 'x'.repeat(286))).toBe(true);
    expect(pair.host.send(16, 1, 'x'.repeat(287))).toBe(false);
    expect(pair.host.queued).toBeGreaterThan(0);
    pair.run(2000);
    expect(pair.atDevice).toHaveLength(1);
  });

  test('nothing is sent without a session', () => {
    const pair = new Pair();
    expect(pair.host.send(16, 1, '')).toBe(false);
    expect(pair.device.send(String.fromCharCode(16, 1) + '')).toBe(false);
    expect(pair.device.room()).toBe(0);
    expect(pair.wire).toEqual([]);
  });
});

describe('faults, one at each place', () => {
  const writes = converse({}).wire;
  const counts = [writes.filter((w) => w.toDevice).length, writes.filter((w) => !w.toDevice).length];

  const at = (n: number, what: Fault): Fault => (i, bytes) => (i === n ? what(i, bytes) : fair(i, bytes));
  const lose: Fault = () => [];
  const twice: Fault = (_n, bytes) => [
    { bytes, delay: 2 },
    { bytes, delay: 3 },
  ];
  const late: Fault = (_n, bytes) => [{ bytes, delay: 30 }];
  const again: Fault = (_n, bytes) => [
    { bytes, delay: 2 },
    { bytes, delay: 2500 },
  ];

  for (const [name, fault] of Object.entries({ lose, twice, late, again })) {
    test(`${name}: each write`, () => {
      for (let n = 0; n < (counts[0] as number); n++) converse({ toDevice: at(n, fault) });
      for (let n = 0; n < (counts[1] as number); n++) converse({ toHost: at(n, fault) });
    });
  }

  test('flip: each byte of each write', () => {
    for (const toDevice of [true, false]) {
      const lengths = writes.filter((w) => w.toDevice === toDevice).map((w) => w.bytes.length);
      lengths.forEach((length, n) => {
        for (let i = 0; i < length; i += length > 60 ? 23 : 4) {
          const flip: Fault = (_n, bytes) => {
            const b = bytes.substring(0, i) + String.fromCharCode(bytes.charCodeAt(i) ^ (1 << (i % 8))) + bytes.substring(i + 1);
            return [{ bytes: b, delay: 2 }];
          };
          converse(toDevice ? { toDevice: at(n, flip) } : { toHost: at(n, flip) });
        }
      });
    }
  });

  test('all at once, many seeds', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed);
      const storm: Fault = (_n, bytes) => {
        const out = random.next() < 0.15 ? [] : [{ bytes, delay: 2 + random.below(40) }];
        if (random.next() < 0.15) out.push({ bytes, delay: 2 + random.below(400) });
        if (random.next() < 0.1) out.push({ bytes: bytes.substring(random.below(bytes.length)), delay: 5 });
        return out;
      };
      converse({ toDevice: storm, toHost: storm, seed });
    }
  });
});

describe('retries', () => {
  test('are the same bytes, and stop after six', () => {
    const pair = new Pair().up();
    pair.run(1000);
    const before = pair.wire.length;
    pair.powered = false;
    pair.host.send(16, 1, 'hello');
    pair.run(60000);
    const sent = pair.wire.slice(before);
    expect(sent).toHaveLength(7);
    expect(new Set(sent.map((w) => w.bytes)).size).toBe(1);
    expect(pair.downs).toEqual([DownReason.LOST]);
    const gaps = sent.slice(1).map((w, i) => w.at - (sent[i]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2400);
    gaps.slice(1).forEach((gap, i) => expect(gap).toBeGreaterThanOrEqual(Math.min(2400, 1.9 * (gaps[i] as number))));
  });

  /** Number of a frame of data, else -1. */
  const seqOf = (bytes: string): number => {
    const raw = cobsDecode(bytes.slice(0, -1)) ?? '';
    return raw.charCodeAt(0) % 16 === FrameType.DATA ? raw.charCodeAt(1) : -1;
  };
  /** Twelve messages of the device, in frames 1 to 12; of the frame `lost` the first so many tries do not arrive. */
  const streamed = (lost: number, tries: number, change: Partial<PairOptions> = {}): { pair: Pair; from: number; frames: () => { seq: number; at: number }[] } => {
    let left = tries;
    const pair = new Pair({ window: 4, toHost: (n, bytes) => (seqOf(bytes) === lost && left-- > 0 ? [] : fair(n, bytes)), ...change }).up();
    pair.run(100);
    const from = pair.wire.length;
    for (let i = 0; i < 12; i++) {
      while (!pair.device.send(String.fromCharCode(16, i) + 'x'.repeat(90))) pair.run(1);
      pair.tick();
    }
    pair.run(10_000, () => pair.atHost.length >= 13);
    expect(pair.atHost.slice(1).map(({ tag }) => tag)).toEqual([...Array(12).keys()]);
    const frames = () => pair.wire.slice(from).flatMap(({ toDevice, bytes, at }) => {
      const seq = toDevice ? -1 : seqOf(bytes);
      return seq < 0 ? [] : [{ seq, at }];
    });
    return { pair, from, frames };
  };

  test('a frame that is lost on the way is missed by the next one, and sent again without waiting for the retry time', () => {
    const { frames } = streamed(3, 1);
    const [first, second] = frames().filter(({ seq }) => seq === 3);
    expect(second!.at - first!.at).toBeLessThan(30);
    expect(frames().length).toBeLessThanOrEqual(12 + 4);
  });

  test('once for each loss: where what was sent again is lost as well, the retry time decides', () => {
    const { frames } = streamed(3, 2);
    const tries = frames().filter(({ seq }) => seq === 3);
    expect(tries).toHaveLength(3);
    expect(tries[1]!.at - tries[0]!.at).toBeLessThan(30);
    expect(tries[2]!.at - tries[1]!.at).toBeGreaterThanOrEqual(100);
  });

  test('the last of all that is lost is missed by nobody, and comes at the retry time', () => {
    const { frames } = streamed(12, 1);
    const [first, second] = frames().filter(({ seq }) => seq === 12);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(100);
  });

  test('a line that doubles frames, or somebody who says forever that one is missing, brings no storm', () => {
    const doubled = streamed(-1, 0, { toHost: (_n, bytes) => [{ bytes, delay: 2 }, { bytes, delay: 3 }], toDevice: (_n, bytes) => [{ bytes, delay: 2 }, { bytes, delay: 3 }] });
    expect(doubled.frames()).toHaveLength(12);
    const pair = new Pair({ window: 4, toDevice: (n, bytes) => (n > 3 ? [] : fair(n, bytes)) }).up();
    pair.run(100);
    for (let i = 0; i < 4; i++) pair.device.send(String.fromCharCode(16, i) + 'x'.repeat(90));
    pair.tick();
    const from = pair.wire.length;
    // READY was frame 0, so 1 is what is expected; none of the rest is acknowledged.
    for (let i = 0; i < 50; i++) pair.inject(true, encodeFrame(nodeNatives, FrameType.ACK, 0, 1, Flag.GAP, ''));
    pair.run(90);
    expect(pair.wire.slice(from).filter(({ toDevice, bytes }) => !toDevice && bytes.length > 90)).toHaveLength(4);
  });

  test('the device gives up, too, and can be reached again', () => {
    let deaf = false;
    const pair = new Pair({ toHost: (n, b) => (deaf ? [] : fair(n, b)) }).up();
    deaf = true;
    expect(pair.device.send(String.fromCharCode(4, 0) + 'notice')).toBe(true);
    pair.device.tick(pair.now);
    pair.run(20000);
    expect(pair.deviceDowns).toEqual([DownReason.LOST]);
    deaf = false;
    pair.up();
    expect(pair.ups).toHaveLength(2);
  });

  test('adapt to the line: never below 100 ms, above a slow round trip', () => {
    const slow: Fault = (_n, bytes) => [{ bytes, delay: 600 }];
    const pair = new Pair({ toDevice: slow, toHost: slow, onDevice: echo }).up();
    for (let i = 0; i < 12; i++) {
      pair.host.send(16, 1, 'x');
      pair.run(3000);
    }
    expect(pair.downs).toEqual([]);
    expect(pair.atDevice).toHaveLength(12);
    const again = pair.host.counters.retries;
    expect(again).toBeLessThan(6);
  });

  test('a device whose port has no room writes when there is some', () => {
    const pair = new Pair();
    let room = true;
    const inner = (pair.device as unknown as { o: { write(b: string): boolean } }).o;
    const write = inner.write;
    inner.write = (b) => room && write(b);
    pair.up();
    pair.run(100);
    room = false;
    expect(pair.device.send(String.fromCharCode(4, 0) + 'x'.repeat(300))).toBe(true);
    pair.run(300);
    expect(pair.atHost).toHaveLength(1);
    room = true;
    pair.run(100);
    expect(pair.atHost).toHaveLength(2);
  });
});

describe('photo stream', () => {
  /** Streams a photo of `size` bytes in chunks; the host's window says how many frames are under way. */
  function stream(o: PairOptions, size: number, baud: number): { seconds: number; wire: number; pair: Pair } {
    let busy = 0;
    const pair: Pair = new Pair({
      ...o,
      toHost: (_n, bytes) => {
        busy = Math.max(busy, pair.now) + (bytes.length * 10000) / baud;
        return [{ bytes, delay: busy - pair.now + 1 }];
      },
    });
    pair.up();
    const start = pair.now;
    const random = new Random(3);
    let left = size;
    let got = 0;
    const before = pair.wire.length;
    const fill = (): void => {
      while (left > 0 && pair.device.room()) {
        const chunk = Math.min(left, pair.device.fits() - 20);
        left -= chunk;
        expect(pair.device.send(String.fromCharCode(27, 3) + random.bytes(chunk))).toBe(true);
        got += chunk;
      }
    };
    fill();
    while (pair.atHost.reduce((sum, m) => sum + (m.type === 27 ? m.body.length : 0), 0) < size && pair.now < start + 600000) {
      pair.run(5);
      fill();
    }
    expect(got).toBe(size);
    const wire = pair.wire.slice(before).filter((w) => !w.toDevice);
    return { seconds: (pair.now - start) / 1000, wire: wire.reduce((sum, w) => sum + w.bytes.length, 0), pair };
  }

  test('fills the line', () => {
    for (const [baud, frameMax] of [[115200, 1024], [921600, 2048]] as const) {
      const { seconds, pair } = stream({ frameMax, window: 8 }, 60000, baud);
      const share = (60000 * 10) / baud / seconds;
      expect(share).toBeGreaterThan(0.95);
      expect(pair.downs).toEqual([]);
    }
  });

  test('comes whole through a lossy line', () => {
    const random = new Random(8);
    const pair = new Pair({ frameMax: 256, window: 8, toHost: (_n, bytes) => (random.next() < 0.1 ? [] : [{ bytes, delay: 3 }]) }).up();
    const sent: string[] = [];
    for (let i = 0; i < 60; i++) {
      const body = new Random(i).bytes(200);
      while (!pair.device.send(String.fromCharCode(27, 1) + body)) pair.run(20);
      sent.push(body);
    }
    pair.run(30000);
    expect(pair.atHost.filter((m) => m.type === 27).map((m) => m.body)).toEqual(sent);
  });
});
