/** Documents: real ones become page pictures, hostile ones become one stable code. */
import { createCipheriv, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { DiskBlobs } from '../../host-bridge/desk/documents/blobs';
import { documentLimits, renderDocument, sniff, type DocumentKind, type DocumentLimits, type PagePicture } from '../../host-bridge/desk/documents/render';
import { testFolder, tinyPng } from './support';

const asset = (name: string): Buffer => readFileSync(path.join(__dirname, '../../sim/assets', name));

async function render(data: Buffer, limits: Partial<DocumentLimits> = {}, kind?: DocumentKind): Promise<PagePicture[] | string> {
  const pages: PagePicture[] = [];
  try {
    await renderDocument(data, kind ?? sniff(data) ?? 'pdf', { ...documentLimits, ...limits }, (page) => pages.push(page));
    return pages;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** A PDF from its objects, with a right cross-reference table. */
function pdf(objects: string[], trailer: string): Buffer {
  let text = '%PDF-1.4\n';
  const at = objects.map((object, i) => {
    const here = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return here;
  });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

const pageTree = (box: string, pages = 1): string[] => [
  '<< /Type /Catalog /Pages 2 0 R >>',
  `<< /Type /Pages /Kids [${Array.from({ length: pages }, () => '3 0 R').join(' ')}] /Count ${pages} >>`,
  `<< /Type /Page /Parent 2 0 R /MediaBox ${box} >>`,
];

/** RC4 is its own inverse; enough to make a standard security handler of revision 2 (ISO 32000-1 §7.6.3.3, algorithms 2 to 4). */
function rc4(key: Buffer, data: Buffer): Buffer {
  const s = Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + (s[i] as number) + (key[i % key.length] as number)) & 255;
    [s[i], s[j]] = [s[j] as number, s[i] as number];
  }
  let a = 0;
  let b = 0;
  return Buffer.from(
    data.map((byte) => {
      a = (a + 1) & 255;
      b = (b + (s[a] as number)) & 255;
      [s[a], s[b]] = [s[b] as number, s[a] as number];
      return byte ^ (s[((s[a] as number) + (s[b] as number)) & 255] as number);
    }),
  );
}

function encryptedPdf(): Buffer {
  const pad = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
  const password = Buffer.concat([Buffer.from('secret'), pad]).subarray(0, 32);
  const md5 = (...parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();
  const o = rc4(md5(password).subarray(0, 5), password);
  const id = Buffer.alloc(16, 1);
  const key = md5(password, o, Buffer.from('fcffffff', 'hex'), id).subarray(0, 5);
  const u = rc4(key, pad);
  return pdf(
    [...pageTree('[0 0 200 200]'), `<< /Filter /Standard /V 1 /R 2 /O <${o.toString('hex')}> /U <${u.toString('hex')}> /P -4 >>`],
    `/Encrypt 4 0 R /ID [<${id.toString('hex')}> <${id.toString('hex')}>]`,
  );
}

describe('documents', () => {
  test.each(['contract-zh.pdf', 'contract-en.pdf'])('%s becomes page pictures an approver can read', async (name) => {
    const pages = (await render(asset(name))) as PagePicture[];
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      const image = sharp(page.png);
      const { width, height, channels } = await image.metadata();
      expect([width, height]).toEqual([page.width, page.height]);
      expect(Math.max(page.width, page.height)).toBeGreaterThan(1700);
      expect(channels).toBe(3);
      const { channels: stats } = await image.stats();
      expect(stats[0]?.mean).toBeGreaterThan(180); // paper
      expect(stats[0]?.min).toBeLessThan(80); // ink
    }
  });

  test('pictures: turned as they are meant to be looked at, never enlarged', async () => {
    const turned = await sharp({ create: { width: 300, height: 100, channels: 3, background: '#ff0000' } }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const pages = (await render(turned)) as PagePicture[];
    expect([pages[0]?.width, pages[0]?.height]).toEqual([100, 300]);
    expect(await render(tinyPng(30, 20, 9))).toHaveLength(1);
  });

  test('colours come out as they are', async () => {
    const content = '1 0 0 rg 0 0 200 200 re f';
    const red = pdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>', `<< /Length ${content.length} >>\nstream\n${content}\nendstream`], '');
    const pages = (await render(red)) as PagePicture[];
    const { channels } = await sharp(pages[0]?.png).stats();
    expect(channels.map((c) => Math.round(c.mean))).toEqual([255, 0, 0]);
  });

  test.each<[string, () => Buffer, string, Partial<DocumentLimits>]>([
    ['a PDF cut in the middle of its first object', () => asset('contract-zh.pdf').subarray(0, 300), 'DOCUMENT_CORRUPT', {}],
    ['a PDF head and nothing else', () => Buffer.from('%PDF-1.7\n'), 'DOCUMENT_CORRUPT', {}],
    ['a PDF without pages', () => pdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'], ''), 'DOCUMENT_CORRUPT', {}],
    ['noise behind a PDF head', () => Buffer.concat([Buffer.from('%PDF-1.4\n'), createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(50_000))]), 'DOCUMENT_CORRUPT', {}],
    ['a PDF with a password', encryptedPdf, 'DOCUMENT_ENCRYPTED', {}],
    ['more pages than allowed', () => pdf(pageTree('[0 0 200 200]', 201), ''), 'DOCUMENT_TOO_MANY_PAGES', {}],
    ['a page of 300 m', () => pdf(pageTree('[0 0 900000 900000]'), ''), 'DOCUMENT_TOO_MANY_PIXELS', {}],
    ['a PNG of 100,000 × 100,000 pixels in a few bytes', () => tinyPng(100_000, 100_000, 0), 'DOCUMENT_TOO_MANY_PIXELS', {}],
    ['a cut PNG', () => tinyPng(40, 40, 9).subarray(0, 60), 'DOCUMENT_CORRUPT', {}],
    ['a PNG head and noise', () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(1000, 7)]), 'DOCUMENT_CORRUPT', {}],
    ['a JPEG head and nothing', () => Buffer.from('ffd8ffe0', 'hex'), 'DOCUMENT_CORRUPT', {}],
    ['page pictures that take too much room', () => asset('contract-en.pdf'), 'DOCUMENT_TOO_MANY_PIXELS', { maxOutput: 1000 }],
    ['what takes longer than it may', () => asset('contract-zh.pdf'), 'DOCUMENT_TIMEOUT', { timeMs: 30 }],
  ])('%s', async (_name, make, code, limits) => {
    expect(await render(make(), limits)).toBe(code);
  });

  test('what a file is called does not matter', () => {
    expect(sniff(Buffer.from('This is a text, and it is called contract.pdf'))).toBeUndefined();
    expect(sniff(Buffer.alloc(0))).toBeUndefined();
    expect(sniff(Buffer.from('GIF89a'))).toBeUndefined();
    expect(sniff(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeUndefined();
    expect(sniff(asset('contract-zh.pdf'))).toBe('pdf');
  });
});

describe('blobs', () => {
  test('content under its hash; a damaged file is not handed out, and is healed by the same content', async () => {
    const folder = testFolder();
    const blobs = new DiskBlobs(folder);
    const hash = await blobs.put(Buffer.from('content'));
    expect(await blobs.put(Buffer.from('content'))).toBe(hash);
    expect((await blobs.get(hash))?.toString()).toBe('content');
    const { writeFileSync } = jest.requireActual<typeof import('node:fs')>('node:fs');
    writeFileSync(path.join(folder, hash.slice(0, 2), hash), 'tampered');
    expect(await blobs.get(hash)).toBeUndefined();
    await blobs.put(Buffer.from('content'));
    expect((await blobs.get(hash))?.toString()).toBe('content');
    await expect(blobs.get('../../etc/passwd')).rejects.toThrow(TypeError);
  });
});
