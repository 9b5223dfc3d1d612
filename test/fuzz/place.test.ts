/** What the receiver may send, what the accelerometer may answer, what a permit may say of fences; and what the simulated parts are told. */
import { fenceOf } from '../../firmware/core/geometry';
import { createMotion } from '../../firmware/drivers/motion';
import { createPosition } from '../../firmware/drivers/position';
import { CborReader } from '../../protocol/cbor';
import { fenceBytes, readFences } from '../../protocol/fence';
import { seededRandom, World } from '../../sim';
import { Accelerometer } from '../../sim/parts/accelerometer';
import { Gnss } from '../../sim/parts/gnss';
import { Whereabouts } from '../../sim/unit/whereabouts';
import { FakeBoard } from '../drivers/fake-board';
import { damaged, fuzz, fuzzLater, hex, noiseOf, ONE_TEST_MS, tell } from './fuzz';

afterAll(tell);

/** A sentence with its checksum. */
function nmea(body: string): string {
  let sum = 0;
  for (const one of body) sum ^= one.charCodeAt(0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}

test("the position receiver's driver: any bytes, and only places on earth; the next good second is believed", () => {
  const fake = new FakeBoard();
  let stream = '';
  let second = 0;
  const board = fake.board();
  board.i2cWrite = () => true;
  board.i2cRead = (_address, register, length) => {
    if (register === 0xfd) return String.fromCharCode((stream.length >> 8) & 255, stream.length & 255);
    const piece = stream.substring(0, length);
    stream = stream.substring(length);
    return piece;
  };
  const position = createPosition(board);
  position.need(true);
  position.look();
  const good = (): string[] => {
    const time = `${String(Math.floor(second / 3600) % 24).padStart(2, '0')}${String(Math.floor(second / 60) % 60).padStart(2, '0')}${String(second % 60).padStart(2, '0')}.00`;
    second++;
    return [nmea(`GNRMC,${time},A,3113.82400,N,12128.42200,E,0.010,,150127,,,A`), nmea(`GNGGA,${time},3113.82400,N,12128.42200,E,1,10,0.90,14.2,M,8.1,M,,`)];
  };
  fuzz('position sentences (driver)', 71, (random, i) => {
    const pair = good();
    const parts = [...pair, nmea('GNGGA,,,,,,0,00,99.99,,,,,,'), nmea('GNRMC,,V,,,,,,,,,,N'), '$', '*', ',', '\r\n'];
    stream += random.below(3) ? damaged(random, parts, 200) : noiseOf(random, random.below(300));
    fake.now += 1000;
    const fix = position.look();
    if (fix !== undefined && !(Math.abs(fix.latitude) <= 900000000 && Math.abs(fix.longitude) <= 1800000000 && fix.accuracy >= 3 && fix.accuracy < 1e6 && Number.isInteger(fix.latitude) && Number.isInteger(fix.longitude))) return `believed ${JSON.stringify(fix)}`;
    if (i % 20) return;
    stream = `\r\n${good().join('')}`;
    fake.now += 1000;
    const next = position.look();
    if (next?.latitude !== 312304000 || next.longitude !== 1214737000 || next.accuracy !== 5) return `the next good second gives ${JSON.stringify(next)}`;
  });
}, ONE_TEST_MS);

test("the accelerometer's driver: any registers, and the next good ones are read", () => {
  const fake = new FakeBoard();
  const good = '\x0f\0\0\0\0\0\x40\0\x20\x2a\0\x10\x01\x95\0\x16\x09';
  let file = good;
  const board = fake.board();
  board.i2cRead = (_address, register, length) => (register === 0x0f ? '\x33' : file.substring(0, length));
  const motion = createMotion(board);
  fuzz('acceleration (driver)', 72, (random) => {
    file = damaged(random, [good], 20);
    fake.now += 100;
    const moves = motion.look();
    if (moves < 0 || moves > 15) return `${moves} of ${hex(file)}`;
    file = good;
    fake.now += 100;
    if (moves & 8) motion.look();
    if (motion.look() !== 0) return 'the next good one is not read';
  });
}, ONE_TEST_MS);

test('fences: whatever is taken can be reckoned with', () => {
  const seeds = [fenceBytes([[312304000, 1214737000, 200]]), fenceBytes([[1, 2, 3, 4, 5, 6], [-850000000, -1800000000, 850000000, -1800000000, 0, 0, 5, 5]]), fenceBytes([[0, 0, 100000], [1, 1, 1], [2, 2, 2], [3, 3, 3]])];
  fuzz('fences of a permit', 73, (random) => {
    const b = random.below(4) ? damaged(random, seeds, 40) : noiseOf(random, random.below(60));
    const r = new CborReader(b);
    const fences = readFences(r);
    if (!r.ok) return fences === '' ? undefined : 'bytes of what is refused';
    if (fences !== b.substring(0, r.at)) return 'other bytes';
    const fix = { latitude: random.below(1800000001) - 900000000, longitude: random.below(3600000001) - 1800000000, accuracy: 1 + random.below(100), at: 0 };
    const verdict = fenceOf(fences, fix);
    if (!Number.isInteger(verdict) || verdict < -1 || verdict > 4) return `${verdict} for ${hex(b)}`;
  });
}, ONE_TEST_MS);

test('the simulated accelerometer and receiver: any transaction', async () => {
  const world = new World();
  const where = new Whereabouts(world);
  const chip = new Accelerometer(world, seededRandom(1), where);
  const gnss = new Gnss(world, seededRandom(2), where);
  chip.power(true);
  gnss.power(true);
  await fuzzLater('accelerometer and receiver (simulator)', 74, async (random, i) => {
    const b = Buffer.from(noiseOf(random, random.below(10)), 'latin1');
    const length = random.below(300);
    if (random.below(4) === 0) where.shake(random.below(300), random.below(2000));
    for (const part of [chip, gnss]) {
      part.write(b);
      const out = part.read(length);
      if (out?.length !== length) return `${out?.length} bytes for ${length}`;
    }
    if (i % 8 === 0) await world.run(random.below(3000));
    if (i % 400) return undefined;
    chip.reset();
    chip.write(Uint8Array.of(0x0f));
    return chip.read(1)![0] === 0x33 ? undefined : 'who it is has changed';
  }, 5000);
}, ONE_TEST_MS);
