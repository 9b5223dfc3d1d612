/**
 * The globals of Espruino on the XIAO nRF52840, faked for one run of a bundle. Names, parameters, results and traps as in
 * the interpreter's sources (espruino/Espruino, src/jswrap_*.c, libs/, boards/XIAOBLE.py); each file beside this one says where
 * it differs. Everything that Node offers and the interpreter does not is shadowed by undefined (see run.ts).
 */
import type { NorFlash } from '../parts/nor';
import { PAGE } from '../parts/nor';
import { Nrf, type Radio } from './bluetooth';
import { I2c, oneWireClass, Spi } from './buses';
import { toBytes } from './bytes';
import type { Hardware } from './hardware';
import { aesClass, cryptoModule, Espruino, processObject } from './natives';
import { Pin, Pins } from './pins';
import { ResetReason, type Processor } from './processor';
import { Console, SerialPort } from './serial';
import { FileArea, storageModule } from './storage';

/** External flash, where Storage lives: "saved_code" of the board file. */
export const EXTERNAL = { base: 0x60000000, size: 512 * PAGE };
/** Internal flash of the nRF52840. */
export const INTERNAL = { base: 0, size: 1024 * 1024 };

const RESETREAS = 0x40000400;
const USBREGSTATUS = 0x40000438;
const DEVICEID = 0x10000060;

/** One run: the globals by name, and the ends that the outside holds. */
export interface Globals {
  names: Record<string, unknown>;
  pins: Pins;
  usb: SerialPort;
  serial1: SerialPort;
  nrf: Nrf;
  console: Console;
}

function call(f: unknown, parameters: unknown[]): () => void {
  if (typeof f !== 'function') return () => undefined;
  return parameters.length === 0 ? (f as () => void) : () => (f as (...given: unknown[]) => void)(...parameters);
}

export function espruino(processor: Processor, hardware: Hardware, radio: Radio): Globals {
  const pins = new Pins(processor, hardware);
  const console = new Console();
  const usb = new SerialPort(processor, hardware.usb, console);
  const serial1 = new SerialPort(processor, { send: (bytes) => hardware.uart(bytes), connected: () => true, roomIn: () => 0 }, console);
  const nrf = new Nrf(processor, radio, hardware.chipId);
  const e = new Espruino(processor, hardware, console);
  const print = (...text: unknown[]): void => {
    processor.check();
    const line = `${text.map(String).join(' ')}\r\n`;
    if (console.port === undefined) hardware.print(line);
    else console.port.print(line);
  };
  // Until the firmware says otherwise the REPL sits on USB when that is plugged in.
  if (hardware.usb.connected()) console.move(usb, false);

  const modules: Record<string, () => object> = {
    Storage: () => storageModule(processor, hardware.flash, new FileArea(hardware.flash, EXTERNAL.base, EXTERNAL.size), (address, length) => spendWrite(processor, address, length)),
    Flash: () => flashModule(processor, hardware.flash),
    crypto: () => cryptoModule(processor),
  };
  const loaded = new Map<string, object>();
  const require = (name: string): object => {
    processor.check();
    const make = modules[name];
    if (make === undefined) throw new Error(`Module ${name} not found`);
    const module = loaded.get(name) ?? make();
    loaded.set(name, module);
    return module;
  };
  const getTime = (): number => {
    processor.check();
    processor.spend(0.02);
    return processor.crystalTime() / 1000;
  };

  const names: Record<string, unknown> = {
    ...pins.all,
    LED1: pins.all['D11'],
    LED2: pins.all['D13'],
    LED3: pins.all['D12'],
    BTN1: pins.all['D1'],
    Pin,
    E: e,
    NRF: nrf,
    USB: usb,
    Serial1: serial1,
    SPI1: new Spi(processor, hardware, pins),
    I2C1: new I2c(processor, hardware),
    OneWire: oneWireClass(processor, hardware),
    AES: aesClass(processor, (text) => print(text)),
    process: processObject(processor, hardware.chipId, () => hardware.usb.waiting()),
    require,
    getTime,
    setTime: () => processor.check(),
    setTimeout: (f: unknown, ms: number, ...given: unknown[]) => processor.setTimer(call(f, given), Number(ms ?? 0), false),
    setInterval: (f: unknown, ms: number, ...given: unknown[]) => processor.setTimer(call(f, given), Number(ms), true),
    clearTimeout: (id?: number) => (id === undefined ? processor.clearTimers() : processor.clearTimer(id)),
    clearInterval: (id?: number) => (id === undefined ? processor.clearTimers() : processor.clearTimer(id)),
    digitalWrite: (pin: unknown, value: unknown) => pins.write(pin, value),
    digitalRead: (pin: unknown) => pins.read(pin),
    digitalPulse: (pin: unknown, value: unknown, ms: unknown) => pins.digitalPulse(pin, value, ms),
    analogRead: (pin: unknown) => pins.analogRead(pin),
    analogWrite: (pin: unknown, value: unknown, options: unknown) => pins.analogWrite(pin, value, options),
    pinMode: (pin: unknown, mode: unknown) => pins.mode(pin, mode),
    getPinMode: (pin: unknown) => pins.getMode(pin),
    setWatch: () => processor.check(),
    clearWatch: () => processor.check(),
    peek32: (address: number) => peek32(processor, hardware, address),
    poke32: (address: number, value: number) => {
      processor.check();
      if (address === RESETREAS) processor.resetReason &= ~value;
    },
    getSerial: () => hardware.chipId.toString('hex'),
    print,
    console: { log: print, error: print, warn: print, info: print, debug: print },
    trace: () => undefined,
    reset: () => processor.reset(ResetReason.SOFTWARE),
    load: () => processor.reset(ResetReason.SOFTWARE),
    btoa: (text: string) => Buffer.from(text, 'latin1').toString('base64'),
    atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
    ...limited(hardware, getTime),
  };
  names['Bluetooth'] = nrf;
  names['Terminal'] = undefined;
  // Set by the boot code.
  names['SLOT'] = -1;
  names['eval'] = undefined;
  names['global'] = names;
  names['globalThis'] = names;
  return { names, pins, usb, serial1, nrf, console };
}

/** Built-ins of Node of which the interpreter has less: only what it has can be reached by name. */
function limited(hardware: Hardware, getTime: () => number): Record<string, unknown> {
  const some = (source: object, keys: string): object =>
    Object.fromEntries(keys.split(' ').map((key) => [key, (source as Record<string, unknown>)[key]]));
  const math = 'E PI LN2 LN10 LOG2E LOG10E SQRT2 SQRT1_2 abs acos asin atan atan2 ceil cos exp floor log max min pow round sign sin sqrt tan';
  // Built with the constructors themselves, so that `new`, instanceof and prototypes stay what they are.
  const object = Object.assign(function (value: unknown) {
    return Object(value) as unknown;
  }, some(Object, 'keys values entries assign create defineProperty defineProperties fromEntries getOwnPropertyNames getOwnPropertyDescriptor getPrototypeOf setPrototypeOf'));
  object.prototype = Object.prototype;
  const date = class {
    private readonly ms: number;
    constructor(ms?: number) {
      this.ms = ms ?? getTime() * 1000;
    }
    static now(): number {
      return getTime() * 1000;
    }
    getTime(): number {
      return this.ms;
    }
    valueOf(): number {
      return this.ms;
    }
    toString(): string {
      return new Date(this.ms).toUTCString();
    }
  };
  return {
    Math: { ...some(Math, math), random: () => hardware.random.fraction(), randInt: (below: number) => hardware.random.below(below) },
    Object: object,
    Date: date,
    Number, String, Boolean, Array, Function, JSON, Error, TypeError, SyntaxError, ReferenceError, RegExp, ArrayBuffer,
    DataView, Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array,
    Float64Array, parseInt, parseFloat, isNaN, isFinite, decodeURIComponent, encodeURIComponent,
  };
}

function peek32(processor: Processor, hardware: Hardware, address: number): number {
  processor.check();
  switch (address) {
    case RESETREAS:
      return processor.resetReason;
    case USBREGSTATUS:
      return hardware.vbus() ? 3 : 0;
    case DEVICEID:
      return hardware.chipId.readUInt32LE(0);
    case DEVICEID + 4:
      return hardware.chipId.readUInt32LE(4);
    default:
      return Buffer.from(hardware.flash.read(address, 4)).readUInt32LE(0);
  }
}

/** Flash: pages of 4096 bytes, internal and external behind one map of addresses. */
function flashModule(processor: Processor, flash: NorFlash): object {
  return {
    read(length: number, address: number): Uint8Array | undefined {
      processor.check();
      processor.mayFail();
      // The external chip is read bit by bit, command and address first: 3 ms for 180 times 16 bytes (espruino.md, section 0).
      if (address >= EXTERNAL.base) processor.spend((length + 4) * 0.00083);
      return length > 0 ? flash.read(address, length) : undefined;
    },
    /** Internal flash takes whole words: what is beside the data within a word is written again as it is. */
    write(data: unknown, address: number): void {
      processor.check();
      processor.mayFail();
      if (data === undefined) throw new Error('Data is not defined');
      const bytes = toBytes(data);
      if (bytes.length === 0) return;
      spendWrite(processor, address, bytes.length);
      if (address >= EXTERNAL.base) flash.write(address, bytes);
      else writeWords(flash, address, bytes);
    },
    erasePage(address: unknown): void {
      processor.check();
      processor.mayFail();
      if (typeof address !== 'number') throw new Error('Address should be an integer');
      processor.spend(address >= EXTERNAL.base ? 60 : 85);
      flash.erase(address);
    },
    getPage(address: number): object | undefined {
      processor.check();
      return flash.has(address, 1) ? { addr: Math.floor(address / PAGE) * PAGE, length: PAGE } : undefined;
    },
    getFree(): object[] {
      processor.check();
      return [];
    },
  };
}

function writeWords(flash: NorFlash, address: number, bytes: Buffer): void {
  const head = address % 4;
  const total = Math.ceil((head + bytes.length) / 4) * 4;
  if (head === 0 && total === bytes.length) {
    flash.write(address, bytes);
    return;
  }
  // As jshFlashWriteAligned does it: first word, middle, last word, each an operation of its own.
  const whole = Buffer.from(flash.read(address - head, total));
  bytes.copy(whole, head);
  const from = head === 0 ? 0 : 4;
  const to = (head + bytes.length) % 4 === 0 ? total : total - 4;
  if (head !== 0) flash.write(address - head, whole.subarray(0, 4));
  if (to > from) flash.write(address - head + from, whole.subarray(from, to));
  if (to < total && (to >= from || head === 0)) flash.write(address - head + to, whole.subarray(to));
}

function spendWrite(processor: Processor, address: number, length: number): void {
  processor.spend(address >= EXTERNAL.base ? 0.4 + length * 0.006 : 0.2 + length * 0.0105);
}
