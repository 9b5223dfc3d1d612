/** The register of uses as people file it: CSV, XLSX and PDF say what the register says, and compute nothing. */
import { unzipSync } from 'fflate';
import { documentLimits, renderDocument } from '../../host-bridge/desk/documents/render';
import { approved, openOffice, tinyPng, type Answer, type Office } from './support';

const EVIL = '=HYPERLINK("http://evil.example","与甲方的合同")';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const get = (url: string, who: keyof Office['tokens'] = 'auditor'): Promise<Answer> => office.call(office.tokens[who], 'GET', url);

/** A use of a granted application: so many strokes. */
async function used(purpose: string, strokes: number): Promise<void> {
  const application = await approved(office, { purpose, count: strokes });
  await office.desk.round();
  const permit = application.permits[0].id;
  office.device.use(permit, office.bridge.permits.get(permit)!, strokes);
  await office.desk.round();
}

const lines = (csv: Answer): string[] => csv.raw.toString('utf8').split('\r\n');

/** Text of every page. */
async function textOf(pdf: Buffer): Promise<string[]> {
  const pages: string[] = [];
  await renderDocument(pdf, 'pdf', documentLimits, (page) => pages.push(String.fromCodePoint(...page.text!.codes)), { text: true });
  return pages;
}

test('CSV has one line a stroke, in order, with names; what could be a formula is text', async () => {
  await used(EVIL, 2);
  await used('董事会决议', 1);
  const csv = await get('/v1/register/uses.csv');
  expect([...csv.raw.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [head, ...rows] = lines(csv);
  expect(head).toContain('登记号,用印时间,印章,申请人,用途');
  expect(rows.filter((row) => row !== '')).toHaveLength(3);
  // RFC 4180: quotes within are doubled.
  expect(rows[0]).toContain(`"'${EVIL.replaceAll('"', '""')}"`);
  expect(rows[1]).toMatch(/,2\/2,chief、director,applicant,已盖章,,Unit 1,/);
  expect(rows[2]).toContain('董事会决议');
  const entries = rows.slice(0, 3).map((row) => Number(row.split(',')[0]));
  expect(entries).toEqual([...entries].sort((a, b) => a - b));
  expect(lines(await get('/v1/register/uses.csv?lang=en'))[0]).toContain('Entry,Time,Seal,Applicant');
});

test('a time, a seal and a word bound what is exported, and nothing found is a head without rows', async () => {
  await used('采购合同', 1);
  office.clock.forward(86_400_000);
  await used('董事会决议', 1);
  const day = office.clock.seconds;
  const count = async (query: string): Promise<number> => lines(await get(`/v1/register/uses.csv?${query}`)).filter((row) => row !== '').length - 1;
  expect(await count(`until=${day - 3600}`)).toBe(1);
  expect(await count(`from=${day - 3600}`)).toBe(1);
  expect(await count(`search=${encodeURIComponent('董事会')}`)).toBe(1);
  expect(await count(`seal=${office.seal}`)).toBe(2);
  expect(await count(`seal=${'0'.repeat(16)}`)).toBe(0);
  expect((await get('/v1/register/uses.csv?from=yesterday')).status).toBe(400);
});

test('times are those of the company', async () => {
  await used('采购合同', 1);
  const zoned = (zone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(office.clock.time);
  expect(lines(await get('/v1/register/uses.csv'))[1]).toContain(zoned('Asia/Shanghai'));
  await office.close();
  office = await openOffice({ timeZone: 'Europe/Berlin' });
  await used('采购合同', 1);
  expect(lines(await get('/v1/register/uses.csv'))[1]).toContain(zoned('Europe/Berlin'));
});

test('the workbook holds the same as text, never as a formula', async () => {
  await used(EVIL, 1);
  const xlsx = await get('/v1/register/uses.xlsx');
  expect(xlsx.status).toBe(200);
  const files = Object.entries(unzipSync(xlsx.raw)).map(([name, data]) => [name, Buffer.from(data).toString('utf8')] as const);
  const sheet = files.find(([name]) => /worksheets\/sheet1\.xml$/.test(name))![1];
  expect(sheet).not.toContain('<f');
  const text = files.map(([, content]) => content).join('');
  expect(text).toContain('<t>=HYPERLINK("http://evil.example"');
  expect(text).toContain('公章使用登记表');
});

test('the printed form names the register it was taken from, carries head and page number on each page, and can be read again', async () => {
  await used('与北京某某科技有限公司的采购合同', 60);
  const pdf = await get('/v1/register/uses.pdf');
  expect(pdf.raw.subarray(0, 5).toString()).toBe('%PDF-');
  const pages = await textOf(pdf.raw);
  expect(pages.length).toBeGreaterThan(1);
  for (const [i, page] of pages.entries()) expect(page).toContain(`第 ${i + 1} 页，共 ${pages.length} 页`);
  for (const page of pages.slice(0, -1)) expect(page).toContain('用印时间');
  expect(pages[0]).toContain('公章使用登记表');
  expect(pages[0]).toContain('test/register');
  expect(pages.join('').match(/已盖章/g)).toHaveLength(60);
  // ISO 19005-2, 6.6.4: a file says that it conforms in its metadata.
  expect(pdf.raw.toString('latin1')).toMatch(/<pdfaid:part>2<\/pdfaid:part>[\s\S]*<pdfaid:conformance>B<\/pdfaid:conformance>/);
});

test('with pictures each stroke has its photos; what is no picture is said to be missing', async () => {
  const photo = office.device.photo.bind(office.device);
  let shade = 0;
  office.device.photo = (permit, which, use, content) => photo(permit, which, use, use === 1 ? tinyPng(60, 40, 40 + shade++) : content);
  await used('采购合同', 2);
  const pdf = await get('/v1/register/uses.pdf?pictures=true&lang=en');
  const text = (await textOf(pdf.raw)).join('');
  expect(text.match(/\(no photo\)/g)).toHaveLength(2);
  expect(text.match(/SHA-256 [0-9a-f]/g)).toHaveLength(4);
  expect(pdf.raw.toString('latin1').match(/\/Subtype\s*\/Image/g)).toHaveLength(2);
});

test('more than one file holds is refused with its reason, and nobody without the register sees any of it', async () => {
  await used('采购合同', 201);
  expect((await get('/v1/register/uses.pdf?pictures=true')).body.code).toBe('PRINT_TOO_LONG');
  for (const ending of ['csv', 'xlsx', 'pdf']) expect((await get(`/v1/register/uses.${ending}`, 'applicant')).body.code).toBe('FORBIDDEN');
});
