/**
 * The stage: a folder with fresh keys, and three processes as in real life. The bridge opens the simulated unit's serial
 * port, the desk talks to the bridge over HTTP, and only the desk holds the permit key.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { alive, holder } from '../lock';
import { SimError, type Language } from '../texts';
import { Http } from './http';
import { Program, runOnce } from './program';

/** Marks a folder as ours, so that nobody else's is ever wiped; holds the number of the process whose demo runs in it. */
const MARK = '.smartseal-demo';
const HOLDER_NUMBER = 7;
/** Milliseconds in which a program has started, also on a machine with other things to do. */
const STARTED = 120_000;

export interface Stage {
  folder: string;
  device: string;
  desk: Http;
  bridge: Http;
  unit: Program;
  deskUrl: string;
  /** Where browsers find the desk. */
  origin: string;
  bridgeUrl: string;
  bridgeDatabase: string;
  tty: string;
  tokens: { admin: string; bridge: string };
  holderNumber: number;
  passphrase: string;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** Numbers of more people whose fingers the unit's reader knows, in its next slots. */
  others?: readonly number[];
  /** In which the unit's events are told. */
  language?: Language;
  /** Public key (32 bytes) of whose images of the firmware the unit takes; nobody's where absent. */
  makerKey?: Buffer;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Empties the folder of an earlier demo. @throws DEMO_FOLDER where it holds something else, DEMO_BUSY while that demo runs */
export function clear(folder: string): void {
  const mark = path.join(folder, MARK);
  if (existsSync(folder) && !existsSync(mark)) throw new SimError('DEMO_FOLDER', folder);
  if (alive(mark)) throw new SimError('DEMO_BUSY', folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'run'), { recursive: true });
  writeFileSync(mark, holder());
}

/** The demo is over: its folder may be cleared, whoever has this process's number by then. */
export function release(folder: string): void {
  writeFileSync(path.join(folder, MARK), '');
}

async function setUp(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const { code, out, error } = await runOnce([...args, '--json'], env);
  if (code !== 0) throw new Error(`smartseal ${args.slice(0, 2).join(' ')}: ${error.trim()}`);
  return JSON.parse(out) as Record<string, string>;
}

/**
 * Sets everything up and starts it, each part as soon as what it needs is there.
 * @param setting what else the desk's configuration says
 */
export async function openStage(folder: string, die: string, setting: object = {}, { others = [], language = 'zh', makerKey }: StageOptions = {}): Promise<Stage> {
  clear(folder);
  const run = path.join(folder, 'run');
  const device = randomBytes(8).toString('hex');
  const bridgeToken = randomBytes(24).toString('base64url');
  const env = { SMARTSEAL_PASSPHRASE: randomBytes(18).toString('base64url'), SMARTSEAL_BRIDGE_TOKEN: bridgeToken };
  const [bridgePort, deskPort] = await Promise.all([freePort(), freePort()]);
  const bridgeUrl = `http://127.0.0.1:${bridgePort}`;
  const made = await setUp(['desk', 'init', '--dir', path.join(run, 'desk'), '--register', 'demo.smartseal.local/register', '--port', String(deskPort), '--origin', `http://localhost:${deskPort}`, '--bridge', `local=${bridgeUrl}=env:SMARTSEAL_BRIDGE_TOKEN`], env);
  const config = made['config']!;
  writeFileSync(config, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), ...setting }, null, 2), { mode: 0o600 });
  const tty = path.join(run, 'unit/tty');
  const programs: Program[] = [];
  let over = false;
  const start = (name: string, args: string[], more: NodeJS.ProcessEnv = {}): Program => {
    if (over) throw new Error('the stage is being cleared'); // one failed while the others were still being set up
    const program = new Program(name, [...args, '--json'], more);
    programs.push(program);
    return program;
  };
  const address = async (program: Program): Promise<string> => String((await program.next('its address', (line) => typeof line['url'] === 'string', STARTED))['url']);
  const stop = async (): Promise<void> => {
    over = true;
    await Promise.all(programs.map((program) => program.stop()));
    release(folder);
  };

  /** The unit's keys and the bridge's one of them; then both of these. Each waits for what is not there yet. */
  const otherSide = async (): Promise<Program> => {
    const identity = await setUp(['desk', 'provision-device', '--config', config, '--id', device, '--out', path.join(run, 'unit'), ...[HOLDER_NUMBER, ...others].flatMap((number, i) => ['--person', `${i + 1}:${number}`]), '--die', die], env);
    const unitFile = identity['unit']!;
    if (makerKey !== undefined) writeFileSync(unitFile, JSON.stringify({ ...(JSON.parse(readFileSync(unitFile, 'utf8')) as object), makerKey: makerKey.toString('hex') }), { mode: 0o600 });
    const bridge = start('bridge', ['bridge', '--config', bridgeFolder(path.join(run, 'bridge'), bridgePort, bridgeToken, tty, identity['bridge']!)]);
    const unit = start('sim', ['--lang', language, 'sim', '--identity', unitFile, '--pty', tty, '--state', path.join(run, 'unit/state')]);
    await Promise.all([address(bridge), unit.next('the serial port', (line) => line['event'] === 'pty', STARTED)]);
    return unit;
  };
  try {
    const [deskUrl, unit] = await Promise.all([address(start('desk', ['desk', '--config', config], env)), otherSide()]);
    return {
      folder, device, unit, tty, bridgeUrl, deskUrl, origin: `http://localhost:${deskPort}`, desk: new Http(deskUrl, made['token']!), bridge: new Http(bridgeUrl, bridgeToken),
      bridgeDatabase: path.join(run, 'bridge/bridge.db'), tokens: { admin: made['token']!, bridge: bridgeToken }, holderNumber: HOLDER_NUMBER, passphrase: env.SMARTSEAL_PASSPHRASE, stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Writes the bridge's files; returns the path of its configuration. */
function bridgeFolder(folder: string, port: number, token: string, tty: string, linkKeys: string): string {
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(path.join(folder, 'link.keys'), readFileSync(linkKeys), { mode: 0o600 });
  const config = path.join(folder, 'bridge.json');
  writeFileSync(config, JSON.stringify({
    listen: { host: '127.0.0.1', port },
    database: 'bridge.db',
    spool: 'photos',
    tokens: [{ name: 'desk', sha256: createHash('sha256').update(token).digest('hex'), scopes: ['read', 'permit', 'grant', 'admin'] }],
    ports: [{ kind: 'serial', path: tty, baud: 921600, frameMax: 2048 }],
    linkKeysFile: 'link.keys',
    logLevel: 'warn',
  }, null, 2));
  return config;
}
