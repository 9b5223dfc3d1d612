/** The bridge put together. Clock, randomness and ports come in as arguments, so it runs in virtual time as well. */
import { statfsSync } from 'node:fs';
import { Registry } from 'prom-client';
import type { Natives } from '../../protocol';
import { createApp, type App, type AppOptions } from '../common/app';
import { Audit } from '../common/audit';
import { hexOf, toBuffer } from '../common/bytes';
import type { Clock, Random } from '../common/clock';
import { openStore, type Store } from '../common/database';
import { Problem } from '../common/errors';
import { EventLog } from '../common/events';
import type { Log } from '../common/log';
import { sseRoute } from '../common/sse';
import { PERSON, TokenTable, union, type TokenEntry } from '../common/tokens';
import { unknownDevice, type ApiContext } from './api/context';
import { metricsRoute } from './api/metrics';
import { outgoingMetrics } from './api/outgoing-metrics';
import { apiRoutes } from './api/routes';
import { supportRoutes } from './api/support';
import { webhookRoutes } from './api/webhooks';
import { Attendant } from './attend';
import { Captures } from './capture';
import type { LinkKeys } from './config';
import { Deliveries } from './deliveries';
import { Fleet } from './fleet';
import { Held } from './held';
import { History } from './history';
import { Leases } from './leases';
import { MqttPublisher, type MqttOptions } from './mqtt/publisher';
import { PhotoSpool } from './photos';
import { Ports, type Finder } from './ports';
import { Retention } from './retention';
import type { Session } from './session';
import { Spool } from './spool';
import { Supervisor } from './supervisor';
import { MIGRATIONS, type BridgeSchema } from './tables';
import type { Transport } from './transport';
import { Updates } from './update';
import type { AddressRules } from './webhooks/address';
import { statusView } from './view';
import { poster, type Post } from './webhooks/post';
import { Sender } from './webhooks/sender';
import { WebhookStore, type Standing } from './webhooks/store';

export interface BridgeOptions {
  /** SQLite file, or ":memory:". */
  database: string;
  /** Directory of photos. */
  spool: string;
  tokens: readonly TokenEntry[];
  /** All who are known by name, to bound webhooks they have made. Default: the tokens. */
  holders?: readonly Holder[];
  /** The link keys are the only keys a bridge has. */
  linkKeys: LinkKeys;
  transports: readonly Transport[];
  /** What looks for further ports while the bridge runs. */
  finders?: readonly Finder[];
  natives: Natives;
  clock: Clock;
  random: Random;
  log: Log;
  /** Events kept for readers that come back. Default a million. */
  eventsKept?: number;
  /** Days that records and photos stay which the register has. Default 90. */
  keepDays?: number;
  /** Bytes of disk left free: below, no photo and no permit is taken. Default 0. */
  reserve?: number;
  /** Bytes of disk free where photos lie. Default: what the system says. */
  freeBytes?: () => number;
  /** Bytes of the ring of captured frames, a device each; 0: none. Default 32,768. */
  captureBytes?: number;
  /** Where the figures of the process itself are collected. */
  metrics?: Registry;
  version?: string;
  /** Where webhooks may go; only to public addresses over TLS where absent. */
  webhooks?: AddressRules;
  /** Days that webhooks of a person by JWT go on after they last called for webhooks. Default 30. */
  personDays?: number;
  /** Sends a webhook's message; over the network where absent. */
  post?: Post;
  /** Publishes events over MQTT. @see MqttOptions.connect */
  mqtt?: Pick<MqttOptions, 'connect' | 'prefix'> & { only?: readonly string[] | undefined };
  /** Calls kept in the audit. Default a million. */
  auditKept?: number;
  /** Limits, TLS, certificates of clients; none of it where absent. */
  http?: Pick<AppOptions, 'limits' | 'tls' | 'certificate' | 'person'>;
}

export interface Bridge {
  /** The HTTP API; the owner listens, or injects requests. */
  app: App;
  /** Begins with the ports. */
  start(): void;
  /** Ends the sessions, closes ports, API and database. */
  stop(): Promise<void>;
  events: EventLog<BridgeSchema>;
  fleet: Fleet;
  readonly ports: readonly Supervisor[];
}

type Holder = Pick<TokenEntry, 'name' | 'scopes' | 'devices' | 'expires'>;

/** Event streams at once, of all and of one caller. */
const STREAMS = 200;
const STREAMS_EACH = 32;
/** Milliseconds that messages under way get when the bridge stops; they are sent again at the next start. */
const GRACE = 2_000;
/** Milliseconds that /readyz tells of a failed store; longer than it takes until it is tried again. */
const UNREADY_FOR = 15_000;

export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const { natives, clock, random, log } = options;
  const store = openStore<BridgeSchema>(options.database, MIGRATIONS);
  const reserve = options.reserve ?? 0;
  const held = new Held({ mqtt: options.mqtt !== undefined, free: () => retention.free, reserve, log });
  const events = new EventLog(store, clock, options.eventsKept ?? 1_000_000, held);
  const spool = new Spool(store, events, clock);
  const photos: PhotoSpool = new PhotoSpool(options.spool, natives, clock, () => retention.room());
  const deliveries = new Deliveries(store, events, clock, () => retention.room());
  const retention: Retention = new Retention({
    store, photos, clock, log, keepDays: options.keepDays ?? 90, reserve,
    freeBytes: options.freeBytes ?? (() => freeBytes(options.spool)),
  });
  const hostId = await hostIdOf(store, natives);
  let storeFault: { problem: Problem; until: number } | undefined;

  const storeFailed = (problem: Problem): void => {
    storeFault = { problem, until: clock.now() + UNREADY_FOR };
  };

  const attendants = new Map<string, Attendant>();
  const running = new Set<Promise<void>>();
  const attend = (session: Session): void => {
    const attendant = new Attendant({ session, spool, photos, deliveries, events, clock, log, storeFailed, applied: (device, grant) => retention.applied(device, grant) });
    attendants.set(session.device, attendant);
    const run = attendant.run().finally(() => {
      running.delete(run);
      if (attendants.get(session.device) === attendant) attendants.delete(session.device);
    });
    running.add(run);
  };
  deliveries.onQueued((device) => attendants.get(device)?.wake());
  spool.onWanted((device) => attendants.get(device)?.fetch());

  const captures = new Captures(options.captureBytes ?? 32_768);
  const fleet = new Fleet(clock, log, attend);
  const ports = new Ports({
    transports: options.transports,
    finders: options.finders ?? [],
    clock,
    log,
    gone: (name) => captures.forgetPort(name),
    supervise: (transport) =>
      new Supervisor({
        transport,
        natives,
        keyFor: (deviceId) => options.linkKeys.get(hexOf(deviceId)),
        hostId,
        clock,
        random,
        log,
        captures,
        admit: (session) => fleet.admit(session),
        changed: (fault) => {
          if (fault === undefined) return;
          events.publish('port', '', { port: transport.name, code: fault.code }).catch((error: unknown) => {
            log.error('event not stored', { code: error instanceof Problem ? error.code : 'INTERNAL' });
          });
        },
      }),
  });

  const tokens = new TokenTable(options.tokens, () => clock.wall());
  const audit = new Audit(store, clock, log, options.auditKept ?? 1_000_000);
  const app = await createApp({
    title: 'Smart seal bridge',
    version: options.version ?? '0.1.0',
    description: 'Devices, permits, records and photos. Errors are problem documents (RFC 9457) with stable codes.',
    find: (token) => tokens.find(token),
    unknownDevice,
    log,
    bodyLimit: 65_536,
    now: () => clock.now(),
    audit: (entry, change) => audit.note(entry, change),
    ...options.http,
    ready: async () => {
      retention.room();
      if (storeFault !== undefined && clock.now() < storeFault.until) throw storeFault.problem;
      await store.read((db) => db.selectFrom('meta').select('name').limit(1).execute());
    },
  });
  const updates = new Updates(fleet, clock, log, (device, progress) => events.publish('update', device, { ...progress }));
  const context: ApiContext = {
    keys: options.linkKeys, fleet, spool, photos, deliveries, history: new History(store), leases: new Leases(store, clock), audit, events, clock,
    get ports() {
      return ports.all;
    },
  };
  apiRoutes(app, context, updates);
  const registry = options.metrics ?? new Registry();
  metricsRoute(app, context, { registry, freeBytes: () => retention.free, reserve, storeFailed: () => storeFault !== undefined && clock.now() < storeFault.until });
  supportRoutes(app, context, captures, options.version ?? '0.1.0');
  const rules = options.webhooks ?? { networks: [], http: false };
  const posting = options.post === undefined ? poster(rules, clock) : { post: options.post, close: () => undefined };
  const webhooks = new WebhookStore(store, events, clock, (length) => toBuffer(natives.random(length)), standingOf(options.holders ?? options.tokens, (options.personDays ?? 30) * 86_400_000, () => clock.wall()));
  const sender = new Sender(webhooks, events, posting.post, clock, random, log);
  webhookRoutes(app, { webhooks, sender, rules });
  const state = (device: string): object => {
    const session = fleet.find(device);
    return { connected: session !== undefined, ...(session?.status === undefined ? {} : { status: statusView(session.status) }) };
  };
  const mqtt = options.mqtt === undefined ? undefined : new MqttPublisher({ ...options.mqtt, store, events, only: options.mqtt.only === undefined ? null : new Set(options.mqtt.only), devices: [...options.linkKeys.keys()], state, clock, log });
  outgoingMetrics({ registry, clock, events, held, webhooks, sender, mqtt });
  sseRoute(app, events, { path: '/v1/events', scope: 'read', summary: 'What happens, as it happens', clock, limit: STREAMS, each: STREAMS_EACH });
  await app.ready();

  return {
    app,
    events,
    fleet,
    get ports() {
      return ports.all;
    },
    start: () => {
      ports.start();
      retention.start();
      sender.start();
      mqtt?.start();
    },
    stop: async () => {
      await ports.stop();
      await Promise.all(running);
      await retention.stop();
      await app.close();
      await mqtt?.stop();
      const impatient = clock.after(GRACE, () => posting.close());
      await sender.stop();
      impatient();
      posting.close();
      await audit.close();
      await store.close();
    },
  };
}

/** What the makers of webhooks may by now. A person of the company is known only while they call: what they were bounded to then stands in the webhook, and one who does not call any more has left. */
function standingOf(holders: readonly Holder[], stay: number, wall: () => number): (owner: string, seen: number) => Standing {
  return (owner, seen) => {
    // As far in the future: the clock was wrong then, and nobody knows when it was.
    if (owner.startsWith(PERSON)) return { over: Math.abs(wall() - seen) >= stay, bounds: null };
    const good = holders.filter(({ name, scopes, expires }) => name === owner && scopes.includes('webhook') && (expires === undefined || wall() < new Date(expires).getTime()));
    return { over: good.length === 0, bounds: union(good).bounds?.get('webhook') ?? null };
  };
}

/** A number that tells this bridge from others, for the devices' logs; drawn once. */
async function hostIdOf(store: Store<BridgeSchema>, natives: Natives): Promise<number> {
  return store.commit(async (trx) => {
    const known = await trx.selectFrom('meta').select('value').where('name', '=', 'host-id').executeTakeFirst();
    if (known !== undefined) return Number(known.value);
    const id = toBuffer(natives.random(4)).readUInt32BE();
    await trx.insertInto('meta').values({ name: 'host-id', value: String(id) }).execute();
    return id;
  });
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
