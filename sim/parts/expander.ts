/**
 * MCP23017 port expander, at the level of its registers (Microchip DS20001952C: register tables 3-3 and 3-5, figures 3-6
 * and 3-7 for reading and writing, IOCON in 3.5.6). I2C address 0x20 with A2..A0 to ground, 0x21 with A0 high.
 *
 * Fault model
 * - Silent: does not acknowledge (wire broken, chip dead). Must be noticed; nothing may be stamped meanwhile.
 * - Brown-out or power-on reset: all pins become inputs without pull-ups and the outputs are forgotten; a firmware that
 *   set it up once and never looks again would read floating inputs. Floating inputs read random levels.
 * - One input stuck: see the switch behind it.
 * - Not modelled: I2C bytes corrupted on the wire (the bus has no checksum), clock stretching.
 */
import type { Random } from '../world/world';

/** Register addresses in the sequential map (IOCON.BANK = 0). Port B is one above. */
export const IODIR = 0x00;
export const IPOL = 0x02;
export const GPINTEN = 0x04;
export const DEFVAL = 0x06;
export const INTCON = 0x08;
export const IOCON = 0x0a;
export const GPPU = 0x0c;
export const INTF = 0x0e;
export const INTCAP = 0x10;
export const GPIO = 0x12;
export const OLAT = 0x14;

const REGISTERS = 22;
const IOCON_BANK = 0x80;
const IOCON_SEQOP = 0x20;

/** Registers whose reading is more than their content, in ascending order. */
const LIVE = [INTCAP, INTCAP + 1, GPIO, GPIO + 1];

/** Something that may join a pin to ground. */
export interface Contact {
  closed(): boolean;
  onChange: (() => void) | undefined;
}

/** What hangs on a pin: a contact to ground, or nothing (an output, or open). */
export type PinWiring = readonly (Contact | undefined)[];

export class Expander {
  readonly address: number;
  /** Does not acknowledge any more. */
  silent = false;
  /** Called when an output pin changed: pin 0..15 (GPB0 is 8), level. */
  onOutput: ((pin: number, level: boolean) => void) | undefined;

  private readonly registers = new Uint8Array(REGISTERS);
  private readonly wiring: PinWiring;
  private readonly random: Random;
  private pointer = 0;
  private powered = false;
  private lastInputs = [0, 0];
  private outputs = 0;

  constructor(wiring: PinWiring, random: Random, address = 0x20) {
    this.address = address;
    this.wiring = wiring;
    this.random = random;
    wiring.forEach((part) => {
      if (part !== undefined) part.onChange = () => this.inputChanged();
    });
  }

  power(on: boolean): void {
    this.powered = on;
    if (on) this.reset();
    else this.driveOutputs();
  }

  /** Power-on reset: IODIR all ones, everything else zero (DS20001952C table 3-3, "POR/RST value"). */
  reset(): void {
    this.registers.fill(0);
    this.registers[IODIR] = 0xff;
    this.registers[IODIR + 1] = 0xff;
    this.pointer = 0;
    this.lastInputs = [this.readPort(0), this.readPort(1)];
    this.driveOutputs();
  }

  /** One I2C write transaction; false: not acknowledged. */
  write(bytes: Uint8Array): boolean {
    if (this.silent || !this.powered) return false;
    if (bytes.length === 0) return true;
    this.pointer = bytes[0]!;
    for (let i = 1; i < bytes.length; i++) {
      this.setRegister(this.decode(this.pointer), bytes[i]!);
      this.advance();
    }
    return true;
  }

  /** One I2C read transaction from the register pointer; undefined: not acknowledged. */
  read(length: number): Uint8Array | undefined {
    if (this.silent || !this.powered) return undefined;
    const out = new Uint8Array(length);
    let first = 0;
    if (this.pointer === 0 && length >= REGISTERS && (this.registers[IOCON]! & (IOCON_BANK | IOCON_SEQOP)) === 0) {
      // The whole file in one go, as an idle firmware reads it twice a second.
      out.set(this.registers);
      for (const register of LIVE) out[register] = this.getRegister(register);
      first = REGISTERS;
    }
    for (let i = first; i < length; i++) {
      out[i] = this.getRegister(this.decode(this.pointer));
      this.advance();
    }
    return out;
  }

  /** Level that an output pin drives; false when it is not an output. Pin 0..15. */
  output(pin: number): boolean {
    return ((this.outputs >> pin) & 1) === 1;
  }

  /** Whether a pin is an output and driven low. Pin 0..15. */
  drivesLow(pin: number): boolean {
    return this.powered && ((this.registers[IODIR + (pin >> 3)]! >> (pin & 7)) & 1) === 0 && !this.output(pin);
  }

  private decode(address: number): number {
    if ((this.registers[IOCON]! & IOCON_BANK) === 0) return address;
    // BANK = 1: port A at 0x00..0x0A, port B at 0x10..0x1A.
    return (address & 0x0f) * 2 + (address >> 4);
  }

  private advance(): void {
    if ((this.registers[IOCON]! & IOCON_SEQOP) !== 0) {
      // Byte mode with BANK = 0 toggles between the registers of a pair (DS20001952C 3.2.1).
      if ((this.registers[IOCON]! & IOCON_BANK) === 0) this.pointer ^= 1;
      return;
    }
    this.pointer = (this.pointer + 1) % REGISTERS;
  }

  private setRegister(register: number, value: number): void {
    const port = register & 1;
    switch (register - port) {
      case INTF:
      case INTCAP:
        return;
      case GPIO:
        this.registers[OLAT + port] = value;
        break;
      case IOCON:
        // One register behind two addresses; bit 0 does not exist and reads as 0.
        this.registers[IOCON] = value & 0xfe;
        this.registers[IOCON + 1] = value & 0xfe;
        return;
      default:
        if (register >= REGISTERS) return;
        this.registers[register] = value;
    }
    this.driveOutputs();
  }

  private getRegister(register: number): number {
    if (register >= REGISTERS) return 0;
    const port = register & 1;
    switch (register - port) {
      case GPIO: {
        const value = this.readPort(port);
        this.registers[INTF + port] = 0;
        this.lastInputs[port] = value;
        return value;
      }
      case INTCAP: {
        const value = this.registers[register]!;
        this.registers[INTF + port] = 0;
        return value;
      }
      default:
        return this.registers[register]!;
    }
  }

  private readPort(port: number): number {
    const direction = this.registers[IODIR + port]!;
    // Outputs read back what the latch drives.
    let value = this.registers[OLAT + port]! & ~direction & 0xff;
    if (direction === 0) return value;
    const pullUps = this.registers[GPPU + port]!;
    for (let bit = 0; bit < 8; bit++) {
      const mask = 1 << bit;
      if ((direction & mask) === 0) continue;
      const part = this.wiring[port * 8 + bit];
      if (part !== undefined && part.closed()) continue;
      if ((pullUps & mask) !== 0 || (part !== undefined && this.random.chance(0.5))) value |= mask;
    }
    return value ^ (this.registers[IPOL + port]! & direction);
  }

  private inputChanged(): void {
    if (!this.powered) return;
    for (let port = 0; port < 2; port++) {
      const enabled = this.registers[GPINTEN + port]!;
      if (enabled === 0) continue;
      const value = this.readPort(port);
      const reference = this.registers[INTCON + port]!;
      const changed =
        ((value ^ this.lastInputs[port]!) & ~reference) | ((value ^ this.registers[DEFVAL + port]!) & reference);
      const flags = changed & enabled;
      if (flags !== 0 && this.registers[INTF + port] === 0) {
        this.registers[INTF + port] = flags;
        this.registers[INTCAP + port] = value;
      }
    }
  }

  private driveOutputs(): void {
    let outputs = 0;
    if (this.powered) {
      for (let port = 0; port < 2; port++) {
        outputs |= (this.registers[OLAT + port]! & ~this.registers[IODIR + port]! & 0xff) << (8 * port);
      }
    }
    const changed = outputs ^ this.outputs;
    this.outputs = outputs;
    if (changed === 0 || this.onOutput === undefined) return;
    for (let pin = 0; pin < 16; pin++) if ((changed >> pin) & 1) this.onOutput(pin, ((outputs >> pin) & 1) === 1);
  }
}
