/**
 * Port expander MCP23017 (Microchip DS20001952C): port A reads the switches, port B drives lamps and buzzer.
 *
 * Every reading takes the whole register file in one sequential transaction (section 3.2.1; IOCON.BANK = 0, SEQOP = 0) and
 * compares its first 14 registers and the output latch with what was set. After a brown-out they are back at their reset
 * values (table 3-3), the pull-ups are off and the inputs float: such a reading counts as no answer, and the part is set
 * up again.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';

const ADDRESS = 0x20;
const REGISTERS = 22;
const GPIOA = 0x12;
const OLATB = 0x15;
/** IODIRA..GPPUB, registers 0x00..0x0D: port A inputs with pull-ups, port B outputs, everything else at its reset value. */
const SETUP = '\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\x00';

/** Switches on port A, as bits of Switches.read(). */
export const enum Input {
  LID = 1,
  PAPER = 2,
  DIE = 4,
  BOLT = 8,
  HOME = 16,
  CONTACT = 32,
  CASE = 64,
}

/** What hangs on port B. */
export const enum Lamp {
  BUZZER = 1,
  GREEN = 2,
  RED = 4,
  TRAY = 8,
  /** No lamp: of the dies only the one under the ram answers. */
  RAM = 16,
}

export interface Switches {
  /** Bits of Input, 1 where the switch is closed; -1: the expander does not answer or had lost its settings. */
  read(): number;
  /** Whether this switch is closed, by the last reading where that is fresh: several questions about one moment cost one. */
  is(bit: Input): boolean;
  /** Sets exactly these outputs (bits of Lamp). */
  lamps(bits: number): void;
  /** Lets only the die under the ram answer, or all of them. */
  ram(only: boolean): void;
}

/** Age at which a reading is no longer fresh: as often as the switches are read while a use is open. ms */
const FRESH = 20;

export function createSwitches(board: Board): Switches {
  let latch = 0;
  let latest = -1;
  let at = -FRESH;

  function setUp(): void {
    // The latch first, so that no output glitches when its pin becomes one.
    board.i2cWrite(ADDRESS, '\x14\x00' + String.fromCharCode(latch));
    board.i2cWrite(ADDRESS, '\x00' + SETUP);
  }

  function read(): number {
    const file: Bytes = board.i2cRead(ADDRESS, 0, REGISTERS);
    latest = -1;
    at = board.uptime();
    if (file.length === REGISTERS && file.substr(0, SETUP.length) === SETUP && file.charCodeAt(OLATB) === latch) latest = file.charCodeAt(GPIOA) ^ 0xff;
    else setUp();
    return latest;
  }

  function drive(bits: number): void {
    if (bits === latch) return;
    latch = bits;
    board.i2cWrite(ADDRESS, '\x15' + String.fromCharCode(bits));
  }

  setUp();
  return {
    read,
    is(bit: Input): boolean {
      const now = board.uptime() - at < FRESH ? latest : read();
      return now >= 0 && (now & bit) !== 0;
    },
    lamps: drive,
    ram(only: boolean): void {
      drive(only ? latch | Lamp.RAM : latch & ~Lamp.RAM);
    },
  };
}
