/** Register cards: devices, seals, and which person has which number on which device. */
import type { Transaction } from 'kysely';
import type { Store } from '../../common/database';
import { COMMON, Problem } from '../../common/errors';
import { getPerson } from '../people/people';
import { needsOf, saidNeeds, storedNeeds } from '../chains/steps';
import type { SealState } from '../custody/actions';
import type { Db, Tables } from '../tables';
import type { Act, Signatures, Signed } from '../signatures/signatures';
import { appendEntry } from './register';
import { canonicalJson, sealStepContent } from './signature';

export const sealKinds = ['company', 'department', 'contract', 'finance', 'legal-representative'] as const;
export type SealKind = (typeof sealKinds)[number];

export interface Device {
  id: string;
  name: string;
  bridge: string;
  epoch: number;
}

export interface Seal {
  id: string;
  kind: SealKind;
  name: string;
  /** Identity of the die's tag, 8 bytes in hexadecimal. */
  die: string;
  device: string;
  custodian: number;
  /** SHA-256 of the kept sample impression (留样), if one was handed in. */
  sample: string | null;
  state: SealState;
  /** Of the impression, millimetres; null where nobody noted it. */
  width: number | null;
  height: number | null;
  /** How many there are of it. */
  pieces: number;
  /** Department that issued it (制发部门), who received it and when, Unix seconds; '' and null where nobody noted it. */
  issuedBy: string;
  recipient: string;
  received: number | null;
  /** Who keeps it in the keeper's place (代管), and until when, Unix seconds; null: nobody. */
  deputy: number | null;
  deputyUntil: number | null;
  /** Approvers in order; in each step any one of those named decides, or as many as `needs` says of that step. */
  approvers: number[][];
  needs: number[];
}

/** What has to be said of a new seal, and what may be; in use from the start unless its `state` says otherwise. */
export type NewSeal = Pick<Seal, 'kind' | 'name' | 'die' | 'device' | 'custodian' | 'sample' | 'approvers'> & Partial<Omit<Seal, 'id'>>;

export interface Enrolment {
  device: string;
  person: number;
  /** The person's number on the device, as permits name it. */
  number: number;
  /** 1 finger, 2 passcode, 3 both. */
  means: number;
  /** Unix seconds from when on they are nobody there; null: no end. */
  until: number | null;
}

export async function getDevice(db: Db, id: string): Promise<Device> {
  const row = await db.selectFrom('device').select(['id', 'name', 'bridge', 'epoch']).where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `device ${id}`);
  return { ...row, epoch: Number(row.epoch) };
}

export async function listDevices(db: Db): Promise<Device[]> {
  return (await db.selectFrom('device').select(['id', 'name', 'bridge', 'epoch']).orderBy('id').execute()).map((row) => ({ ...row, epoch: Number(row.epoch) }));
}

async function chainOf(db: Db, seal: string, needs: string): Promise<Pick<Seal, 'approvers' | 'needs'>> {
  const steps: number[][] = [];
  const rows = await db.selectFrom('seal_step').selectAll().where('seal', '=', seal).orderBy('step').orderBy('person').execute();
  for (const row of rows) (steps[Number(row.step)] ??= []).push(Number(row.person));
  return { approvers: steps, needs: needsOf(needs, steps) };
}

export async function getSeal(db: Db, id: string): Promise<Seal> {
  const row = await db.selectFrom('seal').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `seal ${id}`);
  return {
    id: row.id, kind: row.kind as SealKind, name: row.name, die: row.die, device: row.device,
    custodian: Number(row.custodian), sample: row.sample, ...(await chainOf(db, id, row.needs)), state: row.state as SealState, width: row.width === null ? null : Number(row.width),
    height: row.height === null ? null : Number(row.height), pieces: Number(row.pieces), issuedBy: row.issued_by, recipient: row.recipient, received: row.received === null ? null : Number(row.received),
    deputy: row.deputy === null ? null : Number(row.deputy), deputyUntil: row.deputy_until === null ? null : Number(row.deputy_until),
  };
}

export async function listSeals(db: Db): Promise<Seal[]> {
  const ids = await db.selectFrom('seal').select('id').orderBy('created').orderBy('id').execute();
  const all: Seal[] = [];
  for (const { id } of ids) all.push(await getSeal(db, id));
  return all;
}

export async function enrolmentsOf(db: Db, device: string): Promise<Enrolment[]> {
  return (await db.selectFrom('enrolment').selectAll().where('device', '=', device).orderBy('number').execute()).map(enrolmentOf);
}

/** Where a person is enrolled: by finger, passcode or both. */
export async function enrolmentsOfPerson(db: Db, person: number): Promise<Enrolment[]> {
  return (await db.selectFrom('enrolment').selectAll().where('person', '=', person).orderBy('device').execute()).map(enrolmentOf);
}

const enrolmentOf = (row: Tables['enrolment']): Enrolment => ({
  device: row.device, person: Number(row.person), number: Number(row.number), means: Number(row.means), until: row.until === null ? null : Number(row.until),
});

/** A signature that was begun: the step, and what navigator.credentials.get() wants. */
type Begun = Awaited<ReturnType<Signatures['begin']>>;

export interface CardsOptions {
  store: Store<Tables>;
  seconds(): number;
  random(length: number): Buffer;
  signatures: Signatures;
  /** Called with each new unit, in the transaction that registers it. */
  added?(trx: Transaction<Tables>, device: string): Promise<void>;
}

/** Who decides on a seal, or how a person is known at a unit: what is signed of a card. */
type CardAct = { what: 'approvers'; subject: string; said: { approvers: number[][]; needs: number[] } } | { what: 'enrolment'; subject: string; said: Pick<Enrolment, 'person' | 'number' | 'means'> };

const approversAct = (seal: string, { approvers, needs = [] }: { approvers: number[][]; needs?: number[] | undefined }): CardAct => ({ what: 'approvers', subject: seal, said: { approvers, needs: saidNeeds(needsOf(JSON.stringify(needs), approvers)) ?? [] } });
const enrolmentAct = ({ device, person, number, means }: Omit<Enrolment, 'until'>): CardAct => ({ what: 'enrolment', subject: device, said: { person, number, means } });
const signedOf = (act: string, { what, subject, said }: CardAct): Act => ({ matter: 'card', subject, content: sealStepContent(act, subject, what, canonicalJson(said)).toString('hex'), decision: 'noted', search: what });

export class Cards {
  constructor(private readonly o: CardsOptions) {}

  /** Registers a device. The same card again changes nothing. */
  async addDevice(card: { id: string; name: string; bridge: string }, by: number): Promise<Device> {
    const at = this.o.seconds();
    return this.o.store.commit(async (trx) => {
      const known = await trx.selectFrom('device').selectAll().where('id', '=', card.id).executeTakeFirst();
      if (known) {
        if (known.name !== card.name || known.bridge !== card.bridge) throw new Problem(COMMON.CONFLICT, `device ${card.id}`);
        return { ...card, epoch: Number(known.epoch) };
      }
      await trx.insertInto('device').values({ ...card, created: at, next_counter: 1, epoch: 0 }).execute();
      await trx.insertInto('chain').values({ device: card.id, next_seq: 0, prev: '00'.repeat(32), acked: 0, photos_acked: 0, first_wanted: 0 }).execute();
      await appendEntry(trx, at, 'device', { device: Buffer.from(card.id, 'hex'), name: card.name, bridge: card.bridge, by }, `${card.id} ${card.name}`);
      await this.o.added?.(trx, card.id);
      return getDevice(trx, card.id);
    });
  }

  /** For who changes the approvers of a seal to sign it. @throws NOT_FOUND, SIGN_IN_OFF */
  signingApprovers(seal: string, given: { approvers: number[][]; needs?: number[] | undefined }, by: number): Promise<Begun> {
    return this.signing(async (db) => void (await getSeal(db, seal)), approversAct(seal, given), by);
  }

  /** As `signingApprovers`, of an enrolment. @throws NOT_FOUND, SIGN_IN_OFF */
  signingEnrolment(given: Omit<Enrolment, 'until'>, by: number): Promise<Begun> {
    return this.signing(async (db) => void (await getDevice(db, given.device)), enrolmentAct(given), by);
  }

  private signing(check: (db: Db) => Promise<void>, card: CardAct, by: number): Promise<Begun> {
    return this.o.store.read(async (db) => {
      await check(db);
      return this.o.signatures.begin(db, 'card', 8, by, (act) => signedOf(act, card));
    });
  }

  /** What its entry says besides where it is signed, and what checks the signature behind that entry. */
  private async signed(trx: Transaction<Tables>, card: CardAct, by: number, signed: Signed | undefined): Promise<{ more: { act?: string; said?: string }; check(): Promise<void> }> {
    const { signatures } = this.o;
    const act = await signatures.identity(trx, 'card', 8, by, signed);
    return { more: signed === undefined ? {} : { act, said: canonicalJson(card.said) }, check: () => signatures.check(trx, signedOf(act, card), by, signed?.signature) };
  }

  /** Notes under which number a person is enrolled on a device. @throws NOT_FOUND, CONFLICT, SIGNATURE_REQUIRED, SIGNATURE_WRONG, STEP_OVER */
  async enrol(given: Omit<Enrolment, 'until'>, by: number, signed?: Signed): Promise<Enrolment> {
    const card = { ...given, until: null };
    const at = this.o.seconds();
    return this.o.store.commit(async (trx) => {
      await getDevice(trx, card.device);
      const person = await getPerson(trx, card.person);
      const taken = await trx.selectFrom('enrolment').select('person').where('device', '=', card.device).where('number', '=', card.number).executeTakeFirst();
      if (taken && Number(taken.person) !== card.person) throw new Problem(COMMON.CONFLICT, `number ${card.number} belongs to person ${taken.person}`);
      await trx.deleteFrom('enrolment').where('device', '=', card.device).where('person', '=', card.person).execute();
      await trx.insertInto('enrolment').values(card).execute();
      const { more, check } = await this.signed(trx, enrolmentAct(given), by, signed);
      await appendEntry(trx, at, 'enrolment', { ...card, device: Buffer.from(card.device, 'hex'), by, ...more }, person.name);
      await check();
      return card;
    });
  }

  async addSeal(given: NewSeal, by: number): Promise<Seal> {
    const card = { state: 'active' as const, width: null, height: null, pieces: 1, issuedBy: '', recipient: '', received: null, deputy: null, deputyUntil: null, ...given, needs: needsOf(JSON.stringify(given.needs ?? []), given.approvers) };
    const at = this.o.seconds();
    const id = this.o.random(8).toString('hex');
    return this.o.store.commit(async (trx) => {
      await getDevice(trx, card.device);
      await getPerson(trx, card.custodian);
      const taken = await trx.selectFrom('seal').select('id').where('die', '=', card.die).executeTakeFirst();
      if (taken) throw new Problem(COMMON.CONFLICT, `die ${card.die} belongs to seal ${taken.id}`);
      await trx
        .insertInto('seal')
        .values({
          id, kind: card.kind, name: card.name, die: card.die, device: card.device, custodian: card.custodian, sample: card.sample, created: at, state: card.state, width: card.width,
          height: card.height, pieces: card.pieces, issued_by: card.issuedBy, received: card.received, recipient: card.recipient, deputy: null, deputy_until: null, needs: '[]',
        })
        .execute();
      await this.storeChain(trx, id, card);
      await appendEntry(
        trx, at, 'seal',
        {
          seal: id, kind: card.kind, name: card.name, die: Buffer.from(card.die, 'hex'), device: Buffer.from(card.device, 'hex'), custodian: card.custodian,
          sample: card.sample === null ? null : Buffer.from(card.sample, 'hex'), approvers: card.approvers, needs: saidNeeds(card.needs), state: card.state,
          width: card.width, height: card.height, pieces: card.pieces, issuedBy: card.issuedBy, recipient: card.recipient, received: card.received, by,
        },
        `${id} ${card.name} ${card.kind}`,
      );
      return { ...card, id };
    });
  }

  /** Replaces the approvers of a seal; applications already submitted keep the chain they were submitted under. */
  async setApprovers(seal: string, given: { approvers: number[][]; needs?: number[] | undefined }, by: number, signed?: Signed): Promise<Seal> {
    return this.o.store.commit(async (trx) => {
      const card = await getSeal(trx, seal);
      const chain = { approvers: given.approvers, needs: needsOf(JSON.stringify(given.needs ?? []), given.approvers) };
      await trx.deleteFrom('seal_step').where('seal', '=', seal).execute();
      await this.storeChain(trx, seal, chain);
      const { more, check } = await this.signed(trx, approversAct(seal, given), by, signed);
      await appendEntry(trx, this.o.seconds(), 'approvers', { seal, approvers: chain.approvers, needs: saidNeeds(chain.needs), by, ...more }, `${seal} ${card.name}`);
      await check();
      return { ...card, ...chain };
    });
  }

  private async storeChain(trx: Db, seal: string, { approvers, needs }: Pick<Seal, 'approvers' | 'needs'>): Promise<void> {
    await trx.updateTable('seal').set({ needs: storedNeeds(needs) }).where('id', '=', seal).execute();
    for (const [step, people] of approvers.entries()) {
      if (new Set(people).size < (needs[step] ?? 1)) throw new Problem(COMMON.INVALID, `needs: ${needs[step]} of ${new Set(people).size}`);
      for (const person of new Set(people)) {
        const held = (await getPerson(trx, person)).roles;
        if (!held.includes('approver')) throw new Problem(COMMON.INVALID, `person ${person} is not an approver`);
        await trx.insertInto('seal_step').values({ seal, step, person }).execute();
      }
    }
  }
}
