/**
 * Events over MQTT 5 (OASIS Standard, 7 March 2019). A topic for each device and type of event, at least once and in order;
 * what a device is at, retained; a last will that says the bridge is gone. How far it has come is kept, so that a broker that
 * was away, or a bridge that was killed, loses nothing that the event log still has.
 */
import type { Cancel, Clock } from '../../common/clock';
import type { Store } from '../../common/database';
import type { EventLog, StoredEvent } from '../../common/events';
import type { Log } from '../../common/log';
import type { BridgeSchema } from '../tables';

export interface MqttMessage {
  retain: boolean;
  /** Quality of service 1: at least once. */
  qos: 1;
  properties: { contentType: string; userProperties?: Record<string, string> };
}

/** What is needed of a client library. */
export interface MqttClient {
  on(event: 'connect' | 'close', call: () => void): unknown;
  on(event: 'error', call: (error: Error) => void): unknown;
  /** Resolves when the broker has said that it has it. */
  publishAsync(topic: string, payload: string, options: MqttMessage): Promise<unknown>;
  endAsync(force?: boolean): Promise<void>;
}

export interface MqttWill {
  topic: string;
  payload: string;
  qos: 1;
  retain: true;
  properties: { contentType: string };
}

export interface MqttOptions {
  /** Connects, and again whenever the connection breaks. */
  connect(will: MqttWill): MqttClient;
  /** In front of every topic. */
  prefix: string;
  store: Store<BridgeSchema>;
  events: EventLog<BridgeSchema>;
  /** Only of these devices anything is told; null: of all. */
  only: ReadonlySet<string> | null;
  /** All devices, and what one is at now. */
  devices: Iterable<string>;
  state(device: string): object;
  clock: Clock;
  log: Log;
}

const PAGE = 100;
/** Where in the table `meta` it stands how far the broker has come. */
export const CURSOR = 'mqtt-through';
/** Fields of a status that change by themselves. */
const PASSING = new Set(['uptime', 'time', 'timeFloor', 'age']);
const JSON_TYPE = 'application/json';
/** Milliseconds after a device has come in which it has told its status as well. */
const SETTLED = 2_000;
/** Milliseconds that the broker gets to confirm what is under way when the bridge stops. */
const GRACE = 2_000;
/** Milliseconds before the next try after the store, or the client, failed. */
const AGAIN = 5_000;

export class MqttPublisher {
  private client: MqttClient | undefined;
  private connected = false;
  private stopping = false;
  private working: Promise<void> | undefined;
  private more = false;
  private through: number | undefined;
  private timer: Cancel | undefined;
  private published = 0;
  private failures = 0;
  private unlisten: Cancel = () => undefined;
  /** State told last, by device. */
  private readonly told = new Map<string, string>();

  constructor(private readonly o: MqttOptions) {}

  /** How it goes. `through`: the newest event that the broker has. */
  get figures(): { connected: boolean; published: number; failed: number; through: number } {
    return { connected: this.connected, published: this.published, failed: this.failures, through: this.through ?? 0 };
  }

  private get here(): string {
    return `${this.o.prefix}/bridge/state`;
  }

  start(): void {
    this.begin().catch((error: unknown) => {
      this.o.log.error('events not published', { why: error instanceof Error ? error.message : String(error) });
      this.timer = this.o.clock.after(AGAIN, () => this.start());
    });
  }

  private async begin(): Promise<void> {
    // Before the states are told, so that nothing which happens after that is left out.
    this.through ??= await this.read();
    if (this.stopping) return;
    const properties = { contentType: JSON_TYPE };
    const client = (this.client = this.o.connect({ topic: this.here, payload: JSON.stringify({ online: false }), qos: 1, retain: true, properties }));
    client.on('connect', () => {
      this.connected = true;
      this.o.log.info('broker connected');
      void this.greet(client);
    });
    client.on('close', () => {
      if (this.connected) this.o.log.warn('broker lost');
      this.connected = false;
    });
    client.on('error', (error) => this.o.log.warn('broker failed', { why: error.message }));
    this.unlisten = this.o.events.onMore(() => this.wake());
  }

  /** Says goodbye, so that the last will is not needed. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.unlisten();
    this.timer?.();
    const { client } = this;
    if (client === undefined) return;
    // A broker that takes a message and never says so would be waited for without end: what it has not confirmed is sent again.
    let patience: Cancel = () => undefined;
    const enough = new Promise<void>((resolve) => (patience = this.o.clock.after(GRACE, resolve)));
    let said = false;
    const goodbye = async (): Promise<void> => {
      await this.working;
      await this.send(this.here, { online: false }, true);
      said = true;
    };
    if (this.connected) await Promise.race([goodbye().catch(() => undefined), enough]);
    await client.endAsync(!said);
    await Promise.race([this.working, enough]);
    patience();
  }

  private async greet(client: MqttClient): Promise<void> {
    try {
      await this.send(this.here, { online: true, since: this.o.clock.wall() }, true);
      this.told.clear();
      await this.tellStates(this.o.devices);
      if (this.client === client) this.wake();
    } catch (error) {
      this.o.log.warn('broker not greeted', { why: error instanceof Error ? error.message : String(error) });
    }
  }

  private wake(): void {
    this.more = true;
    if (this.stopping || !this.connected || this.working !== undefined) return;
    this.working = this.work().finally(() => {
      this.working = undefined;
      if (this.more && this.timer === undefined) this.wake();
    });
  }

  private async work(): Promise<void> {
    const { events, log, clock } = this.o;
    try {
      this.more = false;
      const through = this.through ?? 0;
      const page = await events.after(through, PAGE);
      const oldest = page[0]?.id ?? 0;
      if (oldest > through + 1) await this.send(`${this.o.prefix}/bridge/reset`, { oldest }, false);
      const last = page.at(-1);
      if (last === undefined) return;
      // Handed over together: the client sends them in this order, and again in this order when the connection breaks.
      const told = page.filter(({ device }) => this.tells(device));
      const devices = new Set(told.map(({ device }) => device));
      await Promise.all([...told.map((event) => this.tell(event)), this.tellStates(devices)]);
      if (told.some(({ type }) => type === 'device.ready')) clock.after(SETTLED, () => void this.tellStates(devices).catch(() => undefined));
      await this.write(last.id);
      this.through = last.id;
      this.published += told.length;
      if (page.length === PAGE) this.more = true;
    } catch (error) {
      this.more = true;
      if (this.stopping) return;
      this.failures += 1;
      log.error('events not published', { why: error instanceof Error ? error.message : String(error) });
      this.timer = clock.after(AGAIN, () => {
        this.timer = undefined;
        this.wake();
      });
    }
  }

  private async tell({ id, type, device, at, data }: StoredEvent): Promise<void> {
    const topic = device === '' ? `${this.o.prefix}/bridge/events/${type}` : this.topic(device, `events/${type}`);
    await this.send(topic, { id, type, device, at, data }, false, { id: String(id) });
  }

  /** Tells what devices are at, where it is another than was told last; that time passes is no news. */
  private async tellStates(devices: Iterable<string>): Promise<void> {
    for (const device of devices) {
      if (!this.connected || device === '' || !this.tells(device)) continue;
      const state = this.o.state(device);
      const text = JSON.stringify(state, (key, value: unknown) => (PASSING.has(key) ? undefined : value));
      if (this.told.get(device) === text) continue;
      this.told.set(device, text);
      await this.send(this.topic(device, 'state'), state, true);
    }
  }

  private tells(device: string): boolean {
    return this.o.only === null || this.o.only.has(device);
  }

  private topic(device: string, what: string): string {
    return `${this.o.prefix}/devices/${device}/${what}`;
  }

  private async send(topic: string, payload: object, retain: boolean, userProperties?: Record<string, string>): Promise<void> {
    await this.client?.publishAsync(topic, JSON.stringify(payload), { qos: 1, retain, properties: { contentType: JSON_TYPE, ...(userProperties === undefined ? {} : { userProperties }) } });
  }

  /** A broker that is new here hears of what happens from now on. */
  private async read(): Promise<number> {
    const row = await this.o.store.read((db) => db.selectFrom('meta').select('value').where('name', '=', CURSOR).executeTakeFirst());
    if (row !== undefined) return Number(row.value);
    const { newest } = await this.o.events.bounds();
    await this.write(newest);
    return newest;
  }

  private async write(through: number): Promise<void> {
    const row = { name: CURSOR, value: String(through) };
    await this.o.store.commit((trx) => trx.insertInto('meta').values(row).onConflict((c) => c.column('name').doUpdateSet({ value: row.value })).execute());
  }
}
