/** Another page in the tray gets no stroke: real desk, bridge, firmware, camera pictures and the real comparison. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { memoryOf, systemClock } from '../../host-bridge/cli/system';
import { InspectionService } from '../../host-bridge/inspection';
import { Page, PhotoScene } from '../../sim';
import { readFace } from '../../sim/paper';
import { Form } from '../desk/support';
import { DIE, Rig } from './rig';

const root = path.resolve(__dirname, '../..');
const contract = path.join(root, 'sim/assets/contract-zh.pdf');
let rig: Rig;
afterEach(() => rig.close());

test('the sheet of another contract, and the right page with one figure changed, are refused with boxes; the page itself is granted and stamped, and its impression is found whole', async () => {
  const comparer = new InspectionService({ clock: systemClock(), memoryOf, program: path.join(root, 'dist/host-bridge/inspection/inspect.worker.js'), limits: { timeMs: 120_000 } });
  const die = path.join(root, 'sim/assets/die-company.png');
  rig = await Rig.open({ scene: new PhotoScene(5), comparer, judge: comparer, die: { rom: DIE, face: await readFace(die, 'company') } });
  await rig.done('admin', 'PUT', `/v1/seals/${rig.seal}/sample`, new Form().file('document', 'sample.png', readFileSync(die)));
  const form = new Form();
  for (const [name, value] of Object.entries(rig.fields({ document: undefined, strokeGrants: true, idle: 3600 }))) if (value !== undefined) form.field(name, typeof value === 'string' ? value : JSON.stringify(value));
  const { permit } = await rig.permitted(form.file('document', 'contract-zh.pdf', readFileSync(contract)));
  rig.unit.hand.finger(7);
  await rig.world.run(1500);
  const look = async (page: Page, known: string): Promise<{ digest: string; seq: number }> => {
    await rig.lay(page);
    return rig.until('the photo at the desk', async () => {
      const row = await rig.desk!.rooms.store.read((db) => db.selectFrom('photo').select(['digest', 'seq', 'state']).orderBy('seq', 'desc').executeTakeFirst());
      return row?.state === 'stored' && row.digest !== known ? { digest: row.digest, seq: Number(row.seq) } : undefined;
    });
  };
  const ask = ({ digest, seq }: { digest: string; seq: number }) => rig.call('li', 'POST', `/v1/permits/${permit}/strokes`, { photo: digest, number: seq });

  const other = await look(await Page.print(path.join(root, 'sim/assets/contract-en.pdf'), { page: 1, dpi: 200 }), '');
  expect(await ask(other)).toMatchObject({ status: 409, body: { code: 'PAGE_DIFFERS', reasons: ['OTHER_PAGE'] } });

  const changed = await Page.print(contract, { page: 2, dpi: 200 });
  const word = [330, 370, 300, 420]; // rows and columns of a word, at 200 dots an inch
  for (let y = word[0]; y < word[1]; y++) changed.picture!.rgb.fill(255, (y * changed.picture!.width + word[2]) * 3, (y * changed.picture!.width + word[3]) * 3);
  const second = await look(changed, other.digest);
  expect(await ask(second)).toMatchObject({ status: 409, body: { code: 'PAGE_DIFFERS' } });
  const { body } = await rig.call('li', 'GET', `/v1/permits/${permit}/photos/${second.digest}/comparison`);
  expect(body).toMatchObject({ verdict: 'different', page: 2, grantable: false });
  expect(body.findings.some((f: { x: number; y: number }) => Math.abs(f.x - 45.7) < 10 && Math.abs(f.y - 44.5) < 5)).toBe(true);
  const boxes = await rig.call('li', 'GET', `/v1/permits/${permit}/photos/${second.digest}/comparison/picture`);
  expect((await sharp(boxes.raw).metadata()).format).toBe('jpeg');
  await rig.world.run(2000);
  expect(rig.strokes).toBe(0);

  const right = await look(await Page.print(contract, { page: 2, dpi: 200 }), second.digest);
  expect((await ask(right)).status).toBe(202);
  await rig.until('the stroke', () => rig.strokes === 1 || undefined);
  const [use] = await rig.proven(1);

  // The photo after the stroke, as the unit took it: one whole impression of this die, and the page is otherwise as approved.
  const { raw } = await rig.call('wang', 'GET', `/v1/photos/${use.after}`);
  const after = await comparer.inspect({ approved: readFileSync(contract), photo: raw, page: 2, after: { sample: readFileSync(die) } });
  expect(after.impressions).toMatchObject([{ grade: 'good' }]);
  expect(after.inspection).toMatchObject({ verdict: 'same', reasons: [] });
  // The desk has come to the same by itself, and nobody has to look.
  await rig.desk!.rooms.impressions.tick();
  const [judged] = (await rig.call('wang', 'GET', '/v1/register/uses')).body.uses;
  expect(judged.impression).toMatchObject({ verdict: 'same', grade: 'good', page: 2, reasons: [] });
  expect((await rig.cases()).filter(({ kind }: { kind: string }) => kind === 'impression')).toEqual([]);
}, 600_000);

test('a comparison that cannot run opens nothing', async () => {
  const comparer = new InspectionService({ clock: systemClock(), program: path.join(root, 'test/e2e/no-such-program.js') });
  rig = await Rig.open({ comparer });
  const { permit } = await rig.permitted({ strokeGrants: true });
  rig.unit.hand.finger(7);
  await rig.world.run(1500);
  await rig.lay();
  const photo = await rig.until('the photo', () => rig.desk!.rooms.store.read((db) => db.selectFrom('photo').select(['digest', 'seq']).where('state', '=', 'stored').executeTakeFirst()));
  expect(await rig.call('li', 'POST', `/v1/permits/${permit}/strokes`, { photo: photo.digest, number: Number(photo.seq) })).toMatchObject({ body: { code: expect.stringMatching(/^(INSPECTION_FAILED|NOT_COMPARED|APPROVED_COARSE)$/) } });
  await rig.world.run(10_000);
  expect(rig.strokes).toBe(0);
}, 120_000);
