/** `smartseal demo` as a newcomer runs it, and what an archive that is none, or no longer, is told to be. */
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { built, run } from './programs';

const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-demo-'));
const out = path.join(folder, '演示 demo out'); // with blanks, as many people's folders have
const file = (name: string): string => path.join(out, name);
let demo: ReturnType<typeof run>;

beforeAll(() => {
  built();
  demo = run(['demo', '--json', '--lang', 'en', '--out', out], {}, 170_000);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pixels that are clearly red: ink, not paper, print or noise. */
async function reddish(picture: string): Promise<number> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let i = 0; i < data.length; i += info.channels) if (data[i]! > 90 && data[i]! - data[i + 1]! > 45 && data[i]! - data[i + 2]! > 35) count++;
  return count;
}

test('the demo tells each step once, in order, and ends well', () => {
  // Nothing but that it still waits, where the machine is busy.
  expect(demo.errors.filter((error) => !error.startsWith('{"waiting":'))).toEqual([]);
  expect(demo.code).toBe(0);
  const steps = demo.out.trim().split('\n').map((line) => JSON.parse(line) as { step: string; seconds: number; text: string });
  expect(steps.map(({ step }) => step)).toEqual([
    'stage', 'handshake', 'apply', 'approve', 'deliver', 'finger', 'swapped-page', 'before', 'granted', 'stroke', 'evidence', 'second-use', 'changed-permit', 'archive', 'changed-archive', 'done',
  ]);
  for (const [i, { text, seconds }] of steps.entries()) {
    expect(text).not.toBe('');
    expect(seconds).toBeGreaterThanOrEqual(steps[i - 1]?.seconds ?? 0);
  }
  expect(steps.find(({ step }) => step === 'changed-permit')).toMatchObject({ code: 'NOT_AUTHENTIC' });
  expect(steps.find(({ step }) => step === 'changed-archive')!.text).toContain('.cbor');
});

test('a photo before, a photo after, and the red impression is in the second only', async () => {
  for (const name of ['before.jpg', 'after.jpg']) expect(await sharp(file(name)).metadata()).toMatchObject({ format: 'jpeg', width: 1600, height: 1200 });
  expect(readFileSync(file('before.jpg')).equals(readFileSync(file('after.jpg')))).toBe(false);
  const [before, after] = [await reddish(file('before.jpg')), await reddish(file('after.jpg'))];
  expect(after).toBeGreaterThan(before + 5000);
  expect(before).toBeLessThan(after / 20);
  expect(await reddish(file('page-stamped.png'))).toBeGreaterThan(5000);
});

test('one use stands in the register, and the archive verifies by the public key alone', () => {
  const { uses } = JSON.parse(readFileSync(file('register.json'), 'utf8')) as { uses: Record<string, unknown>[] };
  expect(uses).toHaveLength(1);
  expect(uses[0]).toMatchObject({ result: 'stamped', use: 1, charged: 1, beforeStored: true, afterStored: true });
  const verified = run(['verify', file('archive.tar'), '--key', file('register.pub'), '--json']);
  expect(JSON.parse(verified.out)).toMatchObject({ ok: true, findings: [] });
  expect({ code: verified.code, errors: verified.errors }).toEqual({ code: 0, errors: [] });
  const changed = run(['verify', file('archive-changed.tar'), '--key', file('register.pub'), '--lang', 'zh']);
  expect(changed.code).toBe(3);
  expect(changed.out).toContain('.cbor');
});

test('a folder that is not a demo’s is left alone', () => {
  const mine = path.join(folder, 'mine');
  writeFileSync(path.join(folder, 'mine'), 'precious');
  const refused = run(['demo', '--out', mine]);
  expect(refused.code).toBe(1);
  expect(refused.errors).toEqual([expect.stringMatching(/^DEMO_FOLDER: /)]);
  expect(readFileSync(mine, 'utf8')).toBe('precious');
});

describe('an archive that cannot be accepted ends in one clear line and an exit code', () => {
  const made = (name: string, change: (path: string) => void): string => {
    const copy = path.join(folder, name);
    copyFileSync(file('archive.tar'), copy);
    change(copy);
    return copy;
  };
  const key = (): string[] => ['--key', file('register.pub')];

  test('missing, or a folder', () => {
    for (const [target, code] of [[path.join(folder, 'none.tar'), 'ENOENT'], [folder, 'EISDIR']] as const) {
      expect(run(['verify', target, ...key()])).toEqual({ code: 1, out: '', errors: [`FILE_FAILED: A file cannot be read or written: ${target}: ${code}`] });
    }
  });

  test('not a tar, empty, cut off, or with something behind its end', () => {
    const cases: [string, string][] = [
      ['text.tar', made('text.tar', (copy) => writeFileSync(copy, 'Dear Sir or Madam'))],
      ['empty.tar', made('empty.tar', (copy) => truncateSync(copy, 0))],
      ['cut.tar', made('cut.tar', (copy) => truncateSync(copy, 100_000))],
      ['block.tar', made('block.tar', (copy) => truncateSync(copy, readFileSync(copy).length - 512))],
      ['longer.tar', made('longer.tar', (copy) => appendFileSync(copy, 'x'))],
      ['padded.tar', made('padded.tar', (copy) => appendFileSync(copy, Buffer.alloc(10_240)))],
    ];
    for (const [name, target] of cases) {
      const told = run(['verify', target, ...key(), '--json']);
      expect([name, told.code, told.errors]).toEqual([name, 3, []]);
      const report = JSON.parse(told.out) as { ok: boolean; findings: { code: string; text: string }[] };
      expect(report.ok).toBe(false);
      expect(report.findings[0]).toMatchObject({ code: expect.stringMatching(/^[A-Za-z-_]+$/) as string, text: expect.stringMatching(/\S/) as string });
    }
  });

  test('a key that is none, and the key of another register', () => {
    expect(run(['verify', file('archive.tar'), '--key', 'hello'])).toEqual({ code: 2, out: '', errors: ['KEY_FORMAT: This is not the public key of a register: there is no such file, and it is no key either'] });
    expect(run(['verify', file('archive.tar'), '--key', folder])).toEqual({ code: 1, out: '', errors: [`FILE_FAILED: A file cannot be read or written: ${folder}: EISDIR`] });
    const other = 'demo.smartseal.local/register+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    expect([2, 3]).toContain(run(['verify', file('archive.tar'), '--key', other]).code);
  });
});
