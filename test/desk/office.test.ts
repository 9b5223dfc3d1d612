/** Office files: made into pages by LibreOffice where it is installed, refused with a reason of their own where it is not, and bounded. */
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { deflateRawSync } from 'node:zlib';
import { nodeNatives } from '../../host-bridge/natives';
import { officeKind, officeToPdf } from '../../host-bridge/desk/documents/office';
import { documentLimits, renderDocument, sniff } from '../../host-bridge/desk/documents/render';
import { keyElements, notesOf, readApproved } from '../../host-bridge/inspection';
import { linesOf } from '../../host-bridge/inspection/text';

/** A zip of these entries (APPNOTE 6.3.10); `claims` is said of the unpacked size in place of the truth. */
function zip(entries: Record<string, string | Buffer>, claims?: number): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content as string);
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(nodeNatives.crc32(data.toString('latin1')), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(claims ?? data.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(at);
    const one = Buffer.concat([Buffer.from('504b0304', 'hex'), head, Buffer.from(name), packed]);
    central.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), head, Buffer.alloc(10), offset, Buffer.from(name)]));
    local.push(one);
    at += one.length;
  }
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...central, end]);
}

const TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';
const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const docx = (lines: string[], more: Record<string, string> = {}): Buffer =>
  zip({ '[Content_Types].xml': TYPES, '_rels/.rels': RELS, 'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${lines.map(paragraph).join('')}</w:body></w:document>`, ...more });
const code = (work: Promise<unknown>): Promise<string> => work.then(() => 'OK', (error: { code: string }) => error.code);
const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('smartseal-office-'));

test('a contract as docx becomes pages with text and places, like any PDF; nothing is left behind', async () => {
  if (!existsSync('/usr/bin/soffice')) throw new Error('LibreOffice is not installed: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui');
  const before = left();
  const file = docx(['Contract no.: HT-2025-0081', 'Party B: Harbour Testing Ltd.', 'Payment of USD 9,800.50 by 12 March 2026.']);
  expect(sniff(file)).toBe('docx');
  const [page] = await readApproved(file);
  expect(page.widthMm).toBeGreaterThan(200);
  expect(keyElements(page).map((e) => e.value)).toEqual(expect.arrayContaining(['HT-2025-0081', 'USD 9,800.50', '12 March 2026']));
  expect(left()).toEqual(before);
}, 120_000);

test('without LibreOffice: an error of its own, and the same file is taken as PDF', async () => {
  expect(await code(officeToPdf(docx(['x']), 'docx', '/nowhere'))).toBe('DOCUMENT_NO_OFFICE');
});

test('bombs, macros, objects and what would be fetched from elsewhere are refused before any program opens them', async () => {
  const external = (type: string): Record<string, string> => ({ 'word/_rels/document.xml.rels': `<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="http://attacker.example/x" TargetMode="External"/></Relationships>` });
  const render = (file: Buffer): Promise<number> => renderDocument(file, 'docx', documentLimits, () => undefined);
  expect(await code(render(zip({ '[Content_Types].xml': TYPES, 'word/document.xml': 'x' }, 300 << 20)))).toBe('DOCUMENT_TOO_LARGE');
  expect(await code(render(docx(['x'], Object.fromEntries(Array.from({ length: 2100 }, (_, i) => [`word/${i}.xml`, 'x'])))))).toBe('DOCUMENT_TOO_LARGE');
  expect(await code(render(docx(['x'], { 'word/vbaProject.bin': 'x' })))).toBe('DOCUMENT_ACTIVE');
  expect(await code(render(docx(['x'], { 'word/embeddings/a.bin': 'x' })))).toBe('DOCUMENT_ACTIVE');
  for (const type of ['image', 'attachedTemplate', 'frame', 'oleObject']) expect(await code(render(docx(['x'], external(type))))).toBe('DOCUMENT_ACTIVE');
  // A list of relations that unpacks to more than it may.
  expect(await code(render(docx(['x'], { 'word/_rels/document.xml.rels': 'x'.repeat(2 << 20) })))).toBe('DOCUMENT_CORRUPT');
  for (const cut of [30, 64, 100, 400]) expect(officeKind(docx(['x']).subarray(0, cut))).toBeUndefined();
}, 60_000);

test('a sheet as xlsx becomes pages with the values of its cells and where they stand', async () => {
  const ns = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const row = (n: number, ...cells: (string | number)[]): string => `<row r="${n}">${cells.map((v, i) => (typeof v === 'number' ? `<c r="${'ABC'[i]}${n}"><v>${v}</v></c>` : `<c r="${'ABC'[i]}${n}" t="inlineStr"><is><t>${v}</t></is></c>`)).join('')}</row>`;
  const file = zip({
    '[Content_Types].xml': TYPES.replace('/word/document.xml', '/xl/workbook.xml').replace('wordprocessingml.document.main', 'spreadsheetml.sheet.main').replace('</Types>', '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'),
    '_rels/.rels': RELS.replace('word/document.xml', 'xl/workbook.xml'),
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${ns}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="s1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet xmlns="${ns}"><sheetData>${row(1, 'Item', 'Pieces')}${row(2, 'Valve', 4711)}${row(3, 'Pump', 23)}</sheetData></worksheet>`,
  });
  expect(sniff(file)).toBe('xlsx');
  const pages = await readApproved(file);
  expect(pages).toHaveLength(1);
  const lines = linesOf(pages[0]);
  expect(lines.map((line) => line.text.split(/\s+/))).toEqual([['Item', 'Pieces'], ['Valve', '4711'], ['Pump', '23']]);
  // Row under row, words begin on the left of their cell.
  expect(lines[1].y - lines[0].y).toBeCloseTo(lines[2].y - lines[1].y, 0);
  expect(Math.abs(lines[1].x - lines[0].x)).toBeLessThan(1);
}, 120_000);

test('a container whose parts are damaged is corrupt; text that is no markup shows as what it is, a blank page', async () => {
  const whole = docx(['Payment of USD 9,800.50']);
  const at = whole.indexOf('word/document.xml') + 'word/document.xml'.length;
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, at, at + 100);
  expect(sniff(damaged)).toBe('docx');
  expect(await code(readApproved(damaged))).toBe('DOCUMENT_CORRUPT');
  // LibreOffice mends this into an empty page; who approves is told that it is one.
  const pages = await readApproved(docx([], { 'word/document.xml': '<<<' }));
  expect(pages.map((p) => p.glyphs.length)).toEqual([0]);
  expect(notesOf(pages).map((note) => note.code)).toEqual(['BLANK_PAGE']);
}, 120_000);
