/** What a device's verified records say that the tables hold: strokes, photos, counts, who is enrolled, where a unit is. */
import { bytesAt, countAt, RecordKind, recordHash, type EvidenceRecord } from '../register/records';
import { searchText } from '../register/register';
import { actionName, type State } from './entries';
import type { Expected, Row } from './expected';

export function readRecord(e: Expected, state: State, record: EvidenceRecord, entry: number, at: number): void {
  const { device, seq } = record;
  e.amend('chain', device, { next_seq: seq + 1, prev: recordHash(record.bytes).toString('hex') });
  const permit = bytesAt(record, 1) ?? '';
  switch (record.kind) {
    case RecordKind.photo: {
      const digest = bytesAt(record, 3);
      const size = countAt(record, 4);
      if (digest?.length !== 64 || size === undefined) return;
      e.set('photo', { device, seq, digest, size });
      if (countAt(record, 2) !== 1) return;
      const stroke = state.strokes.get(`${device} ${permit} ${countAt(record, 5) ?? -1}`);
      if (stroke) stroke['after'] = digest;
      return;
    }
    case RecordKind.intent:
      return intent(e, state, record, permit);
    case RecordKind.outcome: {
      e.amend('stroke', `${device} ${countAt(record, 5) ?? -1}`, { outcome: seq, result: countAt(record, 3) ?? 3 });
      const charged = countAt(record, 6);
      if (charged !== undefined) charge(e, device, permit, charged);
      return;
    }
    case RecordKind.toppedUp: {
      const granted = [...e.all('top_up').values()].some((one) => one['permit'] === permit && one['count'] === countAt(record, 2) && one['state'] === 'approved');
      if (granted) e.amend('permit', permit, { quota: countAt(record, 2) ?? 0 });
      return;
    }
    case RecordKind.closed:
      // 1 used up, 2 finished, 4 expired, 6 revoked: then the count is the last (follow/effects.ts).
      if ([1, 2, 4, 6].includes(countAt(record, 2) ?? 0)) charge(e, device, permit, countAt(record, 3) ?? 0);
      return;
    case RecordKind.revoked: {
      const epoch = countAt(record, 1);
      if (epoch !== undefined && epoch > Number(e.get('device', device)?.['epoch'] ?? 0)) e.amend('device', device, { epoch });
      return;
    }
    case RecordKind.ceremony:
      return ceremony(e, state, record, entry, at);
    default:
  }
}

function charge(e: Expected, device: string, permit: string, used: number): void {
  for (const table of ['permit', 'offline_code'] as const) if (e.get(table, permit)?.['device'] === device) e.amend(table, permit, { used });
}

function intent(e: Expected, state: State, record: EvidenceRecord, permit: string): void {
  const { device, seq } = record;
  const behind = [e.get('permit', permit), e.get('offline_code', permit)].find((one) => one?.['device'] === device)?.['application'] ?? null;
  const charged = countAt(record, 3) ?? 0;
  const words = behind === null ? '' : state.words(String(behind));
  const row: Row = {
    device, intent: seq, permit, use_number: countAt(record, 2) ?? 0, application: behind, charged, before: bytesAt(record, 4) ?? null, outcome: null, result: null, after: null, intent_time: record.time,
    search: searchText(`${device} ${permit} ${words}`),
  };
  e.set('stroke', row);
  // The newest with this number: a failed one gives its number back.
  state.strokes.set(`${device} ${permit} ${countAt(record, 2) ?? 0}`, e.get('stroke', `${device} ${seq}`) as Row);
  charge(e, device, permit, charged);
}

/** Who is known at a unit and where it is follows from what was done there (custody/done.ts). */
function ceremony(e: Expected, state: State, record: EvidenceRecord, _entry: number, _at: number): void {
  const { device } = record;
  const id = bytesAt(record, 1) ?? '';
  const wanted = state.ceremonies.get(id);
  const action = actionName(countAt(record, 2) ?? 0);
  if (wanted === undefined || action === undefined || e.get('ceremony', id)?.['counter'] !== countAt(record, 3)) return;
  if ((action === 'finger' || action === 'passcode') && wanted.person !== undefined) {
    const known = e.get('enrolment', `${device} ${wanted.person}`);
    const until = countAt(record, 7) ?? null;
    const means = action === 'finger' ? 1 : 2;
    if (known) Object.assign(known, { means: Number(known['means']) | means, until });
    else e.set('enrolment', { device, person: wanted.person, number: countAt(record, 4) ?? 0, means, until });
  } else if (action === 'remove') e.drop('enrolment', (row) => row['device'] === device && row['number'] === countAt(record, 4));
  else if (action === 'pair-reader') {
    e.drop('enrolment', (row) => row['device'] === device && row['means'] === 1);
    for (const row of e.all('enrolment').values()) if (row['device'] === device && row['means'] === 3) row['means'] = 2;
  } else if (action === 'take-out' || action === 'return') {
    e.drop('outing', (row) => row['device'] === device);
    if (action === 'take-out') e.set('outing', { device, borrower: wanted.person!, until: wanted.until!, ceremony: id });
  }
}
