/**
 * The bridge's own process killed (SIGKILL) at any moment under load, on a disk that is now and then full, with a consumer
 * that is away. KILLS (default 8) says how often each: `KILLS=500 npx jest test/e2e/killed`.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toBuffer } from '../../host-bridge/common/bytes';
import { clear, yard, type YardUnit } from '../bridge/yard';
import { bridgeFor, busy, get, LINK_KEY, Office, pause, Reader } from './load';
import { built, freePort, root, until } from './programs';

const KILLS = Number(process.env['KILLS'] ?? 8);
const SEED = Number(process.env['KILLS_SEED'] ?? 1);
const UNITS = 3;
const folder = mkdtempSync(path.join(tmpdir(), 'killed-'));
/** A small disk of its own, where one can be had: mounting takes a right that not everybody has. What a kill's time brings has to fit in the end. */
const disk = path.join(folder, 'disk');
mkdirSync(disk);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${96 + 2 * KILLS}m,mode=700`, 'tmpfs', disk]).status === 0;

let units: YardUnit[] = [];
let child: ChildProcess | undefined;
beforeAll(() => built(), 120_000);
beforeEach(async () => (units = await yard(UNITS, '6b696c6c', LINK_KEY)));
afterEach(async () => {
  child?.kill('SIGKILL');
  await clear(units);
});
afterAll(() => {
  if (mounted) spawnSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});

/** What the bridge's processes have said on standard error, all of them together. */
let said = '';

function start(config: string): ChildProcess {
  const started = spawn(process.execPath, [path.join(root, 'bin/smartseal.js'), 'bridge', '--config', config, '--json'], { stdio: ['ignore', 'ignore', 'pipe'] });
  started.stderr!.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-20_000)));
  return (child = started);
}

function killed(running: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<unknown> {
  if (running.exitCode !== null || running.signalCode !== null) return Promise.resolve();
  const gone = new Promise((resolve) => running.once('exit', resolve));
  running.kill(signal);
  return gone;
}

/** Fills the disk to the last byte. */
function fill(): void {
  const file = openSync(path.join(disk, 'ballast'), 'a');
  try {
    for (const size of [65_536, 4_096, 512]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size, 1));
      } catch {
        // full for pieces of this size
      }
    }
  } finally {
    closeSync(file);
  }
}

async function run(home: string, options: { full?: boolean; away?: boolean }): Promise<string> {
  let state = SEED;
  const dice = (below: number): number => ((state = (state * 48_271) % 2_147_483_647) * below) / 2_147_483_647;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = bridgeFor(home, units, port);
  const offices = units.map((unit) => new Office(url, unit, 40));
  const idle = units.map((unit) => busy(unit, dice, 15, options.full === true ? 8_000 : 40_000));
  let reader = options.away === true ? undefined : new Reader(url);
  let filled = 0;
  said = '';
  for (let kill = 0; kill < KILLS; kill++) {
    const running = start(config);
    // Every fourth while it starts; the others within a second of work.
    await pause(kill % 4 === 3 ? dice(600) : 700 + dice(900));
    if (options.full === true && kill % 2 === 0) {
      fill();
      filled++;
      await pause(dice(600));
    }
    await killed(running);
    if (options.full === true && dice(2) < 1) rmSync(path.join(disk, 'ballast'), { force: true });
  }
  rmSync(path.join(disk, 'ballast'), { force: true });
  for (const stop of idle) stop();
  start(config);
  await Promise.all(offices.map((office) => office.stop()));
  reader ??= new Reader(url);
  const photosOf = ({ device }: YardUnit): string[] => [...device.photos.keys()].sort();
  const limit = 60_000 + KILLS * 1_000;
  const seen = reader;
  for (const unit of units) {
    await until(`all of ${unit.id}`, () => (seen.of('record', unit.id).length >= unit.device.nextSeq && seen.of('photo', unit.id).length >= unit.device.photos.size) || undefined, limit);
    const accepted = offices[units.indexOf(unit)]!.accepted;
    await until(`all permits of ${unit.id}`, () => new Set(unit.device.loaded).size >= accepted.length || undefined, limit);
  }
  await reader.stop();
  const ids = reader.seen.map(({ id }) => id);
  expect(ids.every((id, i) => i === 0 || id > ids[i - 1]!)).toBe(true);
  for (const [i, unit] of units.entries()) {
    // The consumer: each record once and in order, each photo once.
    expect(reader.of('record', unit.id).map(({ data }) => data['seq'])).toEqual(unit.device.records.map((_, seq) => seq));
    expect(reader.of('photo', unit.id).map(({ data }) => String(data['digest'])).sort()).toEqual(photosOf(unit));
    // The store: the very bytes.
    for (let from = 0; from < unit.device.nextSeq; from += 1000) {
      const { records } = await get<{ records: { seq: number; bytes: string }[] }>(`${url}/v1/devices/${unit.id}/records?from=${from}&limit=1000`);
      const wanted = unit.device.records.slice(from, from + 1000).map((bytes, at) => ({ seq: from + at, bytes: toBuffer(bytes).toString('base64') }));
      expect(records.map(({ seq, bytes }) => ({ seq, bytes }))).toEqual(wanted);
    }
    for (const [digest, bytes] of unit.device.photos) {
      if (!readFileSync(path.join(home, 'photos/photos', `${digest}.jpg`)).equals(toBuffer(bytes))) throw new Error(`photo ${digest} differs`);
    }
    // The unit: each permit that was taken, in the order it was taken. The first time counts; what comes again changes nothing on a unit.
    expect([...new Set(unit.device.loaded)]).toEqual(offices[i]!.accepted);
  }
  expect((await get<{ incidents: unknown[] }>(`${url}/v1/incidents`)).incidents).toEqual([]);
  expect(readdirSync(path.join(home, 'photos/incoming'))).toEqual([]);
  await killed(child!);
  const sum = (of: (unit: YardUnit, i: number) => number): number => units.reduce((total, unit, i) => total + of(unit, i), 0);
  return `${KILLS} kills${filled > 0 ? `, disk filled ${filled} times` : ''}: ${sum(({ device }) => device.nextSeq)} records, ${sum(({ device }) => device.photos.size)} photos, ${sum((_, i) => offices[i]!.accepted.length)} permits (${sum((unit, i) => unit.device.loaded.length - offices[i]!.accepted.length)} handed over twice); answers ${JSON.stringify(offices.map(({ answers }) => answers))}`;
}

const told = (text: string): void => void (process.env['KILLS'] !== undefined && process.stdout.write(`${text}\n`));
const ms = 180_000 + KILLS * 6_000;

test(`killed ${KILLS} times under load: nothing lost, nothing doubled, order kept`, async () => {
  told(await run(path.join(folder, 'plain'), {}));
}, ms);

test(`killed ${KILLS} times while its consumer is away, which then has everything once and in order`, async () => {
  told(await run(path.join(folder, 'away'), { away: true }));
}, ms);

(mounted ? test : test.failing)(`killed ${KILLS} times on a disk that fills up: nothing lost, nothing doubled, and it goes on by itself`, async () => {
  if (!mounted) throw new Error('mounting a small disk needs the right to do so');
  told(await run(path.join(disk, 'home'), { full: true }));
}, ms);

test('a second bridge on the same database, or on the same folder of photos, is turned away with a code and changes nothing', async () => {
  const home = path.join(folder, 'twice');
  const config = bridgeFor(home, units, 0);
  start(config);
  await until('the first one', () => existsSync(path.join(home, 'bridge.db.lock')) || undefined);
  await until('all units', () => units.every(({ cable }) => cable.there) || undefined);
  const other = path.join(home, 'other.json');
  writeFileSync(other, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), database: 'other.db' }));
  for (const [second, name] of [[config, 'bridge.db.lock'], [other, 'photos/lock']] as const) {
    const ended = spawnSync(process.execPath, [path.join(root, 'bin/smartseal.js'), 'bridge', '--config', second], { encoding: 'utf8', timeout: 30_000, env: { ...process.env, LANG: 'C' } });
    expect([ended.status, ended.stderr.trim().split('\n').at(-1)]).toEqual([1, `SPOOL_TAKEN: Another bridge uses this database or this folder of photos: ${path.join(home, name)}`]);
  }
  expect(child!.exitCode).toBeNull();
}, 90_000);

(mounted ? test : test.failing)('a bridge that is started on a full disk waits and goes on by itself', async () => {
  if (!mounted) throw new Error('mounting a small disk needs the right to do so');
  const home = path.join(disk, 'late');
  const port = await freePort();
  const config = bridgeFor(home, units, port);
  const first = start(config);
  await until('the first one', () => units.every(({ cable }) => cable.there) || undefined);
  await killed(first, 'SIGTERM');
  fill();
  said = '';
  const second = start(config);
  await until('that it is told', () => /"code":"STORE_FULL".*the bridge waits/.test(said) || undefined);
  rmSync(path.join(disk, 'ballast'));
  await until('the bridge', () => get<{ ok: boolean }>(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok || undefined, () => undefined));
  expect(second.exitCode).toBeNull();
}, 60_000);
