/** A desk in virtual time, and a bridge with a device behind it that is nothing but the protocol's own record maker. */
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { sql } from 'kysely';
import type { Clock } from '../../host-bridge/common/clock';
import { SILENT } from '../../host-bridge/common/log';
import { isPostgres } from '../../host-bridge/common/shared';
import { createDesk, type Desk, type DeskOptions } from '../../host-bridge/desk/desk';
import { deviceIdentity, type DeviceIdentity } from '../../host-bridge/desk/authority/authority';
import { newAuthorityKeys } from '../../host-bridge/desk/authority/keystore';
import { tablesOf } from '../../host-bridge/desk/backup/format';
import { deskMigrations } from '../../host-bridge/desk/tables';
import type { BridgeRequest, BridgeResponse, BridgeTransport } from '../../host-bridge/desk/follow/transport';
import { nodeNatives } from '../../host-bridge/natives';
import { grantKeys, openGrant, type Grant } from '../../protocol/permit';
import { makeRecord, photoEnd, photoStep, ratchet, recordData, ZERO_HASH, type DataValue } from '../../protocol/evidence';
import { hmacKey } from '../../protocol/hash';
import { makeDatabase } from '../postgres/cluster';

/** Bytes from a counter: the same in every run. */
export function testRandom(seed: string): (length: number) => Buffer {
  let count = 0;
  return (length) => {
    const out: Buffer[] = [];
    for (let have = 0; have < length; have += 32) out.push(createHash('sha256').update(`${seed}/${count++}`).digest());
    return Buffer.concat(out).subarray(0, length);
  };
}

export class TestClock implements Clock {
  time = 1_800_000_000_000;
  private timers: { at: number; call: () => void }[] = [];
  wall(): number {
    return this.time;
  }
  now(): number {
    return this.time;
  }
  after(ms: number, call: () => void): () => void {
    const timer = { at: this.time + ms, call };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((t) => t !== timer);
    };
  }
  /** Moves time on and calls what is due. */
  forward(ms: number): void {
    this.time += ms;
    const due = this.timers.filter((t) => t.at <= this.time);
    this.timers = this.timers.filter((t) => t.at > this.time);
    for (const timer of due) timer.call();
  }
  get seconds(): number {
    return Math.floor(this.time / 1000);
  }
}

export const deviceId = '00112233aabbccdd';
export const die = 'd1e0000000000001';

export function testFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'desk-'));
}

/** Where a new desk keeps its tables: a file of its folder, or with STORE=postgres a new database. @param copied a database that is closed, of which it is a copy */
export async function testDatabase(folder: string, copied?: string): Promise<string> {
  const server = process.env['STORE_ADDRESS'];
  const file = path.join(folder, 'desk.db');
  if (process.env['STORE'] !== 'postgres' || server === undefined) {
    if (copied !== undefined) copyFileSync(copied, file);
    return file;
  }
  const name = `desk_${randomBytes(8).toString('hex')}`;
  await makeDatabase(server, name, copied === undefined ? undefined : /\/(\w+)\?/.exec(copied)?.[1]);
  return server.replace('/postgres?', `/${name}?`);
}

/** All that stands in the database of an office: its file with the log, or every row of every table. */
export async function databaseBytes(office: Office): Promise<Buffer[]> {
  if (!isPostgres(office.options.database)) return ['', '-wal'].map((more) => readFileSync(`${office.options.database}${more}`));
  return office.desk.rooms.store.snapshot(async (db) => {
    const rows = [];
    for (const { name } of tablesOf(deskMigrations)) rows.push(...(await sql`SELECT * FROM ${sql.table(name)}`.execute(db)).rows);
    return [Buffer.from(JSON.stringify(rows)), Buffer.alloc(0)];
  });
}

export const testKeys = newAuthorityKeys('test/register', testRandom('keys'));
export const linkRoot = testRandom('link')(32);

export function identityOf(device = deviceId): DeviceIdentity {
  return deviceIdentity(testKeys, { linkRoot }, Buffer.from(device, 'hex'));
}

const latin = (data: Buffer): string => data.toString('latin1');
export const hexBytes = (hex: string): string => latin(Buffer.from(hex, 'hex'));

/** A small picture that really is one: `shade` makes its bytes differ. */
export function tinyPng(width: number, height: number, shade: number): Buffer {
  const crc = (data: Buffer): Buffer => {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(nodeNatives.crc32(latin(data)));
    return out;
  };
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    return Buffer.concat([length, body, crc(body)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8; // grey, 8 bits
  const row = Buffer.alloc(1 + Math.min(width, 100_000), shade);
  row[0] = 0;
  const rows = Buffer.concat(Array.from({ length: Math.min(height, 64) }, () => row));
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A device that only keeps its log. */
export class LogDevice {
  readonly records: Buffer[] = [];
  readonly photos = new Map<string, Buffer>();
  private key: string;
  private prev = ZERO_HASH;
  constructor(readonly identity: DeviceIdentity, readonly clock: TestClock) {
    this.key = latin(identity.evidenceKey);
  }

  /** Makes the next record without keeping it. */
  make(kind: number, values: DataValue[], seq = this.records.length, prev = this.prev, key = this.key): Buffer {
    const record = makeRecord(nodeNatives, hmacKey(nodeNatives, key), {
      device: latin(this.identity.deviceId), seq, boot: 1, uptime: 1000 * seq, time: this.clock.seconds, kind, data: recordData(values), prev,
    });
    return Buffer.from(record, 'latin1');
  }

  write(kind: number, values: DataValue[]): Buffer {
    const record = this.make(kind, values);
    this.records.push(record);
    this.prev = nodeNatives.sha256(latin(record));
    this.key = ratchet(nodeNatives, hmacKey(nodeNatives, this.key));
    return record;
  }

  /** Takes a photo of this content and writes its record. Returns the digest as bytes. */
  photo(permit: string, which: number, use: number, content: Buffer): string {
    let digest = ZERO_HASH;
    for (let at = 0; at < content.length; at += 1024) digest = photoStep(nodeNatives, digest, latin(content.subarray(at, at + 1024)));
    digest = photoEnd(nodeNatives, digest, content.length);
    this.photos.set(Buffer.from(digest, 'latin1').toString('hex'), content);
    this.write(4, [hexBytes(permit), which, digest, content.length, use]);
    return digest;
  }

  /** One whole use of a permit: loaded, opened, so many strokes with photos, closed. */
  use(permit: string, grant: Buffer, strokes: number, result = 1): void {
    const id = hexBytes(permit);
    this.write(2, [id, nodeNatives.sha256(latin(grant)), strokes]);
    this.write(3, [id, { cbor: '\x81\x07' }]);
    for (let use = 1; use <= strokes; use++) {
      const before = this.photo(permit, 0, use, Buffer.from(`photo before ${permit} ${use} `.repeat(40)));
      const intent = this.records.length;
      this.write(5, [id, use, use, before]);
      this.write(6, [id, use, result, hexBytes('0102'), intent, use]);
      this.photo(permit, 1, use, Buffer.from(`photo after ${permit} ${use} `.repeat(60)));
    }
    this.write(7, [id, 1, strokes]);
  }
}

/** A bridge made of one function. Each field changes what it says. */
export class FakeBridge implements BridgeTransport {
  readonly permits = new Map<string, Buffer>();
  readonly grants: Grant[] = [];
  readonly raw: Buffer[] = [];
  calls: BridgeRequest[] = [];
  custody = 'free';
  online = true;
  time = 0;
  nonce = '0f'.repeat(16);
  permitState = 'delivered';
  latePhotos = false;
  changeRecord: (record: Buffer, seq: number) => Buffer = (record) => record;
  recordsFrom: (from: number) => number = (from) => from;
  changePhoto: (photo: Buffer) => Buffer = (photo) => photo;
  down = false;
  /** What it answers where a device is leased or updated. */
  maintain: (request: BridgeRequest) => [number, unknown] = () => [404, { code: 'NOT_FOUND' }];

  constructor(readonly device: LogDevice) {}

  async call(request: BridgeRequest): Promise<BridgeResponse> {
    if (this.down) throw new Error('connection refused');
    this.calls.push(request);
    const [status, body] = this.answer(request, new URL(request.path, 'http://bridge'));
    return { status, body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)) };
  }

  private answer(request: BridgeRequest, url: URL): [number, unknown] {
    const parts = url.pathname.split('/').slice(3);
    const { device } = this;
    if (parts[0] !== device.identity.deviceId.toString('hex')) return [404, { code: 'UNKNOWN_DEVICE' }];
    if (parts.length === 1) return [200, { id: parts[0], connected: this.online, nextSeq: device.records.length, status: { time: this.time, custody: this.custody, nextSeq: device.records.length } }];
    if (parts[1] === 'records') {
      const from = this.recordsFrom(Number(url.searchParams.get('from')));
      const list = device.records.slice(from, from + Number(url.searchParams.get('limit')));
      return [200, { records: list.map((record, i) => ({ seq: from + i, bytes: this.changeRecord(record, from + i).toString('base64') })), next: from + list.length }];
    }
    if (parts[1] === 'photos') {
      const photo = device.photos.get(parts[2] ?? '');
      if (!photo) return [410, { code: 'PHOTO_GONE' }];
      return this.latePhotos ? [425, { code: 'PHOTO_PENDING' }] : [200, this.changePhoto(photo)];
    }
    if (parts[1] === 'lease' || parts[1] === 'update') return this.maintain(request);
    const grant = Buffer.from(String((request.body as { grant?: string } | undefined)?.grant ?? ''), 'base64');
    if (parts[1] === 'permits') {
      this.permits.set(parts[2] ?? '', grant);
      return this.permitState === 'refused' ? [200, { state: 'refused', code: 'REPLAYED' }] : [202, { state: this.permitState }];
    }
    if (parts[1] === 'grants') {
      const opened = this.open(grant);
      if (typeof opened === 'number') return [200, { state: 'refused', code: String(opened) }];
      if (opened.kind === 2) this.time = opened.time ?? 0;
      this.grants.push(opened);
      this.raw.push(grant);
      return [202, { state: 'applied' }];
    }
    return [200, { nonce: this.nonce }];
  }

  /** What the device's own reader makes of a grant. */
  open(grant: Buffer): Grant | number {
    const { deviceId: id, permitKey, ackKey } = this.device.identity;
    return openGrant(nodeNatives, grantKeys(nodeNatives, latin(id), latin(permitKey), latin(ackKey)), latin(grant));
  }
}

/** What came back as JSON: tests look into it freely and are told by their expectations. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Answer {
  status: number;
  body: Json;
  raw: Buffer;
}

export type Call = (token: string | undefined, method: string, url: string, body?: unknown) => Promise<Answer>;

export function caller(desk: Desk): Call {
  return async (token, method, url, body) => {
    const form = body instanceof Form ? body.encode() : undefined;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    if (form) headers['content-type'] = form.type;
    const response = await desk.app.inject({ method: method as 'GET', url, headers, ...(form ? { payload: form.data } : body === undefined ? {} : { payload: body as object }) });
    const json = /json/.test(String(response.headers['content-type']));
    return { status: response.statusCode, body: json ? response.json() : response.payload, raw: response.rawPayload };
  };
}

/** A multipart form (RFC 7578). */
export class Form {
  private parts: Buffer[] = [];
  field(name: string, value: string): this {
    this.parts.push(Buffer.from(`--xXx\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
    return this;
  }
  file(name: string, filename: string, data: Buffer): this {
    this.parts.push(Buffer.from(`--xXx\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: application/octet-stream\r\n\r\n`), data, Buffer.from('\r\n'));
    return this;
  }
  encode(): { type: string; data: Buffer } {
    return { type: 'multipart/form-data; boundary=xXx', data: Buffer.concat([...this.parts, Buffer.from('--xXx--\r\n')]) };
  }
}

export interface Office {
  desk: Desk;
  call: Call;
  clock: TestClock;
  device: LogDevice;
  bridge: FakeBridge;
  folder: string;
  options: DeskOptions;
  tokens: Record<'admin' | 'applicant' | 'other' | 'chief' | 'director' | 'custodian' | 'auditor', string>;
  ids: Record<'admin' | 'applicant' | 'other' | 'chief' | 'director' | 'custodian' | 'auditor', number>;
  seal: string;
  document: string;
  close(): Promise<void>;
}

/** A small company: a seal on a device, two approvers in order, one document. @param card more of the seal's card */
export async function openOffice(more: Partial<DeskOptions> = {}, card: { width?: number; height?: number } = {}): Promise<Office> {
  const clock = new TestClock();
  const device = new LogDevice(identityOf(), clock);
  const bridge = new FakeBridge(device);
  const folder = testFolder();
  const options: DeskOptions = {
    database: await testDatabase(folder), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos'), keys: testKeys, clock,
    random: testRandom('desk'), log: SILENT, bridges: [{ name: 'main', transport: bridge }], ...more,
  };
  const desk = await createDesk(options);
  const { people, cards, documents } = desk.rooms;
  const tokens = {} as Office['tokens'];
  const ids = {} as Office['ids'];
  const staff = [
    ['admin', ['admin']], ['applicant', ['applicant']], ['other', ['applicant']], ['chief', ['approver', 'applicant']], ['director', ['approver']],
    ['custodian', ['custodian']], ['auditor', ['auditor']],
  ] as const;
  for (const [name, held] of staff) {
    const { person, token } = await people.add(name, [...held], 0);
    tokens[name] = token;
    ids[name] = person.id;
  }
  await cards.addDevice({ id: deviceId, name: 'Unit 1', bridge: 'main' }, ids.admin);
  await cards.enrol({ device: deviceId, person: ids.applicant, number: 7, means: 1 }, ids.admin);
  await cards.enrol({ device: deviceId, person: ids.chief, number: 8, means: 3 }, ids.admin);
  const seal = await cards.addSeal(
    { kind: 'company', name: '公司公章', die, device: deviceId, custodian: ids.custodian, sample: null, approvers: [[ids.chief], [ids.director]], ...card },
    ids.admin,
  );
  const document = await documents.add(tinyPng(40, 60, 200), 'contract.png', ids.applicant);
  return {
    desk, call: caller(desk), clock, device, bridge, folder, options, tokens, ids, seal: seal.id, document: document.sha256,
    close: () => desk.close(),
  };
}

/** The fields of an application as the applicant would send them. */
export function applicationOf(office: Office, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { clock } = office;
  return {
    seal: office.seal, purpose: '与甲方的采购合同', document: office.document, count: 2, notBefore: clock.seconds - 60, notAfter: clock.seconds + 3600,
    persons: [office.ids.applicant], ...more,
  };
}

/** Applies and has both approvers agree. Returns the application as answered. */
export async function approved(office: Office, more: Record<string, unknown> = {}): Promise<Json> {
  const { call, tokens } = office;
  const made = await call(tokens.applicant, 'POST', '/v1/applications', applicationOf(office, more));
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const { id, content } = made.body;
  for (const token of [tokens.chief, tokens.director]) {
    const answer = await call(token, 'POST', `/v1/applications/${id}/approve`, { content });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }
  return (await call(tokens.applicant, 'GET', `/v1/applications/${id}`)).body;
}

export type Who = keyof Office['tokens'];

/** Calls in somebody's name, and an application that was submitted. @param office the one that is open now */
export function callsOf(office: () => Office): { ask(who: Who, method: string, url: string, body?: unknown): Promise<Answer>; submitted(more?: Record<string, unknown>, who?: Who): Promise<Json> } {
  const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office().call(office().tokens[who], method, url, body);
  return {
    ask,
    async submitted(more = {}, who = 'applicant') {
      const answer = await ask(who, 'POST', '/v1/applications', applicationOf(office(), more));
      expect(answer.body).toMatchObject({ state: 'submitted' });
      return answer.body;
    },
  };
}
