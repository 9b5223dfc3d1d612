/** What bridge and desk read of others: records, statements, notes, key files, a bridge's answers and events. */
import { peekGrant } from '../../host-bridge/common/grant';
import { Problem } from '../../host-bridge/common/errors';
import { hexField, readRecord, uintField } from '../../host-bridge/common/record';
import { fromBase64 } from '../../host-bridge/common/bytes';
import { parseLinkKeys } from '../../host-bridge/bridge/config';
import { parseManifest } from '../../host-bridge/desk/archive/manifest';
import { readHeader, tarHeader } from '../../host-bridge/desk/archive/tar';
import { permitView } from '../../host-bridge/desk/authority/grants';
import { openAuthorityKeys, openLinkKeys, sealKeys } from '../../host-bridge/desk/authority/keystore';
import { decodeCbor, decodeSequence, encodeCbor, encodeSequence } from '../../host-bridge/desk/cbor';
import { BridgeApi } from '../../host-bridge/desk/follow/bridge-api';
import { eventReader, type BridgeResponse } from '../../host-bridge/desk/follow/transport';
import { checkpointText, noteSigner, noteVerifier, openNote, parseCheckpoint, signNote } from '../../host-bridge/desk/register/note';
import { bytesAt, countAt, parseRecord } from '../../host-bridge/desk/register/records';
import type { Random } from '../protocol/random';
import { vectors } from '../vectors/files';
import { BUDGET, bytesOf, damaged, fuzz, fuzzLater, hex, noiseOf, ONE_TEST_MS, tell } from './fuzz';

const v = vectors();
const records: string[] = v.evidence.records.map((r: { record: string }) => bytesOf(r.record));
const grants: string[] = v.grants.accepted.concat(v.grants.refused).map((g: { cose: string }) => bytesOf(g.cose));
const buffer = (b: string): Buffer => Buffer.from(b, 'latin1');
const DEVICE = '5345414c30303031';

afterAll(tell);

test("the bridge's reading of a record", () => fuzz('record (bridge)', 11, (random) => {
  const b = damaged(random, records);
  const record = readRecord(buffer(b));
  if (record === undefined) return;
  if (b.length > 512 || record.device.length !== 16 || record.prev.length !== 32 || record.mac.length !== 16) return hex(b);
  for (let key = 1; key < 7; key++) if ((hexField(record, key, 32) ?? 'x'.repeat(64)).length !== 64 || (uintField(record, key) ?? 0) < 0) return hex(b);
}), ONE_TEST_MS);

test("the register's reading of a record: what it takes is in the one encoding", () => fuzz('record (register)', 12, (random) => {
  const b = damaged(random, records);
  const record = parseRecord(buffer(b));
  if (record === undefined) return;
  if (b.length > 512 || !encodeCbor([record.body, record.mac]).equals(buffer(b))) return hex(b);
  for (let key = 1; key < 7; key++) if ((countAt(record, key) ?? 0) < 0 || bytesAt(record, key)?.length === 1) return hex(b);
}), ONE_TEST_MS);

test('deterministic CBOR and sequences', () => {
  const items = [...records, ...grants];
  const sequences = [encodeSequence(records.map(buffer)), encodeSequence([])].map((b) => b.toString('latin1'));
  fuzz('CBOR items (desk)', 13, (random) => {
    const b = damaged(random, items);
    const value = decodeCbor(buffer(b));
    if (value !== undefined && !encodeCbor(value).equals(buffer(b))) return hex(b);
  });
  fuzz('CBOR sequences (desk)', 14, (random) => {
    const b = damaged(random, sequences);
    const found = decodeSequence(buffer(b));
    if (found !== undefined && !encodeSequence(found).equals(buffer(b))) return hex(b);
  });
}, ONE_TEST_MS);

test('statements, as bridge and desk look into them', () => fuzz('statements (bridge, desk)', 15, (random) => {
  const b = damaged(random, grants);
  const seen = peekGrant(buffer(b));
  if (seen !== undefined && (b.length > 512 || seen.device.length !== 16 || (seen.id !== '' && seen.id.length !== 32))) return `peeked ${hex(b)}`;
  const view = permitView(buffer(b));
  if (view !== undefined && (typeof view.count !== 'number' || typeof view.device !== 'string')) return `viewed ${hex(b)}`;
}), ONE_TEST_MS);

test('notes, checkpoints and keys: nothing but what was signed is opened', () => {
  const signer = noteSigner('test/register', Buffer.alloc(32, 7));
  const verifier = noteVerifier(signer.vkey)!;
  const checkpoint = checkpointText({ origin: 'test/register', size: 17, root: Buffer.alloc(32, 3) });
  const notes = [signNote(signer, checkpoint), signNote(signer, 'a\n\nb\n')];
  const texts = [checkpoint, 'test/register\n0\n', signer.vkey, ...notes];
  fuzz('notes', 16, (random) => {
    const latin = damaged(random, notes.map((note) => Buffer.from(note, 'utf8').toString('latin1')));
    const text = openNote(verifier, buffer(latin).toString('utf8'));
    if (text !== undefined && !notes.some((note) => note.startsWith(text))) return latin;
  });
  fuzz('checkpoints and verifier keys', 17, (random) => {
    const text = damaged(random, texts);
    const read = parseCheckpoint(text);
    if (read !== undefined && checkpointText(read) !== text) return text;
    const key = noteVerifier(text);
    if (key !== undefined && key.vkey !== text) return text;
  });
}, ONE_TEST_MS);

test('tar headers and manifests', () => {
  const headers = [tarHeader('manifest.json', 812), tarHeader('photos/00.jpg', 8 ** 11 - 1)].map((b) => b.toString('latin1'));
  const manifest = JSON.stringify({
    format: 'smartseal-archive-1', origin: 'test/register', made: 1, entries: 2, missing: [{ device: DEVICE, seq: 1, digest: 'ab'.repeat(32) }],
    files: ['key.pub', 'checkpoint', 'register/leaves'].map((name) => ({ name, size: 3, sha256: 'cd'.repeat(32) })),
  });
  fuzz('tar headers', 18, (random) => {
    const b = damaged(random, headers);
    const read = readHeader(buffer(b));
    if (read !== undefined && tarHeader(read.name, read.size).toString('latin1') !== b) return hex(b);
  });
  fuzz('manifests', 19, (random) => {
    const b = damaged(random, [manifest]);
    const read = parseManifest(buffer(b));
    if (read !== undefined && (read.files[0]?.name !== 'key.pub' || read.files.some(({ name }) => name.includes('..')))) return b;
  });
}, ONE_TEST_MS);

test('event streams: bounded, in step at the next empty line', () => {
  const good = ['id: 7\nevent: evidence\ndata: {"device":"00"}\n\n', 'data: a\ndata: b\r\n\r\n', ': \n\n', 'event: reset\rdata: {}\r\r', 'retry: 2000\n\n'];
  let events: { id: string; type: string; data: string }[] = [];
  let feed = eventReader((event) => events.push(event));
  let fed = 0;
  fuzz('event streams', 20, (random) => {
    const b = damaged(random, good);
    fed += b.length;
    feed(b.substring(0, b.length >> 1));
    feed(b.substring(b.length >> 1));
    const got = events.reduce((sum, { data }) => sum + data.length, 0);
    if (got > fed) return `more came out than went in: ${got} of ${fed}`;
    events = [];
    feed('\n\nid: 9\nevent: x\ndata: still here\n\n');
    const last = events.at(-1);
    if (last?.data !== 'still here' || last.id !== '9' || last.type !== 'x') return `out of step: ${hex(b)}`;
    events = [];
    fed = 0;
  });
  // One that never ends is given up at a megabyte, with an error.
  for (const piece of ['x'.repeat(1000), `data: ${'x'.repeat(990)}\n`]) {
    feed = eventReader(() => undefined);
    expect(() => {
      for (let i = 0; i < 1100; i++) feed(piece);
    }).toThrow('too long');
  }
}, ONE_TEST_MS);

/** Only errors with a code of ours. */
async function refused(what: Promise<unknown>): Promise<string | undefined> {
  try {
    await what;
  } catch (error) {
    if (!(error instanceof Problem)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return undefined;
}

test("a bridge's answers", async () => {
  const answers = [
    { connected: true, nextSeq: 5, status: { time: 1_800_000_000, nextSeq: 4 } }, { records: [{ seq: 0, bytes: 'AAEC' }, { seq: 1, bytes: 'gA==' }] },
    { state: 'applied' }, { state: 'refused', code: 'REPLAYED' }, { nonce: '00'.repeat(16) }, { code: 'NOT_FOUND' }, null, [], 'x', 1e308,
  ].map((value) => JSON.stringify(value));
  let answer: BridgeResponse = { status: 200, body: Buffer.alloc(0) };
  const api = new BridgeApi({ call: () => Promise.resolve(answer) });
  const asks: ((random: Random) => Promise<unknown>)[] = [
    () => api.device(DEVICE), (random) => api.records(DEVICE, random.below(9), 16), () => api.photo(DEVICE, 'ab'.repeat(32)),
    () => api.putPermit(DEVICE, '00'.repeat(16), 'AA=='), () => api.permitState(DEVICE, '00'.repeat(16)), () => api.postGrant(DEVICE, 'AA=='),
    () => api.grantState(DEVICE, 'AA=='), () => api.timeNonce(DEVICE),
  ];
  await fuzzLater("a bridge's answers", 21, async (random) => {
    answer = { status: random.pick([200, 200, 200, 202, 404, 409, 410, 422, 425, 500, 503, 0]), body: buffer(damaged(random, answers)) };
    const ask = random.pick(asks);
    const wrong = await refused(ask(random).then((value) => {
      if (Array.isArray(value) && value.some((item) => !Buffer.isBuffer(item) || item.length > 1024)) throw new Error('a record without bounds');
    }));
    return wrong === undefined ? undefined : `${answer.status} ${hex(answer.body.toString('latin1'))}: ${wrong}`;
  });
}, ONE_TEST_MS);

test('base64, link keys and key files', async () => {
  fuzz('base64', 22, (random) => {
    const b = damaged(random, ['AAECAw==', '', 'gA', '_-8=', noiseOf(random, 20)]);
    const read = fromBase64(b);
    if (read !== undefined && read.length > b.length) return hex(b);
  });
  const linkKeys = JSON.stringify({ [DEVICE]: 'ab'.repeat(32), '0011223344556677': 'cd'.repeat(32) });
  fuzz('link keys', 23, (random) => {
    const b = damaged(random, [linkKeys]);
    try {
      for (const [id, key] of parseLinkKeys(b, 'keys')) if (id.length !== 16 || key.length !== 32) return b;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.message.includes('abab')) return `a key in an error: ${error.message}`;
    }
  });
  const options = { passphrase: 'p', random: (length: number) => Buffer.alloc(length, 9), cost: { N: 16, r: 1, p: 1 } };
  const sealed = await sealKeys({ permitRoot: Buffer.alloc(32, 1), evidenceRoot: Buffer.alloc(32, 2), registerSeed: Buffer.alloc(32, 3), registerName: 'r' }, options);
  // Each one that is JSON still takes a scrypt.
  await fuzzLater('key files', 24, async (random, i) => {
    const b = damaged(random, [sealed]);
    // Otherwise it would be the cost that is measured.
    if (/"[Nrp]": ?\d{3,}/.test(b)) return undefined;
    const wrong = await refused(i % 2 ? openLinkKeys(b, 'p') : openAuthorityKeys(b, 'p'));
    return wrong === undefined ? undefined : `${b}: ${wrong}`;
  }, Math.ceil(BUDGET));
}, ONE_TEST_MS);
