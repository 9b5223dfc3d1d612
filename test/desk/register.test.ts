/** The register over HTTP: proofs that hold, damage that is found, events that resume. */
import { createDesk } from '../../host-bridge/desk/desk';
import { checkConsistency, checkInclusion } from '../../host-bridge/desk/register/merkle';
import { noteVerifier, openNote, parseCheckpoint } from '../../host-bridge/desk/register/note';
import { approved, openOffice, testKeys, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close().catch(() => undefined));

const get = async (url: string): Promise<Json> => (await office.call(office.tokens.auditor, 'GET', url)).body;
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

describe('checkpoints and proofs', () => {
  test('every entry is proven against the signed checkpoint, and later checkpoints extend earlier ones', async () => {
    const { key } = await get('/v1/register/key');
    const verifier = noteVerifier(key)!;
    const checkpoint = async () => parseCheckpoint(openNote(verifier, await get('/v1/checkpoint'))!)!;
    const first = await checkpoint();
    expect(await checkpoint()).toEqual(first);
    await approved(office);
    const second = await checkpoint();
    expect(second.size).toBeGreaterThan(first.size);
    expect(second.origin).toBe('test/register');
    const { entries, size } = await get('/v1/register/entries?limit=1000');
    expect(size).toBe(second.size);
    for (const entry of entries) {
      const proof = await get(`/v1/register/inclusion?entry=${entry.number}&size=${second.size}`);
      expect(checkInclusion(bytes(entry.leaf), entry.number, second.size, proof.path.map(bytes), second.root)).toBe(true);
    }
    const { path } = await get(`/v1/register/consistency?first=${first.size}&second=${second.size}`);
    expect(checkConsistency(first.size, first.root, second.size, second.root, path.map(bytes))).toBe(true);
    expect((await get(`/v1/register/inclusion?entry=${second.size}`)).code).toBe('NOT_FOUND');
    expect((await get('/v1/register/consistency?first=0')).code).toBe('NOT_FOUND');
  });

  test('text is found whatever its width and case, and wildcards are only characters', async () => {
    await approved(office, { purpose: 'ＡＢＣ合同 100%_done' });
    for (const search of ['abc合同', 'ABC', '100%', '%_D']) expect((await get(`/v1/register/entries?search=${encodeURIComponent(search)}`)).entries.length).toBeGreaterThan(0);
    for (const search of ['100_', 'a%c', '!']) expect((await get(`/v1/register/entries?search=${encodeURIComponent(search)}`)).entries).toEqual([]);
  });
});

describe('someone at the database', () => {
  test.each<[string, (office: Office) => Promise<unknown>]>([
    ['an entry changed', (o) => o.desk.rooms.store.commit((trx) => trx.updateTable('entry').set({ body: 'AAAA' }).where('number', '=', 3).execute())],
    ['an entry and its node changed', (o) => o.desk.rooms.store.commit((trx) => trx.updateTable('tree_node').set({ hash: '00'.repeat(32) }).where('level', '=', 2).where('number', '=', 0).execute())],
    ['the last entries dropped', (o) => o.desk.rooms.store.commit((trx) => trx.deleteFrom('entry').where('number', '>', 4).execute())],
    ['the checkpoint changed', (o) => o.desk.rooms.store.commit((trx) => trx.updateTable('checkpoint').set({ note: 'test/register\n1\n' }).execute())],
  ])('%s: the desk does not open', async (_name, damage) => {
    await approved(office);
    await get('/v1/checkpoint');
    await damage(office);
    await office.close();
    await expect(createDesk(office.options)).rejects.toMatchObject({ code: 'REGISTER_DAMAGED' });
  });

  test("another register's key does not open this one", async () => {
    await get('/v1/checkpoint');
    await office.close();
    await expect(createDesk({ ...office.options, keys: { ...testKeys, registerSeed: Buffer.alloc(32, 3) } })).rejects.toMatchObject({ code: 'REGISTER_DAMAGED' });
  });
});

describe('events', () => {
  test('are told from where the reader left off', async () => {
    const url = await office.desk.app.listen({ host: '127.0.0.1', port: 0 });
    await approved(office);
    const read = async (after: string, count: number): Promise<string[]> => {
      const stop = new AbortController();
      const response = await fetch(`${url}/v1/events`, { headers: { authorization: `Bearer ${office.tokens.custodian}`, 'last-event-id': after }, signal: stop.signal });
      let text = '';
      for await (const part of response.body!) {
        text += Buffer.from(part).toString();
        if ((text.match(/^id: /gm) ?? []).length >= count) break;
      }
      stop.abort();
      return [...text.matchAll(/^id: (\d+)\nevent: (\w+)/gm)].map((m) => `${m[1]} ${m[2]}`);
    };
    const all = await read('0', 3);
    expect(all.map((e) => e.split(' ')[1])).toEqual(['application', 'application', 'permit']);
    expect(await read(all[1]!.split(' ')[0] as string, 1)).toEqual([all[2]]);
  });
});
