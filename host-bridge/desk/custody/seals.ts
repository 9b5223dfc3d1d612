/** A seal's life: every change of its state, its keeper or its unit, as an entry of the register and as a line of its history. */
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { getPerson } from '../people/people';
import { getSeal, type Seal } from '../register/cards';
import type { Db } from '../tables';
import { STEPS, type SealState, type StepName } from './actions';

export interface SealEvent {
  /** Entry of the register. */
  entry: number;
  at: number;
  /** What happened: a step of the desk, or a ceremony at the device. */
  what: string;
  state: SealState;
  custodian: number;
  /** Who ordered or noted it. */
  by: number;
  /** Who were there, by their own proof at the device. */
  present: number[];
  ceremony: string | null;
  reason: string | null;
  detail: Detail;
}

/**
 * What a step says besides. Activation: who issued the seal, what it is for, and from when it is used, Unix seconds; engraving: who
 * approved it, under which number, and when; a change: what it was called before; a deputy: who, and until when.
 */
export interface Detail {
  unit?: string;
  scope?: string;
  from?: number;
  was?: string;
  person?: number;
  until?: number;
}

/** What can be changed of a card: what identifies the seal and who decides on it are not among it. */
export type CardChange = Partial<Pick<Seal, 'name' | 'width' | 'height' | 'pieces' | 'issuedBy' | 'recipient' | 'received'>>;

/** Longest that somebody keeps a seal in another's place, seconds. */
export const LONGEST_DEPUTY = 92 * 86_400;

export interface Change {
  what: string;
  state?: SealState;
  custodian?: number;
  /** The unit it is in from now on. */
  device?: string;
  by: number;
  present?: readonly number[];
  ceremony?: string;
  reason?: string | undefined;
  detail?: Detail;
}

/** Writes one change of a seal. */
export async function changeSeal(trx: Trx, history: History, seal: Seal, change: Change): Promise<void> {
  const state = change.state ?? seal.state;
  const custodian = change.custodian ?? seal.custodian;
  const device = change.device ?? seal.device;
  const { what, by, ceremony, reason, detail = {} } = change;
  const present = [...(change.present ?? [])];
  await trx.updateTable('seal').set({ state, custodian, device }).where('id', '=', seal.id).execute();
  const entry = await history.note(
    trx, 'seal-state',
    { seal: seal.id, what, state, custodian, device: Buffer.from(device, 'hex'), by, present, ceremony: ceremony === undefined ? undefined : Buffer.from(ceremony, 'hex'), reason, ...detail },
    `${seal.id} ${seal.name} ${what} ${state} ${reason ?? ''}`,
    { type: 'seal', device, data: { seal: seal.id, what, state } },
  );
  await trx
    .insertInto('seal_event')
    .values({ entry, seal: seal.id, at: history.seconds(), what, state, custodian, by, present: JSON.stringify(present), ceremony: ceremony ?? null, reason: reason ?? null, detail: JSON.stringify(detail) })
    .execute();
}

/** Keeps a sample impression, by the SHA-256 of its picture. */
export async function storeSample(trx: Trx, history: History, id: string, sha256: string, by: number): Promise<Seal> {
  const seal = await getSeal(trx, id);
  await trx.updateTable('seal').set({ sample: sha256 }).where('id', '=', id).execute();
  await history.note(trx, 'seal-sample', { seal: id, sample: Buffer.from(sha256, 'hex'), by }, `${id} ${seal.name}`, { type: 'seal', device: seal.device, data: { seal: id, what: 'sample' } });
  return getSeal(trx, id);
}

export async function sealEvents(db: Db, seal: string): Promise<SealEvent[]> {
  const rows = await db.selectFrom('seal_event').selectAll().where('seal', '=', seal).orderBy('entry').execute();
  return rows.map((row) => ({
    entry: Number(row.entry), at: Number(row.at), what: row.what, state: row.state as SealState, custodian: Number(row.custodian), by: Number(row.by),
    present: JSON.parse(row.present) as number[], ceremony: row.ceremony, reason: row.reason, detail: JSON.parse(row.detail) as Detail,
  }));
}

export class Seals {
  constructor(private readonly history: History) {}

  /** A step that only the desk can note. @throws WRONG_STATE */
  async step(id: string, step: StepName, by: number, reason: string, detail: Detail = {}): Promise<Seal> {
    return this.history.commit((trx) => this.stepIn(trx, id, step, by, reason, detail));
  }

  private async stepIn(trx: Trx, id: string, step: StepName, by: number, reason: string, detail: Detail): Promise<Seal> {
    if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    const seal = await getSeal(trx, id);
    const { from, to } = STEPS[step];
    if (!(from as readonly SealState[]).includes(seal.state)) throw new Problem(DESK.WRONG_STATE, seal.state);
    await changeSeal(trx, this.history, seal, { what: step, ...(to === undefined ? {} : { state: to }), by, reason, detail });
    return getSeal(trx, id);
  }

  /** Changes the card (变更). @throws WRONG_STATE while the seal is in use */
  async change(id: string, card: CardChange, by: number, reason: string): Promise<Seal> {
    return this.history.commit(async (trx) => {
      const { name } = await getSeal(trx, id);
      const { issuedBy, ...rest } = card;
      const set = { ...rest, ...(issuedBy === undefined ? {} : { issued_by: issuedBy }) };
      if (Object.keys(set).length === 0) throw new Problem(COMMON.INVALID, 'nothing to change');
      await trx.updateTable('seal').set(set).where('id', '=', id).execute();
      await this.history.note(trx, 'seal-card', { seal: id, ...card, by }, `${id} ${name} ${card.name ?? ''}`);
      return this.stepIn(trx, id, 'change', by, reason, { was: name });
    });
  }

  /** Names who keeps it in the keeper's place until then (代管); null: nobody any more. @throws INVALID, WINDOW, WRONG_STATE */
  async depute(id: string, deputy: { person: number; until: number } | null, by: number, reason: string): Promise<Seal> {
    return this.history.commit(async (trx) => {
      const seal = await getSeal(trx, id);
      const now = this.history.seconds();
      if (deputy) {
        if (deputy.person === seal.custodian || !(await getPerson(trx, deputy.person)).roles.includes('custodian')) throw new Problem(COMMON.INVALID, `person ${deputy.person}: another custodian`);
        if (deputy.until <= now || deputy.until > now + LONGEST_DEPUTY) throw new Problem(DESK.WINDOW, `until: at most ${LONGEST_DEPUTY / 86_400} days`);
      }
      await trx.updateTable('seal').set({ deputy: deputy?.person ?? null, deputy_until: deputy?.until ?? null }).where('id', '=', id).execute();
      return this.stepIn(trx, id, 'deputy', by, reason, deputy ?? {});
    });
  }
}

/** The seals that are in a unit now. */
export async function sealsIn(db: Db, device: string): Promise<Seal[]> {
  const rows = await db.selectFrom('seal').select('id').where('device', '=', device).where('state', 'in', ['received', 'active', 'suspended']).orderBy('id').execute();
  const seals: Seal[] = [];
  for (const { id } of rows) seals.push(await getSeal(db, id));
  return seals;
}

/** The seal of a die. @throws NOT_FOUND */
export async function sealOfDie(db: Db, die: string): Promise<Seal> {
  const row = await db.selectFrom('seal').select('id').where('die', '=', die).executeTakeFirst();
  if (row === undefined) throw new Problem(COMMON.NOT_FOUND, `die ${die}`);
  return getSeal(db, row.id);
}
