/** One simulated unit in real time: world, unit, wires and state, put together and told on a screen. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../host-bridge/cli/system';
import type { Die, Unit, View } from '../index';
import type { Event } from '../world/world';
import { createUnit, PhotoScene, readFace, RealTime, romCode, World } from '../index';
import { openPty, serveTcp, type Pty, type TcpPort } from '../io';
import type { Unit as Described } from './identity';
import type { Screen } from './screen';
import type { StateFolder } from './state';
import { SimError, words, type Words } from './texts';

export interface SessionOptions {
  described: Described;
  /** Code of the bundle. */
  bundle: string;
  seed: number;
  pty?: string;
  tcp?: { host: string; port: number };
  baud?: number;
  state?: StateFolder;
  /** Default picture of the die. */
  dieImage: string;
}

/** How often changed flash goes to disk, ms. */
const SAVE_MS = 400;
/** How long lamps must stand before they are told, ms. */
const BLINK_MS = 15;

/** The scene, and what each photo was. */
class WatchedScene extends PhotoScene {
  photos = 0;
  onPhoto: ((view: View, bytes: number) => void) | undefined;

  override async jpeg(view: View): Promise<Buffer> {
    const jpeg = await super.jpeg(view);
    this.photos++;
    this.onPhoto?.(view, jpeg.length);
    return jpeg;
  }

  /** A photo that the unit does not know of. */
  render(view: View): Promise<Buffer> {
    return super.jpeg(view);
  }
}

export class Session {
  readonly world: World;
  readonly unit: Unit;
  readonly scene: WatchedScene;
  /** Dies that lie beside the unit. */
  readonly outside: Die[] = [];
  /** Counts the sheets laid down, as the tray does. */
  laid = 0;
  pty: Pty | undefined;
  tcp: TcpPort | undefined;
  private readonly real: RealTime;
  private wires: Promise<void> = Promise.resolve();
  private saving: (() => void) | undefined;
  private lamps = '';
  private blink: Event | undefined;
  private ending: (() => void)[] = [];
  private readonly die: Die;

  constructor(
    readonly options: SessionOptions,
    readonly screen: Screen,
  ) {
    const { described, state } = options;
    const clock = systemClock();
    this.world = new World({ seed: options.seed });
    this.scene = new WatchedScene(options.seed);
    this.die = { rom: described.die.rom ?? romCode(1), face: { name: 'company', widthMm: 42, heightMm: 42 } };
    const flash = state?.load(described.deviceId);
    this.unit = createUnit(this.world, {
      bundle: options.bundle,
      identity: described.identity,
      scene: this.scene,
      die: this.die,
      ...(flash === undefined ? {} : { flash }),
      ...(options.baud === undefined ? {} : { port: { baud: options.baud } }),
    });
    this.real = new RealTime(this.world, {
      now: () => clock.now(),
      sleep: (ms) => {
        let wake = (): void => undefined;
        const done = new Promise<void>((resolve) => (wake = resolve));
        const cancel = clock.after(ms, wake);
        return { done, wake: () => (cancel(), wake()) };
      },
    });
    this.tellWhatHappens();
  }

  /** Powers the unit and runs until stop(). Rejects where the world breaks. */
  async run(): Promise<void> {
    const { screen, options } = this;
    if (options.tcp) {
      const { host, port } = options.tcp;
      try {
        this.tcp = await serveTcp(this.unit.port, { host, port, onHost: (there) => this.tell('host', there ? words('主机已连上 TCP', 'A host is on the TCP port') : words('主机已离开 TCP', 'The host has left the TCP port'), { there }) });
      } catch (error) {
        throw new SimError('TCP', `${host}:${port} ${(error as NodeJS.ErrnoException).code ?? ''}`);
      }
      this.tell('tcp', words(`TCP 端口：${host}:${this.tcp.port}`, `TCP port: ${host}:${this.tcp.port}`), { host, port: this.tcp.port });
    }
    // Opened once before the unit runs, so that a path which cannot be had is told at once.
    if (options.pty !== undefined) await this.openWire();
    this.unit.port.onState((connected) => this.cable(connected));
    this.unit.power.on();
    this.saveSoon();
    const stopped = new Promise<void>((resolve) => this.ending.push(resolve));
    try {
      await Promise.race([stopped, this.real.run()]);
    } finally {
      this.saving?.();
      this.real.stop();
      await this.wires;
      await this.pty?.close();
      await this.tcp?.close();
      options.state?.save(options.described.deviceId, this.unit.flash);
      options.state?.close();
      screen.close();
    }
  }

  stop(): void {
    for (const end of this.ending.splice(0)) end();
  }

  /** Resolves after so many milliseconds, or when the session ends. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = systemClock().after(ms, resolve);
      this.ending.push(() => (cancel(), resolve()));
    });
  }

  /** What the camera would see, taken by the technician: the unit's own photos are left out of the count. */
  picture(view: Omit<View, 'photo' | 'laid'>): Promise<Buffer> {
    return this.scene.render({ ...view, laid: this.laid, photo: -1 });
  }

  tell(name: string, text: Words, data: Record<string, unknown> = {}): void {
    this.screen.event(name, text, data);
  }

  /** The die's picture is read when paper is near: until then it need not be known. */
  async loadRelief(): Promise<void> {
    if (this.die.face.relief) return;
    const { described, dieImage } = this.options;
    const face = await readFace(described.die.image ?? dieImage, path.basename(described.die.image ?? dieImage, '.png'));
    Object.assign(this.die.face, face);
  }

  /** The pseudo-terminal comes and goes with the cable, as the device file of a USB port does. */
  private cable(connected: boolean): void {
    if (!connected) this.tcp?.hangUp();
    this.wires = this.wires.then(async () => {
      if (connected && this.options.pty !== undefined && !this.pty) await this.openWire();
      if (!connected && this.pty) {
        await this.pty.close();
        this.pty = undefined;
      }
    }).catch((error: unknown) => this.screen.error(error));
    this.tell('link', connected ? words('USB 已接通', 'USB is up') : words('USB 断开', 'USB is down'), { connected });
  }

  private async openWire(): Promise<void> {
    const link = this.options.pty!;
    const beside = path.dirname(path.resolve(link));
    if (link !== '' && statSync(beside, { throwIfNoEntry: false })?.isDirectory() !== true) throw new SimError('PTY_PATH', `${link}: there is no folder ${beside}`);
    this.pty = await openPty(this.unit.port, { timers: systemClock(), ...(link === '' ? {} : { link: path.resolve(link) }) });
    this.tell('pty', words(`串口：${this.pty.path}`, `Serial port: ${this.pty.path}`), { path: this.pty.path, device: this.pty.device });
  }

  private saveSoon(): void {
    const { state, described } = this.options;
    if (!state) return;
    this.saving = systemClock().after(SAVE_MS, () => {
      try {
        state.save(described.deviceId, this.unit.flash);
      } catch (error) {
        this.screen.error(error);
      }
      this.saveSoon();
    });
  }

  private tellWhatHappens(): void {
    const { unit } = this;
    unit.on('boot', () => this.tell('boot', words('固件启动', 'The firmware starts')));
    unit.on('cut', () => this.tell('cut', words('断电：一切停止，锁销落下', 'Power is gone: everything stops, the bolt falls shut')));
    unit.on('reset', () => this.tell('reset', words('处理器复位', 'The processor resets')));
    unit.on('hang', () => this.tell('hang', words('固件停顿，等待看门狗', 'The firmware hangs; the watchdog will reset it')));
    unit.on('exception', (error) => this.tell('exception', words(`固件异常：${String(error)}`, `Exception in the firmware: ${String(error)}`), { error: String(error) }));
    unit.on('bolt', (open) => this.tell('bolt', open ? words('锁销打开', 'The bolt opens') : words('锁销锁上', 'The bolt locks'), { open }));
    unit.on('stroke', (stroke) => {
      const on = stroke.page === undefined ? words('空托盘（没有纸）', 'the bare tray, there is no paper') : words(`纸上 (${stroke.x.toFixed(1)}, ${stroke.y.toFixed(1)}) 毫米处`, `the paper at (${stroke.x.toFixed(1)}, ${stroke.y.toFixed(1)}) mm`);
      this.tell('stroke', words(`印章落在${on.zh}`, `The die touches ${on.en}`), { page: stroke.page?.id ?? null, x: Number(stroke.x.toFixed(2)), y: Number(stroke.y.toFixed(2)), die: stroke.die.rom });
    });
    unit.on('lamp', (name, on) => this.lamp(name, on));
    this.scene.onPhoto = (view, bytes) => this.tell('photo', words(`拍照：${view.page ? '有纸' : '空托盘'}，${bytes} 字节`, `Photo of ${view.page ? 'the page' : 'the empty tray'}, ${bytes} bytes`), { bytes, page: view.page?.id ?? null });
  }

  private lamp(name: string, on: boolean): void {
    if (name === 'buzzer') {
      if (on) this.tell('buzzer', words('蜂鸣', 'Beep'));
      return;
    }
    // Several lamps change at one moment, and some only flicker: what stands after a blink of an eye is told.
    this.blink ??= this.world.after(BLINK_MS, () => {
      this.blink = undefined;
      this.tellLamps();
    });
  }

  private tellLamps(): void {
    const { green, red, tray } = this.unit.truth.lamps;
    const line = `${green}${red}${tray}`;
    if (line === this.lamps) return;
    this.lamps = line;
    const lit = (yes: boolean): string => (yes ? '●' : '○');
    this.tell('lamps', words(`灯：绿 ${lit(green)}  红 ${lit(red)}  托盘 ${lit(tray)}`, `Lamps: green ${lit(green)}  red ${lit(red)}  tray ${lit(tray)}`), { green, red, tray });
  }
}
