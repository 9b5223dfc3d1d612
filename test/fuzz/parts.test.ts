/** What the drivers hear from their parts, and what the simulated parts hear from a processor. */
import { PhotoError, Shot } from '../../firmware/core/parts';
import { createCamera } from '../../firmware/drivers/camera';
import { createSwitches } from '../../firmware/drivers/expander';
import { createReader } from '../../firmware/drivers/fingerprint';
import { seededRandom, World } from '../../sim';
import { Camera } from '../../sim/parts/camera';
import { Expander } from '../../sim/parts/expander';
import { NorFlash } from '../../sim/parts/nor';
import { FingerReader } from '../../sim/parts/reader';
import { encodePacket, PacketReader } from '../../sim/parts/reader-packet';
import type { Random } from '../protocol/random';
import { FakeBoard } from '../drivers/fake-board';
import { BUDGET, damaged, fuzz, fuzzLater, hex, noiseOf, ONE_TEST_MS, tell } from './fuzz';

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const buffer = (b: string): Buffer => Buffer.from(b, 'latin1');
const answer = (...content: number[]): string => latin(encodePacket(0xffffffff, 7, Uint8Array.from(content)));
const command = (...content: number[]): string => latin(encodePacket(0xffffffff, 1, Uint8Array.from(content)));
/** The most that a driver or a part may hold of a packet that does not end. */
const PACKET_MAX = 300;

afterAll(tell);

test("the reader's driver: anything for an answer, and the next touch is told", () => {
  const answers = [answer(0), answer(2), answer(9, 0, 0, 0, 0), answer(0, 0, 7, 0, 99), answer(0x13), answer(0x21), '\x55', '\xef\x01\xff\xff\xff\xff\x07'];
  const fake = new FakeBoard();
  const reader = createReader(fake.board());
  let told: number[] = [];
  let bad: string | undefined;
  reader.onFinger((slot) => {
    told.push(slot);
    if (slot < -1 || slot > 65535) bad = `finger ${slot}`;
  });
  reader.onFault(() => undefined);
  fuzz("fingerprint packets (driver)", 31, (random, i) => {
    const b = damaged(random, answers, 100);
    fake.reader.sent.length = 0;
    fake.reader.arrive(b.substring(0, b.length >> 1));
    fake.reader.arrive(b.substring(b.length >> 1));
    fake.run(random.below(400));
    if (fake.timers.length > 2) return `${fake.timers.length} timers`;
    if (bad !== undefined) return bad;
    if (i % 500) return;
    // Well again: within a few looks it verifies, sees the window empty, then a finger.
    const empty: Record<number, string> = { 0x13: answer(0), 0x35: answer(0), 0x01: answer(2), 0x02: answer(0), 0x04: answer(0, 0, 7, 0, 99) };
    fake.reader.onWrite = (bytes) => void fake.board().after(5, () => fake.reader.arrive(empty[bytes.charCodeAt(9)]!));
    fake.run(9000);
    told = [];
    empty[0x01] = answer(0);
    fake.run(3000);
    fake.reader.onWrite = undefined;
    if (told.join() !== '7') return `after ${hex(b)} a touch is told as ${told.join()}`;
    if (!reader.alive()) return 'not alive';
  });
}, ONE_TEST_MS);

test("the camera's driver: any register and any picture, and the next good one is taken", () => {
  const fake = new FakeBoard();
  let random!: Random;
  let good = false;
  let position = 0;
  const jpeg = `\xff\xd8\xff\xc0\0\x0b\x08\0\xf0\x01\x40\x01\x01\x11\0${'\x5a'.repeat(1500)}\xff\xd9`;
  const registers: Record<number, number> = { 0x40: 0x86, 0x44: 6, 0x45: jpeg.length & 255, 0x46: jpeg.length >> 8, 0x47: 0 };
  fake.spi = (bytes) => {
    const first = bytes.charCodeAt(0);
    if (first & 0x80) return '\0'.repeat(bytes.length);
    if (first === 0x3c) {
      const dummy = position === 0 ? 2 : 1;
      const out = '\0'.repeat(dummy) + jpeg.substr(position, bytes.length - dummy);
      position += bytes.length - dummy;
      return good || random.below(4) ? out.padEnd(bytes.length, '\0') : noiseOf(random, random.below(bytes.length + 2));
    }
    const right = registers[first] ?? 0;
    return `\0\0${String.fromCharCode(good || random.below(4) ? right : random.pick([0, 255, 1, 2, 4, 6, random.below(256)]))}`;
  };
  const camera = createCamera(fake.board());
  const take = (): { ends: number[]; bytes: number; size: number; big: boolean } => {
    const out = { ends: [] as number[], bytes: 0, size: 0, big: false };
    position = 0;
    camera.capture(Shot.PAGE, (chunk) => {
      out.bytes += chunk.length;
      out.big ||= chunk.length > 1024 || chunk.length === 0;
      return good || random.below(30) > 0;
    }, (error, size) => {
      out.ends.push(error);
      out.size = size;
    });
    fake.run(21_000);
    return out;
  };
  fuzz('camera answers (driver)', 32, (r, i) => {
    random = r;
    good = false;
    const { ends, bytes, size, big } = take();
    if (ends.length !== 1 || big || bytes > camera.largest[Shot.PAGE]!) return `ended ${ends.join()}, ${bytes} bytes`;
    if ((ends[0] === 0 || ends[0] === PhotoError.BLIND) && bytes !== size) return `${bytes} bytes for ${size}`;
    if (fake.timers.length > 1) return `${fake.timers.length} timers`;
    if (i % 50) return;
    good = true;
    const well = take();
    if (well.ends.join() !== '0' || well.bytes !== jpeg.length) return `the next good one ended ${well.ends.join()} with ${well.bytes} bytes`;
  }, Math.ceil(BUDGET / 4));
}, ONE_TEST_MS);

test("the expander's driver: any register file, and the next good one is read", () => {
  const fake = new FakeBoard();
  const setUp = '\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\x00\0\0\0\0\xc0\0\0\x05';
  let file = setUp;
  fake.i2cReading = () => file;
  const switches = createSwitches(fake.board());
  switches.lamps(5);
  fuzz('switches (driver)', 33, (random) => {
    file = damaged(random, [setUp], 30);
    const bits = switches.read();
    if (bits < -1 || bits > 255) return `${bits} of ${hex(file)}`;
    if (bits >= 0 && (file.length !== 22 || file.substr(0, 14) !== setUp.substr(0, 14) || file.charCodeAt(21) !== 5)) return `believed ${hex(file)}`;
    file = setUp;
    if (switches.read() !== 0x3f) return 'the next good one is not read';
  });
}, ONE_TEST_MS);

test('the simulated reader: any bytes, and the next good command is answered', async () => {
  const commands = [command(0x13, 0, 0, 0, 0), command(0x01), command(0x02, 1), command(0x04, 1, 0, 0, 0, 200), command(0x05), command(0x06, 1, 0, 9), command(0x0c, 0, 0, 0, 9), command(0x0f), command(0x1d), command(0x1f, 0), command(0x35, 1, 2, 3, 4), command(0x0e, 1, 2, 3)];
  const packets = new PacketReader();
  fuzz('reader packets (simulator)', 34, (random) => {
    const b = damaged(random, commands);
    for (const { content } of packets.push(buffer(b))) if (content.length > PACKET_MAX) return `a packet of ${content.length}`;
    const kept = (packets as unknown as { held: Buffer }).held.length;
    if (kept > PACKET_MAX) return `${kept} bytes held`;
  });
  const world = new World();
  const reader = new FingerReader(world, seededRandom(1));
  let heard = '';
  reader.onSend = (bytes) => (heard += latin(bytes));
  reader.power(true);
  await world.run(100);
  await fuzzLater('reader commands (simulator)', 35, async (random) => {
    reader.touch(random.below(3) ? random.pick(['ann', 'bob']) : undefined);
    const code = random.below(256);
    reader.receive(buffer(random.below(2) ? damaged(random, commands) : command(code, ...buffer(noiseOf(random, random.below(12))))));
    await world.run(400);
    if (heard.length > 4096) return `${heard.length} bytes sent`;
    if (reader.templates.size > 200) return `${reader.templates.size} templates`;
    if (random.below(20)) return;
    // What was left of a packet takes at most the next one along.
    for (let i = 0; i < 30; i++) reader.receive(buffer('\0'.repeat(10)));
    await world.run(400);
    heard = '';
    reader.address = 0xffffffff;
    reader.password = 0;
    reader.receive(buffer(command(0x40)));
    await world.run(100);
    if (heard !== answer(0)) return `the next good command is answered ${hex(heard)}`;
    heard = '';
    return undefined;
  }, Math.ceil(BUDGET / 4));
}, ONE_TEST_MS);

test('the simulated camera, expander and flash: any transaction', async () => {
  const world = new World();
  const camera = new Camera(world, { jpeg: () => Buffer.from('ffd8ffd9', 'hex') }, () => ({ page: undefined, laid: 0, dark: false }));
  camera.power(true);
  const clock = (b: string): string => {
    camera.select(true);
    const out = latin(camera.transfer(buffer(b)));
    camera.select(false);
    return out;
  };
  await fuzzLater('camera transactions (simulator)', 36, async (random, i) => {
    const b = noiseOf(random, random.below(8));
    if (clock(b).length !== b.length) return hex(b);
    if (i % 16) return undefined;
    await world.run(random.below(300));
    if (i % 1600) return undefined;
    clock('\x87\x40');
    await world.run(1000);
    return (clock('\x44\0\0').charCodeAt(2) & 3) === 2 && clock('\x40\0\0').charCodeAt(2) === 0x86 ? undefined : 'not idle after a reset';
  });
  const expander = new Expander([], seededRandom(2));
  expander.power(true);
  fuzz('expander transactions (simulator)', 37, (random) => {
    const b = noiseOf(random, random.below(8));
    expander.write(buffer(b));
    const length = random.below(40);
    if (expander.read(length)?.length !== length) return hex(b);
  });
  const flash = new NorFlash([{ base: 0x1000, size: 0x4000 }], seededRandom(3));
  fuzz('flash operations (simulator)', 38, (random) => {
    const address = random.below(0x6000);
    const bytes = buffer(noiseOf(random, random.below(300)));
    const old = flash.read(address, bytes.length);
    if (random.below(40)) flash.write(address, bytes);
    else flash.erase(address);
    const now = flash.read(address, bytes.length);
    if (address < 0x1000 && address + bytes.length <= 0x1000 && now.some((byte) => byte !== 0xff)) return `outside: ${address}`;
    return old.length === now.length ? undefined : `${address}`;
  });
}, ONE_TEST_MS);
