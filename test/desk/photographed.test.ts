/** Pages photographed by hand become one document: each laid out by its sides, in the order they were handed in. */
import sharp from 'sharp';
import { straighten } from '../../host-bridge/inspection/straighten';
import { openOffice, tinyPng, type Office } from './support';

jest.setTimeout(600_000); // laying out a page is seconds of computing

/** A white sheet with a black bar near its top, photographed askew on a dark table. */
async function photo(bar: string, { sheet = true } = {}): Promise<Buffer> {
  const paper = sheet ? `<polygon points="300,180 1120,240 1060,1420 210,1340" fill="#f4f4f2"/><polygon points="380,300 1000,345 996,395 376,350" fill="${bar}"/>` : '';
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1300" height="1600"><rect width="1300" height="1600" fill="#26323a"/>${paper}</svg>`)).jpeg({ quality: 92 }).toBuffer();
}

test('a sheet is found by its sides and laid out upright, as large as A4', async () => {
  const { picture, widthMm, heightMm, fault } = await straighten(await photo('#101010'));
  expect([widthMm, heightMm, fault]).toEqual([210, 297, undefined]);
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number => data[Math.round(y * info.height) * info.width + Math.round(x * info.width)]!;
  // Paper up to every corner, and the bar level: as dark on its left as on its right, with paper above and below.
  for (const [x, y] of [[0.02, 0.02], [0.98, 0.02], [0.02, 0.98], [0.98, 0.98], [0.5, 0.5]] as const) expect(at(x, y)).toBeGreaterThan(200);
  for (const x of [0.2, 0.5, 0.75]) expect([at(x, 0.125) < 60, at(x, 0.05) > 200, at(x, 0.2) > 200]).toEqual([true, true, true]);
});

test('where there is no sheet the photo stays as it is, and that is said', async () => {
  const { picture, fault } = await straighten(await photo('#000', { sheet: false }));
  expect(['no-sheet', 'cut-off']).toContain(fault);
  expect(await sharp(picture).metadata()).toMatchObject({ width: 1300, height: 1600 });
});

describe('at the desk', () => {
  let office: Office;
  afterEach(() => office.close());

  const send = async (photos: readonly Buffer[], part = 'page') => {
    const body = Buffer.concat([...photos.map((one) => Buffer.concat([Buffer.from(`--xXx\r\ncontent-disposition: form-data; name="${part}"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`), one, Buffer.from('\r\n')])), Buffer.from('--xXx--\r\n')]);
    const answer = await office.desk.app.inject({ method: 'POST', url: '/v1/documents/photographed', headers: { authorization: `Bearer ${office.tokens.applicant}`, 'content-type': 'multipart/form-data; boundary=xXx' }, payload: body });
    return { status: answer.statusCode, body: answer.json() as { code?: string; sha256: string; kind: string; pages: number; crooked: number[] } };
  };
  const comparer = { straighten, inspect: () => Promise.reject(new Error('not asked')), close: () => undefined };

  test('they become a PDF in their order, which the applicant holds and an application can be made of', async () => {
    office = await openOffice({ comparer });
    const { status, body } = await send([await photo('#c01010'), await photo('#000', { sheet: false })]);
    expect([status, body]).toMatchObject([201, { kind: 'pdf', pages: 2, crooked: [2] }]);
    const [first, second] = await Promise.all([1, 2].map(async (page) => (await office.call(office.tokens.applicant, 'GET', `/v1/documents/${body.sha256}/pages/${page}`)).raw));
    const cut = await sharp(first).extract({ left: 300, top: 210, width: 400, height: 12 }).png().toBuffer(); // stats are of what goes in
    const { channels } = await sharp(cut).stats();
    expect(channels[0]!.mean - channels[2]!.mean).toBeGreaterThan(80); // the red bar
    expect((await sharp(second).stats()).channels[0]!.mean).toBeLessThan(80); // the table
    expect((await office.call(office.tokens.other, 'GET', `/v1/documents/${body.sha256}`)).status).toBe(404);
  });

  test('what is no photo, too many of them, another part, none, and a desk without the means are refused', async () => {
    office = await openOffice({ comparer });
    expect((await send([Buffer.from('no photo')])).body.code).toBe('PHOTO_UNREADABLE');
    expect((await send(Array.from({ length: 21 }, () => tinyPng(300, 300, 9)))).status).toBe(413);
    expect((await send([tinyPng(300, 300, 9)], 'file')).body.code).toBe('INVALID');
    expect((await send([])).body.code).toBe('INVALID');
    await office.close();
    office = await openOffice();
    expect((await send([tinyPng(300, 300, 9)])).body.code).toBe('PHOTOS_OFF');
  });
});
