/**
 * An auditor's attack: somebody with the database and the files in their hands changes, removes, adds or puts back what they like.
 * Every table and every column of the schema is tried, whatever there will be in it: each is found by the desk's own look at its
 * tables, or stands below with the reason why it is no evidence.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import type { Problem } from '../../host-bridge/common/errors';
import { createDesk, noteVerifier, verifyArchive, verifyArchiveFile, writeArchiveFile, type Desk } from '../../host-bridge/desk';
import { auditDesk } from '../../host-bridge/desk/audit/audit';
import { planArchive, writeArchive } from '../../host-bridge/desk/archive/write';
import { KEYS } from '../../host-bridge/desk/audit/expected';
import type { Difference } from '../../host-bridge/desk/audit/audit';
import { openStore } from '../../host-bridge/common/database';
import { deskMigrations, type Tables } from '../../host-bridge/desk/tables';
import { sql } from 'kysely';
import { busyOffice, type Busy } from '../desk/busy';
import { caller, testFolder, testRandom } from '../desk/support';

/** Tables that are no evidence. */
const NOT_EVIDENCE: Readonly<Record<string, string>> = {
  event: 'what was told to readers of the stream; each event names the entry that says so',
  session: 'who is signed in now: whoever writes the database can sign themselves in, and what they do then stands in the register under that name',
  password: 'a means to sign in; that one was set or taken away is an entry, not what it is',
  recovery_code: 'as password', invitation: 'as password', used_step: 'codes that were used, until they would be over anyway', throttle: 'how many sign-ins failed lately',
  offline_number: 'numbers of codes: known again from the unit’s own records, and a unit takes none twice',
  duty: 'which replica is on duty', unheard: 'units that have not confirmed an epoch yet', reminder: 'what was said of steps that wait; each saying is an entry', outside_event: 'messages that were seen: one taken twice does nothing',
  impression_try: 'what is still to be judged: what comes of it is an entry',
  document_holder: 'who may use a document in an application of theirs', migration: 'which steps of the schema were made',
  cosignature: 'lines of witnesses: each verifies under the key of its witness, or does not', witness: 'where asking each witness stands', device_lease: 'who maintains a unit now; what they do to it is in its records',
  push_subscription: 'browsers that alarms are pushed to', push_message: 'what is on its way to them', push_mark: 'up to which case they were told',
  security_event: 'sign-ins and refusals, for who looks after the desk; what was done is an entry', account_notice: 'what a person is told of their account; what it tells of is an entry', known_browser: 'by which a browser is known again',
};
/** Columns that are no evidence, of tables that are. */
const UNSAID: Readonly<Record<string, string>> = {
  'entry.search': 'words by which entries are found; the list by number has every one', 'checkpoint.at': 'when it was made; what is signed is size and root',
  'application.created': 'a draft stands in no entry', 'application.updated': 'shown as the last change; each change is an entry', 'application.since': 'since when the step waits',
  'permit.state': 'where its delivery stands; what the unit took and did is in its records', 'permit.code': 'as permit.state', 'statement.state': 'as permit.state', 'statement.code': 'as permit.state',
  'offline_code.state': 'as permit.state', 'offline_code.person': 'number of the person at the unit, as the enrolment has it', 'offline_code.challenge': 'what was read out on the phone; its number is in the entry',
  'device.next_counter': 'numbers may be left out; that none is given twice is found', 'chain.first_wanted': 'where the follower looks first',
  'ceremony.statement': 'as permit.state', 'ceremony.since': 'since when the step waits', 'ceremony.decided': 'each decision is an entry',
  'top_up.decided': 'each decision is an entry', 'top_up.since': 'since when the step waits', 'top_up.chain': 'to whom it has gone besides, each an entry', 'passkey.credential': 'name of the key; what it signs is checked by public_key', 'passkey.counter': 'uses of the key', 'passkey.rp_id': 'for which domain; an assertion says it itself', 'passkey.transports': 'how a browser reaches it',
  'passkey.name': 'what its owner calls it', 'passkey.used': 'when it was used last', 'receipt.id': 'known to whoever holds the receipt, and to nobody else by the register',
  'report.within': 'until when it is due; made, used and unused are entries', 'report.due': 'as report.within', 'report.reminded': 'as report.within', 'report.last': 'as report.within', 'report.overdue': 'as report.within',
  'document.purged': 'when the files of a removed document were gone',
  'outside_instance.at': 'when the last message came',
};

let busy: Busy;
let folder: string;
/** A desk that was shut down, file by file; each attack begins from a copy of it. */
let kept: Map<string, Buffer>;

const filesOf = (root: string): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => path.join(root, name)).filter((name) => statSync(name).isFile());

beforeAll(async () => {
  busy = await busyOffice({ database: path.join((folder = testFolder()), 'desk.db'), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos'), mark: path.join(folder, 'register.mark') });
  await busy.desk.rooms.mark.keep();
  await busy.desk.close();
  kept = new Map(filesOf(folder).map((file) => [file, readFileSync(file)]));
}, 120_000);

/** Puts everything back as it was, but for the files that are kept elsewhere. */
function putBack(but: readonly string[] = []): void {
  for (const file of filesOf(folder)) if (!but.includes(path.basename(file))) rmSync(file);
  for (const [file, bytes] of kept) if (!but.includes(path.basename(file))) writeFileSync(file, bytes);
}

/** Statements by which somebody changes the database behind the desk. */
async function tamper(work: (run: (text: string) => Promise<Record<string, unknown>[]>) => Promise<void>): Promise<void> {
  const store = openStore<Tables>(busy.options.database, deskMigrations);
  const run = async (text: string): Promise<Record<string, unknown>[]> => (await sql<Record<string, unknown>>`${sql.raw(text)}`.execute(store.db)).rows;
  await run('PRAGMA foreign_keys = OFF');
  await work(run);
  await store.close();
}

/** What the desk says of itself: 'refused' where it does not even open. */
async function look(): Promise<Difference[] | 'refused'> {
  let desk: Desk;
  try {
    desk = await createDesk({ ...busy.options, random: testRandom('again') });
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^REGISTER_(DAMAGED|BEHIND)$/);
    return 'refused';
  }
  try {
    const found = await desk.rooms.auditor.look();
    // Each is a case that a person has to close, and stays one however often it is found.
    await desk.rooms.auditor.look();
    const { cases } = (await caller(desk)(busy.tokens.auditor, 'GET', '/v1/cases?open=true')).body as { cases?: { kind: string }[] };
    if (cases) expect(cases.filter(({ kind }) => kind === 'register-differs').length).toBeGreaterThanOrEqual(Math.min(found.length, 1));
    return found;
  } finally {
    await desk.close();
  }
}

/** What reaches an archive: an error where none can be made, else whether a stranger accepts it. */
async function archived(): Promise<{ ok: boolean; strokes?: unknown }> {
  const desk = await createDesk({ ...busy.options, random: testRandom('archive') }).catch(() => undefined);
  if (!desk) return { ok: false };
  const { rooms } = desk;
  const file = path.join(folder, 'year.tar');
  try {
    await writeArchiveFile({ history: rooms.history, authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs }, file);
    const report = await verifyArchiveFile(file, noteVerifier(rooms.authority.registerKey)!);
    return { ok: report.ok, strokes: report.summary?.strokes };
  } catch {
    return { ok: false };
  } finally {
    await desk.close();
    rmSync(file, { force: true });
  }
}

const quoted = (value: unknown): string => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`);
/** Another value of the same kind. */
function other(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(Number(value) + 1000);
  if (value === null) return '1';
  const text = String(value);
  if (/^[0-9a-f]{16,}$/.test(text)) return quoted((text[0] === '0' ? '1' : '0') + text.slice(1));
  if (/^[[{]/.test(text)) return quoted(text.startsWith('[') ? '[[1]]' : '{"count":77}');
  return quoted(text === 'x' ? 'y' : 'x');
}

/** An attack on a desk that runs, taken back afterwards: what the desk's look finds then, and what a stranger gets as an archive. */
class Attack {
  private constructor(private readonly desk: Desk) {}

  static async open(): Promise<Attack> {
    putBack();
    const desk = await createDesk({ ...busy.options, random: testRandom('attack') });
    await sql`PRAGMA foreign_keys = OFF`.execute(desk.rooms.store.db); // of the attacker's own connection
    return new Attack(desk);
  }

  private get sources(): { authority: Desk['rooms']['authority']; documents: Desk['rooms']['documentBlobs']; photos: Desk['rooms']['photoBlobs'] } {
    const { authority, documentBlobs: documents, photoBlobs: photos } = this.desk.rooms;
    return { authority, documents, photos };
  }

  rows(text: string): Promise<Record<string, unknown>[]> {
    return sql<Record<string, unknown>>`${sql.raw(text)}`.execute(this.desk.rooms.store.db).then(({ rows }) => rows);
  }

  /** @returns tables in which something is found ('entry' where the register itself does not agree), and the files of an archive that verifies */
  async look(change: string): Promise<{ found: string[]; files: string | undefined }> {
    const { rooms } = this.desk;
    const back = new Error('taken back');
    let seen: { found: string[]; files: string | undefined } | undefined;
    await rooms.store.db.transaction().execute(async (trx) => {
      await sql`${sql.raw(change)}`.execute(trx);
      const found = await auditDesk(trx, this.sources).then((all) => all.map(({ table }) => table as string), (error: Problem) => (expect(error.code).toBe('REGISTER_DAMAGED'), ['entry']));
      seen = { found, files: await this.archived(trx) };
      throw back;
    }).catch((error: unknown) => {
      if (error !== back) throw error;
    });
    return seen!;
  }

  /** Name and hash of each file of an archive that a stranger accepts; undefined where there is none. */
  private async archived(trx: Parameters<typeof auditDesk>[0]): Promise<string | undefined> {
    const history = { commit: (work: (inside: typeof trx) => unknown) => work(trx), seconds: () => busy.clock.seconds };
    try {
      const plan = await planArchive({ history: history as never, ...this.sources });
      const parts: Buffer[] = [];
      await writeArchive(plan, this.desk.rooms.authority, new Writable({ write: (part: Buffer, _encoding, done) => (parts.push(part), done()) }));
      const bytes = Buffer.concat(parts);
      const source = { size: bytes.length, read: async (offset: number, length: number) => bytes.subarray(offset, offset + length) };
      return (await verifyArchive(source, noteVerifier(this.desk.rooms.authority.registerKey)!)).ok ? JSON.stringify(plan.manifest.files) : undefined;
    } catch {
      return undefined;
    }
  }

  close(): Promise<void> {
    return this.desk.close();
  }
}

const schema = (attack: Attack): Promise<{ table: string; columns: { name: string; pk: boolean }[] }[]> =>
  attack.rows(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`).then((tables) => Promise.all(tables.map(async ({ name }) => ({
    table: String(name), columns: (await attack.rows(`PRAGMA table_info("${String(name)}")`)).map((column) => ({ name: String(column['name']), pk: Number(column['pk']) > 0 })),
  }))));
const HELD = [...Object.keys(KEYS), 'entry', 'tree_node', 'checkpoint'];

describe('every table and every column of the schema', () => {
  let attack: Attack;
  let untouched: string;
  beforeAll(async () => {
    attack = await Attack.open();
    const seen = await attack.look('SELECT 1');
    expect(seen.found).toEqual([]);
    untouched = seen.files!;
    expect(untouched.length).toBeGreaterThan(1000);
  }, 120_000);
  afterAll(() => attack.close());

  test('is evidence, with a row here, or has its reason', async () => {
    const all = await schema(attack);
    const tables = all.map(({ table }) => table);
    expect(tables.filter((table) => !HELD.includes(table) && NOT_EVIDENCE[table] === undefined)).toEqual([]);
    expect(Object.keys(NOT_EVIDENCE).filter((table) => HELD.includes(table) || !tables.includes(table))).toEqual([]);
    const names = all.flatMap(({ table, columns }) => columns.map(({ name }) => `${table}.${name}`));
    expect(Object.keys(UNSAID).filter((name) => !names.includes(name))).toEqual([]);
    for (const table of HELD) expect([table, (await attack.rows(`SELECT * FROM ${table} LIMIT 1`)).length]).toEqual([table, 1]);
  });

  test('changed in the newest row is found by the desk, and reaches no archive that verifies', async () => {
    const unseen: string[] = [];
    const needless: string[] = [];
    for (const { table, columns } of (await schema(attack)).filter(({ table }) => NOT_EVIDENCE[table] === undefined)) {
      for (const { name } of columns) {
        const [row] = [...(await attack.rows(`SELECT rowid AS row, * FROM ${table} WHERE "${name}" IS NOT NULL ORDER BY rowid DESC LIMIT 1`)), ...(await attack.rows(`SELECT rowid AS row, * FROM ${table} ORDER BY rowid DESC LIMIT 1`))];
        const { found, files } = await attack.look(`UPDATE ${table} SET "${name}" = ${other(row![name])} WHERE rowid = ${String(row!['row'])}`);
        const seen = found.some((one) => one === table || one === 'entry');
        if (!seen && UNSAID[`${table}.${name}`] === undefined) unseen.push(`${table}.${name}: ${found.join(' ')}`);
        if (seen && UNSAID[`${table}.${name}`] !== undefined) needless.push(`${table}.${name}`);
        // Either it is what it was before, or nobody accepts it.
        if (files !== undefined) expect([`${table}.${name}`, files === untouched]).toEqual([`${table}.${name}`, true]);
      }
    }
    expect(unseen).toEqual([]);
    expect(needless).toEqual([]);
  }, 600_000);

  test('of which a row is removed or made up is found', async () => {
    const unseen: string[] = [];
    for (const { table, columns } of (await schema(attack)).filter(({ table }) => HELD.includes(table))) {
      const [row] = await attack.rows(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`);
      const values = columns.map(({ name, pk }) => (pk || ['sha256', 'die', 'credential', 'number', 'counter', 'intent', 'login', 'digest'].includes(name) ? (row![name] === null ? 'NULL' : other(row![name])) : quoted(row![name])));
      for (const change of [`DELETE FROM ${table} WHERE rowid = (SELECT max(rowid) FROM ${table})`, `INSERT INTO ${table} VALUES (${values.join(', ')})`]) {
        const { found } = await attack.look(change);
        // A checkpoint that nobody has any more is missing to nobody: the others, and the file beside the database, say the same.
        if (found.length === 0 && !(table === 'checkpoint' && change.startsWith('DELETE'))) unseen.push(change);
      }
    }
    expect(unseen).toEqual([]);
  }, 600_000);
});

describe('photos, documents and records', () => {
  const verified = async (): Promise<[boolean, string]> => {
    const found = await look();
    return [(await archived()).ok, found === 'refused' ? 'refused' : found.map(({ table, what }) => `${table} ${what}`).join(' ')];
  };

  test('any file swapped for another, or gone', async () => {
    putBack();
    const desk = await createDesk({ ...busy.options, random: testRandom('files') });
    const { store, authority, documentBlobs, photoBlobs } = desk.rooms;
    const found = (): Promise<string> => store.snapshot((db) => auditDesk(db, { authority, documents: documentBlobs, photos: photoBlobs })).then((all) => all.map(({ table, what }) => `${table} ${what}`).join(' '));
    for (const kind of ['photos', 'documents']) {
      const files = filesOf(path.join(folder, kind));
      expect(files.length).toBeGreaterThan(2);
      for (const [i, file] of files.entries()) {
        const own = kept.get(file)!;
        writeFileSync(file, kept.get(files[(i + 1) % files.length]!)!);
        expect(await found()).toMatch(/(photo|document|document_page|seal) (missing|changed)/);
        rmSync(file);
        expect(await found()).toMatch(/(photo|document|document_page|seal) (missing|changed)/);
        writeFileSync(file, own);
      }
    }
    expect(await found()).toBe('');
    await desk.close();
  }, 300_000);

  test('a photo put in the place of another, with its row', async () => {
    putBack();
    await tamper(async (run) => {
      const [first, second] = await run(`SELECT * FROM photo WHERE state = 'stored' ORDER BY seq`);
      await run(`UPDATE photo SET sha256 = ${quoted(second!['sha256'])} WHERE seq = ${quoted(first!['seq'])}`);
    });
    expect(await verified()).toEqual([false, 'photo changed']);
  });

  test('a record dropped with everything that it changed, or two in each other’s place', async () => {
    putBack();
    await tamper(async (run) => {
      await run(`DELETE FROM record WHERE seq = (SELECT max(seq) FROM record)`);
      await run(`UPDATE chain SET next_seq = next_seq - 1`);
    });
    expect(await verified()).toEqual([false, expect.stringMatching(/record missing/)]);
    putBack();
    await tamper(async (run) => {
      const [first, second] = await run(`SELECT * FROM record ORDER BY seq LIMIT 2`);
      for (const [to, from] of [[first!, second!], [second!, first!]]) await run(`UPDATE record SET bytes = ${quoted(from['bytes'])}, sha256 = ${quoted(from['sha256'])}, kind = ${quoted(from['kind'])} WHERE seq = ${quoted(to['seq'])}`);
    });
    expect(await verified()).toEqual([false, expect.stringMatching(/record changed/)]);
  });

  test('the end of the register cut off, with its tree, its checkpoints and all that stands on it', async () => {
    putBack();
    await tamper(async (run) => {
      const size = Number((await run(`SELECT max(number) + 1 AS n FROM entry`))[0]!['n']) - 3;
      await run(`DELETE FROM entry WHERE number >= ${size}`);
      await run(`DELETE FROM checkpoint WHERE size > ${size}`);
      for (let level = 0, left = size; left > 0; level++, left = Math.floor(left / 2)) await run(`DELETE FROM tree_node WHERE level = ${level} AND number >= ${left}`);
    });
    expect(await look()).toBe('refused');
  });
});

test('the whole database put back to an older day: the desk does not open, and the two checkpoints do not agree', async () => {
  putBack();
  const desk = await createDesk({ ...busy.options, random: testRandom('older') });
  const before = (await caller(desk)(busy.tokens.auditor, 'GET', '/v1/checkpoint')).raw.toString();
  await desk.rooms.people.add('后来的人', ['applicant'], 1);
  const after = (await caller(desk)(busy.tokens.auditor, 'GET', '/v1/checkpoint')).raw.toString();
  await desk.close();
  expect(Number(after.split('\n')[1])).toBeGreaterThan(Number(before.split('\n')[1]));
  expect(existsSync(busy.options.mark!)).toBe(true);
  putBack(['register.mark']); // the files as they were the day before; the mark is kept elsewhere
  expect(await look()).toBe('refused');
});
