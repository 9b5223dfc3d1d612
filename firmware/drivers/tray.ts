/**
 * Lid, paper, die and case switches, debounced: a change counts when two readings 20 ms apart say the same. The switches are
 * read every 20 ms while a use is open, else once a second (battery); a changed reading is confirmed after 20 ms in
 * both cases.
 */
import type { Board } from '../board/board';
import type { Tray } from '../core/parts';
import { Input, type Switches } from './expander';

/** ms */
const WATCHFUL = 20;
const IDLE = 1000;
const LATE = 2000;

export interface WatchedTray extends Tray {
  /** Reads often (a use is open) or rarely. */
  watch(often: boolean): void;
  alive(): boolean;
}

export function createTray(board: Board, switches: Switches): WatchedTray {
  /** Bits of Input, or -1 while the switches do not answer. */
  let stable = -1;
  let candidate = -1;
  let often = false;
  let timer = 0;
  let last = board.uptime();
  let changed: (() => void) | undefined;

  function look(): void {
    last = board.uptime();
    const now = switches.read();
    timer = board.after(often || now !== stable ? WATCHFUL : IDLE, look);
    const settled = now === candidate && now !== stable;
    candidate = now;
    if (settled) {
      stable = now;
      if (changed) changed();
    }
  }

  function is(bit: Input): boolean {
    return stable >= 0 && (stable & bit) !== 0;
  }

  timer = board.after(0, look);
  return {
    lidClosed(): boolean {
      return is(Input.LID);
    },
    paper(): boolean {
      return is(Input.PAPER);
    },
    diePresent(): boolean {
      return is(Input.DIE);
    },
    caseClosed(): boolean {
      return is(Input.CASE);
    },
    onChange(call: () => void): void {
      changed = call;
    },
    fault(): boolean {
      return stable < 0;
    },
    fresh(): boolean {
      return switches.read() === stable;
    },
    watch(wanted: boolean): void {
      if (wanted === often) return;
      often = wanted;
      board.cancel(timer);
      timer = board.after(0, look);
    },
    alive(): boolean {
      return board.uptime() - last < LATE;
    },
  };
}
