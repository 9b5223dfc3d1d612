import { Grade } from '../../protocol/evidence';
import { Stroke, Why, type StrokeResult } from '../../firmware/core/parts';
import { createSwitches, Input } from '../../firmware/drivers/expander';
import { createStamper } from '../../firmware/drivers/stamper';
import { FakeBoard, FakeExpander } from './fake-board';

/** Carrier driven at 0.025 mm/ms: home opens at 0.3 mm, contact closes at 20.4 mm, end stop at 21.2 mm. */
class Carrier {
  mm = 0;
  last = 0;
  jam = Infinity;
  jamHome = -1;
  speed = 0.025;
  contactWorks = true;
  contactStuck = false;
  homeStuck: boolean | undefined;
  constructor(readonly fake: FakeBoard, readonly expander: FakeExpander) {
    const read = fake.i2cReading;
    fake.i2cReading = (register, length) => {
      this.move();
      return read(register, length);
    };
    fake.onMotor = () => this.move();
    this.duty = 0;
  }
  private duty: number;
  move(): void {
    const way = this.duty * this.speed * (this.fake.now - this.last);
    this.last = this.fake.now;
    this.mm = Math.max(this.jamHome >= 0 ? Math.min(this.jamHome, this.mm) : 0, Math.min(21.2, this.jam, this.mm + way));
    this.duty = this.fake.duty;
    const stalled = (this.duty > 0 && this.mm >= Math.min(21.2, this.jam)) || (this.duty < 0 && this.mm <= Math.max(0, this.jamHome));
    const pressing = this.mm > 20 ? (this.stiffness * 1320 * (this.mm - 20)) / 1.2 : 0;
    this.fake.current = this.duty === 0 ? 0 : stalled ? 1500 * Math.abs(this.duty) : (180 + (this.duty > 0 ? pressing : 0)) * Math.abs(this.duty);
    const home = this.homeStuck ?? this.mm <= 0.3;
    if (this.chatters !== undefined && this.fake.now >= this.chatters) this.open = !this.open;
    const contact = this.contactStuck || (this.contactWorks && !this.open && this.mm >= 20.4);
    this.expander.closed = (home ? Input.HOME : 0) | (contact ? Input.CONTACT : 0);
    if (contact && this.sticks) this.contactStuck = true;
  }
  sticks = false;
  /** Of the pad under the die. */
  stiffness = 1;
  /** From then on every other reading finds the contact open. */
  chatters: number | undefined;
  private open = false;
}

function bench() {
  const fake = new FakeBoard();
  const expander = new FakeExpander(fake);
  const carrier = new Carrier(fake, expander);
  const board = fake.board();
  const stamper = createStamper(board, createSwitches(board));
  const results: StrokeResult[] = [];
  return { fake, expander, carrier, stamper, results, press: (dwell = 300, duty = 100) => stamper.press(dwell, duty, (result) => results.push(result)) };
}

function stroke(prepare: (b: ReturnType<typeof bench>) => void, ms = 12_000, dwell = 300, duty = 100) {
  const b = bench();
  prepare(b);
  b.press(dwell, duty);
  b.fake.run(ms);
  expect(b.results).toHaveLength(1);
  expect(b.fake.duty).toBe(0);
  expect(b.results[0]!.trace.length).toBeLessThanOrEqual(64);
  return { ...b, result: b.results[0]! };
}

describe('stamper', () => {
  it('presses until contact, dwells braked, comes home, and says so with its trace', () => {
    const { result, carrier, fake } = stroke(() => undefined);
    expect([result.result, result.why]).toEqual([Stroke.STAMPED, Why.FINE]);
    expect(carrier.mm).toBeLessThan(0.31);
    expect(fake.log.map(([, what]) => what)).toEqual(['motor 0', 'motor 1', 'motor 0', 'motor -1', 'motor 0']);
    const trace = Buffer.from(result.trace, 'latin1');
    expect(trace[0]).toBe(1);
    expect(trace[1]).toBe(Why.FINE);
    expect(trace.readUInt16BE(2)).toBeGreaterThan(800);
    expect(trace.readUInt16BE(2)).toBeLessThan(850);
    expect(trace.readUInt16BE(4)).toBeGreaterThan(1900);
    expect(trace.readUInt16BE(8)).toBeLessThan(40);
    expect(trace.length).toBe(11 + 3 * trace[10]!);
  });

  it('stays on the paper as long as the die wants, and drives it from half-way on no harder', () => {
    const { result, fake } = stroke(() => undefined, 12_000, 1500, 40);
    expect(result).toMatchObject({ result: Stroke.STAMPED, why: Why.FINE, grade: Grade.GOOD });
    expect(fake.log.map(([, what]) => what)).toEqual(['motor 0', 'motor 1', 'motor 0.4', 'motor 0', 'motor -1', 'motor 0']);
    const [reach, touch, home] = [2, 3, 4].map((i) => fake.log[i]![0]) as [number, number, number];
    expect(reach).toBeGreaterThanOrEqual(400);
    expect(touch - reach).toBeGreaterThan(1000);
    expect(home - touch).toBeGreaterThanOrEqual(1500);
    expect(home - touch).toBeLessThan(1530);
    expect(stroke(() => undefined, 12_000, 50, 100).result).toMatchObject({ result: Stroke.STAMPED, grade: Grade.GOOD });
  });

  it('however little it is driven, a jam is a stall, and a way without end has one within its time', () => {
    expect(stroke((b) => (b.carrier.jam = 15), 12_000, 300, 30).result).toMatchObject({ result: Stroke.UNKNOWN, why: Why.STALL, grade: 0 });
    const slow = stroke((b) => (b.carrier.speed = 0.01), 11_500, 2000, 30);
    expect(slow.result).toMatchObject({ result: Stroke.UNKNOWN, why: Why.NO_CONTACT });
  });

  it('grades a stroke: light where the contact opens while it should hold, or is not held to the end; heavy where the pad pushes back too hard', () => {
    const touched = bench();
    touched.press();
    touched.fake.run(9000);
    const contactAt = Buffer.from(touched.results[0]!.trace, 'latin1').readUInt16BE(2);
    expect(touched.results[0]!.grade).toBe(Grade.GOOD);
    expect(stroke((b) => (b.carrier.chatters = contactAt + 100)).result).toMatchObject({ result: Stroke.STAMPED, why: Why.FINE, grade: Grade.LIGHT });
    expect(stroke((b) => (b.carrier.stiffness = 2.5)).result).toMatchObject({ result: Stroke.STAMPED, why: Why.FINE, grade: Grade.HEAVY });
    const stopped = bench();
    stopped.press();
    stopped.fake.run(contactAt + 100);
    stopped.stamper.stop();
    expect(stopped.results[0]).toMatchObject({ result: Stroke.STAMPED, why: Why.STOPPED, grade: Grade.LIGHT });
  });

  it('does not start with the contact closed, not at home, or with silent switches', () => {
    expect(stroke((b) => (b.carrier.contactStuck = true)).result).toMatchObject({ result: Stroke.FAILED, why: Why.CONTACT_BEFORE });
    expect(stroke((b) => (b.carrier.mm = 5)).result).toMatchObject({ result: Stroke.FAILED, why: Why.NOT_HOME });
    const silent = stroke((b) => (b.expander.silent = true));
    expect(silent.result).toMatchObject({ result: Stroke.FAILED, why: Why.SILENT });
    expect(silent.fake.log).toEqual([[0, 'motor 0']]);
  });

  it('gives the use back where the carrier provably did not reach the paper', () => {
    expect(stroke((b) => (b.carrier.jam = 0)).result).toMatchObject({ result: Stroke.FAILED, why: Why.STALL });
    const bolted = stroke((b) => (b.carrier.jam = 1));
    expect(bolted.result).toMatchObject({ result: Stroke.FAILED, why: Why.STALL });
    expect(bolted.carrier.mm).toBeLessThan(0.31);
    expect(stroke((b) => (b.carrier.speed = 0)).result).toMatchObject({ result: Stroke.FAILED, why: Why.NO_MOTION });
  });

  it('is in doubt after a stall far out, or a whole travel without contact', () => {
    expect(stroke((b) => (b.carrier.jam = 15)).result).toMatchObject({ result: Stroke.UNKNOWN, why: Why.STALL });
    expect(stroke((b) => (b.carrier.contactWorks = false)).result).toMatchObject({ result: Stroke.UNKNOWN, why: Why.STALL });
    const slow = stroke((b) => (b.carrier.speed = 0.006));
    expect(slow.result).toMatchObject({ result: Stroke.UNKNOWN, why: Why.NO_CONTACT });
  });

  it('keeps a proven stroke when the contact sticks or the way home fails', () => {
    expect(stroke((b) => (b.carrier.sticks = true)).result).toMatchObject({ result: Stroke.STAMPED, why: Why.CONTACT_STUCK });
    const jammed = stroke((b) => (b.carrier.jamHome = 10));
    expect(jammed.result).toMatchObject({ result: Stroke.STAMPED, why: Why.NOT_HOME });
  });

  it('does not take a spike on the contact line for a touch', () => {
    const b = bench();
    b.press();
    b.fake.run(500);
    b.carrier.contactStuck = true;
    b.fake.run(9);
    b.fake.run(1);
    b.carrier.contactStuck = false;
    b.fake.run(9000);
    expect(b.results[0]).toMatchObject({ result: Stroke.STAMPED, why: Why.FINE });
    expect(Buffer.from(b.results[0]!.trace, 'latin1').readUInt16BE(2)).toBeGreaterThan(800);
  });

  it('comes home when the switches fall silent, and stops the motor whatever happens', () => {
    const early = bench();
    early.press();
    early.fake.run(100);
    early.expander.silent = true;
    early.fake.run(9000);
    expect(early.results[0]).toMatchObject({ why: Why.SILENT });
    expect(early.fake.duty).toBe(0);
    const late = bench();
    late.press();
    late.fake.run(500);
    late.expander.silent = true;
    late.fake.run(9000);
    expect(late.results[0]).toMatchObject({ result: Stroke.UNKNOWN, why: Why.SILENT });
  });

  it('stops at once, with what was proven so far', () => {
    const before = bench();
    before.press();
    before.fake.run(200);
    before.stamper.stop();
    expect(before.fake.duty).toBe(0);
    expect(before.results[0]).toMatchObject({ result: Stroke.FAILED, why: Why.STOPPED });
    const after = bench();
    after.press();
    after.fake.run(900);
    after.stamper.stop();
    expect(after.results[0]).toMatchObject({ result: Stroke.STAMPED, why: Why.STOPPED });
    const between = bench();
    between.press();
    between.fake.run(600);
    between.stamper.stop();
    between.fake.run(9000);
    expect(between.results).toHaveLength(1);
    expect(between.results[0]).toMatchObject({ result: Stroke.UNKNOWN, why: Why.STOPPED });
    between.stamper.stop();
    expect(between.results).toHaveLength(1);
  });

  it('takes one stroke at a time', () => {
    const b = bench();
    b.press();
    b.press();
    expect(b.results).toMatchObject([{ result: Stroke.FAILED, why: Why.STOPPED }]);
    b.fake.run(9000);
    expect(b.results[1]).toMatchObject({ result: Stroke.STAMPED });
  });

  it('makes the motor safe when a reading throws, and ends the stroke in doubt', () => {
    const b = bench();
    b.press();
    b.fake.run(100);
    b.fake.i2cReading = () => {
      throw new Error('bus');
    };
    expect(() => b.fake.run(20)).toThrow('bus');
    expect(b.fake.duty).toBe(0);
    expect(b.results[0]).toMatchObject({ result: Stroke.UNKNOWN, why: Why.STOPPED });
  });

  it('parks: at home without moving, else until home; gives up on a jam', () => {
    const b = bench();
    const ends: boolean[] = [];
    b.carrier.move();
    b.stamper.park((ok) => ends.push(ok));
    expect([ends, b.fake.log]).toEqual([[true], [[0, 'motor 0']]]);
    b.carrier.mm = 12;
    b.stamper.park((ok) => ends.push(ok));
    b.fake.run(2000);
    expect([ends, b.stamper.home(), b.fake.duty]).toEqual([[true, true], true, 0]);
    b.carrier.mm = 12;
    b.carrier.jamHome = 5;
    b.stamper.park((ok) => ends.push(ok));
    b.fake.run(5000);
    expect([ends[2], b.fake.duty]).toEqual([false, 0]);
  });

  it('is not alive when a movement is no longer looked at', () => {
    const b = bench();
    b.press();
    expect(b.stamper.alive()).toBe(true);
    b.fake.timers = [];
    b.fake.run(1500);
    expect(b.stamper.alive()).toBe(false);
  });

  it('is jogged at half force for no longer than half a second, and comes home by itself', () => {
    const b = bench();
    const duties: number[] = [];
    const moved = b.fake.onMotor;
    b.fake.onMotor = (duty) => { moved?.(duty); duties.push(duty); };
    let far = 0;
    b.stamper.jog(1, 5000, (result) => b.results.push(result));
    for (let ms = 0; ms < 9000; ms += 10) {
      b.fake.run(10);
      far = Math.max(far, b.carrier.mm);
    }
    expect(b.results).toHaveLength(1);
    expect(b.results[0]!.why).toBe(Why.FINE);
    expect(Math.max(...duties)).toBe(0.5);
    expect(far).toBeGreaterThan(5);
    expect(far).toBeLessThan(6.8);
    expect(b.carrier.mm).toBeLessThan(0.31);
    expect(b.stamper.alive()).toBe(true);
  });

  it('a jog ends at contact, at home, at a stall and with silent switches; never two at once', () => {
    const jog = (way: number, prepare: (b: ReturnType<typeof bench>) => void) => {
      const b = bench();
      prepare(b);
      b.stamper.jog(way, 500, (result) => b.results.push(result));
      b.stamper.jog(way, 500, (result) => b.results.push(result));
      b.fake.run(9000);
      expect(b.results).toHaveLength(2);
      expect(b.results[0]!.why).toBe(Why.STOPPED);
      expect(b.fake.duty).toBe(0);
      return b.results[1]!.why;
    };
    expect(jog(1, (b) => (b.carrier.mm = 20))).toBe(Why.FINE);
    expect(jog(-1, (b) => (b.carrier.mm = 3))).toBe(Why.FINE);
    expect(jog(-1, () => undefined)).toBe(Why.FINE);
    expect(jog(1, (b) => (b.carrier.jam = 2))).toBe(Why.STALL);
    expect(jog(-1, (b) => { b.carrier.mm = 8; b.carrier.jamHome = 7; })).toBe(Why.STALL);
    expect(jog(1, (b) => (b.expander.silent = true))).toBe(Why.SILENT);
  });

  it('a jog that is stopped tells so at once', () => {
    const b = bench();
    b.stamper.jog(1, 500, (result) => b.results.push(result));
    b.fake.run(100);
    b.stamper.stop();
    expect(b.results[0]).toMatchObject({ result: Stroke.UNKNOWN, why: Why.STOPPED });
    expect(b.fake.duty).toBe(0);
  });
});
