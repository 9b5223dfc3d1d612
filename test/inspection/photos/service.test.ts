/** The process that looks at photos: what it answers, and that nothing it meets becomes a "same". */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { InspectionService, type Asked } from '../../../host-bridge/inspection';
import { memoryOf, systemClock } from '../../../host-bridge/cli/system';
import type { Clock } from '../../../host-bridge/common/clock';
import { Page, PhotoScene } from '../../../sim/paper';
import { lineOf, pageOf } from '../corpus/page';

const root = path.resolve(__dirname, '../../..');
const program = path.join(root, 'dist/host-bridge/inspection/inspect.worker.js');
const file = path.join(root, 'sim/assets/contract-en.pdf');
const approved = readFileSync(file);
const REFERENCE = { width: 2048, height: 1536 };

let folder: string;
let photo: Buffer;
let service: InspectionService;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'smartseal-inspect-'));
  photo = await new PhotoScene(3).jpeg({ ...REFERENCE, page: await Page.print(file, { page: 1, dpi: 250 }), photo: 1 });
  service = new InspectionService({ clock: systemClock(), memoryOf, program, limits: { timeMs: 120_000 } });
}, 120_000);

afterAll(() => {
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

const code = (asked: Partial<Asked>, by = service): Promise<string> => by.inspect({ approved, photo, ...asked }).then((told) => told.inspection.verdict, (error: { code: string }) => error.code);

test('the approved page is the same, with a picture where it is wanted; an empty tray, a covered lens and a coarse photo are unreadable with advice', async () => {
  const told = await service.inspect({ approved, photo, page: 1, picture: true });
  expect(told.inspection).toMatchObject({ verdict: 'same', page: 1, turned: 3, reasons: [], findings: [] });
  expect((await sharp(told.picture).metadata()).format).toBe('jpeg');
  const scene = new PhotoScene(4);
  for (const [view, reason] of [[REFERENCE, 'NO_SHEET'], [{ ...REFERENCE, covered: true }, 'NO_SHEET'], [{ width: 1024, height: 768, page: await Page.print(file, { dpi: 150 }) }, 'SMALL']] as const) {
    const { inspection } = await service.inspect({ approved, photo: await scene.jpeg({ ...view, photo: 1 }) });
    expect(inspection).toMatchObject({ verdict: 'unreadable', reasons: [{ code: reason }] });
    expect(inspection.reasons[0].text.zh).toMatch(/[\u4e00-\u9fff]/);
  }
}, 300_000);

test('print too small for the picture is unreadable with advice, never "same"; a finer picture of it is judged', async () => {
  const small = pageOf(Array.from({ length: 24 }, (_, i) => lineOf(5, 20, 30 + 9 * i, Array.from({ length: 9 }, (_, j) => `${i + 1},${100 + j * 97},${200 + i * 31}.${10 + j}`).join('   '))).join(''));
  const printed = path.join(folder, 'small.pdf');
  writeFileSync(printed, small);
  const page = await Page.print(printed, { dpi: 300 });
  const verdict = async (width: number): Promise<unknown[]> => {
    const { inspection } = await service.inspect({ approved: small, photo: await new PhotoScene(6).jpeg({ width, height: (width * 3) / 4, page, photo: 1 }) });
    return [inspection.verdict, ...inspection.reasons.map(({ code: why, text }) => [why, /分辨率/.test(text.zh)])];
  };
  expect(await verdict(1600)).toEqual(['unreadable', ['SMALL_PRINT', true]]);
  expect(await verdict(2592)).toEqual(['same']);
}, 300_000);

test('files that are none, broken, or huge end in an error with a code, and the next photo is judged as ever', async () => {
  expect(await code({ photo: Buffer.from('not a photo') })).toBe('PHOTO_UNREADABLE');
  expect(await code({ photo: photo.subarray(0, photo.length >> 1) })).toBe('PHOTO_UNREADABLE');
  expect(await code({ photo: Buffer.alloc(25 << 20) })).toBe('PHOTO_TOO_LARGE');
  // A picture of 30000 by 30000 pixels in a few kilobytes.
  const bomb = await sharp({ create: { width: 30_000, height: 30_000, channels: 3, background: '#ffffff' }, limitInputPixels: false }).png({ compressionLevel: 9 }).toBuffer();
  expect(await code({ photo: bomb })).toBe('PHOTO_TOO_LARGE');
  expect(await code({ photo: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"/>') })).toBe('PHOTO_UNREADABLE');
  expect(await code({ approved: Buffer.alloc(0) })).toBe('DOCUMENT_EMPTY');
  expect(await code({ approved: Buffer.from('PK\u0003\u0004') })).toBe('DOCUMENT_UNSUPPORTED');
  expect(await code({ approved: approved.subarray(0, 2000) })).toMatch(/^DOCUMENT_/);
  expect(await code({ page: 9 })).toBe('PAGE_NUMBER');
  expect(await code({})).toBe('same');
}, 300_000);

test('bytes changed at random give a verdict or an error, and never end the service', async () => {
  let seed = 7;
  const chance = (n: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % n;
  for (let i = 0; i < 8; i++) {
    const broken = Buffer.from(photo);
    for (let k = 0; k < 12; k++) broken[20 + chance(broken.length - 20)] = chance(256);
    expect(await code({ photo: broken })).toMatch(/^(different|unreadable|same|PHOTO_UNREADABLE)$/);
  }
  expect(await code({})).toBe('same');
}, 600_000);

/** A worker that does not do what it should. */
function faulty(body: string): string {
  const name = path.join(folder, `worker-${Math.abs(hash(body))}.js`);
  writeFileSync(name, `let n = 0; process.on('message', (order) => { n++; if (order.type === 'document') return process.send({ type: 'ready' }); ${body} }); process.on('disconnect', () => process.exit());`);
  return name;
}
const hash = (text: string): number => [...text].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 7);

test.each([
  ['crashes', 'process.exit(1);', 'INSPECTION_FAILED'],
  ['is killed', "process.kill(process.pid, 'SIGKILL');", 'INSPECTION_FAILED'],
  ['answers nonsense', 'process.send(42);', 'INSPECTION_FAILED'],
  ['says "same" beside a reason', "process.send({ type: 'inspection', inspection: { verdict: 'same', page: 1, pages: 1, reasons: [{ code: 'CHANGED' }], findings: [], elements: [], notes: [], open: [] } });", 'INSPECTION_FAILED'],
  ['says "same" of no page', "process.send({ type: 'inspection', inspection: { verdict: 'same', pages: 1, reasons: [], findings: [], elements: [], notes: [], open: [] } });", 'INSPECTION_FAILED'],
  ['says "different" without a reason', "process.send({ type: 'inspection', inspection: { verdict: 'different', pages: 1, reasons: [], findings: [], elements: [], notes: [], open: [] } });", 'INSPECTION_FAILED'],
  ['says a word of its own', "process.send({ type: 'inspection', inspection: { verdict: 'fine', page: 1, pages: 1, reasons: [], findings: [], elements: [], notes: [], open: [] } });", 'INSPECTION_FAILED'],
])('a process that %s allows nothing', async (_name, body, expected) => {
  const bad = new InspectionService({ clock: systemClock(), program: faulty(body) });
  try {
    expect(await code({}, bad)).toBe(expected);
    expect(await code({}, bad)).toBe(expected);
  } finally {
    bad.close();
  }
}, 120_000);

test('a process that never answers is ended at its time, one that fills the memory at its limit, and a full queue says so', async () => {
  // Time passes when the test says so: every timer of the service waits here.
  const timers: { ms: number; call: () => void }[] = [];
  const clock: Clock = { wall: () => 0, now: () => 0, after: (ms, call) => { const one = { ms, call }; timers.push(one); return () => void timers.splice(timers.indexOf(one), 1); } };
  const until = async (ms: number): Promise<void> => { while (!timers.some((t) => t.ms === ms && asked)) await new Promise((resolve) => setImmediate(resolve)); };
  let asked = false;
  const stalled = new InspectionService({ clock, program: faulty('require("fs").writeFileSync(__filename + ".asked", "");'), limits: { queue: 2, timeMs: 777 } });
  const marker = `${faulty('require("fs").writeFileSync(__filename + ".asked", "");')}.asked`;
  const first = code({}, stalled);
  const second = code({}, stalled);
  expect(await code({}, stalled)).toBe('INSPECTION_BUSY');
  const reached = (): boolean => { try { readFileSync(marker); return true; } catch { return false; } };
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 20));
  asked = true;
  await until(777);
  timers.find((t) => t.ms === 777)!.call();
  expect(await first).toBe('INSPECTION_TIMEOUT');
  stalled.close();
  void second;

  const big = new InspectionService({ clock: systemClock(), program: faulty(''), memoryOf: () => 2e9 });
  expect(await code({}, big)).toBe('INSPECTION_FAILED');
  big.close();
}, 120_000);

test('a service that is closed rejects what is under way and what waits, and begins no process for it', async () => {
  const begun = path.join(folder, 'begun');
  const silent = path.join(folder, 'silent.js');
  writeFileSync(silent, `require('node:fs').appendFileSync(${JSON.stringify(begun)}, 'x'); process.on('message', () => undefined);`);
  const one = new InspectionService({ clock: systemClock(), program: silent });
  const told = (): Promise<string> => one.straighten(photo).then(() => 'told', (error: { code: string }) => error.code);
  const answers = [told(), told()];
  while (!existsSync(begun)) await new Promise((resolve) => setTimeout(resolve, 20));
  one.close();
  expect(await Promise.all([...answers, told()])).toEqual(['INSPECTION_FAILED', 'INSPECTION_FAILED', 'INSPECTION_FAILED']);
  expect(readFileSync(begun, 'utf8')).toBe('x');
});

test('smartseal inspect: 0 for the same, 3 for anything else, 1 for a file that is none, 2 for wrong usage', async () => {
  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> => new Promise((resolve) => {
    execFile(process.execPath, [path.join(root, 'bin/smartseal.js'), 'inspect', ...args], (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }));
  });
  const shown = path.join(folder, 'photo.jpg');
  writeFileSync(shown, photo);
  const same = await run(file, shown, '--lang', 'zh');
  expect(same).toMatchObject({ code: 0, err: '' });
  expect(same.out).toMatch(/^一致/);
  const other = await run(path.join(root, 'sim/assets/contract-zh.pdf'), shown, '--json', '--out', path.join(folder, 'boxes.jpg'));
  expect(other.code).toBe(3);
  expect(JSON.parse(other.out)).toMatchObject({ verdict: 'different', reasons: [{ code: 'OTHER_PAGE' }] });
  expect((await sharp(path.join(folder, 'boxes.jpg')).metadata()).format).toBe('jpeg');
  expect(await run(path.join(folder, 'nothing.pdf'), shown)).toMatchObject({ code: 1, err: expect.stringMatching(/^FILE_FAILED: /) });
  expect(await run(file, path.join(folder, 'nothing.jpg'), '--json')).toMatchObject({ code: 1, err: expect.stringContaining('"code":"FILE_FAILED"') });
  expect((await run(file, shown, '--page', 'x')).code).toBe(2);
  expect((await run(file)).code).toBe(2);
}, 300_000);

test('smartseal inspect: a file that cannot serve is named with the reason, in the language asked for', async () => {
  const put = (name: string, data: Buffer | string): string => {
    writeFileSync(path.join(folder, name), data);
    return path.join(folder, name);
  };
  const blank = (width: number, height: number): Promise<Buffer> => sharp({ create: { width, height, channels: 3, background: '#ffffff' }, limitInputPixels: false }).png({ compressionLevel: 9 }).toBuffer();
  const [shown, text, empty] = [put('shown.jpg', photo), put('text.pdf', 'hello, this is text'), put('empty.pdf', '')];
  const [dot, huge, plain] = [put('dot.png', await blank(1, 1)), put('huge.png', await blank(30_000, 30_000)), put('plain.png', await blank(1240, 1754))];
  const gone = path.join(folder, 'gone.pdf');
  const said = (...args: string[]): Promise<{ code: number; err: string }> => new Promise((resolve) => {
    execFile(process.execPath, [path.join(root, 'bin/smartseal.js'), 'inspect', ...args], (error, _out, err) => resolve({ code: error ? Number(error.code) : 0, err: err.trim() }));
  });
  const cases: [args: string[], code: number, fault: string, about: string, words: string][] = [
    [[gone, shown, '--lang', 'zh'], 1, 'FILE_FAILED', gone, '没有这个文件'],
    [[plain, folder, '--lang', 'en'], 1, 'FILE_FAILED', folder, 'is a folder'],
    [[plain, '/dev/zero', '--lang', 'en'], 1, 'FILE_FAILED', '/dev/zero', 'is no ordinary file'],
    [[text, shown, '--lang', 'en'], 1, 'DOCUMENT_UNSUPPORTED', text, 'neither PDF'],
    [[empty, shown, '--lang', 'zh'], 1, 'DOCUMENT_EMPTY', empty, '文件为空'],
    [[dot, shown, '--lang', 'en'], 1, 'APPROVED_COARSE', dot, '1 x 1'],
    [[huge, shown, '--lang', 'en'], 1, 'DOCUMENT_TOO_MANY_PIXELS', huge, 'too large'],
    [[plain, text, '--lang', 'en'], 1, 'PHOTO_UNREADABLE', text, 'JPEG, PNG or WebP'],
    [[plain, dot, '--lang', 'zh'], 1, 'PHOTO_UNREADABLE', dot, '1 x 1'],
    [[plain, huge, '--lang', 'zh'], 1, 'PHOTO_TOO_LARGE', huge, '照片过大'],
    [[plain, shown, '--after', text, '--lang', 'en'], 1, 'PHOTO_UNREADABLE', text, 'cannot be read'],
    [[plain, shown, '--page', '0', '--lang', 'en'], 2, 'INVALID', '--page 0', 'a whole number'],
    [[plain, shown, '--at', '5,5', '--lang', 'en'], 2, 'INVALID', '--at', '--after'],
    [[plain, shown, '--with', shown, '--lang', 'zh'], 2, 'INVALID', '--with', '须与 --after 同用'],
  ];
  for (const [args, code, fault, about, words] of cases) {
    const told = await said(...args);
    expect([args, told]).toEqual([args, { code, err: expect.stringMatching(/^[^\n]+$/) }]);
    for (const part of [`${fault}: `, about, words]) expect(told.err).toContain(part);
    expect(told.err).not.toMatch(/: *$|undefined|\bat .*\.js/);
  }
}, 300_000);
