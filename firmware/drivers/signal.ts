/** Lamps and buzzer on port B of the expander. The tray's light burns while a use is open, or somebody looks on: the camera needs it. */
import type { Board } from '../board/board';
import type { Parts } from '../core/parts';
import { Lamp, type Switches } from './expander';

/** ms */
const SHORT = 80;
const LONG = 600;

/** onBusy hears whether a use is open. */
export function createSignal(board: Board, switches: Switches, onBusy: (busy: boolean) => void): Parts['signal'] {
  let base = 0;
  let alarmed = 0;
  let sign = 0;
  let light = 0;
  let dimmed = false;
  let timer = 0;

  function show(): void {
    switches.lamps((dimmed ? 0 : base) | light | (alarmed !== 0 ? Lamp.RED : 0) | sign);
  }

  function end(): void {
    sign = 0;
    show();
  }

  /** A sign for so long; a new one takes the place of the one before. */
  function give(bits: number, ms: number): void {
    if (sign !== 0) board.cancel(timer);
    sign = bits;
    timer = board.after(ms, end);
    show();
  }

  return {
    ready(): void {
      base = Lamp.GREEN;
      show();
      onBusy(false);
    },
    busy(): void {
      base = Lamp.GREEN | Lamp.TRAY;
      show();
      onBusy(true);
    },
    alarm(bits: number): void {
      if (bits & ~alarmed) give(Lamp.BUZZER, LONG);
      alarmed = bits;
      show();
    },
    good(): void {
      give(Lamp.BUZZER, SHORT);
    },
    bad(): void {
      give(Lamp.BUZZER | Lamp.RED, LONG);
    },
    dim(on: boolean): void {
      dimmed = on;
      show();
    },
    tray(on: boolean): void {
      light = on ? Lamp.TRAY : 0;
      show();
    },
  };
}
