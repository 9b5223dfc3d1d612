/** What an approver does while a permit is in use, at the built firmware: more strokes, a page rejected, edges with a quota of their own. */
import { Page } from '../../sim';
import { Rig } from './rig';

let rig: Rig;
beforeEach(async () => (rig = await Rig.open()));
afterEach(() => rig.close());

const kinds = async (): Promise<string[]> => (await rig.records()).map(({ kind }) => kind);

test('more strokes are asked for, granted and made under the same permit, and no more than that', async () => {
  const { permit, application } = await rig.permitted({ count: 1 });
  const asked = await rig.done('zhang', 'POST', `/v1/permits/${permit}/top-ups`, { count: 2, reason: '合同多一份' });
  await rig.done('li', 'POST', `/v1/top-ups/${asked.id}/approve`, { content: asked.content });
  await rig.until('the record', async () => (await kinds()).includes('topped_up') || undefined);
  expect((await rig.done('zhang', 'GET', `/v1/applications/${application}`)).permits).toMatchObject([{ id: permit, count: 2 }]);
  await rig.stamp();
  await rig.proven(1);
  await rig.lay(Page.plain('second'));
  await rig.until('the second stroke', () => rig.strokes === 2 || undefined);
  await rig.proven(2);
  await rig.until('the end', async () => (await kinds()).includes('closed') || undefined);
  expect((await rig.done('zhang', 'GET', `/v1/applications/${application}`)).state).toBe('used');
  expect(await rig.cases()).toEqual([]);
});

test('a page that is rejected is not stamped, and what is left of the permit can be used', async () => {
  const { permit } = await rig.permitted({ strokeGrants: true });
  rig.unit.hand.finger(7);
  await rig.world.run(1500);
  const waiting = async (): Promise<{ photo: string; number: number }> => {
    await rig.until('the page before the approver', async () => (await rig.status())?.state === 'WAITING_GRANT' || undefined);
    await rig.world.run(5000);
    const row = await rig.desk!.rooms.store.read((db) => db.selectFrom('photo').select(['digest', 'seq']).orderBy('seq', 'desc').executeTakeFirstOrThrow());
    return { photo: row.digest, number: Number(row.seq) };
  };
  await rig.lay(Page.plain('another page'));
  expect((await rig.call('li', 'POST', `/v1/permits/${permit}/reject`, { ...(await waiting()), reason: '不是这一页' })).status).toBe(202);
  await rig.until('the end of the use', async () => (await kinds()).includes('closed') || undefined);
  expect(rig.strokes).toBe(0);
  expect(await kinds()).toContain('granted');
  rig.unit.hand.finger(7);
  await rig.world.run(1500);
  await rig.lay(Page.plain('the page'));
  expect((await rig.call('li', 'POST', `/v1/permits/${permit}/strokes`, await waiting())).status).toBe(202);
  await rig.until('the stroke', () => rig.strokes === 1 || undefined);
  expect((await rig.proven(1))[0]).toMatchObject({ permit, result: 'stamped' });
  expect(await rig.cases()).toEqual([]);
});

test('edges have a permit of their own at the unit', async () => {
  const { application } = await rig.permitted({ crossPage: 1 });
  const permits = async (): Promise<{ state: string; crossPage: boolean; id: string }[]> => (await rig.done('zhang', 'GET', `/v1/applications/${application}`)).permits;
  await rig.until('both', async () => (await permits()).every(({ state }) => state === 'delivered') || undefined);
  await rig.stamp();
  await rig.proven(1);
  expect((await rig.done('zhang', 'GET', `/v1/applications/${application}`)).state).toBe('approved');
  await rig.stamp();
  const uses = await rig.proven(2);
  expect(new Set(uses.map(({ permit }) => permit))).toEqual(new Set((await permits()).map(({ id }) => id)));
  await rig.until('the end', async () => (await rig.done('zhang', 'GET', `/v1/applications/${application}`)).state === 'used' || undefined);
  expect(await rig.cases()).toEqual([]);
});
