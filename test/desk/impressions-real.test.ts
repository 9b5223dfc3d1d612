/**
 * Real photos of the simulator's camera, the real inspection in its process, a real desk: what each impression is judged to be. Takes minutes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { memoryOf, systemClock } from '../../host-bridge/cli/system';
import { InspectionService } from '../../host-bridge/inspection';
import { Page, PhotoScene, readFace, type Face } from '../../sim/paper';
import { sampleOf, strokes, type Stroke } from './impressions';
import { deviceId, Form, openOffice, type Json, type Office } from './support';

const root = path.resolve(__dirname, '../..');
const asset = (name: string): string => path.join(root, 'sim/assets', name);
const program = path.join(root, 'dist/host-bridge/inspection/inspect.worker.js');
/** Where the stamp goes on page 2, mm of A4. */
const PLACE = { x: 55, y: 225 };
const MARK = { page: 2, x: Math.round((PLACE.x / 210) * 10_000), y: Math.round((PLACE.y / 297) * 10_000) };

let office: Office;
let document: string;
let sheet: Page;
let company: Face;
let finance: Face;
let before: Buffer;
let photos = 0;
let judge: InspectionService;

interface Ink { face?: Face; x?: number; y?: number; angle?: number; force?: number }
async function picture(page: Page): Promise<Buffer> {
  return new PhotoScene(5).jpeg({ width: 2048, height: 1536, page, photo: ++photos });
}
/** The page with these impressions on it. */
async function stamped(...inks: Ink[]): Promise<Buffer> {
  const page = sheet.copy(`page ${photos}`);
  for (const { face = company, x = PLACE.x, y = PLACE.y, angle = 0, force = 1 } of inks) page.ink(face, x, y, angle, force, photos);
  return picture(page);
}

beforeAll(async () => {
  judge = new InspectionService({ clock: systemClock(), memoryOf, program, limits: { timeMs: 120_000 }, niceness: 10 });
  office = await openOffice({ judge }, { width: 42, height: 42 });
  // The sample comes from a scanner of 600 dots an inch, with a margin: the card says how large the seal is.
  const scan = await sharp(asset('die-company.png')).resize(992, 992).flatten({ background: '#ffffff' }).extend({ top: 40, bottom: 90, left: 70, right: 20, background: '#ffffff' }).png().toBuffer();
  await sampleOf(office, scan);
  const answer = await office.call(office.tokens.applicant, 'POST', '/v1/documents', new Form().file('document', 'contract-zh.pdf', readFileSync(asset('contract-zh.pdf'))));
  document = answer.body.sha256;
  sheet = await Page.print(asset('contract-zh.pdf'), { page: 2, dpi: 200 });
  company = await readFace(asset('die-company.png'), 'company');
  finance = await readFace(asset('die-finance.png'), 'finance');
  before = await picture(sheet);
}, 240_000);
afterAll(() => office.close());

/** What the desk says of a stroke, once it has judged it. */
async function judged(stroke: Stroke, more: object = {}): Promise<Json> {
  const { intents: [intent] } = await strokes(office, [stroke], { document, marks: [MARK], ...more });
  await office.desk.round();
  const { status, body } = await office.call(office.tokens.auditor, 'GET', `/v1/register/uses/${deviceId}/${intent}/impression`);
  expect(status).toBe(200);
  return body;
}
const codes = ({ reasons }: Json): string[] => reasons.map(({ code }: Json) => code);
const cases = async (): Promise<Json[]> => (await office.call(office.tokens.custodian, 'GET', '/v1/cases?open=true')).body.cases.filter(({ kind }: Json) => kind === 'impression');

test('a good impression: graded, turned, placed, and drawn', async () => {
  const told = await judged({ before, after: await stamped({ angle: 12 }) });
  expect(told).toMatchObject({ verdict: 'same', grade: 'good', page: 2, since: 'same', reasons: [] });
  expect(told.completeness).toBeGreaterThan(0.95);
  expect(Math.abs(told.rotation - 12)).toBeLessThan(4);
  expect(told.off).toBeLessThan(2);
  expect(await cases()).toEqual([]);
  const { raw } = await office.call(office.tokens.auditor, 'GET', `/v1/register/uses/${deviceId}/${(await office.call(office.tokens.auditor, 'GET', '/v1/register/uses?limit=1')).body.uses[0].intent}/impression/picture`);
  // Green dashes stand around it: the frame's colour is nowhere else on the page.
  const { data, info } = await sharp(raw).raw().toBuffer({ resolveWithObject: true });
  let green = 0;
  for (let i = 0; i < data.length; i += info.channels) if (data[i + 1]! > data[i]! + 40 && data[i + 1]! > data[i + 2]! + 40) green++;
  expect(green).toBeGreaterThan(500);
}, 240_000);

test.each<[string, () => Promise<Buffer>, Json, string[]]>([
  ['of another seal', () => stamped({ face: finance }), { grade: 'foreign' }, ['NO_IMPRESSION', 'USED']],
  ['none at all', () => stamped(), { grade: 'none', impressions: [] }, ['NO_IMPRESSION']],
  ['smeared', () => stamped(...[0, 0.8, 1.6, 2.4, 3.2].map((off) => ({ x: PLACE.x + off }))), { grade: 'smeared' }, ['IMPRESSION_POOR']],
  ['far from where it was meant to be', () => stamped({ y: 120 }), { grade: 'good' }, ['MISPLACED']],
  ['cut off by the edge of the sheet', () => stamped({ x: 2 }), { grade: 'incomplete' }, ['IMPRESSION_POOR', 'MISPLACED']],
])('%s: different, with why, and a case', async (_name, photo, told, reasons) => {
  const known = (await cases()).length;
  const found = await judged({ before, after: await photo() });
  expect(found).toMatchObject({ verdict: 'different', page: 2, ...told });
  expect(codes(found)).toEqual(expect.arrayContaining(reasons));
  expect(codes(found)).not.toContain('CHANGED_SINCE');
  const open = await cases();
  expect(open).toHaveLength(known + 1);
  expect(open.some(({ detail }) => detail.found === found.grade && detail.reasons === codes(found).join(' '))).toBe(true);
}, 240_000);

test('another page under the die than in the photo before, and a word gone since, are told as changes', async () => {
  const first = await Page.print(asset('contract-zh.pdf'), { page: 1, dpi: 200 });
  first.ink(company, 105, 40, 0, 1, 7);
  const swapped = await judged({ before, after: await picture(first) }, { marks: [] });
  expect(swapped).toMatchObject({ verdict: 'different', page: 1, since: 'changed' });
  expect(codes(swapped)).toContain('CHANGED_SINCE');
  const changed = sheet.copy('changed');
  const { rgb, width } = changed.picture!;
  for (let y = 330; y < 370; y++) rgb.fill(255, (y * width + 300) * 3, (y * width + 420) * 3);
  changed.ink(company, PLACE.x, PLACE.y, 0, 1, 8);
  const erased = await judged({ before, after: await picture(changed) });
  expect(codes(erased)).toEqual(['MISSING', 'CHANGED_SINCE']);
  expect(erased.findings.some((one: Json) => Math.abs(one.x - 38) < 8 && Math.abs(one.y - 42) < 6)).toBe(true);
}, 360_000);

test('what lay on the page before the stroke is not of this stroke: no new impression is none', async () => {
  const once = await stamped({});
  expect(await judged({ before: once, after: once })).toMatchObject({ verdict: 'different', grade: 'none', impressions: [], earlier: [{ grade: 'good' }], since: 'same' });
  // Another company has stamped first; ours is good all the same.
  const theirs = { face: finance, x: 150, y: 225 };
  expect(await judged({ before: await stamped(theirs), after: await stamped(theirs, {}) })).toMatchObject({ verdict: 'same', grade: 'good', reasons: [], earlier: [{ grade: 'foreign' }] });
}, 360_000);

test('a photo in the dark and bytes that are no photo are unreadable, with why', async () => {
  const dark = await sharp(await stamped({})).modulate({ brightness: 0.05 }).jpeg().toBuffer();
  expect(await judged({ before, after: dark })).toMatchObject({ verdict: 'unreadable', grade: null });
  const none = await judged({ before, after: Buffer.from('no photo at all'.repeat(30)) });
  expect(none).toMatchObject({ verdict: 'unreadable', grade: null, reasons: [{ code: 'PHOTO_UNREADABLE' }] });
}, 240_000);

test('the process killed in the middle: tried again, and judged', async () => {
  const { intents: [intent] } = await strokes(office, [{ before, after: await stamped({}) }], { document, marks: [MARK] });
  const round = office.desk.round();
  const pid = async (): Promise<number> => {
    for (;;) {
      const child = (judge as unknown as { child?: { pid?: number } }).child;
      if (child?.pid !== undefined) return child.pid;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  // While it looks at the photo before: without it what lay there already would count as this stroke's, so there is no verdict yet.
  process.kill(await pid(), 'SIGKILL');
  await round;
  const shown = async (): Promise<Json> => (await office.call(office.tokens.auditor, 'GET', `/v1/register/uses?device=${deviceId}&intent=${intent}`)).body.uses[0].impression;
  expect(await shown()).toBeNull();
  expect(await office.desk.rooms.store.read((db) => db.selectFrom('impression_try').select(['tries', 'code']).execute())).toEqual([{ tries: 1, code: 'INSPECTION_FAILED' }]);
  office.clock.time += 60_000;
  await office.desk.round();
  expect(await shown()).toMatchObject({ verdict: 'same', grade: 'good' });
}, 240_000);
