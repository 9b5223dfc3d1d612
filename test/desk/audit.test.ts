/** The desk looks by itself whether its tables are what the register says: at its start and once a day. What is found how: test/attack/auditor. */
import { openOffice, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());
const differs = async (): Promise<{ device: string; detail: Record<string, string> }[]> =>
  (await office.call(office.tokens.auditor, 'GET', '/v1/cases?open=true')).body.cases.filter(({ kind }: { kind: string }) => kind === 'register-differs');

test('once at the start, then once a day; a difference is one case however often it is found', async () => {
  const { auditor, store } = office.desk.rooms;
  const rename = (name: string): Promise<unknown> => store.commit((trx) => trx.updateTable('seal').set({ name }).where('id', '=', office.seal).execute());
  await auditor.tick();
  expect(await differs()).toEqual([]);
  await rename('另一枚章');
  await auditor.tick(); // not before a day has gone
  expect(await differs()).toEqual([]);
  office.clock.forward(86_400_000);
  await auditor.tick();
  expect(await differs()).toMatchObject([{ detail: { table: 'seal', key: office.seal, what: 'changed', columns: 'name' } }]);
  office.clock.forward(86_400_000);
  await auditor.tick();
  expect(await differs()).toHaveLength(1);
  const [{ id }] = (await differs()) as unknown as [{ id: string }];
  expect((await office.call(office.tokens.custodian, 'POST', `/v1/cases/${id}/close`, { reason: '已核对' })).body.code).toBe('NOT_KEEPER');
  expect((await office.call(office.tokens.admin, 'POST', `/v1/cases/${id}/close`, { reason: '已核对' })).status).toBe(200);
});

test('a desk that is closed ends its look, and begins none', async () => {
  const { auditor } = office.desk.rooms;
  const looking = auditor.look();
  await auditor.stop();
  expect(await looking).toEqual([]);
  office.clock.forward(86_400_000);
  await office.desk.rooms.store.commit((trx) => trx.updateTable('seal').set({ name: 'x' }).execute());
  await auditor.tick();
  expect(await differs()).toEqual([]);
});
