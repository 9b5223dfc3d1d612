/** Arducam Mega against the register sequences of ArduCAM/Arducam_Mega, src/Arducam/ArducamCamera.c (function named at each test). */
import { Camera, SENSOR_3MP, SENSOR_3MP_1 } from '../../sim/parts/camera';
import { World, type View } from '../../sim';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from(Array.from({ length: 600 }, (_, i) => i & 0x7f)), Buffer.from([0xff, 0xd9])]);

function make(slowPicture = false): { world: World; camera: Camera; views: View[]; write: (r: number, v: number) => void; read: (r: number) => number; burst: (n: number) => Buffer } {
  const world = new World();
  const views: View[] = [];
  const scene = {
    jpeg(view: View) {
      views.push(view);
      return slowPicture ? new Promise<Buffer>((resolve) => setImmediate(() => resolve(JPEG))) : JPEG;
    },
  };
  const camera = new Camera(world, scene, () => ({ page: undefined, laid: 0, dark: false }));
  camera.power(true);
  const transfer = (bytes: number[]): Buffer => {
    camera.select(true);
    const out = Buffer.from(camera.transfer(Uint8Array.from(bytes)));
    camera.select(false);
    return out;
  };
  return {
    world, camera, views,
    write: (register, value) => void transfer([register | 0x80, value]),
    read: (register) => transfer([register & 0x7f, 0, 0])[2]!,
    burst: (n) => transfer([0x3c, ...new Array<number>(n).fill(0)]),
  };
}
const length = (read: (r: number) => number): number => read(0x45) | (read(0x46) << 8) | (read(0x47) << 16);

test('cameraBegin: reset, idle, sensor id', async () => {
  const { world, write, read } = make();
  write(0x07, 0x40);
  expect(read(0x44) & 3).not.toBe(2);
  await world.run(200);
  expect(read(0x44) & 3).toBe(2);
  expect(read(0x40)).toBe(SENSOR_3MP);
});

test('cameraTakePicture and cameraReadBuff: done after the exposure, length, first burst with a dummy byte', async () => {
  const { world, write, read, burst, views } = make();
  write(0x20, 0x01);
  await world.run(10);
  write(0x21, 0x0a);
  await world.run(10);
  write(0x04, 0x01);
  write(0x04, 0x02);
  expect(read(0x44) & 4).toBe(0);
  await world.run(400);
  expect(read(0x44) & 4).toBe(4);
  expect(length(read)).toBe(JPEG.length);
  expect(views[0]).toMatchObject({ width: 1600, height: 1200, covered: false, photo: 1 });
  const first = burst(101).subarray(2);
  const second = burst(JPEG.length - 100).subarray(1);
  expect(Buffer.concat([first, second])).toEqual(JPEG);
  write(0x04, 0x01);
  expect(read(0x44) & 4).toBe(0);
});

test('cameraReadByte: single reads', async () => {
  const { world, write, camera } = make();
  write(0x20, 0x01);
  write(0x04, 0x02);
  await world.run(400);
  const one = (): number => {
    camera.select(true);
    const out = camera.transfer(Uint8Array.of(0x3d, 0, 0));
    camera.select(false);
    return out[2]!;
  };
  expect([one(), one()]).toEqual([0xff, 0xd8]);
});

test('legacy sensors count their resolutions differently (legacyMode)', async () => {
  const { world, write, camera, views } = make();
  camera.sensorId = SENSOR_3MP_1;
  write(0x20, 0x01);
  write(0x21, 0x06);
  write(0x04, 0x02);
  await world.run(400);
  expect(views[0]).toMatchObject({ width: 1600, height: 1200 });
});

test('a picture that takes the host its time is waited for, in no virtual time', async () => {
  const { world, write, read } = make(true);
  write(0x20, 0x01);
  write(0x04, 0x02);
  await world.run(221);
  expect(read(0x44) & 4).toBe(4);
  expect(length(read)).toBe(JPEG.length);
});

test('not selected, it neither hears nor speaks', () => {
  const { camera } = make();
  expect([...camera.transfer(Uint8Array.of(0x40, 0, 0))]).toEqual([0, 0, 0]);
});

test.each([
  ['silent', 0x00], ['floating', 0xff],
] as const)('%s: every register reads the same', (fault, value) => {
  const { camera, read } = make();
  camera.fault = fault;
  expect([read(0x40), read(0x44)]).toEqual([value, value]);
});

test('stuck, blind, truncated and lying', async () => {
  for (const [fault, done, size] of [['stuck', 0, 0], ['blind', 4, 0], ['truncated', 4, 302], ['lying length', 4, 0x7fffff]] as const) {
    const { world, camera, write, read } = make();
    camera.fault = fault;
    write(0x20, 0x01);
    write(0x04, 0x02);
    await world.run(1000);
    expect([read(0x44) & 4, length(read)]).toEqual([done, size]);
  }
});

test('without a format there is no picture; power takes it away', async () => {
  const { world, camera, write, read } = make();
  write(0x04, 0x02);
  await world.run(400);
  expect(length(read)).toBe(0);
  write(0x20, 0x01);
  write(0x04, 0x02);
  camera.power(false);
  camera.power(true);
  await world.run(400);
  expect(read(0x44) & 4).toBe(0);
});
