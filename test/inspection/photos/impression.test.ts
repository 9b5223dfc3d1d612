/** The page after the stroke, photographed by the simulator's camera: found, graded, placed; and pages that were used before. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { InspectionService, type Asked, type Told } from '../../../host-bridge/inspection';
import { memoryOf, systemClock } from '../../../host-bridge/cli/system';
import { Page, PhotoScene, readFace, type Face } from '../../../sim/paper';

const root = path.resolve(__dirname, '../../..');
const asset = (name: string): string => path.join(root, 'sim/assets', name);
const approved = readFileSync(asset('contract-zh.pdf'));
const sample = readFileSync(asset('die-company.png'));

let service: InspectionService;
let sheet: Page;
let company: Face;
let finance: Face;
let photos = 0;

beforeAll(async () => {
  service = new InspectionService({ clock: systemClock(), memoryOf, program: path.join(root, 'dist/host-bridge/inspection/inspect.worker.js'), limits: { timeMs: 120_000 } });
  sheet = await Page.print(asset('contract-zh.pdf'), { page: 2, dpi: 200 });
  company = await readFace(asset('die-company.png'), 'company');
  finance = await readFace(asset('die-finance.png'), 'finance');
}, 120_000);

afterAll(() => service.close());

/** A photo of the page with these impressions on it. */
async function stamped(...inks: { face: Face; x: number; y: number; angle: number; force: number }[]): Promise<{ photo: Buffer; angles: number[] }> {
  const page = sheet.copy(`page ${++photos}`);
  const angles = inks.map(({ face, x, y, angle, force }) => page.ink(face, x, y, angle, force, photos).angle);
  return { photo: await new PhotoScene(5).jpeg({ width: 2048, height: 1536, page, photo: photos }), angles };
}

const ask = (asked: Pick<Asked, 'photo' | 'after'>): Promise<Told> => service.inspect({ approved, ...asked });
const codes = ({ inspection }: Told): string[] => inspection.reasons.map((r) => r.code);
const PLACE = { x: 55, y: 225 };
const good = (): { face: Face; x: number; y: number; angle: number; force: number } => ({ face: company, ...PLACE, angle: 0, force: 1 });

test('a good impression where it was meant to be: its place to half a millimetre, its turn to a degree, and the rest of the page is the same', async () => {
  for (const [ink, at] of [[good(), PLACE], [{ ...good(), x: 120, y: 150, angle: 37 }, { x: 120, y: 150 }]] as const) {
    const { photo, angles } = await stamped(ink);
    const told = await ask({ photo, after: { sample, ...at } });
    expect(told.inspection).toMatchObject({ verdict: 'same', reasons: [] });
    expect(told.impressions).toHaveLength(1);
    const [one] = told.impressions!;
    expect(one).toMatchObject({ grade: 'good' });
    expect(Math.hypot(one.centreX - at.x, one.centreY - at.y)).toBeLessThan(0.5);
    expect(Math.abs(one.angle - angles[0])).toBeLessThan(1);
    expect(one.completeness).toBeGreaterThan(0.95);
  }
}, 300_000);

test('no impression, a faint one, one that is cut off, one of another seal, one in the wrong place, and two of them', async () => {
  const told = async (...inks: Parameters<typeof stamped>): Promise<Told> => ask({ photo: (await stamped(...inks)).photo, after: { sample, ...PLACE } });
  expect(codes(await told())).toEqual(['NO_IMPRESSION']);
  const faint = await told({ ...good(), force: 0.15 });
  expect(codes(faint)).toContain('IMPRESSION_POOR');
  expect(faint.impressions![0].grade).toBe('faint');
  const cut = await told({ ...good(), x: 2 });
  expect(codes(cut)).toEqual(expect.arrayContaining(['IMPRESSION_POOR', 'MISPLACED']));
  expect(cut.impressions![0]).toMatchObject({ grade: 'incomplete' });
  const foreign = await told({ ...good(), face: finance });
  expect(codes(foreign)).toEqual(expect.arrayContaining(['NO_IMPRESSION']));
  expect(codes(await told({ ...good(), y: 120 }))).toContain('MISPLACED');
  expect(codes(await told(good(), { ...good(), x: 150, y: 120 }))).toContain('USED');
}, 600_000);

test('a letterhead in red is no impression: none is found before the stroke, one after it, also where the seal lies over the head', async () => {
  const words = 'party stamp order paper seal number amount delivery quality notice office branch contract'.split(' ');
  const line = (n: number): string => Array.from({ length: 9 }, (_, i) => words[(n * 7 + i * 5 + n * i) % words.length]).join(' ');
  const lines = Array.from({ length: 28 }, (_, n) => `<text x="130" y="${520 + n * 48}" font-family="sans-serif" font-size="30">${line(n)}</text>`).join('');
  const head = '<text x="160" y="260" font-family="sans-serif" font-weight="bold" font-size="120" fill="#d00000">CITY OFFICE No 7</text><rect x="130" y="330" width="1390" height="8" fill="#d00000"/>';
  const letter = await sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1654" height="2339"><rect width="1654" height="2339" fill="#fff"/>${head}${lines}</svg>`)).withMetadata({ density: 200 }).png().toBuffer();
  const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-letter-'));
  writeFileSync(path.join(folder, 'letter.png'), letter);
  const printed = await Page.print(path.join(folder, 'letter.png'), { page: 1, dpi: 200 });
  rmSync(folder, { recursive: true });
  const told = async (at?: { x: number; y: number }): Promise<Told> => {
    const page = printed.copy(`letter ${++photos}`);
    if (at) page.ink(company, at.x, at.y, 0, 1, photos);
    return service.inspect({ approved: letter, photo: await new PhotoScene(5).jpeg({ width: 2048, height: 1536, page, photo: photos }), after: { sample, size: { widthMm: 42, heightMm: 42 } } });
  };
  const none = await told();
  expect([codes(none), none.impressions]).toEqual([['NO_IMPRESSION'], []]);
  const below = await told({ x: 150, y: 260 });
  expect([codes(below), below.impressions!.map(({ grade }) => grade)]).toEqual([[], ['good']]);
  const over = await told({ x: 105, y: 45 });
  expect(over.impressions!.filter(({ grade }) => grade !== 'foreign')).toHaveLength(1);
  // Its box is that of the die, whatever print lies below it.
  const dense = await told({ x: 100, y: 130 });
  expect(dense.impressions).toHaveLength(1);
  expect(Math.abs(dense.impressions![0].width - 42)).toBeLessThan(3);
  expect(Math.abs(dense.impressions![0].x - 79)).toBeLessThan(3);
}, 300_000);

test('paste that was dragged aside while the die touched is smeared, and told so', async () => {
  const drag = [0, 0.8, 1.6, 2.4, 3.2].map((off) => ({ ...good(), x: PLACE.x + off }));
  const told = await ask({ photo: (await stamped(...drag)).photo, after: { sample, ...PLACE } });
  expect(codes(told)).toEqual(['IMPRESSION_POOR']);
  expect(told.inspection.reasons[0].text.zh).toContain('模糊涂抹');
  expect(told.impressions).toMatchObject([{ grade: 'smeared' }]);
}, 300_000);

test('before the stroke a page that carries an impression already is different, and is called used (F5)', async () => {
  const told = await ask({ photo: (await stamped({ ...good(), force: 0.4 })).photo });
  expect(told.inspection.verdict).toBe('different');
  expect(codes(told)).toContain('USED');
}, 120_000);

test('an impression over an amount is told, and so is a page changed beside a good impression', async () => {
  const first = await Page.print(asset('contract-zh.pdf'), { page: 1, dpi: 200 });
  first.ink(company, 150, 215, 0, 1, 3);
  const told = await ask({ photo: await new PhotoScene(6).jpeg({ width: 2048, height: 1536, page: first, photo: 1 }), after: { sample } });
  expect(codes(told)).toContain('COVERS');

  const changed = sheet.copy('changed');
  const { rgb, width } = changed.picture!;
  // A word of the approved text is gone: a white patch over it, far from the impression.
  for (let y = 330; y < 370; y++) rgb.fill(255, (y * width + 300) * 3, (y * width + 420) * 3);
  changed.ink(company, PLACE.x, PLACE.y, 0, 1, 4);
  const beside = await ask({ photo: await new PhotoScene(6).jpeg({ width: 2048, height: 1536, page: changed, photo: 2 }), after: { sample, ...PLACE } });
  expect(beside.inspection.verdict).toBe('different');
  expect(codes(beside)).toContain('MISSING');
}, 300_000);
