/** A witness (C2SP tlog-witness, tlog-cosignature), written from the specifications alone: it shares no code with what it watches. */
import { createHash, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const sha256 = (...parts: (string | Buffer)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.of(1), left, right);

/** RFC 6962 section 2.1.2, from the proof's end: roots of the old and the new tree that it leads to. */
function rebuilt(m: number, n: number, known: Buffer | undefined, proof: Buffer[]): [Buffer, Buffer] {
  const take = (): Buffer => {
    const hash = proof.pop();
    if (hash === undefined) throw new Error('proof too short');
    return hash;
  };
  if (m === n) {
    const hash = known ?? take();
    return [hash, hash];
  }
  let k = 1;
  while (k * 2 < n) k *= 2;
  const other = take();
  if (m <= k) {
    const [before, after] = rebuilt(m, k, known, proof);
    return [before, node(after, other)];
  }
  const [before, after] = rebuilt(m - k, n - k, undefined, proof);
  return [node(other, before), node(other, after)];
}

export class WitnessServer {
  readonly vkey: string;
  /** What it cosigned last. */
  latest: { size: number; root: Buffer } = { size: 0, root: Buffer.alloc(0) };
  requests: string[] = [];
  /** Answers this, whatever it is asked. */
  broken: { status: number; body: string } | undefined;
  url = '';
  time = 1_800_000_000;
  private readonly server: Server;
  private readonly key: KeyObject;
  private readonly id: Buffer;

  /** @param log the key of the register, as its signed notes name it */
  constructor(readonly name: string, private readonly log: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x as string, 'base64url');
    this.key = privateKey;
    this.id = sha256(name, '\n', Buffer.of(4), raw).subarray(0, 4);
    this.vkey = `${name}+${this.id.toString('hex')}+${Buffer.concat([Buffer.of(4), raw]).toString('base64')}`;
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part)).on('end', () => {
        this.requests.push(body);
        const { status, body: said } = this.broken ?? (request.method === 'POST' && request.url === '/w/add-checkpoint' ? this.answer(body) : { status: 404, body: '' });
        response.writeHead(status, { 'content-type': status === 409 ? 'text/x.tlog.size' : 'text/plain' }).end(said);
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/w`;
  }
  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(body: string): { status: number; body: string } {
    const end = body.indexOf('\n\n');
    const [first = '', ...lines] = body.slice(0, end).split('\n');
    const note = body.slice(end + 2);
    const old = Number(/^old (0|[1-9]\d*)$/.exec(first)?.[1] ?? NaN);
    const proof = lines.map((line) => Buffer.from(line, 'base64'));
    if (end < 0 || Number.isNaN(old) || lines.length > 63 || proof.some((hash) => hash.length !== 32)) return { status: 400, body: 'malformed\n' };
    const at = note.lastIndexOf('\n\n');
    const text = note.slice(0, at + 1);
    const [origin, count, root] = text.split('\n');
    const [, name, hash, material] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(this.log) as unknown as [string, string, string, string];
    if (origin !== name) return { status: 404, body: '' };
    const raw = Buffer.from(material, 'base64').subarray(1);
    const signed = note.slice(at + 2).split('\n').some((line) => {
      const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
      return line.startsWith(`— ${name} `) && bytes.subarray(0, 4).toString('hex') === hash && verify(null, Buffer.from(text), createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' }), bytes.subarray(4));
    });
    if (!signed) return { status: 403, body: '' };
    const size = Number(count);
    if (old > size) return { status: 400, body: '' };
    if (old !== this.latest.size) return { status: 409, body: `${this.latest.size}\n` };
    const claimed = Buffer.from(root ?? '', 'base64');
    if (old === size && !claimed.equals(this.latest.root)) return { status: 409, body: `${this.latest.size}\n` };
    if (old > 0 && old < size) {
      try {
        const [before, after] = rebuilt(old, size, this.latest.root, proof);
        if (proof.length > 0 || !before.equals(this.latest.root) || !after.equals(claimed)) return { status: 422, body: '' };
      } catch {
        return { status: 422, body: '' };
      }
    } else if (proof.length > 0) return { status: 422, body: '' };
    this.latest = { size, root: claimed };
    return { status: 200, body: `${this.line(text)}\n` };
  }

  /** A cosignature over this text, as the line of a note. */
  line(text: string): string {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(this.time));
    return `— ${this.name} ${Buffer.concat([this.id, time, sign(null, Buffer.from(`cosignature/v1\ntime ${this.time}\n${text}`), this.key)]).toString('base64')}`;
  }
}
