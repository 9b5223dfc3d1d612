/** More strokes for a permit under way (增加次数): asked for by the applicant, decided by the chain of its application, believed when the device records it. */
import { COMMON, Problem } from '../../common/errors';
import { getApplication, type Application } from '../applications/applications';
import { permitView } from '../authority/grants';
import type { Permits } from '../authority/permits';
import { encodeCbor } from '../cbor';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { Given, Steps } from '../chains/steps';
import type { History, Trx } from '../history';
import type { Act, Signatures, Signed } from '../signatures/signatures';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Db } from '../tables';

export const topUpStates = ['submitted', 'approved', 'refused', 'withdrawn', 'expired'] as const;

export interface TopUp {
  id: string;
  permit: string;
  application: string;
  /** Strokes the permit shall have in all, 1..65535. */
  count: number;
  reason: string;
  state: (typeof topUpStates)[number];
  /** SHA-256 of what is asked for: what approvers decide on. */
  content: string;
  step: number;
  chain: number[][];
  /** How many of each step approve, and who has approved the one that is due. */
  needs: number[];
  given: Given[];
  /** Who asks for it. */
  asks: number;
  /** Who has approved so far, and in whose place. */
  decided: number[];
  created: number;
  /** When the step that decides now came to its approvers, Unix seconds. */
  since: number;
}

type Row = Omit<TopUp, 'chain' | 'needs' | 'given' | 'asks' | 'decided' | 'state'> & { state: string; decided: string; given: string; chain: string | null };

async function topUpOf(db: Db, row: Row): Promise<TopUp> {
  const application = await getApplication(db, row.application);
  const chain = row.chain === null ? application.chain : (JSON.parse(row.chain) as number[][]);
  return { ...row, needs: application.needs, asks: application.applicant, given: JSON.parse(row.given) as Given[], since: Number(row.since), state: row.state as TopUp['state'], count: Number(row.count), step: Number(row.step), created: Number(row.created), decided: JSON.parse(row.decided) as number[], chain };
}

export async function getTopUp(db: Db, id: string): Promise<TopUp> {
  const row = await db.selectFrom('top_up').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `top-up ${id}`);
  return topUpOf(db, row);
}

/** Newest first. */
export async function listTopUps(db: Db, state?: TopUp['state']): Promise<TopUp[]> {
  let query = db.selectFrom('top_up').selectAll();
  if (state !== undefined) query = query.where('state', '=', state);
  const all: TopUp[] = [];
  for (const row of await query.orderBy('created', 'desc').orderBy('id').limit(1000).execute()) all.push(await topUpOf(db, row));
  return all;
}

/** What is asked for, as it is hashed. */
function contentOf(id: string, permit: string, application: Application, count: number, reason: string): string {
  return sha256(encodeCbor(['top-up', id, Buffer.from(permit, 'hex'), Buffer.from(application.content ?? '', 'hex'), count, reason])).toString('hex');
}

/** What is signed of one. @param count what is granted; what is asked for, or what those before have left of it, where not said: an approval always says how many */
export function topUpAct(one: Pick<TopUp, 'id' | 'content' | 'step' | 'count' | 'reason'>, decision: 'asked' | 'approved' | 'refused', count?: number): Act {
  return { matter: 'top-up', subject: one.id, content: one.content, decision, step: one.step, narrow: decision === 'approved' ? { count: count ?? one.count } : undefined, search: one.reason };
}

/** Of one application, oldest first. */
export async function topUpsOf(db: Db, application: string): Promise<TopUp[]> {
  const all: TopUp[] = [];
  for (const row of await db.selectFrom('top_up').selectAll().where('application', '=', application).orderBy('created').orderBy('id').execute()) all.push(await topUpOf(db, row));
  return all;
}

export class TopUps {
  constructor(
    private readonly history: History,
    private readonly permits: Permits,
    private readonly steps: Steps,
    private readonly signatures: Signatures,
  ) {}

  /** For who applied to sign what they ask for. @throws NOT_FOUND */
  async signing(permit: string, count: number, reason: string, by: number): Promise<{ step: string; options: object; form: string }> {
    return this.history.store.read(async (db) => {
      const application = await this.own(db, permit, by);
      return this.signatures.begin(db, 'top-up', 8, by, (id) => ({ decision: 'asked', content: contentOf(id, permit, application, count, reason) }));
    });
  }

  /** The application of a permit, which must be of this person. */
  private async own(db: Db, permit: string, by: number): Promise<Application> {
    const row = await db.selectFrom('permit').select('application').where('id', '=', permit).executeTakeFirst();
    const application = row && (await getApplication(db, row.application));
    if (application?.applicant !== by) throw new Problem(COMMON.NOT_FOUND, `permit ${permit}`);
    return application;
  }

  /** Asks for it, by who applied. @throws WRONG_STATE where the unit has no such permit (any more), or another is under way; NOT_MORE */
  async ask(permit: string, count: number, reason: string, by: number, signed?: Signed): Promise<TopUp> {
    if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    return this.history.commit(async (trx) => {
      const application = await this.own(trx, permit, by);
      if (application.chain.length === 0) throw new Problem(DESK.NO_CHAIN, application.authority ?? '');
      await this.underWay(trx, application, permit, count);
      const other = await trx.selectFrom('top_up').select('id').where('permit', '=', permit).where('state', '=', 'submitted').executeTakeFirst();
      if (other) throw new Problem(DESK.WRONG_STATE, `top-up ${other.id}`);
      const id = await this.signatures.identity(trx, 'top-up', 8, by, signed);
      const content = contentOf(id, permit, application, count, reason);
      await trx.insertInto('top_up').values({ id, permit, application: application.id, count, reason, state: 'submitted', content, step: 0, decided: '[]', created: this.history.seconds(), since: this.history.seconds(), chain: null, given: '[]' }).execute();
      await this.note(trx, await getTopUp(trx, id), 'submitted', by, { content: Buffer.from(content, 'hex'), reason });
      await this.signatures.check(trx, topUpAct({ id, content, step: 0, count, reason }, 'asked'), by, signed?.signature);
      return getTopUp(trx, id);
    });
  }

  /** One approver's word; fewer strokes than asked may be granted. The last one makes the statement. */
  async decide(id: string, person: number, verdict: 'approved' | 'refused', o: { content: string; reason?: string | undefined; count?: number | undefined; signature?: AuthenticationResponseJSON | undefined }): Promise<TopUp> {
    return this.history.commit(async (trx) => {
      const asked = await getTopUp(trx, id);
      const application = await getApplication(trx, asked.application);
      if (asked.state !== 'submitted') throw new Problem(DESK.WRONG_STATE, asked.state);
      const word = await this.steps.decide(trx, asked, person, { verdict, ...o });
      const behalf = word.behalf ?? undefined;
      if (word.outcome === 'refused') {
        await trx.updateTable('top_up').set({ state: 'refused' }).where('id', '=', id).execute();
        await this.note(trx, asked, 'refused', person, { behalf, content: Buffer.from(o.content, 'hex'), step: asked.step, reason: o.reason });
        await this.signatures.check(trx, topUpAct(asked, 'refused'), person, o.signature);
        return getTopUp(trx, id);
      }
      const count = o.count ?? asked.count;
      if (count > asked.count) throw new Problem(DESK.WIDENED);
      const device = await this.underWay(trx, application, asked.permit, count);
      const last = word.outcome === 'approved';
      await trx.updateTable('top_up').set({ count, step: word.step, given: JSON.stringify(word.given), decided: JSON.stringify(word.decided), ...(word.outcome === 'waits' ? {} : { since: this.history.seconds() }), ...(last ? { state: 'approved' } : {}) }).where('id', '=', id).execute();
      await this.note(trx, asked, last ? 'approved' : 'step', person, { behalf, count, content: Buffer.from(o.content, 'hex'), step: asked.step, waits: word.outcome === 'waits' || undefined, reason: o.reason });
      await this.signatures.check(trx, topUpAct(asked, 'approved', count), person, o.signature);
      if (last) await this.permits.state(trx, device, { kind: 'top-up', permit: asked.permit, count }, person, asked.reason);
      return getTopUp(trx, id);
    });
  }

  async withdraw(id: string, by: number): Promise<TopUp> {
    return this.history.commit(async (trx) => {
      const asked = await getTopUp(trx, id);
      if ((await getApplication(trx, asked.application)).applicant !== by) throw new Problem(COMMON.NOT_FOUND, `top-up ${id}`);
      if (asked.state !== 'submitted') throw new Problem(DESK.WRONG_STATE, asked.state);
      await trx.updateTable('top_up').set({ state: 'withdrawn' }).where('id', '=', id).execute();
      await this.note(trx, asked, 'withdrawn', by, {});
      return getTopUp(trx, id);
    });
  }

  /** The device of a permit that is there and not over, if so many are more than it has. */
  private async underWay(trx: Trx, application: Application, permit: string, count: number): Promise<string> {
    const row = await trx.selectFrom('permit').select(['device', 'state', 'quota', 'statement']).where('id', '=', permit).executeTakeFirstOrThrow();
    if (application.state !== 'approved' || row.state !== 'delivered') throw new Problem(DESK.WRONG_STATE, row.state);
    if (application.granted.notAfter <= this.history.seconds()) throw new Problem(DESK.WINDOW, 'it has passed');
    if (count <= Number(row.quota ?? permitView(Buffer.from(row.statement, 'base64'))?.count ?? 0)) throw new Problem(DESK.NOT_MORE);
    return row.device;
  }

  private async note(trx: Trx, { id, permit, application, count }: TopUp, state: string, by: number, more: Parameters<History['note']>[2]): Promise<void> {
    const { device } = await trx.selectFrom('permit').select('device').where('id', '=', permit).executeTakeFirstOrThrow();
    await this.history.note(
      trx, 'top-up', { topUp: id, permit: Buffer.from(permit, 'hex'), application, state, by, count, ...more }, `${id} ${permit} ${application} ${state} ${String(more['reason'] ?? '')}`,
      { type: 'permit', device, data: { permit, application, state: `top-up ${state}` } },
    );
  }
}
