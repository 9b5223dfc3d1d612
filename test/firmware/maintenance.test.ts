/** Maintenance: opened by a ceremony with no die in the unit, and closed by whatever could make it dangerous. */
import { Alarm } from '../../firmware/core/alarms';
import { Moves, Why } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import * as codec from '../../protocol/generated/codec';
import { MaintainPart, MaintainWhat, MessageType, RefusalCode, UseState } from '../../protocol/generated/codec';
import type { Grant } from '../../protocol/permit';
import { Action } from '../../protocol/permit';
import { ceremonyOf, recordsOf, started } from './begun';
import { DIE } from './identity';
import type { Rig } from './rig';

const { SELF_TEST, JOG, CALIBRATE, SENSORS, END } = { SELF_TEST: MaintainWhat.SELF_TEST, JOG: MaintainWhat.JOG, CALIBRATE: MaintainWhat.CALIBRATE, SENSORS: MaintainWhat.SENSORS, END: MaintainWhat.END };
const QUARTER_HOUR = 900_000;
let counter = 5000;

const ceremony = (action: Action, more: Partial<Grant> = {}): Grant => ceremonyOf(++counter, action, { persons: [101, 1], ...more });

/** The die goes out under a ceremony. */
function emptied(): Rig {
  const rig = started();
  rig.run(12_000);
  expect(rig.apply(ceremony(Action.DIE_OUT))).toBe(0);
  rig.finger(3);
  rig.hand(() => { rig.dies = []; });
  rig.run(4000);
  expect(rig.status()!.alarms).toBe(0);
  return rig;
}

function opened(): Rig {
  const rig = emptied();
  expect(rig.apply(ceremony(Action.MAINTAIN))).toBe(0);
  rig.finger(3);
  expect(rig.device!.maintenance).toBeDefined();
  return rig;
}

function order(rig: Rig, what: MaintainWhat, part: MaintainPart = 0, ms = 0): codec.Maintained | number {
  const [answer] = rig.ask(MessageType.MAINTAIN, codec.encodeMaintain({ what, part, ms }))!;
  return answer!.type === MessageType.MAINTAINED ? codec.decodeMaintained(answer!.body)! : codec.decodeRefusal(answer!.body)!.code;
}

function done(rig: Rig): codec.Maintained {
  for (let i = 0; i < 300; i++) {
    const now = order(rig, SENSORS);
    if (typeof now === 'number') throw new Error(`refused: ${now}`);
    if (now.busy === 0) return now;
    rig.run(100);
  }
  throw new Error('it does not end');
}

describe('maintenance is opened', () => {
  it('by the technician named, with a record of who and by what', () => {
    const rig = opened();
    expect(recordsOf(rig, RecordKind.CEREMONY).at(-1)!.get(2)).toBe(Action.MAINTAIN);
    expect([...recordsOf(rig, RecordKind.MAINTENANCE)[0]!.keys()]).toEqual([1, 2, 3]);
    expect(recordsOf(rig, RecordKind.MAINTENANCE)[0]!.get(2)).toEqual([101]);
  });

  it('not with a die in the unit, by its switch or by its tag alone, nor where the switches are silent', () => {
    const rig = started();
    rig.run(3000);
    const grant = ceremony(Action.MAINTAIN);
    expect(rig.apply(grant)).toBe(0);
    rig.finger(3);
    expect(recordsOf(rig, RecordKind.REFUSED).at(-1)!.get(1)).toBe(RefusalCode.DIE_FITTED);
    expect(rig.device!.maintenance).toBeUndefined();
    expect(order(rig, JOG, MaintainPart.PRESS, 100)).toBe(RefusalCode.NOT_MAINTAINED);
    const other = emptied();
    const present = other.device!.parts.tray.diePresent;
    other.dies = [DIE];
    other.device!.parts.tray.diePresent = () => false;
    expect(other.apply(ceremony(Action.MAINTAIN))).toBe(0);
    other.finger(3);
    expect(recordsOf(other, RecordKind.REFUSED).at(-1)!.get(1)).toBe(RefusalCode.DIE_FITTED);
    other.device!.parts.tray.diePresent = present;
  });

  it('not a second time, nor beside a die being fitted, nor before nobody', () => {
    const rig = opened();
    expect(rig.apply(ceremony(Action.MAINTAIN))).toBe(0);
    rig.finger(3);
    expect(recordsOf(rig, RecordKind.REFUSED).at(-1)!.get(1)).toBe(RefusalCode.BUSY);
    expect(rig.apply(ceremony(Action.DIE_IN, { die: DIE }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = [DIE]; });
    expect(rig.status()!.alarms).toBe(1 << Alarm.DIE);
    const none = ceremony(Action.MAINTAIN);
    delete none.persons;
    expect(rig.apply(none)).toBe(RefusalCode.MALFORMED);
  });
});

describe('in maintenance', () => {
  it('each movement is made, parked and recorded; what is too long or unknown is refused', () => {
    const rig = opened();
    for (const [what, part, ms] of [[JOG, 1, 501], [JOG, 3, 1001], [JOG, 4, 10], [JOG, 0, 10], [JOG, 1, 0], [6, 0, 0], [0, 0, 0], [CALIBRATE, 1, 0]] as const) {
      expect(order(rig, what as MaintainWhat, part as MaintainPart, ms)).toBe(RefusalCode.MALFORMED);
    }
    expect(order(rig, JOG, MaintainPart.PRESS, 200)).toMatchObject({ busy: JOG });
    expect(order(rig, JOG, MaintainPart.PRESS, 200)).toBe(RefusalCode.BUSY);
    expect(done(rig)).toMatchObject({ done: JOG, result: 0, trace: 'jog' });
    order(rig, JOG, MaintainPart.RETRACT, 300);
    done(rig);
    expect(rig.jogs).toEqual([{ way: 1, ms: 200 }, { way: -1, ms: 300 }]);
    order(rig, JOG, MaintainPart.BOLT, 400);
    expect(done(rig)).toMatchObject({ done: JOG, result: 0 });
    expect(rig.boltOpen).toBe(false);
    rig.boltJam = true;
    order(rig, JOG, MaintainPart.BOLT, 400);
    expect(done(rig).result).toBe(1);
    rig.boltJam = false;
    expect(order(rig, CALIBRATE)).toBe(RefusalCode.HARDWARE);
    rig.hand(() => { rig.lid = true; rig.paper = true; });
    expect(order(rig, CALIBRATE)).toBe(RefusalCode.HARDWARE);
    rig.hand(() => { rig.paper = false; });
    order(rig, CALIBRATE);
    expect(done(rig)).toMatchObject({ done: CALIBRATE, trace: 'trace' });
    expect(recordsOf(rig, RecordKind.MAINTENANCE).map((data) => [data.get(1), data.get(4), data.get(5), data.get(6)])).toEqual([
      [0, undefined, undefined, undefined], [2, 1, 200, 0], [2, 2, 300, 0], [2, 3, 400, 0], [2, 3, 400, 1], [3, undefined, undefined, 0],
    ]);
    expect(rig.status()!.alarms).toBe(0);
  });

  it('the self-test names the parts that fail, and keeps no picture', () => {
    const rig = opened();
    const free = rig.status()!.photoFree;
    expect(order(rig, SELF_TEST)).toMatchObject({ busy: SELF_TEST });
    expect(done(rig)).toMatchObject({ done: SELF_TEST, result: 0 });
    rig.displayThere = false;
    rig.readerAnswers = false;
    rig.cameraFails = 1;
    rig.stands = Moves.FAULT;
    rig.run(2000);
    order(rig, SELF_TEST);
    expect(done(rig).result).toBe(1 | 2 | 4 | 8);
    rig.stands = 0;
    rig.contactStuck = true;
    order(rig, SELF_TEST);
    expect(done(rig).result & 64).toBe(64);
    expect(rig.status()!.photoFree).toBe(free);
    expect(recordsOf(rig, RecordKind.PHOTO)).toEqual([]);
  });

  it('no use is opened, not even where the die could be taken for fitted', () => {
    const rig = started();
    rig.run(12_000);
    expect(rig.load(rig.permit({ counter: ++counter }))).toBe(0);
    expect(rig.apply(ceremony(Action.DIE_OUT))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = []; });
    rig.run(4000);
    expect(rig.apply(ceremony(Action.MAINTAIN))).toBe(0);
    rig.finger(3);
    rig.device!.parts.die.tags = () => [DIE];
    rig.device!.parts.die.atRam = () => DIE;
    const present = rig.device!.parts.tray.diePresent;
    // Fitted for the judgement of the permit only: the use stays shut for its own sake.
    rig.device!.maintenance!.look = () => undefined;
    rig.device!.parts.tray.diePresent = () => true;
    rig.finger(3);
    rig.device!.parts.tray.diePresent = present;
    expect(recordsOf(rig, RecordKind.REFUSED).at(-1)!.get(1)).toBe(RefusalCode.SUSPENDED);
    expect(rig.status()!.state).toBe(UseState.IDLE);
  });

  it('a die that shows by its tag alone keeps everything still', () => {
    const rig = opened();
    rig.device!.parts.die.tags = () => [DIE];
    expect(order(rig, JOG, MaintainPart.PRESS, 200)).toBe(RefusalCode.DIE_FITTED);
    expect(order(rig, SELF_TEST)).toBe(RefusalCode.DIE_FITTED);
    expect(rig.jogs).toEqual([]);
    expect(rig.boltOpenings).toEqual([]);
  });

  it('nothing moves on a weak battery, and nothing is begun in a full journal', () => {
    const rig = opened();
    rig.mv = 3400;
    expect(order(rig, JOG, MaintainPart.PRESS, 200)).toBe(RefusalCode.BATTERY_LOW);
    rig.usb = true;
    expect(order(rig, JOG, MaintainPart.PRESS, 200)).toMatchObject({ busy: JOG });
    done(rig);
    rig.device!.log.room = () => false;
    expect(order(rig, JOG, MaintainPart.PRESS, 200)).toBe(RefusalCode.LOG_FULL);
  });
});

describe('maintenance is over', () => {
  const ends = (rig: Rig): unknown[] => recordsOf(rig, RecordKind.MAINTENANCE).filter((data) => data.get(1) === END).map((data) => data.get(8));

  it('when it is told so', () => {
    const rig = opened();
    expect(order(rig, END)).toMatchObject({ busy: 0 });
    expect(order(rig, SENSORS)).toBe(RefusalCode.NOT_MAINTAINED);
    expect(ends(rig)).toEqual([1]);
    expect(rig.status()!.alarms).toBe(0);
  });

  it('a quarter of an hour after the last command', () => {
    const rig = opened();
    rig.run(QUARTER_HOUR - 60_000);
    expect(order(rig, SENSORS)).toMatchObject({ busy: 0 });
    rig.run(QUARTER_HOUR - 5000);
    expect(rig.device!.maintenance).toBeDefined();
    rig.run(8000);
    expect(rig.device!.maintenance).toBeUndefined();
    expect(ends(rig)).toEqual([2]);
  });

  it('at once, with the alarm, when a die is put in: what moves is stopped', () => {
    const rig = opened();
    order(rig, JOG, MaintainPart.PRESS, 500);
    rig.run(100);
    expect(rig.boltOpen).toBe(true);
    rig.hand(() => { rig.dies = [DIE]; });
    expect(rig.boltOpen).toBe(false);
    expect(rig.status()!.alarms).toBe(1 << Alarm.DIE);
    expect(ends(rig)).toEqual([3]);
    expect(recordsOf(rig, RecordKind.MAINTENANCE).at(-2)!.get(6)).toBe(Why.STOPPED);
    rig.run(3000);
    expect(order(rig, JOG, MaintainPart.PRESS, 200)).toBe(RefusalCode.NOT_MAINTAINED);
    expect(rig.apply(ceremony(Action.MAINTAIN))).toBe(0);
    rig.hand(() => { rig.dies = []; });
    rig.finger(3);
    expect(rig.device!.maintenance).toBeUndefined();
  });

  it('with the power; other alarms only stop what moves', () => {
    const rig = opened();
    order(rig, JOG, MaintainPart.PRESS, 500);
    rig.run(100);
    rig.hand(() => { rig.shut = false; });
    expect(rig.boltOpen).toBe(false);
    expect(rig.status()!.alarms).toBe(1 << Alarm.CASE);
    expect(rig.device!.maintenance).toBeDefined();
    rig.run(3000);
    expect(order(rig, JOG, MaintainPart.RETRACT, 100)).toMatchObject({ busy: JOG });
    rig.boot();
    rig.run(3000);
    expect(rig.connect()).toBe(true);
    expect(order(rig, SENSORS)).toBe(RefusalCode.NOT_MAINTAINED);
  });

  it('after an exception, which stops everything and is recorded', () => {
    const rig = opened();
    order(rig, JOG, MaintainPart.PRESS, 500);
    rig.run(100);
    const { tray } = rig.device!.parts;
    const { lidClosed } = tray;
    tray.lidClosed = () => { tray.lidClosed = lidClosed; throw new Error('trip'); };
    rig.run(2000);
    expect(rig.device!.maintenance).toBeUndefined();
    expect(rig.boltOpen).toBe(false);
    expect(ends(rig)).toEqual([4]);
    rig.run(3000);
    expect(rig.status()!.state).toBe(UseState.IDLE);
  });

  it('and a lid that opens stops a whole press', () => {
    const rig = opened();
    rig.hand(() => { rig.lid = true; });
    order(rig, CALIBRATE);
    rig.run(100);
    rig.hand(() => { rig.lid = false; });
    expect(rig.boltOpen).toBe(false);
    expect(done(rig)).toMatchObject({ done: CALIBRATE, result: Why.STOPPED });
    expect(ends(rig)).toEqual([]);
  });
});
