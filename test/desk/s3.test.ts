/** Documents and photos in an S3-compatible store: signed as it wants, checked as they come back, its failures told as any store's. */
import { S3Blobs } from '../../host-bridge/desk/documents/s3';
import { S3Server, keys, region, signatureOf } from './s3-server';
import { approved, openOffice, TestClock } from './support';

let server: S3Server;
let url: string;
const clock = new TestClock();
const pauses: number[] = [];
/** Time that stands still; waiting is over at once and is noted. */
const noted = { wall: () => clock.time, now: () => clock.time, after: (ms: number, call: () => void) => (pauses.push(ms), setImmediate(call), () => undefined) };
const blobs = (more: Partial<ConstructorParameters<typeof S3Blobs>[0]> = {}) =>
  new S3Blobs({ url: `${url}/photos`, region, ...keys, fetch, clock: noted, timeout: (ms) => AbortSignal.timeout(ms), ...more });

beforeEach(async () => {
  pauses.length = 0;
  server = new S3Server();
  server.now = () => clock.time;
  url = await server.start();
});
afterEach(() => server.stop());

test('the server of these tests signs as AWS does: the GET of its documentation', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: GET Object"
  const headers = { host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9', 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'x-amz-date': '20130524T000000Z' };
  const made = signatureOf({ method: 'GET', path: '/test.txt', headers, signed: Object.keys(headers).sort(), region: 'us-east-1', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' });
  expect(made.toString('hex')).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
});

const content = Buffer.from('照片 content');

test('content comes back under its hash; what is not there, or is no longer what it was, does not', async () => {
  const store = blobs();
  const hash = await store.put(content);
  expect([...server.objects.keys()]).toEqual([`photos/${hash.slice(0, 2)}/${hash}`]);
  expect(await store.get(hash)).toEqual(content);
  expect(await store.get('0'.repeat(64))).toBeUndefined();
  server.objects.set(`photos/${hash.slice(0, 2)}/${hash}`, Buffer.from('tampered'));
  expect(await store.get(hash)).toBeUndefined();
  expect(await store.put(content)).toBe(hash); // and it is healed
  expect(await store.get(hash)).toEqual(content);
  const nothing = await store.put(Buffer.alloc(0));
  expect(await store.get(nothing)).toEqual(Buffer.alloc(0));
  await expect(store.get('../../other')).rejects.toThrow(TypeError);
});

test.each([
  ['another secret key', { secretKey: 'x' }, 'SignatureDoesNotMatch'],
  ['another access key', { accessKey: 'x' }, 'InvalidAccessKeyId'],
  ['another region', { region: 'us-east-1' }, 'AuthorizationHeaderMalformed'],
])('%s is refused, and told without the key', async (_name, wrong, code) => {
  const refused = blobs(wrong).put(content);
  await expect(refused).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining(code) });
  await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining(keys.secretKey) });
  expect(server.objects.size).toBe(0);
});

test('a bucket that is not there is a failure, not a photo that is missing', async () => {
  await expect(blobs({ url: url.replace('seals', 'others') }).get('0'.repeat(64))).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('NoSuchBucket') });
});

test('a store that stumbles is asked again, three times in all; one that stays down, is full or is too busy says which', async () => {
  server.failures = [[500, 'InternalError'], [503, 'SlowDown']];
  const hash = await blobs().put(content);
  expect(server.calls).toEqual(['PUT InternalError', 'PUT SlowDown', 'PUT 200']);
  expect(pauses).toEqual([200, 1000]);
  for (const [failures, code] of [
    [Array.from({ length: 3 }, () => [500, 'InternalError'] as [number, string]), 'STORE_FAILED'],
    [Array.from({ length: 3 }, () => [503, 'SlowDown'] as [number, string]), 'STORE_BUSY'],
    [[[507, 'XMinioStorageFull'] as [number, string]], 'STORE_FULL'],
    [[[403, 'QuotaExceeded'] as [number, string]], 'STORE_FULL'],
  ] as const) {
    server.failures = [...failures];
    await expect(blobs().put(content)).rejects.toMatchObject({ code, retryAfter: 10 });
    expect(server.failures).toEqual([]);
  }
  server.failures = ['cut', 'cut'];
  expect(await blobs().get(hash)).toEqual(content);
  server.failures = ['cut', 'cut', 'cut'];
  await expect(blobs().get(hash)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await server.stop();
  await expect(blobs().get(hash)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  server = new S3Server();
  url = await server.start();
});

test('a desk with a bucket: documents, pages and photos are there and nowhere else; while it is away nothing is acknowledged that is not kept', async () => {
  const store = (folder: string) => new S3Blobs({ url: `${url}/${folder}`, region, ...keys, fetch, clock: noted, timeout: (ms) => AbortSignal.timeout(ms) });
  const office = await openOffice({ documents: store('documents'), photos: store('photos') });
  try {
    const application = await approved(office, { count: 1 });
    await office.desk.round();
    const permit = application.permits[0].id as string;
    office.device.use(permit, office.bridge.permits.get(permit)!, 1);
    server.failures = Array.from({ length: 100 }, () => [500, 'InternalError'] as [number, string]);
    await office.desk.round();
    const told = () => office.bridge.grants.filter((grant) => grant.kind === 6).at(-1);
    expect(told()?.photosThrough ?? 0).toBeLessThan(office.device.records.length);
    server.failures = [];
    await office.desk.round();
    expect(told()).toMatchObject({ photosThrough: office.device.records.length });
    expect([...server.objects.keys()].filter((key) => key.startsWith('photos/'))).toHaveLength(2);
    const { uses } = (await office.call(office.tokens.auditor, 'GET', '/v1/register/uses')).body;
    expect((await office.call(office.tokens.auditor, 'GET', `/v1/photos/${uses[0].after}`)).raw.toString()).toContain('photo after');
    expect((await office.call(office.tokens.chief, 'GET', `/v1/documents/${office.document}/pages/1`)).raw.subarray(1, 4).toString()).toBe('PNG');
    server.failures = [[403, 'AccessDenied']];
    expect((await office.call(office.tokens.auditor, 'GET', `/v1/photos/${uses[0].after}`))).toMatchObject({ status: 503, body: { code: 'STORE_FAILED' } });
  } finally {
    await office.close();
  }
});
