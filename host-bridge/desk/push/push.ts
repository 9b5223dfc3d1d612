/**
 * Web push (RFC 8030, 8291, 8292): alarms and other cases reach those who deal with them while no page is open, and each person what
 * happened to their own account and to what they approved. What a message says is which case it is and at which unit, or which
 * application, encrypted for the one browser; no document, no name of a person. A message that is not taken is
 * sent again with growing pauses for a day, unless the case has been closed; a subscription that is over is removed. What is told of an
 * account is pushed also where it was marked as seen, and to a browser whose subscription was ended meanwhile: it may have been a thief.
 */
import { createECDH, type ECDH } from 'node:crypto';
import type { Clock } from '../../common/clock';
import { judgedUrl, NoAddress, type AddressRules } from '../../common/address';
import { Problem } from '../../common/errors';
import type { EventLog } from '../../common/events';
import type { Log } from '../../common/log';
import { poster, type Post } from '../../common/post';
import { DESK } from '../errors';
import type { Duty } from '../duty';
import { getCase } from '../follow/cases';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import { listPeople } from '../people/people';
import { operationsOf } from '../people/roles';
import type { Db, Tables } from '../tables';
import { isPoint, pushKey, type PushKey } from './keys';
import type { Client } from '../people/sessions';
import { tell, type NoticeDetail, type NoticeKind } from '../security/notices';
import { noticeText, textOf, type PushLanguage } from './words';

export interface PushOptions {
  /** Whom a push service may write to about this desk: mailto: or https: (RFC 8292 section 2.1). */
  contact: string;
  /** Networks (CIDR) in which push services may stand although they are not public. */
  networks: readonly string[];
  /** What posts; over the network where absent. */
  post?: Post | undefined;
}

export interface Subscription {
  endpoint: string;
  p256dh: string;
  auth: string;
  language: PushLanguage;
}

/** RFC 8188 and RFC 8291; the package brings no types. Throws where the keys, in base64url, are none. */
const { encrypt } = require('http_ece') as { encrypt(plain: Buffer, to: { version: 'aes128gcm'; privateKey: ECDH; dh: string; authSecret: string }): Buffer };

/** Subscriptions of one person; the oldest goes first. */
export const SUBSCRIPTIONS = 10;
const MARK = 'cases';
/** Events looked at in one go, and messages under way at once. */
const BATCH = 200;
const AT_ONCE = 8;
/** Seconds: the first pause, its growth, the longest; and how long a message is worth sending. */
const PAUSE = { first: 15, growth: 2, most: 1800 };
const LIFE = 86_400;
/** Seconds a push service keeps a message for a browser that is away, and that the desk's word to it is good. */
const TTL = LIFE / 2;
const TOKEN = 3600;

interface Receiver {
  endpoint: string;
  p256dh: string;
  auth: string;
}

interface Message {
  subscription: string;
  event: number;
  case_id: string;
  tries: number;
  until: number;
  notice: number | null;
}

export class Push {
  readonly key: PushKey;
  private readonly rules: AddressRules;
  private readonly post: Post;
  private readonly closing: () => void;
  private working: Promise<void> | undefined;

  constructor(
    private readonly o: { history: History; onDuty: History; events: EventLog<Tables>; duty: Duty; clock: Clock; log: Log; root: Buffer },
    private readonly options: PushOptions,
  ) {
    this.key = pushKey(o.root);
    this.rules = { networks: options.networks, http: false };
    const line = options.post === undefined ? poster(this.rules, o.clock, 'smartseal-desk') : undefined;
    this.post = options.post ?? line!.post;
    this.closing = line?.close ?? (() => undefined);
  }

  /** Keeps a browser of this person, who is told of one that is new. @throws PUSH_ADDRESS, PUSH_KEYS */
  async subscribe(person: number, given: Subscription, client: Client): Promise<string> {
    try {
      judgedUrl(given.endpoint, this.rules);
    } catch (error) {
      throw error instanceof NoAddress ? new Problem(DESK.PUSH_ADDRESS, error.message) : error;
    }
    if (!isPoint(given.p256dh) || Buffer.from(given.auth, 'base64url').length !== 16) throw new Problem(DESK.PUSH_KEYS);
    const id = sha256(given.endpoint).toString('hex').slice(0, 24);
    const { history } = this.o;
    const now = history.seconds();
    await history.store.commit(async (trx) => {
      const had = await trx.selectFrom('push_subscription').select('id').where('id', '=', id).where('person', '=', person).where('ended', 'is', null).executeTakeFirst();
      // Whoever signs in at a browser now has it, not who did before.
      await this.remove(trx, id);
      await trx.insertInto('push_subscription').values({ id, person, ...given, created: now, agent: client.agent.slice(0, 200), ended: null }).execute();
      const all = await trx.selectFrom('push_subscription').select(['id', 'agent']).where('person', '=', person).where('ended', 'is', null).orderBy('created', 'desc').orderBy('id').execute();
      // Also where it was made in a stolen session: what it is sent says what its person may see.
      if (!had) await tell(trx, person, 'push-added', now, { agent: client.agent, address: client.address, name: client.agent.slice(0, 200) });
      for (const old of all.slice(SUBSCRIPTIONS)) await this.end(trx, person, old, client);
    });
    return id;
  }

  async list(db: Db, person: number): Promise<{ id: string; agent: string; created: number }[]> {
    const rows = await db.selectFrom('push_subscription').select(['id', 'agent', 'created']).where('person', '=', person).where('ended', 'is', null).orderBy('created').execute();
    return rows.map((row) => ({ ...row, created: Number(row.created) }));
  }

  /** Ends one of this person's; they are told, and that browser last of all. False: they have none of that id. */
  unsubscribe(person: number, id: string, client: Client): Promise<boolean> {
    return this.o.history.store.commit(async (trx) => {
      const found = await trx.selectFrom('push_subscription').select(['id', 'agent']).where('id', '=', id).where('person', '=', person).where('ended', 'is', null).executeTakeFirst();
      if (found) await this.end(trx, person, found, client);
      return found !== undefined;
    });
  }

  /** A browser that ended it by itself takes nothing more; to one that did not it is told who did. */
  private async end(trx: Trx, person: number, { id, agent: name }: { id: string; agent: string }, { agent, address }: Client): Promise<void> {
    const now = this.o.history.seconds();
    await trx.updateTable('push_subscription').set({ ended: now }).where('id', '=', id).execute();
    // Those that were here longest are told: whoever makes and ends many pushes none of them out.
    const ended = await trx.selectFrom('push_subscription').select('id').where('person', '=', person).where('ended', 'is not', null).orderBy('created').orderBy('id').execute();
    for (const one of ended.slice(SUBSCRIPTIONS)) await this.remove(trx, one.id);
    await tell(trx, person, 'push-removed', now, { agent, address, name });
  }

  private async remove(trx: Trx, id: string): Promise<void> {
    await trx.deleteFrom('push_message').where('subscription', '=', id).execute();
    await trx.deleteFrom('push_subscription').where('id', '=', id).execute();
  }

  /** One look for what has to be pushed, and one try of what is due; by the replica on duty alone. */
  tick(): Promise<void> {
    this.working ??= this.work().finally(() => (this.working = undefined));
    return this.working;
  }

  private async work(): Promise<void> {
    while (await this.deal());
    await this.dealNotices();
    await this.send();
    await this.forget();
  }

  /** From new events to messages. True: there may be more. */
  private async deal(): Promise<boolean> {
    const { onDuty, events, history } = this.o;
    const mark = await history.store.read((db) => db.selectFrom('push_mark').select('event').where('name', '=', MARK).executeTakeFirst());
    const from = mark === undefined ? (await events.bounds()).newest : Number(mark.event);
    const found = await events.after(from, BATCH);
    const last = found.at(-1)?.id ?? from;
    if (mark !== undefined && last === from) return false;
    await onDuty.commit(async (trx) => {
      const now = history.seconds();
      for (const { id, type, data } of found) {
        if (type !== 'case' || data['closed'] === true) continue;
        for (const { id: subscription } of await this.readers(trx)) {
          await trx.insertInto('push_message').values({ subscription, event: id, case_id: String(data['case']), tries: 0, due: now, until: now + LIFE, notice: null }).onConflict((on) => on.doNothing()).execute();
        }
      }
      await trx.insertInto('push_mark').values({ name: MARK, event: last }).onConflict((on) => on.column('name').doUpdateSet({ event: last })).execute();
    });
    return found.length === BATCH;
  }

  /** From what people are told of their accounts to messages; what is older than a message lives is left. */
  private async dealNotices(): Promise<void> {
    const { onDuty, history } = this.o;
    const now = history.seconds();
    const fresh = await history.store.read((db) => db.selectFrom('account_notice').select(['id', 'person', 'at', 'kind']).where('pushed', '=', 0).where('at', '>', now - LIFE).orderBy('id').limit(BATCH).execute());
    if (fresh.length === 0) return;
    await onDuty.commit(async (trx) => {
      for (const { id, person, at, kind } of fresh) {
        const all = await trx.selectFrom('push_subscription').select(['id', 'created']).where('person', '=', Number(person)).where((eb) => eb.or([eb('ended', 'is', null), eb('ended', '>=', Number(at))])).execute();
        // That a browser was added is for those that were there before.
        const browsers = kind === 'push-added' ? all.filter(({ created }) => Number(created) < Number(at)) : all;
        for (const { id: subscription } of browsers) {
          await trx.insertInto('push_message').values({ subscription, event: -Number(id), case_id: '', tries: 0, due: now, until: now + LIFE, notice: Number(id) }).onConflict((on) => on.doNothing()).execute();
        }
        await trx.updateTable('account_notice').set({ pushed: 1 }).where('id', '=', Number(id)).execute();
      }
    });
  }

  /** What was ended goes when the last that it was to be told has had its time. */
  private async forget(): Promise<void> {
    const { history } = this.o;
    const old = await history.store.read((db) => db.selectFrom('push_subscription').select('id').where('ended', '<', history.seconds() - LIFE).execute());
    if (old.length > 0) await history.store.commit(async (trx) => { for (const { id } of old) await this.remove(trx, id); });
  }

  /** Browsers of those who may see cases now. */
  private async readers(trx: Trx): Promise<{ id: string }[]> {
    const may = new Set((await listPeople(trx)).filter(({ roles }) => operationsOf(roles).includes('cases.read')).map(({ id }) => id));
    const all = await trx.selectFrom('push_subscription').select(['id', 'person']).where('ended', 'is', null).execute();
    return all.filter(({ person }) => may.has(Number(person)));
  }

  private async send(): Promise<void> {
    const { history } = this.o;
    const due = await history.store.read((db) => db.selectFrom('push_message').selectAll().where('due', '<=', history.seconds()).orderBy('due').limit(BATCH).execute());
    for (let at = 0; at < due.length; at += AT_ONCE) await Promise.all(due.slice(at, at + AT_ONCE).map((one) => this.sendOne({ ...one, event: Number(one.event), tries: Number(one.tries), until: Number(one.until), notice: one.notice === null ? null : Number(one.notice) })));
  }

  /** To whom a message goes and what it says; undefined: to nobody any more. Who may no longer see cases is told of none, also not of one that waited. */
  private look({ subscription, case_id: id, notice }: Message): Promise<{ to: Receiver; payload: Record<string, string> } | undefined> {
    return this.o.history.store.read(async (db) => {
      const to = await db.selectFrom('push_subscription').selectAll().where('id', '=', subscription).executeTakeFirst();
      if (to === undefined) return undefined;
      const language = to.language === 'en' ? 'en' : 'zh';
      if (notice !== null) {
        const told = await db.selectFrom('account_notice').select(['kind', 'detail', 'seen']).where('id', '=', notice).where('person', '=', Number(to.person)).executeTakeFirst();
        if (told === undefined) return undefined;
        const { application } = JSON.parse(told.detail) as NoticeDetail;
        if (application !== undefined && (to.ended !== null || told.seen !== null)) return undefined;
        // What is told of the account also where it was marked as seen: perhaps by whom it tells of.
        return { to, payload: { notice: told.kind, ...(application === undefined ? {} : { application }), ...noticeText(told.kind as NoticeKind, language) } };
      }
      if (to.ended !== null) return undefined;
      const found = await getCase(db, id).catch(() => undefined);
      const unit = found && (await db.selectFrom('device').select('name').where('id', '=', found.device).executeTakeFirst());
      const person = (await listPeople(db)).find((one) => one.id === Number(to.person));
      const may = person !== undefined && operationsOf(person.roles).includes('cases.read');
      return found === undefined || found.closed || !may ? undefined : { to, payload: { case: id, ...textOf(found, unit?.name ?? found.device, language) } };
    });
  }

  private async sendOne(message: Message): Promise<void> {
    const { history, log } = this.o;
    const { subscription, event, tries, until } = message;
    const looked = await this.look(message);
    const drop = (): Promise<unknown> => history.store.commit((trx) => trx.deleteFrom('push_message').where('subscription', '=', subscription).where('event', '=', event).execute());
    if (looked === undefined || until <= history.seconds()) return void (await drop());
    const { status, why, retryAfter } = await this.try(looked.to, looked.payload);
    if (why === '') return void (await drop());
    if (status === 404 || status === 410) {
      log.info('push subscription over', { subscription, status });
      return void (await history.store.commit((trx) => this.remove(trx, subscription)));
    }
    log.warn('push not taken', { subscription, status, why, tries: tries + 1 });
    // No repetition makes these better: the message, or where it would go, is not what it must be.
    if (why === 'BLOCKED' || why === 'REDIRECT' || status === 400 || status === 413) return void (await drop());
    const pause = Math.min(PAUSE.most, Math.max(retryAfter ?? 0, PAUSE.first * PAUSE.growth ** tries));
    await history.store.commit((trx) => trx.updateTable('push_message').set({ tries: tries + 1, due: history.seconds() + pause }).where('subscription', '=', subscription).where('event', '=', event).execute());
  }

  private async try(to: Receiver, payload: Record<string, string>): Promise<{ status: number; why: string; retryAfter?: number | undefined }> {
    try {
      const once = createECDH('prime256v1');
      once.generateKeys();
      const body = encrypt(Buffer.from(JSON.stringify(payload)), { version: 'aes128gcm', privateKey: once, dh: to.p256dh, authSecret: to.auth });
      return await this.post(to.endpoint, { authorization: await this.word(new URL(to.endpoint).origin), ttl: String(TTL), urgency: 'high', 'content-encoding': 'aes128gcm', 'content-type': 'application/octet-stream' }, body);
    } catch (error) {
      return { status: 0, why: error instanceof Error ? error.message.slice(0, 200) : 'ENCRYPTION' };
    }
  }

  /** Who sends (RFC 8292): for this push service alone, and not for long. */
  private async word(audience: string): Promise<string> {
    const { importJWK, SignJWT } = await import('jose');
    const key = await importJWK(this.key.jwk, 'ES256');
    const token = await new SignJWT({ aud: audience, exp: this.o.history.seconds() + TOKEN, sub: this.options.contact }).setProtectedHeader({ typ: 'JWT', alg: 'ES256' }).sign(key);
    return `vapid t=${token}, k=${this.key.public}`;
  }

  async close(): Promise<void> {
    await this.working?.catch(() => undefined);
    this.closing();
  }
}
