/**
 * The ports of a bridge: those that its configuration names, and those that a finder meets (USB devices by their ids).
 * Each has a supervisor; one that was found and stays away goes again, so that a year of plugging leaves nothing behind.
 */
import type { Cancel, Clock } from '../common/clock';
import type { Log } from '../common/log';
import type { Supervisor } from './supervisor';
import type { Transport } from './transport';

/** Looks what there is. A transport keeps its name as long as it means the same place. */
export interface Finder {
  /** What is there now, by the transports' names; `make` is called for a new name only. Never rejects. */
  find(): Promise<{ name: string; make(): Transport }[]>;
}

/** Milliseconds between two looks, and after which an empty place is forgotten. */
const FIND_EVERY = 1_000;
const FORGET_AFTER = 600_000;
/** Ports found at once: more is no office but an attack on the memory. */
const FOUND_LIMIT = 1_000;

export interface PortsOptions {
  transports: readonly Transport[];
  finders: readonly Finder[];
  supervise(transport: Transport): Supervisor;
  clock: Clock;
  log: Log;
  /** A port that was found is no more. */
  gone?(name: string): void;
}

interface Found {
  supervisor: Supervisor;
  /** When it was there last; `there` whether it was at the last look. */
  at: number;
  there: boolean;
}

export class Ports {
  private readonly o: PortsOptions;
  private readonly named: Supervisor[];
  private readonly found = new Map<string, Found>();
  private timer: Cancel | undefined;
  private running = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(options: PortsOptions) {
    this.o = options;
    this.named = options.transports.map((transport) => options.supervise(transport));
  }

  /** All of them, the named ones first. */
  get all(): readonly Supervisor[] {
    return [...this.named, ...[...this.found.values()].map(({ supervisor }) => supervisor)];
  }

  start(): void {
    this.running = true;
    for (const port of this.named) port.start();
    if (this.o.finders.length > 0) this.looking = this.look();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.timer?.();
    await this.looking;
    await Promise.all(this.all.map((port) => port.stop()));
  }

  private async look(): Promise<void> {
    const now = this.o.clock.now();
    const names = new Map<string, () => Transport>();
    for (const finder of this.o.finders) {
      for (const { name, make } of await finder.find().catch(() => [])) names.set(name, make);
    }
    if (!this.running) return;
    for (const [name, make] of names) this.seen(name, make, now);
    const leaving: Promise<void>[] = [];
    for (const [name, one] of this.found) {
      if (names.has(name)) continue;
      one.there = false;
      if (now - one.at < FORGET_AFTER || one.supervisor.state.name === 'ready') continue;
      this.found.delete(name);
      leaving.push(one.supervisor.stop().then(() => this.o.gone?.(name)));
    }
    await Promise.all(leaving);
    if (this.running) this.timer = this.o.clock.after(FIND_EVERY, () => (this.looking = this.look()));
  }

  private seen(name: string, make: () => Transport, now: number): void {
    const known = this.found.get(name);
    if (known !== undefined) {
      if (!known.there) known.supervisor.appeared();
      known.there = true;
      known.at = now;
      return;
    }
    if (this.found.size >= FOUND_LIMIT || this.named.some((port) => port.name === name)) return;
    const supervisor = this.o.supervise(make());
    this.found.set(name, { supervisor, at: now, there: true });
    this.o.log.info('port found', { port: name });
    supervisor.start();
  }
}
