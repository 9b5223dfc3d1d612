/** Taken out and given back: what brings which alarm, what ends it, and what a power cut leaves of it. */
import { Alarm } from '../../firmware/core/alarms';
import { Moves } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import { fenceBytes } from '../../protocol/fence';
import { RefusalCode } from '../../protocol/generated/codec';
import { Action, GrantKind, type Grant } from '../../protocol/permit';
import { begin, ceremonyOf, recordsOf } from './begun';
import { verify } from './evidence';
import { T0 } from './identity';
import { Rig } from './rig';

const HERE = { latitude: 312304000, longitude: 1214737000, accuracy: 5 };
const THERE = { ...HERE, latitude: HERE.latitude + 100_000 };
const AROUND = fenceBytes([[HERE.latitude, HERE.longitude, 200]]);
const HOUR = 3_600_000;

let counter = 5000;

const ceremony = (action: Action, more: Partial<Grant> = {}): Grant => ceremonyOf(++counter, action, more);

const takeOut = (more: Partial<Grant> = {}): Grant => ceremony(Action.TAKE_OUT, { persons: [101, 1], subject: 101, until: T0 + 7200, ...more });
const giveBack = (more: Partial<Grant> = {}): Grant => ceremony(Action.RETURN, { persons: [102, 1], ...more });

function start(rig: Rig): Rig {
  begin(rig);
  rig.run(3000);
  return rig;
}

function started(): Rig {
  const rig = new Rig();
  rig.usb = true;
  rig.fix = HERE;
  return start(rig);
}

const alarms = (rig: Rig): [number, number][] => recordsOf(rig, RecordKind.ALARM).map((data) => [data.get(1) as number, data.get(2) as number]);
const latched = (rig: Rig): number[] => rig.device!.state.alarms.map((one) => one.condition);
const status = (rig: Rig): NonNullable<ReturnType<Rig['status']>> => rig.status()!;

function done(rig: Rig, grant: Grant, slot: number): void {
  expect(rig.apply(grant)).toBe(0);
  rig.finger(slot);
  expect(rig.device!.state.custody).toBe(grant.permit);
}

/** The authority clears what stands; what lasts comes again with the next look. */
function clear(rig: Rig): void {
  for (const { condition, seq } of [...rig.device!.state.alarms]) expect(rig.apply({ kind: GrantKind.CLEAR, condition, seq })).toBe(0);
  rig.run(3000);
}

test('taken out: borrower and end are told; overdue it locks itself, and more time or a return ends that', () => {
  const rig = started();
  expect(status(rig)).toMatchObject({ custody: 0, due: 0 });
  done(rig, takeOut(), 3);
  expect(verify(rig.device!.log.journal).at(-1)!.data).toEqual(new Map<number, unknown>([[1, expect.anything()], [2, 14], [3, counter], [4, 101], [6, [101]], [7, T0 + 7200]]));
  expect(status(rig)).toMatchObject({ custody: 2, due: T0 + 7200 });
  rig.run(2 * HOUR - 60_000);
  expect(alarms(rig)).toEqual([]);
  rig.run(70_000);
  expect(alarms(rig)).toEqual([[Alarm.OVERDUE, 101]]);
  clear(rig);
  expect(latched(rig)).toEqual([Alarm.OVERDUE]);
  // More time for somebody who does not have it is none.
  expect(rig.apply(takeOut({ persons: undefined as never, subject: 102, until: T0 + 90_000 }))).toBe(RefusalCode.STALE);
  expect(rig.apply(takeOut({ persons: undefined as never, until: T0 + 90_000 }))).toBe(0);
  clear(rig);
  expect(latched(rig)).toEqual([]);
  expect(status(rig)).toMatchObject({ custody: 2, due: T0 + 90_000 });
  done(rig, giveBack(), 4);
  expect(status(rig)).toMatchObject({ custody: 1, due: 0 });
  rig.run(100 * HOUR);
  expect(latched(rig)).toEqual([]);
});

test('a take-out whose end is over is none', () => {
  const rig = started();
  expect(rig.apply(takeOut({ until: T0 - 1 }))).toBe(RefusalCode.EXPIRED);
  expect(rig.apply(takeOut({ until: T0 + 60 }))).toBe(0);
  rig.run(90_000);
  rig.finger(3);
  expect(rig.device!.state.custody).toBe('');
});

test('out of its fences: two fixes in a row that are good enough and provably outside', () => {
  const rig = started();
  done(rig, takeOut({ fences: AROUND, maxAge: 30, maxAccuracy: 50 }), 3);
  rig.run(20_000);
  rig.fix = { ...THERE, accuracy: 60 };
  rig.run(30_000);
  rig.fix = undefined;
  rig.run(60_000);
  expect(alarms(rig)).toEqual([]);
  rig.fix = THERE;
  // Too far from the last one to be believed at once.
  rig.run(20_000);
  expect(alarms(rig)).toEqual([[Alarm.FENCE, 1]]);
  rig.fix = HERE;
  rig.run(20_000);
  clear(rig);
  expect(latched(rig)).toEqual([]);
});

test('unheard of: only the time of the authority counts, and a start counts anew', () => {
  const rig = started();
  done(rig, takeOut({ silence: 600, until: T0 + 1e6 }), 3);
  for (let i = 0; i < 5; i++) {
    rig.run(300_000);
    expect(rig.setTime()).toBe(0);
  }
  expect(alarms(rig)).toEqual([]);
  rig.run(400_000);
  // A host that asks this and that, and answers with a time of its own, is not the office.
  expect(status(rig).state).toBe(1);
  expect(rig.apply({ kind: GrantKind.TIME, nonce: 'n'.repeat(16), time: T0 })).toBe(RefusalCode.STALE);
  rig.run(210_000);
  expect(alarms(rig)).toEqual([[Alarm.LINK, 600]]);
  clear(rig);
  expect(latched(rig)).toEqual([Alarm.LINK]);
  expect(rig.setTime()).toBe(0);
  clear(rig);
  expect(latched(rig)).toEqual([]);
  rig.boot();
  rig.run(590_000);
  expect(latched(rig)).toEqual([]);
  rig.run(20_000);
  expect(latched(rig)).toEqual([Alarm.LINK]);
});

test('given back: only at the dock, and then it may not be carried off', () => {
  const rig = started();
  rig.usb = false;
  rig.run(3000);
  expect(rig.apply(giveBack())).toBe(RefusalCode.NOT_DOCKED);
  rig.usb = true;
  rig.run(3000);
  done(rig, giveBack(), 4);
  // Lifted for a moment, and without mains for an hour: nothing.
  rig.moves = Moves.MOVED;
  rig.run(5000);
  rig.usb = false;
  rig.run(HOUR);
  expect(alarms(rig)).toEqual([]);
  for (let i = 0; i < 12; i++) {
    rig.moves = Moves.MOVED;
    rig.run(1000);
  }
  expect(alarms(rig)).toEqual([[Alarm.MOVED, 1]]);
  clear(rig);
  expect(latched(rig)).toEqual([Alarm.MOVED]);
  rig.usb = true;
  rig.run(3000);
  clear(rig);
  expect(latched(rig)).toEqual([]);
  done(rig, takeOut(), 3);
  for (let i = 0; i < 12; i++) {
    rig.moves = Moves.MOVED;
    rig.run(1000);
  }
  expect(latched(rig)).toEqual([]);
});

test('it lasts through restarts and compactions of the state flash', () => {
  const rig = started();
  done(rig, giveBack(), 4);
  done(rig, takeOut({ fences: AROUND }), 3);
  for (let i = 0; i < 200; i++) expect(rig.device!.save()).toBe(true);
  start(rig);
  expect(status(rig)).toMatchObject({ custody: 2, due: T0 + 7200 });
  for (let i = 0; i < 200; i++) expect(rig.device!.save()).toBe(true);
  start(rig);
  expect(status(rig)).toMatchObject({ custody: 2, due: T0 + 7200 });
});

test('a clock that is not the authority’s locks, whoever is wrong', () => {
  const rig = started();
  rig.run(HOUR);
  expect(rig.setTime(T0 + 3600 + 299)).toBe(0);
  expect(latched(rig)).toEqual([]);
  expect(rig.setTime(T0 + 3600 + 299 + 302)).toBe(0);
  expect(alarms(rig)).toEqual([[Alarm.CLOCK, 302]]);
  clear(rig);
  expect(rig.setTime(T0 + 60)).toBe(RefusalCode.CLOCK_BACKWARDS);
  expect(alarms(rig).at(-1)![0]).toBe(Alarm.CLOCK);
  clear(rig);
  expect(latched(rig)).toEqual([]);
  // After a power loss the device knows no time that could be wrong.
  rig.boot();
  expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
  expect(rig.connect()).toBe(true);
  expect(rig.setTime(T0 + 1e6)).toBe(0);
  expect(latched(rig)).toEqual([]);
});
