/** Tries that are counted, over cuts and in a row, and what waits while a stroke is made. */
import { Alarm } from '../../firmware/core/alarms';
import { RecordKind } from '../../protocol/evidence';
import { UseState } from '../../protocol/generated/codec';
import { begin, recordsOf, started } from './begun';
import { DIE } from './identity';
import type { Rig } from './rig';

const phase = (rig: Rig): number => rig.device!.use.phase;

test("strangers' fingers are counted over power cuts", () => {
  const rig = started();
  for (let i = 0; i < 4; i++) {
    rig.finger(-1);
    rig.run(3000);
  }
  expect(rig.device!.state.alarmBits()).toBe(0);
  begin(rig);
  rig.finger(-1);
  expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.FINGER);
});

test('... and begin anew behind a finger that is known', () => {
  const rig = started();
  for (let i = 0; i < 4; i++) rig.finger(-1);
  rig.finger(3);
  begin(rig);
  for (let i = 0; i < 4; i++) rig.finger(-1);
  expect(rig.device!.state.alarmBits()).toBe(0);
});

/** A permit of one stroke for finger 3, used up. */
function usedUp(): Rig {
  const rig = started();
  expect(rig.load(rig.permit({ count: 1 }))).toBe(0);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => rig.strokes.length === 1 && phase(rig) === UseState.IDLE)).toBe(true);
  return rig;
}

test('who asks again and again for strokes that a permit does not have locks the unit', () => {
  const rig = usedUp();
  for (let i = 0; i < 4; i++) rig.finger(3);
  expect(rig.device!.state.alarmBits()).toBe(0);
  rig.finger(3);
  expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.OVERCOUNT);
  expect(recordsOf(rig, RecordKind.ALARM).map((data) => [data.get(1), data.get(2)])).toEqual([[Alarm.OVERCOUNT, 5]]);
});

test('... but not who tries now and then', () => {
  const rig = usedUp();
  for (let i = 0; i < 12; i++) {
    rig.finger(3);
    rig.run(16_000);
  }
  expect(rig.device!.state.alarmBits()).toBe(0);
});

test('in a stroke no tag, no finger and no passcode is dealt with', () => {
  const rig = started();
  expect(rig.load(rig.permit({ count: 2 }))).toBe(0);
  rig.finger(3);
  rig.page();
  expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
  const written = rig.device!.log.journal.next;
  rig.finger(-1);
  rig.finger(4);
  expect(rig.device!.log.journal.next).toBe(written);
  expect(rig.device!.state.strangers).toBe(0);
  expect(rig.status()!.die).toBe(DIE);
});
