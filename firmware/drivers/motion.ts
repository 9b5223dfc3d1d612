/**
 * Accelerometer LIS2DH12 (ST DocID025056 rev 6; AN5005) at 0x19, SA0 high. Mounted with its z axis up when the unit stands.
 *
 * It measures a hundred times a second and remembers by itself what happened: generator 1 (high-pass filtered, any axis above
 * 256 mg) that it was moved, generator 2 (all axes below 352 mg for 90 ms) that it fell. Both are latched until they are read,
 * so that nothing between two looks is missed, and a look costs one transaction: registers 0x27 to 0x37 hold the state, the
 * acceleration, both sources and the settings, which are lost in a brown-out. Its FIFO stays off: with it reading would turn back
 * behind the acceleration (AN5005, section 9), and one sample costs the interpreter more time than it takes to come.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import { Moves, type Motion } from '../core/parts';

const ADDRESS = 0x19;
const WHO_AM_I = 0x0f;
const IDENTITY = '\x33';
/** The upper bit of a register's address lets it count up. */
const STATUS = 0xa7;
const REGISTERS = 17;
/** Within what is read: 0x27 status, 0x28 acceleration, 0x2F (not compared: FIFO), 0x31 source 1, 0x35 source 2. */
const INT1_SRC = 10;
const INT2_SRC = 14;
/** CTRL_REG1..6: 100 Hz, all axes · high-pass filter for generator 1 · no pins · block update, ±2 g · both generators latched. */
const CONTROL = '\xa0\x57\x01\x00\x80\x0a\x00';
/** INT1_CFG: x, y or z high; INT1_THS 16 × 16 mg, INT1_DURATION 1 × 10 ms. */
const MOVED_CFG = '\x2a';
const MOVED_LIMITS = '\x10\x01';
/** INT2_CFG: x and y and z low; INT2_THS 22 × 16 mg, INT2_DURATION 9 × 10 ms. */
const FELL_CFG = '\x95';
const FELL_LIMITS = '\x16\x09';
/** Latched (IA). */
const ACTIVE = 0x40;
/** A new sample of all axes came since the last was read (ZYXDA). */
const FRESH = 0x08;
/** A sensor that has measured nothing for so long has stopped, ms. */
const STOPPED = 1000;
/** 1 g of ±2 g in 16 bits, squared; less than a third of it is no place on earth. */
const G2 = 268435456;
/** cos² of 30 degrees. */
const UPRIGHT = 0.75;

export function createMotion(board: Board): Motion {
  /** When there was a new sample. */
  let at = 0;
  /** Whether the settings stand, as far as is known. */
  let ready = false;

  function setUp(): void {
    ready =
      board.i2cRead(ADDRESS, WHO_AM_I, 1) === IDENTITY &&
      board.i2cWrite(ADDRESS, CONTROL) &&
      board.i2cWrite(ADDRESS, '\x2e\x00') &&
      board.i2cWrite(ADDRESS, '\x30' + MOVED_CFG) &&
      board.i2cWrite(ADDRESS, '\xb2' + MOVED_LIMITS + FELL_CFG) &&
      board.i2cWrite(ADDRESS, '\xb6' + FELL_LIMITS);
    at = board.uptime();
  }

  function axis(b: Bytes, i: number): number {
    const v = b.charCodeAt(i) + b.charCodeAt(i + 1) * 256;
    return v > 32767 ? v - 65536 : v;
  }

  setUp();
  return {
    look(): number {
      const b = board.i2cRead(ADDRESS, STATUS, REGISTERS);
      const now = board.uptime();
      const settings = b.charAt(7) + b.charAt(9) + b.substr(11, 3) + b.substr(15);
      if (b.length !== REGISTERS || settings !== '\x00' + MOVED_CFG + MOVED_LIMITS + FELL_CFG + FELL_LIMITS || !ready) {
        setUp();
        return Moves.FAULT;
      }
      if (b.charCodeAt(0) & FRESH) at = now;
      const x = axis(b, 1);
      const y = axis(b, 3);
      const z = axis(b, 5);
      const sum = x * x + y * y + z * z;
      let moves = 0;
      if (b.charCodeAt(INT1_SRC) & ACTIVE) moves = moves | Moves.MOVED;
      if (b.charCodeAt(INT2_SRC) & ACTIVE) moves = moves | Moves.FELL;
      if (z < 0 || z * z < UPRIGHT * sum) moves = moves | Moves.TILTED;
      if (now - at >= STOPPED || sum < G2 / 10) moves = moves | Moves.FAULT;
      return moves;
    },
  };
}
