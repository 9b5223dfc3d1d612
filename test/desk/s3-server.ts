/**
 * The part of an S3-compatible store that the desk uses, over real HTTP: PUT and GET of objects with Signature Version 4, worked out here
 * anew from its description (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), and the errors
 * that such stores give (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const keys = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
export const region = 'cn-test-1';
const BUCKET = 'seals';
/** Milliseconds that a signature may be old. */
const SKEW = 900_000;

const sha = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const mac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** The signature of a request without a query, by its headers, of which these are signed. */
export function signatureOf(o: { method: string; path: string; headers: Record<string, unknown>; signed: readonly string[]; region: string; secretKey: string }): Buffer {
  const header = (name: string): string => String(o.headers[name] ?? '').trim().replace(/ +/g, ' ');
  const date = header('x-amz-date');
  const canonical = [o.method, o.path, '', ...o.signed.map((name) => `${name}:${header(name)}`), '', o.signed.join(';'), header('x-amz-content-sha256')].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, `${date.slice(0, 8)}/${o.region}/s3/aws4_request`, sha(canonical)].join('\n');
  const key = [o.region, 's3', 'aws4_request'].reduce((last: Buffer, part) => mac(last, part), mac(`AWS4${o.secretKey}`, date.slice(0, 8)));
  return mac(key, text);
}

export class S3Server {
  readonly objects = new Map<string, Buffer>();
  /** What was asked, as `PUT 200`. */
  readonly calls: string[] = [];
  /** Answers given in place of the true ones, in order: a status and a code, or 'cut': the connection breaks in the middle. */
  failures: ([number, string] | 'cut')[] = [];
  /** Milliseconds of now. */
  now: () => number = () => 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => this.answer(request, response, Buffer.concat(parts)));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${BUCKET}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const say = (status: number, code = '', content?: Buffer): void => {
      this.calls.push(`${request.method} ${code || status}`);
      const xml = code === '' ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`;
      response.writeHead(status, { 'content-type': code === '' ? 'application/octet-stream' : 'application/xml' }).end(content ?? xml);
    };
    const failure = this.failures.shift();
    if (failure === 'cut') {
      this.calls.push(`${request.method} cut`);
      return void response.writeHead(200, { 'content-length': '1000' }).write('half', () => setImmediate(() => response.socket?.destroy()));
    }
    if (failure) return say(...failure);
    const wrong = this.wrong(request, body);
    if (wrong !== undefined) return say(403, wrong);
    const [, bucket, ...rest] = (request.url ?? '').split('/');
    if (bucket !== BUCKET) return say(404, 'NoSuchBucket');
    const key = rest.join('/');
    if (request.method === 'PUT') return this.objects.set(key, body), say(200);
    if (request.method === 'DELETE') return this.objects.delete(key), say(204);
    if (request.method !== 'GET') return say(405, 'MethodNotAllowed');
    const found = this.objects.get(key);
    return found ? say(200, '', found) : say(404, 'NoSuchKey');
  }

  /** Code of the error where a request is not signed as it must be. */
  private wrong(request: IncomingMessage, body: Buffer): string | undefined {
    const { headers } = request;
    const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '');
    const date = String(headers['x-amz-date'] ?? '');
    const told = String(headers['x-amz-content-sha256'] ?? '');
    if (!match || !/^\d{8}T\d{6}Z$/.test(date)) return 'AccessDenied';
    const [, access, day, where, names, signature] = match as unknown as [string, string, string, string, string, string];
    if (access !== keys.accessKey) return 'InvalidAccessKeyId';
    if (day !== date.slice(0, 8) || where !== region) return 'AuthorizationHeaderMalformed';
    const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (Math.abs(at - this.now()) > SKEW) return 'RequestTimeTooSkewed';
    const signed = names.split(';');
    if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signed.includes(name))) return 'AccessDenied';
    if (told !== sha(body)) return 'XAmzContentSHA256Mismatch';
    const right = signatureOf({ method: request.method ?? '', path: request.url ?? '', headers, signed, region: where, secretKey: keys.secretKey });
    return timingSafeEqual(right, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch';
  }
}
