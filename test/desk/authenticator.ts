/** A browser with an authenticator, in software (Web Authentication Level 3): P-256 keys, CBOR, counters. Each field makes it do what an honest one would not. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { Encoder } from 'cbor-x';

const cbor = new Encoder({ useRecords: false, mapsAsObjects: false, tagUint8Array: false, variableMapSize: true } as never);
const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();
const b64 = (data: Buffer): string => data.toString('base64url');

interface Options {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
  user?: { id: string };
}

export class Authenticator {
  counter = 0;
  verified = true;
  handle = '';
  credential = randomBytes(32);
  /** What a browser at another site would write. */
  origin: string;
  /** Of another relying party. */
  rpId: string | undefined;
  private key: KeyObject;
  private point: { x: string; y: string };

  constructor(origin: string) {
    this.origin = origin;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.key = privateKey;
    this.point = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
  }

  /** Another one with the same key, as a thief would make it who could read it out. */
  copy(): Authenticator {
    return Object.assign(new Authenticator(this.origin), { credential: this.credential, counter: this.counter, key: this.key, point: this.point, handle: this.handle, rpId: this.rpId });
  }

  private data(rpId: string, attested?: Buffer): Buffer {
    this.counter += 1;
    const flags = 1 | (this.verified ? 4 : 0) | (attested ? 64 : 0);
    const head = Buffer.alloc(5);
    head[0] = flags;
    head.writeUInt32BE(this.counter, 1);
    return Buffer.concat([sha256(this.rpId ?? rpId), head, attested ?? Buffer.alloc(0)]);
  }

  private client(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }

  create(options: Options): object {
    this.handle = options.user?.id ?? '';
    const cose = new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(this.point.x, 'base64url')], [-3, Buffer.from(this.point.y, 'base64url')]]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.credential.length]), this.credential, cbor.encode(cose)]);
    const authData = this.data(options.rp?.id ?? '', attested);
    const attestationObject = cbor.encode(new Map<string, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', authData]]));
    return this.answer({ clientDataJSON: b64(this.client('webauthn.create', options.challenge)), attestationObject: b64(Buffer.from(attestationObject)), transports: ['internal'] });
  }

  get(options: Options): { id: string; rawId: string; response: Record<string, string> } {
    const authenticatorData = this.data(options.rpId ?? '');
    const clientData = this.client('webauthn.get', options.challenge);
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), this.key);
    return this.answer({ clientDataJSON: b64(clientData), authenticatorData: b64(authenticatorData), signature: b64(signature), userHandle: this.handle }) as never;
  }

  private answer(response: object): object {
    return { id: b64(this.credential), rawId: b64(this.credential), type: 'public-key', clientExtensionResults: {}, response };
  }
}
