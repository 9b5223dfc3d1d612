/** The desk's own process on a disk without room, as the bridge's (killed.test.ts): it waits, says so, and goes on by itself. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tinyPng } from '../desk/support';
import { ask, built, run, Running, until } from './programs';

const folder = mkdtempSync(path.join(tmpdir(), 'desk-full-'));
/** A small disk of its own, where one can be had: mounting takes a right that not everybody has. */
const disk = path.join(folder, 'disk');
mkdirSync(disk);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=700', 'tmpfs', disk]).status === 0;
if (!mounted) console.warn('not run, because this machine lets nobody mount a small disk: the desk on a full disk');

const PASSPHRASE = { SMARTSEAL_PASSPHRASE: 'right' };
let running: Running | undefined;
beforeAll(() => built(), 120_000);
afterEach(async () => {
  await running?.stop('SIGKILL');
  rmSync(ballast, { force: true });
});
afterAll(() => {
  if (mounted) spawnSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});

const ballast = path.join(disk, 'ballast');
/** Fills the disk to the last byte. */
function fill(): void {
  const file = openSync(ballast, 'a');
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

function picture(shade: number): FormData {
  const form = new FormData();
  form.append('document', new Blob([Uint8Array.from(tinyPng(40, 60, shade))]), `page-${shade}.png`);
  return form;
}

if (mounted) test('full while it runs, and full as it begins: a clear code, no end, nothing half there', async () => {
  const { config, token } = JSON.parse(run(['desk', 'init', '--dir', path.join(disk, 'desk'), '--port', '0', '--json'], PASSPHRASE).out) as { config: string; token: string };
  const begin = (): Running => (running = new Running(['desk', '--config', config, '--json'], PASSPHRASE));
  const isAddress = (line: Record<string, unknown>): boolean => String(line['url']).startsWith('http:');
  const address = async (desk: Running): Promise<string> => (await desk.said('the address', isAddress))['url'] as string;

  const first = begin();
  let url = await address(first);
  const hand = (shade: number) => ask(`${url}/v1/documents`, token, 'POST', picture(shade));
  const ready = async (): Promise<[number, unknown]> => {
    const answer = await fetch(`${url}/readyz`);
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };
  expect((await hand(1)).status).toBe(201);
  expect(await ready()).toEqual([200, undefined]);
  fill();
  for (const shade of [2, 3]) expect([(await hand(shade)).status, (await hand(shade)).body['code']]).toEqual([503, 'STORE_FULL']);
  const refused = await fetch(`${url}/v1/people`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'x'.repeat(100), roles: [] }) });
  // A small row may still find a place in a page that is there; where it does not, the answer is the same.
  if (refused.status !== 201) expect([refused.status, ((await refused.json()) as { code: string }).code, refused.headers.get('retry-after')]).toEqual([503, 'STORE_FULL', '10']);
  expect(await ready()).toEqual([503, 'STORE_FULL']);
  expect((await ask(`${url}/v1/me`, token)).status).toBe(200); // looking goes on
  await first.stop('SIGKILL');

  // Begun on a full disk, where even the log of the database finds no room.
  fill();
  const second = begin();
  // The log of its database may be there still: then it begins, and says of everything new that there is no room.
  const begun = await second.said('that it waits, or where it is', (line) => line['msg'] === 'the desk waits' || isAddress(line), 20_000);
  if (isAddress(begun)) {
    url = begun['url'] as string;
    expect(await ready()).toEqual([503, 'STORE_FULL']);
    expect((await hand(2)).body['code']).toBe('STORE_FULL');
  } else expect(begun['code']).toBe('STORE_FULL');
  expect(second.ended).toBeUndefined();
  rmSync(ballast);
  url = await address(second);
  expect(await until('the desk to be ready', async () => ((await ready())[0] === 200 ? 'ready' : undefined))).toBe('ready');
  for (const shade of [2, 3]) expect((await hand(shade)).status).toBe(201);
  const left = readdirSync(path.join(disk, 'desk'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.new'));
  expect(left).toEqual([]);
  await second.stop();
  expect(second.ended).toBe(0);
  expect(second.err + first.err).not.toContain(token);
  expect(readFileSync(config, 'utf8')).not.toContain('right');
}, 120_000);

if (mounted) test('stopped while it waits for room, it ends as asked', async () => {
  const { config } = JSON.parse(run(['desk', 'init', '--dir', path.join(disk, 'other'), '--port', '0', '--json'], PASSPHRASE).out) as { config: string };
  fill();
  const desk = (running = new Running(['desk', '--config', config, '--json'], PASSPHRASE));
  await desk.said('that it waits', (line) => line['msg'] === 'the desk waits' && line['code'] === 'STORE_FULL', 20_000);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await desk.stop();
  expect(desk.ended).toBe(0);
  rmSync(ballast);
}, 60_000);
