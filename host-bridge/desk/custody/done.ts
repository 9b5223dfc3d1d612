/** What a device's record of a ceremony changes: it is done, and who is known, who keeps the seal and where it is follows from that. */
import type { History, Trx } from '../history';
import { openCase } from '../follow/cases';
import { enrolmentsOf, type Enrolment } from '../register/cards';
import { bytesAt, countAt, type EvidenceRecord } from '../register/records';
import { ACTIONS, actionOf, type ActionName } from './actions';
import { getCeremony, type Ceremony } from './ceremonies';
import { changeSeal, sealOfDie, sealsIn } from './seals';

/** A CEREMONY record. One that this desk never ordered is a person's to look at; what it did at the device is followed all the same. */
export async function ceremonyDone(trx: Trx, history: History, record: EvidenceRecord): Promise<void> {
  const id = bytesAt(record, 1) ?? '';
  const action = actionOf(countAt(record, 2) ?? 0);
  const known = await trx.selectFrom('ceremony').select('id').where('id', '=', id).where('device', '=', record.device).where('counter', '=', countAt(record, 3) ?? -1).executeTakeFirst();
  if (known === undefined || action === undefined) {
    await openCase(trx, history, record.device, 'foreign-ceremony', record.seq, { ceremony: id, action: countAt(record, 2) ?? 0 });
    return;
  }
  const ceremony = await getCeremony(trx, id);
  await trx.updateTable('ceremony').set({ state: 'done', record: record.seq }).where('id', '=', id).execute();
  await trx.updateTable('statement').set({ state: 'applied' }).where('id', '=', id).execute();
  await history.note(
    trx, 'ceremony', { ceremony: Buffer.from(id, 'hex'), device: Buffer.from(record.device, 'hex'), state: 'done', by: 0, seq: record.seq }, `${id} done ${ACTIONS[action].zh} ${ACTIONS[action].en}`,
    { type: 'ceremony', device: record.device, data: { ceremony: id, state: 'done', action } },
  );
  await follow(trx, history, record, ceremony, action);
}

/** Persons of the desk behind the numbers the device gives. */
async function presentOf(trx: Trx, record: EvidenceRecord): Promise<number[]> {
  const numbers = record.data.get(6);
  const enrolled = await enrolmentsOf(trx, record.device);
  return (Array.isArray(numbers) ? numbers : []).flatMap((number) => enrolled.find((one) => one.number === number)?.person ?? []);
}

async function follow(trx: Trx, history: History, record: EvidenceRecord, ceremony: Ceremony, action: ActionName): Promise<void> {
  const present = await presentOf(trx, record);
  const { device } = record;
  const change = { what: action, by: ceremony.asked, present, ceremony: ceremony.id, reason: ceremony.reason };
  switch (action) {
    case 'finger':
    case 'passcode':
      return enrolled(trx, device, ceremony.person!, countAt(record, 4) ?? 0, action === 'finger' ? 1 : 2, countAt(record, 7) ?? null);
    case 'remove':
      await trx.deleteFrom('enrolment').where('device', '=', device).where('number', '=', countAt(record, 4) ?? -1).execute();
      return;
    case 'pair-reader':
      // Every finger is void; who has a passcode keeps it.
      await trx.deleteFrom('enrolment').where('device', '=', device).where('means', '=', 1).execute();
      await trx.updateTable('enrolment').set({ means: 2 }).where('device', '=', device).where('means', '=', 3).execute();
      return;
    case 'handover':
      for (const seal of await sealsIn(trx, device)) if (seal.custodian === ceremony.present[0]) await changeSeal(trx, history, seal, { ...change, custodian: ceremony.person! });
      return;
    case 'suspend':
    case 'resume':
      for (const seal of await sealsIn(trx, device)) await changeSeal(trx, history, seal, { ...change, state: action === 'suspend' ? 'suspended' : 'active' });
      return;
    case 'destroy':
      for (const seal of await sealsIn(trx, device)) await changeSeal(trx, history, seal, { ...change, state: 'destroyed' });
      return;
    case 'die-out':
      return changeSeal(trx, history, await sealOfDie(trx, ceremony.die!), { ...change, state: 'removed' });
    case 'die-in':
      return changeSeal(trx, history, await sealOfDie(trx, ceremony.die!), { ...change, state: 'active', device });
    case 'take-out':
    case 'return': {
      await trx.deleteFrom('outing').where('device', '=', device).execute();
      if (action === 'take-out') await trx.insertInto('outing').values({ device, borrower: ceremony.person!, until: ceremony.until!, ceremony: ceremony.id }).execute();
      for (const seal of await sealsIn(trx, device)) await changeSeal(trx, history, seal, change);
      return;
    }
    case 'press':
    case 'inked':
      return changeSeal(trx, history, await sealOfDie(trx, ceremony.die!), change);
    case 'maintain':
  }
}

/** A finger or a passcode more; an end, or none, holds for all of a person's. */
async function enrolled(trx: Trx, device: string, person: number, number: number, means: 1 | 2, until: number | null): Promise<void> {
  const before: Enrolment | undefined = (await enrolmentsOf(trx, device)).find((one) => one.person === person);
  if (before === undefined) await trx.insertInto('enrolment').values({ device, person, number, means, until }).execute();
  else await trx.updateTable('enrolment').set({ means: before.means | means, until }).where('device', '=', device).where('person', '=', person).execute();
}

/** A device that started anew has forgotten what waited in its memory: it is handed over once more. */
export async function orderedAnew(trx: Trx, device: string): Promise<void> {
  const waiting = await trx.selectFrom('ceremony').select('id').where('device', '=', device).where('state', '=', 'ordered').execute();
  if (waiting.length > 0) await trx.updateTable('statement').set({ state: 'issued' }).where('id', 'in', waiting.map(({ id }) => id)).where('state', '=', 'applied').execute();
}

/** What the bridge says of an order that the device did not take. True: there is nothing to tell anybody. */
export async function orderRefused(trx: Trx, id: string, code: string): Promise<boolean> {
  // Done or revoked already: its record, or ours, says which.
  if (code === 'REPLAYED') return true;
  await trx.updateTable('ceremony').set({ state: 'refused' }).where('id', '=', id).where('state', '=', 'ordered').execute();
  return false;
}
