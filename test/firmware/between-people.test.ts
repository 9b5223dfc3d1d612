/** Persons whose day is over, who are removed, or who are nobody, while something of theirs is under way. Each was found by a hostile reader. */
import { Enrolled } from '../../firmware/core/parts';
import { OfflineCodes } from '../../host-bridge/desk/authority/offline';
import { toBuffer } from '../../host-bridge/natives';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode, UseState } from '../../protocol/generated/codec';
import type { Grant } from '../../protocol/permit';
import { Action } from '../../protocol/permit';
import { ceremonyOf, recordsOf, started } from './begun';
import { DEVICE, DIE, PERMIT } from './identity';
import type { Rig } from './rig';

const office = new OfflineCodes(toBuffer(PERMIT));
const terms = { device: toBuffer(DEVICE), die: toBuffer(DIE), epoch: 0, person: 102, count: 2, document: '48151623' };
let counter = 3000;
const ceremony = (action: Action, more: Partial<Grant> = {}): Grant => ceremonyOf(++counter, action, more);
const phase = (rig: Rig): number => rig.device!.use.phase;

test('who was removed while a challenge stood opens nothing with its answer', () => {
  const rig = started();
  rig.type('B102#');
  rig.finger(4);
  rig.type('2#48151623#');
  const answer = office.answer(rig.device!.state.calls, rig.device!.offline!.challenge, terms);
  expect(rig.apply(ceremony(Action.PERSON_REMOVE, { subject: 102 }))).toBe(0);
  rig.run(60_000);
  rig.type(`${answer}#`);
  rig.run(500);
  expect(recordsOf(rig, RecordKind.CODE)).toEqual([]);
  expect(phase(rig)).toBe(UseState.IDLE);
});

test('... and stamps nothing', () => {
  const rig = started();
  rig.type('B102#');
  rig.finger(4);
  rig.type('2#48151623#');
  const answer = office.answer(rig.device!.state.calls, rig.device!.offline!.challenge, terms);
  expect(rig.apply(ceremony(Action.PERSON_REMOVE, { subject: 102 }))).toBe(0);
  rig.run(60_000);
  rig.type(`${answer}#`);
  rig.page();
  rig.run(5000);
  expect(rig.strokes).toHaveLength(0);
});

test('a delegate whose day is over while a challenge stands opens nothing', () => {
  const rig = started();
  rig.device!.people.setCode(102, '481516', 1_800_000_000 + 200);
  rig.type('B102#');
  rig.finger(4);
  rig.type('2#48151623#');
  const answer = office.answer(rig.device!.state.calls, rig.device!.offline!.challenge, terms);
  rig.run(250_000);
  rig.type(`${answer}#`);
  expect([recordsOf(rig, RecordKind.CODE).length, phase(rig)]).toEqual([0, UseState.IDLE]);
});

test('a use does not outlive the day of the delegate who opened it', () => {
  const rig = started();
  expect(rig.apply(ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1], until: 1_800_000_000 + 60 }))).toBe(0);
  rig.finger(3);
  rig.enrolled(Enrolled.DONE);
  expect(rig.load(rig.permit({ counter: ++counter, persons: [104, 1], count: 5, idle: 60_000 }))).toBe(0);
  rig.finger(0);
  expect(phase(rig)).toBe(UseState.OPEN);
  rig.run(7_200_000);
  rig.page();
  rig.run(5000);
  expect(rig.strokes).toHaveLength(0);
});

test('the finger of a person who was removed is deleted from the reader, also where they come back', () => {
  const rig = started();
  expect(rig.apply(ceremony(Action.PERSON_REMOVE, { subject: 102 }))).toBe(0);
  expect(rig.apply(ceremony(Action.FINGER_ADD, { subject: 102, persons: [101, 1] }))).toBe(0);
  rig.finger(3);
  rig.enrolled(Enrolled.DONE);
  rig.run(300_000);
  expect(rig.removed).toEqual([4]);
});

test('a delegate whose end is second 0 is no delegate', () => {
  const rig = started();
  expect(rig.apply(ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1], until: 0 }))).toBe(RefusalCode.MALFORMED);
});

/** Ten digits are taken for a number, but a person is a u32: 101 + 2^32 is typed as easily as 101. */
const ALIAS = 4294967296 + 101;

test('evidence names who stood there: a number beyond u32 is nobody', () => {
  const rig = started();
  rig.device!.people.setCode(101, '481516', 0);
  rig.type(`B${ALIAS}#481516#2#48151623#`);
  const challenge = rig.device!.offline?.challenge ?? '';
  // The office is told 101 by phone.
  const answer = challenge === '' ? '' : office.answer(rig.device!.state.calls, challenge, { ...terms, person: 101 });
  rig.type(`${answer}#`);
  rig.page();
  rig.run(5000);
  const named = [RecordKind.CHALLENGE, RecordKind.CODE, RecordKind.OPENED].map((kind) => recordsOf(rig, kind).map((d) => d.get(kind === RecordKind.CODE ? 4 : 2)));
  expect([named, rig.strokes.length]).toEqual([[[], [], []], 0]);
});

test('... and is not removed with the person', () => {
  const rig = started();
  rig.device!.people.setCode(101, '481516', 0);
  rig.type(`B${ALIAS}#481516#2#48151623#`);
  const challenge = rig.device!.offline?.challenge ?? '';
  const answer = challenge === '' ? '' : office.answer(rig.device!.state.calls, challenge, { ...terms, person: 101 });
  rig.type(`${answer}#`);
  expect(rig.apply(ceremony(Action.PERSON_REMOVE, { subject: 101 }))).toBe(0);
  rig.page();
  rig.run(5000);
  expect(rig.strokes).toHaveLength(0);
});

test('... nor does it give tries without the wait', () => {
  const rig = started();
  rig.run(400_000);
  rig.device!.people.setCode(101, '481516', 0);
  const tried = (number: number): unknown => {
    rig.type(`${number}#999998#`);
    return recordsOf(rig, RecordKind.REFUSED).at(-1)!.get(1);
  };
  expect([tried(101), tried(101), tried(101), tried(101)]).toEqual([RefusalCode.WRONG_CODE, RefusalCode.WRONG_CODE, RefusalCode.WRONG_CODE, RefusalCode.WAIT]);
  expect([tried(ALIAS), tried(ALIAS + 4294967296)]).toEqual([RefusalCode.UNKNOWN_PERSON, RefusalCode.UNKNOWN_PERSON]);
});
