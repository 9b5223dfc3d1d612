/** From power-on to a running device, on any board and with any parts. */
import type { Board } from '../board/board';
import { Device } from './device';
import { guardBoard } from './guard';
import { Keys } from './keys';
import type { Parts } from './parts';
import { readIdentity } from './provision';
import type { Handle } from './session';

/** Milliseconds between two kicks of the watchdog on a unit that is not provisioned. */
const REST = 1000;

function safe(board: Board): void {
  board.bolt(false);
  board.motor(0);
}

function rest(board: Board): void {
  safe(board);
  board.kick();
  board.after(REST, () => rest(board));
}

/** Makes everything safe, then the parts, then the device. Undefined: not provisioned; the unit stays locked and silent. */
export function run(board: Board, makeParts: (board: Board) => Parts, handle: Handle): Device | undefined {
  safe(board);
  let device: Device | undefined;
  guardBoard(board, (call) => {
    if (device !== undefined) return device.guard(call);
    try {
      call();
    } catch {
      safe(board);
    }
  });
  try {
    const parts = makeParts(board);
    const keys = new Keys(board.natives, board.vault);
    const identity = readIdentity(keys.open());
    if (identity === undefined || keys.seq < 0) rest(board);
    else {
      const d = new Device(board, parts, identity, keys, handle);
      d.start();
      device = d;
    }
  } catch {
    // Nobody kicks the watchdog now: the reset it brings is the next try.
    safe(board);
  }
  return device;
}
