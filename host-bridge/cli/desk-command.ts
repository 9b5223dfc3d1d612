/** What the commands of `smartseal desk` share: how they speak and end, and where a configuration has its database and its secrets. */
import type { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { besideConfig, secretOf } from '../common/config';
import { readPrivate } from '../common/files';
import { failWith, languageFrom, POSIX } from './system';

export interface Common {
  config?: string;
  json?: boolean;
  lang?: string;
}

export interface Configured extends Common {
  config: string;
}

export const random = (length: number): Buffer => randomBytes(length);

export function print(options: Common, value: Record<string, unknown>, lines: readonly string[]): void {
  process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}

export const say = (options: Common, en: string, zh: string): string => (languageFrom(options.lang) === 'zh' ? zh : en);

/** Runs an action; what goes wrong is one line and exit code 1. Where it `needs` a configuration, --config must be given. */
export function guarded<O extends Common>(work: (options: O, ...words: string[]) => Promise<void>, needs?: 'config') {
  return async (...given: unknown[]): Promise<void> => {
    const command = given[given.length - 1] as Command;
    const options = command.optsWithGlobals<O>();
    // An option of the command above, which has words that do without it: commander cannot require it.
    if (needs !== undefined && options.config === undefined) command.error("error: required option '--config <file>' not specified");
    try {
      await work(options, ...(given.slice(0, -2) as string[]));
    } catch (error) {
      failWith(error, languageFrom(options.lang), options.json === true);
    }
  };
}

/** What a configuration says itself, or names by a variable of the environment or a file. */
export function secret(configured: string, config: string): string {
  return secretOf(configured, process.env, (file) => readPrivate(besideConfig(config, file), POSIX));
}

export function passphraseOf(configured: string, config: string): string {
  return secret(configured, config);
}

/** The address or the file of the database. */
export function databaseOf(configured: string, config: string): string {
  const { isPostgres } = require('../common/shared') as typeof import('../common/shared');
  const where = secret(configured, config);
  return isPostgres(where) || where === ':memory:' ? where : besideConfig(config, where);
}
