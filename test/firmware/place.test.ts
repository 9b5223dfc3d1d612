/** Fences by themselves, and what place, dock and movement do to a use. */
import { fenceOf, metres } from '../../firmware/core/geometry';
import { Moves } from '../../firmware/core/parts';
import { Alarm } from '../../firmware/core/alarms';
import { Close } from '../../firmware/core/states';
import { RecordKind } from '../../protocol/evidence';
import { fenceBytes } from '../../protocol/fence';
import { RefusalCode, UseState } from '../../protocol/generated/codec';
import { verify, type Read } from './evidence';
import { seededRandom } from '../../sim';
import { Rig } from './rig';

const at = (latitude: number, longitude: number, accuracy = 5): { latitude: number; longitude: number; accuracy: number; at: number } => ({ latitude: Math.round(latitude * 1e7), longitude: Math.round(longitude * 1e7), accuracy, at: 0 });
const e7 = (...degrees: number[]): number[] => degrees.map((one) => Math.round(one * 1e7));
/** Metres of a degree of latitude. */
const DEGREE = 111_195;

describe('fences', () => {
  const circle = fenceBytes([[...e7(31.23, 121.47), 200]]);
  const square = fenceBytes([e7(31.22, 121.46, 31.22, 121.48, 31.24, 121.48, 31.24, 121.46)]);
  /** A horseshoe open to the north. */
  const hollow = fenceBytes([e7(10, 20, 10, 20.03, 10.03, 20.03, 10.03, 20.02, 10.01, 20.02, 10.01, 20.01, 10.03, 20.01, 10.03, 20)]);

  test('the whole circle of the fix must lie inside', () => {
    expect(fenceOf(circle, at(31.23, 121.47))).toBe(1);
    expect(fenceOf(circle, at(31.23, 121.47, 199))).toBe(1);
    expect(fenceOf(circle, at(31.23, 121.47, 201))).toBe(0);
    expect(fenceOf(circle, at(31.23 + 190 / DEGREE, 121.47, 5))).toBe(1);
    expect(fenceOf(circle, at(31.23 + 197 / DEGREE, 121.47, 5))).toBe(0);
    expect(fenceOf(circle, at(31.23 + 203 / DEGREE, 121.47, 5))).toBe(0);
    expect(fenceOf(circle, at(31.23 + 215 / DEGREE, 121.47, 5))).toBe(-1);
    expect(fenceOf(square, at(31.23, 121.47, 900))).toBe(1);
    expect(fenceOf(square, at(31.23, 121.47, 1000))).toBe(0);
    expect(fenceOf(square, at(31.23, 121.481, 5))).toBe(-1);
    expect(fenceOf(square, at(31.23, 121.48001, 5))).toBe(0);
  });

  test('inside is by the even-odd rule', () => {
    expect([at(10.005, 20.015), at(10.02, 20.005), at(10.02, 20.025)].map((fix) => fenceOf(hollow, fix))).toEqual([1, 1, 1]);
    expect([at(10.02, 20.015), at(10.04, 20.015), at(9.99, 20.01), at(10.02, 19.99), at(10.02, 20.04)].map((fix) => fenceOf(hollow, fix))).toEqual([-1, -1, -1, -1, -1]);
  });

  test('the first fence that holds it is told', () => {
    const two = fenceBytes([[...e7(0, 0), 100], [...e7(0.01, 0), 100]]);
    expect([at(0, 0), at(0.01, 0), at(0.005, 0)].map((fix) => fenceOf(two, fix))).toEqual([1, 2, -1]);
  });

  test('a circle lies across the antimeridian; far north nothing is inside', () => {
    const there = fenceBytes([[...e7(-16, 179.9999), 500]]);
    expect(fenceOf(there, at(-16, -179.9999))).toBe(1);
    expect(fenceOf(there, at(-16, -179.9))).toBe(-1);
    expect(fenceOf(fenceBytes([[...e7(85, 0), 1000]]), at(85.0001, 0))).toBe(-1);
    expect(metres(at(0, 179.9), at(0, -179.9))).toBeGreaterThan(22_000);
    expect(metres(at(0, 179.9), at(0, -179.9))).toBeLessThan(22_500);
  });

  test('against the haversine and another way of counting crossings: never inside where they say outside', () => {
    const random = seededRandom(5);
    const rad = (d: number): number => (d * Math.PI) / 180;
    let inside = 0;
    for (let i = 0; i < 4000; i++) {
      const [latitude, longitude] = [random.between(-84, 84), random.between(-179, 179)];
      const radius = 10 + random.below(100_000 - 10);
      const far = radius * random.between(0, 1.2);
      const bearing = random.between(0, 2 * Math.PI);
      // The place so far away on the sphere.
      const d = far / 6_371_000;
      const la = Math.asin(Math.sin(rad(latitude)) * Math.cos(d) + Math.cos(rad(latitude)) * Math.sin(d) * Math.cos(bearing));
      const lo = rad(longitude) + Math.atan2(Math.sin(bearing) * Math.sin(d) * Math.cos(rad(latitude)), Math.cos(d) - Math.sin(rad(latitude)) * Math.sin(la));
      const place = at((la * 180) / Math.PI, ((((lo * 180) / Math.PI + 540) % 360) - 180), 1 + random.below(50));
      const verdict = fenceOf(fenceBytes([[...e7(latitude, longitude), radius]]), place);
      if (verdict === 1) {
        inside++;
        expect(far + place.accuracy).toBeLessThanOrEqual(radius + 1);
      }
      if (verdict === -1 && Math.abs(place.latitude) <= 850_000_000) expect(far).toBeGreaterThan(radius);
      if (far + place.accuracy < radius * 0.98 && Math.abs(place.latitude) <= 850_000_000) expect(verdict).toBe(1);
    }
    expect(inside).toBeGreaterThan(2000);
  });
});

/** A unit with the time, and a way to its records. */
function ready(): Rig {
  const rig = new Rig();
  rig.boot();
  rig.run(500);
  rig.connect();
  rig.setTime();
  return rig;
}

const recordsOf = (rig: Rig): Read[] => verify(rig.device!.log.journal);
const here = { latitude: 312300000, longitude: 1214700000, accuracy: 5 };
const fenced = { fences: fenceBytes([[312300000, 1214700000, 200]]), maxAge: 10, maxAccuracy: 30 };
const kinds = (rig: Rig): number[] => recordsOf(rig).map(({ kind }) => kind);
const last = (rig: Rig, kind: number): Map<number, unknown> => recordsOf(rig).findLast((record) => record.kind === kind)!.data as Map<number, unknown>;

describe('a permit for a place', () => {
  test('no fix, an old one, a bad one, one outside: refused; inside: opened, and the place is recorded', () => {
    const rig = ready();
    expect(rig.load(rig.permit(fenced))).toBe(0);
    rig.run(3000);
    expect(rig.receiving).toBe(true);
    const tries: [typeof rig.fix, number][] = [[undefined, RefusalCode.NO_FIX], [{ ...here, accuracy: 31 }, RefusalCode.NO_FIX], [{ ...here, latitude: here.latitude + 20000 }, RefusalCode.OUTSIDE]];
    for (const [fix, code] of tries) {
      rig.fix = fix;
      rig.run(12_000);
      rig.finger(3);
      expect(last(rig, RecordKind.REFUSED).get(1)).toBe(code);
      rig.run(61_000);
    }
    rig.fix = here;
    rig.run(15_000);
    rig.fix = undefined;
    rig.run(11_000);
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.NO_FIX);
    rig.fix = here;
    rig.run(3000);
    rig.finger(3);
    expect(rig.status()).toMatchObject({ state: UseState.OPEN, latitude: here.latitude, longitude: here.longitude, accuracyM: 5 });
    expect(Object.fromEntries(last(rig, RecordKind.PLACE))).toMatchObject({ 2: here.latitude, 3: here.longitude, 4: 5, 6: 1 });
    rig.page();
    expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
    rig.run(3000);
    expect(kinds(rig).filter((kind) => kind === RecordKind.PLACE)).toHaveLength(1);
  });

  test('south and west of zero are recorded as such, and read back at the next start', () => {
    const rig = ready();
    rig.fix = { latitude: -339000000, longitude: -702500000, accuracy: 4 };
    expect(rig.load(rig.permit({ maxAge: 60, maxAccuracy: 20 }))).toBe(0);
    rig.run(5000);
    rig.finger(3);
    expect(Object.fromEntries(last(rig, RecordKind.PLACE))).toMatchObject({ 2: -339000000, 3: -702500000, 6: 0 });
    const status = rig.status()!;
    expect([status.latitude | 0, status.longitude | 0]).toEqual([-339000000, -702500000]);
    rig.boot();
    rig.run(1000);
    rig.connect();
    expect(rig.device!.state.open).toBe('');
    expect(last(rig, RecordKind.CLOSED).get(2)).toBe(Close.RESTART);
  });

  test('moved by 30 m before the stroke: the new place is recorded before the intent', () => {
    const rig = ready();
    rig.fix = here;
    rig.load(rig.permit(fenced));
    rig.run(5000);
    rig.finger(3);
    rig.fix = { ...here, latitude: here.latitude + 2700 };
    rig.run(3000);
    rig.page();
    rig.until(() => rig.strokes.length === 1);
    const order = kinds(rig).filter((kind) => kind === RecordKind.PLACE || kind === RecordKind.INTENT);
    expect(order).toEqual([RecordKind.PLACE, RecordKind.PLACE, RecordKind.INTENT]);
  });

  test('left while it is open: alarm; lost: the stroke is refused', () => {
    const rig = ready();
    rig.fix = here;
    rig.load(rig.permit(fenced));
    rig.load(rig.permit(fenced));
    rig.run(5000);
    rig.finger(3);
    rig.fix = undefined;
    rig.run(11_000);
    rig.page();
    rig.run(1000);
    expect([rig.strokes.length, last(rig, RecordKind.REFUSED).get(1), last(rig, RecordKind.CLOSED).get(2)]).toEqual([0, RefusalCode.NO_FIX, Close.REFUSED]);
    rig.hand(() => { rig.paper = false; });
    rig.fix = here;
    rig.run(3000);
    rig.finger(3);
    rig.fix = { ...here, latitude: here.latitude + 24000 };
    rig.run(15_000);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.FENCE);
  });

  test('a place that jumps is not believed for ten seconds', () => {
    const rig = ready();
    rig.fix = { ...here, latitude: here.latitude + 5_000_000 };
    rig.load(rig.permit(fenced));
    rig.run(5000);
    rig.fix = here;
    rig.run(5000);
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.NO_FIX);
    rig.run(7000);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
  });

  test('nobody asks for a place: the receiver rests', () => {
    const rig = ready();
    rig.load(rig.permit());
    rig.run(5000);
    expect(rig.receiving).toBe(false);
    rig.load(rig.permit(fenced));
    rig.run(3000);
    expect(rig.receiving).toBe(true);
  });
});

describe('movement', () => {
  function opened(change: object): Rig {
    const rig = ready();
    expect(rig.load(rig.permit({ policy: 1, ...change }))).toBe(0);
    rig.run(3000);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    return rig;
  }

  test('while the photo is taken, or behind it: photographed again; then it stamps', () => {
    const rig = opened({ policy: 3 });
    rig.page();
    rig.moves = Moves.MOVED;
    expect(rig.until(() => rig.device!.use.phase === 5, 5000)).toBe(true);
    const photos = (): number => kinds(rig).filter((kind) => kind === RecordKind.PHOTO).length;
    expect(photos()).toBe(1);
    rig.moves = Moves.MOVED;
    rig.run(2500);
    expect([photos(), rig.device!.use.phase]).toEqual([2, 5]);
  });

  test('moved without end: refused, and the use is over', () => {
    const rig = opened({});
    rig.page();
    for (let i = 0; i < 40; i++) {
      rig.moves = Moves.MOVED;
      rig.run(100);
    }
    expect([rig.strokes.length, last(rig, RecordKind.REFUSED).get(1), last(rig, RecordKind.CLOSED).get(2)]).toEqual([0, RefusalCode.MOVED, Close.REFUSED]);
  });

  test('a permit that asks for stillness ends with the first move behind the photo, and is refused where the sensor is silent', () => {
    const rig = opened({ policy: 11 });
    rig.page();
    rig.until(() => rig.device!.use.phase === 5, 5000);
    rig.moves = Moves.MOVED;
    rig.run(500);
    expect([last(rig, RecordKind.REFUSED).get(1), last(rig, RecordKind.CLOSED).get(2)]).toEqual([RefusalCode.MOVED, Close.REFUSED]);
    rig.stands = Moves.FAULT;
    rig.run(3000);
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.HARDWARE);
  });

  test('not upright: no stroke; tilted during one: alarm', () => {
    const rig = opened({ policy: 0 });
    rig.stands = Moves.TILTED;
    rig.page();
    rig.run(500);
    expect(rig.strokes).toHaveLength(0);
    rig.stands = 0;
    expect(rig.until(() => rig.device!.use.phase === 11, 3000)).toBe(true);
    rig.stands = Moves.TILTED;
    rig.run(700);
    expect(rig.device!.state.alarmBits() & (1 << Alarm.TILT)).not.toBe(0);
  });

  test('carried leaning over: no stroke, whatever the shaken sensor says at a look', () => {
    const rig = opened({ policy: 0 });
    let looks = 0;
    Object.defineProperty(rig, 'moves', { get: () => Moves.MOVED, set: () => undefined, configurable: true });
    Object.defineProperty(rig, 'stands', { get: () => (looks++ % 2 === 0 ? Moves.TILTED : 0), configurable: true });
    rig.run(1000);
    rig.page();
    rig.run(6000);
    expect(rig.strokes).toHaveLength(0);
    expect(rig.permitState(1)).toMatchObject({ used: 0 });
  });

  test('a fall: alarm at any time', () => {
    const rig = ready();
    rig.moves = Moves.FELL;
    rig.run(3000);
    expect(rig.status()).toMatchObject({ state: UseState.ALARMED, alarms: 1 << Alarm.DROP });
  });

  test('stillness and grants without photos, and policies nobody knows, are refused', () => {
    const rig = ready();
    for (const policy of [2, 8, 12, 14, 16, 4294967295]) expect([policy, rig.load(rig.permit({ policy }))]).toEqual([policy, RefusalCode.UNSUPPORTED]);
  });
});

describe('the dock', () => {
  function docked(): Rig {
    const rig = ready();
    rig.usb = true;
    rig.load(rig.permit({ policy: 4, count: 9 }));
    rig.run(3000);
    return rig;
  }

  test('without USB power, or carried since it came: refused', () => {
    const rig = docked();
    rig.usb = false;
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.NOT_DOCKED);
    rig.usb = true;
    rig.run(3000);
    for (let i = 0; i < 100; i++) {
      rig.moves = Moves.MOVED;
      rig.run(100);
    }
    rig.run(61_000);
    rig.finger(3);
    expect(kinds(rig)).not.toContain(RecordKind.OPENED);
    rig.usb = false;
    rig.run(3000);
    rig.usb = true;
    rig.run(3000);
    expect(rig.status()!.motion & 4).toBe(4);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
  });

  test('the cable goes during a use: it is over; carried on a power bank: alarm', () => {
    const rig = docked();
    rig.finger(3);
    rig.usb = false;
    rig.run(1500);
    expect([last(rig, RecordKind.REFUSED).get(1), last(rig, RecordKind.CLOSED).get(2)]).toEqual([RefusalCode.NOT_DOCKED, Close.REFUSED]);
    rig.usb = true;
    rig.run(3000);
    rig.finger(3);
    for (let i = 0; i < 100; i++) {
      rig.moves = Moves.MOVED;
      rig.run(100);
    }
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.MOVED);
  });
});
