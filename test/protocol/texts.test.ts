import * as codec from '../../protocol/generated/codec';
import * as permit from '../../protocol/permit';
import * as evidence from '../../protocol/evidence';
import * as alarms from '../../firmware/core/alarms';
import * as reasons from '../../protocol/reasons';
import { ALARM_TABLE } from '../../protocol/alarms';
import { ALARMS, DOWNS, GRANTS, OUTCOMES, RECORDS, REFUSALS, STATES, textOf } from '../../protocol/texts';

/** Constant enumerations are objects all the same when the tests run. */
const { RefusalCode, UseState, GrantKind, Outcome, RecordKind, DownReason, Alarm } = { ...codec, ...permit, ...evidence, ...reasons, ...alarms } as unknown as Record<string, object>;

/** The numbers of an enumeration, without the 0 that stands for nothing. */
const numbers = (e: object): number[] => Object.values(e).filter((v): v is number => typeof v === 'number' && v > 0);

test.each([
  ['refusals', RefusalCode, REFUSALS],
  ['states', UseState, STATES],
  ['records', RecordKind, RECORDS],
  ['outcomes', Outcome, OUTCOMES],
  ['grants', GrantKind, GRANTS],
  ['downs', DownReason, DOWNS],
])('every number has both texts: %s', (_name, e, table) => {
  expect(Object.keys(table).map(Number)).toEqual(numbers(e));
  for (const text of Object.values(table)) {
    expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(text.en).toMatch(/^[A-Z]/);
  }
});

test('every alarm of the firmware has both texts', () => {
  expect(Object.keys(ALARMS).map(Number)).toEqual(numbers(Alarm as unknown as object));
  // Of one name on every side.
  for (const [name, number] of Object.entries(Alarm as unknown as Record<string, unknown>)) if (typeof number === 'number') expect([number, ALARM_TABLE[number]?.name]).toEqual([number, name]);
});

test('an unknown number is said as such', () => {
  expect(textOf(REFUSALS, 10, 'en')).toMatch(/loaded before/);
  expect(textOf(REFUSALS, 99, 'en')).toBe('unknown (99)');
  expect(textOf(REFUSALS, 99, 'zh')).toBe('未知（99）');
});
