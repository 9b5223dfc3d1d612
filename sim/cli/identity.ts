/**
 * Who a simulated unit is: a file made by `smartseal desk provision-device`, or one made up on the spot for trying
 * things out. All bytes are hexadecimal. Written liberally: `die` or `dies`, dies as texts or as objects.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Identity } from '../index';
import { BENCH_MAKER } from '../scenario/maker';
import { SimError } from './texts';

export interface Person {
  slot: number;
  person: number;
  /** How the technician calls this person; the number where the file has no name. */
  name: string;
}

export interface Unit {
  identity: Identity;
  /** Lower-case hexadecimal. */
  deviceId: string;
  people: Person[];
  /** The die that is fitted at the start. */
  die: { rom: string | undefined; image: string | undefined };
  /** True: no desk and no bridge knows this unit. */
  madeUp: boolean;
}

function fail(file: string, what: string): never {
  throw new SimError('IDENTITY', `${file}: ${what}`);
}

export function readIdentity(file: string): Unit {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    fail(file, (error as NodeJS.ErrnoException).code ?? 'cannot be read');
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    // The parser's own message quotes the file, and the file holds keys.
    fail(file, 'not JSON');
  }
  if (typeof given !== 'object' || given === null) fail(file, 'not an object');
  return parse(given as Record<string, unknown>, file);
}

function parse(given: Record<string, unknown>, file: string): Unit {
  const bytes = (name: string, length: number): Buffer => {
    const value = given[name];
    if (typeof value !== 'string' || value.length !== 2 * length || !/^[0-9a-fA-F]*$/.test(value)) fail(file, `${name}: ${2 * length} hexadecimal digits are wanted`);
    return Buffer.from(value, 'hex');
  };
  const deviceId = bytes('deviceId', 8);
  const listed = Array.isArray(given['people']) ? (given['people'] as unknown[]) : [];
  const people = listed.map((entry, i): Person => {
    const { slot, person, name } = (entry ?? {}) as Record<string, unknown>;
    if (!Number.isInteger(slot) || !Number.isInteger(person)) fail(file, `people[${i}]: slot and person are wanted`);
    return { slot: slot as number, person: person as number, name: typeof name === 'string' && name !== '' ? name : String(person) };
  });
  const dies = [given['die'], ...(Array.isArray(given['dies']) ? (given['dies'] as unknown[]) : [])].filter((die) => die !== undefined && die !== null);
  const described = dies.map((die) => dieOf(die, file));
  const roms = described.map(({ rom }) => rom).filter((rom): rom is string => rom !== undefined);
  return {
    identity: {
      deviceId,
      linkKey: bytes('linkKey', 32),
      permitKey: bytes('permitKey', 32),
      evidenceKey: bytes('evidenceKey', 32),
      people: people.map(({ slot, person }) => ({ slot, person })),
      ...(given['makerKey'] === undefined ? {} : { makerKey: bytes('makerKey', 32) }),
      ...(Array.isArray(given['dies']) && roms.length > 0 ? { dies: [...new Set(roms)] } : {}),
    },
    deviceId: deviceId.toString('hex'),
    people,
    die: described[0] ?? { rom: undefined, image: undefined },
    madeUp: given['madeUp'] === true,
  };
}

function dieOf(given: unknown, file: string): { rom: string | undefined; image: string | undefined } {
  const entry = typeof given === 'string' ? { rom: given } : (given as Record<string, unknown>);
  const rom = entry['rom'] ?? entry['id'] ?? entry['die'];
  if (rom !== undefined && (typeof rom !== 'string' || !/^[0-9a-fA-F]{16}$/.test(rom))) fail(file, 'die: 16 hexadecimal digits are wanted');
  const image = entry['image'] ?? entry['file'];
  return { rom: rom?.toLowerCase(), image: typeof image === 'string' ? path.resolve(path.dirname(file), image) : undefined };
}

/** Keys of chance and four people. Kept in the state folder where there is one, so that the unit stays itself. */
export function makeUpIdentity(folder: string | undefined, name = 'identity.json'): Unit {
  const file = folder === undefined ? undefined : path.join(folder, name);
  if (file !== undefined && existsSync(file)) return readIdentity(file);
  const key = (length: number): string => randomBytes(length).toString('hex');
  const given = {
    deviceId: key(8), linkKey: key(32), permitKey: key(32), evidenceKey: key(32), makerKey: BENCH_MAKER.toString('hex'), madeUp: true,
    people: ['zhang', 'li', 'wang', 'zhao'].map((name, i) => ({ slot: i, person: i + 1, name })),
  };
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(given, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return parse(given, file ?? 'identity');
}
