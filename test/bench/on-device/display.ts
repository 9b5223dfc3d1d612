/** What the display costs: rows made of the device's state, one slice, and the whole glass drawn. The bus itself is not in it. */
import type { Board } from '../../../firmware/board/board';
import { createFont } from '../../../firmware/board/interpreter';
import type { Device } from '../../../firmware/core/device';
import { Screen } from '../../../firmware/core/screen';
import { newUse } from '../../../firmware/core/use';
import { State } from '../../../firmware/core/state';
import { createDisplay } from '../../../firmware/drivers/display';
import type { Bytes } from '../../../protocol/natives';

/** @param what 'rows', 'slice', 'redraw' in Chinese, 'redrawEnglish' */
export function displayPass(what: string): () => unknown {
  const timers: (() => void)[] = [];
  let sent = 0;
  const board = {
    font: createFont(),
    uptime: () => 1000,
    after(_ms: number, call: () => void): number {
      timers.push(call);
      return 1;
    },
    i2cWrite(): boolean {
      sent++;
      return true;
    },
    i2cRead: () => '\0',
  };
  const display = createDisplay(board as unknown as Board);
  let shown: readonly Bytes[] = [];
  const state = new State();
  state.language = what === 'redrawEnglish' ? 1 : 0;
  const use = newUse();
  const device = {
    board, state, use, sessions: [], prompt: undefined, uptime: board.uptime, clock: { now: () => 1800000000 },
    parts: { power: { millivolts: () => 3900, usb: () => false }, display: { show: (rows: readonly Bytes[]) => (shown = rows) } },
  };
  const screen = new Screen(device as unknown as Device);

  function run(most: number): void {
    for (let i = 0; i < most && timers.length > 0; i++) (timers.shift() as () => void)();
  }

  function rows(): boolean {
    screen.changed();
    run(1);
    return shown.length === 4;
  }

  rows();
  const blank = ['', '', '', ''];
  if (what === 'rows') return rows;
  if (what === 'slice') {
    // Two cells of Chinese, another one each time.
    let turn = 0;
    const texts = [shown[1] as Bytes, shown[2] as Bytes];
    display.show([texts[0] as Bytes]);
    run(99);
    return function (): boolean {
      turn = 1 - turn;
      display.show([((texts[turn] as Bytes).substr(4, 4) + (texts[0] as Bytes)).substr(0, 16)]);
      run(1);
      return sent > 0;
    };
  }
  return function (): boolean {
    display.show(blank);
    run(99);
    sent = 0;
    display.show(shown);
    run(99);
    return sent > 8;
  };
}
