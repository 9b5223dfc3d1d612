/** An alarm that is still latched on the unit can be cleared, whatever has become of its case. */
import { openOffice, type Json, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

/** The unit raises alarm 9, and the desk has taken it in. */
async function alarm(): Promise<Json> {
  office.device.write(9, [9, 0]);
  await office.desk.round();
  return (await office.call(office.tokens.custodian, 'GET', '/v1/cases')).body.cases[0];
}

const clear = (id: string) => office.call(office.tokens.custodian, 'POST', `/v1/cases/${id}/clear`, { reason: '已查看' });
/** Clearings that came to the bridge. */
const clearings = (): number => office.bridge.grants.filter(({ kind }) => kind === 4).length;

test('a case that was closed without clearing leaves the alarm clearable', async () => {
  const found = await alarm();
  await office.call(office.tokens.custodian, 'POST', `/v1/cases/${found.id}/close`, { reason: '误报' });
  expect((await clear(found.id)).status).toBe(202);
  await office.desk.round();
  expect(clearings()).toBe(1);
});

test('a clearing that the bridge calls done and the unit never did can be made again, but not while one is on its way', async () => {
  const found = await alarm();
  expect((await clear(found.id)).status).toBe(202);
  expect((await clear(found.id)).body.code).toBe('WRONG_STATE');
  await office.desk.round();
  expect((await clear(found.id)).status).toBe(202);
  await office.desk.round();
  expect(clearings()).toBe(2);
});

test('once the unit has recorded the clearing there is nothing left to clear', async () => {
  const found = await alarm();
  await clear(found.id);
  await office.desk.round();
  office.device.write(10, [9, found.seq, 'h'.repeat(32)]);
  await office.desk.round();
  expect((await clear(found.id)).body.code).toBe('WRONG_STATE');
});
