/** A seal's life: every change of its state, its keeper or its unit, as an entry of the register and as a line of its history. */
import { COMMON, Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { checkSealScope } from '../applications/scope';
import { getPerson } from '../people/people';
import { getSeal, type Seal } from '../register/cards';
import type { Db } from '../tables';
import { canonicalJson, sealStepContent } from '../register/signature';
import type { Act, Signatures, Signed } from '../signatures/signatures';
import { STEPS, type SealState } from './actions';

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
 * approved it, under which number, and when; a change: what it was called before; a deputy: who, and until when; of a step that was
 * signed the number under which it was.
 */
export interface Detail {
  unit?: string;
  scope?: string;
  terms?: string;
  from?: number;
  was?: string;
  person?: number;
  until?: number;
  act?: string;
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
  /** What was said, as canonical JSON, where it was signed. */
  said?: string | undefined;
}

/** Writes one change of a seal. */
export async function changeSeal(trx: Trx, history: History, seal: Seal, change: Change): Promise<void> {
  const state = change.state ?? seal.state;
  const custodian = change.custodian ?? seal.custodian;
  const device = change.device ?? seal.device;
  const { what, by, ceremony, reason, said, detail = {} } = change;
  const present = [...(change.present ?? [])];
  await trx.updateTable('seal').set({ state, custodian, device }).where('id', '=', seal.id).execute();
  const entry = await history.note(
    trx, 'seal-state',
    { seal: seal.id, what, state, custodian, device: Buffer.from(device, 'hex'), by, present, ceremony: ceremony === undefined ? undefined : Buffer.from(ceremony, 'hex'), reason, ...detail, said },
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

/** A step that the desk notes, and all that is said with it: what is signed. */
export type SealStep =
  | { what: 'engrave' | 'activate'; reason: string; unit: string; scope?: string | undefined; terms?: string | undefined; from?: number | undefined }
  | { what: 'archive' | 'destroy'; reason: string }
  | { what: 'change'; reason: string; card: CardChange }
  | { what: 'deputy'; reason: string; deputy: { person: number; until: number } | null };

/** What is said with a step, in one form; whom and until when as the entry names them. */
function saidOf(step: SealStep): string {
  const { what: _what, ...said } = step.what === 'deputy' ? { ...step, deputy: undefined, ...step.deputy } : step;
  return canonicalJson(said);
}

function sealAct(act: string, seal: string, step: SealStep): Act {
  return { matter: 'seal', subject: act, content: sealStepContent(act, seal, step.what, saidOf(step)).toString('hex'), decision: 'noted', search: step.what };
}

export class Seals {
  constructor(private readonly history: History, private readonly signatures: Signatures) {}

  /** For who notes a step to sign it. @throws NOT_FOUND, SIGN_IN_OFF */
  async signing(id: string, step: SealStep, by: number): Promise<{ step: string; options: object; form: string }> {
    return this.history.store.read(async (db) => {
      await getSeal(db, id);
      return this.signatures.begin(db, 'seal', 8, by, (act) => sealAct(act, id, step));
    });
  }

  /** A step that only the desk can note. @throws WRONG_STATE, REASON_REQUIRED, SCOPE_UNKNOWN, OUT_OF_SCOPE, WINDOW, INVALID, SIGNATURE_REQUIRED, SIGNATURE_WRONG */
  async step(id: string, step: SealStep, by: number, signed?: Signed): Promise<Seal> {
    return this.history.commit(async (trx) => {
      const { what, reason } = step;
      if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
      const detail = await this.detail(trx, id, step, by);
      const seal = await getSeal(trx, id);
      const { from, to } = STEPS[what];
      if (!(from as readonly SealState[]).includes(seal.state)) throw new Problem(DESK.WRONG_STATE, seal.state);
      const act = await this.signatures.identity(trx, 'seal', 8, by, signed);
      await changeSeal(trx, this.history, seal, { what, ...(to === undefined ? {} : { state: to }), by, reason, detail: signed ? { ...detail, act } : detail, said: signed && saidOf(step) });
      await this.signatures.check(trx, sealAct(act, id, step), by, signed?.signature);
      return getSeal(trx, id);
    });
  }

  /** What stands in the line of its life, of the changes that a step makes besides. */
  private async detail(trx: Trx, id: string, step: SealStep, by: number): Promise<Detail> {
    if (step.what === 'change') return this.change(trx, id, step.card, by);
    if (step.what === 'deputy') return this.depute(trx, id, step.deputy);
    if (step.what !== 'engrave' && step.what !== 'activate') return {};
    const { unit, scope, terms, from } = step;
    if (step.what === 'activate') await checkSealScope(trx, (await getSeal(trx, id)).kind, scope ?? '');
    return { unit, ...(scope === undefined ? {} : { scope }), ...(terms === undefined ? {} : { terms }), ...(from === undefined ? {} : { from }) };
  }

  /** Changes the card (变更). */
  private async change(trx: Trx, id: string, card: CardChange, by: number): Promise<Detail> {
    const { name } = await getSeal(trx, id);
    const { issuedBy, ...rest } = card;
    const set = { ...rest, ...(issuedBy === undefined ? {} : { issued_by: issuedBy }) };
    if (Object.keys(set).length === 0) throw new Problem(COMMON.INVALID, 'nothing to change');
    await trx.updateTable('seal').set(set).where('id', '=', id).execute();
    await this.history.note(trx, 'seal-card', { seal: id, ...card, by }, `${id} ${name} ${card.name ?? ''}`);
    return { was: name };
  }

  /** Names who keeps it in the keeper's place until then (代管); null: nobody any more. */
  private async depute(trx: Trx, id: string, deputy: { person: number; until: number } | null): Promise<Detail> {
    const seal = await getSeal(trx, id);
    const now = this.history.seconds();
    if (deputy) {
      if (deputy.person === seal.custodian || !(await getPerson(trx, deputy.person)).roles.includes('custodian')) throw new Problem(COMMON.INVALID, `person ${deputy.person}: another custodian`);
      if (deputy.until <= now || deputy.until > now + LONGEST_DEPUTY) throw new Problem(DESK.WINDOW, `until: at most ${LONGEST_DEPUTY / 86_400} days`);
    }
    await trx.updateTable('seal').set({ deputy: deputy?.person ?? null, deputy_until: deputy?.until ?? null }).where('id', '=', id).execute();
    return deputy ?? {};
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
