/** docs/connect-your-oa.md, followed literally in a shell: every command of it, in order, with free ports and a folder of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { built, freePort } from './programs';

const root = path.resolve(__dirname, '../..');
const missing = ['curl', 'openssl', 'mkfifo'].filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
if (missing.length > 0) console.warn(`not run, because there is no ${missing.join(', ')} on this machine: the walk-through "Connect your OA"`);

/** The commands of a page, as somebody types them who leaves none out. */
const commandsOf = (page: string): string => [...readFileSync(path.join(root, 'docs', page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('\n');

async function follow(page: string): Promise<{ out: string; errors: string; code: number | null; folder: string }> {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'connect-')), 'seal');
  let script = commandsOf(page).replaceAll('/tmp/seal-oa', folder).replace(/^make build$/m, 'true # built by the test');
  for (const port of ['7700', '8730', '8740']) script = script.replaceAll(port, String(await freePort()));
  const shell = spawn('bash', ['-e', '-o', 'pipefail', '-c', `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${script}`], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  shell.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => shell.on('close', resolve));
  return { out, errors, code, folder };
}

if (missing.length === 0) {
  beforeAll(() => built());

  test.each(['connect-your-oa.md', 'connect-your-oa.zh-CN.md'])('B9: a company’s own OA approves, and hands the unit its permit through the bridge (%s): from nothing to a stamped page and a received webhook', async (page) => {
    const { out, errors, code, folder } = await follow(page);
    const received = existsSync(path.join(folder, 'received.log')) ? readFileSync(path.join(folder, 'received.log'), 'utf8') : '';
    if (code !== 0) throw new Error(`exit code ${code}\n${out}\n${errors}`);
    const messages = received.trim().split('\n').map((line) => JSON.parse(line) as { type: string; data: Record<string, unknown> });
    expect(messages.find(({ type }) => type === 'use')?.data).toMatchObject({ result: 'stamped', use: 1, charged: 1 });
    expect(messages.some(({ type, data }) => type === 'permit' && data['closed'] === true)).toBe(true);
    expect(readFileSync(path.join(folder, 'after.jpg')).subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(out).toContain('"state":"applied"');
    expect(out).toContain('"closed":true');
    // Nothing that should stay secret went to the screen or a log.
    const keys = JSON.parse(readFileSync(path.join(folder, 'keys/00112233445566aa.authority.json'), 'utf8')) as Record<string, string>;
    for (const log of [out, errors, readFileSync(path.join(folder, 'bridge.log'), 'utf8'), readFileSync(path.join(folder, 'unit.log'), 'utf8')]) {
      for (const name of ['permitKey', 'ackKey', 'evidenceKey']) expect(log).not.toContain(keys[name]);
    }
    rmSync(path.dirname(folder), { recursive: true });
  }, 300_000);

  test('the two pages tell the same commands', () => {
    expect(commandsOf('connect-your-oa.zh-CN.md')).toBe(commandsOf('connect-your-oa.md'));
  });
}

const python = spawnSync('python3', ['--version']).status === 0;
if (!python) console.warn('not run, because there is no python3 on this machine: a permit made by docs/examples/permit.py');
if (python) test('a permit made by Python alone is byte for byte the one that smartseal grant makes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'permit-'));
  const id = '00112233445566aa';
  const smartseal = (...args: string[]): string => spawnSync(process.execPath, ['bin/smartseal.js', 'grant', ...args], { cwd: root, encoding: 'utf8' }).stdout.trim();
  built();
  smartseal('unit', '--id', id, '--out', folder);
  const key = path.join(folder, `${id}.authority.json`);
  for (const [count, counter, from] of [[1, 1, 1_790_000_000], [300, 70_000, 5], [65_535, 4_294_967_295, 0]]) {
    const [die, document, permit] = ['010100000000000a', 'ab'.repeat(32), '70'.repeat(16)];
    const ours = smartseal('permit', '--key', key, '--die', die, '--person', '70000', '--document', document, '--count', String(count), '--from', String(from), '--for', '600', '--counter', String(counter), '--id', permit);
    const theirs = spawnSync('python3', ['docs/examples/permit.py', key, die, '70000', document, String(count), String(from), String(from! + 600), String(counter), permit], { cwd: root, encoding: 'utf8' });
    expect(theirs.stderr).toBe('');
    expect(JSON.parse(theirs.stdout)).toEqual({ permit, body: { grant: ours } });
  }
  rmSync(folder, { recursive: true });
});
