/** The desk's rooms, put together once and handed to the routes. */
import type { Clock } from '../common/clock';
import type { Store } from '../common/database';
import { EventLog } from '../common/events';
import type { SharedStore } from '../common/shared';
import type { Log } from '../common/log';
import { Applications } from './applications/applications';
import { Approvals } from './approvals/approvals';
import { Comparison, type PageComparer } from './approvals/comparison';
import { Signatures } from './signatures/signatures';
import { Reminders } from './approvals/reminders';
import { TopUps } from './approvals/topups';
import { Delegations } from './chains/delegations';
import { Chains } from './chains/chains';
import { Steps } from './chains/steps';
import { Scopes } from './applications/scope';
import { Codes } from './approvals/codes';
import { Auditor } from './audit/auditor';
import { createAuthority, type Authority } from './authority/authority';
import { signInKeyOf, type DeskKeys } from './authority/keystore';
import type { PermitKeys } from './authority/permit-keys';
import { Permits } from './authority/permits';
import { newUnit } from './backup/restored';
import { Ceremonies } from './custody/ceremonies';
import { Seals } from './custody/seals';
import type { Blobs } from './documents/blobs';
import type { FileCipher } from './documents/cipher';
import { Documents } from './documents/documents';
import { Retention } from './documents/retention';
import type { Straightener } from './documents/photographed';
import type { DocumentLimits } from './documents/render';
import { Duty } from './duty';
import { Follower } from './follow/follower';
import { EvidenceKeys, Intake } from './follow/intake';
import type { BridgeTransport } from './follow/transport';
import { History } from './history';
import { Impressions } from './impressions/impressions';
import type { Judge } from './impressions/judged';
import { Organisation } from './people/organisation';
import { People } from './people/people';
import type { OutsideOptions } from './outside/adapters';
import { Outside } from './outside/outside';
import { PaperReminders, Papers } from './papers/papers';
import { SettingsRoom } from './people/settings';
import { SecurityLog } from './security/log';
import { Administrators } from './people/administrators';
import { createSignIn, waysOf, type SignIn, type SignInOptions } from './people/sign-in';
import { Cards } from './register/cards';
import { Mark } from './register/mark';
import { Witnesses, type WitnessOptions } from './register/witnesses';
import type { Tables } from './tables';
import { Push, type PushOptions } from './push/push';
import { getApplication } from './applications/applications';

export interface RoomsOptions {
  store: SharedStore<Tables>;
  keys: DeskKeys;
  /** Where the permit keys are, if not in the key file. */
  permitKeys?: PermitKeys | undefined;
  clock: Clock;
  random(length: number): Buffer;
  log: Log;
  /** The documents with their page pictures, and the photos. */
  documents: Blobs;
  photos: Blobs;
  /** By which files are stored encrypted, or can be read where they are. */
  cipher?: FileCipher | undefined;
  /** File that keeps how far the register has come; none where absent. */
  mark?: string | undefined;
  limits: DocumentLimits;
  /** How people sign in with a browser; not at all where absent. */
  signIn?: SignInOptions | undefined;
  ownApplications: boolean;
  /** Authorities elsewhere that approve in place of people here. */
  outside?: readonly OutsideOptions[] | undefined;
  /** Witnesses of the register, and how they are reached. */
  witnesses?: WitnessOptions | undefined;
  /** Compares the page with the approved one before a stroke is granted; absent: nobody does. */
  comparer?: PageComparer;
  /** Judges the impression after a stroke; absent: nobody does. */
  judge?: Judge | undefined;
  /** How alarms are pushed to browsers; not at all where absent. */
  push?: PushOptions | undefined;
  bridges: readonly { name: string; transport: BridgeTransport }[];
  pollMs: number;
  /** In which the company writes times, an IANA name. */
  timeZone: string;
  publicUrl: string | undefined;
  /** Events kept for readers of the stream. */
  keepEvents: number;
  /** Days that events of the security log stay. */
  securityDays: number;
  /** Days that documents stay that were never stamped; for ever where absent. */
  documentDays?: number | undefined;
  /** Another connection to the same database, for what reads all of it; absent: there can be none. */
  aside?: (() => Store<Tables>) | undefined;
  /** Lets others in this process have their turn, in what takes long. */
  turn?: (() => Promise<void>) | undefined;
}

export interface Rooms {
  store: SharedStore<Tables>;
  clock: Clock;
  timeZone: string;
  publicUrl: string | undefined;
  events: EventLog<Tables>;
  history: History;
  authority: Authority;
  people: People;
  security: SecurityLog;
  organisation: Organisation;
  signIn: SignIn | undefined;
  cards: Cards;
  documents: Documents;
  documentBlobs: Blobs;
  photoBlobs: Blobs;
  cipher: FileCipher | undefined;
  applications: Applications;
  approvals: Approvals;
  steps: Steps;
  codes: Codes;
  chains: Chains;
  delegations: Delegations;
  topUps: TopUps;
  reminders: Reminders;
  settings: SettingsRoom;
  signatures: Signatures;
  outside: Outside;
  papers: Papers;
  paperReminders: PaperReminders;
  scopes: Scopes;
  push: Push | undefined;
  comparison: Comparison;
  impressions: Impressions;
  retention: Retention;
  permits: Permits;
  mark: Mark;
  witnesses: Witnesses;
  /** Looks whether the tables are what the register says. */
  auditor: Auditor;
  /** What one replica does for all of them hangs on this. */
  duty: Duty;
  ceremonies: Ceremonies;
  seals: Seals;
  followers: readonly Follower[];
  /** There is something to deliver. */
  nudge(): void;
  /** Lets others in this process have their turn, in what takes long. */
  turn(): Promise<void>;
}

/** Said to the other replicas. */
const NUDGE = 'nudge';

export function createRooms(o: RoomsOptions): Rooms {
  const seconds = (): number => Math.floor(o.clock.wall() / 1000);
  const events = new EventLog<Tables>(o.store, o.clock, o.keepEvents);
  const history = new History({ store: o.store, events, seconds, random: o.random });
  const authority = createAuthority(o.keys, o.permitKeys);
  const { documents: documentBlobs, photos: photoBlobs } = o;
  const duty = new Duty(o.store, o.clock, o.log);
  const onDuty = new History({ store: o.store, events, seconds, random: o.random, guard: (trx) => duty.check(trx) });
  const mark = new Mark({ file: o.mark, store: o.store, authority });
  const permits = new Permits(authority, history);
  const security = new SecurityLog({ store: o.store, clock: o.clock, log: o.log, days: o.securityDays });
  const administrators = new Administrators(o.signIn && waysOf(o.signIn));
  const signIn = o.signIn && createSignIn({ store: o.store, seconds, random: o.random, key: signInKeyOf(o.keys), name: o.keys.registerName, security, administrators }, o.signIn);
  const signatures = new Signatures(history, signIn, o.keys.registerName);
  const applications = new Applications(history, permits, signatures);
  const steps = new Steps(seconds, { ownApplications: o.ownApplications });
  const approvals = new Approvals(history, applications, permits, signatures, steps);
  const comparison = new Comparison(documentBlobs, photoBlobs, o.comparer);
  const intake = new Intake(onDuty, new EvidenceKeys((device) => authority.evidenceKey(device)), async (trx, id, state) => {
    const application = await getApplication(trx, id);
    if (application.state === 'approved') await applications.move(trx, application, state, 0);
  });
  const impressions = new Impressions({ history: onDuty, duty, clock: o.clock, log: o.log, documents: documentBlobs, photos: photoBlobs, judge: o.judge });
  const followers = o.bridges.map(
    ({ name, transport }) => new Follower({ name, transport, history: onDuty, authority, permits, intake, photos: photoBlobs, clock: o.clock, log: o.log, pollMs: o.pollMs, mark, duty, photoStored: () => void impressions.tick() }),
  );
  const nudgeHere = (): void => {
    for (const follower of followers) follower.nudge();
  };
  // Another replica wrote what readers of the stream here wait for, or has something to deliver.
  o.store.hear((word) => (word === NUDGE ? nudgeHere() : events.wake()), o);
  return {
    store: o.store,
    clock: o.clock,
    timeZone: o.timeZone,
    publicUrl: o.publicUrl,
    events,
    history,
    authority,
    people: new People({ store: o.store, seconds, random: o.random, administrators }),
    security,
    organisation: new Organisation(o.store, seconds),
    signIn,
    signatures,
    cards: new Cards({ store: o.store, seconds, random: o.random, signatures, added: (trx, device) => newUnit(trx, { history, permits }, device) }),
    documents: new Documents({ store: o.store, blobs: documentBlobs, limits: o.limits, seconds, clock: o.clock, ...(o.comparer?.straighten === undefined ? {} : { straightener: o.comparer as Straightener }) }),
    documentBlobs,
    photoBlobs,
    cipher: o.cipher,
    applications,
    approvals,
    steps,
    comparison,
    impressions,
    retention: new Retention({ history: onDuty, duty, blobs: documentBlobs, now: () => o.clock.now(), days: o.documentDays }),
    papers: new Papers(history, applications, comparison),
    paperReminders: new PaperReminders(onDuty),
    chains: new Chains(history, (o.outside ?? []).map(({ name }) => name)),
    outside: new Outside(history, applications, approvals, o.outside ?? [], o.random),
    delegations: new Delegations(history),
    topUps: new TopUps(history, permits, steps, signatures),
    reminders: new Reminders(onDuty),
    settings: new SettingsRoom(history),
    scopes: new Scopes(history),
    push: o.push && new Push({ history, onDuty, events, duty, clock: o.clock, log: o.log, root: signInKeyOf(o.keys) }, o.push),
    codes: new Codes(history, authority, permits, steps, signatures),
    permits,
    mark,
    witnesses: new Witnesses(history, authority, o.log, o.witnesses),
    auditor: new Auditor({ history, authority, documents: documentBlobs, photos: photoBlobs, clock: o.clock, duty, mark, log: o.log, aside: o.aside, turn: o.turn }),
    duty,
    ceremonies: new Ceremonies(history, authority, permits, steps, signatures),
    seals: new Seals(history, signatures),
    followers,
    turn: o.turn ?? (() => Promise.resolve()),
    nudge: () => {
      nudgeHere();
      o.store.tell(NUDGE).catch((error: unknown) => o.log.debug('replicas not told', { why: String(error) }));
    },
  };
}
