import { kinds, last, started } from './begun';
import { Alarm } from '../../firmware/core/alarms';
import { Stroke, Why } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode, UseState } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { verify } from './evidence';
import { DIE } from './identity';
import type { Rig } from './rig';

describe('what breaks or is not as it should be', () => {
  it('locks on an alarm until exactly that alarm is cleared', () => {
    const rig = started();
    rig.load(rig.permit({ count: 5 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 11)).toBe(true);
    rig.hand(() => { rig.lid = false; });
    expect(rig.boltOpen).toBe(false);
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    const s = rig.status()!;
    expect(s).toMatchObject({ state: UseState.ALARMED, alarms: 1 << Alarm.LID });
    expect(last(rig, RecordKind.OUTCOME).get(3)).toBe(Stroke.UNKNOWN);
    expect(rig.permitState(1)).toMatchObject({ used: 1, closed: false });
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.ALARM_ACTIVE);
    rig.boot();
    expect(rig.connect()).toBe(true);
    expect(rig.status()!.state).toBe(UseState.ALARMED);
    const seq = rig.device!.state.latched(Alarm.LID)!.seq;
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq: seq + 1 })).toBe(RefusalCode.STALE);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq }, 'Q'.repeat(32))).toBe(RefusalCode.NOT_AUTHENTIC);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq })).toBe(0);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq })).toBe(RefusalCode.STALE);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    expect(rig.notices.some((notice) => notice.alarms === 1 << Alarm.LID)).toBe(true);
  });

  const faults: [string, number, (rig: Rig) => void, number][] = [
    ['stall', Alarm.STALL, (rig) => { rig.stroke = { result: Stroke.UNKNOWN, why: Why.STALL, grade: 0, trace: '' }; }, 1],
    ['no motion', Alarm.STALL, (rig) => { rig.stroke = { result: Stroke.FAILED, why: Why.NO_MOTION, grade: 0, trace: 'none' }; }, 0],
    ['contact stuck', Alarm.CONTACT, (rig) => { rig.stroke = { result: Stroke.STAMPED, why: Why.CONTACT_STUCK, grade: 0, trace: '' }; }, 1],
    ['bolt jammed', Alarm.BOLT, (rig) => { rig.boltJam = true; }, 0],
    ['bolt stays open', Alarm.BOLT, (rig) => { rig.boltStuckOpen = true; }, 1],
  ];
  it.each(faults)('mechanics: %s', (_name, condition, bring, used) => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 1 }));
    rig.finger(3);
    bring(rig);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.device!.state.latched(condition)).toBeDefined();
    expect(rig.permitState(1)).toMatchObject({ used, closed: false });
    expect(last(rig, RecordKind.CLOSED).get(2)).toBe(5);
  });

  it('watches switches, die, battery and fingers', () => {
    const rig = started();
    rig.run(1500);
    for (let i = 0; i < 5; i++) rig.finger(-1);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.FINGER);
    rig.hand(() => { rig.dies = []; });
    rig.run(2500);
    rig.hand(() => { rig.contactStuck = true; });
    rig.mv = 3200;
    rig.run(4500);
    rig.hand(() => { rig.silent = true; });
    rig.run(5000);
    expect(rig.device!.state.alarmBits()).toBe((1 << Alarm.FINGER) | (1 << Alarm.DIE) | (1 << Alarm.CONTACT) | (1 << Alarm.BATTERY) | (1 << Alarm.SENSORS));
    const before = rig.device!.log.journal.next;
    rig.run(60000);
    expect(rig.device!.log.journal.next).toBe(before);
    expect(rig.kicks).toBeGreaterThan(60);
    rig.dies = [DIE];
    verify(rig.device!.log.journal);
  });

  it('a case that is opened locks at once, at rest, in an open use and in a stroke, and is seen at a start', () => {
    for (const phase of [1, 3, 11]) {
      const rig = started();
      rig.load(rig.permit({ count: 2 }));
      if (phase > 1) rig.finger(3);
      if (phase > 3) rig.page();
      expect(rig.until(() => rig.device!.use.phase === phase)).toBe(true);
      rig.hand(() => { rig.shut = false; });
      rig.run(100);
      expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.CASE);
      expect(rig.boltOpen).toBe(false);
      expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
      rig.finger(3);
      expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.ALARM_ACTIVE);
    }
    const rig = started();
    rig.shut = false;
    rig.boot();
    rig.run(4000);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.CASE);
  });

  it('a die that comes back is seen within seconds, so that it is missed again when it goes', () => {
    const rig = started();
    rig.run(1500);
    rig.hand(() => { rig.dies = []; });
    rig.run(2500);
    const clear = (): void => {
      const { seq } = rig.device!.state.latched(Alarm.DIE)!;
      expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.DIE, seq })).toBe(0);
    };
    for (let round = 0; round < 12; round++) {
      clear();
      rig.run(500);
      rig.hand(() => { rig.dies = [DIE]; });
      rig.run(3000);
      expect(rig.device!.state.die).toBe(DIE);
      clear();
      rig.run(500);
      rig.hand(() => { rig.dies = []; });
      rig.run(3000);
    }
    expect(rig.device!.state.latched(Alarm.DIE)).toBeDefined();
  });

  it('camera: one failure is tried again, three lock', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 1 }));
    rig.finger(3);
    rig.cameraFails = 2;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 3 && rig.strokes.length === 1)).toBe(true);
    rig.cameraFails = 3;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.strokes).toHaveLength(1);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.CAMERA);
  });

  it('camera: what shows nothing is not stamped by; three in a row lock and leave no photo', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 1 }));
    rig.finger(3);
    rig.covered = 2;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 3 && rig.strokes.length === 1)).toBe(true);
    expect(rig.device!.state.alarmBits()).toBe(0);
    const photos = (): number => kinds(rig).filter((kind) => kind === RecordKind.PHOTO).length;
    expect(photos()).toBe(2);
    rig.covered = 3;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.strokes).toHaveLength(1);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.BLIND);
    expect(photos()).toBe(2);
  });

  it('camera: a photo after the stroke that shows nothing is kept, and locks', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 3 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 5)).toBe(true);
    rig.covered = 1;
    expect(rig.apply({ kind: GrantKind.STROKE, permit: 'permit1'.padEnd(16, '-'), photo: rig.device!.use.photo, seq: rig.device!.log.journal.next - 1 })).toBe(0);
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    const [outcome, photo, alarm, closed] = verify(rig.device!.log.journal).slice(-4);
    expect([outcome!.kind, photo!.kind, alarm!.kind, closed!.kind]).toEqual([RecordKind.OUTCOME, RecordKind.PHOTO, RecordKind.ALARM, RecordKind.CLOSED]);
    expect(photo!.data.get(2)).toBe(1);
    expect([alarm!.data.get(1), alarm!.data.get(2)]).toEqual([Alarm.BLIND, 1]);
    expect(rig.device!.photos.find((photo!.data.get(3) as Buffer).toString('latin1'))).toBe(2500);
  });

  it('an exception in the middle of a stroke locks, is recorded, and the device goes on', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 11)).toBe(true);
    expect(rig.boltOpen).toBe(true);
    rig.device!.guard(() => { throw new Error('x'); });
    expect(rig.boltOpen).toBe(false);
    rig.run(3000);
    expect(rig.status()!.state).toBe(UseState.ALARMED);
    expect(rig.device!.state.alarmBits()).toBe((1 << Alarm.INTERNAL) | (1 << Alarm.UNKNOWN));
    expect(last(rig, RecordKind.OUTCOME).get(3)).toBe(Stroke.UNKNOWN);
    expect(rig.permitState(1)).toMatchObject({ used: 1 });
    expect(rig.resets).toBe(0);
  });
});
