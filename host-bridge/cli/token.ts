/** The PKCS#11 token with the permit keys, as a configuration has it; and `smartseal desk keys-to-token`, by which the permit root goes there. */
import type { Command } from 'commander';
import { besideConfig, loadConfig } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { readPrivate, writeDurably } from '../common/files';
import type { Log } from '../common/log';
import { openAuthorityKeys, sealKeys, signInKeyOf, type DeskKeys } from '../desk/authority/keystore';
import type { TokenPermitKeys } from '../desk/authority/token';
import { DeskConfig } from '../desk/config';
import { databaseOf, guarded, passphraseOf, print, random, say, secret, type Configured } from './desk-command';
import { POSIX } from './system';

/** The token of a configuration; undefined where the key file holds the permit root. @throws TOKEN_MODULE, CONFIG where the environment has no PIN */
export function tokenOf({ pkcs11 }: DeskConfig, path: string, log?: Log): TokenPermitKeys | undefined {
  if (pkcs11 === undefined) return undefined;
  const { createLog } = require('../common/log') as typeof import('../common/log');
  const { TokenPermitKeys } = require('../desk/authority/token') as typeof import('../desk/authority/token');
  const pin = secret(pkcs11.pin, path);
  return new TokenPermitKeys({ ...pkcs11, pin, log: log ?? createLog(process.stderr, 'info') });
}

/** The token as a desk starts with it: one that is away is waited for, one that is set up wrongly is not. */
export function tokenAtStart(config: DeskConfig, keys: DeskKeys, path: string, log: Log): TokenPermitKeys | undefined {
  if (config.pkcs11 !== undefined && keys.permitRoot !== undefined) throw new Problem(COMMON.CONFIG, `${path} at pkcs11: the key file still holds the permit root; smartseal desk keys-to-token`);
  const token = tokenOf(config, path, log);
  try {
    token?.check();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'TOKEN_AWAY') throw error;
  }
  return token;
}

async function keysToToken(options: Configured & { new?: boolean }): Promise<void> {
  const path = options.config;
  const config = loadConfig(DeskConfig, path);
  const token = tokenOf(config, path);
  if (token === undefined) throw new Problem(COMMON.CONFIG, `${path}: pkcs11`);
  try {
    const file = besideConfig(path, config.keys);
    const passphrase = passphraseOf(config.passphrase, path);
    const keys = await openAuthorityKeys(readPrivate(file, POSIX), passphrase);
    if (keys.permitRoot === undefined) throw new Problem(COMMON.CONFLICT, `${file} holds no permit root`);
    if (options.new === true) {
      await checkNoUnits(databaseOf(config.database, path));
      token.makeRoot();
    } else token.takeRoot(keys.permitRoot);
    const { evidenceRoot, registerSeed, registerName } = keys;
    writeDurably(file, await sealKeys({ evidenceRoot, registerSeed, registerName, signInKey: signInKeyOf(keys) }, { passphrase, random }), 0o600);
    print(options, { token: config.pkcs11?.token, key: config.pkcs11?.key, keys: file }, [
      say(options, `The permit root is on the token ${config.pkcs11?.token}, and no longer in ${file}: destroy older copies of that file`, `许可根密钥已在密码设备 ${config.pkcs11?.token} 中，${file} 不再包含；请销毁该文件的旧副本`),
    ]);
  } finally {
    token.close();
  }
}

/** Units that exist have keys of the root that exists. */
async function checkNoUnits(database: string): Promise<void> {
  const { openShared } = require('../common/shared') as typeof import('../common/shared');
  const { deskMigrations } = require('../desk/tables') as typeof import('../desk/tables');
  const store = await openShared<import('../desk/tables').Tables>(database, deskMigrations, { connections: 1 });
  try {
    if (await store.read((db) => db.selectFrom('device').select('id').executeTakeFirst())) throw new Problem(COMMON.CONFLICT, 'there are units, with keys of the root there is: without --new');
  } finally {
    await store.close();
  }
}

/** Below `smartseal desk`. */
export function registerToken(desk: Command): void {
  desk
    .command('keys-to-token')
    .description('move the permit root from the key file to the PKCS#11 token of the configuration (密码设备)')
    .option('--new', 'a new root, made on the token: only before there are units')
    .action(guarded(keysToToken, 'config'));
}
