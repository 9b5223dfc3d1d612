/** Custody through the whole chain: asked for at the desk, done by hands at the unit, believed by the unit's own record. */
import { DEVICE, NUMBER, Rig } from './rig';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.open();
});
afterEach(() => rig.close());

async function ask(order: Record<string, unknown>): Promise<string> {
  const asked = await rig.done('wang', 'POST', `/v1/devices/${DEVICE}/ceremonies`, { present: [rig.ids.zhao], reason: '人员变动', ...order });
  if (asked.state === 'asked') await rig.done('li', 'POST', `/v1/ceremonies/${asked.id}/approve`, { content: asked.content });
  return asked.id as string;
}
const done = (id: string): Promise<true> => rig.until('the ceremony', async () => (await rig.done('wang', 'GET', `/v1/ceremonies/${id}`)).state === 'done' || undefined);
const waiting = (): Promise<true> => rig.until('the unit to wait for it', async () => ((await rig.status())?.ceremony ?? 0) !== 0 || undefined);

/** Fingers one after the other, as people lay them. */
async function fingers(...of: (number | string)[]): Promise<void> {
  for (const finger of of) {
    rig.unit.hand.finger(finger);
    await rig.world.run(3500);
  }
}

async function enrol(name: 'li' | 'wang'): Promise<void> {
  const id = await ask({ action: 'finger', person: rig.ids[name] });
  await waiting();
  await fingers(NUMBER.zhao, name, name);
  await done(id);
}

test('a finger is learnt before the keeper, also where the power went in between, opens a use, and is nobody once removed', async () => {
  const { li } = rig.ids;
  const id = await ask({ action: 'finger', person: li });
  await waiting();
  rig.unit.power.cut();
  await rig.world.run(2000);
  rig.unit.power.on();
  await waiting();
  await fingers(NUMBER.zhao, 'li', 'li');
  await done(id);
  const { enrolments } = await rig.done('wang', 'GET', `/v1/devices/${DEVICE}/enrolments`);
  expect(enrolments.find((one: { person: number }) => one.person === li)).toMatchObject({ means: 1, until: null });
  await rig.permitted({ persons: [li] });
  await fingers('li');
  await rig.lay();
  await rig.until('the stroke', () => rig.strokes > 0 || undefined, 60_000);
  await rig.proven(1);
  await done(await ask({ action: 'remove', person: li, present: [] }));
  expect((await rig.call('zhang', 'POST', '/v1/applications', rig.fields({ persons: [li] }))).body.code).toBe('NOT_ENROLLED');
  expect(await rig.cases()).toEqual([]);
});

test('the seal is handed over when giver, receiver and witness have shown their fingers, and not before', async () => {
  const { li, wang, zhao } = rig.ids;
  await enrol('wang');
  await enrol('li');
  const id = await ask({ action: 'handover', present: [wang, li, zhao], person: li });
  await waiting();
  await fingers('wang', 'li');
  const keeper = async (): Promise<number> => (await rig.done('wang', 'GET', `/v1/seals/${rig.seal}`)).custodian;
  expect(await keeper()).toBe(wang);
  await fingers(NUMBER.zhao);
  await done(id);
  expect(await keeper()).toBe(li);
  const { events } = await rig.done('wang', 'GET', `/v1/seals/${rig.seal}/history`);
  expect(events).toMatchObject([{ what: 'handover', present: [wang, li, zhao], custodian: li }]);
});

test('a suspended seal stamps nothing, permit or not, until its return to service was approved and done', async () => {
  await rig.permitted();
  await done(await ask({ action: 'suspend', present: [], reason: '公章疑似丢失' }));
  const from = (await rig.records()).length;
  await fingers(NUMBER.zhang);
  await rig.recorded('refused', from);
  expect((await rig.call('zhang', 'POST', '/v1/applications', rig.fields())).body.code).toBe('SEAL_STATE');
  const id = await ask({ action: 'resume' });
  await waiting();
  await fingers(NUMBER.zhao);
  await done(id);
  await rig.stamp();
  await rig.proven(1);
});
