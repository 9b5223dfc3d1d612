/**
 * Bolt: a solenoid that pulls while its pin is high, and a feedback switch that is closed when the bolt is. A hardware
 * one-shot drops the coil 3 s after the pin rose; the driver lets go before that, so that the one-shot is never the one
 * that ends a use.
 */
import type { Board } from '../board/board';
import type { Bolt } from '../core/parts';
import { Input, type Switches } from './expander';

/** ms */
const LONGEST_PULL = 2500;

export function createBolt(board: Board, switches: Switches): Bolt {
  let timer = 0;
  let pulling = false;

  function close(): void {
    board.bolt(false);
    if (pulling) board.cancel(timer);
    pulling = false;
  }

  close();
  return {
    open(): void {
      // A running pull is not made longer.
      if (pulling) return;
      pulling = true;
      timer = board.after(LONGEST_PULL, function () {
        pulling = false;
        board.bolt(false);
      });
      board.bolt(true);
    },
    close,
    closed(): boolean {
      const closed = switches.read();
      return closed >= 0 && (closed & Input.BOLT) !== 0;
    },
  };
}
