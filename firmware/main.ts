import type { Board } from './board/board';
import { handle } from './commands/index';
import type { Device } from './core/device';
import { run } from './core/run';
import { createParts } from './drivers/parts';

/** Starts the firmware on a board. Undefined: the unit is not provisioned; it stays locked and silent. */
export function start(board: Board): Device | undefined {
  return run(board, createParts, handle);
}
