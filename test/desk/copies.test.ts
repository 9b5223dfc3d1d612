/** Copies on paper's terms in the archive of a year (D3): the register and a sheet for each use, PDF/A, their digests in the signed manifest. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verifyArchiveFile } from '../../host-bridge/desk';
import { noteVerifier } from '../../host-bridge/desk/register/note';
import { yearStart } from '../../host-bridge/desk/print/copies';
import { documentLimits, renderDocument } from '../../host-bridge/desk/documents/render';
import { pdfaFaults } from './pdfa';
import { approved, openOffice, tinyPng, type Office } from './support';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('smartseal-copies-'));

/** Text of every page. */
async function textOf(pdf: Buffer): Promise<string[]> {
  const pages: string[] = [];
  await renderDocument(pdf, 'pdf', documentLimits, (page) => pages.push(String.fromCodePoint(...page.text!.codes)), { text: true });
  return pages;
}

async function used(count: number): Promise<void> {
  const photo = office.device.photo.bind(office.device);
  let shade = 0;
  office.device.photo = (permit, which, use, content) => photo(permit, which, use, use <= 2 ? tinyPng(60, 40, 40 + shade++) : content);
  const { permits } = await approved(office, { count });
  for (let i = 0; i < 2; i++) await office.desk.round();
  office.device.use(permits[0].id, office.bridge.permits.get(permits[0].id)!, count);
  for (let i = 0; i < 6; i++) await office.desk.round();
}

async function archive(query: string): Promise<string> {
  const answer = await office.desk.app.inject({ method: 'POST', url: `/v1/archive${query}`, headers: { authorization: `Bearer ${office.tokens.auditor}` } });
  expect(answer.statusCode).toBe(200);
  const file = path.join(office.folder, 'archive.tar');
  writeFileSync(file, answer.rawPayload);
  return file;
}

test('the archive of a year holds its register and a page for each use, as PDF/A, and verifies with them', async () => {
  await used(52);
  const year = 2027; // 1,800,000,000 is in its January
  const before = left();
  const file = await archive(`?copies=${year}`);
  const key = noteVerifier(office.desk.rooms.authority.registerKey)!;
  expect(await verifyArchiveFile(file, key)).toMatchObject({ ok: true, findings: [], summary: { copies: 3, strokes: { stamped: 52 } } });
  const out = path.join(office.folder, 'out');
  mkdirSync(out);
  expect(spawnSync('tar', ['-xf', file, '-C', out]).status).toBe(0);
  const names = ['sheets-0001.pdf', 'sheets-0002.pdf', 'uses-0001.pdf'];
  expect(readdirSync(path.join(out, 'copies', String(year))).sort()).toEqual(names);
  const pdfs = names.map((name) => readFileSync(path.join(out, 'copies', String(year), name)));
  for (const [i, pdf] of pdfs.entries()) expect([names[i], pdfaFaults(pdf)]).toEqual([names[i], []]);
  // Nothing of them is left beside the archive.
  expect(left()).toEqual(before);

  const sheets = [...(await textOf(pdfs[0]!)), ...(await textOf(pdfs[1]!))];
  expect(sheets).toHaveLength(52);
  expect(sheets[0]).toContain('用印登记单');
  expect(sheets[0]).toMatch(/SHA-256 [0-9a-f]{64}/);
  expect((await textOf(pdfs[2]!)).join('').match(/已盖章/g)).toHaveLength(52);

  // A copy that was changed, or that nobody signed for, is found.
  const bytes = readFileSync(file);
  const at = bytes.indexOf(pdfs[2]!.subarray(0, 512));
  bytes[at + 2000]! ^= 1;
  writeFileSync(file, bytes);
  expect(await verifyArchiveFile(file, key)).toMatchObject({ ok: false, findings: [{ code: 'CHANGED', name: `copies/${year}/uses-0001.pdf` }] });
}, 240_000);

test('a year without a use has a register that says so; without the word there are no copies', async () => {
  await used(1);
  const empty = await archive('?copies=2020&lang=en');
  expect((await verifyArchiveFile(empty)).summary).toMatchObject({ copies: 1 });
  expect((await verifyArchiveFile(await archive(''))).summary).not.toHaveProperty('copies');
  expect((await office.call(office.tokens.auditor, 'POST', '/v1/archive?copies=20')).body.code).toBe('INVALID');
});

test('years begin where the company is', () => {
  expect(new Date(yearStart(2027, 'Asia/Shanghai') * 1000).toISOString()).toBe('2026-12-31T16:00:00.000Z');
  expect(new Date(yearStart(2027, 'UTC') * 1000).toISOString()).toBe('2027-01-01T00:00:00.000Z');
  expect(new Date(yearStart(2027, 'America/New_York') * 1000).toISOString()).toBe('2027-01-01T05:00:00.000Z');
  expect(new Date(yearStart(2012, 'Pacific/Apia') * 1000).toISOString()).toBe('2011-12-31T10:00:00.000Z');
});

test('what is no PDF/A is told apart', async () => {
  await used(1);
  const pdf = (await office.call(office.tokens.auditor, 'GET', '/v1/register/uses.pdf')).raw;
  expect(pdfaFaults(pdf)).toEqual([]);
  const changed = (from: string, to: string): string[] => pdfaFaults(Buffer.from(pdf.toString('latin1').replaceAll(from, to.padEnd(from.length)), 'latin1'));
  expect(changed('<pdfaid:part>2<', '<pdfaid:part>3<').join()).toContain('6.6.4');
  expect(changed('/GTS_PDFA1', '/GTS_PDFX').join()).toContain('6.2.3');
  expect(changed('/FontFile2', '/FontFileX').join()).toContain('6.2.11.4');
});
