/**
 * LIS2DH12 accelerometer at the level of its registers (ST DocID025056 rev 6, section 8; application note AN5005). I2C address
 * 0x19 with SA0 high. Samples are computed when somebody reads: nothing ticks.
 *
 * Fault model
 * - Silent: does not acknowledge. Stuck: answers, but its samples and sources stand still. Babbling: random registers.
 * - Replaced, or a brown-out: every register is back at its reset value (reset()): the generators are off.
 * - Must be survived: all of these. A permit that asks for dock or stillness is refused meanwhile.
 * - Not modelled: self-test, temperature, interrupt pins, generator positions (6D), bandwidth and settling of the high-pass filter
 *   (what is filtered is the sample without gravity), click detection (its registers only keep what is written), the vibration
 *   of the unit's own motor.
 */
import type { Whereabouts } from '../unit/whereabouts';
import type { Random, World } from '../world/world';

export type AccelerometerFault = 'none' | 'silent' | 'stuck' | 'babbling';

const REG = {
  WHO_AM_I: 0x0f, CTRL0: 0x1e, CTRL1: 0x20, CTRL2: 0x21, CTRL4: 0x23, CTRL5: 0x24, STATUS: 0x27, OUT: 0x28, FIFO_CTRL: 0x2e, FIFO_SRC: 0x2f,
  INT1_CFG: 0x30, INT1_SRC: 0x31, INT2_CFG: 0x34, INT2_SRC: 0x35,
} as const;
/** Samples a second for ODR 0..9 (table 31; 8 and 9 in low-power mode). */
const RATES = [0, 1, 10, 25, 50, 100, 200, 400, 1620, 1344];
/** Written to no effect. */
const READ_ONLY = new Set<number>([0x07, 0x0c, 0x0d, REG.WHO_AM_I, REG.STATUS, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, REG.FIFO_SRC, REG.INT1_SRC, REG.INT2_SRC, 0x39]);
const FIFO_DEPTH = 32;
/** A look back over more samples than these tells nothing new. */
const LOOK_BACK_MS = 30_000;
/** How a hand shakes, Hz. */
const SHAKE_HZ = [6.1, 4.3, 7.7];
const NOISE_MG = 6;

type Vector = [number, number, number];

export class Accelerometer {
  readonly address = 0x19;
  fault: AccelerometerFault = 'none';

  private readonly registers = new Uint8Array(64);
  private pointer = 0;
  private counts = false;
  private powered = false;
  /** The time up to which the generators have seen everything; samples read last; where the FIFO begins. */
  private seen = 0;
  private readAt = -1;
  private fifoFrom = 0;
  private readonly held: [number, number] = [0, 0];

  constructor(private readonly world: World, private readonly random: Random, private readonly where: Whereabouts) {}

  power(on: boolean): void {
    this.powered = on;
    if (on) this.reset();
  }

  /** Another chip of the same type, or a brown-out: reset values (table 20). */
  reset(): void {
    this.registers.fill(0);
    this.registers[REG.WHO_AM_I] = 0x33;
    this.registers[REG.CTRL0] = 0x10;
    this.registers[REG.CTRL1] = 0x07;
    this.held[0] = 0;
    this.held[1] = 0;
    this.seen = this.world.now;
    this.readAt = -1;
  }

  write(bytes: Uint8Array): boolean {
    if (this.fault === 'silent' || !this.powered) return false;
    if (bytes.length === 0) return true;
    this.counts = (bytes[0]! & 0x80) !== 0;
    this.pointer = bytes[0]! & 0x7f;
    for (let i = 1; i < bytes.length; i++) {
      this.catchUp();
      if (this.pointer < 64 && !READ_ONLY.has(this.pointer)) this.registers[this.pointer] = bytes[i]!;
      if (this.pointer === REG.FIFO_CTRL || this.pointer === REG.CTRL5) this.fifoFrom = this.index() + 1;
      // Samples before the settings do not count.
      this.seen = this.world.now;
      this.advance();
    }
    return true;
  }

  read(length: number): Uint8Array | undefined {
    if (this.fault === 'silent' || !this.powered) return undefined;
    if (this.fault === 'babbling') return this.random.bytes(length);
    this.catchUp();
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      out[i] = this.register(this.pointer);
      this.advance();
    }
    return out;
  }

  private get fifo(): boolean {
    return (this.registers[REG.CTRL5]! & 0x40) !== 0 && this.registers[REG.FIFO_CTRL]! >> 6 !== 0;
  }

  /** Address after a byte: it stays where the register's upper bit was not set, and turns back at the end of the sample while the FIFO is on. */
  private advance(): void {
    if (!this.counts) return;
    this.pointer = this.fifo && this.pointer === 0x2d ? REG.OUT : (this.pointer + 1) & 0x3f;
  }

  private register(at: number): number {
    switch (at) {
      case REG.STATUS:
        return this.index() > this.readAt && this.index() >= 0 ? 0x0f : 0x00;
      case REG.FIFO_SRC:
        return this.fifoSource();
      case REG.INT1_SRC:
      case REG.INT2_SRC: {
        const which = at === REG.INT1_SRC ? 0 : 1;
        const value = this.held[which];
        this.held[which] = 0;
        return value;
      }
      default:
        if (at >= REG.OUT && at < REG.OUT + 6) return this.sampleByte(at - REG.OUT);
        return at < 64 ? this.registers[at]! : 0;
    }
  }

  /** Number of the sample taken last; -1: it does not measure. */
  private index(at = this.fault === 'stuck' ? this.seen : this.world.now): number {
    const rate = RATES[this.registers[REG.CTRL1]! >> 4] ?? 0;
    return rate === 0 ? -1 : Math.floor((at * rate) / 1000);
  }

  private sampleByte(byte: number): number {
    const latest = this.index();
    let index = latest;
    if (this.fifo && latest >= 0) {
      this.fifoFrom = Math.max(this.fifoFrom, this.streaming ? latest - FIFO_DEPTH + 1 : 0);
      index = Math.min(this.fifoFrom, latest);
      if (byte === 5 && this.fifoFrom <= latest) this.fifoFrom++;
    }
    if (byte === 5) this.readAt = latest;
    if (index < 0) return 0;
    const value = this.raw(this.at(this.time(index))[byte >> 1]!);
    return byte % 2 === 0 ? value & 255 : (value >> 8) & 255;
  }

  private get streaming(): boolean {
    return this.registers[REG.FIFO_CTRL]! >> 6 === 2;
  }

  /** WTM OVRN EMPTY FSS (section 8.20). */
  private fifoSource(): number {
    if (!this.fifo) return 0x20;
    const level = Math.max(0, Math.min(FIFO_DEPTH, this.index() - this.fifoFrom + 1));
    const mark = level > (this.registers[REG.FIFO_CTRL]! & 31) ? 0x80 : 0;
    return mark | (level === FIFO_DEPTH ? 0x40 : 0) | (level === 0 ? 0x20 : 0) | Math.min(31, level);
  }

  private time(index: number): number {
    return (index * 1000) / RATES[this.registers[REG.CTRL1]! >> 4]!;
  }

  /** Full scale in mg, ±2, 4, 8 or 16 g. */
  private get scale(): number {
    return 2000 << ((this.registers[REG.CTRL4]! >> 4) & 3);
  }

  /** Two's complement, left-justified: 10 bits, 12 in high resolution (CTRL4.HR), 8 in low power (CTRL1.LPen). */
  private raw(mg: number): number {
    const bits = this.registers[REG.CTRL4]! & 8 ? 12 : this.registers[REG.CTRL1]! & 8 ? 8 : 10;
    const step = 1 << (16 - bits);
    const value = Math.round((mg / this.scale) * 32768 / step) * step;
    return Math.max(-32768, Math.min(32768 - step, value)) & 0xffff;
  }

  /** Acceleration at a moment, mg, and the part of it that is not gravity. */
  private at(ms: number, filtered = false): Vector {
    const lean = (this.where.tilt(ms) * Math.PI) / 180;
    let still: Vector = [1000 * Math.sin(lean), 0, 1000 * Math.cos(lean)];
    const extra: Vector = [0, 0, 0];
    const spells = this.where.within(ms, ms);
    // What falls nobody shakes; filtered, what is gone of gravity is a movement like any other.
    if (spells.some(({ kind }) => kind === 'fall')) {
      if (filtered) still.forEach((one, axis) => (extra[axis] = -one));
      still = [0, 0, 0];
    } else {
      for (const spell of spells) SHAKE_HZ.forEach((hz, axis) => (extra[axis]! += spell.mg * Math.sin((2 * Math.PI * hz * ms) / 1000)));
    }
    return [0, 1, 2].map((axis) => (filtered ? 0 : still[axis]!) + extra[axis]! + grain(ms, axis)) as Vector;
  }

  /** Lets both generators see every sample since they last did. */
  private catchUp(): void {
    if (this.fault === 'stuck') return;
    const now = this.world.now;
    const from = Math.max(this.seen, now - LOOK_BACK_MS);
    this.seen = now;
    const rate = RATES[this.registers[REG.CTRL1]! >> 4] ?? 0;
    if (rate === 0) return;
    for (const which of [0, 1] as const) this.generate(which, from, now, 1000 / rate);
  }

  private generate(which: 0 | 1, from: number, now: number, period: number): void {
    const base = which === 0 ? REG.INT1_CFG : REG.INT2_CFG;
    const config = this.registers[base]!;
    const latched = (this.registers[REG.CTRL5]! & (which === 0 ? 0x08 : 0x02)) !== 0;
    if (!latched) this.held[which] = 0;
    if ((config & 0x3f) === 0) return;
    const threshold = (this.registers[base + 2]! & 0x7f) * (this.scale / 2000) * 16;
    const needed = Math.max(1, this.registers[base + 3]! & 0x7f);
    const filtered = (this.registers[REG.CTRL2]! & (which === 0 ? 0x01 : 0x02)) !== 0;
    // Not latched it tells of the present alone.
    for (const [begin, end] of latched ? this.stretches(from, now, period * needed, filtered) : [[now - period * needed, now] as const]) {
      let run = 0;
      for (let index = Math.ceil(begin / period); index * period <= end; index++) {
        const bits = this.events(config, threshold, this.at(index * period, filtered));
        run = bits === 0 ? 0 : run + 1;
        if (run >= needed && index * period > from) this.held[which] = 0x40 | bits;
      }
    }
  }

  /** Times to look at: around everything that moves the unit, and the present, where nothing does. */
  private stretches(from: number, now: number, before: number, filtered: boolean): [number, number][] {
    const moved = this.where.within(from - before, now).map((spell): [number, number] => [Math.max(spell.from, from - before), Math.min(spell.to, now)]);
    return filtered ? moved : [...moved, [now - before, now]];
  }

  /** Which axes are over (or under) the threshold, as in INTx_SRC; 0: the generator's condition does not hold. */
  private events(config: number, threshold: number, sample: Vector): number {
    let bits = 0;
    sample.forEach((mg, axis) => (bits |= (Math.abs(mg) > threshold ? 2 : 1) << (2 * axis)));
    const asked = config & 0x3f;
    const found = bits & asked;
    return (config & 0x80) !== 0 ? (found === asked ? found : 0) : found;
  }
}

/** Noise of a sample: always the same for the same moment, so that looking more often changes nothing. */
function grain(ms: number, axis: number): number {
  const mixed = Math.imul(Math.floor(ms * 8) ^ (axis * 0x9e3779b9), 0x85ebca6b);
  return ((((mixed ^ (mixed >>> 13)) >>> 0) / 4294967296) * 2 - 1) * NOISE_MG;
}
