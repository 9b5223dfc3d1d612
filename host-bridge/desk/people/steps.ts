/**
 * What a browser carries from one step of a sign-in to the next (a challenge, a state), and what must be kept secret in the
 * database: encrypted and authenticated by AES-256-GCM (NIST SP 800-38D) under a key of the authority. So a stranger who begins
 * and never goes on leaves nothing behind, any replica can go on, and each step is taken once.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Problem } from '../../common/errors';
import { digestOfToken } from '../../common/tokens';
import { DESK } from '../errors';
import type { Trx } from '../history';

/** Seconds from one step to the next. */
export const STEP_WITHIN = 300;
/** Characters of a step at most: a challenge, or a hash with a secret. */
export const STEP_MOST = 2000;

export type StepKind = 'passkey-new' | 'passkey' | 'password' | 'company' | 'signature';

export class Steps {
  /** @param key 32 secret bytes @param seconds Unix seconds */
  constructor(private readonly key: Buffer, private readonly random: (length: number) => Buffer, readonly seconds: () => number) {}

  /** Encrypts a text; `label` must be said again to read it. */
  close(label: string, text: string): string {
    const nonce = this.random(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(label, 'utf8'));
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** The text again; undefined for one that was closed by somebody else, under another label, or changed. */
  open(label: string, closed: string): string | undefined {
    const bytes = Buffer.from(closed, 'base64url');
    if (bytes.length < 28 || bytes.toString('base64url') !== closed) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(label, 'utf8'));
    decipher.setAuthTag(bytes.subarray(-16));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  /** Begins a step. @param person whose it is; 0: not known yet */
  begin(kind: StepKind, person: number, data: Record<string, string>): string {
    return this.close(kind, JSON.stringify({ person, until: this.seconds() + STEP_WITHIN, data }));
  }

  /** What was begun, which may be looked at before it is used up. Throws STEP_OVER. */
  read(kind: StepKind, person: number, step: string): Record<string, string> {
    const text = step.length > STEP_MOST ? undefined : this.open(kind, step);
    const told = text === undefined ? undefined : (JSON.parse(text) as { person: number; until: number; data: Record<string, string> });
    if (told === undefined || told.person !== person || this.seconds() >= told.until) throw new Problem(DESK.STEP_OVER);
    return told.data;
  }

  /** Uses it up. Throws STEP_OVER when it was before. */
  async use(trx: Trx, step: string): Promise<void> {
    const sha256 = digestOfToken(step);
    await trx.deleteFrom('used_step').where('until', '<', this.seconds()).execute();
    if (await trx.selectFrom('used_step').select('until').where('sha256', '=', sha256).executeTakeFirst()) throw new Problem(DESK.STEP_OVER);
    await trx.insertInto('used_step').values({ sha256, until: this.seconds() + STEP_WITHIN }).execute();
  }
}
