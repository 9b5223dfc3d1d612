/** The receiver's driver: sentences, and what it makes of them on the simulated part. */
import { createPosition, degrees, digits, sentence } from '../../firmware/drivers/position';
import type { Fix, Position } from '../../firmware/core/parts';
import { beside, HOME, seededRandom, World } from '../../sim';
import { Gnss } from '../../sim/parts/gnss';
import { Whereabouts } from '../../sim/unit/whereabouts';
import { FakeBoard } from './fake-board';

test('digits', () => {
  expect(['', '0', '007', '42', '4x', '-1', '1.5', ' 1'].map(digits)).toEqual([-1, 0, 7, 42, -1, -1, -1, -1]);
});

test('degrees and minutes', () => {
  expect(degrees('3113.82400', 2, false)).toBe(312304000);
  expect(degrees('3113.82400', 2, true)).toBe(-312304000);
  expect(degrees('12128.42200', 3, false)).toBe(1214737000);
  expect(degrees('0000.00001', 2, false)).toBe(2);
  expect(degrees('9000.0', 2, false)).toBe(900000000);
  expect(degrees('18000.0', 3, true)).toBe(-1800000000);
  for (const wrong of ['', '3113', '31139.8240', '3160.00000', '9000.00060', '3113,82400', '3a13.82400', '31-3.82400']) expect(degrees(wrong, 2, false)).toBeNaN();
});

test('sentences of the receiver description', () => {
  expect(sentence('$GPGGA,092725.00,4717.11399,N,00833.91590,E,1,08,1.01,499.6,M,48.0,M,,*5B', 'GGA')[1]).toBe('4717.11399');
  expect(sentence('xx$GPRMC,083559.00,A,4717.11437,N,00833.91522,E,0.004,77.52,091202,,,A*57', 'RMC')[1]).toBe('A');
  expect(sentence('$GPRMC,083559.00,A,4717.11437,N,00833.91522,E,0.004,77.52,091202,,,A*56', 'RMC')).toEqual([]);
  for (const wrong of ['', '$', '*', '$GPGGA*56', '$GPRMC,*', 'GPRMC,1*00', '$GNRMC,,*']) expect(sentence(wrong, 'RMC')).toEqual([]);
});

function bench(): { gnss: Gnss; where: Whereabouts; position: Position; fix: (ms: number) => Promise<Fix | undefined>; transactions: () => number } {
  const world = new World();
  const where = new Whereabouts(world);
  const gnss = new Gnss(world, seededRandom(1), where);
  gnss.power(true);
  const fake = new FakeBoard();
  const board = fake.board();
  let transactions = 0;
  board.i2cWrite = (address, bytes) => (transactions++, address === 0x42 && gnss.write(Buffer.from(bytes, 'latin1')));
  board.i2cRead = (address, register, length) => (transactions++, address === 0x42 && gnss.write(Uint8Array.of(register)) ? Buffer.from(gnss.read(length) ?? []).toString('latin1') : '');
  const position = createPosition(board);
  /** Looks every second for so long: the last fix that was told. */
  const fix = async (ms: number): Promise<Fix | undefined> => {
    let last: Fix | undefined;
    for (let passed = 0; passed < ms; passed += 1000) {
      await world.run(1000);
      fake.now += 1000;
      last = position.look() ?? last;
    }
    return last;
  };
  return { gnss, where, position, fix, transactions: () => transactions };
}

test('nobody asks: the receiver is stopped, and left alone', async () => {
  const { gnss, fix, transactions } = bench();
  expect(await fix(3000)).toBeUndefined();
  expect(gnss.working).toBe(false);
  const before = transactions();
  await fix(60_000);
  expect(transactions()).toBe(before);
});

test.each([HOME, { latitude: -33.8568, longitude: 151.2153 }, { latitude: -1.8, longitude: -78.5 }, { latitude: 0.00001, longitude: -179.9999 }])('asked: the place within its accuracy (%p)', async (spot) => {
  const { where, position, fix } = bench();
  where.put(spot);
  position.need(true);
  const found = (await fix(10_000))!;
  expect(found.accuracy).toBe(5);
  const north = (found.latitude / 1e7 - spot.latitude) * 111_195;
  const east = (found.longitude / 1e7 - spot.longitude) * 111_195 * Math.cos((spot.latitude * Math.PI) / 180);
  expect(Math.hypot(north, east)).toBeLessThan(5);
  expect(position.fault()).toBe(false);
});

test.each(['silent', 'outage', 'stuck', 'bad checksum', 'babbling'] as const)('%s: no new fix, and well again afterwards', async (fault) => {
  const { gnss, position, fix } = bench();
  position.need(true);
  expect(await fix(8000)).toBeDefined();
  gnss.fault = fault;
  await fix(2000);
  expect(await fix(8000)).toBeUndefined();
  expect(position.fault()).toBe(fault !== 'outage' && fault !== 'stuck');
  gnss.fault = 'none';
  expect(await fix(4000)).toBeDefined();
  expect(position.fault()).toBe(false);
});

test('a poor fix says so', async () => {
  const { gnss, position, fix } = bench();
  gnss.fault = 'poor';
  position.need(true);
  expect((await fix(10_000))?.accuracy).toBe(90);
});

test('what waited for a minute is not taken for news', async () => {
  const { position, fix, where, gnss } = bench();
  position.need(true);
  await fix(8000);
  // Every sentence there is, and nobody reads: its buffer fills with the past.
  gnss.write(Buffer.from('b5620601030 0f00301fe16'.replace(/ /g, ''), 'hex'));
  where.put(beside(HOME, 1000, 0));
  const world = (gnss as unknown as { world: World }).world;
  await world.run(60_000);
  const spots: number[] = [];
  for (let i = 0; i < 12; i++) {
    const fix = position.look();
    if (fix !== undefined) spots.push(fix.latitude);
    if (i > 4) await world.run(1000);
  }
  expect(spots.length).toBeGreaterThan(0);
  for (const latitude of spots) expect(latitude / 1e7 - HOME.latitude).toBeGreaterThan(900 / 111_195);
});
