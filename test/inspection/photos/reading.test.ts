/** What the photo says: read at elements and differences; scans; forms with open cells; and strips of a cross-page seal (F6). */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { InspectionService, layoutOf, openSpots, readApproved, type Told } from '../../../host-bridge/inspection';
import { memoryOf, systemClock } from '../../../host-bridge/cli/system';
import { Page, PhotoScene, readFace, type Face } from '../../../sim/paper';
import { fan } from '../fan';

const root = path.resolve(__dirname, '../../..');
const asset = (name: string): string => path.join(root, 'sim/assets', name);
const file = asset('contract-zh.pdf');
const approved = readFileSync(file);
const sample = readFileSync(asset('die-company.png'));
const VIEW = { width: 2048, height: 1536 };
let service: InspectionService;
let folder: string;
let face: Face;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'smartseal-reading-'));
  service = new InspectionService({ clock: systemClock(), memoryOf, program: path.join(root, 'dist/host-bridge/inspection/inspect.worker.js'), limits: { timeMs: 120_000 } });
  face = await readFace(asset('die-company.png'), 'company');
}, 60_000);

afterAll(() => {
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A part of the sheet with the picture of another part of it: real print in the wrong place. Boxes in mm. */
function moved(page: Page, from: { x: number; y: number; width: number; height: number }, to: { x: number; y: number }): void {
  const { rgb, width } = page.picture!;
  const s = page.dpi / 25.4;
  const source = rgb.slice();
  for (let y = 0; y < from.height * s; y++)
    for (let x = 0; x < from.width * s; x++)
      for (let c = 0; c < 3; c++) rgb[((Math.round(to.y * s) + y) * width + Math.round(to.x * s) + x) * 3 + c] = source[((Math.round(from.y * s) + y) * width + Math.round(from.x * s) + x) * 3 + c]!;
}

test('a changed figure is told as what it was and what it is; every other element is the same; an element that is gone is open', async () => {
  const [page] = await readApproved(approved);
  const at = (text: string): number => page.glyphs.map((g) => g.char).join('').indexOf(text);
  const first = at('103,200.00');
  expect(first).toBeGreaterThan(0);
  const sheet = await Page.print(file, { page: 1, dpi: 220 });
  // The 3 of 103,200.00 becomes the 2 that stands two places further.
  const [three, two] = [page.glyphs[first + 2], page.glyphs[first + 4]];
  moved(sheet, { x: two.x - 0.1, y: two.y - 0.3, width: two.width + 0.2, height: two.height + 0.6 }, { x: three.x - 0.1, y: three.y - 0.3 });
  const name = page.glyphs[at('苏州岚屿')];
  const bare = { x: name.x - 1, y: name.y - 0.5, width: 60, height: name.height + 1 };
  moved(sheet, { ...bare, y: 6 }, bare);
  const { inspection } = await service.inspect({ approved, photo: await new PhotoScene(8).jpeg({ ...VIEW, page: sheet, photo: 1 }) });
  expect(inspection.verdict).toBe('different');
  const seen = inspection.elements.filter((e) => e.state !== 'same');
  expect(seen.map((e) => [e.value, e.state, e.seen?.replace(/\s/g, '')])).toEqual(expect.arrayContaining([['103,200.00', 'different', expect.stringMatching(/^102.?200\.00$/)], ['苏州岚屿测控设备有限公司', 'open', undefined]]));
  expect(seen).toHaveLength(2);
  const told = inspection.findings.map((f) => f.text.zh).join('\n');
  expect(told).toMatch(/照片中读作“102.?200\.00”/);
  expect(told).toContain('留空');
  expect(told).toContain('在表格中');
}, 120_000);

test('an approved page that is a scan is read: its elements are named, and what is erased is different', async () => {
  const scan = await sharp(await (await Page.print(file, { page: 1, dpi: 200 })).toPng()).grayscale().png().toBuffer();
  const sheet = await Page.print(file, { page: 1, dpi: 220 });
  const ask = async (page: Page): Promise<Told> => service.inspect({ approved: scan, photo: await new PhotoScene(9).jpeg({ ...VIEW, page, photo: 1 }) });
  const same = await ask(sheet);
  expect(same.inspection).toMatchObject({ verdict: 'same', reasons: [] });
  const kinds = new Set(same.inspection.elements.map((e) => e.kind));
  for (const kind of ['amount', 'party', 'contract-number', 'account-number']) expect(kinds).toContain(kind);
  const amount = same.inspection.elements.find((e) => e.kind === 'amount')!;
  const erased = { x: amount.x - 1, y: amount.y - 1, width: amount.width + 2, height: amount.height + 2 };
  moved(sheet, { ...erased, y: 6 }, erased);
  const changed = await ask(sheet);
  expect(changed.inspection.verdict).toBe('different');
  expect(changed.inspection.elements.find((e) => e.x === amount.x && e.y === amount.y)!.state).not.toBe('same');
}, 180_000);

test('a form: cells left open beside their labels are told, filled ones are not, and the photo of it says so too', async () => {
  const cell = (x: number, y: number, text: string): string => `<rect x="${x}" y="${y}" width="300" height="70" fill="none" stroke="#000" stroke-width="3"/><text x="${x + 14}" y="${y + 46}" font-family="Liberation Sans" font-size="34">${text}</text>`;
  const rows = [['Party A:', 'Harbour Testing Ltd.', 'Date:', '12 March 2026'], ['Amount:', '', 'Account no.', '6222 0210 0111']];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1654" height="2339"><rect width="1654" height="2339" fill="#fff"/>${rows.flatMap((row, j) => row.map((text, i) => cell(200 + 300 * i, 400 + 70 * j, text))).join('')}${Array.from({ length: 24 }, (_, i) => `<text x="200" y="${700 + 46 * i}" font-family="Liberation Sans" font-size="32">${i + 1}. The parties have agreed on what follows under this number of the form.</text>`).join('')}</svg>`;
  const png = await sharp(Buffer.from(svg)).png().toBuffer();
  const name = path.join(folder, 'form.png');
  writeFileSync(name, png);
  const [page] = await readApproved(png);
  expect(layoutOf(page).tables.map(({ cells }) => cells.length)).toEqual([8]);
  expect(openSpots(page)).toEqual([]); // a picture has no text before it is read
  const { inspection } = await service.inspect({ approved: png, photo: await new PhotoScene(12).jpeg({ ...VIEW, page: await Page.print(name, { dpi: 200 }), photo: 1 }) });
  expect(inspection.verdict).toBe('same');
  expect(inspection.open.map((spot) => [spot.kind, spot.label])).toEqual([['cell', 'Amount:']]);
  expect(inspection.notes.map((note) => note.code)).toEqual(['UNFILLED']);
}, 180_000);

const fanned = (shares: number[], seed: number): Promise<Buffer[]> => fan(file, face, shares, { seed });

test('strips of one stroke over two pages make a whole impression; one of another stroke, a missing one and one page twice do not', async () => {
  const [left, right] = await fanned([0.5, 0.5], 7);
  const whole = await service.crossPage(approved, [left, right], sample);
  expect(whole).toMatchObject({ verdict: 'same', reasons: [] });
  expect(whole.complete).toBeGreaterThan(0.8);
  expect(whole.twice).toBeLessThan(0.05);
  expect(Math.abs(whole.fragments[0].angle - whole.fragments[1].angle)).toBeLessThan(1.5);
  const codes = async (...photos: Buffer[]): Promise<string[]> => (await service.crossPage(approved, photos, sample)).reasons.map((r) => r.code);
  // The second sheet was exchanged for one with the other half of another stroke's left side.
  const [, wide] = await fanned([0.2, 0.8], 8);
  expect(await codes(left, wide)).toContain('TWO_STROKES');
  const bare = await new PhotoScene(3).jpeg({ ...VIEW, page: await Page.print(file, { page: 2, dpi: 200 }), photo: 1 });
  expect(await codes(left, bare)).toEqual(expect.arrayContaining(['NO_STRIP', 'NOT_WHOLE']));
  expect(await codes(left, left)).toContain('PAGE_TWICE');
  await expect(service.crossPage(approved, [left], sample)).rejects.toMatchObject({ code: 'SHEETS' });

  writeFileSync(path.join(folder, 'a.jpg'), left);
  writeFileSync(path.join(folder, 'b.jpg'), right);
  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> => new Promise((resolve) => {
    execFile(process.execPath, [path.join(root, 'bin/smartseal.js'), 'inspect', file, path.join(folder, 'a.jpg'), ...args], (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }));
  });
  const cli = await run('--after', asset('die-company.png'), '--with', path.join(folder, 'b.jpg'), '--lang', 'zh');
  expect(cli).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^一致[\s\S]*拼合/) });
  expect((await run('--with', path.join(folder, 'b.jpg'))).code).toBe(2);
}, 600_000);
