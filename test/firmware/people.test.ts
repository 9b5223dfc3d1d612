/** People at the device: ceremonies, fingers, passcodes, delegates. */
import { Alarm } from '../../firmware/core/alarms';
import { plain } from '../../firmware/core/dialog';
import { Enrolled, ReaderFault } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import * as codec from '../../protocol/generated/codec';
import { MessageType, RefusalCode, UseState } from '../../protocol/generated/codec';
import type { Grant } from '../../protocol/permit';
import { Action, GrantKind } from '../../protocol/permit';
import { begin, ceremonyOf, recordsOf, started } from './begun';
import { DIE, T0 } from './identity';
import type { Rig } from './rig';

const CODE = '481516';

let counter = 1000;

const ceremony = (action: Action, more: Partial<Grant> = {}): Grant => ceremonyOf(++counter, action, more);

/** Permits and ceremonies are numbered in one series. */
function permit(rig: Rig, more: Partial<Grant>): string {
  counter++;
  return rig.permit({ counter, ...more });
}

function refusal(rig: Rig): unknown {
  return recordsOf(rig, RecordKind.REFUSED).at(-1)?.get(1);
}

interface Known {
  person: number;
  until: number;
  fingers: number;
  bits: number;
}

function people(rig: Rig): Known[] {
  const out: Known[] = [];
  for (let after = 0; ; ) {
    const m = codec.decodePeople(rig.ask(MessageType.PEOPLE_GET, codec.encodePeopleGet({ after }))![0]!.body)!;
    for (const one of m.people) {
      const b = Buffer.from(one, 'latin1');
      out.push({ person: b.readUInt32LE(0), until: b.readUInt32LE(4), fingers: b[8]!, bits: b[9]! });
    }
    if (!m.more) return out;
    after = out.at(-1)!.person;
  }
}

/** Person 101 (finger at 3) lets `person` type a new passcode. */
function setCode(rig: Rig, person: number, code = CODE, persons = [101, 1], fingers = [3]): void {
  expect(rig.apply(ceremony(Action.CODE_SET, { subject: person, persons }))).toBe(0);
  for (const slot of fingers) rig.finger(slot);
  rig.type(`${code}#${code}#`);
}

describe('fingers', () => {
  it('are enrolled before a person of the office, and open a use at once and after a restart', () => {
    const rig = started();
    expect(rig.apply(ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1] }))).toBe(0);
    expect(rig.status()!.ceremony).toBe(Action.FINGER_ADD);
    expect(rig.enrolment).toBeUndefined();
    rig.finger(4);
    expect(rig.enrolment).toBeUndefined();
    rig.finger(3);
    expect(rig.enrolment?.slot).toBe(0);
    rig.enrolled(Enrolled.DONE);
    expect(rig.status()!.ceremony).toBe(0);
    expect(recordsOf(rig, RecordKind.CEREMONY).at(-1)).toEqual(new Map<number, unknown>([
      [1, Buffer.from(`ceremony ${counter}`.padEnd(16))], [2, 1], [3, counter], [4, 104], [5, Buffer.from([0, 0, 0, 0])], [6, [101]],
    ]));
    begin(rig);
    expect(people(rig).map(({ person, fingers }) => [person, fingers])).toEqual([[101, 1], [102, 1], [103, 1], [104, 1]]);
    expect(rig.load(permit(rig, { persons: [104, 1] }))).toBe(0);
    rig.finger(0);
    expect(rig.status()!.state).toBe(UseState.OPEN);
  });

  it('are not enrolled where the reader did not learn them, nor twice under one grant', () => {
    const rig = started();
    const grant = ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1] });
    expect(rig.apply(grant)).toBe(0);
    rig.finger(3);
    rig.enrolled(Enrolled.DUPLICATE);
    expect(refusal(rig)).toBe(RefusalCode.READER);
    expect(people(rig)).toHaveLength(3);
    // The same grant again: nothing was spent.
    expect(rig.apply(grant)).toBe(0);
    rig.finger(3);
    rig.enrolled(Enrolled.DONE);
    expect(people(rig)).toHaveLength(4);
    expect(rig.apply(grant)).toBe(RefusalCode.REPLAYED);
  });

  it('of a removed person open nothing from then on, also without a reader, and are deleted from it', () => {
    const rig = started();
    expect(rig.load(permit(rig, { persons: [101, 1], count: 3 }))).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(rig.apply(ceremony(Action.PERSON_REMOVE, { subject: 101 }))).toBe(0);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    expect(refusal(rig)).toBe(RefusalCode.UNKNOWN_PERSON);
    expect(people(rig).map(({ person }) => person)).toEqual([102, 103]);
    rig.run(61_000);
    expect(rig.removed).toEqual([3]);
    begin(rig);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    rig.run(61_000);
    expect(rig.removed).toEqual([3]);
  });

  it('of a delegate count until their day, and not while nobody knows the time', () => {
    const rig = started();
    expect(rig.apply(ceremony(Action.FINGER_ADD, { subject: 104, persons: [101, 1], until: T0 + 600 }))).toBe(0);
    rig.finger(3);
    rig.enrolled(Enrolled.DONE);
    expect(rig.load(permit(rig, { persons: [104, 1], count: 5 }))).toBe(0);
    rig.boot();
    expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
    rig.finger(0);
    expect(refusal(rig)).toBe(RefusalCode.TIME_UNKNOWN);
    expect(rig.connect()).toBe(true);
    expect(rig.setTime()).toBe(0);
    rig.finger(0);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    rig.run(601_000);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    rig.finger(0);
    expect(refusal(rig)).toBe(RefusalCode.EXPIRED);
  });

  it('are void when another reader is paired, whose password is this unit\'s', () => {
    const rig = started();
    expect(rig.readerPassword!.must).toBe(false);
    expect(rig.apply(ceremony(Action.READER_PAIR))).toBe(0);
    expect(rig.until(() => rig.status()!.ceremony === 0)).toBe(true);
    expect(rig.readerPassword!.password).toHaveLength(4);
    expect(people(rig)).toEqual([101, 102, 103].map((person) => ({ person, until: 0, fingers: 0, bits: 0 })));
    begin(rig);
    expect(rig.readerPassword!.must).toBe(true);
    rig.readerFault!(ReaderFault.FOREIGN);
    expect(rig.device!.state.latched(Alarm.READER)).toBeDefined();
  });
});

describe('passcodes', () => {
  it('open a use: alone, with the finger, and for two persons in either order', () => {
    const rig = started();
    setCode(rig, 101);
    setCode(rig, 102, '739204');
    expect(people(rig).map(({ bits }) => bits)).toEqual([1, 1, 0]);
    begin(rig);
    expect(rig.load(permit(rig, { persons: [101, 2], count: 1 }))).toBe(0);
    rig.finger(3);
    expect(refusal(rig)).toBe(RefusalCode.WRONG_MEANS);
    rig.type(`101#${CODE}#`);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(recordsOf(rig, RecordKind.OPENED).at(-1)!.get(3)).toEqual([2]);
    rig.type('D');
    expect(rig.status()!.state).toBe(UseState.IDLE);
    for (const order of [0, 1]) {
      expect(rig.load(permit(rig, { persons: [101, 3, 102, 2] }))).toBe(0);
      const acts = [() => rig.finger(3), () => rig.type(`101#${CODE}#`), () => rig.type('102#739204#')];
      if (order === 1) acts.reverse();
      for (const [i, act] of acts.entries()) {
        act();
        expect(rig.status()!.state).toBe(i === 2 ? UseState.OPEN : UseState.OPENING);
      }
      rig.type('D');
    }
  });

  it('are counted before they are judged: no cut gives a try back, and ten lock', () => {
    const rig = started();
    setCode(rig, 101);
    expect(rig.load(permit(rig, { persons: [101, 2] }))).toBe(0);
    for (let i = 1; i <= 2; i++) {
      rig.type('101#000111#');
      expect(refusal(rig)).toBe(RefusalCode.WRONG_CODE);
      // Each is told: an auditor counts them.
      expect(recordsOf(rig, RecordKind.REFUSED).filter((one) => one.get(1) === RefusalCode.WRONG_CODE)).toHaveLength(i);
    }
    begin(rig);
    rig.type('101#000111#');
    rig.type(`101#${CODE}#`);
    expect(refusal(rig)).toBe(RefusalCode.WAIT);
    begin(rig);
    // A start knows no earlier time: the delay begins anew.
    rig.type(`101#${CODE}#`);
    expect(refusal(rig)).toBe(RefusalCode.WAIT);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    rig.run(31_000);
    for (let tries = 3; tries < 10; tries++) {
      rig.type('101#000111#');
      rig.run(3_700_000);
      rig.setTime();
      for (const a of [...rig.device!.state.alarms]) rig.apply({ kind: GrantKind.CLEAR, condition: a.condition, seq: a.seq });
    }
    rig.type(`101#${CODE}#`);
    expect(refusal(rig)).toBe(RefusalCode.CODE_LOCKED);
    expect(people(rig)[0]!.bits).toBe(3);
    begin(rig);
    rig.run(3_700_000);
    rig.type(`101#${CODE}#`);
    expect(refusal(rig)).toBe(RefusalCode.CODE_LOCKED);
  });

  it('that are not looked at for now keep nobody from the permits that a finger alone opens', () => {
    const rig = started();
    setCode(rig, 101);
    expect(rig.load(permit(rig, { persons: [101, 3] }))).toBe(0);
    expect(rig.load(permit(rig, { persons: [101, 1] }))).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPENING);
    rig.run(31_000);
    for (let i = 0; i < 3; i++) rig.type('101#000111#');
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(recordsOf(rig, RecordKind.OPENED).at(-1)!.get(1)).toEqual(rig.device!.state.permits.map((p) => Buffer.from(p.id, 'latin1'))[1]);
  });

  it('that are locked are set anew before two persons, not before one', () => {
    const rig = started();
    setCode(rig, 101);
    const p = rig.device!.people;
    for (let i = 0; i < 10; i++) {
      p.check(101, '000111');
      rig.run(3_700_000);
    }
    rig.setTime();
    expect(p.locked(101)).toBe(true);
    const late = { notAfter: T0 + 1_000_000 };
    expect(rig.apply(ceremony(Action.CODE_SET, { subject: 101, persons: [101, 1], ...late }))).toBe(RefusalCode.CODE_LOCKED);
    expect(rig.apply(ceremony(Action.CODE_SET, { subject: 101, persons: [101, 1, 102, 1], ...late }))).toBe(0);
    rig.finger(4);
    rig.finger(3);
    rig.type('739204#739204#');
    expect(p.locked(101)).toBe(false);
    expect(p.check(101, '739204')).toBe(0);
  });

  it('that are weak, or not typed twice alike, are not taken; nothing is known of strangers', () => {
    const rig = started();
    expect(rig.apply(ceremony(Action.CODE_SET, { subject: 101, persons: [102, 1] }))).toBe(0);
    rig.finger(4);
    for (const code of ['12345#', '111111#', '345678#', '987654#', '481516#481517#']) rig.type(code);
    expect(refusal(rig)).toBe(RefusalCode.WEAK_CODE);
    expect(people(rig)[0]!.bits).toBe(0);
    rig.type(`${CODE}#${CODE}#`);
    expect(people(rig)[0]!.bits).toBe(1);
    rig.type(`555#${CODE}#`);
    expect(refusal(rig)).toBe(RefusalCode.UNKNOWN_PERSON);
    expect(plain('000000')).toBe(true);
    expect(plain('481516')).toBe(false);
  });

  it('raise an alarm after five wrong ones in a row, whoever\'s they are', () => {
    const rig = started();
    for (let i = 0; i < 5; i++) rig.type(`${i + 1}#481516#`);
    expect(rig.device!.state.latched(Alarm.CODE)).toBeDefined();
  });

  it('stand nowhere in flash nor on the wire', () => {
    const rig = started();
    const wire: string[] = [];
    const { receive } = rig.peer;
    rig.peer.receive = (b) => { wire.push(b); receive.call(rig.peer, b); };
    setCode(rig, 101);
    rig.type(`101#${CODE}#`);
    for (const nor of [rig.state, rig.journal, rig.vault, rig.photos]) expect(nor.bytes.includes(CODE)).toBe(false);
    expect(wire.join('').includes(CODE)).toBe(false);
  });
});

describe('ceremonies', () => {
  it('a handover needs giver, receiver and witness, in any order, within half a minute', () => {
    const rig = started();
    expect(rig.apply(ceremony(Action.HANDOVER, { persons: [101, 1, 102, 1, 103, 1] }))).toBe(0);
    rig.finger(5);
    rig.finger(3);
    rig.run(31_000);
    rig.finger(4);
    expect(recordsOf(rig, RecordKind.CEREMONY)).toHaveLength(0);
    rig.finger(3);
    rig.finger(5);
    expect(recordsOf(rig, RecordKind.CEREMONY).at(-1)!.get(6)).toEqual([101, 102, 103]);
  });

  it('one that waits keeps nobody from a permit: the same finger again does not mean it', () => {
    const rig = started();
    expect(rig.load(permit(rig, { count: 1, persons: [101, 1] }))).toBe(0);
    expect(rig.apply(ceremony(Action.HANDOVER, { persons: [101, 1, 102, 1, 103, 1] }))).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(rig.code(rig.ask(MessageType.USE_CLOSE, ''))).toBe(0);
    // It still waits, from the beginning.
    rig.finger(4);
    rig.finger(5);
    expect(recordsOf(rig, RecordKind.CEREMONY)).toHaveLength(0);
    rig.finger(3);
    expect(recordsOf(rig, RecordKind.CEREMONY)).toHaveLength(1);
  });

  it('a permit of two, of whom one was removed, stands in nobody\'s way', () => {
    const rig = started();
    expect(rig.load(permit(rig, { persons: [101, 1, 102, 1] }))).toBe(0);
    expect(rig.load(permit(rig, { persons: [101, 1] }))).toBe(0);
    expect(rig.apply(ceremony(Action.PERSON_REMOVE, { subject: 102 }))).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(rig.device!.use.offer!.persons).toEqual([101]);
  });

  it('a suspended seal refuses every use until it is returned to service; a destroyed one for good', () => {
    const rig = started();
    expect(rig.load(permit(rig, { count: 5 }))).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(rig.apply(ceremony(Action.SUSPEND))).toBe(0);
    expect(rig.status()).toMatchObject({ state: UseState.IDLE, service: 1 });
    begin(rig);
    rig.finger(3);
    expect(refusal(rig)).toBe(RefusalCode.SUSPENDED);
    expect(rig.apply(ceremony(Action.RESUME))).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    expect(rig.apply(ceremony(Action.DESTROY, { persons: [101, 1, 102, 1] }))).toBe(0);
    rig.type('D');
    rig.finger(3);
    rig.finger(4);
    expect(rig.status()!.service).toBe(2);
    expect(rig.apply(ceremony(Action.RESUME))).toBe(RefusalCode.SUSPENDED);
    begin(rig);
    expect(rig.status()!.service).toBe(2);
  });

  it('a die comes and goes without an alarm, and no other than the one named', () => {
    const rig = started();
    rig.run(15_000);
    expect(rig.apply(ceremony(Action.DIE_OUT, { persons: [101, 1] }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = []; });
    rig.run(15_000);
    expect(rig.device!.state.alarms).toEqual([]);
    expect(recordsOf(rig, RecordKind.CEREMONY)).toHaveLength(1);
    expect(rig.apply(ceremony(Action.DIE_IN, { persons: [101, 1], die: DIE }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = [DIE]; });
    rig.run(25_000);
    expect(rig.device!.state.alarms).toEqual([]);
    expect(recordsOf(rig, RecordKind.CEREMONY).at(-1)!.get(5)).toEqual(Buffer.from(DIE, 'latin1'));
    expect(rig.apply(ceremony(Action.DIE_IN, { persons: [101, 1], die: 'another1' }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = ['foreign1']; });
    rig.run(25_000);
    expect(rig.device!.state.latched(Alarm.DIE)).toBeDefined();
  });

  it('a revoked one is not carried out, an old epoch or a late one neither', () => {
    const rig = started();
    const grant = ceremony(Action.HANDOVER, { persons: [101, 1, 102, 1, 103, 1] });
    expect(rig.apply(grant)).toBe(0);
    expect(rig.apply({ kind: GrantKind.REVOKE, permit: grant.permit!, counter: grant.counter! })).toBe(0);
    rig.run(2000);
    expect(rig.status()!.ceremony).toBe(0);
    expect(rig.apply(grant)).toBe(RefusalCode.REPLAYED);
    expect(rig.apply({ kind: GrantKind.REVOKE, epoch: 2 })).toBe(0);
    expect(rig.apply(ceremony(Action.SUSPEND))).toBe(RefusalCode.REVOKED);
    expect(rig.apply(ceremony(Action.SUSPEND, { epoch: 2, notAfter: T0 - 10 }))).toBe(RefusalCode.EXPIRED);
    expect(rig.apply(ceremony(Action.SUSPEND, { epoch: 2, notBefore: T0 + 5000 }))).toBe(RefusalCode.TOO_EARLY);
  });

  it('a loss of the state flash brings nobody back who was removed', () => {
    const rig = started();
    expect(rig.apply(ceremony(Action.PERSON_REMOVE, { subject: 101 }))).toBe(0);
    rig.die();
    rig.state.bytes.fill(0xff);
    begin(rig);
    expect(people(rig)).toEqual([]);
    rig.finger(4);
    expect(refusal(rig)).toBe(RefusalCode.UNKNOWN_PERSON);
    expect(rig.apply(ceremony(Action.FINGER_ADD, { subject: 102, persons: [101, 1] }))).toBe(RefusalCode.UNKNOWN_PERSON);
  });
});
