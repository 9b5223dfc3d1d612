/**
 * The simulated accelerometer and position receiver answer what drivers of others ask: electricimp/LIS3DH (LIS3DH.device.lib.nut; the
 * LIS2DH12 has the same registers) and sparkfun/SparkFun_Ublox_Arduino_Library (checkUbloxI2C, Theory.md); every test names the functions. The
 * receiver's sentences are read by nmea-simple, a parser of somebody else.
 */
import { parseNmeaSentence } from 'nmea-simple';
import { beside, HOME, seededRandom, World } from '../../sim';
import { Accelerometer } from '../../sim/parts/accelerometer';
import { Gnss } from '../../sim/parts/gnss';
import { Whereabouts } from '../../sim/unit/whereabouts';

class Lis3dh {
  readonly world = new World();
  readonly where = new Whereabouts(this.world);
  readonly chip = new Accelerometer(this.world, seededRandom(1), this.where);
  range = 2;

  constructor() {
    this.chip.power(true);
  }

  get(register: number, count = 1): number[] {
    expect(this.chip.write(Uint8Array.of(register))).toBe(true);
    return [...this.chip.read(count)!];
  }

  set(register: number, value: number): void {
    expect(this.chip.write(Uint8Array.of(register, value))).toBe(true);
  }

  setBit(register: number, bit: number, on: boolean): void {
    const [value] = this.get(register);
    this.set(register, on ? value! | (1 << bit) : value! & ~(1 << bit));
  }

  reset(): void {
    this.set(0x20, 0x07);
    for (const register of [0x21, 0x22, 0x23, 0x24, 0x25, 0x30, 0x32, 0x33, 0x38, 0x3a, 0x3b, 0x3c, 0x3d, 0x2e, 0x1f]) this.set(register, 0);
  }

  /** 100 Hz. */
  setDataRate(): void {
    this.set(0x20, (this.get(0x20)[0]! & 0x0f) | 0x50);
  }

  getAccel(): number[] {
    const b = this.get(0xa8, 6);
    return [0, 2, 4].map((i) => (((((b[i]! | (b[i + 1]! << 8)) << 16) >> 16) / 32000) * this.range));
  }

  configureInertialInterrupt(threshold: number, duration: number, options: number): void {
    this.setBit(0x22, 6, true);
    this.set(0x32, Math.trunc((threshold / this.range) * 127) & 0x7f);
    this.set(0x33, duration & 0x7f);
    this.set(0x30, options);
  }

  configureInterruptLatching(): void {
    this.setBit(0x24, 3, true);
    this.setBit(0x3a, 7, true);
  }

  getInterruptTable(): { int1: boolean; low: boolean[]; click: boolean } {
    const [int1] = this.get(0x31);
    const [click] = this.get(0x39);
    return { int1: (int1! & 0x40) !== 0, low: [1, 4, 16].map((bit) => (int1! & bit) !== 0), click: (click! & 0x40) !== 0 };
  }

  configureFifoInterrupt(mode: number, watermark: number): void {
    this.setBit(0x24, 6, true);
    this.set(0x2e, (mode & 0xc0) | (watermark & 0x1f));
    this.setBit(0x22, 2, true);
  }

  getFifoStats(): { watermark: boolean; overrun: boolean; empty: boolean; unread: number } {
    const [stats] = this.get(0x2f);
    return { watermark: (stats! & 0x80) !== 0, overrun: (stats! & 0x40) !== 0, empty: (stats! & 0x20) !== 0, unread: (stats! & 0x1f) + (stats! & 0x40 ? 1 : 0) };
  }
}

describe('electricimp/LIS3DH', () => {
  test('getDeviceId, reset, setDataRate, getAccel, setRange', async () => {
    const driver = new Lis3dh();
    expect(driver.get(0x0f)).toEqual([51]);
    driver.reset();
    driver.setDataRate();
    await driver.world.run(100);
    expect(driver.getAccel()[2]).toBeCloseTo(1.02, 1);
    driver.set(0x23, (driver.get(0x23)[0]! & 0xcf) | 0x10);
    driver.range = 4;
    await driver.world.run(100);
    expect(driver.getAccel()[2]).toBeCloseTo(1.02, 1);
  });

  test('configureFreeFallInterrupt with configureInterruptLatching: getInterruptTable tells of the fall once', async () => {
    const driver = new Lis3dh();
    driver.reset();
    driver.setDataRate();
    driver.configureInterruptLatching();
    driver.configureInertialInterrupt(0.5, 5, 0x80 | 0x01 | 0x04 | 0x10);
    await driver.world.run(500);
    expect(driver.getInterruptTable().int1).toBe(false);
    driver.where.drop(300);
    await driver.world.run(5000);
    expect(driver.getInterruptTable()).toEqual({ int1: true, low: [true, true, true], click: false });
    expect(driver.getInterruptTable().int1).toBe(false);
  });

  test('configureHighPassFilter and configureInertialInterrupt: movement, and none at rest whichever way up', async () => {
    const driver = new Lis3dh();
    driver.reset();
    driver.setDataRate();
    driver.set(0x21, 0x01);
    driver.configureInterruptLatching();
    driver.configureInertialInterrupt(0.3, 2, 0x02 | 0x08 | 0x20);
    driver.where.turn(70);
    await driver.world.run(2000);
    driver.getInterruptTable();
    await driver.world.run(5000);
    expect(driver.getInterruptTable().int1).toBe(false);
    driver.where.shake(200, 900);
    await driver.world.run(1000);
    expect(driver.getInterruptTable().int1).toBe(true);
  });

  test('configureFifoInterrupt, getFifoStats: counts, mark, overrun, empty again', async () => {
    const driver = new Lis3dh();
    driver.reset();
    driver.setDataRate();
    driver.configureFifoInterrupt(0x80, 28);
    await driver.world.run(105);
    expect(driver.getFifoStats()).toEqual({ watermark: false, overrun: false, empty: false, unread: 10 });
    await driver.world.run(500);
    expect(driver.getFifoStats()).toEqual({ watermark: true, overrun: true, empty: false, unread: 32 });
    for (let i = 0; i < 32; i++) expect(driver.getAccel()[2]).toBeCloseTo(1.02, 1);
    expect(driver.getFifoStats()).toMatchObject({ empty: true, unread: 0 });
  });
});

/** checkUbloxI2C: the count from 0xFD, then pieces of 32 bytes from 0xFF, without the register again for the first. */
function check(gnss: Gnss): string {
  let text = '';
  gnss.write(Uint8Array.of(0xfd));
  const [high, low] = gnss.read(2)!;
  if (low === 0xff) return '';
  for (let left = high! * 256 + low!; left > 0; ) {
    const piece = Math.min(32, left);
    gnss.write(Uint8Array.of(0xff));
    text += Buffer.from(gnss.read(piece)!).toString('latin1');
    left -= piece;
  }
  return text;
}

describe('SparkFun u-blox and nmea-simple', () => {
  test.each([HOME, { latitude: -33.8568, longitude: -151.2153 }, { latitude: 0, longitude: 179.9999 }])('every sentence parses, and says where it is (%p)', async (spot) => {
    const world = new World();
    const where = new Whereabouts(world);
    where.put(spot);
    const gnss = new Gnss(world, seededRandom(1), where);
    gnss.power(true);
    let text = '';
    for (let i = 0; i < 40; i++) {
      await world.run(250);
      text += check(gnss);
    }
    const packets = text.split('\r\n').slice(0, -1).map((line) => parseNmeaSentence(line));
    expect(new Set(packets.map(({ sentenceId }) => sentenceId))).toEqual(new Set(['RMC', 'VTG', 'GGA', 'GSA', 'GSV', 'GLL']));
    const gga = packets.findLast((packet) => packet.sentenceId === 'GGA');
    const rmc = packets.findLast((packet) => packet.sentenceId === 'RMC');
    if (gga?.sentenceId !== 'GGA' || rmc?.sentenceId !== 'RMC') throw new Error('no RMC and GGA');
    expect([gga.fixType, gga.satellitesInView, gga.horizontalDilution, rmc.status]).toEqual(['fix', 10, 0.9, 'valid']);
    const near = beside(spot, 5, 5);
    expect(Math.abs(gga.latitude - spot.latitude)).toBeLessThan(Math.abs(near.latitude - spot.latitude));
    expect(Math.abs(gga.longitude - spot.longitude)).toBeLessThan(Math.abs(near.longitude - spot.longitude));
    expect([rmc.latitude, rmc.longitude]).toEqual([gga.latitude, gga.longitude]);
  });

  test('a wrong checksum is refused by the parser as well', async () => {
    const world = new World();
    const gnss = new Gnss(world, seededRandom(1), new Whereabouts(world));
    gnss.power(true);
    gnss.fault = 'bad checksum';
    await world.run(2000);
    expect(() => parseNmeaSentence(check(gnss).split('\r\n')[0]!)).toThrow();
  });
});
