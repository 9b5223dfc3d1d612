/** All parts of a seal on one board. The first thing it does is to let go of the bolt and to stop the motor. */
import type { Board } from '../board/board';
import type { Parts } from '../core/parts';
import { createBolt } from './bolt';
import { createCamera } from './camera';
import { createDie } from './die';
import { createDisplay } from './display';
import { createSwitches } from './expander';
import { createReader } from './fingerprint';
import { createKeypad } from './keypad';
import { createMotion } from './motion';
import { createPosition } from './position';
import { createSignal } from './signal';
import { createStamper } from './stamper';
import { createTray } from './tray';

export function createParts(board: Board): Parts {
  board.bolt(false);
  board.motor(0);
  const switches = createSwitches(board);
  const stamper = createStamper(board, switches);
  const tray = createTray(board, switches);
  const reader = createReader(board);
  return {
    bolt: createBolt(board, switches),
    stamper,
    camera: createCamera(board),
    reader,
    keypad: createKeypad(board),
    tray,
    display: createDisplay(board),
    die: createDie(board, switches),
    power: {
      millivolts(): number {
        return board.battery();
      },
      usb(): boolean {
        return board.usbPower();
      },
    },
    motion: createMotion(board),
    position: createPosition(board),
    signal: createSignal(board, switches, tray.watch),
    alive(): boolean {
      return tray.alive() && stamper.alive() && reader.alive();
    },
  };
}
