/**
 * Keypad of 4×4 on a second MCP23017 (Microchip DS20001952C), address 0x21: rows GPA0..GPA3 are driven, columns GPA4..GPA7 are
 * read with pull-ups. At rest all rows are low, so that any key pulls its column down, and the interrupt-on-change logic
 * (GPINTEN, section 3.5.3) remembers a press between two looks: no pin of the processor is free for INTA, so INTF is read
 * once a second, and the press that wakes the keypad is not reported. Awake, it is read every 30 ms, and a change once more 8 ms later
 * (contacts bounce for less); one key at a time counts.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import type { Keypad } from '../core/parts';

const ADDRESS = 0x21;
const REGISTERS = 22;
const INTFA = 0x0e;
const GPIOA = 0x12;
/** IODIRA..GPPUB, registers 0x00..0x0D: rows outputs, columns inputs with pull-ups and interrupt on change, port B unused. */
const SETUP = '\xf0\xff\x00\x00\xf0\x00\x00\x00\x00\x00\x00\x00\xf0\x00';
const COLUMNS = 0xf0;
const KEYS = '123A456B789C*0#D';

/** ms */
const IDLE = 1000;
const SCAN = 30;
/** A changed reading is confirmed after this. */
const CONFIRM = 8;
/** How long it stays awake after the last key. */
const STAY = 20000;

export function createKeypad(board: Board): Keypad {
  let call: ((key: string) => void) | undefined;
  let wanted = false;
  /** Until when it is awake of itself, uptime. */
  let until = 0;
  let candidate = '';
  let stable = '';
  let timer = 0;

  function setUp(): void {
    board.i2cWrite(ADDRESS, '\x14\x00\x00');
    board.i2cWrite(ADDRESS, '\x00' + SETUP);
  }

  /** Columns that are low, as bits 0..3; -1: no answer. */
  function columns(): number {
    const b = board.i2cRead(ADDRESS, GPIOA, 1);
    return b.length === 1 ? (b.charCodeAt(0) >> 4) ^ 15 : -1;
  }

  /** The one key that is down; empty: none; '?': more than one, or no answer. */
  function scan(): string {
    const any = columns();
    if (any <= 0) return any < 0 ? '?' : '';
    let key = '';
    for (let row = 0; row < 4; row++) {
      board.i2cWrite(ADDRESS, '\x14' + String.fromCharCode(15 ^ (1 << row)));
      const low = columns();
      if (low !== 0) key += low === 1 || low === 2 || low === 4 || low === 8 ? KEYS.charAt(row * 4 + (low === 1 ? 0 : low === 2 ? 1 : low === 4 ? 2 : 3)) : '??';
    }
    board.i2cWrite(ADDRESS, '\x14\x00');
    return key.length > 1 ? '?' : key;
  }

  function awake(): boolean {
    return wanted || board.uptime() < until;
  }

  /** Whether a key was pressed since the last look, or is down. Sets the part up again where it has lost its settings. */
  function touched(): boolean {
    const file: Bytes = board.i2cRead(ADDRESS, 0, REGISTERS);
    if (file.length !== REGISTERS) return false;
    if (file.substr(0, SETUP.length) !== SETUP) {
      setUp();
      return false;
    }
    return ((file.charCodeAt(INTFA) & COLUMNS) | ((file.charCodeAt(GPIOA) ^ COLUMNS) & COLUMNS)) !== 0;
  }

  function look(): void {
    let pressed = '';
    if (awake()) {
      const now = scan();
      if (now !== stable && now === candidate) {
        stable = now;
        if (now !== '' && now !== '?') pressed = now;
      }
      candidate = now;
    } else if (touched()) {
      until = board.uptime() + STAY;
      // What is down when it wakes counts, once it is read twice.
      stable = '';
      candidate = '';
    }
    timer = board.after(!awake() ? IDLE : candidate !== stable ? CONFIRM : SCAN, look);
    if (pressed === '') return;
    until = board.uptime() + STAY;
    if (call) call(pressed);
  }

  setUp();
  timer = board.after(0, look);
  return {
    onKey(then: (key: string) => void): void {
      call = then;
    },
    awake(on: boolean): void {
      if (on === wanted) return;
      wanted = on;
      if (!on) return;
      board.cancel(timer);
      timer = board.after(0, look);
    },
  };
}
