/** Codes that were guessed, and power cuts while one is used. */
import { Alarm } from '../../firmware/core/alarms';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { recordsOf } from './begun';
import { Random } from '../protocol/random';
import type { Rig } from './rig';
import { office, terms, alone, start, refusal, refusals, state, call, answer, wrong, HOUR } from './offline-unit';

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
