/** `smartseal sim serve`: many units at once, each on its own pseudo-terminal, TCP port and BLE port. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock, untilSignal } from '../../host-bridge/cli/system';
import { createUnit, PhotoScene, RealTime, romCode, World, type Unit } from '../index';
import { openPty, serveBle, serveTcp } from '../io';
import { makeUpIdentity, readIdentity, type Unit as Described } from './identity';
import { take } from './lock';
import { firmware } from './serve';
import { asSimError, ERRORS, SimError } from './texts';

interface Address {
  host: string;
  port: number;
}

export interface ManyOptions {
  units: number;
  pty?: string;
  tcp?: Address;
  ble?: Address;
  mtu: number;
  identities?: string;
  seed: number;
  bundle?: string;
  lang: string;
}

/** What the desk writes for the bridge beside each unit's file. */
const LINK_FILE = '.link.json';
/** All link keys, as a bridge wants them. */
const LINK_KEYS = 'link.keys';

/**
 * One identity a unit, from the folder or made up; those made up are written there. The same units twice on one network would
 * be two that nobody can tell apart: the folder is taken, and what lets go of it joins `closing`.
 * @throws SimError IDENTITIES, IDENTITIES_BUSY, IDENTITY
 */
export function identitiesFor(count: number, folder: string | undefined, closing: (() => unknown)[] = []): Described[] {
  if (folder === undefined) return Array.from({ length: count }, () => makeUpIdentity(undefined));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const release = take(folder);
    if (release === undefined) throw new SimError('IDENTITIES_BUSY', folder);
    closing.push(release);
    const files = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.endsWith(LINK_FILE)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const found = files.slice(0, count).map((name) => readIdentity(path.join(folder, name)));
    for (let i = found.length; i < count; i++) found.push(makeUpIdentity(folder, `unit-${i + 1}.unit.json`));
    const keys = Object.fromEntries(found.map(({ deviceId, identity }) => [deviceId, Buffer.from(identity.linkKey as Buffer).toString('hex')]));
    if (Object.keys(keys).length < found.length) throw new SimError('IDENTITIES', `${folder}: two files of one unit`);
    const file = path.join(folder, LINK_KEYS);
    // Keys of other units stay: they may stand nowhere else. The new file is its owner's from the first byte.
    writeFileSync(`${file}.new`, `${JSON.stringify({ ...keysIn(file), ...keys }, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return found;
  } catch (error) {
    if (error instanceof SimError) throw error;
    throw new SimError('IDENTITIES', `${folder} ${(error as NodeJS.ErrnoException).code ?? ''}`.trim());
  }
}

/** Keys by device that stand in this file already. @throws SimError IDENTITIES where it holds something else */
function keysIn(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  try {
    const keys = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (typeof keys === 'object' && keys !== null && !Array.isArray(keys)) return keys as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the file, and the file holds keys.
  }
  throw new SimError('IDENTITIES', `${file}: not JSON`);
}

/** Runs until a signal. Sets the exit code. */
export async function serveMany(options: ManyOptions): Promise<void> {
  const language = options.lang === 'zh' ? 'zh' : 'en';
  const closing: (() => unknown)[] = [];
  // A signal may come while the units are being made: what they have opened is closed then, too.
  const stopped = untilSignal();
  try {
    if (options.pty === undefined && options.tcp === undefined && options.ble === undefined) throw new SimError('USAGE', 'sim serve --pty PREFIX | --tcp PORT | --ble PORT');
    const { bundle } = firmware(options.bundle);
    const identities = identitiesFor(options.units, options.identities, closing);
    const clock = systemClock();
    const world = new World({ seed: options.seed });
    const real = new RealTime(world, { now: () => clock.now(), sleep: (ms) => {
      let wake = (): void => undefined;
      const done = new Promise<void>((resolve) => (wake = resolve));
      const cancel = clock.after(ms, wake);
      return { done, wake: () => (cancel(), wake()) };
    } });
    for (const [i, described] of identities.entries()) {
      const unit = createUnit(world, {
        bundle, identity: described.identity, name: `unit ${i + 1}`, scene: new PhotoScene(options.seed + i),
        die: { rom: described.die.rom ?? romCode(i + 1), face: { name: 'company', widthMm: 42, heightMm: 42 } },
      });
      const wires = await wiresOf(unit, i, options, closing, world);
      unit.power.on();
      process.stdout.write(`${JSON.stringify({ unit: i + 1, device: described.deviceId, die: unit.truth.die!.rom, madeUp: described.madeUp, people: described.people.map(({ person, name }) => ({ person, name })), ...wires })}\n`);
    }
    process.stdout.write(`${JSON.stringify({ ready: identities.length, ...(options.identities === undefined ? {} : { identities: path.resolve(options.identities), linkKeys: path.resolve(options.identities, LINK_KEYS) }) })}\n`);
    const running = real.run();
    await Promise.race([stopped, running]);
    real.stop();
  } catch (error) {
    const known = asSimError(error);
    process.stderr.write(`${JSON.stringify({ error: known.code, title: ERRORS[known.code][language], detail: known.detail })}\n`);
    process.exitCode = known.code === 'USAGE' ? 2 : 1;
  }
  await Promise.all(closing.map((close) => close()));
}

async function wiresOf(unit: Unit, i: number, options: ManyOptions, closing: (() => unknown)[], world: World): Promise<Record<string, unknown>> {
  const { pty: prefix, tcp, ble } = options;
  const found: Record<string, unknown> = {};
  const at = ({ host, port }: Address): Address => ({ host, port: port === 0 ? 0 : port + i });
  if (prefix !== undefined) {
    if (!existsSync(path.dirname(path.resolve(prefix)))) throw new SimError('PTY_PATH', prefix);
    // Kept open over resets of the unit: many hosts do not look for a device file that comes and goes.
    const pty = await openPty(unit.port, { timers: systemClock(), link: path.resolve(`${prefix}-${i + 1}`) });
    closing.push(() => pty.close());
    found['pty'] = pty.path;
  }
  const listening = async (wanted: Address, open: (where: Address) => Promise<{ host: string; port: number; close(): Promise<void> }>): Promise<string> => {
    try {
      const port = await open(at(wanted));
      closing.push(() => port.close());
      return `${port.host}:${port.port}`;
    } catch (error) {
      throw new SimError('TCP', `${wanted.host}:${at(wanted).port} ${(error as NodeJS.ErrnoException).code ?? ''}`);
    }
  };
  if (tcp !== undefined) found['tcp'] = await listening(tcp, (where) => serveTcp(unit.port, where));
  if (ble !== undefined) found['ble'] = await listening(ble, (where) => serveBle(unit.parts.radio, { ...where, mtu: options.mtu, catchUp: () => world.catchUp?.() }, systemClock().after));
  return found;
}
