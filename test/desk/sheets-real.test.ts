/** Real photos of the sheets of a cross-page stroke, by the simulator's camera; the real inspection in its process; a real desk. Takes minutes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { memoryOf, systemClock } from '../../host-bridge/cli/system';
import { createDesk } from '../../host-bridge/desk';
import { InspectionService } from '../../host-bridge/inspection';
import { readFace, type Face } from '../../sim/paper';
import { fan } from '../inspection/fan';
import { sampleOf, strokes } from './impressions';
import { caller, deviceId, Form, openOffice, testRandom, type Json, type Office } from './support';

const root = path.resolve(__dirname, '../..');
const asset = (name: string): string => path.join(root, 'sim/assets', name);
const file = asset('contract-zh.pdf');
const other = asset('contract-en.pdf');
const opened = (): InspectionService => new InspectionService({ clock: systemClock(), memoryOf, program: path.join(root, 'dist/host-bridge/inspection/inspect.worker.js'), limits: { timeMs: 120_000 }, niceness: 10 });

let office: Office;
let document: string;
let company: Face;
let finance: Face;
let judge: InspectionService;

beforeAll(async () => {
  judge = opened();
  office = await openOffice({ judge }, { width: 42, height: 42 });
  // From a scanner of 600 dots an inch, with a margin.
  await sampleOf(office, await sharp(asset('die-company.png')).resize(992, 992).flatten({ background: '#ffffff' }).extend({ top: 40, bottom: 90, left: 70, right: 20, background: '#ffffff' }).png().toBuffer());
  document = (await office.call(office.tokens.applicant, 'POST', '/v1/documents', new Form().file('document', 'contract-zh.pdf', readFileSync(file)))).body.sha256;
  company = await readFace(asset('die-company.png'), 'company');
  finance = await readFace(asset('die-finance.png'), 'finance');
}, 240_000);
afterAll(() => office.close());

/** A stroke, the photos of its sheets handed in. */
async function handed(photos: readonly Buffer[]): Promise<number> {
  const { intents: [intent] } = await strokes(office, [{ before: Buffer.from('fan'), after: Buffer.from('fan') }], { document, crossPage: 1 });
  await office.desk.round();
  const { status } = await office.call(office.tokens.applicant, 'POST', `/v1/register/uses/${deviceId}/${intent}/sheets`, photos.reduce((form, photo, i) => form.file('page', `${i}.jpg`, photo), new Form()));
  expect(status).toBe(201);
  return intent!;
}
const told = async (intent: number): Promise<Json> => (await office.call(office.tokens.auditor, 'GET', `/v1/register/uses/${deviceId}/${intent}/impression`)).body;
async function judged(photos: readonly Buffer[]): Promise<Json> {
  const intent = await handed(photos);
  await office.desk.round();
  return { intent, ...(await told(intent)) };
}
const codes = ({ reasons }: Json): string[] => reasons.map(({ code }: Json) => code);

test('two sheets of one stroke, by a sample with margins: good, and drawn together', async () => {
  const found = await judged(await fan(file, company, [0.45, 0.55], { seed: 7 }));
  expect(found).toMatchObject({ verdict: 'same', grade: 'good', reasons: [], sheets: 2, together: { round: 1, unseen: [], sheets: [{ page: 1, verdict: 'same' }, { page: 2, verdict: 'same' }] } });
  expect(found.completeness).toBeGreaterThan(0.8);
  const { status, raw } = await office.call(office.tokens.applicant, 'GET', `/v1/register/uses/${deviceId}/${found.intent}/sheets/picture`);
  expect(status).toBe(200);
  // Ink of both sheets within one seal's size, on either side of the seam; green frames; and hardly a spot that is on no sheet within it.
  const { data, info } = await sharp(raw).raw().toBuffer({ resolveWithObject: true });
  const red = [0, 0];
  let green = 0;
  for (let i = 0, p = 0; i < data.length; i += info.channels, p++) {
    const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
    if (r > g + 60 && r > b + 60) red[p % info.width < 0.45 * info.width ? 0 : 1]! += 1;
    if (g > r + 40 && g > b + 40) green += 1;
  }
  expect(Math.min(...red)).toBeGreaterThan(5_000);
  expect(green).toBeGreaterThan(300);
}, 600_000);

test.each<[string, () => Promise<Buffer[]>, string, string[]]>([
  ['one sheet missing: the strips of the others leave a gap', () => fan(file, company, [0.3, 0.3], { seed: 8 }), 'incomplete', ['NOT_WHOLE']],
  ['a sheet of another document', () => fan(file, company, [0.5, 0.5], { seed: 9, odd: { 1: { file: other, page: 1 } } }), 'incomplete', ['OTHER_PAGE']],
  ['a forged fragment, of another seal', () => fan(file, company, [0.5, 0.5], { seed: 10, odd: { 1: { face: finance } } }), 'incomplete', ['NOT_WHOLE']],
])('%s: different, and a case', async (_name, photos, grade, reasons) => {
  const found = await judged(await photos());
  expect(found).toMatchObject({ verdict: 'different', grade });
  expect(codes(found)).toEqual(expect.arrayContaining(reasons));
  const { cases } = (await office.call(office.tokens.custodian, 'GET', '/v1/cases?open=true')).body;
  expect(cases.filter(({ kind, seq }: Json) => kind === 'impression' && seq === found.intent)).toHaveLength(1);
}, 600_000);

test('shut down in the middle: the next desk judges what was handed in', async () => {
  const photos = await fan(file, company, [0.5, 0.5], { seed: 11 });
  const intent = await handed(photos);
  const round = office.desk.round();
  // Not before the process looks at them.
  while ((judge as unknown as { child?: object }).child === undefined) await new Promise((resolve) => setImmediate(resolve));
  await office.desk.close();
  await round;
  judge = opened();
  const desk = await createDesk({ ...office.options, judge, random: testRandom('again') });
  Object.assign(office, { desk, call: caller(desk), close: () => desk.close() });
  expect((await office.call(office.tokens.auditor, 'GET', `/v1/register/uses/${deviceId}/${intent}/impression`)).status).toBe(404);
  await desk.round();
  expect(await told(intent)).toMatchObject({ verdict: 'same', grade: 'good', together: { round: 1 } });
  expect(await desk.rooms.auditor.look()).toEqual([]);
}, 600_000);
