/** The approval desk as one object: rooms, HTTP API, followers. Its parts of the outside world are all handed in. */
import multipart from '@fastify/multipart';
import { createApp, type App, type AppOptions } from '../common/app';
import type { Clock } from '../common/clock';
import type { Log } from '../common/log';
import { openStore, type Store } from '../common/database';
import { isPostgres, openShared, type SharedStore } from '../common/shared';
import { sseRoute } from '../common/sse';
import { applicationRoutes } from './applications/routes';
import { applicationUseRoutes } from './applications/use-routes';
import type { PageComparer } from './approvals/comparison';
import { comparisonRoutes } from './approvals/comparison-routes';
import { codeRoutes } from './approvals/routes';
import { archiveRoutes } from './archive/routes';
import { filesRootOf, signInKeyOf, type DeskKeys } from './authority/keystore';
import type { PermitKeys } from './authority/permit-keys';
import { consoleRoutes } from './console-routes';
import { custodyRoutes } from './custody/routes';
import { stepRoutes } from './custody/step-routes';
import { applicationSheetRoutes } from './print/application-routes';
import { DiskBlobs, type Blobs } from './documents/blobs';
import { FileCipher } from './documents/cipher';
import { documentLimits, type DocumentLimits } from './documents/render';
import { liveRoutes } from './live/routes';
import { documentRoutes } from './documents/routes';
import type { Judge } from './impressions/judged';
import { impressionRoutes } from './impressions/routes';
import { unitRoutes } from './follow/unit-routes';
import { caseRoutes } from './follow/routes';
import type { BridgeTransport } from './follow/transport';
import { peopleByJwt, type IdentityOptions } from './people/identity';
import { chainRoutes } from './chains/chain-routes';
import { delegationRoutes } from './chains/delegation-routes';
import { signatureRoutes } from './signatures/routes';
import { reminderRoutes } from './approvals/reminder-routes';
import { topUpRoutes } from './approvals/topup-routes';
import { meRoutes } from './people/me-routes';
import { organisationRoutes } from './people/organisation-routes';
import { settingsRoutes } from './people/settings-routes';
import { securityRoutes } from './security/routes';
import { watch } from './security/watch';
import { cardRoutes, peopleRoutes } from './people/routes';
import type { SignInOptions } from './people/sign-in';
import { signInRoutes } from './people/sign-in-routes';
import { checkRegister } from './register/register';
import { witnessRoutes } from './register/witness-routes';
import type { WitnessOptions } from './register/witnesses';
import { noticeRoutes } from './print/notice-routes';
import { printRoutes } from './print/routes';
import { receiptRoutes } from './print/receipt-routes';
import type { OutsideOptions } from './outside/adapters';
import { outsideRoutes } from './outside/routes';
import { paperRoutes } from './papers/routes';
import type { PushOptions } from './push/push';
import { pushRoutes } from './push/routes';
import { registerRoutes } from './register/routes';
import { createRooms, type Rooms } from './rooms';
import { deskMigrations, type Tables } from './tables';

export interface DeskOptions {
  /** Database file, ':memory:', or an address of PostgreSQL (postgresql://…), of which a desk may have replicas. */
  database: string;
  /** Connections to PostgreSQL at most. */
  connections?: number | undefined;
  /** Documents and page pictures, and photos: a folder, or where else they are. */
  documents: string | Blobs;
  photos: string | Blobs;
  /** File that keeps, outside of the database, how far the register has come; none where absent. */
  mark?: string | undefined;
  keys: DeskKeys;
  /** Where the permit keys are, if not in the key file (authority/token.ts). */
  permitKeys?: PermitKeys | undefined;
  clock: Clock;
  /** Unpredictable bytes. */
  random(length: number): Buffer;
  log: Log;
  bridges: readonly { name: string; transport: BridgeTransport }[];
  /** Whether an approver may decide on an application of their own; no where not given. */
  ownApplications?: boolean;
  /** Authorities elsewhere that approve in place of people here (飞书、钉钉、企业微信). */
  outside?: readonly OutsideOptions[] | undefined;
  /** Witnesses who cosign the register's checkpoints (C2SP tlog-witness); none where absent. */
  witnesses?: WitnessOptions | undefined;
  /** How alarms are pushed to browsers; not at all where absent. */
  push?: PushOptions | undefined;
  /** Compares the page in the tray with the approved document before a stroke is granted; absent: nobody does. */
  comparer?: PageComparer;
  /** Judges the impression in the photo after a stroke; of its own, so that no stroke waits for it. Absent: nobody does. */
  judge?: Judge | undefined;
  limits?: Partial<DocumentLimits>;
  /** Limits of calls, TLS; none of it where absent. */
  http?: Pick<AppOptions, 'limits' | 'tls' | 'proxies'>;
  /** People by the JWTs of their company; by their tokens alone where absent. */
  identity?: IdentityOptions | undefined;
  /** How people sign in with a browser; by tokens alone where absent. */
  signIn?: SignInOptions | undefined;
  /** Whether documents, pages and photos are stored encrypted from now on. */
  encryptFiles?: boolean | undefined;
  /** Days that events of the security log stay; 365 where not given. */
  securityDays?: number | undefined;
  /** Days after which documents are removed that were never stamped (documents/retention.ts); never where absent. */
  documentDays?: number | undefined;
  /** Throws the Problem why nothing can be taken in, where there is one (STORE_FULL); for /readyz. */
  room?(): void;
  /** Lets others in this process have their turn, in what takes long; they wait for it where absent. */
  turn?(): Promise<void>;
  /** Milliseconds between rounds over a bridge that tells nothing; 2000 where not given. */
  pollMs?: number;
  /** In which times are printed, an IANA name; Asia/Shanghai where not given. */
  timeZone?: string;
  /** Where strangers reach this desk, as https://seal.example.com: what receipts' QR codes say; none where absent. */
  publicUrl?: string | undefined;
  /** Folder of the built console, served below /console/; none where absent. */
  console?: string | undefined;
}

export interface Desk {
  app: App;
  rooms: Rooms;
  /** One round over all bridges and all deadlines, for tests and virtual time. */
  round(): Promise<void>;
  /** Follows the bridges from now on. */
  start(): void;
  close(): Promise<void>;
}

/** Milliseconds between looks for what has expired. */
const expiryMs = 30_000;

type RoomOptions = Omit<DeskOptions, 'http' | 'console'>;

/** What encrypts files at rest, where the keys have a key for it. Throws KEYS_LOCKED where it is asked for and they have none. */
export function cipherOf(keys: DeskKeys, random: (length: number) => Buffer, encrypt = false): FileCipher | undefined {
  const root = encrypt ? signInKeyOf(keys) : filesRootOf(keys);
  return root && new FileCipher(root, random, encrypt);
}

/** The rooms of a desk over its store, with no look at what is in it. */
export function roomsOver(store: SharedStore<Tables>, o: RoomOptions): Rooms {
  const cipher = cipherOf(o.keys, o.random, o.encryptFiles);
  const blobs = (where: string | Blobs): Blobs => (typeof where === 'string' ? new DiskBlobs(where, cipher) : where);
  // A file has one connection, for which everything would wait; the other reads a moment of its own beside it (WAL).
  const aside = isPostgres(o.database) || o.database === ':memory:' ? undefined : (): Store<Tables> => openStore<Tables>(o.database, deskMigrations);
  return createRooms({
    aside, turn: o.turn,
    store, keys: o.keys, permitKeys: o.permitKeys, clock: o.clock, random: o.random, log: o.log, cipher, documents: blobs(o.documents), photos: blobs(o.photos), mark: o.mark, signIn: o.signIn,
    limits: { ...documentLimits, ...o.limits }, ownApplications: o.ownApplications ?? false, outside: o.outside, push: o.push, judge: o.judge, witnesses: o.witnesses, ...(o.comparer ? { comparer: o.comparer } : {}), bridges: o.bridges, pollMs: o.pollMs ?? 2000, timeZone: o.timeZone ?? 'Asia/Shanghai', publicUrl: o.publicUrl, keepEvents: 100_000, securityDays: o.securityDays ?? 365, documentDays: o.documentDays,
  });
}

export async function openRooms(o: RoomOptions): Promise<Rooms> {
  return roomsOver(await openShared<Tables>(o.database, deskMigrations, { connections: o.connections }), o);
}

/**
 * Opens the desk. Throws REGISTER_DAMAGED when the register does not agree with its own newest checkpoint, REGISTER_BEHIND when it
 * does not reach to where its mark says it was.
 */
export async function createDesk(o: DeskOptions): Promise<Desk> {
  const rooms = await openRooms(o);
  const { store, mark } = rooms;
  let app: App;
  try {
    await store.snapshot(async (db) => {
      await checkRegister(db, rooms.authority);
      await mark.check(db);
    });
    await rooms.signIn?.passwords?.pepperAll();
    await rooms.signIn?.passkeys.place();
    app = await buildApp(rooms, o);
  } catch (error) {
    await rooms.security.close();
    await store.close();
    throw error;
  }
  const remind = async (): Promise<void> => {
    await rooms.reminders.tick();
    await rooms.paperReminders.tick();
    await rooms.push?.tick();
  };
  const round = async (): Promise<void> => {
    await rooms.applications.expire();
    await rooms.ceremonies.expire();
    for (const follower of rooms.followers) await follower.round();
    if (await rooms.duty.take()) {
      await remind();
      await rooms.witnesses.round();
      await rooms.impressions.tick();
      await rooms.retention.tick();
    }
  };
  const audit = (): void => {
    rooms.auditor.tick().catch((error: unknown) => o.log.error('register not looked through', { why: String(error) }));
  };
  let cancel = (): void => undefined;
  let unlisten = (): void => undefined;
  const pushNow = async (): Promise<void> => {
    if (rooms.push !== undefined && rooms.duty.on) await rooms.push.tick().catch((error: unknown) => o.log.error('push failed', { why: String(error) }));
  };
  const timely = async (): Promise<void> => {
    if (await rooms.duty.take()) {
      await Promise.all([rooms.applications.expire(), rooms.ceremonies.expire()]);
      await remind();
      // Whom it waits for is outside: nothing here waits with it.
      rooms.witnesses.round().catch((error: unknown) => o.log.error('witnesses not asked', { why: String(error) }));
      void rooms.impressions.tick();
      rooms.retention.tick().catch((error: unknown) => o.log.error('documents not removed', { why: String(error) }));
    }
    await mark.keep();
    audit(); // takes as long as it takes: what expires does not wait for it
  };
  const expire = (): void => {
    timely().catch((error: unknown) => o.log.error('expiry failed', { why: String(error) }));
    cancel = o.clock.after(expiryMs, expire);
  };
  return {
    app,
    rooms,
    round,
    start: () => {
      // An alarm is told at once, not at the next look for what has expired.
      unlisten = rooms.events.onMore(() => void pushNow());
      expire();
      for (const follower of rooms.followers) follower.start();
    },
    close: async () => {
      cancel();
      unlisten();
      await rooms.push?.close();
      await Promise.all(rooms.followers.map((follower) => follower.stop()));
      await rooms.impressions.stop();
      await rooms.auditor.stop();
      await rooms.duty.close();
      await app.close();
      await rooms.security.close();
      o.comparer?.close();
      o.judge?.close();
      o.permitKeys?.close();
      await mark.keep().catch((error: unknown) => o.log.error('mark of the register not written', { why: String(error) }));
      await store.close();
    },
  };
}

async function buildApp(rooms: Rooms, { log, http, identity, room, console: folder }: DeskOptions): Promise<App> {
  const app = await createApp({
    title: 'Smart seal approval desk',
    version: '1',
    description: 'Applications, approvals, permits, the register of uses and its archive.',
    find: (token) => rooms.people.find(token),
    ...(identity === undefined ? {} : { person: peopleByJwt(rooms.people, identity) }),
    ...(rooms.signIn === undefined ? {} : { session: { origin: rooms.signIn.origin, find: (token: string, use?: boolean) => rooms.signIn?.sessions.find(token, use) ?? Promise.resolve(undefined) } }),
    log,
    bodyLimit: 1 << 20,
    now: () => rooms.clock.now(),
    ...http,
    ready: async () => {
      room?.();
      await rooms.store.read((db) => db.selectFrom('person').select('id').limit(1).execute());
    },
  });
  await app.register(multipart);
  watch(app, rooms.security);
  peopleRoutes(app, rooms);
  meRoutes(app, rooms);
  signInRoutes(app, rooms);
  organisationRoutes(app, rooms);
  settingsRoutes(app, rooms);
  securityRoutes(app, rooms);
  cardRoutes(app, rooms);
  documentRoutes(app, rooms);
  applicationRoutes(app, rooms);
  applicationUseRoutes(app, rooms);
  chainRoutes(app, rooms);
  delegationRoutes(app, rooms);
  topUpRoutes(app, rooms);
  reminderRoutes(app, rooms);
  signatureRoutes(app, rooms);
  paperRoutes(app, rooms);
  await outsideRoutes(app, rooms);
  codeRoutes(app, rooms);
  comparisonRoutes(app, rooms);
  liveRoutes(app, rooms);
  custodyRoutes(app, rooms);
  stepRoutes(app, rooms);
  applicationSheetRoutes(app, rooms);
  registerRoutes(app, rooms);
  impressionRoutes(app, rooms);
  witnessRoutes(app, rooms);
  receiptRoutes(app, rooms);
  printRoutes(app, rooms);
  noticeRoutes(app, rooms);
  caseRoutes(app, rooms);
  unitRoutes(app, rooms);
  pushRoutes(app, rooms);
  archiveRoutes(app, rooms, log);
  sseRoute(app, rooms.events, { path: '/v1/events', scope: 'events.read', summary: 'What happens, as it happens', clock: rooms.clock, limit: 100, each: 20 });
  if (folder !== undefined) await consoleRoutes(app, folder);
  await app.ready();
  return app;
}
