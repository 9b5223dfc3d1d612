/** Passwords as they are kept and what is asked of them (NIST SP 800-63B-4 section 3.1.1.2, OWASP Password Storage Cheat Sheet), and recovery codes. */
import { createHmac, scrypt, timingSafeEqual } from 'node:crypto';
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';

/** scrypt (RFC 7914): 2^15 · 8 · 128 B = 32 MiB, three times over: as dear as 128 MiB once, by OWASP's table, and the desk has room for several. */
export const COST = { ln: 15, r: 8, p: 3 } as const;
export const LENGTH = { least: 12, most: 128 } as const;
/** Hashes at work at once, and waiting. */
const AT_ONCE = 2;
const WAITING = 50;

let working = 0;
const waiting: (() => void)[] = [];

/** One hash. Throws TOO_MANY while too many wait. */
async function derive(password: string, salt: Buffer, { ln, r, p }: { ln: number; r: number; p: number }): Promise<Buffer> {
  if (working >= AT_ONCE) {
    if (waiting.length >= WAITING) throw new Problem(COMMON.TOO_MANY, { retryAfter: 5 });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else working += 1;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, 32, { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r }, (error, key) => (error ? reject(error) : resolve(key)));
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) working -= 1;
    else next();
  }
}

/** What no copy of the database has: without it no guess at a password can be tried (OWASP Password Storage Cheat Sheet, "Peppering"). @param key what sign-in keeps secret by, of the key store */
export function pepperOf(key: Buffer): Buffer {
  return createHmac('sha256', key).update('smartseal/password-pepper').digest();
}

/** The password as a PHC string: $scrypt$ln=15,r=8,p=3,k=1$salt$hash. `k=1`: the hash is the HMAC-SHA-256 of scrypt's under the pepper. */
export async function hashOf(password: string, salt: Buffer, pepper: Buffer): Promise<string> {
  return peppered(phc(salt, await derive(password, salt, COST)), pepper);
}

const text = (data: Buffer): string => data.toString('base64').replace(/=+$/, '');
const phc = (salt: Buffer, hash: Buffer): string => `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${text(salt)}$${text(hash)}`;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})(,k=1)?\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/;
const underPepper = (hash: Buffer, pepper: Buffer): Buffer => createHmac('sha256', pepper).update(hash).digest();

/** The same password under the pepper, also one that was kept without: for that nobody has to type it. */
export function peppered(kept: string, pepper: Buffer): string {
  const match = PHC.exec(kept);
  if (match === null || match[4] !== undefined) return kept;
  const [, ln, r, p, , salt, hash = ''] = match;
  return `$scrypt$ln=${ln},r=${r},p=${p},k=1$${salt}$${text(underPepper(Buffer.from(hash, 'base64'), pepper))}`;
}

/** What nobody's password is, and costs as much to find out. */
export function nobodysHash(random: (length: number) => Buffer, pepper: Buffer): string {
  return peppered(phc(random(16), random(32)), pepper);
}

/** Whether it is the password that is kept. One that is kept without the pepper is none: the desk mends those when it opens. */
export async function isPassword(password: string, kept: string, pepper: Buffer): Promise<boolean> {
  const match = PHC.exec(kept);
  if (match === null || match[4] === undefined) return false;
  const [, ln, r, p, , salt = '', hash = ''] = match;
  const made = await derive(password, Buffer.from(salt, 'base64'), { ln: Number(ln), r: Number(r), p: Number(p) });
  return timingSafeEqual(underPepper(made, pepper), Buffer.from(hash, 'base64'));
}

let common: ReadonlySet<string> | undefined;

/** Throws PASSWORD_WEAK naming the rule. @param own words of the person: name, login */
export function checkPassword(password: string, own: readonly string[]): void {
  const text = password.normalize('NFKC').toLowerCase();
  const length = [...text].length;
  const refuse = (why: string): never => {
    throw new Problem(DESK.PASSWORD_WEAK, why);
  };
  if (length < LENGTH.least || length > LENGTH.most) refuse(`${LENGTH.least} to ${LENGTH.most} characters / ${LENGTH.least} 至 ${LENGTH.most} 个字符`);
  if (new Set(text).size < 5) refuse('at least five different characters / 至少五种不同字符');
  if (own.some((word) => [...word].length >= 3 && text.includes(word.normalize('NFKC').toLowerCase()))) refuse('not your own name / 不得包含本人姓名或登录名');
  // 49,000 that others have had taken from them; also with digits and signs behind, or written several times.
  common ??= new Set((require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common')).dictionary['passwords-common']);
  const bare = text.replace(/[\d\W_]+$/u, '');
  const once = /^(.{2,}?)\1+$/u.exec(text)?.[1] ?? text;
  if ([text, bare, once].some((form) => common?.has(form))) refuse('not one of the common ones / 不得使用常见密码');
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'; // without those that are read for others

/** A recovery code of 79 bits in four groups: nobody tries that many, so its plain SHA-256 may be kept. */
export function recoveryCode(random: (length: number) => Buffer): string {
  let code = '';
  while (code.length < 16) for (const byte of random(32)) if (byte < 248 && code.length < 16) code += LETTERS[byte % 31];
  return (code.match(/.{4}/g) ?? []).join('-');
}

/** The same however it was typed. */
export const plainCode = (typed: string): string => typed.toLowerCase().replace(/[^a-z0-9]/g, '');
