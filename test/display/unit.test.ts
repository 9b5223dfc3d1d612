/** The bundle that is flashed, in the simulated unit: its display costs a stroke nothing, and a bad one nothing at all. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fontOf, picture, readable, Shapes } from '../../sim';
import { font } from './font';
import { Bench } from '../scenario/bench';

const ROOT = path.join(__dirname, '../..');

beforeAll(() => {
  if (!existsSync(path.join(ROOT, 'dist/firmware/font.bin'))) execFileSync(process.execPath, ['firmware/build/build.js'], { cwd: ROOT, stdio: 'pipe' });
});

async function ready(bench = new Bench()): Promise<Bench> {
  await bench.start();
  await bench.setTime();
  await bench.load(bench.grant({ counter: bench.granted.length + 1, policy: 1 }));
  await bench.wait(2500);
  return bench;
}

const shapes = new Shapes(font());
const reads = (bench: Bench): string[] => readable(shapes.rows(bench.unit.parts.display));

/** One stroke; ms from the opening of the bolt to the touch. */
async function stroke(bench: Bench): Promise<number> {
  await bench.finger(7);
  await bench.sheet();
  await bench.stroke();
  const { strokes, bolt } = bench.unit.truth;
  return strokes.at(-1)!.at - bolt.filter(({ open }) => open).at(-1)!.at;
}

test('the unit has the font that was built with its bundle, and says in Chinese what it waits for', async () => {
  const bench = await ready();
  expect(fontOf(bench.unit.flash, bench.unit.slot)?.equals(font())).toBe(true);
  expect(reads(bench).slice(1)).toEqual(['    印章已锁', '请按指纹或输编号', '  已连接办公室']);
  const png = await picture(bench.unit.parts.display);
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  await bench.finger(7);
  expect(reads(bench).slice(1)).toEqual(['   请放入纸张', '   并合上盖子', '  剩余次数 1']);
});

test('a stroke takes as long with a display as without, and nothing new is drawn while the die is on its way', async () => {
  const without = new Bench();
  without.unit.parts.display.silent = true;
  const silent = await stroke(await ready(without));
  const bench = await ready();
  const { display } = bench.unit.parts;
  const drawn: number[] = [];
  const write = display.write.bind(display);
  display.write = (bytes) => {
    drawn.push(bench.world.now);
    return write(bytes);
  };
  const took = await stroke(bench);
  expect(Math.abs(took - silent)).toBeLessThan(20);
  expect(bench.unit.truth.strokes).toHaveLength(1);
  const opened = bench.unit.truth.bolt.filter(({ open }) => open).at(-1)!.at;
  const touched = bench.unit.truth.strokes[0]!.at;
  // What was called for with the intent is drawn within a fraction of a second; then it is quiet.
  expect(drawn.filter((at) => at > opened + 250 && at < touched)).toEqual([]);
  await bench.wait(1000);
  expect(reads(bench).slice(1)).toEqual(['    用印结束', '   次数已用完', '']);
});

test('a display that dies, comes back, or lost its power between two texts changes nothing but what is read', async () => {
  const bench = await ready();
  const { display } = bench.unit.parts;
  display.silent = true;
  await stroke(bench);
  expect(bench.unit.truth.strokes).toHaveLength(1);
  expect(bench.unit.truth.exceptions).toEqual([]);
  display.silent = false;
  await bench.wait(9000);
  expect(reads(bench).slice(1, 3)).toEqual(['    印章已锁', '    等待授权']);
  display.power(false);
  await bench.wait(20);
  display.power(true);
  expect(display.lit).toBe(false);
  await bench.wait(3500);
  expect(reads(bench).slice(1, 3)).toEqual(['    印章已锁', '    等待授权']);
});

test('after a power cut the display is dark, and speaks again with the unit', async () => {
  const bench = await ready();
  bench.unit.power.cut();
  expect(bench.unit.parts.display.lit).toBe(false);
  await bench.world.run(300);
  await bench.start();
  await bench.wait(1500);
  expect(reads(bench).slice(1, 3)).toEqual(['  没有可信时间', ' 等待办公室校时']);
});
