import { RefusalCode, UseState } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { Outcome, RecordKind } from '../../protocol/evidence';
import { DownReason } from '../../protocol/reasons';
import { ALARMS, DOWNS, GRANTS, OUTCOMES, RECORDS, REFUSALS, STATES, textOf } from '../../protocol/texts';

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

test('alarm conditions are numbered without a gap', () => {
  expect(Object.keys(ALARMS).map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('an unknown number is said as such', () => {
  expect(textOf(REFUSALS, 10, 'en')).toMatch(/loaded before/);
  expect(textOf(REFUSALS, 99, 'en')).toBe('unknown (99)');
  expect(textOf(REFUSALS, 99, 'zh')).toBe('未知（99）');
});
