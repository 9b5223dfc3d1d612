/**
 * Outside authorities (B9): the company's own OA approves, and the desk makes the permit. Which approval there is for which application here is said by
 * a program of the company, with the hash of the content, not by who applies: else an approval of something else could be shown. An approval
 * that is taken back there takes back here what was not used.
 */
import { COMMON, Problem } from '../../common/errors';
import { getApplication, type Applications } from '../applications/applications';
import type { Approvals } from '../approvals/approvals';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { getSeal } from '../register/cards';
import type { Db } from '../tables';
import { adapterOf, type OutsideOptions } from './adapters';
import type { Adapter, Incoming, OutsideEvent, Verdict } from './event';

/** Seconds that a message is remembered: longer than any authority sends one again. */
const REMEMBERED = 30 * 86_400;

export interface Instance {
  authority: string;
  instance: string;
  application: string | null;
  verdict: Verdict | null;
  at: number;
}

export async function instancesOf(db: Db, application: string): Promise<Instance[]> {
  const rows = await db.selectFrom('outside_instance').selectAll().where('application', '=', application).orderBy('at').execute();
  return rows.map((row) => ({ ...row, verdict: row.verdict as Verdict | null, at: Number(row.at) }));
}

export class Outside {
  private readonly adapters: Map<string, { options: OutsideOptions; adapter: Adapter }>;

  constructor(
    private readonly history: History,
    private readonly applications: Applications,
    private readonly approvals: Approvals,
    options: readonly OutsideOptions[],
    random: (length: number) => Buffer,
  ) {
    this.adapters = new Map(options.map((one) => [one.name, { options: one, adapter: adapterOf(one, random) }]));
  }

  get names(): { name: string; kind: OutsideOptions['kind'] }[] {
    return [...this.adapters.values()].map(({ options: { name, kind } }) => ({ name, kind }));
  }

  private of(name: string): { options: OutsideOptions; adapter: Adapter } {
    const found = this.adapters.get(name);
    if (!found) throw new Problem(COMMON.NOT_FOUND, `authority ${name}`);
    return found;
  }

  /** Takes a message of an authority. @throws OUTSIDE_REFUSED */
  async take(name: string, incoming: Incoming): Promise<{ type: string; body: string }> {
    const { options, adapter } = this.of(name);
    const read = adapter.read(incoming);
    if ('challenge' in read) return adapter.challenged(read.challenge, incoming.now);
    await this.history.commit(async (trx) => {
      await trx.deleteFrom('outside_event').where('at', '<', incoming.now - REMEMBERED).execute();
      const known = await trx.selectFrom('outside_event').select('at').where('authority', '=', name).where('id', '=', read.seen).executeTakeFirst();
      // The same message again, from whomever: it is answered, and does nothing.
      if (known) return;
      await trx.insertInto('outside_event').values({ authority: name, id: read.seen, at: incoming.now }).execute();
      // Approvals by other templates are of other matters.
      if (read.event?.verdict !== undefined && read.event.template === options.template) await this.judge(trx, name, read.event, read.event.verdict);
    });
    return adapter.taken(incoming.now);
  }

  private async judge(trx: Trx, authority: string, { instance }: OutsideEvent, verdict: Verdict): Promise<void> {
    const row = await trx.selectFrom('outside_instance').selectAll().where('authority', '=', authority).where('instance', '=', instance).executeTakeFirst();
    // What was taken back or refused stays so: messages may overtake each other.
    if (row !== undefined && (row.verdict === 'taken-back' || row.verdict === 'refused' || row.verdict === verdict)) return;
    const at = this.history.seconds();
    if (row) await trx.updateTable('outside_instance').set({ verdict, at }).where('authority', '=', authority).where('instance', '=', instance).execute();
    else await trx.insertInto('outside_instance').values({ authority, instance, application: null, verdict, at }).execute();
    if (row?.application != null) await this.apply(trx, authority, instance, row.application, verdict);
  }

  /** Says which approval there is for which application here. @throws CONTENT_CHANGED, WRONG_STATE, CONFLICT */
  async bind(name: string, o: { instance: string; application: string; content: string }, by: number): Promise<Instance> {
    this.of(name);
    return this.history.commit(async (trx) => {
      const application = await getApplication(trx, o.application);
      if (application.authority !== name) throw new Problem(COMMON.NOT_FOUND, `application ${o.application}`);
      if (application.content !== o.content) throw new Problem(DESK.CONTENT_CHANGED);
      const row = await trx.selectFrom('outside_instance').selectAll().where('authority', '=', name).where('instance', '=', o.instance).executeTakeFirst();
      if (row?.application === o.application) return { ...row, verdict: row.verdict as Verdict | null, at: Number(row.at) };
      if (application.state !== 'submitted') throw new Problem(DESK.WRONG_STATE, application.state);
      if (row?.application != null) throw new Problem(COMMON.CONFLICT, `instance ${o.instance} is of another application`);
      if ((await instancesOf(trx, o.application)).length > 0) throw new Problem(COMMON.CONFLICT, `application ${o.application} has an instance already`);
      const at = this.history.seconds();
      if (row) await trx.updateTable('outside_instance').set({ application: o.application }).where('authority', '=', name).where('instance', '=', o.instance).execute();
      else await trx.insertInto('outside_instance').values({ authority: name, instance: o.instance, application: o.application, verdict: null, at }).execute();
      await this.history.note(trx, 'outside-instance', { authority: name, instance: o.instance, application: o.application, content: Buffer.from(o.content, 'hex'), by }, `${name} ${o.instance} ${o.application}`);
      // Who decides there may have been quicker than this call.
      if (row?.verdict) await this.apply(trx, name, o.instance, o.application, row.verdict as Verdict);
      const verdict = (row?.verdict ?? null) as Verdict | null;
      return { authority: name, instance: o.instance, application: o.application, verdict, at: row ? Number(row.at) : at };
    });
  }

  private async apply(trx: Trx, authority: string, instance: string, id: string, verdict: Verdict): Promise<void> {
    const application = await getApplication(trx, id);
    const { device } = await getSeal(trx, application.seal);
    const over = application.notAfter < this.history.seconds();
    await this.history.note(
      trx, 'outside', { authority, instance, application: id, verdict, content: application.content === null ? null : Buffer.from(application.content, 'hex'), late: over || undefined },
      `${authority} ${instance} ${id} ${verdict} ${application.purpose}`, { type: 'outside', device, data: { authority, instance, application: id, verdict } },
    );
    const reason = `${authority} ${instance}: ${verdict}`;
    if (verdict === 'approved') {
      if (application.state === 'submitted' && !over) await this.approvals.approveOutside(trx, application);
    } else if (application.state === 'approved') await this.applications.finish(trx, application, 0, reason);
    else if (application.state === 'submitted') await this.applications.move(trx, application, verdict === 'refused' ? 'refused' : 'withdrawn', 0, { reason });
  }
}
