/**
 * Display 128 × 64 with an SSD1306 (Solomon Systech, rev 1.1) on I2C: four rows of text, 16 cells of 8 × 16 pixels each.
 *
 * With vertical addressing (10.1.3) and a window of two pages and some columns, glyphs go out as they lie in the font (text/font.ts).
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

/** Cells a slice; one more where a wide glyph would be cut in two. */
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
  /** What stands there; empty: not known. */
  let there: Bytes[] = ['', '', '', ''];
  /** What is being drawn: cells at..end of this row. */
  let text: Bytes = '';
  let row = 0;
  let at = 0;
  let end = 0;
  let on = false;
  let drawing = false;
  /** Dark on purpose. */
  let resting = false;
  /** Calls until everything is drawn again; 0: it is not set up. */
  let left = 0;

  function send(bytes: Bytes): boolean {
    return board.i2cWrite(ADDRESS, bytes);
  }

  /** Finds the next row that is not as it should be, and the cells of it to draw. False: there is none, or no answer. */
  function begin(): boolean {
    row = 0;
    while (row < ROWS && wanted[row] === there[row]) row++;
    if (row >= ROWS) return false;
    const old = there[row] as Bytes;
    text = wanted[row] as Bytes;
    at = 0;
    end = ROW_SIZE;
    if (old !== '') {
      while (text.substr(at, STEP) === old.substr(at, STEP)) at += STEP;
      while (text.substr(end - STEP, STEP) === old.substr(end - STEP, STEP)) end -= STEP;
    }
    // A wide glyph is drawn whole: its second cell has both upper bits set.
    if (text.charCodeAt(at) >= 192) at--;
    if (text.charCodeAt(end) >= 192) end++;
    there[row] = '';
    return send(COMMANDS + '\x21' + String.fromCharCode(at * 8, end * 8 - 1, 0x22, row * 2, row * 2 + 1));
  }

  /** Draws the next slice. False: nothing is left to draw, or no answer. */
  function slice(): boolean {
    if (at >= end && !begin()) return false;
    let to = at + STEP;
    if (to > end) to = end;
    if (text.charCodeAt(to) >= 192) to++;
    let data = '';
    while (at < to) {
      const c = text.charCodeAt(at++);
      if (c >= 128) data += board.font(WIDE_AT + (((c & 63) << 6) | (text.charCodeAt(at++) & 63)) * WIDE_SIZE, WIDE_SIZE);
      else data += c === 32 ? SPACE : board.font(NARROW_AT + (c - 32) * NARROW_SIZE, NARROW_SIZE);
    }
    if (at >= end) there[row] = text;
    return send(DATA + data.substr(0, PIECE)) && (data.length <= PIECE || send(DATA + data.substr(PIECE)));
  }

  function tick(): void {
    if (!resting && slice()) {
      board.after(PACE, tick);
      return;
    }
    drawing = false;
    if (resting) return;
    // The settings once more with the switch: they may have been lost while it was drawn, and nothing would tell.
    if (row < ROWS || (!on && !send(COMMANDS + SETUP + SWITCH_ON))) left = 0;
    else on = true;
  }

  return {
    dark(): void {
      // Set up and drawn anew when it is to show something.
      row = ROWS;
      at = end;
      on = false;
      left = 0;
      resting = true;
      send(COMMANDS + SWITCH_OFF);
    },
    present(): boolean {
      return left > 0;
    },
    show(rows: readonly Bytes[]): void {
      resting = false;
      for (let i = 0; i < ROWS; i++) wanted[i] = i < rows.length ? ((rows[i] as Bytes) + BLANK).substr(0, ROW_SIZE) : BLANK;
      const status = board.i2cRead(ADDRESS, 0, 1);
      const lost = on && (status.charCodeAt(0) & OFF) !== 0;
      if (status === '' || board.font(0, 3) !== FONT_MAGIC) left = 0;
      else {
        left--;
        if (left <= 0 || lost) {
          on = on && left === 0 && !lost;
          left = AGAIN;
          there = ['', '', '', ''];
          at = end;
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
