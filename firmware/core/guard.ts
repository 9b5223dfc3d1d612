/** The one gate between the interpreter and the firmware: whatever a timer or a port calls runs inside of it. */
import type { Board, Port } from '../board/board';

function guardPort(port: Port, run: (call: () => void) => void): void {
  const on = port.onBytes.bind(port);
  port.onBytes = (receive) => on((bytes) => run(() => receive(bytes)));
}

/** Makes every call that comes from the board's timers and ports go through `run`. Changes the board given. */
export function guardBoard(board: Board, run: (call: () => void) => void): void {
  const after = board.after.bind(board);
  board.after = (ms, call) => after(ms, () => run(call));
  for (const link of board.links) guardPort(link, run);
  guardPort(board.reader, run);
}
