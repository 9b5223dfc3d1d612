/** One simulated unit in real time: bench, wires and state, put together and told on a screen. */
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../host-bridge/cli/system';
import { RealTime, World, type Program } from '../index';
import { openPty, serveTcp, type Pty, type TcpPort } from '../io';
import { Bench, Recorder } from '../scenario';
import { replaceFile } from '../scenario/commands/hands';
import type { Unit as Described } from './identity';
import { inspector } from './inspector';
import type { Screen } from './screen';
import type { StateFolder } from './state';
import { SimError, words } from './texts';

export interface SessionOptions {
  described: Described;
  bundle: Program;
  seed: number;
  pty?: string;
  tcp?: { host: string; port: number };
  baud?: number;
  state?: StateFolder;
  /** Default picture of the die. */
  dieImage: string;
  /** Whether the bench office has the cable. */
  office: boolean;
}

/** How often changed flash goes to disk, ms. */
const SAVE_MS = 400;
const CHARGE = 90;

export class Session {
  readonly world: World;
  readonly bench: Bench;
  private readonly recorder: Recorder;
  private readonly real: RealTime;
  private pty: Pty | undefined;
  private tcp: TcpPort | undefined;
  private wires: Promise<void> = Promise.resolve();
  private saving: (() => void) | undefined;
  private saveFailed = false;
  /** Scenarios that this session has written. */
  private readonly written = new Set<string>();
  private recording: string | undefined;
  private recordFailed = false;
  private ending: (() => void)[] = [];
  private readonly pages = inspector();

  constructor(
    readonly options: SessionOptions,
    readonly screen: Screen,
  ) {
    const { described, state, seed } = options;
    const clock = systemClock();
    this.world = new World({ seed });
    const flash = state?.load(described.deviceId);
    this.bench = new Bench({
      world: this.world, bundle: options.bundle, identity: described.identity, deviceId: described.deviceId, people: described.people, teller: screen, seed, photographs: true,
      inspector: this.pages, die: described.die.rom, dieImage: described.die.image ?? options.dieImage, flash, charge: CHARGE / 100, office: options.office, epoch: Math.floor(clock.wall() / 1000),
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
    this.recorder = new Recorder(this.bench, { seed, battery: CHARGE });
    const { hooks } = this.bench;
    hooks.stop = () => this.stop();
    hooks.wires = () => [this.pty?.path, this.tcp && `${this.tcp.host}:${this.tcp.port}`].filter((one) => one !== undefined);
    if (screen.show) hooks.show = screen.show.bind(screen);
    if (options.office && flash === undefined) hooks.record = (file) => this.write(file);
  }

  /** Powers the unit and runs until stop(). Rejects where the world breaks. */
  async run(): Promise<void> {
    const { options } = this;
    const { unit } = this.bench;
    if (options.tcp) {
      const { host, port } = options.tcp;
      try {
        this.tcp = await serveTcp(unit.port, { host, port, onHost: (there) => this.bench.tell('host', there ? words('主机已连上 TCP', 'A host is on the TCP port') : words('主机已离开 TCP', 'The host has left the TCP port'), { there }) });
      } catch (error) {
        throw new SimError('TCP', `${host}:${port} ${(error as NodeJS.ErrnoException).code ?? ''}`);
      }
      this.bench.tell('tcp', words(`TCP 端口：${host}:${this.tcp.port}`, `TCP port: ${host}:${this.tcp.port}`), { host, port: this.tcp.port });
    }
    // Opened once before the unit runs, so that a path which cannot be had is told at once.
    if (options.pty !== undefined) await this.openWire();
    unit.port.onState((connected) => this.cable(connected));
    unit.power.on();
    this.saveSoon();
    const stopped = new Promise<void>((resolve) => this.ending.push(resolve));
    try {
      await Promise.race([stopped, this.real.run()]);
    } finally {
      this.saving?.();
      this.real.stop();
      await this.wires;
      this.pages.close();
      await this.pty?.close();
      await this.tcp?.close();
      this.keep();
    }
  }

  /** What stays of a session that is over. @throws SimError STATE, FILE; the one does not keep the other from being written */
  private keep(): void {
    const { state, described } = this.options;
    try {
      state?.save(described.deviceId, this.bench.unit.flash);
    } finally {
      state?.close();
      this.screen.close();
      if (this.recording !== undefined) this.write(this.recording);
    }
  }

  /** Carries out one line. @throws SimError and errors of the parts */
  async perform(line: string): Promise<void> {
    try {
      await this.recorder.perform(line);
    } finally {
      this.keepRecord();
    }
  }

  /** From now on the session stands in this file as a scenario, however it ends. @throws SimError RECORD_STATE, FILE_EXISTS, FILE */
  record(file: string): void {
    if (this.bench.hooks.record === undefined) throw new SimError('RECORD_STATE');
    this.write(file);
    this.recording = file;
  }

  private keepRecord(): void {
    if (this.recording === undefined) return;
    try {
      this.write(this.recording);
      this.recordFailed = false;
    } catch (error) {
      // The end of the session tries again, and fails where this still fails.
      if (!this.recordFailed) this.screen.error(error);
      this.recordFailed = true;
    }
  }

  /** A file that was there before is somebody's work, a scenario edited by hand perhaps. */
  private write(file: string): void {
    if (!this.written.has(file)) {
      try {
        writeFileSync(file, '', { flag: 'wx' });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new SimError(code === 'EEXIST' ? 'FILE_EXISTS' : 'FILE', code === 'EEXIST' ? file : `${file} ${code ?? ''}`);
      }
      this.written.add(file);
    }
    replaceFile(file, this.recorder.text());
  }

  stop(): void {
    for (const end of this.ending.splice(0)) end();
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
  }

  private async openWire(): Promise<void> {
    const link = this.options.pty!;
    const beside = path.dirname(path.resolve(link));
    if (link !== '' && statSync(beside, { throwIfNoEntry: false })?.isDirectory() !== true) throw new SimError('PTY_PATH', `${link}: there is no folder ${beside}`);
    this.pty = await openPty(this.bench.unit.port, { timers: systemClock(), ...(link === '' ? {} : { link: path.resolve(link) }) });
    this.bench.tell('pty', words(`串口：${this.pty.path}`, `Serial port: ${this.pty.path}`), { path: this.pty.path, device: this.pty.device });
  }

  private saveSoon(): void {
    const { state, described } = this.options;
    if (!state) return;
    this.saving = systemClock().after(SAVE_MS, () => {
      try {
        state.save(described.deviceId, this.bench.unit.flash);
        this.saveFailed = false;
      } catch (error) {
        // Said once, not several times a second, until it is well again.
        if (!this.saveFailed) this.screen.error(error);
        this.saveFailed = true;
      }
      this.saveSoon();
    });
  }
}
