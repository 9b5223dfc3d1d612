/**
 * Holds the tables against the register: whatever somebody changed, added or took away behind the desk's back. The register itself
 * is held against its own tree and checkpoints (register/register.ts); here every entry is read in order together with the record it
 * tells of, and what the two say must be what the tables hold. Pictures and files are held against their digests.
 */
import { sql } from 'kysely';
import { applicationContent, getApplication } from '../applications/applications';
import { holdersOf } from '../applications/holders';
import type { Authority } from '../authority/authority';
import { decodeCbor } from '../cbor';
import { heldIn, type Blobs } from '../documents/blobs';
import { EvidenceKeys } from '../follow/intake';
import { sha256 } from '../hashes';
import { leafHash } from '../register/merkle';
import { noteVerifier, openNote, parseCheckpoint, type NoteVerifier } from '../register/note';
import { kindName, macIsRight, parseRecord, photoDigest, recordHash, type EvidenceRecord } from '../register/records';
import { SignedActs } from '../register/signed-acts';
import { checkRegister, registerRoot, registerSize } from '../register/register';
import type { Db } from '../tables';
import { Fields, permitRow, readEntry, State } from './entries';
import { readRecord } from './evidence';
import { Expected, KEYS, same, together, type Held, type Row } from './expected';

/** What is not as the register says. */
export interface Difference {
  table: string;
  /** Of the row; '' where it is not known. */
  key: string;
  what: 'changed' | 'missing' | 'unexpected';
  /** Columns that are not as they should be. */
  columns?: string[];
}

export interface AuditSources {
  authority: Authority;
  documents: Blobs;
  photos: Blobs;
  /** Lets others in this process have their turn. */
  turn?: (() => Promise<void>) | undefined;
  /** Whether it is to end before it is done; then it has found nothing. */
  stopped?(): boolean;
}

/** Entries and rows read at a time. */
const PAGE = 1000;
/** Differences that are told at most: after so many it is clear that nothing can be relied on. */
const MOST = 100;

class Full extends Error {}
class Stopped extends Error {}

class Audit {
  readonly found: Difference[] = [];
  private readonly expected = new Expected();
  private state = new State(this.expected, '', new Map());
  private readonly acts: SignedActs;
  private readonly keys: EvidenceKeys;

  constructor(private readonly db: Db, private readonly o: AuditSources) {
    this.acts = new SignedActs(o.authority.registerName);
    this.keys = new EvidenceKeys((device) => o.authority.evidenceKey(device));
  }

  private tell(table: string, key: string, what: Difference['what'], columns?: string[]): void {
    this.found.push({ table, key, what, ...(columns ? { columns } : {}) });
    if (this.found.length >= MOST) throw new Full();
  }

  /** Whoever else is served in this process gets a turn. */
  async pause(): Promise<void> {
    await this.o.turn?.();
    if (this.o.stopped?.() === true) throw new Stopped();
  }

  async run(): Promise<void> {
    const applications = await this.db.selectFrom('application').select(['id', 'purpose', 'seal', 'applicant', 'document']).where('content', 'is not', null).execute();
    this.state = new State(this.expected, this.o.authority.registerName, new Map(applications.map(({ id, applicant, ...rest }) => [id, { ...rest, applicant: Number(applicant) }])));
    await this.entries();
    await this.checkpoints();
    await this.holders();
    for (const table of Object.keys(KEYS) as Held[]) if (table !== 'record') await this.table(table);
    await this.contents();
  }

  /** Every entry in order, with the record it tells of. */
  private async entries(): Promise<void> {
    const { db } = this;
    const size = await registerSize(db);
    let records = 0;
    for (let from = 0; from < size; from += PAGE) {
      const entries = await db.selectFrom('entry').select(['number', 'kind', 'at', 'body', 'leaf']).where('number', '>=', from).where('number', '<', from + PAGE).orderBy('number').execute();
      await this.pause();
      const rows = new Map((await db.selectFrom('record').selectAll().where('entry', '>=', from).where('entry', '<', from + PAGE).execute()).map((row) => [Number(row.entry), row]));
      for (const row of entries) {
        const item = decodeCbor(Buffer.from(row.body, 'base64'));
        const [, number, at, kind, data] = Array.isArray(item) ? item : [];
        if (typeof number !== 'number' || typeof at !== 'number' || typeof kind !== 'string' || !(data instanceof Map)) {
          this.tell('entry', String(row.number), 'changed', ['body']);
          continue;
        }
        const wrong = [...(Number(row.at) === at ? [] : ['at']), ...(row.kind === kind ? [] : ['kind']), ...(row.leaf === leafHash(Buffer.from(row.body, 'base64')).toString('hex') ? [] : ['leaf'])];
        if (wrong.length > 0) this.tell('entry', String(number), 'changed', wrong);
        const fields = new Fields(data);
        if (kind === 'record') {
          records += 1;
          this.record(number, at, fields, rows.get(number));
        } else {
          try {
            readEntry(this.expected, this.state, number, at, kind, fields);
            // A signature that does not verify, or is over what nobody asked for, was never taken by this desk.
            if (this.acts.read(kind, data) !== undefined) this.tell('signature', String(number), 'unexpected');
          } catch {
            this.tell('entry', String(number), 'changed', ['body']);
          }
        }
      }
    }
    const counted = await db.selectFrom('record').select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow();
    if (Number(counted.count) > records) this.tell('record', '', 'unexpected');
  }

  private record(number: number, at: number, f: Fields, row: { device: string; seq: number; kind: number; bytes: string; sha256: string; device_time: number | null; at: number } | undefined): void {
    const [device, seq] = [f.text('device'), f.number('seq')];
    const key = `${device} ${seq}`;
    if (row === undefined) return this.tell('record', key, 'missing');
    const bytes = Buffer.from(row.bytes, 'base64');
    const record: EvidenceRecord | undefined = parseRecord(bytes);
    const hash = recordHash(bytes).toString('hex');
    const mac = record && record.device === device && record.seq === seq && this.keys.at(device, seq);
    const wrong = [
      ...(record && mac && hash === f.of('sha256') && bytes.toString('base64') === row.bytes && macIsRight(record, mac) ? [] : ['bytes']),
      ...(row.sha256 === f.of('sha256') ? [] : ['sha256']), ...(row.device === device ? [] : ['device']), ...(Number(row.seq) === seq ? [] : ['seq']), ...(together(Number(row.at), at) ? [] : ['at']),
      ...(record && Number(row.kind) === record.kind && kindName(record.kind) === f.of('type') ? [] : ['kind']), ...(record && (row.device_time === null ? null : Number(row.device_time)) === record.time ? [] : ['device_time']),
    ];
    if (wrong.length > 0) this.tell('record', key, 'changed', wrong);
    if (record && !wrong.includes('bytes')) readRecord(this.expected, this.state, record, number, at);
  }

  /** Who opens a use at the unit follows from the application, which its hash checks, and from what was granted. */
  private async holders(): Promise<void> {
    for (const row of await this.db.selectFrom('application').select(['id', 'persons', 'granted']).execute()) {
      const granted = this.expected.get('application', row.id)?.['granted'] ?? row.granted;
      try {
        for (const person of holdersOf(row.persons, granted === null ? null : String(granted))) this.expected.set('application_holder', { application: row.id, person });
      } catch {
        this.tell('application', row.id, 'changed', ['persons']); // no JSON: its hash does not fit either
      }
    }
  }

  /** Every checkpoint that was ever given out is of this register. */
  private async checkpoints(): Promise<void> {
    const verifier = noteVerifier(this.o.authority.registerKey) as NoteVerifier;
    const size = await registerSize(this.db);
    for (const row of await this.db.selectFrom('checkpoint').selectAll().orderBy('size').execute()) {
      const text = openNote(verifier, row.note);
      const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
      const right = checkpoint !== undefined && checkpoint.size === Number(row.size) && checkpoint.size <= size && (await registerRoot(this.db, checkpoint.size)).equals(checkpoint.root);
      if (!right) this.tell('checkpoint', String(row.size), 'changed', ['note']);
    }
    const counted = await this.db.selectFrom('tree_node').select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow();
    let nodes = 0;
    for (let level = size; level > 0; level = Math.floor(level / 2)) nodes += level;
    if (Number(counted.count) !== nodes) this.tell('tree_node', '', Number(counted.count) > nodes ? 'unexpected' : 'missing');
  }

  /** Row by row, page by page. */
  private async table(table: Held): Promise<void> {
    const columns = KEYS[table];
    const missing = new Set(this.expected.all(table).keys());
    for (let offset = 0; ; offset += PAGE) {
      const order = sql.join(columns.map((column) => sql.ref(column)));
      const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${sql.table(table)} ORDER BY ${order} LIMIT ${PAGE} OFFSET ${offset}`.execute(this.db);
      await this.pause();
      for (const row of rows) {
        const key = Expected.key(table, row);
        const should = this.expected.get(table, key);
        missing.delete(key);
        if (should === undefined) {
          if (!unsaid(table, row) && !this.expected.takeLoose(table, row)) this.tell(table, key, 'unexpected');
          continue;
        }
        const wrong = Object.entries(should).filter(([column, value]) => !same(table, column, row[column], value)).map(([column]) => column);
        wrong.push(...(await this.more(table, row)));
        if (wrong.length > 0) this.tell(table, key, 'changed', wrong);
      }
      if (rows.length < PAGE) break;
    }
    for (const key of missing) this.tell(table, key, 'missing');
    if (this.expected.looseLeft(table) > 0) this.tell(table, '', 'missing');
  }

  /** What a row says in one piece. */
  private async more(table: Held, row: Record<string, unknown>): Promise<string[]> {
    const text = (name: string): string => String(row[name]);
    if (table === 'application' && row['content'] !== null) {
      const one = await getApplication(this.db, text('id')).catch(() => undefined);
      const content = one && sha256(applicationContent(one)).toString('hex');
      return [...(content === row['content'] ? [] : ['content']), ...(one && !this.state.grantedFits(one, row['granted']) ? ['granted'] : [])];
    }
    if (table === 'permit' || table === 'statement') {
      const bytes = Buffer.from(text('statement'), 'base64');
      const should = table === 'permit' ? row['sha256'] : this.state.statements.get(text('id'));
      const wrong = sha256(bytes).toString('hex') === should && bytes.toString('base64') === row['statement'] ? [] : ['statement'];
      const quota = table === 'permit' && this.expected.get('permit', text('id'))?.['quota'] === undefined && Number(row['quota']) !== Number((permitRow(bytes) as Row)['quota']);
      return quota ? [...wrong, 'quota'] : wrong;
    }
    if (table === 'device') return Number(row['next_counter']) > (this.state.counters.get(text('id')) ?? 0) ? [] : ['next_counter'];
    if (table === 'chain') return Number(row['acked']) <= Number(row['next_seq']) && Number(row['photos_acked']) <= Number(row['next_seq']) ? [] : ['acked'];
    // Of a photo that did not come nothing is kept.
    if (table === 'photo' && this.expected.get('photo', `${text('device')} ${text('seq')}`)?.['state'] === undefined) return ['wanted', 'gone'].includes(text('state')) && row['sha256'] === null ? [] : ['state'];
    return [];
  }

  /** Of a page of which an older entry says nothing but that there is one. */
  private async pictureOf(document: string, page: number): Promise<string | undefined> {
    return (await this.db.selectFrom('document_page').select('sha256').where('document', '=', document).where('page', '=', page).executeTakeFirst())?.sha256;
  }

  /** Files, pictures of their pages, samples and photos are what their digests say. */
  private async contents(): Promise<void> {
    for (const table of ['document', 'document_page'] as const) {
      for (const [key, row] of this.expected.all(table)) {
        // What was removed under the rule is gone; its digests stay.
        if ((this.expected.get('document', String(row['document'] ?? row['sha256']))?.['removed'] ?? null) !== null) continue;
        const sha256 = row['sha256'] ?? (await this.pictureOf(String(row['document']), Number(row['page'])));
        if (!/^[0-9a-f]{64}$/.test(String(sha256)) || (await heldIn(this.o.documents, String(sha256))) === undefined) this.tell(table, key, 'missing', ['content']);
      }
    }
    for (const [key, row] of this.expected.all('seal')) if (row['sample'] !== null && (await heldIn(this.o.documents, String(row['sample']))) === undefined) this.tell('seal', key, 'missing', ['sample']);
    for (let offset = 0; ; offset += PAGE) {
      const rows = await this.db.selectFrom('photo').selectAll().where('state', '=', 'stored').orderBy('device').orderBy('seq').limit(PAGE).offset(offset).execute();
      for (const row of rows) {
        await this.pause();
        const photo = row.sha256 === null || !/^[0-9a-f]{64}$/.test(row.sha256) ? undefined : await heldIn(this.o.photos, row.sha256);
        if (photo === undefined) this.tell('photo', `${row.device} ${row.seq}`, 'missing', ['content']);
        else if (photo.length !== Number(row.size) || photoDigest(photo).toString('hex') !== row.digest) this.tell('photo', `${row.device} ${row.seq}`, 'changed', ['sha256']);
      }
      if (rows.length < PAGE) break;
    }
  }
}

/** Rows of which the register says nothing yet. */
function unsaid(table: Held, row: Record<string, unknown>): boolean {
  return (table === 'application' && row['state'] === 'draft' && row['content'] === null)
    || (table === 'report' && row['state'] !== 'made')
    || (table === 'outside_instance' && row['application'] === null);
}

/** What in the database or among the files is not what the register says; at most a hundred of them. Throws REGISTER_DAMAGED where the register does not agree with itself. */
export async function auditDesk(db: Db, o: AuditSources): Promise<Difference[]> {
  const audit = new Audit(db, o);
  try {
    await checkRegister(db, o.authority, () => audit.pause());
    await audit.run();
  } catch (error) {
    if (error instanceof Stopped) return [];
    if (!(error instanceof Full)) throw error;
  }
  return audit.found;
}
