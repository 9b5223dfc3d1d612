/** What the commands of `smartseal grant` share: the keys of the authority, its counter, how a statement is handed out. */
import { InvalidArgumentError, type Command } from 'commander';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { GrantKind, grantKeys, grantPayload, hmacKey, openGrant, sealGrant, type Grant } from '../../protocol';
import { toBuffer, toBytes } from '../common/bytes';
import { COMMON, Problem, type Language } from '../common/errors';
import { readPrivate, writeDurably } from '../common/files';
import { refusalName } from '../common/refusals';
import { nodeNatives } from '../natives';
import { failWith, languageFrom, POSIX } from './system';

export interface Common {
  json?: boolean;
  lang?: string;
}

export interface Keyed extends Common {
  key: string;
  out?: string;
}

export interface AuthorityFile {
  deviceId: string;
  permitKey: string;
  ackKey: string;
}

/** Hexadecimal as protocol takes bytes. */
export const bytes = (text: string): string => toBytes(Buffer.from(text, 'hex'));

export const U32 = 4_294_967_295;
const MEANS: Record<string, number> = { finger: 1, passcode: 2, both: 3 };

export const hex = (bytes: number) => (text: string): string => {
  if (!new RegExp(`^[0-9a-f]{${bytes * 2}}$`).test(text)) throw new InvalidArgumentError(`${bytes * 2} x 0-9a-f`);
  return text;
};
export const whole = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`${least}..${most}`);
  return value;
};
/** NUMBER or NUMBER:means, into [person, means]. */
export function holder(text: string, before: number[]): number[] {
  const match = /^(\d{1,10})(?::(finger|passcode|both))?$/.exec(text);
  if (!match || Number(match[1]) > U32) throw new InvalidArgumentError('NUMBER[:finger|passcode|both]');
  return [...before, Number(match[1]), MEANS[match[2] ?? 'finger'] ?? 1];
}

export function guarded<O extends Common>(work: (options: O, language: Language) => void) {
  return (options: O): void => {
    const language = languageFrom(options.lang);
    try {
      work(options, language);
    } catch (error) {
      failWith(error, language, options.json === true);
    }
  };
}

export function keysOf(file: string): AuthorityFile {
  let keys: Partial<AuthorityFile>;
  try {
    keys = JSON.parse(readPrivate(file, POSIX)) as Partial<AuthorityFile>;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(COMMON.CONFIG, `${file} is not JSON`); // the parser's own text may quote a key
  }
  const good = /^[0-9a-f]{16}$/.test(String(keys?.deviceId)) && /^[0-9a-f]{64}$/.test(String(keys.permitKey)) && /^[0-9a-f]{64}$/.test(String(keys.ackKey));
  if (!good) throw new Problem(COMMON.CONFIG, `${file}: deviceId, permitKey and ackKey are wanted`);
  return keys as AuthorityFile;
}

/** The next number, which stands durably beside the keys before anything carries it: none is given twice, not even to two at once. */
export function nextCounter(keyFile: string): number {
  const file = keyFile.replace(/(\.authority)?\.json$/, '') + '.counter';
  const lock = `${file}.lock`;
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    throw new Problem(COMMON.CONFLICT, { detail: `${lock}: ${(error as NodeJS.ErrnoException).code ?? ''}`, cause: error });
  }
  try {
    const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (!Number.isSafeInteger(last) || last < 0 || last >= U32) throw new Problem(COMMON.CONFIG, `${file} holds no number`);
    writeDurably(file, `${last + 1}\n`, 0o600);
    return last + 1;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Seals the statement and hands it out: the id, or what names it, on standard output; with --out the body of the request in a file. */
export function give(options: Keyed, keys: AuthorityFile, grant: Grant, told: Record<string, unknown>, plain: string): void {
  const secret = grant.kind === GrantKind.ACK ? keys.ackKey : keys.permitKey;
  const payload = grantPayload(bytes(keys.deviceId), grant);
  const statement = sealGrant(nodeNatives, hmacKey(nodeNatives, bytes(secret)), payload);
  // As the unit will read it: what it would call malformed is not handed out.
  const read = openGrant(nodeNatives, grantKeys(nodeNatives, bytes(keys.deviceId), bytes(keys.permitKey), bytes(keys.ackKey)), statement);
  if (typeof read === 'number') throw new Problem(COMMON.INVALID, `${refusalName(read)}: protocol/SPEC.md, "Grants"`);
  const body = { grant: toBuffer(statement).toString('base64') };
  if (options.out !== undefined) writeDurably(options.out, `${JSON.stringify(body)}\n`, 0o600);
  const all = { ...told, ...(options.out === undefined ? body : { out: options.out }) };
  process.stdout.write(options.json === true ? `${JSON.stringify(all)}\n` : `${options.out === undefined ? body.grant : plain}\n`);
}


/** Options that all of them have. */
export const common = (command: Command): Command => command.option('--json', 'as JSON').option('--lang <lang>', 'zh or en');
export const keyed = (command: Command): Command =>
  common(command).requiredOption('--key <file>', 'keys of the authority, made by "grant unit" / 授权方密钥文件').option('--out <file>', 'write the body of the request here, {"grant": …} / 写出请求内容');
