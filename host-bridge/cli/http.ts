/** TLS of our HTTP servers, from files. */
import { createSecureContext } from 'node:tls';
import type { TlsOptions } from '../common/app';
import { besideConfig, type TlsFiles } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { readOpen, readPrivate } from '../common/files';
import { POSIX } from './system';

/** Reads them. Throws CONFIG where certificate and key are no pair, or no PEM; the parser's own message says only where it stumbled. */
export function tlsOf(files: TlsFiles | undefined, path: string): TlsOptions | undefined {
  if (files === undefined) return undefined;
  const { cert, key, clientCa, clientRequired } = files;
  const pem = (file: string): string => readOpen(besideConfig(path, file));
  const secured = { cert: pem(cert), key: readPrivate(besideConfig(path, key), POSIX), ...(clientCa === undefined ? {} : { ca: pem(clientCa) }), required: clientRequired };
  try {
    createSecureContext(secured);
  } catch (error) {
    throw new Problem(COMMON.CONFIG, { detail: `${path} at tls: ${(error as NodeJS.ErrnoException).code ?? 'not usable'}`, cause: error });
  }
  return secured;
}
