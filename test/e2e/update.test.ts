/** Firmware updates through the bridge, as an office makes them: over breaks and restarts, refused, rolled back. */
import { imageInfo } from '../../host-bridge/common/images';
import { font } from '../display/font';
import { STRANGER_SEED, signed } from '../scenario/images';
import { bundle, DEVICE, Rig } from './rig';

jest.setTimeout(600_000);

const code = (): Buffer => Buffer.from(bundle().code.replace('0.1.0', '0.1.9'), 'latin1');
const image = (version = 2): Buffer => signed({ version, code: code(), resources: font() });
const URL = `/v1/devices/${DEVICE}/update`;

let rig: Rig;
const open = async (): Promise<Rig> => (rig = await Rig.open());
afterEach(() => rig.close());

interface Progress {
  version: number;
  state: string;
  percent: number;
  code?: string;
}

const keeper = { authorization: 'Bearer keeper' };

async function ask(bytes: Buffer, grant?: Buffer): Promise<{ status: number; body: Progress }> {
  const info = imageInfo(bytes);
  const consent = grant ?? rig.consent(info!.name, info!.header.version);
  const answer = await rig.bridge!.app.inject({ method: 'POST', url: URL, headers: keeper, payload: { image: bytes.toString('base64'), grant: consent.toString('base64') } });
  return { status: answer.statusCode, body: answer.json<Progress>() };
}

const progress = async (): Promise<Progress> => (await rig.bridge!.app.inject({ url: URL, headers: keeper })).json<Progress>();
const come = (state: string, percent = 0): Promise<Progress> =>
  rig.until(`an update that is ${state}`, async () => {
    const now = await progress();
    if (now.state === 'failed' && state !== 'failed') throw new Error(`failed: ${now.code}`);
    return now.state === state && now.percent >= percent ? now : undefined;
  }, 300_000);

test('an update goes through, over a cable pulled and a power cut, and the unit stamps as before', async () => {
  await open();
  await rig.permitted();
  expect(await ask(image())).toMatchObject({ status: 202, body: { version: 2, state: 'waiting' } });
  expect((await ask(image())).status).toBe(409);
  await come('sending', 30);
  rig.unit.cable.unplug();
  await rig.world.run(20_000);
  rig.unit.cable.plug();
  await come('sending', 60);
  rig.unit.power.cut();
  await rig.world.run(3000);
  rig.unit.power.on();
  await come('done');
  expect(rig.unit.slot).toBe(1);
  await rig.until('the time on the unit', async () => ((await rig.status())?.time ?? 0) > 0 || undefined);
  await rig.stamp();
  await rig.proven(1);
  await rig.acknowledged();
  const records = await rig.records();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));
  const events = (await rig.bridge!.events.after(0, 1000)).filter(({ type }) => type === 'update').map(({ data }) => (data as unknown as Progress).state);
  expect([...new Set(events)]).toEqual(expect.arrayContaining(['erasing', 'sending', 'checking', 'done']));
});

test('a bridge that was killed goes on where the unit is, upon the same request', async () => {
  await open();
  await ask(image());
  await come('sending', 50);
  rig.crashBridge();
  await rig.world.run(2000);
  await rig.startBridge();
  await rig.until('the unit', () => rig.status());
  expect((await rig.bridge!.app.inject({ url: URL, headers: keeper })).statusCode).toBe(404);
  const carried = rig.unit.cable.counters.toDevice;
  await ask(image());
  await come('done');
  expect(rig.unit.cable.counters.toDevice - carried).toBeLessThan(0.7 * image().length);
});

test('what the unit does not take fails with its reason, and nothing has changed', async () => {
  await open();
  const stranger = signed({ version: 2, code: code(), resources: font() }, STRANGER_SEED);
  await ask(stranger);
  expect(await come('failed')).toMatchObject({ version: 2, code: 'UPDATE_FAILED' });
  const info = imageInfo(image())!;
  await ask(image(), rig.consent(info.name, 3));
  expect(await come('failed')).toMatchObject({ code: 'IMAGE_WRONG' });
  expect((await ask(image().subarray(0, 5000), rig.consent(info.name, 2))).status).toBe(422);
  expect((await ask(image(), Buffer.from('no grant'))).status).toBe(422);
  expect(rig.unit.slot).toBe(0);
  await ask(image());
  await come('done');
  await ask(image());
  // It runs already.
  expect(await come('done')).toMatchObject({ version: 2 });
});

test('an image that does not come up: rolled back, told, and a case for a person', async () => {
  await open();
  await ask(signed({ version: 7, code: Buffer.from('var x=1;') }));
  expect(await come('failed')).toMatchObject({ version: 7, code: 'UPDATE_ROLLED_BACK' });
  expect(rig.unit.slot).toBe(0);
  expect((await rig.caseOf('alarm')).detail.condition).toBe(24);
  await ask(image(8));
  expect(await come('failed')).toMatchObject({ code: 'ALARM_ACTIVE' });
});
