/**
 * The simulated camera answers the transactions that ArduCAM's own library makes: ArduCAM/Arducam_Mega,
 * src/Arducam/ArducamCamera.c; every test names the functions. What is written here is what those functions clock out, one chip
 * select for each transaction, and what they make of the answer.
 */
import { World, type View } from '../../sim';
import { Camera, SENSOR_3MP, SENSOR_3MP_1, SENSOR_5MP } from '../../sim/parts/camera';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from(Array.from({ length: 995 }, (_, i) => i & 0x7f)), Buffer.from([0xff, 0xd9])]);
/** Registers, as the library numbers them. */
const R = { frames: 0x01, power: 0x02, fifo: 0x04, reset: 0x07, debugHigh: 0x0b, debugLow: 0x0c, debugValue: 0x0d, format: 0x20, resolution: 0x21, powerMode: 0x28, quality: 0x2a, exposure: 0x30, id: 0x40, year: 0x41, month: 0x42, day: 0x43, state: 0x44, size: 0x45, sensorData: 0x48, version: 0x49 };
const IDLE = 2;
const DONE = 4;
/** A wait of the library has no end; here a test has. */
const PATIENCE_MS = 3000;

class Driver {
  readonly world = new World();
  readonly views: View[] = [];
  readonly camera = new Camera(this.world, {
    jpeg: (view) => {
      this.views.push(view);
      return JPEG;
    },
  }, () => ({ page: undefined, laid: 0, dark: false }));
  format = -1;
  mode = -1;
  left = 0;
  firstBurst = true;

  constructor(id = SENSOR_3MP) {
    this.camera.sensorId = id;
    this.camera.power(true);
  }

  transfer(...bytes: number[]): number[] {
    this.camera.select(true);
    const out = bytes.flatMap((byte) => [...this.camera.transfer(Uint8Array.of(byte))]);
    this.camera.select(false);
    return out;
  }

  /** cameraWriteReg → cameraBusWrite */
  write(register: number, value: number): void {
    this.transfer(register | 0x80, value);
  }

  /** cameraReadReg → cameraBusRead: the third byte counts. */
  read(register: number): number {
    return this.transfer(register & 0x7f, 0, 0)[2]!;
  }

  private async until(condition: () => boolean): Promise<boolean> {
    for (let waited = 0; waited < PATIENCE_MS && !condition(); waited += 2) await this.world.run(2);
    return condition();
  }

  /** cameraWaitI2cIdle */
  async idle(): Promise<void> {
    expect(await this.until(() => (this.read(R.state) & 3) === IDLE)).toBe(true);
  }

  async set(register: number, value: number): Promise<void> {
    this.write(register, value);
    await this.idle();
  }

  /** cameraBegin */
  async begin(): Promise<number[]> {
    await this.set(R.reset, 0x40);
    const found = [this.read(R.id), this.read(R.year) & 0x3f, this.read(R.month) & 0x0f, this.read(R.day) & 0x1f, this.read(R.version)];
    await this.set(0x0a, 0x78);
    return found;
  }

  /** cameraTakePicture; false: the capture is never done. */
  async take(mode: number, format = 1, legacy = mode): Promise<boolean> {
    const modern = this.camera.sensorId >= SENSOR_5MP;
    if (this.format !== format) {
      this.format = format;
      await this.set(R.format, format);
      if (modern) {
        this.mode = mode;
        await this.set(R.resolution, mode);
      }
    }
    if (this.mode !== mode) {
      this.mode = mode;
      await this.set(R.resolution, modern ? mode : legacy);
    }
    return this.capture();
  }

  /** cameraSetCapture */
  async capture(): Promise<boolean> {
    this.write(R.fifo, 0x01);
    this.write(R.fifo, 0x02);
    const done = await this.until(() => (this.read(R.state) & DONE) !== 0);
    this.left = this.length();
    this.firstBurst = true;
    return done;
  }

  /** cameraReadFifoLength */
  length(): number {
    return this.read(R.size) | (this.read(R.size + 1) << 8) | (this.read(R.size + 2) << 16);
  }

  /** cameraReadBuff */
  readBuff(length: number): Buffer {
    const count = Math.min(length, this.left);
    if (count === 0) return Buffer.alloc(0);
    const ahead = this.firstBurst ? 2 : 1;
    this.firstBurst = false;
    this.left -= count;
    return Buffer.from(this.transfer(0x3c, ...new Array<number>(ahead - 1 + count).fill(0)).slice(ahead));
  }

  /** cameraReadByte */
  readByte(): number {
    this.left--;
    return this.transfer(0x3d, 0, 0)[2]!;
  }
}

test('cameraBegin: busy after the reset, then idle; sensor id, dates and version in their bits', async () => {
  const driver = new Driver();
  driver.write(R.reset, 0x40);
  expect(driver.read(R.state) & 3).not.toBe(IDLE);
  const [id, year, month, day, version] = await driver.begin();
  expect(id).toBe(SENSOR_3MP);
  expect([year! >= 21, month! >= 1 && month! <= 12, day! >= 1 && day! <= 31, version! > 0]).toEqual([true, true, true, true]);
});

test('cameraTakePicture and cameraReadBuff in pieces of 200: the picture, whole', async () => {
  const driver = new Driver();
  await driver.begin();
  expect(await driver.take(0x0a)).toBe(true);
  expect(driver.left).toBe(JPEG.length);
  const parts: Buffer[] = [];
  for (let part = driver.readBuff(200); part.length > 0; part = driver.readBuff(200)) parts.push(part);
  expect(Buffer.concat(parts)).toEqual(JPEG);
  expect(driver.views[0]).toMatchObject({ width: 1600, height: 1200 });
});

test('a second picture in another size: nothing of the first is left, and its first burst has its own dummy', async () => {
  const driver = new Driver();
  await driver.begin();
  await driver.take(0x0a);
  driver.readBuff(10);
  expect(await driver.take(0x05)).toBe(true);
  expect(driver.readBuff(4096)).toEqual(JPEG);
  expect(driver.views.map(({ width, height }) => [width, height])).toEqual([[1600, 1200], [640, 480]]);
});

test('cameraReadByte: byte by byte, then the rest in a burst', async () => {
  const driver = new Driver();
  await driver.begin();
  await driver.take(0x03);
  const first = [driver.readByte(), driver.readByte(), driver.readByte()];
  expect(first).toEqual([...JPEG.subarray(0, 3)]);
  expect(driver.readBuff(4096)).toEqual(JPEG.subarray(3));
});

test.each([
  [0x00, 96, 96], [0x01, 128, 128], [0x02, 160, 120], [0x03, 320, 240], [0x04, 320, 320], [0x05, 640, 480], [0x06, 800, 600],
  [0x07, 1024, 768], [0x08, 1280, 720], [0x09, 1280, 1024], [0x0a, 1600, 1200], [0x0b, 1920, 1080], [0x0c, 2048, 1536], [0x0d, 2592, 1944],
])('CAM_IMAGE_MODE %i is %i by %i', async (mode, width, height) => {
  const driver = new Driver(SENSOR_5MP);
  await driver.begin();
  await driver.take(mode);
  expect(driver.views[0]).toMatchObject({ width, height });
});

test.each([[0x03, 0x01, 320, 240], [0x05, 0x02, 640, 480], [0x08, 0x04, 1280, 720], [0x0a, 0x06, 1600, 1200], [0x0b, 0x07, 1920, 1080], [0x0c, 0x08, 2048, 1536], [0x00, 0x0a, 96, 96], [0x01, 0x0b, 128, 128], [0x04, 0x0c, 320, 320]])('legacyMode: mode %i goes out as %i to an older sensor', async (mode, legacy, width, height) => {
  const driver = new Driver(SENSOR_3MP_1);
  await driver.begin();
  await driver.take(mode, 1, legacy);
  expect(driver.views[0]).toMatchObject({ width, height });
});

test('cameraSetImageQuality: high, default, low', async () => {
  const driver = new Driver();
  await driver.begin();
  for (const value of [0, 1, 2]) {
    await driver.set(R.quality, value);
    await driver.take(0x05);
  }
  const [high, normal, low] = driver.views.map(({ quality }) => quality);
  expect([high! > low!, normal]).toEqual([true, undefined]);
});

test('cameraSetAutoExposure on a newer sensor: bit 3 of the state does not stay up', async () => {
  const driver = new Driver(SENSOR_5MP);
  await driver.begin();
  for (const value of [0x81, 0x80, 0x82, 0x01]) {
    await driver.set(R.exposure, value);
    expect(driver.read(R.state) & 8).toBe(0);
  }
});

test('cameraGetAutoFocusSta, cameraDebugWriteRegister: registers of the sensor behind it can be asked for, and it is idle again', async () => {
  const driver = new Driver();
  await driver.begin();
  await driver.set(R.debugHigh, 0x30);
  await driver.set(R.debugLow, 0x29);
  await driver.set(R.reset, 0x01);
  expect(driver.read(R.sensorData)).toBe(0);
  await driver.set(R.debugValue, 0x12);
  // That write was no reset.
  expect(await driver.take(0x05)).toBe(true);
});

test('cameraLowPowerOn and Off, of newer and older sensors: a picture can be taken afterwards', async () => {
  for (const [id, register, on, off] of [[SENSOR_5MP, R.powerMode, 1, 0], [SENSOR_3MP_1, R.power, 0x07, 0x05]] as const) {
    const driver = new Driver(id);
    await driver.begin();
    await driver.set(register, on);
    expect(driver.read(register)).toBe(on);
    await driver.set(register, off);
    expect(await driver.take(0x05, 1, 0x02)).toBe(true);
    expect(driver.left).toBe(JPEG.length);
  }
});

test('cameraSetCapture does not wait in low power: until the picture is there the FIFO has no length', async () => {
  const driver = new Driver(SENSOR_5MP);
  await driver.begin();
  await driver.take(0x05);
  driver.write(R.fifo, 0x01);
  driver.write(R.fifo, 0x02);
  expect([driver.length(), driver.read(R.state) & DONE]).toEqual([0, 0]);
  await driver.world.run(1000);
  expect(driver.length()).toBe(JPEG.length);
});

test('cameraClearFifoFlag, cameraFlushFifo: done goes down, the FIFO is empty, reading it gives zeros', async () => {
  const driver = new Driver();
  await driver.begin();
  await driver.take(0x05);
  driver.write(R.fifo, 0x01);
  expect(driver.read(R.state) & DONE).toBe(0);
  driver.write(R.reset, 0x80);
  expect(driver.length()).toBe(0);
  expect(driver.transfer(0x3c, 0, 0, 0)).toEqual([0, 0, 0, 0]);
  expect(driver.readByte()).toBe(0);
});

test('reading beyond the end gives zeros, and the next picture is whole', async () => {
  const driver = new Driver();
  await driver.begin();
  await driver.take(0x05);
  driver.left = 5000;
  const all = driver.readBuff(5000);
  expect(all.subarray(0, JPEG.length)).toEqual(JPEG);
  expect(all.subarray(JPEG.length).every((byte) => byte === 0)).toBe(true);
  await driver.take(0x05);
  expect(driver.readBuff(5000)).toEqual(JPEG);
});

test('capture never done, no picture, a reset in the middle: told as the library sees it', async () => {
  const stuck = new Driver();
  await stuck.begin();
  stuck.camera.fault = 'stuck';
  expect(await stuck.take(0x05)).toBe(false);
  const blind = new Driver();
  await blind.begin();
  blind.camera.fault = 'blind';
  expect([await blind.take(0x05), blind.left, blind.readBuff(100).length]).toEqual([true, 0, 0]);
  const reset = new Driver();
  await reset.begin();
  reset.write(R.format, 1);
  reset.write(R.fifo, 0x02);
  await reset.set(R.reset, 0x40);
  await reset.world.run(1000);
  expect([reset.read(R.state) & DONE, reset.length()]).toEqual([0, 0]);
});

test('cameraHeartBeat: idle, not idle while a setting is digested, silent and floating lines', async () => {
  const driver = new Driver();
  await driver.begin();
  const beats = (): boolean => (driver.read(R.state) & 3) === IDLE;
  expect(beats()).toBe(true);
  driver.write(R.resolution, 5);
  expect(beats()).toBe(false);
  await driver.idle();
  driver.camera.fault = 'silent';
  expect([beats(), driver.read(R.id)]).toEqual([false, 0]);
  driver.camera.fault = 'floating';
  expect([beats(), driver.read(R.id)]).toEqual([false, 0xff]);
});

test('an unknown register reads as it was written, or zero; two bytes of a read give nothing', async () => {
  const driver = new Driver();
  await driver.begin();
  expect(driver.read(0x7f)).toBe(0);
  driver.write(0x7f, 0x5a);
  expect(driver.read(0x7f)).toBe(0x5a);
  expect(driver.transfer(R.id, 0)).toEqual([0, 0]);
});
