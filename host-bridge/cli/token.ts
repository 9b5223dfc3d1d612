/** `smartseal desk keys-to-token`: the permit root goes to the PKCS#11 token of the configuration. */
import type { Command } from 'commander';
import { besideConfig, loadConfig } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { readPrivate, writeDurably } from '../common/files';
import { openAuthorityKeys, sealKeys, signInKeyOf } from '../desk/authority/keystore';
import { DeskConfig } from '../desk/config';
import { databaseOf, guarded, passphraseOf, print, random, say, type Configured } from './desk-open';
import { POSIX } from './system';
import { tokenOf } from './token-open';

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
