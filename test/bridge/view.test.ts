/** The tray through the bridge: whole and JPEG, or a reason. */
import { decodePhotoPut, encodeDone, encodeViewChunk, MessageType, RefusalCode, type Bytes } from '../../protocol';
import { Bench, DEVICE } from './harness';

const JPEG = `\xff\xd8${'tray'.repeat(600)}\xff\xd9`;
const URL = `/v1/devices/${DEVICE}/view`;

let bench: Bench;
beforeEach(() => (bench = new Bench()));
afterEach(() => bench.end());

/** A device that answers with these pieces: offset, data, last, size. */
async function answering(pieces: [number, Bytes, boolean, number][] | RefusalCode): Promise<void> {
  const device = bench.plug();
  device.script = (type, tag) => {
    if (type !== MessageType.VIEW_GET) return false;
    if (typeof pieces === 'number') device.refuse(tag, pieces);
    else for (const [offset, data, last, size] of pieces) device.send(MessageType.VIEW_CHUNK, tag, encodeViewChunk({ offset, data, last, size }));
    return true;
  };
  await bench.start();
  await bench.ready();
}

test('is the picture that the device streams, and is not kept', async () => {
  await answering([[0, JPEG.slice(0, 900), false, JPEG.length], [900, JPEG.slice(900), true, JPEG.length]]);
  const answer = await bench.get(URL, 'reader');
  expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([200, 'image/jpeg', 'private, no-store']);
  expect(answer.rawPayload.toString('latin1')).toBe(JPEG);
});

test.each([
  ['WAIT', RefusalCode.WAIT],
  ['BUSY', RefusalCode.BUSY],
] as const)('says %s where the device does', async (why, code) => {
  await answering(code);
  const answer = await bench.get(URL);
  expect(answer.json()).toMatchObject({ code: 'DEVICE_REFUSED', refusal: why });
});

test.each<[string, [number, Bytes, boolean, number][]]>([
  ['a gap', [[0, JPEG.slice(0, 900), false, JPEG.length], [901, JPEG.slice(901), true, JPEG.length]]],
  ['too many bytes', [[0, JPEG, true, JPEG.length - 1]]],
  ['an early end', [[0, JPEG.slice(0, 900), true, JPEG.length]]],
  ['a piece of nothing', [[0, '', false, JPEG.length]]],
  ['an enormous size', [[0, JPEG, false, 40_000]]],
  ['no JPEG', [[0, 'GIF89a', true, 6]]],
])('%s is a fault of the device', async (_name, pieces) => {
  await answering(pieces);
  expect((await bench.get(URL)).json()).toMatchObject({ code: 'DEVICE_PROTOCOL' });
});

test('of a device that is not here there is none', async () => {
  await bench.start();
  expect((await bench.get(URL)).json()).toMatchObject({ code: 'DEVICE_OFFLINE' });
  expect((await bench.get('/v1/devices/ffffffffffffffff/view')).statusCode).toBe(404);
});

test("a photo of the host's camera is handed over piece by piece", async () => {
  const device = bench.plug();
  const pieces: { offset: number; data: Bytes; last: boolean }[] = [];
  device.script = (type, tag, body) => {
    if (type !== MessageType.PHOTO_PUT) return false;
    pieces.push(decodePhotoPut(body)!);
    device.send(MessageType.DONE, tag, encodeDone());
    return true;
  };
  await bench.start();
  await bench.ready();
  const url = `/v1/devices/${DEVICE}/photo`;
  expect((await bench.send('POST', url, { jpeg: Buffer.from(JPEG, 'latin1').toString('base64') }, 'permitter')).json()).toEqual({ bytes: JPEG.length });
  expect(pieces.map(({ data }) => data).join('')).toBe(JPEG);
  expect(pieces.map(({ last }) => last)).toEqual([...new Array<boolean>(pieces.length - 1).fill(false), true]);
  expect((await bench.send('POST', url, { jpeg: '' })).statusCode).toBe(400);
  device.script = (type, tag) => type === MessageType.PHOTO_PUT && (device.refuse(tag, RefusalCode.STALE), true);
  expect((await bench.send('POST', url, { jpeg: Buffer.from(JPEG, 'latin1').toString('base64') })).json()).toMatchObject({ code: 'DEVICE_REFUSED', refusal: 'STALE' });
});
