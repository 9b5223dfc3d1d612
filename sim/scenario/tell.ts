/** Tells what happens to a unit, as somebody who stands beside it would see and hear it. */
import { words } from '../cli/texts';
import type { Event } from '../world/world';
import type { Bench } from './bench';

/** How long lamps must stand before they are told, ms. */
const BLINK_MS = 15;

export function tellEvents(bench: Bench): void {
  const { unit, scene } = bench;
  unit.on('boot', () => bench.tell('boot', words('固件启动', 'The firmware starts')));
  unit.on('cut', () => bench.tell('cut', words('断电：一切停止', 'Power is gone: everything stops')));
  unit.on('reset', () => bench.tell('reset', words('处理器复位', 'The processor resets')));
  unit.on('hang', () => bench.tell('hang', words('固件停顿，等待看门狗', 'The firmware hangs; the watchdog will reset it')));
  unit.on('exception', (error) => bench.tell('exception', words(`固件异常：${String(error)}`, `Exception in the firmware: ${String(error)}`), { error: String(error) }));
  unit.on('bolt', (open) => bench.tell('bolt', open ? words('锁销打开', 'The bolt opens') : words('锁销锁上', 'The bolt locks'), { open }));
  unit.on('stroke', (stroke) => {
    const on = stroke.page === undefined ? words('空托盘（没有纸）', 'the bare tray, there is no paper') : words(`纸上 (${stroke.x.toFixed(1)}, ${stroke.y.toFixed(1)}) 毫米处`, `the paper at (${stroke.x.toFixed(1)}, ${stroke.y.toFixed(1)}) mm`);
    bench.tell('stroke', words(`印章落在${on.zh}`, `The die touches ${on.en}`), { page: stroke.page?.id ?? null, x: Number(stroke.x.toFixed(2)), y: Number(stroke.y.toFixed(2)), die: stroke.die.rom });
  });
  scene.onPhoto = (view, bytes) => bench.tell('photo', words(`拍照：${view.page ? '有纸' : '空托盘'}，${bytes} 字节`, `Photo of ${view.page ? 'the page' : 'the empty tray'}, ${bytes} bytes`), { bytes, page: view.page?.id ?? null });
  unit.port.onState((connected) => bench.tell('link', connected ? words('USB 已接通', 'USB is up') : words('USB 断开', 'USB is down'), { connected }));
  tellLamps(bench);
}

function tellLamps(bench: Bench): void {
  let told = '';
  let blink: Event | undefined;
  const tell = (): void => {
    blink = undefined;
    const { green, red, tray } = bench.unit.truth.lamps;
    const line = `${green}${red}${tray}`;
    if (line === told) return;
    told = line;
    const lit = (yes: boolean): string => (yes ? '●' : '○');
    bench.tell('lamps', words(`灯：绿 ${lit(green)}  红 ${lit(red)}  托盘 ${lit(tray)}`, `Lamps: green ${lit(green)}  red ${lit(red)}  tray ${lit(tray)}`), { green, red, tray });
  };
  bench.unit.on('lamp', (name, on) => {
    if (name === 'buzzer') {
      if (on) bench.tell('buzzer', words('蜂鸣', 'Beep'));
      return;
    }
    // Several lamps change at one moment, and some only flicker: what stands after a blink of an eye is told.
    blink ??= bench.world.after(BLINK_MS, tell);
  });
}
