/**
 * Password and TOTP (RFC 6238), for who has no passkey: both are set together and asked together, and one answer says that something
 * was wrong, whatever it was. What does not exist is computed all the same. Recovery codes stand in for the TOTP, each once.
 */
import { Secret, TOTP } from 'otpauth';
import { Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import { digestOfToken, type Principal } from '../../common/tokens';
import { DESK } from '../errors';
import type { Trx } from '../history';
import { appendEntry } from '../register/register';
import type { SecurityLog } from '../security/log';
import { tell } from '../security/notices';
import type { Tables } from '../tables';
import { getPerson, loginText } from './people';
import { checkPassword, hashOf, isPassword, nobodysHash, peppered, plainCode, recoveryCode } from './secrets';
import type { Administrators } from './administrators';
import type { Client, Opened, Sessions } from './sessions';
import type { Steps } from './steps';
import { accountOf, addressOf, browserOf, knownBrowser, loginOf, type Subject, type Throttle } from './throttle';

/** Seconds of a step, and steps before and after the present one that are taken. */
const PERIOD = 30;
const AROUND = 1;
const RECOVERY_CODES = 10;
/** Of each so many failures since the last success the person is told. */
const FAILURES = 10;

export interface PasswordsOptions {
  store: Store<Tables>;
  steps: Steps;
  sessions: Sessions;
  throttle: Throttle;
  administrators: Administrators;
  random(length: number): Buffer;
  /** Who issues the TOTP, as the program of the phone shows it. */
  issuer: string;
  security: SecurityLog;
  /** 32 secret bytes that are not in the database. */
  pepper: Buffer;
}

const totpOf = (secret: string, issuer = '', label = ''): TOTP => new TOTP({ issuer, label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: PERIOD });

export class Passwords {
  private readonly nobody: { hash: string; secret: string };

  constructor(private readonly o: PasswordsOptions) {
    this.nobody = { hash: nobodysHash((length) => o.random(length), o.pepper), secret: this.newSecret() };
  }

  private newSecret(): string {
    return new Secret({ buffer: new Uint8Array(this.o.random(20)).buffer }).base32;
  }

  /** The step of 30 seconds whose code this is; undefined: of none around now. */
  private stepOf(secret: string, code: string): number | undefined {
    const now = this.o.steps.seconds();
    const delta = totpOf(secret).validate({ token: code, window: AROUND, timestamp: now * 1000 });
    return delta === null ? undefined : Math.floor(now / PERIOD) + delta;
  }

  /** Puts under the pepper what is kept without: of a desk that had none. Returns how many. */
  async pepperAll(): Promise<number> {
    const { store, pepper } = this.o;
    const plain = (await store.read((db) => db.selectFrom('password').select(['person', 'hash']).execute())).filter(({ hash }) => peppered(hash, pepper) !== hash);
    if (plain.length === 0) return 0;
    await store.commit(async (trx) => {
      for (const { person, hash } of plain) await trx.updateTable('password').set({ hash: peppered(hash, pepper) }).where('person', '=', person).where('hash', '=', hash).execute();
    });
    return plain.length;
  }

  /** Whoever has a session of somebody has not their password yet. Throws OLD_PASSWORD, TOO_MANY. */
  private async checkOld(person: number, login: string, old: string | undefined): Promise<void> {
    const row = await this.o.store.read((db) => db.selectFrom('password').select('hash').where('person', '=', person).executeTakeFirst());
    if (row === undefined) return;
    const subjects = [loginOf(login), accountOf(login, 'session')];
    if (old === undefined) throw new Problem(DESK.OLD_PASSWORD);
    await this.o.throttle.take(subjects);
    if (!(await isPassword(old, row.hash, this.o.pepper))) throw new Problem(DESK.OLD_PASSWORD);
    await this.o.throttle.forgive(subjects);
  }

  /** First half of setting both. @param old the present password, where there is one and an administrator has not invited them anew. Throws NO_LOGIN, OLD_PASSWORD, PASSWORD_WEAK, TOO_MANY. */
  async begin(caller: Principal, password: string, old: string | undefined): Promise<{ step: string; secret: string; uri: string }> {
    const person = Number(caller.name);
    const { name, login } = await this.o.store.read((db) => getPerson(db, person));
    if (login === undefined) throw new Problem(DESK.NO_LOGIN);
    if (caller.session?.how !== 'invitation') await this.checkOld(person, login, old);
    checkPassword(password, [name, login, login.split('@')[0] ?? '']);
    const secret = this.newSecret();
    const hash = await hashOf(password, this.o.random(16), this.o.pepper);
    return { step: this.o.steps.begin('password', person, { hash, secret }), secret, uri: totpOf(secret, this.o.issuer, login).toString() };
  }

  /** Second half: the phone shows the right code. Returns the recovery codes, shown this once. Throws STEP_OVER, CODE_WRONG. */
  async set(caller: Principal, step: string, code: string): Promise<string[]> {
    const person = Number(caller.name);
    const { steps, sessions } = this.o;
    const { hash = '', secret = '' } = steps.read('password', person, step);
    const used = this.stepOf(secret, code);
    if (used === undefined) throw new Problem(DESK.CODE_WRONG);
    const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode((length) => this.o.random(length)));
    await this.o.store.commit(async (trx) => {
      await steps.use(trx, step);
      await this.clear(trx, person);
      await trx.insertInto('password').values({ person, hash: peppered(hash, this.o.pepper), totp: steps.close(`totp ${person}`, secret), step: used, created: steps.seconds() }).execute();
      for (const one of codes) await trx.insertInto('recovery_code').values({ sha256: digestOfToken(plainCode(one)), person, used: null }).execute();
      await appendEntry(trx, steps.seconds(), 'password', { person, by: person }, (await getPerson(trx, person)).name);
      await tell(trx, person, 'password', steps.seconds());
      await sessions.meansSet(trx, person, caller);
    });
    return codes;
  }

  private async clear(trx: Trx, person: number): Promise<boolean> {
    await trx.deleteFrom('recovery_code').where('person', '=', person).execute();
    return Number((await trx.deleteFrom('password').where('person', '=', person).executeTakeFirst()).numDeletedRows) > 0;
  }

  /** Takes password, TOTP and recovery codes away. Returns whether there were any. Throws CONFLICT where the last administrator could not sign in without them. */
  async remove(person: number, by: number): Promise<boolean> {
    return this.o.store.commit(async (trx) => {
      const { name } = await getPerson(trx, person);
      const had = await this.o.administrators.keep(trx, () => this.clear(trx, person));
      if (had) {
        await appendEntry(trx, this.o.steps.seconds(), 'password-removed', { person, by }, name);
        await tell(trx, person, 'password-removed', this.o.steps.seconds(), by === person ? {} : { by });
      }
      return had;
    });
  }

  /** Opens a session. @param code six digits, or a recovery code. Throws TOO_MANY, and for all else SIGN_IN_FAILED. */
  async signIn(login: string, password: string, code: string, client: Client): Promise<Opened> {
    const { store, sessions, steps, throttle } = this.o;
    const account = loginText(login);
    const subjects = await this.subjects(account, client);
    const [failures = 0] = await throttle.take(subjects);
    const row = await store.read((db) =>
      db.selectFrom('person').innerJoin('password', 'password.person', 'person.id').select(['password.person', 'password.hash', 'password.totp']).where('person.login', '=', account).executeTakeFirst(),
    );
    const secret = (row && steps.open(`totp ${row.person}`, row.totp)) ?? this.nobody.secret;
    const known = await isPassword(password, row?.hash ?? this.nobody.hash, this.o.pepper);
    const step = this.stepOf(secret, code);
    // Whoever it is and whatever is wrong, one transaction with one change is tried: how long it takes does not tell that the password alone was right.
    const person = row !== undefined && known ? Number(row.person) : 0;
    const opened = await store.commit(async (trx) => {
      if (!(await (step === undefined ? this.useRecovery(trx, person, code) : this.useStep(trx, person, row?.hash ?? '', step)))) throw new Problem(DESK.SIGN_IN_FAILED);
      if (step === undefined) {
        await appendEntry(trx, steps.seconds(), 'recovery-code', { person }, (await getPerson(trx, person)).name);
        await tell(trx, person, 'recovery-code', steps.seconds(), { agent: client.agent, address: client.address });
      }
      return sessions.open(trx, person, 'password', client);
    }).catch((error: unknown) => {
      if (row !== undefined) this.failed(Number(row.person), failures, known && step !== undefined, client);
      throw error;
    });
    await throttle.forgive(subjects);
    return opened;
  }

  /** By what an attempt is counted; first of all by what its person is told of. */
  private async subjects(account: string, { address, browser }: Client): Promise<Subject[]> {
    const known = await this.o.store.read((db) => knownBrowser(db, browser, { login: account }));
    if (known !== undefined) return [browserOf(account, known)];
    const where = addressOf(address);
    return [loginOf(account), accountOf(account, where.text), where];
  }

  /** Notes whose account it was. @param used the password was right, and so was the code, which had been used before: somebody has seen both */
  private failed(person: number, failures: number, used: boolean, client: Client): void {
    const { security } = this.o;
    const { agent, address } = client;
    client.account = person;
    if (used) {
      security.note({ kind: 'code-reused', person, how: 'password', code: DESK.SIGN_IN_FAILED.code, what: '', address });
      security.tell(person, 'code-reused', { agent, address });
    }
    if (failures > 0 && failures % FAILURES === 0) security.tell(person, 'failures', { agent, address, count: failures });
  }

  /** Each step once. What was replaced or taken away while the hash was made is worth nothing any more. */
  private async useStep(trx: Trx, person: number, hash: string, step: number): Promise<boolean> {
    const { numUpdatedRows } = await trx.updateTable('password').set({ step }).where('person', '=', person).where('hash', '=', hash).where('step', '<', step).executeTakeFirst();
    return Number(numUpdatedRows) === 1;
  }

  /** A new password has new codes, so one of the old is not found. */
  private async useRecovery(trx: Trx, person: number, code: string): Promise<boolean> {
    const { numUpdatedRows } = await trx
      .updateTable('recovery_code').set({ used: this.o.steps.seconds() }).where('sha256', '=', digestOfToken(plainCode(code))).where('person', '=', person).where('used', 'is', null).executeTakeFirst();
    return Number(numUpdatedRows) === 1;
  }
}
