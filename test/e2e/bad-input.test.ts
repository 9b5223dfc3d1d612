/** What can be wrong with what the programs are given: one clear line, a stable code, and nothing lost. */
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, copyFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../host-bridge/cli/system';
import { openPty, type Pty } from '../../sim/io';
import { tinyPng } from '../desk/support';
import { ask, asset, bridgeFolder, built, freePort, run, Running, until } from './programs';

const ID = '5ea1000000000002';
const hex = (byte: string): string => byte.repeat(32);
const UNIT = { deviceId: ID, linkKey: hex('11'), permitKey: hex('22'), evidenceKey: hex('33'), people: [{ slot: 1, person: 7 }] };
const CODE_LINE = (code: string): RegExp => new RegExp(`^${code}: \\S.*\\S$`);

let folder: string;
let opened: (() => unknown)[] = [];
beforeAll(built, 120_000);
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'bad-input-'))));
afterEach(async () => {
  for (const close of opened.reverse()) await close();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);
function start(args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const program = new Running(args, env);
  opened.push(() => program.stop());
  return program;
}
const serve = (config: string): Running => start(['bridge', '--config', config, '--json']);
const urlOf = async (program: Running): Promise<string> => (await program.said('its address', (line) => typeof line.url === 'string')).url as string;
const portOf = async (url: string): Promise<{ state: string; fault?: string; device?: string }> => (await ask(`${url}/v1/ports`, 'test')).body.ports[0];

/** A desk with keys under a passphrase; returns its configuration and its administrator's token. */
function desk(): { config: string; token: string } {
  const made = run(['desk', 'init', '--dir', at('desk'), '--port', '0', '--json'], { SMARTSEAL_PASSPHRASE: 'right' });
  expect({ code: made.code, errors: made.errors }).toEqual({ code: 0, errors: [] });
  return JSON.parse(made.out) as { config: string; token: string };
}

/** A simulated unit on a terminal. */
async function unit(tty: string): Promise<void> {
  writeFileSync(at('unit.json'), JSON.stringify(UNIT));
  const sim = start(['sim', '--identity', at('unit.json'), '--pty', tty, '--json']);
  await sim.said('the terminal', (line) => line.event === 'pty');
}

test('a configuration that is missing, not JSON, or not one: exit code 1, one line', () => {
  writeFileSync(at('bad.json'), '{ "listen": ');
  writeFileSync(at('empty.json'), '{}');
  for (const part of ['bridge', 'desk']) {
    for (const name of ['none.json', 'bad.json', 'empty.json']) {
      const told = run([part, '--config', at(name)], { SMARTSEAL_PASSPHRASE: 'x' });
      expect(told).toEqual({ code: 1, out: '', errors: [expect.stringMatching(CODE_LINE('CONFIG'))] });
      expect(told.errors[0]).toContain(at(name));
    }
  }
  const json = run(['bridge', '--config', at('none.json'), '--json', '--lang', 'zh']);
  expect(JSON.parse(json.errors[0]!)).toMatchObject({ code: 'CONFIG', title: '配置不可用' });
});

test('a desk without a configuration, or with a name no note can carry: exit code 2, and nothing is made', () => {
  expect(run(['desk'])).toMatchObject({ code: 2, out: '' });
  for (const name of ['a b+c', '', '印章 登记', '😀'.repeat(60)]) {
    expect(run(['desk', 'init', '--dir', at('desk'), '--register', name], { SMARTSEAL_PASSPHRASE: 'right' })).toEqual({ code: 2, out: '', errors: [expect.stringMatching(CODE_LINE('CONFIG'))] });
  }
  expect(existsSync(at('desk'))).toBe(false);
});

test('a server that is no bridge is told apart', async () => {
  for (const [status, text] of [[404, '<html>'], [200, '{}'], [500, 'null']] as const) {
    const server = createHttpServer((_request, response) => void response.writeHead(status).end(text)).listen(0, '127.0.0.1');
    opened.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const program = start(['device', 'list', '--url', `http://127.0.0.1:${port}`], { SMARTSEAL_TOKEN: 'x' });
    await until('its end', () => program.ended ?? undefined);
    expect([program.ended, program.err]).toEqual([1, expect.stringMatching(/^NOT_A_BRIDGE: .*\n$/)]);
  }
});

test('a wrong passphrase, or none: the desk does not open, and its files stay as they were', () => {
  const { config } = desk();
  const keys = readFileSync(at('desk/authority.keys'));
  expect(run(['desk', '--config', config], { SMARTSEAL_PASSPHRASE: 'wrong' })).toEqual({ code: 1, out: '', errors: [expect.stringMatching(/^KEYS_LOCKED: [^:]+$/)] });
  expect(run(['desk', '--config', config])).toEqual({ code: 1, out: '', errors: [expect.stringMatching(CODE_LINE('CONFIG'))] });
  expect(run(['desk', 'init', '--dir', at('desk')], { SMARTSEAL_PASSPHRASE: 'right' })).toEqual({ code: 1, out: '', errors: [expect.stringMatching(CODE_LINE('CONFLICT'))] });
  expect(readFileSync(at('desk/authority.keys')).equals(keys)).toBe(true);
});

test('documents that are not what they say are refused with a code each, and the desk lives on', async () => {
  const { config, token } = desk();
  const program = start(['desk', '--config', config, '--json'], { SMARTSEAL_PASSPHRASE: 'right' });
  const url = await urlOf(program);
  const applicant = (await ask(`${url}/v1/people`, token, 'POST', { name: '张伟', roles: ['applicant'] })).body.token as string;
  const contract = readFileSync(asset('contract-zh.pdf'));
  const bomb = tinyPng(60_000, 60_000, 1);
  const hand = async (name: string, data: Buffer): Promise<{ status: number; body: { code?: string; pages?: number } }> => {
    const form = new FormData();
    form.set('document', new Blob([new Uint8Array(data)]), name);
    return ask(`${url}/v1/documents`, applicant, 'POST', form);
  };
  const codes: [string, Buffer, string][] = [
    ['cut.pdf', contract.subarray(0, 2000), 'DOCUMENT_CORRUPT'],
    ['letter.pdf', Buffer.from('Dear Sir or Madam'), 'DOCUMENT_UNSUPPORTED'],
    ['bomb.png', bomb, 'DOCUMENT_TOO_MANY_PIXELS'],
    ['cut.png', tinyPng(40, 60, 1).subarray(0, 60), 'DOCUMENT_CORRUPT'],
    ['empty.pdf', Buffer.alloc(0), 'DOCUMENT_EMPTY'],
  ];
  for (const [name, data, code] of codes) expect([name, (await hand(name, data)).body.code]).toEqual([name, code]);
  expect((await hand('contract.pdf', contract)).status).toBe(201);
  expect(program.ended).toBeUndefined();
});

test('a page file that is corrupt does not come into the tray', () => {
  copyFileSync(asset('contract-zh.pdf'), at('cut.pdf'));
  truncateSync(at('cut.pdf'), 2000);
  writeFileSync(at('letter.pdf'), 'Dear Sir or Madam');
  const told = run(['sim', '--json'], {}, 50_000, `paper "${at('cut.pdf')}"\npaper "${at('letter.pdf')}"\nstate\nquit\n`);
  const lines = told.out.trim().split('\n').map((line) => JSON.parse(line) as { error?: string; answer?: string; page?: unknown });
  expect(told.code).toBe(1);
  const errors = lines.flatMap(({ error }) => (error === undefined ? [] : [error]));
  expect(errors).toHaveLength(2);
  for (const code of errors) expect(code).toMatch(/^[A-Z_]+$/);
  expect(lines.find(({ answer }) => answer === 'state')).toMatchObject({ page: null });
});

test('a wrong link key: the port says so, the unit is never believed, and the right key works', async () => {
  await unit(at('tty'));
  const ports = [{ kind: 'serial' as const, path: at('tty'), baud: 921_600 }];
  const wrong = serve(bridgeFolder(at('bridge'), { ports, keys: { [ID]: hex('99') } }));
  expect(await wrong.said('the fault', (line) => line.code === 'WRONG_KEY')).toMatchObject({ level: 'warn' });
  const url = await urlOf(wrong);
  expect(await portOf(url)).toMatchObject({ fault: 'WRONG_KEY' });
  expect((await ask(`${url}/v1/devices/${ID}`, 'test')).body).toMatchObject({ connected: false, nextSeq: 0 });
  expect(wrong.err).not.toContain(hex('99'));
  await wrong.stop();
  const none = serve(bridgeFolder(at('bridge'), { ports, keys: {} }));
  await none.said('the fault', (line) => line.code === 'NO_KEY');
  await none.stop();
  const right = serve(bridgeFolder(at('bridge'), { ports, keys: { [ID]: UNIT.linkKey } }));
  const address = await urlOf(right);
  await until('the unit', async () => (await ask(`${address}/v1/devices/${ID}`, 'test')).body.connected || undefined);
}, 90_000);

test('a terminal at which something else babbles is told apart from a device, and the bridge lives on', async () => {
  const clock = systemClock();
  let say: (bytes: Buffer) => void = () => undefined;
  const pty: Pty = await openPty({ connected: true, write: () => undefined, onData: (call) => ((say = call), () => undefined) }, { link: at('tty'), timers: clock });
  opened.push(() => pty.close());
  const babble = setInterval(() => say(Buffer.from('$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n\0\0\u00ff')), 20);
  opened.push(() => clearInterval(babble));
  const program = serve(bridgeFolder(at('bridge'), { ports: [{ kind: 'serial', path: at('tty'), baud: 9600 }] }));
  await program.said('the fault', (line) => line.code === 'NOT_A_DEVICE');
  expect(program.ended).toBeUndefined();
}, 90_000);

test('a second program on the port is turned away, the first one keeps it, and when it has gone the second gets it', async () => {
  await unit(at('tty'));
  const files = { ports: [{ kind: 'serial' as const, path: at('tty'), baud: 921_600 }], keys: { [ID]: UNIT.linkKey } };
  const first = serve(bridgeFolder(at('first'), files));
  const url = await urlOf(first);
  const connected = async (address: string): Promise<true | undefined> => (await ask(`${address}/v1/devices/${ID}`, 'test')).body.connected || undefined;
  await until('the unit', () => connected(url));
  const second = serve(bridgeFolder(at('second'), files));
  await second.said('the fault', (line) => line.code === 'PORT_BUSY');
  const other = await urlOf(second);
  expect(await portOf(other)).toMatchObject({ fault: 'PORT_BUSY' });
  expect(await connected(url)).toBe(true);
  await first.stop();
  await until('the unit at the second', () => connected(other), 20_000);
}, 90_000);

test('an address in use: exit code 1 and one line, for bridge and desk', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  opened.push(() => new Promise((resolve) => server.close(resolve)));
  expect(run(['bridge', '--config', bridgeFolder(at('bridge'), { ports: [], listen: port })])).toEqual({ code: 1, out: '', errors: [expect.stringMatching(/^CONFIG: .*EADDRINUSE$/)] });
  const { config } = desk();
  writeFileSync(config, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), listen: { host: '127.0.0.1', port } }), { mode: 0o600 });
  expect(run(['desk', '--config', config], { SMARTSEAL_PASSPHRASE: 'right' })).toEqual({ code: 1, out: '', errors: [expect.stringMatching(/^CONFIG: .*EADDRINUSE$/)] });
});

test('a database that is none, and a folder that cannot be made', () => {
  const config = bridgeFolder(at('bridge'), { ports: [] });
  writeFileSync(at('bridge/bridge.db'), 'this is not a database, but somebody’s letter '.repeat(50));
  expect(run(['bridge', '--config', config])).toEqual({ code: 1, out: '', errors: [expect.stringMatching(CODE_LINE('STORE_FAILED'))] });
  expect(readFileSync(at('bridge/bridge.db'), 'utf8')).toContain('somebody’s letter');
  rmSync(at('bridge/bridge.db'));
  rmSync(at('bridge/photos'), { recursive: true, force: true });
  writeFileSync(at('bridge/photos'), 'a file where a folder should be');
  expect(run(['bridge', '--config', config])).toEqual({ code: 1, out: '', errors: [expect.stringMatching(CODE_LINE('FILE_FAILED'))] });
});
