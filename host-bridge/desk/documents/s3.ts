/**
 * Content in a bucket of an S3-compatible store: PUT and GET of objects under their SHA-256, signed with AWS Signature Version 4
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html). Nothing else of S3 is used.
 */
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Clock } from '../../common/clock';
import { COMMON, Problem } from '../../common/errors';
import { blobName, contentOf, storedForm, type Blobs } from './blobs';
import type { FileCipher } from './cipher';

export interface S3Options {
  /** Absent: nothing is encrypted. */
  cipher?: FileCipher | undefined;
  /** Address of the bucket, and of a folder in it: https://host/bucket/folder, or https://bucket.host/folder where the store wants that. */
  url: string;
  region: string;
  accessKey: string;
  secretKey: string;
  fetch: typeof fetch;
  clock: Clock;
  /** A signal that aborts after so many milliseconds. */
  timeout: (ms: number) => AbortSignal;
}

/** Milliseconds for one request, and between attempts. */
const wait = { request: 60_000, again: [200, 1_000] } as const;
/** Largest object that is read, in bytes: more than any document or photo that is taken. */
const OBJECT_MAX = 256 << 20;
/** Bytes of an error's document that are read. */
const ERROR_MAX = 64 << 10;

interface Answer {
  status: number;
  /** Undefined: longer than is read. */
  body: Buffer | undefined;
}

export class S3Blobs implements Blobs {
  private readonly client: AwsClient;

  constructor(private readonly o: S3Options) {
    this.client = new AwsClient({ accessKeyId: o.accessKey, secretAccessKey: o.secretKey, region: o.region, service: 's3', retries: 0 });
  }

  /** Always sent: the same content under the same name again changes nothing, and mends what was damaged. */
  async put(data: Buffer): Promise<string> {
    const sha256 = createHash('sha256').update(data).digest('hex');
    const answer = await this.call('PUT', sha256, storedForm(data, sha256, this.o.cipher));
    if (answer.status !== 200) throw this.refusal(answer);
    return sha256;
  }

  async get(sha256: string): Promise<Buffer | undefined> {
    const answer = await this.call('GET', sha256);
    if (answer.status === 200) return answer.body === undefined ? undefined : contentOf(answer.body, sha256, this.o.cipher);
    // A bucket that is not there is 404 as well; then nothing can be said about what was in it.
    if (answer.status === 404 && codeOf(answer) !== 'NoSuchBucket') return undefined;
    throw this.refusal(answer);
  }

  async remove(sha256: string): Promise<void> {
    const answer = await this.call('DELETE', sha256);
    if (![200, 204].includes(answer.status) && !(answer.status === 404 && codeOf(answer) !== 'NoSuchBucket')) throw this.refusal(answer);
  }

  private async call(method: 'PUT' | 'GET' | 'DELETE', sha256: string, body?: Buffer): Promise<Answer> {
    const url = `${this.o.url.replace(/\/+$/, '')}/${blobName(sha256)}`;
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= wait.again.length;
      try {
        // The date is in what is signed, so each attempt is signed anew.
        const signed = await this.client.sign(url, {
          method, headers: { 'x-amz-content-sha256': body === undefined ? EMPTY : createHash('sha256').update(body).digest('hex'), ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }) },
          ...(body === undefined ? {} : { body: new Uint8Array(body) }), aws: { datetime: dateOf(this.o.clock.wall()) },
        });
        const response = await this.o.fetch(signed.url, {
          method, headers: signed.headers, ...(body === undefined ? {} : { body: new Uint8Array(body) }), redirect: 'error', signal: this.o.timeout(wait.request),
        });
        const { status } = response;
        const answer = { status, body: await readUpTo(response, status === 200 ? OBJECT_MAX : ERROR_MAX) };
        if (last || !(status === 429 || status >= 500) || status === 507) return answer;
      } catch (error) {
        if (last) throw new Problem(COMMON.STORE_FAILED, { detail: `${new URL(url).host}: ${reasonOf(error)}`, retryAfter: 10, cause: error });
      }
      await new Promise<void>((resolve) => this.o.clock.after(wait.again[attempt] as number, resolve));
    }
  }

  private refusal(answer: Answer): Problem {
    const { status } = answer;
    const code = codeOf(answer);
    const full = status === 507 || /Full|Quota|InsufficientStorage/i.test(code);
    const busy = status === 429 || status === 503;
    return new Problem(full ? COMMON.STORE_FULL : busy ? COMMON.STORE_BUSY : COMMON.STORE_FAILED, { detail: `${new URL(this.o.url).host}: ${status} ${code}`.trimEnd(), retryAfter: 10 });
  }
}

/** SHA-256 of nothing. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** 20270115T083000Z */
function dateOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '');
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: unknown }; message?: unknown };
  return typeof cause?.code === 'string' ? cause.code : String(message ?? error);
}

/** The body, or undefined when it is longer than that. */
async function readUpTo(response: Response, most: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > most) return undefined;
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

/** The code in the document of an error (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), '' where there is none. */
function codeOf({ body }: Answer): string {
  return /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(body?.toString('utf8') ?? '')?.[1] ?? '';
}
