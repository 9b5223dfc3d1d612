/** The parts of `smartseal sim` that need no unit: identity files, the state folder, how lines are split. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quoted, split } from '../../sim/cli/commands';
import { clear, release } from '../../sim/cli/demo/stage';
import { withoutKeys } from '../../sim/cli/install';
import { readBundle } from '../../sim/cli/serve';
import { makeUpIdentity, readIdentity } from '../../sim/cli/identity';
import { identitiesFor } from '../../sim/cli/many';
import { StateFolder } from '../../sim/cli/state';
import type { SimError } from '../../sim/cli/texts';
import { asSimError, errorLine } from '../../sim/cli/texts';
import type { NorFlash } from '../../sim';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'smartseal-cli-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keys = { linkKey: '11'.repeat(32), permitKey: '22'.repeat(32), evidenceKey: '33'.repeat(32) };
const write = (content: unknown): string => {
  const file = path.join(folder, 'unit.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as SimError).code;
  }
  return 'none';
};

describe('identity files', () => {
  test('the desk\'s file, names and dies in every form', () => {
    const base = { deviceId: '00112233445566AA', ...keys, ackKey: '44'.repeat(32), people: [{ slot: 3, person: 7 }, { slot: 4, person: 8, name: 'Li' }] };
    const unit = readIdentity(write({ ...base, dies: ['010100000000000A'] }));
    expect(unit.deviceId).toBe('00112233445566aa');
    expect(unit.people.map(({ name }) => name)).toEqual(['7', 'Li']);
    expect(unit.identity.dies).toEqual(['010100000000000a']);
    expect(unit.die.rom).toBe('010100000000000a');
    expect(unit.madeUp).toBe(false);
    expect(readIdentity(write({ ...base, dies: [] })).identity.dies).toBeUndefined();
    expect(readIdentity(write({ ...base, die: { rom: '010100000000000a', image: 'die.png' } })).die).toEqual({ rom: '010100000000000a', image: path.join(folder, 'die.png') });
    expect(readIdentity(write({ ...base, die: '010100000000000a' })).die.rom).toBe('010100000000000a');
  });

  test('what is wrong is named, and no key is ever quoted', () => {
    const good = { deviceId: '0011223344556677', ...keys, people: [] };
    for (const bad of ['', 'not json 1111', [], { ...good, linkKey: `${keys.linkKey}0` }, { ...good, permitKey: 5 }, { ...good, people: [{ slot: 'a' }] }, { ...good, dies: ['xx'] }, { ...good, deviceId: undefined }]) {
      try {
        readIdentity(write(bad));
        throw new Error(`accepted: ${JSON.stringify(bad)}`);
      } catch (error) {
        expect((error as SimError).code).toBe('IDENTITY');
        for (const digits of ['1111', '2222', '3333']) expect((error as Error).message).not.toContain(digits);
      }
    }
    expect(codeOf(() => readIdentity(path.join(folder, 'none.json')))).toBe('IDENTITY');
  });

  test('a made-up unit stays itself where it has a folder', () => {
    const first = makeUpIdentity(folder);
    expect(makeUpIdentity(folder)).toEqual(first);
    expect(first.madeUp).toBe(true);
    expect(statSync(path.join(folder, 'identity.json')).mode & 0o077).toBe(0);
    expect(makeUpIdentity(undefined).deviceId).not.toBe(makeUpIdentity(undefined).deviceId);
  });
});

describe('the state folder', () => {
  const flash = (ops: number, pages: [number, number][]): NorFlash =>
    ({ ops, image: () => new Map(pages.map(([page, fill]) => [page, new Uint8Array(4096).fill(fill)])) }) as unknown as NorFlash;

  test('gives back what was saved, to the same unit only', () => {
    const state = StateFolder.open(path.join(folder, 'deep', 'unit'));
    expect(state.load('0011223344556677')).toBeUndefined();
    state.save('0011223344556677', flash(1, [[3, 7], [70_000, 0]]));
    const image = state.load('0011223344556677')!;
    expect([...image.keys()]).toEqual([3, 70_000]);
    expect([image.get(3)![4095], image.get(70_000)![0]]).toEqual([7, 0]);
    expect(codeOf(() => state.load('ffffffffffffffff'))).toBe('STATE_OTHER_UNIT');
    const file = path.join(state.folder, 'flash.nor');
    const whole = readFileSync(file);
    const changed = Buffer.from(whole);
    changed[100]! ^= 1;
    for (const bytes of [whole.subarray(0, 5000), whole.subarray(0, 34 + 4100), changed, Buffer.alloc(0)]) {
      writeFileSync(file, bytes);
      expect(codeOf(() => state.load('0011223344556677'))).toBe('STATE');
    }
    rmSync(file);
    mkdirSync(file);
    expect(codeOf(() => state.load('0011223344556677'))).toBe('STATE');
    expect(codeOf(() => state.save('0011223344556677', flash(2, [])))).toBe('STATE');
    expect(existsSync(`${file}.new`)).toBe(false);
    state.close();
  });

  test('belongs to one simulator at a time; one that was killed leaves it free', () => {
    const state = StateFolder.open(folder);
    expect(codeOf(() => StateFolder.open(folder))).toBe('STATE_BUSY');
    state.close();
    writeFileSync(path.join(folder, 'lock.999999999'), '999999999 5\n');
    // Somebody else has the number of one that was killed: this process, or one that never ends.
    writeFileSync(path.join(folder, `lock.${process.pid}`), `${process.pid} 5\n`);
    writeFileSync(path.join(folder, 'lock.1'), '1 5\n');
    StateFolder.open(folder).close();
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(path.join(folder, 'lock.1'), '1\n');
    expect(codeOf(() => StateFolder.open(folder))).toBe('STATE_BUSY');
    rmSync(path.join(folder, 'lock.1'));
    writeFileSync(path.join(folder, 'file'), '');
    expect(codeOf(() => StateFolder.open(path.join(folder, 'file')))).toBe('STATE');
  });
});

test('keys of units that do not run now stay in link.keys, and the folder belongs to one simulator', () => {
  const file = path.join(folder, 'link.keys');
  writeFileSync(file, '{"aabbccddeeff0011":"00"}', { mode: 0o644 });
  const closing: (() => unknown)[] = [];
  const [one] = identitiesFor(1, folder, closing);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).toEqual(['aabbccddeeff0011', one.deviceId]);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(codeOf(() => identitiesFor(1, folder))).toBe('IDENTITIES_BUSY');
  for (const close of closing) close();
  writeFileSync(file, 'secret text');
  expect(codeOf(() => identitiesFor(1, folder))).toBe('IDENTITIES');
  expect(readFileSync(file, 'utf8')).toBe('secret text');
  writeFileSync(path.join(folder, 'copy.json'), readFileSync(path.join(folder, 'unit-1.unit.json')));
  expect(codeOf(() => identitiesFor(2, folder))).toMatch(/^IDENTITIES/);
});

test('lines are split at blanks, quotes keep them together', () => {
  expect(split('paper "my file.pdf"  2')).toEqual(['paper', 'my file.pdf', '2']);
  expect(split("纸 '合 同.pdf'")).toEqual(['纸', '合 同.pdf']);
});

test('a quoted path is one word, whatever stands in it', () => {
  for (const file of ['/tmp/公司 项目/智能 印章/a.pdf', "it's.pdf", 'a "b" c.png', `"'" '`, '']) expect(split(`paper save ${quoted(file)} 2`)).toEqual(['paper', 'save', file, '2']);
});

test('the folder of a demo that runs is left alone, that of one that is over is cleared', () => {
  const out = path.join(folder, 'demo out');
  clear(out);
  writeFileSync(path.join(out, 'page.png'), '');
  expect(codeOf(() => clear(out))).toBe('DEMO_BUSY'); // this process is alive
  expect(existsSync(path.join(out, 'page.png'))).toBe(true);
  release(out);
  clear(out);
  expect(existsSync(path.join(out, 'page.png'))).toBe(false);
  writeFileSync(path.join(out, '.smartseal-demo'), '999999999\n');
  clear(out);
  mkdirSync(path.join(folder, 'mine'));
  expect(codeOf(() => clear(path.join(folder, 'mine')))).toBe('DEMO_FOLDER');
});

test('a bundle that is missing or none has a code', () => {
  const file = path.join(folder, 'bundle (1).js');
  expect(codeOf(() => readBundle(file))).toBe('BUNDLE_FILE');
  for (const text of ['', 'Dear Sir or Madam', 'hello']) {
    writeFileSync(file, text);
    expect(codeOf(() => readBundle(file))).toBe('BUNDLE_FILE');
  }
  writeFileSync(file, 'print(1)');
  expect(readBundle(file)).toBe('print(1)');
});

test('what the flashing tool says is passed on without keys', () => {
  expect(withoutKeys(`F.write(atob("${Buffer.alloc(200, 7).toString('base64')}"),4)`)).toBe('F.write(atob("…"),4)');
});

test('errors of the parts become errors with a code, in both languages', () => {
  expect(asSimError(new Error('TRAY_EMPTY: no sheet lies in the tray')).code).toBe('TRAY_EMPTY');
  expect(asSimError(new Error('something')).code).toBe('INTERNAL');
  expect(errorLine(asSimError(Object.assign(new Error('x.pdf has 2 pages'), { code: 'PAGE_NUMBER' })), 'zh')).toBe('PAGE_NUMBER: 没有这一页：x.pdf has 2 pages');
});
