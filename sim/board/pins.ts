/** Pin objects and pin functions of the interpreter on the XIAO nRF52840 (boards/XIAOBLE.py of espruino/Espruino). */
import type { Hardware, PinState } from './hardware';
import type { Processor } from './processor';

/** Pins whose level is inverted by the interpreter ("NEGATED" in the board file). */
const NEGATED = new Set(['D11', 'D12', 'D13', 'D14', 'D23']);
const PIN_COUNT = 33;
/** What analogRead() calls 1, volts. */
export const ADC_FULL_VOLTS = 3.3;

/** Cost of one call, ms: about what espruino.md section 2 measures for a native call. */
const CALL_MS = 0.05;

export class Pin {
  readonly name: string;
  private readonly bank: Pins;

  constructor(name: string, bank: Pins) {
    this.name = name;
    this.bank = bank;
  }
  toString(): string {
    return this.name;
  }
  read(): boolean {
    return this.bank.read(this) === 1;
  }
  write(value: unknown): void {
    this.bank.write(this, value);
  }
  set(): void {
    this.bank.write(this, 1);
  }
  reset(): void {
    this.bank.write(this, 0);
  }
  toggle(): boolean {
    const value = this.bank.read(this) === 0;
    this.bank.write(this, value);
    return value;
  }
  mode(mode: string): void {
    this.bank.mode(this, mode);
  }
  getMode(): string {
    return this.bank.getMode(this);
  }
  analog(): number {
    return this.bank.analogRead(this);
  }
  pwm(value: number, options?: { freq?: number }): void {
    this.bank.analogWrite(this, value, options);
  }
}

interface Held extends PinState {
  mode: string;
}

export class Pins {
  readonly all: Record<string, Pin> = {};
  private readonly processor: Processor;
  private readonly hardware: Hardware;
  private readonly held = new Map<string, Held>();

  constructor(processor: Processor, hardware: Hardware) {
    this.processor = processor;
    this.hardware = hardware;
    for (let i = 0; i < PIN_COUNT; i++) this.all[`D${i}`] = new Pin(`D${i}`, this);
  }

  /** After reset: every pin an input. */
  release(): void {
    for (const [name, held] of this.held) {
      if (held.driven) this.hardware.pinChanged(name, { driven: false, level: false, duty: 0 });
    }
    this.held.clear();
  }

  write(pin: unknown, value: unknown): void {
    this.processor.check();
    this.processor.spend(CALL_MS);
    if (Array.isArray(pin)) {
      // The last pin takes the lowest bit.
      for (let i = 0; i < pin.length; i++) this.drive(this.name(pin[i]), (Number(value) >> (pin.length - 1 - i)) & 1);
      return;
    }
    this.drive(this.name(pin), value ? 1 : 0);
  }

  read(pin: unknown): number {
    this.processor.check();
    this.processor.spend(CALL_MS);
    if (Array.isArray(pin)) return pin.reduce((sum: number, one) => sum * 2 + this.read(one), 0);
    const name = this.name(pin);
    const held = this.held.get(name);
    if (held?.driven !== true && held?.mode === undefined) this.mode(pin, 'input');
    const level = held?.driven === true ? held.level : this.hardware.pinRead(name);
    return level !== NEGATED.has(name) ? 1 : 0;
  }

  mode(pin: unknown, mode: unknown): void {
    this.processor.check();
    const name = this.name(pin);
    const driven = mode === 'output' || mode === 'opendrain' || mode === 'af_output';
    const before = this.held.get(name);
    this.held.set(name, { mode: String(mode ?? 'auto'), driven, level: before?.level ?? false, duty: driven ? (before?.duty ?? 0) : 0 });
    if (driven || before?.driven === true) this.changed(name);
  }

  getMode(pin: unknown): string {
    return this.held.get(this.name(pin))?.mode ?? 'analog';
  }

  analogRead(pin: unknown): number {
    this.processor.check();
    this.processor.spend(CALL_MS * 2);
    const share = this.hardware.volts(this.name(pin)) / ADC_FULL_VOLTS;
    return Math.min(1, Math.max(0, Math.round(share * 16384) / 16384));
  }

  analogWrite(pin: unknown, value: unknown, _options?: unknown): void {
    this.processor.check();
    this.processor.spend(CALL_MS);
    const name = this.name(pin);
    const share = Math.min(1, Math.max(0, Number(value)));
    const duty = NEGATED.has(name) ? 1 - share : share;
    this.held.set(name, { mode: 'af_output', driven: true, level: duty >= 0.5, duty });
    this.changed(name);
  }

  /** A pulse of so many milliseconds; only its edges matter here. */
  digitalPulse(pin: unknown, value: unknown, ms: unknown): void {
    this.write(pin, value);
    this.processor.setTimer(() => this.write(pin, value ? 0 : 1), Number(Array.isArray(ms) ? ms[0] : ms), false);
  }

  private drive(name: string, value: number): void {
    const level = (value === 1) !== NEGATED.has(name);
    const before = this.held.get(name);
    if (before?.driven === true && before.mode === 'output' && before.level === level) return;
    this.held.set(name, { mode: 'output', driven: true, level, duty: level ? 1 : 0 });
    this.changed(name);
  }

  private changed(name: string): void {
    const { driven, level, duty } = this.held.get(name)!;
    this.hardware.pinChanged(name, { driven, level: driven && level, duty: driven ? duty : 0 });
  }

  private name(pin: unknown): string {
    const name = pin instanceof Pin ? pin.name : String(pin);
    if (this.all[name] === undefined) throw new Error(`Invalid pin: ${name}`);
    return name;
  }
}
