/** A use without a permit: the office's answer to a challenge, and trip codes. The office is the desk's own code. */
import { OfflineCodes, offlineHow } from '../../host-bridge/desk/authority/offline';
import { toBuffer } from '../../host-bridge/natives';
import { Alarm } from '../../firmware/core/alarms';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode, UseState } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { recordsOf } from './begun';
import { verify } from './evidence';
import { DEVICE, DIE, PERMIT } from './identity';
import { Random } from '../protocol/random';
import { Rig } from './rig';

const DOCUMENT = '48151623';
const office = new OfflineCodes(toBuffer(PERMIT));
const terms = (more: Partial<{ epoch: number; person: number; count: number; die: string; device: string; document: string }> = {}) => {
  const { epoch = 0, person = 101, count = 2, die = DIE, device = DEVICE, document } = more;
  return { device: toBuffer(device), die: toBuffer(die), epoch, person, count, ...(document === undefined ? {} : { document }) };
};

/** A unit that has not heard of the office since it was switched on, nor of the time. */
function alone(options = {}): Rig {
  const rig = new Rig(options);
  start(rig);
  return rig;
}

function start(rig: Rig): void {
  rig.boot();
  expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
}

const refusal = (rig: Rig): unknown => recordsOf(rig, RecordKind.REFUSED).at(-1)?.get(1);
const refusals = (rig: Rig): unknown[] => recordsOf(rig, RecordKind.REFUSED).map((r) => r.get(1));
const state = (rig: Rig): number => rig.device!.use.phase;
const challenge = (rig: Rig): string => rig.device!.offline!.challenge;

/** Key B, the number, the finger, the terms: what the display then shows. */
function call(rig: Rig, { person = 101, finger = 3, count = 2, document = DOCUMENT } = {}): { counter: number; challenge: string } {
  rig.type(`B${person}#`);
  rig.finger(finger);
  rig.type(`${count}#${document}#`);
  return { counter: rig.device!.state.calls, challenge: challenge(rig) };
}

function answer(rig: Rig, more: Parameters<typeof terms>[0] = {}, { counter, challenge: shown } = call(rig)): string {
  expect(shown).toMatch(/^\d{8}$/);
  return office.answer(counter, shown, terms({ document: DOCUMENT, ...more }));
}

/** A wrong code of the right form. */
const wrong = (code: string): string => code.replace(/^./, (d) => String((Number(d) + 1) % 10));

function stamp(rig: Rig): boolean {
  const before = rig.strokes.length;
  rig.page();
  return rig.until(() => rig.strokes.length > before && rig.device!.use.phase !== 12, 8000) && (rig.run(2000), true);
}

/** So long that no wrong code is remembered with a wait. */
const HOUR = 3_700_000;

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

describe('guessing', () => {
  it('three wrong answers void a challenge; the fifth wrong code raises the alarm; its clearing by the authority lets it be tried again', () => {
    const rig = alone();
    const right = answer(rig);
    for (let i = 0; i < 3; i++) rig.type(`${wrong(right)}#`);
    expect(rig.device!.dialog.asked).toBe(0);
    rig.type(`${right}#`);
    expect(recordsOf(rig, RecordKind.CODE)).toEqual([]);
    rig.type('**B');
    expect(refusal(rig)).toBe(RefusalCode.WAIT);
    rig.run(31_000);
    const next = answer(rig);
    rig.type(`${wrong(next)}#`);
    rig.type(`${next}#`);
    expect(refusal(rig)).toBe(RefusalCode.WAIT);
    rig.run(61_000);
    rig.type(`${wrong(next)}#`);
    expect(rig.device!.use.alarms).toBe(1 << Alarm.CODE);
    rig.type('B');
    expect(refusal(rig)).toBe(RefusalCode.ALARM_ACTIVE);
    expect(rig.connect()).toBe(true);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.CODE, seq: rig.device!.state.alarms[0]!.seq })).toBe(0);
    rig.type(`${answer(rig)}#`);
    expect(state(rig)).toBe(3);
  });

  it('ten wrong ones lock it over power losses, whatever right passcodes come between, until the authority clears the alarm', () => {
    const rig = alone();
    rig.device!.people.setCode(102, '481516', 0);
    for (let i = 0; i < 10; i++) {
      rig.run(HOUR);
      const code = answer(rig);
      rig.type(`${wrong(code)}#`);
      expect(refusal(rig)).toBe(RefusalCode.WRONG_ANSWER);
      rig.type('**102#481516#');
      if (i % 3 === 2) start(rig);
      expect(rig.device!.use.alarms).toBe(i < 9 ? 0 : 1 << Alarm.CODE);
    }
    start(rig);
    rig.run(HOUR);
    expect(rig.device!.state.guesses).toBe(10);
    rig.type('B');
    expect(refusal(rig)).toBe(RefusalCode.ALARM_ACTIVE);
    expect(rig.connect()).toBe(true);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.CODE, seq: rig.device!.state.alarms[0]!.seq })).toBe(0);
    start(rig);
    rig.type(`${answer(rig)}#`);
    expect(state(rig)).toBe(3);
    expect(rig.device!.state.guesses).toBe(0);
  });

  it('where the alarm of the tenth was cut off, the next look for a code raises it', () => {
    const rig = alone();
    rig.device!.state.guesses = 10;
    rig.device!.save();
    start(rig);
    expect(rig.device!.use.alarms).toBe(0);
    rig.type('C');
    expect(refusals(rig)).toContain(RefusalCode.OFFLINE_LOCKED);
    expect(rig.device!.use.alarms).toBe(1 << Alarm.CODE);
  });
});

describe('power cuts at every flash operation', () => {
  /** From switching on to one stroke by this code; the digits once they are known. */
  function use(rig: Rig, how: 'answer' | 'trip', known?: (code: string) => void): void {
    const code = how === 'answer' ? answer(rig) : office.trip(1, terms());
    known?.(code);
    if (how === 'trip') {
      rig.type('C101#');
      rig.finger(3);
    }
    rig.type(`${code}#`);
    rig.page();
    rig.until(() => rig.power.dead || rig.strokes.length === 1, 8000);
    rig.run(1500);
  }

  it.each(['answer', 'trip code'] as const)('%s: it counts once, nothing that it opened outlives the cut, and each stroke is charged', (what) => {
    const how = what === 'answer' ? 'answer' : 'trip';
    const whole = alone({ page: 1024, photoPages: 24 });
    const from = whole.power.ops;
    start(whole);
    use(whole, how);
    expect(whole.strokes).toHaveLength(1);
    const count = whole.power.ops - from;
    let spent = 0;
    for (let n = 1; n <= count; n++) {
      for (const cut of ['before', 'torn', 'after'] as const) {
        const rig = alone({ page: 1024, photoPages: 24 });
        let code = '';
        rig.bootWithCut(n, cut, 1);
        try {
          use(rig, how, (typed) => { code = typed; });
        } catch {
          // The rig's own steps fail where the unit is gone.
        }
        if (!rig.power.dead) rig.die();
        rig.lid = rig.paper = rig.out = false;
        start(rig);
        rig.finger(3);
        expect([n, cut, state(rig)]).toEqual([n, cut, rig.device!.use.alarms === 0 ? 1 : state(rig)]);
        const opened = recordsOf(rig, RecordKind.CODE).length;
        expect(opened).toBeLessThanOrEqual(1);
        expect(recordsOf(rig, RecordKind.INTENT).length).toBeGreaterThanOrEqual(rig.strokes.length);
        expect(recordsOf(rig, RecordKind.OUTCOME)).toHaveLength(recordsOf(rig, RecordKind.INTENT).length);
        for (const one of recordsOf(rig, RecordKind.OUTCOME)) expect([n, cut, one.get(3) === 2 || one.get(6) === 1]).toEqual([n, cut, true]);
        const numbers = recordsOf(rig, RecordKind.CHALLENGE).map((one) => one.get(1));
        expect(numbers).toEqual(numbers.map((_, i) => i + 1));
        spent += opened;
        if (code === '' || rig.device!.use.alarms !== 0) continue;
        // Once more: a trip code that was not spent is good still, an answer never is.
        rig.run(HOUR);
        if (how === 'trip') {
          rig.type('**C101#');
          rig.finger(3);
        } else call(rig);
        rig.type(`${code}#`);
        expect([n, cut, recordsOf(rig, RecordKind.CODE).length]).toEqual([n, cut, how === 'trip' ? 1 : opened]);
      }
    }
    console.info(`${how}: ${count * 3} cuts at ${count} flash operations, in ${spent} of them the code was spent`);
    expect(spent).toBeGreaterThan(count / 4);
  });
});

it('keys at random open nothing, and leave the unit as it was', () => {
  const r = new Random(99);
  const rig = alone({ journalPages: 64 });
  for (let i = 0; i < 400; i++) {
    let keys = '';
    for (let k = 1 + r.below(24); k > 0; k--) keys += r.pick([...'0123456789##**BBCCAD101']);
    rig.type(keys);
    if (r.below(3) === 0) rig.finger(r.pick([3, 4, 5, -1]));
    rig.run(r.below(4) === 0 ? HOUR : 100);
    // Only wrong fingers and codes, or too many of them.
    expect(rig.device!.use.alarms & ~((1 << Alarm.CODE) | (1 << Alarm.FINGER))).toBe(0);
    if (rig.device!.use.alarms !== 0) {
      expect(rig.connect()).toBe(true);
      for (const { condition, seq } of [...rig.device!.state.alarms]) expect(rig.apply({ kind: GrantKind.CLEAR, condition, seq })).toBe(0);
    }
  }
  expect([recordsOf(rig, RecordKind.CODE), rig.strokes, rig.resets]).toEqual([[], [], 0]);
  rig.type('****');
  rig.run(HOUR);
  rig.type(`${answer(rig)}#`);
  expect(state(rig)).toBe(3);
}, 120_000);
