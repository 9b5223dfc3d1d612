/**
 * A large register: how long people wait for it. Made by the desk's own code (applications, approvals, permits, records taken in and
 * verified), many steps to a transaction so that it is quick. BENCH_RECORDS (5,000 where not said; the goals are for 100,000) evidence
 * records, a tenth as many uses and as many photos; on SQLite, and on PostgreSQL where there is one (a copy, row by row).
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { sql, type Transaction } from 'kysely';
import sharp from 'sharp';
import { openShared, type SharedStore } from '../../host-bridge/common/shared';
import { SILENT } from '../../host-bridge/common/log';
import { createDesk, deviceIdentity, newAuthorityKeys, noteVerifier, verifyArchiveFile, writeArchiveFile, type Desk, type DeskOptions } from '../../host-bridge/desk';
import { getApplication } from '../../host-bridge/desk/applications/applications';
import { auditDesk } from '../../host-bridge/desk/audit/audit';
import { DiskBlobs } from '../../host-bridge/desk/documents/blobs';
import { tablesOf } from '../../host-bridge/desk/backup/format';
import { roomsOver } from '../../host-bridge/desk/desk';
import { EvidenceKeys, Intake } from '../../host-bridge/desk/follow/intake';
import { photoDigest } from '../../host-bridge/desk/register/records';
import { deskMigrations, type Tables } from '../../host-bridge/desk/tables';
import { nodeNatives } from '../../host-bridge/natives';
import { makeRecord, ratchet, recordData, ZERO_HASH, type DataValue } from '../../protocol/evidence';
import { hmacKey } from '../../protocol/hash';
import { makeDatabase, startCluster } from '../postgres/cluster';
import { median, type Bench } from './report';

const DEVICE = '5ea1000000000001';
const DIE = 'd1e0000000000001';
/** Steps to a transaction while the register is made. */
const BATCH = 200;
const QUERIES = 200;
const PURPOSES = ['致税务局的函', '采购合同', '年度审计报告', '员工在职证明', '银行开户资料', 'Letter of intent', '投标文件', '保密协议'];

/** One store in which many transactions are one, while somebody says so. */
function batching(store: SharedStore<Tables>): { store: SharedStore<Tables>; together(work: () => Promise<void>): Promise<void> } {
  let open: Transaction<Tables> | undefined;
  return {
    store: { ...store, commit: (work) => (open ? work(open) : store.commit(work)), read: (work) => (open ? work(open) : store.read(work)), snapshot: (work) => (open ? work(open) : store.snapshot(work)) },
    together: (work) => store.commit(async (trx) => {
      open = trx;
      try {
        await work();
      } finally {
        open = undefined;
      }
    }),
  };
}

const latin = (data: Buffer): string => data.toString('latin1');
const hexBytes = (hex: string): string => latin(Buffer.from(hex, 'hex'));

/** A device that only keeps its log, under the keys it would have. */
class Log {
  seq = 0;
  private prev: string = ZERO_HASH;
  private key: string;
  constructor(key: Buffer) {
    this.key = latin(key);
  }

  record(kind: number, time: number, values: DataValue[]): Buffer {
    const made = makeRecord(nodeNatives, hmacKey(nodeNatives, this.key), { device: hexBytes(DEVICE), seq: this.seq, boot: 1, uptime: this.seq, time, kind, data: recordData(values), prev: this.prev });
    this.seq += 1;
    this.prev = nodeNatives.sha256(made);
    this.key = ratchet(nodeNatives, hmacKey(nodeNatives, this.key));
    return Buffer.from(made, 'latin1');
  }
}

interface Made {
  options: DeskOptions;
  token: string;
  entries: number;
  uses: number;
}

async function make(bench: Bench, records: number): Promise<Made> {
  const uses = Math.floor(records / 10);
  const photographed = Math.floor(uses / 2);
  const keys = newAuthorityKeys('bench/register', (length) => nodeRandom(length));
  let at = 1_700_000_000;
  const clock = { wall: () => at * 1000, now: () => at * 1000, after: () => () => undefined };
  const folders = { documents: path.join(bench.folder, 'documents'), photos: path.join(bench.folder, 'photos') };
  const options: DeskOptions = { database: path.join(bench.folder, 'desk.db'), ...folders, keys, clock, random: nodeRandom, log: SILENT, bridges: [] };
  const { store, together } = batching(await openShared<Tables>(options.database, deskMigrations));
  const rooms = roomsOver(store, options);
  const token = (await rooms.people.add('审计', ['auditor', 'admin'], 0)).token;
  const people = await Promise.all(['张伟', '王芳', '李娜', '刘洋'].map(async (name) => (await rooms.people.add(name, ['applicant'], 0)).person.id));
  const chief = (await rooms.people.add('主任', ['approver', 'custodian'], 0)).person.id;
  await rooms.cards.addDevice({ id: DEVICE, name: '一号机', bridge: 'main' }, 1);
  for (const [i, person] of people.entries()) await rooms.cards.enrol({ device: DEVICE, person, number: 7 + i, means: 1 }, 1);
  const seal = (await rooms.cards.addSeal({ kind: 'company', name: '公司公章', die: DIE, device: DEVICE, custodian: chief, sample: null, approvers: [[chief]] }, 1)).id;
  const page = await sharp({ create: { width: 400, height: 560, channels: 3, background: '#dddddd' } }).png().toBuffer();
  let document = '';
  for (const person of people) document = (await rooms.documents.add(page, '来函.png', person)).sha256;
  const jpeg = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#b4b4b4', noise: { type: 'gaussian', mean: 180, sigma: 8 } } }).jpeg({ quality: 60 }).toBuffer();
  const blobs = new DiskBlobs(folders.photos);
  const log = new Log(deviceIdentity(keys, { linkRoot: Buffer.alloc(32, 1) }, Buffer.from(DEVICE, 'hex')).evidenceKey);
  const intake = new Intake(rooms.history, new EvidenceKeys((device) => rooms.authority.evidenceKey(device)), async (trx, id, state) => {
    const application = await getApplication(trx, id);
    if (application.state === 'approved') await rooms.applications.move(trx, application, state, 0);
  });
  const take = async (kind: number, values: DataValue[]): Promise<number> => {
    const seq = log.seq;
    if ((await intake.take(DEVICE, log.record(kind, at, values))) !== 'stored') throw new Error(`record ${seq} was not taken`);
    return seq;
  };
  const photo = async (permit: string, which: number, use: number): Promise<string> => {
    const bytes = Buffer.concat([jpeg, Buffer.from(`${permit} ${which} ${use}`)]); // behind the end of the picture: each has its own digest
    const digest = photoDigest(bytes);
    const seq = await take(4, [hexBytes(permit), which, latin(digest), bytes.length, use]);
    const sha256 = await blobs.put(bytes);
    await store.commit(async (trx) => {
      await trx.updateTable('photo').set({ state: 'stored', sha256, at }).where('device', '=', DEVICE).where('seq', '=', seq).execute();
      await rooms.history.note(trx, 'photo', { device: Buffer.from(DEVICE, 'hex'), seq, digest }, `${DEVICE} ${digest.toString('hex')}`);
    });
    return latin(digest);
  };
  const one = async (i: number): Promise<void> => {
    at += 60;
    const person = people[i % people.length]!;
    const asked = await rooms.applications.add({ seal, purpose: `${PURPOSES[i % PURPOSES.length]} ${i}`, document, count: 1, notBefore: at - 60, notAfter: at + 3600, persons: [person], photos: i < photographed, strokeGrants: false, idle: 300 }, person, true);
    await rooms.approvals.decide(asked.id, chief, { verdict: 'approved', content: asked.content ?? '' });
    const permit = await store.read((db) => db.selectFrom('permit').select(['id', 'sha256']).where('application', '=', asked.id).executeTakeFirstOrThrow());
    const id = hexBytes(permit.id);
    await take(2, [id, hexBytes(permit.sha256), 1]);
    await take(3, [id, { cbor: '\x81\x07' }]);
    const before = i < photographed ? await photo(permit.id, 0, 1) : undefined;
    const intent = await take(5, [id, 1, 1, before]);
    await take(6, [id, 1, 1, '\x01', intent, 1]);
    if (i < photographed) await photo(permit.id, 1, 1);
    await take(7, [id, 1, 1]);
    // What else a device writes down: its clock, set again and again.
    while (log.seq < ((i + 1) * records) / uses) await take(11, [at, at]);
  };
  for (let i = 0; i < uses; ) {
    const end = Math.min(uses, i + BATCH);
    await together(async () => {
      for (; i < end; i++) await one(i);
    });
    if (i % 1000 === 0) bench.say(`${i} of ${uses} uses`);
  }
  const entries = Number((await store.read((db) => db.selectFrom('entry').select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow())).n);
  await store.close();
  return { options, token, entries, uses };
}

function nodeRandom(length: number): Buffer {
  return Buffer.from(nodeNatives.random(length), 'latin1');
}

/** Copies every table, some hundred rows to a statement. */
async function copy(from: string, to: string): Promise<void> {
  const source = await openShared<Tables>(from, deskMigrations);
  const target = await openShared<Tables>(to, deskMigrations);
  for (const { name, key } of tablesOf(deskMigrations)) {
    for (let offset = 0; ; offset += 500) {
      const order = sql.join(key.map((column) => sql.ref(column)));
      const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${sql.table(name)} ORDER BY ${order} LIMIT 500 OFFSET ${offset}`.execute(source.db);
      if (rows.length > 0) await target.commit((trx) => (trx as Transaction<never>).insertInto(name as never).values(rows as never).execute().then(() => undefined));
      if (rows.length < 500) break;
    }
  }
  await source.close();
  await target.close();
}

const percentile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

async function measure(bench: Bench, kind: string, made: Made, records: number): Promise<void> {
  const context = { database: kind, records, entries: made.entries, uses: made.uses, load: bench.load() };
  const opening = bench.now();
  const desk: Desk = await createDesk(made.options);
  bench.figure({ metric: 'desk opened, register held against its tree', value: (bench.now() - opening) / 1000, unit: 's', context });
  const { rooms } = desk;
  const get = async (url: string): Promise<number> => {
    const from = bench.now();
    const answer = await desk.app.inject({ url, headers: { authorization: `Bearer ${made.token}` } });
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.payload.slice(0, 200)}`);
    return bench.now() - from;
  };
  const timed = async (metric: string, goal: number, urls: readonly string[], before?: () => Promise<unknown>): Promise<void> => {
    for (const url of urls.slice(0, 5)) await get(url); // what is loaded once
    const took: number[] = [];
    const computed: number[] = [];
    for (const url of urls) {
      await before?.();
      const from = bench.cpu();
      took.push(await get(url));
      computed.push(bench.cpu() - from);
    }
    // What this process computed says how much of it was waiting for a processor that others had.
    bench.figure({ metric: `${metric}, p50`, value: median(took), unit: 'ms', context: { ...context, computed: Number(median(computed).toFixed(2)) } });
    bench.figure({ metric: `${metric}, p99`, value: percentile(took, 0.99), unit: 'ms', goal, context: { ...context, computed: Number(percentile(computed, 0.99).toFixed(2)) } });
  };
  const words = ['税务局', '公司公章', '李娜', 'letter', '没有这样的字', '采购合同', '审计'];
  const search = (where: string, more: (i: number) => string = () => ''): string[] => Array.from({ length: QUERIES }, (_, i) => `${where}?limit=50&search=${encodeURIComponent(i % 3 === 0 ? `${PURPOSES[i % 8]} ${(i * 37) % made.uses}` : words[i % words.length]!)}${more(i)}`);
  await timed('search of uses', 100, search('/v1/register/uses'));
  await timed('search of uses by seal, result and time', 100, search('/v1/register/uses', (i) => `&result=stamped&from=${1_700_000_000 + i * 60}`));
  await timed('search of entries', 100, search('/v1/register/entries'));
  await timed('newest uses', 100, Array.from({ length: QUERIES }, (_, i) => `/v1/register/uses?limit=50&offset=${(i * 50) % made.uses}`));
  // With something new each time: else it is the same note again.
  await timed('checkpoint', 10, Array.from({ length: 100 }, () => '/v1/checkpoint'), () => rooms.history.commit((trx) => rooms.history.note(trx, 'bench', {}, '')));
  await timed('inclusion proof', 10, Array.from({ length: QUERIES }, (_, i) => `/v1/register/inclusion?entry=${(i * 7919) % made.entries}`));
  await timed('consistency proof', 10, Array.from({ length: QUERIES }, (_, i) => `/v1/register/consistency?first=${1 + ((i * 7919) % (made.entries - 1))}`));
  const file = path.join(bench.folder, `${kind}.tar`);
  const writing = bench.now();
  await writeArchiveFile({ history: rooms.history, authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs }, file);
  bench.figure({ metric: 'archive written', value: (bench.now() - writing) / 1000, unit: 's', context });
  bench.figure({ metric: 'archive size', value: statSync(file).size / 1e6, unit: 'MB', context });
  const verifying = bench.now();
  const report = await verifyArchiveFile(file, noteVerifier(rooms.authority.registerKey)!);
  if (!report.ok) throw new Error(`the archive does not verify: ${JSON.stringify(report.findings.slice(0, 3))}`);
  bench.figure({ metric: 'archive verified', value: (bench.now() - verifying) / 1000, unit: 's', context: { ...context, strokes: report.summary?.strokes.stamped, photos: report.summary?.photos } });
  const looking = bench.now();
  const differences = await rooms.store.snapshot((db) => auditDesk(db, { authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs }));
  if (differences.length > 0) throw new Error(`the database is not what the register says: ${JSON.stringify(differences.slice(0, 3))}`);
  bench.figure({ metric: 'tables and files held against the register', value: (bench.now() - looking) / 1000, unit: 's', context: { ...context, rss: Math.round(process.memoryUsage().rss / 1e6) } });
  await desk.close();
}

export async function register(bench: Bench): Promise<void> {
  const records = Number(bench.env['BENCH_RECORDS'] ?? 5000);
  const from = bench.now();
  const made = await make(bench, records);
  bench.figure({ metric: 'register made', value: (bench.now() - from) / 1000, unit: 's', context: { records, entries: made.entries, uses: made.uses } });
  await measure(bench, 'sqlite', made, records);
  const cluster = startCluster();
  if (!cluster) return bench.skipped('all of it on PostgreSQL', 'there is no PostgreSQL on this machine');
  try {
    await makeDatabase(cluster.address('postgres'), 'bench');
    const database = cluster.address('bench');
    await copy(made.options.database, database);
    await measure(bench, 'postgres', { ...made, options: { ...made.options, database } }, records);
  } finally {
    await cluster.stop();
  }
}
