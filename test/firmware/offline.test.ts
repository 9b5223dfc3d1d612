/** A use without a permit: the office's answer to a challenge, and trip codes. */
import { offlineHow } from '../../host-bridge/desk/authority/offline';
import { Alarm } from '../../firmware/core/alarms';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode, UseState } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { recordsOf } from './begun';
import { verify } from './evidence';
import { DIE } from './identity';
import type { Rig } from './rig';
import { DOCUMENT, office, terms, alone, start, refusal, state, challenge, call, answer, wrong, stamp, HOUR } from './offline-unit';

describe('the answer to a challenge', () => {
  it('opens a use at once, for so many strokes, with photos and records as under a permit', () => {
    const rig = alone();
    const right = answer(rig);
    expect(recordsOf(rig, RecordKind.CHALLENGE)).toEqual([new Map<number, unknown>([[1, 1], [2, 101], [3, 2], [4, Buffer.from(DOCUMENT)]])]);
    expect(recordsOf(rig, RecordKind.CODE)).toEqual([]);
    rig.type(`${right}#`);
    const id = office.id(offlineHow.answer, 1, terms({ document: DOCUMENT }));
    expect(recordsOf(rig, RecordKind.CODE)).toEqual([new Map<number, unknown>([[1, id], [2, 1], [3, 1], [4, 101], [5, 2], [6, Buffer.from(DOCUMENT)]])]);
    expect(recordsOf(rig, RecordKind.OPENED)).toEqual([new Map<number, unknown>([[1, id], [2, [101]]])]);
    expect(stamp(rig)).toBe(true);
    expect(stamp(rig)).toBe(true);
    expect(rig.strokes).toHaveLength(2);
    expect(recordsOf(rig, RecordKind.PHOTO)).toHaveLength(4);
    expect(recordsOf(rig, RecordKind.CLOSED)).toEqual([new Map<number, unknown>([[1, id], [2, 1], [3, 2]])]);
    // Nothing is left of it.
    rig.finger(3);
    expect(state(rig)).toBe(1);
    expect(refusal(rig)).toBe(RefusalCode.USED_UP);
  });

  it('works with a passcode, and with the time known', () => {
    const rig = alone();
    expect(rig.connect()).toBe(true);
    expect(rig.setTime()).toBe(0);
    rig.device!.people.setCode(102, '481516', 0);
    rig.type('B102#481516#3#11112222#');
    const code = office.answer(1, challenge(rig), terms({ person: 102, count: 3, document: '11112222' }));
    rig.type(`${code}#`);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(recordsOf(rig, RecordKind.OPENED).at(-1)!.get(3)).toEqual([2]);
    expect(verify(rig.device!.log.journal).filter((r) => r.kind === RecordKind.CODE)[0]!.time).toBeGreaterThan(0);
  });

  it('is for these terms only', () => {
    const others = [{ person: 102 }, { count: 3 }, { epoch: 1 }, { die: 'DIE-0002' }, { device: 'SEAL0002' }, { document: '48151624' }];
    for (const other of others) {
      const rig = alone();
      rig.type(`${answer(rig, other)}#`);
      expect(refusal(rig)).toBe(RefusalCode.WRONG_ANSWER);
      expect(recordsOf(rig, RecordKind.CODE)).toEqual([]);
      expect(state(rig)).toBe(1);
    }
  });

  it('is of no use for the next challenge, nor twice', () => {
    const rig = alone();
    const first = answer(rig);
    rig.type('**');
    const second = answer(rig);
    rig.type(`${first}#`);
    expect(refusal(rig)).toBe(RefusalCode.WRONG_ANSWER);
    rig.type(`${second}#`);
    expect(state(rig)).not.toBe(1);
    rig.type('D');
    rig.run(100);
    expect(state(rig)).toBe(1);
    const third = call(rig);
    expect(third.counter).toBe(3);
    rig.type(`${second}#`);
    expect(recordsOf(rig, RecordKind.CODE)).toHaveLength(1);
  });

  it('comes too late after five minutes, and after the power was off', () => {
    const rig = alone();
    const late = answer(rig);
    rig.run(299_000);
    rig.type('1*');
    rig.run(2000);
    rig.type(`${late}#**`);
    expect(recordsOf(rig, RecordKind.CODE)).toEqual([]);
    const before = answer(rig);
    rig.type('**');
    start(rig);
    rig.type(`${before}#`);
    expect(rig.device!.state.calls).toBe(2);
    rig.type('**');
    expect(call(rig).counter).toBe(3);
    rig.type(`${before}#`);
    expect(recordsOf(rig, RecordKind.CODE)).toEqual([]);
  });

  it('is not asked for by somebody else than who then shows a finger, nor by nobody', () => {
    const rig = alone();
    rig.type('B102#');
    rig.finger(3);
    expect(rig.device!.dialog.asked).toBe(5);
    rig.finger(-1);
    rig.type('000000#');
    expect(refusal(rig)).toBe(RefusalCode.UNKNOWN_PERSON);
    expect(rig.device!.dialog.asked).toBe(0);
    rig.finger(4);
    expect(rig.device!.dialog.asked).toBe(0);
    expect(recordsOf(rig, RecordKind.CHALLENGE)).toEqual([]);
  });

  it('is not taken while a use is open, the seal suspended, the die out, or an alarm stands', () => {
    const rig = alone();
    rig.hand(() => { rig.dies = []; });
    rig.type('B');
    expect(refusal(rig)).toBe(RefusalCode.WRONG_DIE);
    rig.hand(() => { rig.dies = [DIE]; });
    rig.device!.state.service = 1;
    rig.type('C');
    expect(refusal(rig)).toBe(RefusalCode.SUSPENDED);
    rig.device!.state.service = 0;
    rig.mv = 3400;
    rig.type('B');
    expect(refusal(rig)).toBe(RefusalCode.BATTERY_LOW);
    rig.mv = 4000;
    const code = answer(rig);
    rig.hand(() => { rig.dies = ['DIE-0002']; });
    rig.run(3000);
    rig.type(`${code}#`);
    expect(rig.device!.use.alarms).toBe(1 << Alarm.DIE);
    expect(refusal(rig)).toBe(RefusalCode.ALARM_ACTIVE);
    expect(recordsOf(rig, RecordKind.CODE)).toEqual([]);
  });

  it('does not outlive the power, half an hour, or a new epoch; a stroke that was cut stays charged', () => {
    const rig = alone();
    rig.type(`${answer(rig)}#`);
    rig.run(301_000);
    expect(state(rig)).toBe(1);
    rig.finger(3);
    expect(state(rig)).toBe(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 11, 4000)).toBe(true);
    rig.die();
    start(rig);
    const id = office.id(offlineHow.answer, 1, terms({ document: DOCUMENT }));
    expect(recordsOf(rig, RecordKind.OUTCOME).at(-1)).toEqual(new Map<number, unknown>([[1, id], [2, 1], [3, 3], [4, Buffer.alloc(0)], [5, expect.any(Number)], [6, 1]]));
    expect(recordsOf(rig, RecordKind.CLOSED).at(-1)).toEqual(new Map<number, unknown>([[1, id], [2, 8], [3, 1]]));
    expect(rig.connect()).toBe(true);
    expect(rig.setTime()).toBe(0);
    const seq = rig.device!.state.alarms[0]!.seq;
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.UNKNOWN, seq })).toBe(0);
    rig.finger(3);
    expect(state(rig)).toBe(1);
    // And once more, from the status alone.
    start(rig);
    rig.finger(3);
    expect(state(rig)).toBe(1);

    rig.type(`${answer(rig)}#D`);
    rig.run(100);
    rig.type(`${answer(rig)}#`);
    rig.run(1_801_000);
    rig.finger(3);
    expect(state(rig)).toBe(1);

    rig.type(`${answer(rig)}#`);
    expect(state(rig)).toBeGreaterThan(1);
    expect(rig.connect()).toBe(true);
    expect(rig.apply({ kind: GrantKind.REVOKE, epoch: 1 })).toBe(0);
    expect(state(rig)).toBe(1);
    rig.finger(3);
    expect(refusal(rig)).toBe(RefusalCode.REVOKED);
  });

  it('has a room of its own beside all permits, and is not added to what is left', () => {
    const rig = alone();
    expect(rig.connect()).toBe(true);
    expect(rig.setTime()).toBe(0);
    for (let i = 0; i < 8; i++) expect(rig.load(rig.permit({ persons: [103, 1] }))).toBe(0);
    for (let i = 0; i < 3; i++) {
      rig.type(`${answer(rig)}#`);
      expect(state(rig)).toBe(3);
      expect(rig.device!.use.left).toBe(2);
      expect(rig.device!.state.permits).toHaveLength(9);
      if (i < 2) rig.run(301_000);
      else rig.type('D');
      rig.run(100);
    }
    start(rig);
    expect(rig.device!.state.permits.filter((p) => p.closed === 0)).toHaveLength(8);
    rig.finger(5);
    expect(refusal(rig)).toBe(RefusalCode.TIME_UNKNOWN);
  });
});

describe('a trip code', () => {
  const trip = (serial: number, more: Parameters<typeof terms>[0] = {}): string => office.trip(serial, terms(more));
  const type = (rig: Rig, code: string, person = 101, finger = 3): void => {
    rig.type(`C${person}#`);
    rig.finger(finger);
    rig.type(`${code}#`);
  };

  it('opens a use without network or time, once', () => {
    const rig = alone();
    type(rig, trip(1));
    const id = office.id(offlineHow.trip, 1, terms());
    expect(recordsOf(rig, RecordKind.CODE)).toEqual([new Map<number, unknown>([[1, id], [2, 2], [3, 1], [4, 101], [5, 2]])]);
    expect(stamp(rig)).toBe(true);
    rig.type('D');
    rig.run(100);
    type(rig, trip(1));
    expect(refusal(rig)).toBe(RefusalCode.CODE_SPENT);
    start(rig);
    type(rig, trip(1));
    expect(refusal(rig)).toBe(RefusalCode.CODE_SPENT);
    expect(rig.strokes).toHaveLength(1);
  });

  it('sets the count and never adds to it; those passed over do not work any more, those too far ahead not yet', () => {
    const rig = alone();
    type(rig, trip(51));
    expect(refusal(rig)).toBe(RefusalCode.WRONG_ANSWER);
    rig.type('**');
    type(rig, trip(50, { count: 9 }));
    expect(rig.device!.use.left).toBe(9);
    rig.run(301_000);
    type(rig, trip(60, { count: 1 }));
    expect(rig.device!.use.left).toBe(1);
    expect(rig.device!.state.permits).toHaveLength(1);
    rig.type('D');
    rig.run(100);
    for (const old of [49, 55, 60, 11]) {
      type(rig, trip(old));
      expect(refusal(rig)).toBe(RefusalCode.CODE_SPENT);
      rig.type('**');
      rig.run(HOUR);
      expect(state(rig)).toBe(1);
    }
    type(rig, trip(110, { count: 4 }));
    expect(rig.device!.use.left).toBe(4);
    rig.type('D');
    rig.run(100);
    type(rig, trip(159, { count: 4 }));
    expect(rig.device!.use.left).toBe(4);
  });

  it('is for one device, die, epoch and person', () => {
    for (const other of [{ person: 102 }, { epoch: 1 }, { die: 'DIE-0002' }, { device: 'SEAL0002' }]) {
      const rig = alone();
      type(rig, trip(1, other));
      expect(refusal(rig)).toBe(RefusalCode.WRONG_ANSWER);
      expect(state(rig)).toBe(1);
    }
  });

  it('that is mistyped is said to be, and costs no try', () => {
    const rig = alone();
    rig.type('C101#');
    rig.finger(3);
    const code = trip(1);
    for (const bad of [wrong(code), code.slice(0, 15), '1']) {
      rig.type(`${bad}#`);
      expect(refusal(rig)).toBe(RefusalCode.MISTYPED);
      expect(rig.device!.state.guesses).toBe(0);
    }
    rig.type(`${code}#`);
    expect(state(rig)).toBe(3);
  });

  it('ends after twelve hours, and with the power', () => {
    const rig = alone();
    type(rig, trip(1));
    rig.run(301_000);
    start(rig);
    rig.finger(3);
    expect(state(rig)).toBe(1);
    type(rig, trip(2));
    for (let h = 0; h < 12; h++) rig.run(3_600_100);
    rig.finger(3);
    expect(refusal(rig)).toBe(RefusalCode.EXPIRED);
  });
});
