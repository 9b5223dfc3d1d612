/** The battery: what it refuses, what it shows under load, and what is put to rest. */
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode, UseState } from '../../protocol/generated/codec';
import { recordsOf, started } from './begun';
import type { Rig } from './rig';

const FAILED = 2;
/** Why.POWER. */
const POWER = 10;

function unplugged(): Rig {
  const rig = started();
  rig.usb = false;
  return rig;
}

const refusals = (rig: Rig): unknown[] => recordsOf(rig, RecordKind.REFUSED).map((data) => data.get(1));

function shown(rig: Rig): number {
  rig.finger(3);
  rig.run(1500);
  return rig.device!.use.phase;
}

test('low is low until it has clearly more again: the voltage that comes back without a load does not count', () => {
  const rig = unplugged();
  expect(rig.load(rig.permit({ count: 3 }))).toBe(0);
  rig.mv = 3499;
  expect(shown(rig)).toBe(UseState.IDLE);
  rig.mv = 3599;
  expect(shown(rig)).toBe(UseState.IDLE);
  expect(refusals(rig).at(-1)).toBe(RefusalCode.BATTERY_LOW);
  rig.mv = 3600;
  expect(shown(rig)).toBe(UseState.OPEN);
});

test('on USB power it does not matter how low it is', () => {
  const rig = unplugged();
  rig.usb = true;
  rig.mv = 3000;
  expect(rig.load(rig.permit({ count: 1 }))).toBe(0);
  expect(shown(rig)).toBe(UseState.OPEN);
  rig.page();
  expect(rig.until(() => rig.strokes.length === 1 && rig.device!.use.phase === 1)).toBe(true);
});

/** A cell that the bolt's coil pulls down by so much. */
function sags(rig: Rig, by: number): void {
  rig.sagging = () => (rig.boltOpen ? rig.mv - by : rig.mv);
}

test('a battery that would not bear the motor is told by the bolt: nothing is stamped, the use is given back, nothing locks', () => {
  const rig = unplugged();
  expect(rig.load(rig.permit({ count: 2, policy: 1 }))).toBe(0);
  rig.mv = 3800;
  sags(rig, 260);
  expect(shown(rig)).toBe(UseState.OPEN);
  rig.page();
  expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
  expect(rig.strokes).toHaveLength(0);
  const [outcome] = recordsOf(rig, RecordKind.OUTCOME);
  expect([outcome!.get(3), (outcome!.get(4) as Buffer)[1], outcome!.get(6)]).toEqual([FAILED, POWER, 0]);
  expect(refusals(rig)).toEqual([RefusalCode.BATTERY_LOW]);
  expect(recordsOf(rig, RecordKind.ALARM)).toEqual([]);
  expect(rig.boltOpen).toBe(false);
  // Not tried again, whatever it shows at rest, before it was charged.
  expect(shown(rig)).toBe(UseState.IDLE);
  rig.usb = true;
  rig.run(1500);
  rig.usb = false;
  sags(rig, 240);
  expect(shown(rig)).not.toBe(UseState.IDLE);
  expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
});

describe('with nobody there', () => {
  test('display, lamp and camera rest after two minutes; a key wakes them, and not before', () => {
    const rig = unplugged();
    rig.run(115_000);
    expect([rig.dark, rig.dim, rig.cameraRests]).toEqual([false, false, 0]);
    rig.run(8000);
    expect([rig.dark, rig.dim, rig.cameraRests]).toEqual([true, true, 1]);
    rig.run(600_000);
    expect([rig.dark, rig.cameraRests]).toEqual([true, 1]);
    rig.type('5');
    rig.run(100);
    expect([rig.dark, rig.dim]).toEqual([false, false]);
  });

  test.each<[string, (rig: Rig) => void]>([
    ['the lid', (rig) => rig.hand(() => { rig.lid = !rig.lid; })],
    ['a finger', (rig) => rig.finger(3)],
    ['USB power', (rig) => { rig.usb = true; }],
    ['an alarm', (rig) => rig.hand(() => { rig.shut = false; })],
  ])('%s wakes it', (_what, act) => {
    const rig = unplugged();
    rig.run(130_000);
    expect(rig.dark).toBe(true);
    act(rig);
    rig.run(1200);
    expect([rig.dark, rig.dim]).toEqual([false, false]);
  });

  test('on USB power nothing rests, nor while somebody is asked for something', () => {
    const rig = unplugged();
    rig.usb = true;
    rig.run(300_000);
    expect(rig.cameraRests).toBe(0);
    rig.usb = false;
    rig.run(60_000);
    expect(rig.load(rig.permit({ count: 1, idle: 600 }))).toBe(0);
    expect(shown(rig)).toBe(UseState.OPEN);
    rig.run(400_000);
    expect([rig.dark, rig.dim]).toEqual([false, false]);
  });
});
