/** The maker of firmware: its keys, and images that it signs. SPEC.md, section 13. */
import { slh_dsa_sha2_128s as slh } from '@noble/post-quantum/slh-dsa.js';
import { IMAGE_CONTEXT, IMAGE_HEAD, makeImage, readImageHeader, SLH_KEY } from '../../protocol';
import { nodeNatives, toBuffer, toBytes } from '../natives';

/** Bytes of a secret key; its last 32 are the public one. */
export const MAKER_SECRET = 64;
/** Bytes from which a key pair is made. */
export const MAKER_SEED = 48;

export interface MakerKeys {
  secret: Buffer;
  public: Buffer;
}

export interface ImageParts {
  /** BoardId. */
  board: number;
  version: number;
  code: Buffer;
  resources?: Buffer;
  /** Public key for the image after this one; default: that of the secret key. */
  nextKey?: Buffer;
}

/** @param seed MAKER_SEED unpredictable bytes */
export function makerKeys(seed: Uint8Array): MakerKeys {
  const { secretKey, publicKey } = slh.keygen(seed);
  return { secret: Buffer.from(secretKey), public: Buffer.from(publicKey) };
}

/** An image with its signature. The same parts and the same key give the same bytes; it takes some ten seconds. @throws RangeError: a part too large, version 0 */
export function signedImage(parts: ImageParts, secret: Buffer): Buffer {
  const key = parts.nextKey ?? secret.subarray(SLH_KEY);
  const image = makeImage(nodeNatives, parts.board, parts.version, toBytes(parts.code), parts.resources === undefined ? '' : toBytes(parts.resources), toBytes(key));
  const head = image.slice(0, IMAGE_HEAD);
  if (readImageHeader(head) === undefined) throw new RangeError('code, resources, version or key are not such as an image has them');
  const signature = slh.sign(toBuffer(head), secret, { context: Buffer.from(IMAGE_CONTEXT), extraEntropy: false });
  return Buffer.concat([toBuffer(image), signature]);
}
