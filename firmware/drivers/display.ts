/**
 * Display 128 × 64 with an SSD1306 (Solomon Systech, rev 1.1) on I2C: four rows of text, 16 cells of 8 × 16 pixels each.
 *
 * With vertical addressing (10.1.3) and a window of two pages and some columns, glyphs go out as they lie in the file `font`.
 * What stands on the glass cannot be read back over I2C; only the status byte can (8.1.5), whose bit 6 says that the display is
 * off, as it is after a loss of power. It is then set up and drawn anew, switched on only when all stands there. For what no
 * status tells (a glitch on the bus or in its memory) everything is drawn again now and then.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import type { Display } from '../core/parts';
import { FONT_MAGIC, NARROW_AT, NARROW_SIZE, ROW_SIZE, ROWS, WIDE_AT, WIDE_SIZE } from '../text/font';

const ADDRESS = 0x3c;
/** Control bytes: commands follow, data follow (8.1.5.2). */
const COMMANDS = '\x00';
const DATA = '\x40';
/** Bit of the status byte. */
const OFF = 0x40;
/**
 * Clock, 64 lines, no offset, start line 0, charge pump (application note of rev 1.1), vertical addressing, glass upright (segments
 * and lines turned round, alternative pins), contrast, pre-charge for the pump, VCOMH 0.77 VCC, shows its memory, not inverted,
 * no scrolling.
 */
const SETUP = '\xd5\x80\xa8\x3f\xd3\x00\x40\x8d\x14\x20\x01\xa1\xc8\xda\x12\x81\x8f\xd9\xf1\xdb\x20\xa4\xa6\x2e';
const SWITCH_OFF = '\xae';
const SWITCH_ON = '\xaf';

/** Cells a slice. */
const STEP = 4;
/** Most bytes of data in one transaction. */
const PIECE = 48;
/** ms between two slices. */
const PACE = 10;
/** After so many calls everything is drawn again. */
const AGAIN = 24;
const BLANK = '                ';
const SPACE = '\0'.repeat(NARROW_SIZE);

export function createDisplay(board: Board): Display {
  const wanted: Bytes[] = [BLANK, BLANK, BLANK, BLANK];
  /** What stands there, as far as that is known. */
  let there: Bytes[] = ['', '', '', ''];
  let on = false;
  let drawing = false;
  /** Calls until everything is drawn again; 0: it is not set up. */
  let left = 0;

  function send(bytes: Bytes): boolean {
    return board.i2cWrite(ADDRESS, bytes);
  }

  /** Draws cells from..to of a row; false: it does not answer. */
  function draw(row: number, from: number, to: number): boolean {
    const text = wanted[row] as Bytes;
    let data = '';
    for (let i = from; i < to; i++) {
      const c = text.charCodeAt(i);
      if (c >= 128) {
        i++;
        data += board.font(WIDE_AT + (((c & 63) << 6) | (text.charCodeAt(i) & 63)) * WIDE_SIZE, WIDE_SIZE);
      } else data += c > 32 ? board.font(NARROW_AT + (c - 32) * NARROW_SIZE, NARROW_SIZE) : SPACE;
    }
    let good = send(COMMANDS + '\x21' + String.fromCharCode(from * 8, to * 8 - 1, 0x22, row * 2, row * 2 + 1));
    for (let at = 0; good && at < data.length; at += PIECE) good = send(DATA + data.substr(at, PIECE));
    return good;
  }

  /** Draws the next slice that is not as it should be. False: it does not answer. */
  function slice(): boolean {
    for (let row = 0; row < ROWS; row++) {
      const text = wanted[row] as Bytes;
      const old = there[row] as Bytes;
      if (text === old) continue;
      for (let at = 0; at < ROW_SIZE; at += STEP) {
        const next = at + STEP;
        const cells = text.substr(at, STEP);
        if (cells === old.substr(at, STEP)) continue;
        there[row] = old.substr(0, at) + cells + old.substr(next);
        // A wide glyph is drawn whole: its second cell has both upper bits set.
        return draw(row, text.charCodeAt(at) >= 192 ? at - 1 : at, text.charCodeAt(next) >= 192 ? next + 1 : next);
      }
    }
    drawing = false;
    if (on) return true;
    on = true;
    // The settings once more: they may have been lost while it was drawn, and nothing would tell.
    return send(COMMANDS + SETUP + SWITCH_ON);
  }

  function tick(): void {
    if (!slice()) {
      drawing = false;
      left = 0;
    } else if (drawing) board.after(PACE, tick);
  }

  return {
    show(rows: readonly Bytes[]): void {
      for (let i = 0; i < ROWS; i++) wanted[i] = ((i < rows.length ? (rows[i] as Bytes) : '') + BLANK).substr(0, ROW_SIZE);
      const status = board.i2cRead(ADDRESS, 0, 1);
      const lost = on && (status.charCodeAt(0) & OFF) !== 0;
      if (status === '' || board.font(0, 3) !== FONT_MAGIC) left = 0;
      else {
        left--;
        if (left <= 0 || lost) {
          on = on && left === 0 && !lost;
          left = AGAIN;
          there = ['', '', '', ''];
          if (!send(COMMANDS + (on ? '' : SWITCH_OFF) + SETUP)) left = 0;
        }
        if (left > 0 && !drawing) {
          drawing = true;
          board.after(PACE, tick);
        }
      }
    },
  };
}
