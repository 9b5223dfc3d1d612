/**
 * Permits and other statements as they are issued: the counter is taken and the statement stored in one transaction, so
 * nothing leaves the desk that a restart would forget or number anew. Delivery is the follower's.
 */
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import type { Authority } from './authority';
import { GrantKind, policyBits, type PermitPerson } from './grants';
import type { PlaceTerms } from './place';

export interface PermitOrder {
  application: string;
  /** Hash of the application's content that was approved. */
  content: string;
  device: string;
  die: string;
  count: number;
  notBefore: number;
  notAfter: number;
  persons: readonly PermitPerson[];
  policy: number;
  document: string;
  idle: number;
  /** Where it may be used; anywhere where not said. */
  place?: PlaceTerms | undefined;
  /** Its strokes go over the edges of several sheets (骑缝). */
  crossPage?: boolean;
}

/** The largest statement a device takes, bytes. */
const STATEMENT_MAX = 512;

/** Kinds of statements beside permits and acknowledgements, with the subject that the register names. */
export type Statement =
  | { kind: 'stroke'; permit: string; photo: string; seq: number }
  | { kind: 'reject'; permit: string; photo: string; seq: number }
  | { kind: 'top-up'; permit: string; count: number }
  | { kind: 'clear'; condition: number; seq: number }
  | { kind: 'revoke'; permit: string; counter: number }
  | { kind: 'revoke-all' };

export class Permits {
  constructor(
    private readonly authority: Authority,
    private readonly history: History,
  ) {}

  /** The next counter of a device, never given again, and its epoch. @throws COUNTERS_SPENT */
  async takeCounter(trx: Trx, id: string): Promise<{ counter: number; epoch: number }> {
    const device = await trx.selectFrom('device').select(['next_counter', 'epoch']).where('id', '=', id).executeTakeFirstOrThrow();
    const counter = Number(device.next_counter);
    if (counter > 0xffffffff) throw new Problem(DESK.COUNTERS_SPENT);
    await trx.updateTable('device').set({ next_counter: counter + 1 }).where('id', '=', id).execute();
    return { counter, epoch: Number(device.epoch) };
  }

  /** Issues a permit and returns its id. */
  async issue(trx: Trx, order: PermitOrder, search: string): Promise<string> {
    const { counter, epoch } = await this.takeCounter(trx, order.device);
    const id = this.history.newId(16);
    const statement = this.authority.permit({
      device: Buffer.from(order.device, 'hex'),
      id: Buffer.from(id, 'hex'),
      notBefore: order.notBefore,
      notAfter: order.notAfter,
      counter,
      epoch,
      die: Buffer.from(order.die, 'hex'),
      count: order.count,
      persons: order.persons,
      policy: order.policy | (order.crossPage ? policyBits.crossPage : 0),
      document: Buffer.from(order.document, 'hex'),
      idle: order.idle,
      ...(order.place ? { place: order.place } : {}),
    });
    if (statement.length > STATEMENT_MAX) throw new Problem(COMMON.INVALID, 'fences and persons are too much for one permit');
    const hash = sha256(statement);
    await trx
      .insertInto('permit')
      .values({
        id, application: order.application, device: order.device, counter, statement: statement.toString('base64'), sha256: hash.toString('hex'),
        state: 'issued', code: null, used: 0, created: this.history.seconds(), quota: order.count, cross_page: order.crossPage ? 1 : 0,
      })
      .execute();
    await this.history.note(
      trx, 'permit',
      {
        permit: Buffer.from(id, 'hex'), device: Buffer.from(order.device, 'hex'), counter, sha256: hash, application: order.application,
        content: Buffer.from(order.content, 'hex'), document: Buffer.from(order.document, 'hex'), crossPage: order.crossPage || undefined,
      },
      `${id} ${search}`,
      { type: 'permit', device: order.device, data: { permit: id, application: order.application, state: 'issued' } },
    );
    return id;
  }

  /** Makes any other statement for a device and queues it for delivery. Returns its id. */
  async state(trx: Trx, device: string, what: Statement, by: number, reason?: string): Promise<string> {
    const id = this.history.newId(16);
    const target = Buffer.from(device, 'hex');
    const { kind, bytes, subject } = await this.build(trx, device, target, what);
    await trx
      .insertInto('statement')
      .values({ id, device, kind, statement: bytes.toString('base64'), subject, state: 'issued', code: null, created: this.history.seconds() })
      .execute();
    await this.history.note(
      trx, 'statement',
      { statement: id, type: what.kind, device: target, subject, sha256: sha256(bytes), by, reason },
      `${id} ${subject} ${reason ?? ''}`,
      { type: 'statement', device, data: { statement: id, kind: what.kind, state: 'issued' } },
    );
    return id;
  }

  private async build(trx: Trx, device: string, target: Buffer, what: Statement): Promise<{ kind: GrantKind; bytes: Buffer; subject: string }> {
    const { authority } = this;
    switch (what.kind) {
      case 'stroke':
        return { kind: GrantKind.stroke, bytes: authority.stroke(target, Buffer.from(what.permit, 'hex'), Buffer.from(what.photo, 'hex'), what.seq), subject: `${what.permit} ${what.seq} ${what.photo}` };
      case 'reject':
        return { kind: GrantKind.reject, bytes: authority.reject(target, Buffer.from(what.permit, 'hex'), Buffer.from(what.photo, 'hex'), what.seq), subject: `${what.permit} ${what.seq} ${what.photo}` };
      case 'top-up': {
        const { counter, epoch } = await this.takeCounter(trx, device);
        return { kind: GrantKind.topUp, bytes: authority.topUp(target, Buffer.from(what.permit, 'hex'), { counter, epoch, count: what.count }), subject: `${what.permit} ${what.count}` };
      }
      case 'clear':
        return { kind: GrantKind.clear, bytes: authority.clear(target, what.condition, what.seq), subject: `${what.condition} ${what.seq}` };
      case 'revoke':
        return { kind: GrantKind.revoke, bytes: authority.revoke(target, { permit: Buffer.from(what.permit, 'hex'), counter: what.counter }), subject: what.permit };
      case 'revoke-all': {
        const row = await trx.selectFrom('device').select('epoch').where('id', '=', device).executeTakeFirstOrThrow();
        const epoch = Number(row.epoch) + 1;
        await trx.updateTable('device').set({ epoch }).where('id', '=', device).execute();
        await trx.updateTable('permit').set({ state: 'revoked' }).where('device', '=', device).where('state', 'in', ['issued', 'queued', 'delivered']).execute();
        return { kind: GrantKind.revoke, bytes: authority.revoke(target, { epoch }), subject: `epoch ${epoch}` };
      }
    }
  }

  /** Takes back what is left of a permit. One that never left the desk is simply not sent any more. */
  async revoke(trx: Trx, permit: string, by: number, reason?: string): Promise<void> {
    const row = await trx.selectFrom('permit').select(['device', 'state', 'counter']).where('id', '=', permit).executeTakeFirstOrThrow();
    if (!['issued', 'queued', 'delivered'].includes(row.state)) return;
    await trx.updateTable('permit').set({ state: 'revoked' }).where('id', '=', permit).execute();
    await trx.updateTable('statement').set({ state: 'ended' }).where('device', '=', row.device).where('kind', '=', GrantKind.topUp).where('subject', 'like', `${permit} %`).where('state', '=', 'issued').execute();
    // Sent even where the desk thinks the permit never arrived: a relay may have kept it.
    await this.state(trx, row.device, { kind: 'revoke', permit, counter: Number(row.counter) }, by, reason);
  }

  /** Takes back what a code may have opened. A code that was not typed yet still works: only a later one, or a new epoch, ends it. */
  async revokeCodes(trx: Trx, application: string, by: number, reason?: string): Promise<void> {
    const rows = await trx.selectFrom('offline_code').select(['id', 'device']).where('application', '=', application).where('state', 'in', ['given', 'opened']).execute();
    for (const { id, device } of rows) {
      await trx.updateTable('offline_code').set({ state: 'revoked' }).where('id', '=', id).execute();
      // It has no counter among permits; 0 is none's.
      await this.state(trx, device, { kind: 'revoke', permit: id, counter: 0 }, by, reason);
    }
  }
}
