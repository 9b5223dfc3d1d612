/** From application to archive: the desk, the bridge and the built firmware, with nothing faked between them. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { noteVerifier, verifyArchiveFile } from '../../host-bridge/desk';
import { Page, PhotoScene, readFace } from '../../sim';
import { Eyes, numberOn } from '../../sim/people/glass';
import { Form } from '../desk/support';
import { DEVICE, DIE, Rig, type RigOptions } from './rig';

const assets = path.resolve(__dirname, '../../sim/assets');
let rig: Rig;
const open = async (options: RigOptions = {}): Promise<Rig> => (rig = await Rig.open(options));
afterEach(() => rig.close());

test('a contract is applied for, approved, stamped, photographed, acknowledged, archived and verified', async () => {
  const contract = path.join(assets, 'contract-zh.pdf');
  const face = await readFace(path.join(assets, 'die-company.png'), 'company');
  await open({ scene: new PhotoScene(5), die: { rom: DIE, face } });
  const form = new Form();
  for (const [name, value] of Object.entries(rig.fields({ document: undefined }))) {
    if (value !== undefined) form.field(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const { application, permit } = await rig.permitted(form.file('document', 'contract-zh.pdf', readFileSync(contract)));
  const page = await Page.print(contract, { page: 2, dpi: 100 });
  await rig.stamp('zhang', page);
  const [use] = await rig.proven(1);
  expect(page.impressions).toHaveLength(1);
  expect(use).toMatchObject({ permit, application, use: 1, charged: 1, result: 'stamped', beforeStored: true, afterStored: true });
  expect((await rig.records()).map(({ kind }) => kind)).toEqual(['boot', 'clock', 'permit', 'opened', 'photo', 'intent', 'outcome', 'photo', 'closed']);
  const photos = [];
  for (const digest of [use.before, use.after]) photos.push((await rig.call('wang', 'GET', `/v1/photos/${digest}`)).raw);
  for (const photo of photos) expect(photo.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  expect(photos[0]!.equals(photos[1]!)).toBe(false);
  await rig.acknowledged();
  expect(await rig.cases()).toEqual([]);
  expect((await rig.done('zhang', 'GET', `/v1/applications/${application}`)).state).toBe('used');

  const file = path.join(rig.folder, 'archive.tar');
  writeFileSync(file, (await rig.call('wang', 'POST', '/v1/archive')).raw);
  const { key } = await rig.done('wang', 'GET', '/v1/register/key');
  const report = await verifyArchiveFile(file, noteVerifier(key));
  expect(report).toMatchObject({ ok: true, findings: [] });
  expect(readFileSync(file).includes(readFileSync(contract))).toBe(true);
  expect(rig.unit.truth).toMatchObject({ exceptions: [], consoleBytes: 0, boltOpen: false });
});

test('a permit for one use is used once; the second attempt leaves a record and no ink', async () => {
  await open();
  await rig.permitted();
  await rig.stamp();
  await rig.proven(1);
  const from = (await rig.records()).length;
  await rig.lay(Page.plain('second'));
  rig.unit.hand.finger(7);
  await rig.recorded('refused', from);
  await rig.world.run(30_000);
  expect(rig.strokes).toBe(1);
});

test('a permit whose bytes the bridge changed is refused, and that is a case', async () => {
  await open();
  rig.swap = (grant) => {
    const at = grant.indexOf(Buffer.from([0x05, 0x01, 0x06])); // claim 5, count 1: see SPEC.md, "Permit"
    if (at > 0) grant[at + 1] = 9;
    return grant;
  };
  const applied = await rig.done('zhang', 'POST', '/v1/applications', rig.fields());
  await rig.done('li', 'POST', `/v1/applications/${applied.id}/approve`, { content: applied.content });
  expect(await rig.caseOf('permit-refused')).toMatchObject({ device: DEVICE, detail: { code: 'NOT_AUTHENTIC' } });
  expect(await rig.permit(applied.id)).toMatchObject({ state: 'refused', code: 'NOT_AUTHENTIC' });
  await rig.lay();
  rig.unit.hand.finger(7);
  await rig.world.run(30_000);
  expect(rig.strokes).toBe(0);
});

test('an approver grants less than was asked for, and the unit stamps no more than that', async () => {
  await open();
  const { application } = await rig.permitted({ count: 5 }, { count: 2 });
  for (let i = 1; i <= 2; i++) {
    if (i === 1) await rig.stamp();
    else {
      await rig.lay(Page.plain(`page ${i}`));
      await rig.until('the second stroke', () => rig.strokes === 2 || undefined);
    }
    await rig.proven(i);
  }
  await rig.recorded('closed');
  await rig.lay(Page.plain('third'));
  rig.unit.hand.finger(7);
  await rig.world.run(30_000);
  expect(rig.strokes).toBe(2);
  expect(await rig.permit(application)).toMatchObject({ state: 'closed', used: 2 });
});

test('two persons mean two: the same finger twice does not open, both do', async () => {
  await open();
  await rig.permitted({ persons: [rig.ids.zhang, rig.ids.zhao] });
  await rig.lay();
  rig.unit.hand.finger(7);
  await rig.world.run(3000);
  rig.unit.hand.finger(7);
  await rig.recorded('refused');
  await rig.world.run(40_000);
  expect(rig.strokes).toBe(0);
  rig.unit.hand.finger(7);
  await rig.world.run(3000);
  rig.unit.hand.finger(8);
  await rig.until('the stroke', () => rig.strokes === 1 || undefined);
  const [use] = await rig.proven(1);
  expect(use.result).toBe('stamped');
});

test('with a grant for each stroke nothing is stamped before the approver has seen the page', async () => {
  await open();
  const { permit } = await rig.permitted({ count: 2, strokeGrants: true });
  rig.unit.hand.finger(7);
  await rig.world.run(1500);
  const eyes = new Eyes(rig.unit);
  const grant = (photo: string, number: number | undefined) => rig.call('li', 'POST', `/v1/permits/${permit}/strokes`, { photo, number });
  let seen = { digest: '', seq: -1 };
  for (let i = 1; i <= 2; i++) {
    await rig.lay(Page.plain(`page ${i}`));
    await rig.until('the page before the approver', async () => (await rig.status())?.state === 'WAITING_GRANT' || undefined);
    await rig.world.run(5000);
    expect(rig.strokes).toBe(i - 1);
    const photos = await rig.desk!.rooms.store.read((db) => db.selectFrom('photo').select(['digest', 'state', 'seq']).orderBy('seq', 'desc').execute());
    const photo = photos[0]!;
    expect(photo.state).toBe('stored');
    expect(photo.digest).not.toBe(seen.digest);
    // What who stands there reads off the display, and says on the phone.
    const number = numberOn(eyes.rows());
    expect(number).toBe(Number(photo.seq));
    expect(await grant(photo.digest, undefined)).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    if (seen.digest !== '') {
      // The approver was shown the page before: its number is not what stands there.
      expect(await grant(seen.digest, number)).toMatchObject({ status: 409, body: { code: 'WRONG_NUMBER' } });
      expect((await grant(seen.digest, seen.seq)).status).toBe(202); // a bridge hands it on once, and the unit took it once
    }
    await rig.world.run(2000);
    expect(rig.strokes).toBe(i - 1);
    expect((await grant(photo.digest, number)).status).toBe(202);
    await rig.until('the stroke', () => rig.strokes === i || undefined);
    await rig.proven(i);
    seen = { digest: photo.digest, seq: Number(photo.seq) };
  }
  const uses = await rig.uses();
  expect(uses.map(({ result }) => result)).toEqual(['stamped', 'stamped']);
});

test('taking an application back revokes on the unit what is left of it', async () => {
  await open();
  const { application } = await rig.permitted({ count: 3 });
  await rig.stamp();
  await rig.proven(1);
  await rig.done('zhang', 'POST', `/v1/applications/${application}/withdraw`, { reason: '合同取消' });
  await rig.recorded('revoked');
  await rig.lay(Page.plain('second'));
  rig.unit.hand.finger(7);
  await rig.world.run(30_000);
  expect(rig.strokes).toBe(1);
  expect(await rig.permit(application)).toMatchObject({ state: 'revoked', used: 1 });
});

test('an alarm on the unit is a case, and the custodian clears it through the desk', async () => {
  await open();
  const { application } = await rig.permitted();
  for (let i = 0; i < 5; i++) {
    rig.unit.hand.wrongFinger();
    await rig.world.run(4000);
  }
  const found = await rig.caseOf('alarm');
  expect(found.detail.condition).toBe(9);
  expect((await rig.status())?.state).toBe('ALARMED');
  await rig.lay();
  rig.unit.hand.finger(7);
  await rig.world.run(20_000);
  expect(rig.strokes).toBe(0);
  expect((await rig.call('zhang', 'POST', `/v1/cases/${found.id}/clear`, { reason: 'nothing' })).status).toBe(403);
  await rig.done('wang', 'POST', `/v1/cases/${found.id}/clear`, { reason: '清洁工误触' });
  await rig.recorded('cleared');
  await rig.until('the unit at rest', async () => (await rig.status())?.state === 'IDLE' || undefined);
  rig.unit.hand.finger(7);
  await rig.until('the stroke', () => rig.strokes === 1 || undefined);
  await rig.proven(1);
  expect(await rig.permit(application)).toMatchObject({ state: 'closed', used: 1 });
});
