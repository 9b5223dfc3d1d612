/**
 * The security log: sign-ins and refusals, calls that were refused, limits reached, confidential content that was read. In a table
 * that nothing changes and time alone empties, and as lines of the program's log. What is alike within a second is one event with a
 * count; each caller has a share of events a minute and of rows, so whoever makes noise drowns their own and nobody else's. Reads
 * have shares of their own: whoever reads much, or is made to, does not push out what was refused them.
 */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Cancel, Clock } from '../../common/clock';
import { Problem } from '../../common/errors';
import type { Log } from '../../common/log';
import type { Store } from '../../common/database';
import type { Db, Tables } from '../tables';
import { tell, type NoticeDetail, type NoticeKind } from './notices';

export const eventKinds = ['sign-in', 'sign-in-refused', 'code-reused', 'refused', 'limit', 'read', 'more', 'more-read'] as const;
export type EventKind = (typeof eventKinds)[number];

export interface SecurityEvent {
  kind: EventKind;
  /** Who called, or whose account was tried; null: nobody known. */
  person: number | null;
  /** passkey, password, company, invitation; of a call: token, person, session, certificate. */
  how: string;
  /** Stable code of the error; '' where it went well. */
  code: string;
  /** Method and path of the call, without its query; of routes open to all as the route is written. */
  what: string;
  /** IP address. */
  address: string;
}

export interface StoredEvent extends SecurityEvent {
  id: number;
  /** Unix seconds of the first and the last of `count` that were alike. */
  at: number;
  until: number;
  count: number;
}

export interface SecurityLogOptions {
  store: Store<Tables>;
  clock: Clock;
  log: Log;
  /** Days that events stay. */
  days: number;
}

/** Events of one caller in a minute that stand one by one, of reads and of all else each; of all who are nobody known together. What is beyond is only counted. */
export const SHARE = { person: 120, strangers: 60 } as const;
/** Rows of one person, and of strangers, of reads and of all else each: the oldest go first. A row is some 200 bytes. */
export const ROWS = { person: 20_000, strangers: 50_000 } as const;
/** Kinds that tell of reads. */
const READS: readonly EventKind[] = ['read', 'more-read'];
/** Milliseconds that an event waits to be written, and until what could not be is tried again; events that wait at most meanwhile. */
const WAIT = 1000;
const AGAIN = 10_000;
const WAITING = 5000;
/** Rows of one caller that are written between two looks at how many there are. */
const LOOK = 100;
const MINUTE = 60_000;
const LONGEST = { what: 300, address: 100 } as const;
const LOUD: ReadonlySet<EventKind> = new Set(['sign-in-refused', 'code-reused', 'refused', 'limit', 'more']);

type Pending = Omit<StoredEvent, 'id'>;
type Whose = Pick<StoredEvent, 'kind' | 'person'>;

const reads = ({ kind }: Whose): boolean => READS.includes(kind);
/** Whose share an event is of: a caller's reads, or all else of theirs. */
const shareOf = (one: Whose): string => `${one.person} ${reads(one) ? 'reads' : 'rest'}`;

export class SecurityLog {
  private waiting = new Map<string, Pending>();
  /** Beyond the share of the minute that is. */
  private readonly over = new Map<string, Pending>();
  /** Told to the program's log, and not to the table. */
  private unwritten: Pending[] = [];
  private readonly rowsOf = new Map<string, number>();
  private notices: { person: number; kind: NoticeKind; detail: NoticeDetail }[] = [];
  private readonly shares = new Map<string, number>();
  private minute = -1;
  private timer: Cancel | undefined;
  private end: Cancel | undefined;
  private writing: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly o: SecurityLogOptions) {}

  private get seconds(): number {
    return Math.floor(this.o.clock.wall() / 1000);
  }

  /** Takes an event; it is written within a second. Never throws: what was called goes on. */
  note(event: SecurityEvent): void {
    if (this.closed) return;
    this.turn();
    const cut = { ...event, what: event.what.slice(0, LONGEST.what), address: event.address.slice(0, LONGEST.address) };
    const key = JSON.stringify(cut);
    if (this.count(this.waiting, key)) return;
    const whose = shareOf(event);
    const share = (this.shares.get(whose) ?? 0) + 1;
    this.shares.set(whose, share);
    if (share > (event.person === null ? SHARE.strangers : SHARE.person) || this.waiting.size >= WAITING) {
      const rest = { kind: reads(event) ? 'more-read' : 'more', person: event.person, how: '', code: '', what: '', address: '' } as const;
      if (!this.count(this.over, whose)) this.over.set(whose, { ...rest, at: this.seconds, until: this.seconds, count: 1 });
      this.endMinute();
    } else this.waiting.set(key, { ...cut, at: this.seconds, until: this.seconds, count: 1 });
    this.wake();
  }

  /** Tells a person of something that was seen beside their account, where no transaction does. Takes as long whoever it is. */
  tell(person: number, kind: NoticeKind, detail: NoticeDetail): void {
    if (this.closed || this.notices.length >= WAITING) return;
    this.notices.push({ person, kind, detail });
    this.wake();
  }

  private count(known: Map<string, Pending>, key: string): boolean {
    const one = known.get(key);
    if (one === undefined) return false;
    one.count += 1;
    one.until = this.seconds;
    return true;
  }

  /** Where another minute has begun, what of the last one was only counted is one event of it. */
  private turn(): void {
    const minute = Math.floor(this.o.clock.now() / MINUTE);
    if (minute === this.minute) return;
    this.settle();
    this.minute = minute;
    this.shares.clear();
  }

  private settle(): void {
    for (const [whose, one] of this.over) this.waiting.set(`${whose} ${this.minute}`, one);
    this.over.clear();
  }

  /** A timer of its own: what is written within a second does not wait for it. */
  private endMinute(): void {
    const { clock } = this.o;
    this.end ??= clock.after(MINUTE - (clock.now() % MINUTE), () => {
      this.end = undefined;
      this.turn();
      if (this.over.size > 0) this.endMinute();
      void this.flush();
    });
  }

  private wake(): void {
    this.timer ??= this.o.clock.after(WAIT, () => void this.flush());
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    this.timer?.();
    this.timer = undefined;
    return (this.writing = this.writing.then(() => this.write()));
  }

  /** Resolves when what was handed over to be written is. */
  written(): Promise<void> {
    return this.writing;
  }

  private async write(): Promise<void> {
    const { notices } = this;
    const fresh = [...this.waiting.values()];
    const rows = [...this.unwritten, ...fresh].slice(-WAITING);
    if (rows.length === 0 && notices.length === 0) return;
    this.waiting = new Map();
    this.notices = [];
    this.unwritten = [];
    for (const row of fresh) (LOUD.has(row.kind) ? this.o.log.warn : this.o.log.info)('security', { ...row });
    try {
      await this.o.store.commit(async (trx) => {
        const { last } = await trx.selectFrom('security_event').select(({ fn }) => fn.max('id').as('last')).executeTakeFirstOrThrow();
        const numbered = rows.map((row, i) => ({ id: Number(last ?? 0) + 1 + i, ...row }));
        for (let i = 0; i < numbered.length; i += 50) await trx.insertInto('security_event').values(numbered.slice(i, i + 50)).execute();
        for (const one of notices) await tell(trx, one.person, one.kind, this.seconds, one.detail);
        await this.prune(trx, rows);
      });
    } catch (error) {
      this.o.log.error('security events not written', { events: rows.length, why: String(error) });
      // A full disk or a database that is away is so for a time; anything else would fail again and hold up what comes.
      if (!(error instanceof Problem && error.code.startsWith('STORE_'))) return;
      this.unwritten = rows;
      this.notices = [...notices, ...this.notices].slice(0, WAITING);
      if (!this.closed) this.timer ??= this.o.clock.after(AGAIN, () => void this.flush());
    }
  }

  /** The newest event stays: numbers are never given twice. What is old is looked for from the oldest on, so it costs nothing where there is none. */
  private async prune(trx: Db, rows: readonly Pending[]): Promise<void> {
    for (const [whose, one] of new Map(rows.map((row) => [shareOf(row), row]))) {
      const written = (this.rowsOf.get(whose) ?? LOOK) + rows.filter((row) => shareOf(row) === whose).length;
      this.rowsOf.set(whose, written < LOOK ? written : 0);
      if (written < LOOK) continue;
      const theirs = (eb: ExpressionBuilder<Tables, 'security_event'>): Expression<SqlBool> =>
        eb.and([one.person === null ? eb('person', 'is', null) : eb('person', '=', one.person), eb('kind', reads(one) ? 'in' : 'not in', READS)]);
      const old = await trx.selectFrom('security_event').select('id').where(theirs).orderBy('id', 'desc').offset(one.person === null ? ROWS.strangers : ROWS.person).limit(1).executeTakeFirst();
      if (old !== undefined) await trx.deleteFrom('security_event').where(theirs).where('id', '<=', Number(old.id)).execute();
    }
    const { last } = await trx.selectFrom('security_event').select(({ fn }) => fn.max('id').as('last')).executeTakeFirstOrThrow();
    const kept = await trx.selectFrom('security_event').select('id').where('until', '>=', this.seconds - this.o.days * 86_400).orderBy('id').limit(1).executeTakeFirst();
    await trx.deleteFrom('security_event').where('id', '<', Number(kept?.id ?? last ?? 0)).execute();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.end?.();
    this.settle();
    await this.flush();
    this.timer?.();
  }
}

export interface EventFilter {
  /** Events before this one. */
  before?: number | undefined;
  kind?: EventKind | undefined;
  person?: number | undefined;
  /** Unix seconds. */
  from?: number | undefined;
}

/** The newest first. */
export async function eventsOf(db: Db, { before, kind, person, from }: EventFilter, limit: number): Promise<StoredEvent[]> {
  let query = db.selectFrom('security_event').selectAll();
  if (before !== undefined) query = query.where('id', '<', before);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (person !== undefined) query = query.where('person', '=', person);
  if (from !== undefined) query = query.where('until', '>=', from);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({ ...row, id: Number(row.id), at: Number(row.at), until: Number(row.until), count: Number(row.count), kind: row.kind as EventKind, person: row.person === null ? null : Number(row.person) }));
}
