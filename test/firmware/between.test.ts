/** Between capabilities: one begun while another is under way, taken back, out of time, or withheld. Each was found by a hostile reader. */
import { Alarm } from '../../firmware/core/alarms';
import { Enrolled } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import * as codec from '../../protocol/generated/codec';
import { MaintainWhat, MessageType, RefusalCode, UseState } from '../../protocol/generated/codec';
import type { Grant } from '../../protocol/permit';
import { Action, GrantKind } from '../../protocol/permit';
import { begin, ceremonyOf, recordsOf, started } from './begun';
import { verify } from './evidence';
import { DIE, host } from './identity';
import { Rig } from './rig';

const JPEG = `\xff\xd8${'host'.repeat(700)}\xff\xd9`;
let counter = 3000;
const ceremony = (action: Action, more: Partial<Grant> = {}): Grant => ceremonyOf(++counter, action, more);
const phase = (rig: Rig): number => rig.device!.use.phase;
const put = (rig: Rig, offset: number, data: string, last: boolean): number => rig.code(rig.ask(MessageType.PHOTO_PUT, codec.encodePhotoPut({ offset, data, last })));
function hand(rig: Rig, jpeg: string): void {
  for (let at = 0; at < jpeg.length; at += 512) expect(put(rig, at, jpeg.slice(at, at + 512), at + 512 >= jpeg.length)).toBe(0);
}

test('a top-up that comes while the second person is awaited is not lost', () => {
  const rig = started();
  const permit = 'topped'.padEnd(16);
  expect(rig.load(rig.permit({ permit, counter: 20, count: 1, persons: [101, 1, 102, 1] }))).toBe(0);
  rig.finger(3);
  expect(phase(rig)).toBe(UseState.OPENING);
  expect(rig.apply({ kind: GrantKind.TOP_UP, permit, count: 3, counter: 21, epoch: 0 })).toBe(0);
  rig.finger(4);
  expect(phase(rig)).toBe(UseState.OPEN);
  rig.page();
  expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
  rig.run(3000);
  const closed = recordsOf(rig, RecordKind.CLOSED).map((d) => [d.get(2), d.get(3)]);
  const p = rig.device!.state.permit(permit)!;
  // SPEC: "the permit has so many strokes from now on, in all; also while a use is open under it". L2: usable.
  expect({ closed, used: p.used, count: p.count, shut: p.closed }).toEqual({ closed: [], used: 1, count: 3, shut: 0 });
});

test('... nor is it closed for good behind the register\'s back', () => {
  const rig = started();
  const permit = 'topped'.padEnd(16);
  expect(rig.load(rig.permit({ permit, counter: 20, count: 1, persons: [101, 1, 102, 1] }))).toBe(0);
  rig.finger(3);
  expect(rig.apply({ kind: GrantKind.TOP_UP, permit, count: 3, counter: 21, epoch: 0 })).toBe(0);
  rig.finger(4);
  rig.page();
  expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
  rig.run(3000);
  rig.hand(() => { rig.lid = false; rig.paper = false; });
  rig.finger(3);
  rig.finger(4);
  expect(phase(rig)).toBe(UseState.OPEN);
});

describe('a ceremony that was revoked while it was under way', () => {
  const revoke = (rig: Rig, g: Grant): void => expect(rig.apply({ kind: GrantKind.REVOKE, permit: g.permit as string, counter: g.counter as number })).toBe(0);

  test('gives nobody a finger', () => {
    const rig = started();
    const g = ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1] });
    expect(rig.apply(g)).toBe(0);
    rig.finger(3);
    revoke(rig, g);
    rig.run(5000);
    rig.enrolled(Enrolled.DONE);
    expect(recordsOf(rig, RecordKind.CEREMONY)).toEqual([]);
    expect(rig.device!.people.able(104, 1)).toBe(RefusalCode.UNKNOWN_PERSON);
  });

  test('lets no die out', () => {
    const rig = started();
    rig.run(12_000);
    const g = ceremony(Action.DIE_OUT, { persons: [101, 1] });
    expect(rig.apply(g)).toBe(0);
    rig.finger(3);
    revoke(rig, g);
    rig.run(60_000);
    rig.hand(() => { rig.dies = []; });
    rig.run(4000);
    expect(rig.device!.state.latched(Alarm.DIE)).toBeDefined();
  });

  test('lets no die out, by epoch', () => {
    const rig = started();
    rig.run(12_000);
    expect(rig.apply(ceremony(Action.DIE_OUT, { persons: [101, 1] }))).toBe(0);
    rig.finger(3);
    expect(rig.apply({ kind: GrantKind.REVOKE, epoch: 2 })).toBe(0);
    rig.run(60_000);
    rig.hand(() => { rig.dies = []; });
    rig.run(4000);
    expect(rig.device!.state.latched(Alarm.DIE)).toBeDefined();
  });
});

test('a photo that the host withholds after the stroke is told by a record, whatever else the host does', () => {
  const rig = started();
  expect(rig.load(rig.permit({ count: 1, policy: 33 }))).toBe(0);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => phase(rig) === 4)).toBe(true);
  hand(rig, JPEG);
  expect(rig.until(() => phase(rig) === 7)).toBe(true);
  // Needs no key of the authority: two kinds of nonsense in turn use the refusals up.
  for (let i = 0; i < 130 && phase(rig) === 7; i++) {
    rig.ask(MessageType.GRANT_APPLY, codec.encodeGrantApply({ grant: 'nonsense' }));
    rig.apply({ kind: GrantKind.REVOKE, epoch: 9 }, 'X'.repeat(32));
    rig.run(450);
  }
  rig.run(5000);
  expect(phase(rig)).toBe(1);
  expect(rig.strokes).toHaveLength(1);
  expect(recordsOf(rig, RecordKind.PHOTO).map((d) => d.get(2))).toEqual([0]);
  expect([recordsOf(rig, RecordKind.REFUSED).map((d) => d.get(1)), recordsOf(rig, RecordKind.CLOSED).map((d) => d.get(2))]).toEqual([expect.arrayContaining([RefusalCode.NO_PHOTO]), [1]]);
});

test('a journal that fills up while pages are changed under a use locks nothing', () => {
  const rig = begin(new Rig({ photoPages: 64 }));
  expect(rig.load(rig.permit({ count: 5, policy: 1 | 2 | 16 }))).toBe(0);
  const journal = rig.device!.log.journal;

  // Up for more than a minute: numbers in records are longer, and the page ends elsewhere.
  rig.run(70_000);
  while (journal.free() >= 8192 + 1024 + 700) rig.device!.record(RecordKind.CHALLENGE, [1, 101, 1, 'D'.repeat(8)], 1);
  rig.finger(3);
  expect(phase(rig)).toBe(UseState.OPEN);
  for (let i = 0; i < 60 && phase(rig) !== 1; i++) {
    rig.page();
    rig.run(400);
  }
  rig.run(3000);
  expect(phase(rig)).toBe(1);
  expect(rig.device!.state.alarms).toEqual([]);
});

function maintained(): Rig {
  const rig = started();
  rig.run(12_000);
  expect(rig.apply(ceremony(Action.DIE_OUT, { persons: [101, 1] }))).toBe(0);
  rig.finger(3);
  rig.hand(() => { rig.dies = []; });
  rig.run(4000);
  return rig;
}

test('views do not break a self-test, nor keep the watch from its switches', () => {
  const rig = maintained();
  expect(rig.ask(MessageType.VIEW_GET, '')!.at(-1)!.type).toBe(MessageType.VIEW_CHUNK);
  rig.run(3000);
  expect(rig.apply(ceremony(Action.MAINTAIN, { persons: [101, 1] }))).toBe(0);
  rig.finger(3);
  expect(rig.device!.maintenance).toBeDefined();
  const order = (what: number): codec.Maintained => codec.decodeMaintained(rig.ask(MessageType.MAINTAIN, codec.encodeMaintain({ what, part: 0, ms: 0 }))![0]!.body)!;
  expect(order(MaintainWhat.SELF_TEST).busy).toBe(MaintainWhat.SELF_TEST);
  const view = rig.ask(MessageType.VIEW_GET, '')!.at(-1)!;
  for (let i = 0; i < 40; i++) {
    rig.run(60_000);
    order(MaintainWhat.SENSORS);
  }
  rig.contactStuck = true;
  rig.hand(() => undefined);
  rig.run(60_000);
  expect([view.type === MessageType.REFUSAL, order(MaintainWhat.SENSORS).busy, rig.device!.state.latched(Alarm.CONTACT) !== undefined]).toEqual([true, 0, true]);
});

test('a unit that has shown a view once still falls asleep', () => {
  const rig = started();
  rig.usb = false;
  rig.run(5000);
  rig.ask(MessageType.VIEW_GET, '');
  rig.run(600_000);
  expect([rig.dark, rig.cameraRests > 0]).toEqual([true, true]);
});

test('a permit that the host has finished for good stays so, whatever key is pressed behind', () => {
  const rig = started();
  const permit = 'finished'.padEnd(16);
  expect(rig.load(rig.permit({ permit, counter: 30, count: 3, policy: 1 }))).toBe(0);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => phase(rig) > 8)).toBe(true);
  expect(rig.code(rig.ask(MessageType.USE_CLOSE, ''))).toBe(0);
  rig.type('C');
  expect(rig.until(() => phase(rig) === 1)).toBe(true);
  expect(recordsOf(rig, RecordKind.CLOSED).map((d) => d.get(2))).toEqual([2]);
  expect(rig.device!.state.permit(permit)!.closed).not.toBe(0);
});

test('... nor when the battery is too weak for the stroke', () => {
  const rig = started();
  const permit = 'finished'.padEnd(16);
  expect(rig.load(rig.permit({ permit, counter: 30, count: 3, policy: 1 }))).toBe(0);
  rig.mv = 3800;
  rig.sagging = () => (rig.boltOpen ? rig.mv - 400 : rig.mv);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => phase(rig) === 6 || phase(rig) > 8)).toBe(true);
  rig.type('D');
  expect(rig.until(() => phase(rig) === 1)).toBe(true);
  expect(recordsOf(rig, RecordKind.CLOSED).map((d) => d.get(2))).toEqual([2]);
});

test('the photo after a stroke keeps its place in the evidence when its permit is revoked and the office loads another', () => {
  const rig = started();
  const permit = 'revoked'.padEnd(16);
  expect(rig.load(rig.permit({ permit, counter: 40, count: 3, policy: 33 }))).toBe(0);
  for (let i = 1; i < 8; i++) expect(rig.load(rig.permit({ counter: 40 + i, persons: [102, 1] }))).toBe(0);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => phase(rig) === 4)).toBe(true);
  hand(rig, JPEG);
  expect(rig.until(() => phase(rig) === 7)).toBe(true);
  expect(rig.apply({ kind: GrantKind.REVOKE, permit, counter: 40 })).toBe(0);
  const j = rig.device!.log.journal;
  expect(rig.apply({ kind: GrantKind.ACK, recordsThrough: j.next, photosThrough: 0, hash: host.sha256(j.read(j.next - 1)) })).toBe(0);
  // The one whose use is open gives no room away.
  expect(rig.load(rig.permit({ counter: 50, persons: [102, 1] }))).toBe(RefusalCode.STORE_FULL);
  hand(rig, JPEG.replace('host', 'HOST'));
  expect(rig.until(() => phase(rig) === 1)).toBe(true);
  const all = verify(j);
  expect(all.filter(({ kind }) => kind === RecordKind.PHOTO).map(({ data }) => [data.get(2), data.get(5)])).toEqual([[0, 1], [1, 1]]);
  expect(all.filter(({ kind }) => kind === RecordKind.CLOSED).map(({ data }) => [data.get(2), data.get(3)])).toEqual([[6, 1]]);
});

test('while a ceremony has begun nothing else is opened', () => {
  const rig = started();
  rig.run(12_000);
  expect(rig.load(rig.permit({ counter: 60, count: 1, persons: [102, 1] }))).toBe(0);
  expect(rig.apply(ceremony(Action.DIE_OUT, { persons: [101, 1] }))).toBe(0);
  rig.finger(3);
  rig.finger(4);
  expect(phase(rig)).toBe(UseState.IDLE);
});

test('a ceremony that was answered Done waits, or is refused', () => {
  const rig = started();
  const g = ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1] });
  expect(rig.apply(g)).toBe(0);
  expect(rig.apply(ceremony(Action.READER_PAIR))).toBe(0);
  const again = rig.apply(g);
  rig.run(3000);
  expect([again, rig.status()!.ceremony]).toEqual([RefusalCode.BUSY, 0]);
});

test('without views the self-test ends and the contact is told', () => {
  const rig = maintained();
  expect(rig.apply(ceremony(Action.MAINTAIN, { persons: [101, 1] }))).toBe(0);
  rig.finger(3);
  const order = (what: number): codec.Maintained => codec.decodeMaintained(rig.ask(MessageType.MAINTAIN, codec.encodeMaintain({ what, part: 0, ms: 0 }))![0]!.body)!;
  order(MaintainWhat.SELF_TEST);
  rig.run(20_000);
  expect(order(MaintainWhat.SENSORS).busy).toBe(0);
  rig.contactStuck = true;
  rig.hand(() => undefined);
  rig.run(60_000);
  expect(rig.device!.state.latched(Alarm.CONTACT)).toBeDefined();
});

const OTHER = 'DIE\0\0\0\0\x02';

/** A unit with two dies, the first of them under the ram. */
function revolver(): Rig {
  const rig = begin(new Rig());
  rig.run(12_000);
  expect(rig.apply(ceremony(Action.DIE_IN, { persons: [101, 1], die: OTHER }))).toBe(0);
  rig.finger(3);
  rig.dies = [DIE, OTHER];
  rig.ram = () => DIE;
  rig.run(15_000);
  return rig;
}

test('a die out of a revolver for eight seconds is noticed, whenever that is', () => {
  const missed: number[] = [];
  for (let start = 0; start < 10; start++) {
    const rig = revolver();
    expect([rig.device!.state.die.length, rig.device!.state.alarms]).toEqual([16, []]);
    rig.run(start * 1000);
    rig.hand(() => { rig.dies = [DIE]; });
    rig.run(8000);
    rig.hand(() => { rig.dies = [DIE, OTHER]; });
    rig.run(30_000);
    if (rig.device!.state.latched(Alarm.DIE) === undefined) missed.push(start);
  }
  expect(missed).toEqual([]);
});

test('taken out of service: also while somebody has begun a ceremony', () => {
  const rig = started();
  expect(rig.load(rig.permit({ counter: 80, persons: [102, 1] }))).toBe(0);
  expect(rig.apply(ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1] }))).toBe(0);
  rig.finger(3);
  expect(rig.apply(ceremony(Action.SUSPEND))).toBe(0);
});

test('a die that is taken out of a revolver within the two minutes raises nothing', () => {
  const raised: number[] = [];
  for (let second = 105; second < 119; second++) {
    const rig = revolver();
    expect(rig.apply(ceremony(Action.DIE_OUT, { persons: [101, 1], die: OTHER }))).toBe(0);
    rig.finger(3);
    rig.run(second * 1000);
    rig.hand(() => { rig.dies = [DIE]; });
    rig.run(30_000);
    if (rig.device!.state.latched(Alarm.DIE) !== undefined) raised.push(second);
  }
  expect(raised).toEqual([]);
});

test('while an alarm stands no acknowledgement frees its photos, nor the records that led to it, also over a start; then the next one does', () => {
  const rig = begin(new Rig({ journalPages: 5 }));
  const acknowledge = (): void => {
    const j = rig.device!.log.journal;
    expect(rig.apply({ kind: GrantKind.ACK, recordsThrough: j.next, photosThrough: j.next, hash: host.sha256(j.read(j.next - 1)) })).toBe(0);
  };
  const fill = (): void => {
    while (rig.device!.record(RecordKind.CLOCK, [1, 2], 2) >= 0);
  };
  for (let i = 0; i < 20; i++) rig.device!.record(RecordKind.CLOCK, [1, 2], 2);
  expect(rig.load(rig.permit({ count: 2, policy: 1 }))).toBe(0);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
  rig.run(3000);
  const digest = (recordsOf(rig, RecordKind.PHOTO).at(-1)!.get(3) as Buffer).toString('latin1');
  rig.device!.raise(Alarm.DROP, 0);
  const { seq } = rig.device!.state.latched(Alarm.DROP)!;
  acknowledge();
  begin(rig);
  for (let i = 0; i < 5; i++) {
    fill();
    acknowledge();
  }
  const { log, photos } = rig.device!;
  expect(log.journal.first).toBeLessThanOrEqual(seq - 12);
  expect(photos.find(digest)).toBeGreaterThan(0);
  expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.DROP, seq })).toBe(0);
  acknowledge();
  for (let i = 0; i < 5; i++) {
    fill();
    acknowledge();
  }
  expect(log.journal.first).toBeGreaterThan(seq);
  expect(photos.find(digest)).toBe(0);
});
