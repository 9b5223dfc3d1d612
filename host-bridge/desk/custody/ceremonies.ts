/**
 * Ceremonies: what is to be done at a device before the persons named. Asked for by who keeps the seal, approved where the action
 * says so by the same chain as uses, ordered by a statement, and done when the device's own record says that it was.
 */
import { COMMON, Problem } from '../../common/errors';
import type { Authority } from '../authority/authority';
import { GrantKind, type PermitPerson } from '../authority/grants';
import type { Permits } from '../authority/permits';
import { chainFor, checkEnough } from '../chains/chains';
import { needsOf, saidNeeds, storedNeeds, type Awaited, type Given, type Steps, type Word } from '../chains/steps';
import type { Fence } from '../authority/place';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import { getPerson } from '../people/people';
import { enrolmentsOf, getDevice } from '../register/cards';
import { canonicalJson, ceremonyContent } from '../register/signature';
import type { Act, Signatures, Signed } from '../signatures/signatures';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Db } from '../tables';
import { ACTIONS, type Action, type ActionName } from './actions';
import { sealOfDie, sealsIn } from './seals';

export const ceremonyStates = ['asked', 'ordered', 'done', 'refused', 'revoked', 'expired'] as const;
export type CeremonyState = (typeof ceremonyStates)[number];

/** Longest time in which it may be done, and the usual one, seconds. */
export const LONGEST = 7 * 86_400;
const USUAL = 86_400;
/** Clocks of desk and device differ a little, s. */
const SLACK = 60;
/** The largest statement a device takes, bytes. */
const STATEMENT_MAX = 512;

/** What is asked for; persons are those of the desk. */
export interface CeremonyOrder {
  action: ActionName;
  /** Who must be there; of a handover giver, receiver and witness in this order. */
  present: number[];
  /** Whom it is about: enrolled, removed, receiving, borrowing. */
  person?: number;
  until?: number;
  die?: string;
  /** Dwell in ms, share of full drive in per cent, strokes after which the die wants ink (0: not said). */
  press?: { dwell: number; duty: number; life: number };
  /** Where the unit may be. */
  fences?: Fence[];
  /** Seconds without the desk's time after which the unit locks itself. */
  silence?: number;
  /** Seconds from its approval on in which it may be done. */
  lasts?: number;
  reason: string;
}

export interface Ceremony extends CeremonyOrder {
  id: string;
  device: string;
  state: CeremonyState;
  /** SHA-256 of what is asked for: what approvers decide on. */
  content: string;
  /** The step that decides now, and who may, step by step; empty: nobody has to. */
  step: number;
  chain: number[][];
  /** How many of each step approve, and who has approved the one that is due. */
  needs: number[];
  given: Given[];
  /** Who has approved so far, and in whose place. */
  decided: number[];
  asked: number;
  created: number;
  /** When the step that decides now came to its approvers, Unix seconds. */
  since: number;
  /** The record that says it was done. */
  record: number | null;
}

export async function getCeremony(db: Db, id: string): Promise<Ceremony> {
  const row = await db.selectFrom('ceremony').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Problem(COMMON.NOT_FOUND, `ceremony ${id}`);
  return ceremonyOf(row);
}

export async function listCeremonies(db: Db, q: { device?: string | undefined; state?: CeremonyState | undefined }): Promise<Ceremony[]> {
  let query = db.selectFrom('ceremony').selectAll();
  if (q.device !== undefined) query = query.where('device', '=', q.device);
  if (q.state !== undefined) query = query.where('state', '=', q.state);
  return (await query.orderBy('created', 'desc').orderBy('id').limit(1000).execute()).map(ceremonyOf);
}

interface Row {
  id: string; device: string; state: string; content: string; wanted: string; chain: string; step: number; asked: number; created: number; record: number | null; decided: string; since: number; needs: string; given: string;
}

function ceremonyOf(row: Row): Ceremony {
  const chain = JSON.parse(row.chain) as number[][];
  return {
    ...(JSON.parse(row.wanted) as CeremonyOrder), id: row.id, device: row.device, state: row.state as CeremonyState, content: row.content, chain, needs: needsOf(row.needs, chain), given: JSON.parse(row.given) as Given[],
    decided: JSON.parse(row.decided) as number[], step: Number(row.step), asked: Number(row.asked), created: Number(row.created), since: Number(row.since), record: row.record === null ? null : Number(row.record),
  };
}

const awaited = (ceremony: Ceremony): Awaited => ({ ...ceremony, asks: ceremony.asked });

/** What is signed of one that is decided. */
export function actOf(c: Ceremony, decision: 'approved' | 'refused'): Act {
  return { matter: 'ceremony', subject: c.id, content: c.content, decision, step: c.step, search: ACTIONS[c.action].zh };
}

export class Ceremonies {
  constructor(
    private readonly history: History,
    private readonly authority: Authority,
    private readonly permits: Permits,
    private readonly steps: Steps,
    private readonly signatures: Signatures,
  ) {}

  /** For who asks to sign what they ask for. @throws as `ask` does */
  async signing(device: string, order: CeremonyOrder, by: number): Promise<{ step: string; options: object; form: string }> {
    return this.history.store.read(async (db) => {
      await getDevice(db, device);
      return this.signatures.begin(db, 'ceremony', 16, by, (id) => ({ decision: 'asked', content: ceremonyContent(id, device, canonicalJson(order)).toString('hex') }));
    });
  }

  /** Asks for one. Ordered at once where nobody has to approve it. @throws SIGNATURE_REQUIRED, SIGNATURE_WRONG */
  async ask(device: string, order: CeremonyOrder, by: number, signed?: Signed): Promise<Ceremony> {
    return this.history.commit(async (trx) => {
      await getDevice(trx, device);
      await this.check(trx, device, order);
      // A fingerprint or passcode that was ordered before and comes after the removal would make somebody of them again.
      if (order.action === 'remove') for (const one of await this.open(trx, device)) if (one.person === order.person) await this.end(trx, one, 'revoked', by, order.reason);
      const id = await this.signatures.identity(trx, 'ceremony', 16, by, signed);
      const { steps: chain, needs } = ACTIONS[order.action].approved ? await this.chain(trx, device, order, by) : { steps: [], needs: [] };
      const wanted = canonicalJson(order);
      const content = ceremonyContent(id, device, wanted).toString('hex');
      await trx
        .insertInto('ceremony')
        .values({ id, device, action: order.action, state: 'asked', content, wanted, chain: JSON.stringify(chain), step: 0, asked: by, statement: null, counter: null, until: null, created: this.history.seconds(), since: this.history.seconds(), record: null, decided: '[]', needs: storedNeeds(needs), given: '[]' })
        .execute();
      await this.note(trx, id, device, 'asked', by, { action: order.action, content: Buffer.from(content, 'hex'), wanted, chain, needs: saidNeeds(needs), reason: order.reason });
      await this.signatures.check(trx, { matter: 'ceremony', subject: id, content, decision: 'asked', search: ACTIONS[order.action].zh }, by, signed?.signature);
      if (chain.length === 0) await this.order(trx, await getCeremony(trx, id), by);
      return getCeremony(trx, id);
    });
  }

  /** What would only come back from the device as a refusal, or would name somebody else there. */
  private async check(trx: Trx, device: string, order: CeremonyOrder): Promise<void> {
    const action: Action = ACTIONS[order.action];
    const [fewest, most] = action.persons;
    const invalid = (detail: string): never => {
      throw new Problem(COMMON.INVALID, detail);
    };
    if (order.present.length < fewest || order.present.length > most) invalid(`present: ${fewest} to ${most}`);
    if (new Set(order.present).size !== order.present.length) invalid('present: a person twice');
    for (const need of action.needs) if (order[need] === undefined) invalid(`${need} is missing`);
    const allowed = [...action.needs, ...action.takes] as readonly string[];
    for (const name of ['person', 'until', 'die', 'press', 'fences', 'silence'] as const) if (order[name] !== undefined && !allowed.includes(name)) invalid(`${name} does not belong to it`);
    if (order.reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    if (order.until !== undefined && order.until <= this.history.seconds()) throw new Problem(DESK.WINDOW, 'until has passed');
    if (order.person !== undefined) await getPerson(trx, order.person);
    if (order.action === 'handover' && order.present[1] !== order.person) invalid('the second who is present receives');
    if (order.action === 'take-out' && !order.present.includes(order.person!)) invalid('the borrower must be there');
    const enrolled = await enrolmentsOf(trx, device);
    for (const person of order.present) if (!enrolled.some((one) => one.person === person)) throw new Problem(DESK.NOT_ENROLLED, `person ${person}`);
    if ((order.action === 'remove' || order.action === 'take-out') && !enrolled.some((one) => one.person === order.person)) throw new Problem(DESK.NOT_ENROLLED, `person ${order.person}`);
    if (order.die === undefined) return;
    const seal = await sealOfDie(trx, order.die);
    const inside = seal.device === device && ['active', 'suspended'].includes(seal.state);
    if (order.action === 'die-in' ? !['received', 'removed', 'archived'].includes(seal.state) && !(seal.state === 'active' && seal.device === device) : !inside) throw new Problem(DESK.WRONG_STATE, seal.state);
  }

  /** Who approves: the chain of the seal it is about, else of every seal in the unit, one behind the other, no step of one seal repeated for the next but by as many as the stricter one wants. Taking a unit out has rules of its own. */
  private async chain(trx: Trx, device: string, order: CeremonyOrder, by: number): Promise<{ steps: number[][]; needs: number[] }> {
    const seals = order.die === undefined ? await sealsIn(trx, device) : [await sealOfDie(trx, order.die)];
    const key = (step: number[]): string => JSON.stringify([...step].sort((a, b) => a - b));
    const all = new Map<string, { step: number[]; need: number }>();
    for (const seal of seals) {
      const { steps, needs } = order.action === 'take-out' ? await chainFor(trx, { matter: 'take-out', seal, category: null, amount: null }, by) : { steps: seal.approvers, needs: seal.needs };
      checkEnough(steps, needs, by);
      const mine = new Set<string>();
      for (const [i, step] of steps.entries()) {
        // Within one seal's chain the same persons may have to decide twice.
        const name = mine.has(key(step)) ? `${key(step)} ${i} ${seal.id}` : key(step);
        mine.add(name);
        all.set(name, { step, need: Math.max(needs[i] ?? 1, all.get(name)?.need ?? 1) });
      }
    }
    return { steps: [...all.values()].map(({ step }) => step), needs: [...all.values()].map(({ need }) => need) };
  }

  /** One approver's word. The last one orders it. @throws SIGNATURE_REQUIRED, SIGNATURE_WRONG */
  async decide(id: string, person: number, { verdict, content, reason, signature }: Word & { signature?: AuthenticationResponseJSON | undefined }): Promise<Ceremony> {
    return this.history.commit(async (trx) => {
      const ceremony = await getCeremony(trx, id);
      if (ceremony.state !== 'asked') throw new Problem(DESK.WRONG_STATE, ceremony.state);
      const word = await this.steps.decide(trx, awaited(ceremony), person, { verdict, content, reason });
      await this.note(trx, id, ceremony.device, verdict, person, { content: Buffer.from(content, 'hex'), step: ceremony.step, reason, behalf: word.behalf ?? undefined, waits: word.outcome === 'waits' || undefined });
      await this.signatures.check(trx, actOf(ceremony, verdict), person, signature);
      if (word.outcome === 'refused') await trx.updateTable('ceremony').set({ state: 'refused' }).where('id', '=', id).execute();
      else {
        // Who was the last stands with the step that was due: an order has no step behind it.
        const step = word.outcome === 'approved' ? ceremony.step : word.step;
        await trx.updateTable('ceremony').set({ decided: JSON.stringify(word.decided), step, given: JSON.stringify(word.given), ...(word.outcome === 'passed' ? { since: this.history.seconds() } : {}) }).where('id', '=', id).execute();
      }
      if (word.outcome === 'approved') await this.order(trx, ceremony, person);
      return getCeremony(trx, id);
    });
  }

  /** Whether it waits for this person. */
  async waitsFor(db: Db, one: Ceremony, person: number): Promise<boolean> {
    return one.state === 'asked' && (await this.steps.waitsFor(db, awaited(one), person));
  }

  /** Makes the statement, with a counter of its own among the permits'. */
  private async order(trx: Trx, ceremony: Ceremony, by: number): Promise<void> {
    const { id, device } = ceremony;
    const now = this.history.seconds();
    const enrolled = await enrolmentsOf(trx, device);
    // Whoever was removed in the meantime cannot be there.
    const persons = ceremony.present.map((person): PermitPerson => {
      const one = enrolled.find((known) => known.person === person);
      if (one === undefined) throw new Problem(DESK.NOT_ENROLLED, `person ${person}`);
      return { person: one.number, means: one.means };
    });
    const { counter, epoch } = await this.permits.takeCounter(trx, device);
    const until = now + (ceremony.lasts ?? USUAL);
    const subject = ceremony.person === undefined || ceremony.action === 'handover' ? undefined : await this.numberOf(trx, device, ceremony.person);
    const statement = this.authority.ceremony({
      device: Buffer.from(device, 'hex'), id: Buffer.from(id, 'hex'), notBefore: now - SLACK, notAfter: until, counter, epoch, action: ACTIONS[ceremony.action].code, persons, subject,
      until: ceremony.until, die: ceremony.die === undefined ? undefined : Buffer.from(ceremony.die, 'hex'), press: ceremony.press && [ceremony.press.dwell, ceremony.press.duty, ceremony.press.life],
      place: ceremony.fences && { fences: ceremony.fences }, silence: ceremony.silence,
    });
    if (statement.length > STATEMENT_MAX) throw new Problem(COMMON.INVALID, 'fences and persons are too much for one ceremony');
    await trx
      .insertInto('statement')
      .values({ id, device, kind: GrantKind.ceremony, statement: statement.toString('base64'), subject: ceremony.action, state: 'issued', code: null, created: now })
      .execute();
    await trx.updateTable('ceremony').set({ state: 'ordered', statement: id, counter, until }).where('id', '=', id).execute();
    await this.note(trx, id, device, 'ordered', by, { counter, sha256: sha256(statement), until });
  }

  /** Number by which the device knows a person, or will. */
  private async numberOf(trx: Trx, device: string, person: number): Promise<number> {
    const enrolled = await enrolmentsOf(trx, device);
    const known = enrolled.find((one) => one.person === person);
    if (known !== undefined) return known.number;
    // The same as at the desk, unless somebody else has it there.
    return enrolled.some((one) => one.number === person) ? Math.max(...enrolled.map((one) => one.number), person) + 1 : person;
  }

  /** Takes one back that was not done yet. */
  async revoke(id: string, by: number, reason: string): Promise<Ceremony> {
    return this.history.commit(async (trx) => {
      const ceremony = await getCeremony(trx, id);
      if (ceremony.state !== 'asked' && ceremony.state !== 'ordered') throw new Problem(DESK.WRONG_STATE, ceremony.state);
      if (reason.trim() === '') throw new Problem(DESK.REASON_REQUIRED);
      await this.end(trx, ceremony, 'revoked', by, reason);
      return getCeremony(trx, id);
    });
  }

  /** Takes back, in the caller's transaction, what was ordered for a device and is not known to be done. */
  async endOrdered(trx: Trx, device: string, by: number, reason: string): Promise<void> {
    for (const { id } of await trx.selectFrom('ceremony').select('id').where('device', '=', device).where('state', '=', 'ordered').orderBy('id').execute()) {
      await this.end(trx, await getCeremony(trx, id), 'revoked', by, reason);
    }
  }

  private async open(trx: Trx, device: string): Promise<Ceremony[]> {
    const rows = await trx.selectFrom('ceremony').selectAll().where('device', '=', device).where('state', 'in', ['asked', 'ordered']).execute();
    return rows.map(ceremonyOf).filter(({ action }) => action === 'finger' || action === 'passcode');
  }

  private async end(trx: Trx, ceremony: Ceremony, state: 'revoked' | 'expired', by: number, reason?: string): Promise<void> {
    const { id, device } = ceremony;
    const row = await trx.selectFrom('ceremony').select('counter').where('id', '=', id).executeTakeFirstOrThrow();
    await trx.updateTable('statement').set({ state: 'ended' }).where('id', '=', id).where('state', 'in', ['issued', 'queued']).execute();
    // Also where it seems never to have arrived: a relay may have kept it. The device judges the window of one that expired by itself.
    if (state === 'revoked' && row.counter !== null) await this.permits.state(trx, device, { kind: 'revoke', permit: id, counter: Number(row.counter) }, by, reason);
    await trx.updateTable('ceremony').set({ state }).where('id', '=', id).execute();
    await this.note(trx, id, device, state, by, { reason });
  }

  /** Ends what was not approved or not done in its time. Returns how many. */
  async expire(): Promise<number> {
    const now = this.history.seconds();
    const due = await this.history.store.read((db) =>
      db
        .selectFrom('ceremony')
        .select('id')
        .where((eb) => eb.or([eb.and([eb('state', '=', 'ordered'), eb('until', '<', now)]), eb.and([eb('state', '=', 'asked'), eb('created', '<', now - LONGEST)])]))
        .limit(1000)
        .execute(),
    );
    for (const { id } of due) {
      await this.history.commit(async (trx) => {
        const ceremony = await getCeremony(trx, id);
        if (ceremony.state === 'asked' || ceremony.state === 'ordered') await this.end(trx, ceremony, 'expired', 0);
      });
    }
    return due.length;
  }

  private async note(trx: Trx, id: string, device: string, state: string, by: number, more: Parameters<History['note']>[2]): Promise<void> {
    await this.history.note(
      trx, 'ceremony', { ceremony: Buffer.from(id, 'hex'), device: Buffer.from(device, 'hex'), state, by, ...more }, `${id} ${state} ${String(more['reason'] ?? '')}`,
      { type: 'ceremony', device, data: { ceremony: id, state } },
    );
  }
}
