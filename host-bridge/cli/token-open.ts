/** The PKCS#11 token with the permit keys, as a configuration has it. */
import { besideConfig, secretOf } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { readPrivate } from '../common/files';
import type { Log } from '../common/log';
import type { DeskKeys } from '../desk/authority/keystore';
import type { TokenPermitKeys } from '../desk/authority/token';
import type { DeskConfig } from '../desk/config';
import { POSIX } from './system';

/** The token of a configuration; undefined where the key file holds the permit root. @throws TOKEN_MODULE, CONFIG where the environment has no PIN */
export function tokenOf({ pkcs11 }: DeskConfig, path: string, log?: Log): TokenPermitKeys | undefined {
  if (pkcs11 === undefined) return undefined;
  const { createLog } = require('../common/log') as typeof import('../common/log');
  const { TokenPermitKeys } = require('../desk/authority/token') as typeof import('../desk/authority/token');
  const pin = secretOf(pkcs11.pin, process.env, (file) => readPrivate(besideConfig(path, file), POSIX));
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
