/** Several dies in one unit, how each is pressed, and its ink. */
import { Alarm } from '../../firmware/core/alarms';
import { Stroke, Why } from '../../firmware/core/parts';
import { vaultImage } from '../../firmware/core/provision';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode, UseState } from '../../protocol/generated/codec';
import type { Grant } from '../../protocol/permit';
import { Action } from '../../protocol/permit';
import { ackKey } from '../../protocol/keys';
import { begin, ceremonyOf, recordsOf } from './begun';
import { DEVICE, EVIDENCE, host, LINK, PERMIT } from './identity';
import type { How } from './fake-nor';
import { Rig } from './rig';
import { OfflineCodes as Office, offlineHow } from '../../host-bridge/desk/authority/offline';

const A = 'DIE-000A';
const B = 'DIE-000B';
const C = 'DIE-000C';

/** A unit with a revolver of these dies, the first of them under the ram. */
class Revolver extends Rig {
  at = 0;

  constructor(dies: string[], allowed = dies) {
    super();
    this.dies = dies;
    this.ram = () => this.dies[this.at] ?? '';
    this.vault.bytes.write(vaultImage({
      natives: host, deviceId: DEVICE, linkKey: LINK, permitKey: PERMIT, evidenceKey: EVIDENCE, ackKey: ackKey(host, EVIDENCE),
      people: [{ slot: 3, person: 101 }, { slot: 4, person: 102 }], dies: allowed,
    })!, 0, 'latin1');
  }
}

function started(dies = [A, B], allowed?: string[]): Revolver {
  const rig = new Revolver(dies, allowed);
  begin(rig);
  rig.run(15_000);
  return rig;
}

let counter = 1000;

const ceremony = (action: Action, more: Partial<Grant> = {}): Grant => ceremonyOf(++counter, action, more);

const permit = (rig: Rig, more: Partial<Grant>): number => rig.load(rig.permit({ counter: ++counter, ...more }));
const refusal = (rig: Rig): unknown => recordsOf(rig, RecordKind.REFUSED).at(-1)?.get(1);
const bytes = (b: string): Buffer => Buffer.from(b, 'latin1');

function stamp(rig: Rig): void {
  const before = rig.strokes.length;
  rig.hand(() => { rig.lid = rig.paper = false; });
  rig.finger(3);
  rig.page();
  expect(rig.until(() => rig.strokes.length > before, 8000)).toBe(true);
  rig.run(3000);
}

describe('several dies', () => {
  it('each has its permits, which are loaded side by side; only the one under the ram is used', () => {
    const rig = started();
    expect(rig.status()).toMatchObject({ die: A, dies: A + B, alarms: 0 });
    expect(permit(rig, { die: B })).toBe(0);
    rig.finger(3);
    expect([refusal(rig), rig.status()!.state]).toEqual([RefusalCode.TURN_DIE, UseState.IDLE]);
    expect(permit(rig, { die: A })).toBe(0);
    stamp(rig);
    rig.at = 1;
    stamp(rig);
    expect(recordsOf(rig, RecordKind.INTENT).map((r) => r.get(5))).toEqual([bytes(A), bytes(B)]);
    expect(rig.status()).toMatchObject({ die: B, dies: A + B, alarms: 0 });
    expect(permit(rig, { die: C })).toBe(RefusalCode.WRONG_DIE);
  });

  it('between two of them nothing opens, and turning alone is no alarm', () => {
    const rig = started();
    expect(permit(rig, { die: A })).toBe(0);
    rig.at = 7;
    rig.run(40_000);
    expect(rig.status()).toMatchObject({ die: '', dies: A + B, alarms: 0 });
    rig.finger(3);
    expect(refusal(rig)).toBe(RefusalCode.TURN_DIE);
  });

  it('turned away between two persons, the second does not open it', () => {
    const rig = started();
    expect(permit(rig, { die: A, persons: [101, 1, 102, 1] })).toBe(0);
    rig.finger(3);
    rig.at = 1;
    rig.finger(4);
    expect([refusal(rig), rig.status()!.state]).toEqual([RefusalCode.TURN_DIE, UseState.OPENING]);
    rig.at = 0;
    rig.finger(4);
    expect(rig.status()!.state).toBe(UseState.OPEN);
  });

  it('one that is turned away in an open use is not stamped with, and the use ends', () => {
    const rig = started();
    expect(permit(rig, { die: A, count: 2 })).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    rig.at = 1;
    rig.page();
    rig.run(5000);
    expect([refusal(rig), rig.status()!.state, rig.strokes.length]).toEqual([RefusalCode.TURN_DIE, UseState.IDLE, 0]);
    expect(recordsOf(rig, RecordKind.INTENT)).toHaveLength(0);
    rig.at = 0;
    stamp(rig);
  });

  it.each([['another one', 1], ['none', 7]])('turned behind a worn lock once the bolt is open: %s under the ram is not pressed, and locks', (_name, at) => {
    const rig = started();
    expect(permit(rig, { die: A })).toBe(0);
    rig.finger(3);
    const open = rig.boltOpenings.length;
    rig.page();
    expect(rig.until(() => rig.boltOpenings.length > open || (rig.device!.use.phase as number) === 10, 8000)).toBe(true);
    rig.at = at;
    rig.run(5000);
    expect([rig.strokes.length, rig.pressed, rig.boltOpen]).toEqual([0, undefined, false]);
    const outcome = recordsOf(rig, RecordKind.OUTCOME)[0]!;
    expect([outcome.get(3), outcome.get(4), outcome.get(6), outcome.get(7)]).toEqual([Stroke.FAILED, Buffer.of(1, Why.DIE), 0, undefined]);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.DIE);
  });

  it('one that is missing, added or another one is an alarm, whichever is under the ram', () => {
    for (const dies of [[A], [B], [A, B, C], [A, C], []]) {
      const rig = started();
      rig.hand(() => { rig.dies = dies; });
      rig.run(25_000);
      expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.DIE);
    }
  });

  it('at its first start a unit takes the dies that it may carry, and no others', () => {
    expect(started([A, B], [B, A, C]).status()!.alarms).toBe(0);
    expect(started([A, B], []).status()!.alarms).toBe(0);
    expect(started([A, C], [A, B]).status()!.alarms).toBe(1 << Alarm.DIE);
  });

  it('comes and goes one at a time, by name', () => {
    const rig = started([A, B]);
    const about = { persons: [101, 1] };
    // Which of the two was not said.
    expect(rig.apply(ceremony(Action.DIE_OUT, about))).toBe(RefusalCode.WRONG_DIE);
    expect(rig.apply(ceremony(Action.DIE_OUT, { ...about, die: C }))).toBe(RefusalCode.WRONG_DIE);
    expect(rig.apply(ceremony(Action.DIE_IN, { ...about, die: A }))).toBe(RefusalCode.DIE_TWICE);
    expect(rig.apply(ceremony(Action.DIE_OUT, { ...about, die: A }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = [B]; });
    rig.run(25_000);
    expect(rig.status()).toMatchObject({ dies: B, alarms: 0 });
    expect(rig.apply(ceremony(Action.DIE_IN, { ...about, die: C }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = [B, C]; });
    rig.run(25_000);
    expect(rig.status()).toMatchObject({ dies: B + C, alarms: 0 });
    expect(recordsOf(rig, RecordKind.CEREMONY).map((r) => r.get(5))).toEqual([bytes(A), bytes(C)]);
    // The other one was meant.
    expect(rig.apply(ceremony(Action.DIE_OUT, { ...about, die: B }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = [B]; });
    rig.run(25_000);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.DIE);
  });

  it('not more than four', () => {
    const rig = started([A, B, C, 'DIE-000D']);
    expect(rig.apply(ceremony(Action.DIE_IN, { persons: [101, 1], die: 'DIE-000E' }))).toBe(RefusalCode.STORE_FULL);
  });

  it('a challenge is answered for the die that it was made with; turned away it costs no try', () => {
    const rig = started();
    const office = new Office(bytes(PERMIT));
    rig.type('B101#');
    rig.finger(3);
    rig.type('1#48151623#');
    const terms = { device: bytes(DEVICE), die: bytes(A), epoch: 0, person: 101, count: 1, document: '48151623' };
    const right = office.answer(1, rig.device!.offline!.challenge, terms);
    rig.at = 1;
    rig.type(`${right}#`);
    expect([refusal(rig), rig.device!.state.guesses]).toEqual([RefusalCode.TURN_DIE, 0]);
    rig.at = 0;
    rig.type(`${right}#`);
    expect(rig.device!.use.offer).toBeDefined();
    expect(rig.device!.state.permit(office.id(offlineHow.answer, 1, terms).toString('latin1'))!.die).toBe(A);
  });
});

/** A unit whose die A was tuned, and has made so many strokes since. */
function tuned(strokes: number, life = 3, dies = [A]): Revolver {
  const rig = started(dies);
  expect(rig.apply(ceremony(Action.DIE_TUNE, { die: A, dwell: 900, duty: 60, life }))).toBe(0);
  if (strokes > 0) expect(permit(rig, { die: A, count: 1000 })).toBe(0);
  for (let i = 0; i < strokes; i++) {
    if (i === 0) rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.strokes.length > i, 8000)).toBe(true);
    rig.run(3000);
  }
  return rig;
}

const ink = (rig: Rig): [number, number] => {
  const { strokesInked, inkLife } = rig.status()!;
  return [strokesInked, inkLife];
};

test('a vault lists no die twice', () => {
  const p = { natives: host, deviceId: DEVICE, linkKey: LINK, permitKey: PERMIT, evidenceKey: EVIDENCE, ackKey: ackKey(host, EVIDENCE), people: [] };
  expect(vaultImage({ ...p, dies: [A, B] })).toBeDefined();
  expect(vaultImage({ ...p, dies: [A, B, A] })).toBeUndefined();
});

describe('pressing and ink', () => {
  it('a die is pressed as was said of it, any other as ever', () => {
    const rig = tuned(0, 3, [A, B]);
    expect(permit(rig, { die: A })).toBe(0);
    expect(permit(rig, { die: B })).toBe(0);
    stamp(rig);
    expect(rig.pressed).toEqual([900, 60]);
    rig.at = 1;
    stamp(rig);
    expect(rig.pressed).toEqual([300, 100]);
    rig.at = 0;
    begin(rig);
    expect(permit(rig, { die: A })).toBe(0);
    stamp(rig);
    expect(rig.pressed).toEqual([900, 60]);
    expect(recordsOf(rig, RecordKind.CEREMONY)[0]!.get(5)).toEqual(Buffer.concat([bytes(A), Buffer.of(0x84, 3, 60, 3, 0)]));
  });

  it('is about a die that is there', () => {
    const rig = started();
    expect(rig.apply(ceremony(Action.DIE_TUNE, { die: C, dwell: 900, duty: 60, life: 1 }))).toBe(RefusalCode.WRONG_DIE);
    expect(rig.apply(ceremony(Action.DIE_INKED, { die: C }))).toBe(RefusalCode.WRONG_DIE);
  });

  it('waits for the persons it names', () => {
    const rig = started();
    expect(rig.apply(ceremony(Action.DIE_INKED, { die: A, persons: [102, 1] }))).toBe(0);
    expect([rig.status()!.ceremony, recordsOf(rig, RecordKind.CEREMONY).length]).toEqual([Action.DIE_INKED, 0]);
    rig.finger(4);
    expect(recordsOf(rig, RecordKind.CEREMONY).map((r) => [r.get(2), r.get(5)])).toEqual([[Action.DIE_INKED, bytes(A)]]);
  });

  it('counts strokes since the ink, and goes on stamping when it is due', () => {
    const rig = tuned(5);
    expect(ink(rig)).toEqual([5, 3]);
    expect(rig.strokes).toHaveLength(5);
    expect(rig.status()!.alarms).toBe(0);
    expect(rig.apply(ceremony(Action.DIE_INKED, { die: A }))).toBe(0);
    expect(ink(rig)).toEqual([0, 3]);
    // Tuned anew the count goes on.
    rig.page();
    rig.run(8000);
    expect(rig.apply(ceremony(Action.DIE_TUNE, { die: A, dwell: 50, duty: 30, life: 9 }))).toBe(0);
    expect(ink(rig)).toEqual([1, 9]);
  });

  it('a stroke that provably was none costs no ink; one that nobody knows of does', () => {
    const rig = tuned(1);
    rig.stroke = { result: Stroke.FAILED, why: Why.NO_MOTION, grade: 0, trace: '' };
    rig.page();
    rig.run(8000);
    expect(ink(rig)[0]).toBe(1);
    const cut = tuned(1);
    cut.page();
    expect(cut.until(() => cut.strokes.length === 2, 8000)).toBe(true);
    cut.die();
    begin(cut);
    expect(recordsOf(cut, RecordKind.OUTCOME).at(-1)!.get(3)).toBe(Stroke.UNKNOWN);
    expect(ink(cut)[0]).toBe(2);
  });

  it('keeps both over starts, status entries and a state flash that is full', () => {
    const rig = tuned(2, 500);
    for (let i = 0; i < 40; i++) {
      if (i % 10 === 0) begin(rig);
      for (let k = 0; k < 4; k++) expect(rig.device!.save()).toBe(true);
    }
    for (let i = 0; i < 60; i++) rig.device!.people.setCode(101, `48151${i}`, 0);
    begin(rig);
    expect(ink(rig)).toEqual([2, 500]);
  });

  it('whatever flash operation the power goes at, a tuning that has its record is in force, and no stroke is lost', () => {
    for (const how of ['before', 'torn', 'after'] as How[]) {
      for (let n = 1; n < 30; n++) {
        const rig = tuned(1, 7);
        const grant = ceremony(Action.DIE_TUNE, { die: A, dwell: 1500, duty: 40, life: 9 });
        rig.power.cutAt(n, how, 3);
        rig.apply(grant);
        for (let i = 0; i < 3 && !rig.power.dead; i++) rig.device!.guard(() => rig.device!.save());
        if (!rig.power.dead) rig.die();
        for (let i = 0; i < 2; i++) begin(rig);
        const told = recordsOf(rig, RecordKind.CEREMONY).length === 2;
        expect([how, n, ink(rig)]).toEqual([how, n, told ? [1, 9] : [1, 7]]);
        if (!told) expect(rig.apply(grant)).toBe(0);
        expect(ink(rig)).toEqual([1, 9]);
      }
    }
  });

  it('of more than four it knows those that are there', () => {
    const rig = started([A, B, C, 'DIE-000D']);
    for (const die of rig.dies) expect(rig.apply(ceremony(Action.DIE_INKED, { die }))).toBe(0);
    expect(rig.apply(ceremony(Action.DIE_TUNE, { die: B, dwell: 400, duty: 100, life: 5 }))).toBe(0);
    expect(rig.apply(ceremony(Action.DIE_OUT, { die: C, persons: [101, 1] }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = [A, B, 'DIE-000D']; });
    rig.run(25_000);
    expect(rig.apply(ceremony(Action.DIE_IN, { die: 'DIE-000E', persons: [101, 1] }))).toBe(0);
    rig.finger(3);
    rig.hand(() => { rig.dies = [A, B, 'DIE-000D', 'DIE-000E']; });
    rig.run(25_000);
    expect(rig.apply(ceremony(Action.DIE_TUNE, { die: 'DIE-000E', dwell: 400, duty: 100, life: 6 }))).toBe(0);
    begin(rig);
    rig.at = 1;
    expect(ink(rig)).toEqual([0, 5]);
    rig.at = 3;
    expect(ink(rig)).toEqual([0, 6]);
  });

  it('the grade of a stroke stands in its outcome', () => {
    const rig = started();
    expect(permit(rig, { die: A, count: 9 })).toBe(0);
    for (const grade of [1, 2, 3]) {
      rig.stroke = { result: Stroke.STAMPED, why: Why.FINE, grade, trace: 't' };
      if (grade === 1) rig.finger(3);
      rig.page();
      rig.run(8000);
    }
    expect(recordsOf(rig, RecordKind.OUTCOME).map((r) => r.get(7))).toEqual([1, 2, 3]);
  });
});
