/** A program's configuration: one JSON file checked against a schema, with errors that name the place. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { COMMON, Problem } from './errors';

/** Where an HTTP server listens. */
export const Listen = Type.Object(
  { host: Type.String({ minLength: 1, maxLength: 255 }), port: Type.Integer({ minimum: 0, maximum: 65535 }) },
  { additionalProperties: false },
);

/** Tokens of the configuration file, see tokens.ts. */
export function tokenList(scopes: readonly string[]) {
  return Type.Array(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 64 }),
        sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        scopes: Type.Array(Type.String({ enum: [...scopes] }), { minItems: 1 }),
      },
      { additionalProperties: false },
    ),
    { maxItems: 1000 },
  );
}

/** Checks a value, filling in defaults. Throws CONFIG naming the first thing wrong. */
export function checkConfig<S extends TSchema>(schema: S, value: unknown, name: string): Static<S> {
  const filled = Value.Default(schema, Value.Clone(value as never));
  if (Value.Check(schema, filled)) return filled as Static<S>;
  const all = Value.Errors(schema, filled);
  const worst = all.find((e) => e.keyword === 'additionalProperties') ?? all[0];
  const unknown = worst?.keyword === 'additionalProperties' ? `: ${worst.params.additionalProperties.join(', ')}` : '';
  const at = (worst?.instancePath ?? '').slice(1).replaceAll('/', '.');
  throw new Problem(COMMON.CONFIG, `${name}${at === '' ? '' : ` at ${at}`}: ${worst?.message ?? 'not valid'}${unknown}`);
}

/** Reads and checks a configuration file. */
export function loadConfig<S extends TSchema>(schema: S, path: string): Static<S> {
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

/** A secret of the configuration: the text itself, or "env:NAME" for the environment's. */
export function secretOf(value: string, environment: Readonly<Record<string, string | undefined>>): string {
  if (!value.startsWith('env:')) return value;
  const name = value.slice(4);
  const found = environment[name];
  if (found === undefined || found === '') throw new Problem(COMMON.CONFIG, `environment variable ${name} is not set`);
  return found;
}
