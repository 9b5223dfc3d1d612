/**
 * A program of the house with its files: it can end from one instant to the next, and begin again with what the files held
 * at that instant. A crash copies the files and lets the old program run out on the originals, where nobody looks.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { bytePortTransport, createBridge, type Bridge } from '../../host-bridge/bridge';
import { SILENT, type Clock } from '../../host-bridge/common';
import { createDesk, type BridgeTransport, type Desk } from '../../host-bridge/desk';
import { nodeNatives } from '../../host-bridge/natives';
import type { BytePort } from '../unit/port';
import type { World } from '../world/world';
import { deskFiles, WALL, type Stock } from './house-stock';
import { INSPECTOR } from './inspector';

/** One run of a program, from start to end. */
export class Life {
  alive = true;
  private readonly last: (() => void)[] = [];

  constructor(private readonly world: World) {}

  /** Virtual time; nothing it was to bring comes after the end. */
  readonly clock: Clock = {
    wall: () => WALL + Math.floor(this.world.now),
    now: () => Math.floor(this.world.now),
    after: (ms, call) => {
      const event = this.world.after(ms, () => {
        if (!this.alive) return;
        this.world.touch();
        call();
      });
      return () => this.world.cancel(event);
    },
  };

  atEnd(call: () => void): void {
    this.last.push(call);
  }

  end(): void {
    this.alive = false;
    for (const call of this.last.splice(0)) call();
    this.world.touch();
  }
}

/** What bridge and desk have in common. */
abstract class Host<T> {
  /** Undefined: it does not run. */
  program: T | undefined;
  life: Life;
  private generation = 0;
  private starting: Promise<void> | undefined;
  private folder: string;
  private kept: string | undefined;
  private lock: InstanceType<typeof DatabaseSync> | undefined;

  constructor(protected readonly world: World, private readonly ground: string, readonly name: string) {
    this.life = new Life(world);
    this.folder = path.join(ground, `${name} 0`);
    mkdirSync(this.folder, { recursive: true });
  }

  protected abstract make(folder: string, life: Life): Promise<T>;
  protected abstract finish(program: T): Promise<void>;
  protected abstract database(folder: string): string;

  get files(): string {
    return this.folder;
  }

  /** Begins it, unless it runs. Time stands still until it does. */
  async start(): Promise<void> {
    if (this.program !== undefined) return;
    // Asked for twice at one instant it would run twice, on the same files.
    this.starting ??= this.begin().finally(() => (this.starting = undefined));
    return this.starting;
  }

  private async begin(): Promise<void> {
    const life = new Life(this.world);
    this.life = life;
    this.program = await this.make(this.folder, life);
    this.world.touch();
  }

  /** Ends it as a person would: it may tidy up. */
  async stop(): Promise<void> {
    const { program } = this;
    this.program = undefined;
    if (program === undefined) return;
    this.free();
    this.life.end();
    await this.finish(program);
  }

  /** No more from this instant on; the files stay as they are. */
  crash(): void {
    const { program, folder } = this;
    if (program === undefined) return;
    this.free();
    this.folder = this.copy(folder, `${this.name} ${++this.generation}`);
    this.program = undefined;
    this.life.end();
    void this.world.pendingJob(this.finish(program).then(() => rmSync(folder, { recursive: true, force: true })));
  }

  /** Keeps a copy of the files as they are now. */
  keep(): void {
    this.kept = this.copy(this.folder, `${this.name} kept`);
  }

  /** Crashes, and puts the copy in place of the files. False: there is none. */
  restore(): boolean {
    if (this.kept === undefined || this.program === undefined) return false;
    this.crash();
    rmSync(this.folder, { recursive: true });
    this.folder = this.copy(this.kept, path.basename(this.folder));
    return true;
  }

  /** Another program holds the database: nothing can be written. */
  hold(): void {
    if (this.lock !== undefined || this.program === undefined) return;
    this.lock = new DatabaseSync(this.database(this.folder));
    this.lock.exec('BEGIN IMMEDIATE');
  }

  free(): void {
    this.lock?.close();
    this.lock = undefined;
  }

  private copy(from: string, name: string): string {
    const to = path.join(this.ground, name);
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
    return to;
  }
}

export interface PortOfUnit {
  name: string;
  /** Hexadecimal. */
  device: string;
  linkKey: Buffer;
  port: BytePort;
}

export class BridgeHost extends Host<Bridge> {
  readonly ports: PortOfUnit[] = [];
  /** Called before the bridge hears what a device has sent; true: it does not any more. */
  onHeard: (() => boolean) | undefined;

  protected async make(folder: string, life: Life): Promise<Bridge> {
    const { world } = this;
    const random = world.random.fork(`${this.name} ${world.now}`);
    const bridge = await createBridge({
      database: this.database(folder),
      spool: path.join(folder, 'spool'),
      tokens: [{ name: 'desk', sha256: TOKEN_SHA256, scopes: ['read', 'permit', 'grant'] }],
      linkKeys: new Map(this.ports.map(({ device, linkKey }) => [device, linkKey.toString('latin1')])),
      transports: this.ports.map((one) => bytePortTransport(one.name, this.end(one.port, life))),
      natives: { ...nodeNatives, random: (length) => random.bytes(length).toString('latin1') },
      clock: life.clock,
      random: () => random.fraction(),
      log: SILENT,
    });
    bridge.start();
    return bridge;
  }

  /** The bridge's end of a cable, as long as it lives. */
  private end(port: BytePort, life: Life) {
    return {
      get connected() {
        return port.connected;
      },
      write: (bytes: Buffer) => {
        if (life.alive) port.write(bytes);
      },
      onData: (receive: (bytes: Buffer) => void) => {
        life.atEnd(port.onData((bytes) => {
          if (life.alive && this.onHeard?.() !== true) receive(bytes);
        }));
      },
      onState: (call: (connected: boolean) => void) => {
        life.atEnd(port.onState((connected) => {
          if (life.alive) call(connected);
        }));
      },
    };
  }

  protected finish(bridge: Bridge): Promise<void> {
    return bridge.stop();
  }

  protected database(folder: string): string {
    return path.join(folder, 'bridge.db');
  }
}

export class DeskHost extends Host<Desk> {
  /** Whether it follows its bridges. */
  follows = true;

  constructor(world: World, ground: string, private readonly stock: Stock, private readonly bridges: () => { name: string; transport: BridgeTransport }[]) {
    super(world, ground, 'desk');
  }

  protected async make(folder: string, life: Life): Promise<Desk> {
    const random = this.world.random.fork(`desk ${this.world.now}`);
    const desk = await createDesk({
      ...deskFiles(folder), keys: this.stock.keys, clock: life.clock, random: (length) => random.bytes(length), log: SILENT, bridges: this.bridges(), comparer: INSPECTOR,
    });
    if (this.follows) desk.start();
    return desk;
  }

  protected finish(desk: Desk): Promise<void> {
    return desk.close();
  }

  protected database(folder: string): string {
    return deskFiles(folder).database;
  }
}

/** Under which the desk is known to the bridges. */
export const TOKEN = 'desk';
const TOKEN_SHA256 = createHash('sha256').update(TOKEN).digest('hex');
