/**
 * The authority's key file: root secrets under scrypt (RFC 7914) and AES-256-GCM (NIST SP 800-38D). Whoever holds the
 * permit root can make any device stamp, so it exists in clear only inside the process that grants.
 */
import { createCipheriv, createDecipheriv, createHmac, scrypt } from 'node:crypto';
import { Problem } from '../../common/errors';
import { DESK } from '../errors';

/** Roots the desk works with, and what signs the register. Each 32 bytes. */
export interface AuthorityKeys {
  permitRoot: Buffer;
  evidenceRoot: Buffer;
  registerSeed: Buffer;
  /** Name in the register's checkpoints, without spaces or plus signs. */
  registerName: string;
}

/** What the desk itself has: without the permit root where that is on a PKCS#11 token (token.ts). */
export type DeskKeys = Omit<AuthorityKeys, 'permitRoot'> & {
  permitRoot?: Buffer | undefined;
  /** Key of what sign-in keeps secret; from the permit root where absent. */
  signInKey?: Buffer | undefined;
};

/** Key of what sign-in keeps secret (people/steps.ts). */
export function signInKeyOf(keys: DeskKeys): Buffer {
  if (keys.signInKey !== undefined) return keys.signInKey;
  if (keys.permitRoot === undefined) throw new Problem(DESK.KEYS_LOCKED);
  return createHmac('sha256', keys.permitRoot).update('smartseal/sign-in').digest();
}

/** Secret bytes of which the key of files at rest is made (documents/cipher.ts); undefined where the key file has none. */
export function filesRootOf(keys: DeskKeys): Buffer | undefined {
  return keys.signInKey === undefined && keys.permitRoot === undefined ? undefined : signInKeyOf(keys);
}

/** Root of the link keys: only needed to provision units, so it is kept in a file of its own. */
export interface LinkKeys {
  linkRoot: Buffer;
}

/** scrypt cost: 2^17 · 8 · 128 B = 128 MiB and a fraction of a second (OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1). */
export const scryptCost = { N: 1 << 17, r: 8, p: 1 } as const;

interface Sealed {
  format: 'smartseal-keys-1';
  kdf: { name: 'scrypt'; N: number; r: number; p: number; salt: string };
  nonce: string;
  data: string;
  tag: string;
}

export interface SealOptions {
  passphrase: string;
  random: (length: number) => Buffer;
  /** Cheaper cost, for tests. */
  cost?: { N: number; r: number; p: number };
}

/** On a thread of Node's pool: two files take no longer than one where there are two cores, and modules load meanwhile. */
function derive(passphrase: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, { ...cost, maxmem: 256 * cost.N * cost.r }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** The text of a key file holding these secrets. Buffers are written in hexadecimal. */
export async function sealKeys(keys: DeskKeys | LinkKeys, options: SealOptions): Promise<string> {
  const cost = options.cost ?? scryptCost;
  const salt = options.random(16);
  const nonce = options.random(12);
  const plain = JSON.stringify(keys, (_key, value: unknown) => (isBufferJson(value) ? Buffer.from(value.data).toString('hex') : value));
  const cipher = createCipheriv('aes-256-gcm', await derive(options.passphrase, salt, cost), nonce);
  cipher.setAAD(Buffer.from('smartseal-keys-1'));
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const sealed: Sealed = {
    format: 'smartseal-keys-1',
    kdf: { name: 'scrypt', N: cost.N, r: cost.r, p: cost.p, salt: salt.toString('hex') },
    nonce: nonce.toString('hex'),
    data: data.toString('base64'),
    tag: cipher.getAuthTag().toString('hex'),
  };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

function isBufferJson(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}

/** Opens a key file. Rejects with KEYS_LOCKED on a wrong passphrase or a changed file, without saying which. */
async function open(text: string, passphrase: string): Promise<Record<string, unknown>> {
  try {
    const sealed = JSON.parse(text) as Sealed;
    const { N, r, p } = sealed.kdf;
    if (sealed.format !== 'smartseal-keys-1' || N > 1 << 20 || r > 32 || p > 16) throw new Error('format');
    const tag = Buffer.from(sealed.tag, 'hex');
    if (tag.length !== 16) throw new Error('tag');
    const key = await derive(passphrase, Buffer.from(sealed.kdf.salt, 'hex'), { N, r, p });
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.nonce, 'hex'));
    decipher.setAAD(Buffer.from(sealed.format));
    decipher.setAuthTag(tag);
    const plain = Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new Problem(DESK.KEYS_LOCKED);
  }
}

function secret(value: unknown): Buffer {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw new Problem(DESK.KEYS_LOCKED);
  return Buffer.from(value, 'hex');
}

export async function openAuthorityKeys(text: string, passphrase: string): Promise<DeskKeys> {
  const found = await open(text, passphrase);
  const one = (name: 'permitRoot' | 'signInKey'): Buffer | undefined => (found[name] === undefined ? undefined : secret(found[name]));
  return {
    permitRoot: one('permitRoot'),
    signInKey: one('signInKey'),
    evidenceRoot: secret(found['evidenceRoot']),
    registerSeed: secret(found['registerSeed']),
    registerName: String(found['registerName']),
  };
}

export async function openLinkKeys(text: string, passphrase: string): Promise<LinkKeys> {
  return { linkRoot: secret((await open(text, passphrase))['linkRoot']) };
}

/** New roots from unpredictable bytes. */
export function newAuthorityKeys(registerName: string, random: (length: number) => Buffer): AuthorityKeys {
  return { permitRoot: random(32), evidenceRoot: random(32), registerSeed: random(32), registerName };
}
