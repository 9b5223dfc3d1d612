/** A program's configuration: one JSON file checked against a schema, with errors that name the place. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { COMMON, Problem } from './errors';
import { PERSON } from './tokens';

/** Text of at least one character. */
export const Text = v.pipe(v.string(), v.minLength(1));

/** An integer of that range, both ends included. */
export const whole = (min: number, max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));

/** Bytes in lower-case hexadecimal. */
export const hexadecimal = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

/** Where an HTTP server listens. */
export const Listen = v.strictObject({ host: v.pipe(Text, v.maxLength(255)), port: whole(0, 65_535) });

/** Calls a minute: of one caller (a token may have its own number), and without a valid token of one address. */
export const Limits = v.optional(v.strictObject({ perMinute: v.optional(whole(1, 10_000_000), 60_000), failuresPerMinute: v.optional(whole(1, 1_000_000), 60) }), {});

/** PEM files. `clientCa`: who signs certificates of clients; `clientRequired`: nobody connects without one. */
export const Tls = v.strictObject({ cert: Text, key: Text, clientCa: v.exactOptional(Text), clientRequired: v.optional(v.boolean(), false) });
export type TlsFiles = v.InferOutput<typeof Tls>;

/** Settings of every program that takes JWTs, see oidc.ts. */
export const JWT_SETTINGS = {
  issuer: v.pipe(v.string(), v.regex(/^https?:\/\//), v.maxLength(500)),
  audience: v.pipe(Text, v.maxLength(500)),
  jwks: v.exactOptional(v.pipe(v.string(), v.regex(/^https?:\/\//))),
  algorithms: v.optional(v.pipe(v.array(v.picklist(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])), v.minLength(1)), ['RS256', 'PS256', 'ES256', 'EdDSA']),
};

/** Devices by id that somebody is bounded to. */
export const DeviceList = v.pipe(v.array(hexadecimal(16)), v.minLength(1), v.maxLength(1000));

/** Name of a token or certificate. */
export const HolderName = v.pipe(Text, v.maxLength(64), v.check((name) => !name.startsWith(PERSON), `names that begin with ${PERSON} are people's`));

/** Tokens of the configuration file, see tokens.ts. */
export function tokenList<const S extends string>(scopes: readonly S[]) {
  const token = v.strictObject({
    name: HolderName, sha256: hexadecimal(64), scopes: v.pipe(v.array(v.picklist(scopes)), v.minLength(1)),
    /** A moment with its zone: 2027-01-31T00:00:00+08:00. */
    expires: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/), v.check((text) => Number.isFinite(new Date(text).getTime()), 'Invalid date'))),
    /** Calls a minute, where the limit of all is not meant. */
    perMinute: v.exactOptional(whole(1, 10_000_000)),
    /** Only these devices: for it there are no others. */
    devices: v.exactOptional(DeviceList),
  });
  // Two entries for one token: whose scopes count would be anybody's guess.
  return v.pipe(v.array(token), v.maxLength(1000), v.check((tokens) => new Set(tokens.map(({ sha256 }) => sha256)).size === tokens.length, 'The same sha256 stands there twice'));
}

/** What a schema gives. */
export type Checked<S extends v.GenericSchema> = v.InferOutput<S>;

/** Checks a value, filling in defaults. Throws CONFIG naming the first thing wrong. */
export function checkConfig<const S extends v.GenericSchema>(schema: S, value: unknown, name: string): v.InferOutput<S> {
  const checked = v.safeParse(schema, value, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const at = v.getDotPath(issue);
  // Only a number out of its range is shown: anything else that stands there may be a token or a passphrase.
  const shown = issue.kind === 'validation' && typeof issue.input === 'number';
  const what = issue.expected === 'never' ? 'there is no such setting' : shown ? issue.message : issue.message.split(' but received ')[0];
  throw new Problem(COMMON.CONFIG, `${name}${at === null ? '' : ` at ${at}`}: ${what}`);
}

/** Reads and checks a configuration file. */
export function loadConfig<const S extends v.GenericSchema>(schema: S, path: string): v.InferOutput<S> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Problem(COMMON.CONFIG, { detail: `${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(COMMON.CONFIG, { detail: `${path} is not JSON`, cause: error });
  }
  return checkConfig(schema, value, path);
}

/** A path in a configuration file is meant from the file's own folder. */
export function besideConfig(configPath: string, path: string): string {
  return resolve(dirname(configPath), path);
}

/**
 * A secret of the configuration: the text itself, "env:NAME" for the environment's, or "file:PATH" for what stands in a file.
 * @param read text of a file that must be its owner's alone; a path is meant from the folder of the configuration
 */
export function secretOf(value: string, environment: Readonly<Record<string, string | undefined>>, read?: (path: string) => string): string {
  if (value.startsWith('file:') && read !== undefined) return read(value.slice(5)).trim();
  if (!value.startsWith('env:')) return value;
  const name = value.slice(4);
  const found = environment[name];
  if (found === undefined || found === '') throw new Problem(COMMON.CONFIG, `environment variable ${name} is not set`);
  return found;
}
