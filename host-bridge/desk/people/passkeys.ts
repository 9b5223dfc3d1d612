/**
 * Passkeys (Web Authentication Level 3). Registration and authentication are bound to the origin and the relying party id of the
 * configuration; the authenticator must have verified its person; attestation is not asked for. A counter that does not grow is a copy.
 */
import { createHash } from 'node:crypto';
import type { AuthenticationResponseJSON, AuthenticatorTransport, RegistrationResponseJSON } from '@simplewebauthn/server';
import { COMMON, Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import type { Principal } from '../../common/tokens';
import { DESK } from '../errors';
import type { Trx } from '../history';
import type { Assertion } from '../register/signature';
import { appendEntry } from '../register/register';
import { tell } from '../security/notices';
import type { Db, Tables } from '../tables';
import { getPerson } from './people';
import type { Administrators } from './administrators';
import type { Client, Opened, Sessions } from './sessions';
import { STEP_WITHIN, type Steps } from './steps';
import { addressOf, browserOf, knownBrowser, type Throttle } from './throttle';

/** Passkeys of one person at most. */
const MOST = 20;
/** COSE algorithms: ES256, Ed25519, RS256. */
const ALGORITHMS = [-7, -8, -257];

export interface Passkey {
  id: string;
  name: string;
  created: number;
  used: number | null;
}

export interface PasskeyOptions {
  store: Store<Tables>;
  steps: Steps;
  sessions: Sessions;
  throttle: Throttle;
  administrators: Administrators;
  random(length: number): Buffer;
  origin: string;
  rpId: string;
  /** As the browser shows it. */
  rpName: string;
}

const library = (): typeof import('@simplewebauthn/server') => require('@simplewebauthn/server') as typeof import('@simplewebauthn/server');
/** A copy: the library wants an array with a buffer of its own. */
const bytesOf = (data: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(data);

export async function listPasskeys(db: Db, person: number): Promise<Passkey[]> {
  const rows = await db.selectFrom('passkey').select(['id', 'name', 'created', 'used']).where('person', '=', person).where('removed', 'is', null).orderBy('created').orderBy('id').execute();
  return rows.map((row) => ({ id: row.id, name: row.name, created: Number(row.created), used: row.used === null ? null : Number(row.used) }));
}

export class Passkeys {
  constructor(private readonly o: PasskeyOptions) {}

  /** Domain that they are for. */
  get domain(): string {
    return this.o.rpId;
  }

  /** What an authenticator keeps as whose the passkey is: nothing that says more than the number. */
  private handle(person: number): Buffer {
    return createHash('sha256').update(`${this.o.rpId}/${person}`).digest();
  }

  /** For navigator.credentials.create(). */
  async beginRegistration(person: number): Promise<{ step: string; options: object }> {
    const { name, login, credentials } = await this.o.store.read(async (db) => ({
      ...(await getPerson(db, person)), credentials: await db.selectFrom('passkey').select('credential').where('person', '=', person).where('removed', 'is', null).execute(),
    }));
    const challenge = this.o.random(32);
    const options = await library().generateRegistrationOptions({
      rpName: this.o.rpName, rpID: this.o.rpId, userName: login ?? name, userDisplayName: name, userID: bytesOf(this.handle(person)), challenge: bytesOf(challenge), timeout: STEP_WITHIN * 1000,
      attestationType: 'none', excludeCredentials: credentials.map(({ credential }) => ({ id: credential })), supportedAlgorithmIDs: ALGORITHMS,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    return { step: this.o.steps.begin('passkey-new', person, { challenge: challenge.toString('base64url') }), options };
  }

  /** Keeps a new passkey. Throws STEP_OVER, PASSKEY_REFUSED, CONFLICT. */
  async register(caller: Principal, step: string, response: RegistrationResponseJSON, name: string): Promise<Passkey> {
    const person = Number(caller.name);
    const { challenge = '' } = this.o.steps.read('passkey-new', person, step);
    const { steps, sessions, origin, rpId } = this.o;
    const verified = await library()
      .verifyRegistrationResponse({ response, expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true, supportedAlgorithmIDs: ALGORITHMS })
      .catch((cause: unknown) => {
        throw new Problem(DESK.PASSKEY_REFUSED, { cause });
      });
    if (!verified.verified) throw new Problem(DESK.PASSKEY_REFUSED);
    const { credential } = verified.registrationInfo;
    const key = Buffer.from(credential.publicKey);
    return this.o.store.commit(async (trx) => {
      await steps.use(trx, step);
      const id = this.o.random(8).toString('hex');
      const now = steps.seconds();
      if (await trx.selectFrom('passkey').select('id').where('credential', '=', credential.id).executeTakeFirst()) throw new Problem(COMMON.CONFLICT, 'this passkey is known already');
      if ((await listPasskeys(trx, person)).length >= MOST) throw new Problem(COMMON.CONFLICT, `${MOST} passkeys`);
      await trx
        .insertInto('passkey')
        .values({ id, credential: credential.id, person, public_key: key.toString('base64'), counter: credential.counter, transports: (response.response.transports ?? []).join(' '), name, created: now, used: null, removed: null, rp_id: rpId })
        .execute();
      await appendEntry(trx, now, 'passkey', { person, passkey: id, key, by: person }, (await getPerson(trx, person)).name);
      await tell(trx, person, 'passkey', now, { name });
      await sessions.meansSet(trx, person, caller);
      return { id, name, created: now, used: null };
    });
  }

  /** For navigator.credentials.get(): whoever has a passkey here; nobody says first who they are. */
  async beginSignIn(): Promise<{ step: string; options: object }> {
    const challenge = this.o.random(32);
    const options = await library().generateAuthenticationOptions({ rpID: this.o.rpId, challenge: bytesOf(challenge), timeout: STEP_WITHIN * 1000, userVerification: 'required' });
    return { step: this.o.steps.begin('passkey', 0, { challenge: challenge.toString('base64url') }), options };
  }

  /** Opens a session. Throws STEP_OVER, TOO_MANY, and for all else SIGN_IN_FAILED. */
  async signIn(step: string, response: AuthenticationResponseJSON, client: Client): Promise<Opened> {
    const { steps, sessions, throttle, store } = this.o;
    const { challenge = '' } = steps.read('passkey', 0, step);
    const { row, known } = await store.read(async (db) => {
      const found = await db.selectFrom('passkey').selectAll().where('credential', '=', response.id).where('removed', 'is', null).executeTakeFirst();
      return { row: found, known: found && (await knownBrowser(db, client.browser, { person: Number(found.person) })) };
    });
    const subjects = [row !== undefined && known !== undefined ? browserOf(`passkey ${row.person}`, known) : addressOf(client.address)];
    await throttle.take(subjects);
    const counter = row === undefined ? undefined : await this.verify(response, challenge, row);
    if (row !== undefined) client.account = Number(row.person);
    if (row === undefined || counter === undefined) throw new Problem(DESK.SIGN_IN_FAILED);
    const opened = await store.commit(async (trx) => {
      await steps.use(trx, step);
      // Of two answers at once with one counter the second is a copy as well.
      const { numUpdatedRows } = await trx
        .updateTable('passkey').set({ counter, used: steps.seconds() }).where('id', '=', row.id).where('counter', '=', Number(row.counter)).where('removed', 'is', null).executeTakeFirst();
      if (Number(numUpdatedRows) !== 1) throw new Problem(DESK.SIGN_IN_FAILED);
      return sessions.open(trx, Number(row.person), 'passkey', client);
    });
    await throttle.forgive(subjects);
    return opened;
  }

  /** For navigator.credentials.get() over a challenge that says what is signed; with the passkeys of this person alone. */
  async signOptions(db: Db, person: number, challenge: Buffer): Promise<object> {
    const credentials = await db.selectFrom('passkey').select('credential').where('person', '=', person).where('removed', 'is', null).orderBy('created').execute();
    return library().generateAuthenticationOptions({
      rpID: this.o.rpId, challenge: bytesOf(challenge), timeout: STEP_WITHIN * 1000, userVerification: 'required', allowCredentials: credentials.map(({ credential }) => ({ id: credential })),
    });
  }

  /** An assertion of this person over a challenge, with all that it takes to check it again. Throws SIGNATURE_WRONG. */
  async signed(trx: Trx, person: number, challenge: Buffer, response: AuthenticationResponseJSON): Promise<{ passkey: string; assertion: Assertion }> {
    const row = await trx.selectFrom('passkey').selectAll().where('credential', '=', response.id).where('person', '=', person).where('removed', 'is', null).executeTakeFirst();
    const counter = row === undefined ? undefined : await this.verify(response, challenge.toString('base64url'), row);
    if (row === undefined || counter === undefined) throw new Problem(DESK.SIGNATURE_WRONG);
    await trx.updateTable('passkey').set({ counter, used: this.o.steps.seconds() }).where('id', '=', row.id).execute();
    const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
    const { authenticatorData, clientDataJSON, signature } = response.response;
    return {
      passkey: row.id,
      assertion: { key: Buffer.from(row.public_key, 'base64'), origin: this.o.origin, rpId: this.o.rpId, authenticatorData: bytes(authenticatorData), clientData: bytes(clientDataJSON), signature: bytes(signature) },
    };
  }

  /** The new counter of a good assertion. */
  private async verify(response: AuthenticationResponseJSON, challenge: string, row: { credential: string; public_key: string; counter: number; transports: string; person: number }): Promise<number | undefined> {
    const whose = response.response.userHandle;
    if (whose !== undefined && whose !== this.handle(Number(row.person)).toString('base64url')) return undefined;
    try {
      const { verified, authenticationInfo } = await library().verifyAuthenticationResponse({
        response, expectedChallenge: challenge, expectedOrigin: this.o.origin, expectedRPID: this.o.rpId, requireUserVerification: true,
        credential: { id: row.credential, publicKey: bytesOf(Buffer.from(row.public_key, 'base64')), counter: Number(row.counter), transports: row.transports.split(' ') as AuthenticatorTransport[] },
      });
      return verified ? authenticationInfo.newCounter : undefined;
    } catch {
      return undefined; // whatever was wrong with it: who guesses is not told
    }
  }

  /** Of those from before it was kept for which domain each is: for the one that is configured now. */
  async place(): Promise<void> {
    const { store, rpId } = this.o;
    if (await store.read((db) => db.selectFrom('passkey').select('id').where('rp_id', 'is', null).limit(1).executeTakeFirst())) await store.commit((trx) => trx.updateTable('passkey').set({ rp_id: rpId }).where('rp_id', 'is', null).execute());
  }

  /** Throws NOT_FOUND where the person has no such passkey, CONFLICT where the last administrator could not sign in without it. */
  async remove(person: number, id: string, by: number): Promise<void> {
    await this.o.store.commit(async (trx) => {
      const row = (await listPasskeys(trx, person)).find((one) => one.id === id);
      if (row === undefined) throw new Problem(COMMON.NOT_FOUND, `passkey ${id}`);
      await this.o.administrators.keep(trx, () => trx.updateTable('passkey').set({ removed: this.o.steps.seconds() }).where('id', '=', id).execute());
      await appendEntry(trx, this.o.steps.seconds(), 'passkey-removed', { person, passkey: id, by }, (await getPerson(trx, person)).name);
      await tell(trx, person, 'passkey-removed', this.o.steps.seconds(), { name: row.name, ...(by === person ? {} : { by }) });
    });
  }
}
