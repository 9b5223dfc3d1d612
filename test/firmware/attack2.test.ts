/** What a hostile reader tries: statements held back and handed over out of their order, and the power cut between two effects that belong together. */
import { Alarm } from '../../firmware/core/alarms';
import { Stroke, Why } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Grant } from '../../protocol/permit';
import { Action } from '../../protocol/permit';
import { begin, ceremonyOf, recordsOf, started } from './begun';
import { T0 } from './identity';
import { Rig } from './rig';

let counter = 7000;
const ceremony = (action: Action, more: Partial<Grant> = {}): Grant => ceremonyOf(++counter, action, more);

/** A unit whose power went after the intent and before the outcome. */
function inStroke(): Rig {
  const rig = started();
  expect(rig.load(rig.permit({ count: 2 }))).toBe(0);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
  rig.die();
  return rig;
}

describe('power lost in a stroke, and again as the unit comes back', () => {
  test('whatever the second cut hits, the alarm that a person must decide about is raised', () => {
    const lost: number[] = [];
    for (let n = 1; n <= 40; n++) {
      const rig = inStroke();
      rig.lid = false;
      rig.paper = false;
      rig.out = false;
      rig.bootWithCut(n, 'after', 0);
      const again = rig.cut && rig.power.dead;
      rig.boot();
      rig.run(5000);
      if (recordsOf(rig, RecordKind.OUTCOME).at(-1)?.get(3) !== Stroke.UNKNOWN) throw new Error(`cut ${n}: no unknown outcome`);
      if (rig.device!.state.latched(Alarm.UNKNOWN) === undefined) lost.push(n);
      if (!again) break;
    }
    expect(lost).toEqual([]);
  });
});

describe('power lost as a stroke ends that was not proven', () => {
  test.each([[Stroke.UNKNOWN, Why.STALL, Alarm.STALL], [Stroke.FAILED, Why.NO_CONTACT, Alarm.STALL], [Stroke.STAMPED, Why.CONTACT_STUCK, Alarm.CONTACT]])('result %d, why %d: never its outcome without an alarm', (result, why, condition) => {
    const lost: string[] = [];
    for (let n = 1; ; n++) {
      const rig = started();
      rig.stroke = { result, why, grade: 0, trace: 'trace' };
      expect(rig.load(rig.permit({ count: 2 }))).toBe(0);
      rig.finger(3);
      rig.page();
      expect(rig.until(() => rig.strokes.length === 1 || rig.out)).toBe(true);
      rig.run(350);
      rig.power.cutAt(n, 'after', 0);
      rig.run(4000);
      if (!rig.power.dead) break;
      rig.boot();
      rig.run(5000);
      const last = recordsOf(rig, RecordKind.OUTCOME).at(-1)?.get(3);
      if (rig.device!.state.latched(condition) === undefined && rig.device!.state.latched(Alarm.UNKNOWN) === undefined) lost.push(`${n}: outcome ${String(last)}`);
    }
    expect(lost).toEqual([]);
  });
});

describe('an order that was held back, handed over behind a later one', () => {
  test('does not put a unit back into service that was suspended since', () => {
    const rig = started();
    const resume = ceremony(Action.RESUME);
    expect(rig.apply(ceremony(Action.SUSPEND))).toBe(0);
    expect(rig.device!.state.service).toBe(1);
    expect(rig.apply(resume)).not.toBe(0);
    expect(rig.device!.state.service).toBe(1);
  });

  test('gives no more time than the last word on it', () => {
    const rig = new Rig();
    rig.usb = true;
    begin(rig);
    rig.run(3000);
    const out = ceremony(Action.TAKE_OUT, { persons: [101, 1], subject: 101, until: T0 + 7200 });
    const longer = ceremony(Action.TAKE_OUT, { subject: 101, until: T0 + 90_000 });
    const shorter = ceremony(Action.TAKE_OUT, { subject: 101, until: T0 + 3600 });
    expect(rig.apply(out)).toBe(0);
    rig.finger(3);
    expect(rig.device!.state.custody).toBe(out.permit);
    expect(rig.apply(shorter)).toBe(0);
    expect(rig.apply(longer)).toBe(RefusalCode.STALE);
    expect(rig.status()!.due).toBe(T0 + 3600);
  });
});
