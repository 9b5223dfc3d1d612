/** Images of the firmware on the maker's side: keys, signing, checking. SPEC.md, section 13. */
import { slh_dsa_sha2_128s as slh } from '@noble/post-quantum/slh-dsa.js';
import { IMAGE_CONTEXT, IMAGE_HEAD, imageSize, makeImage, readImageHeader, SLH_KEY, SLH_SIGNATURE, SLH_STEPS, SlhVerifier, wholeWords, type ImageHeader } from '../../protocol';
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

export interface ImageInfo {
  header: ImageHeader;
  /** SHA-256 of the header. */
  name: Buffer;
  size: number;
}

/** What an image says of itself; undefined: it is none, or not whole. Whether its signature is good is another question. */
export function imageInfo(image: Buffer): ImageInfo | undefined {
  const head = toBytes(image.subarray(0, IMAGE_HEAD));
  const header = readImageHeader(head);
  if (header === undefined || imageSize(header) !== image.length) return undefined;
  const content = image.subarray(IMAGE_HEAD, image.length - SLH_SIGNATURE);
  const code = toBytes(content.subarray(0, header.code));
  const resources = toBytes(content.subarray(wholeWords(header.code)).subarray(0, header.resources));
  if (makeImage(nodeNatives, header.board, header.version, code, resources, header.key) !== toBytes(image.subarray(0, image.length - SLH_SIGNATURE))) return undefined;
  return { header, name: toBuffer(nodeNatives.sha256(head)), size: image.length };
}

/** Whether the maker with this public key has signed it. */
export function imageSignedBy(image: Buffer, key: Buffer): boolean {
  const signature = toBytes(image.subarray(image.length - SLH_SIGNATURE));
  const verifier = new SlhVerifier(nodeNatives, toBytes(key), IMAGE_CONTEXT, toBytes(image.subarray(0, IMAGE_HEAD)), (at, length) => signature.substr(at, length));
  for (let i = 0; i < SLH_STEPS; i++) {
    const result = verifier.step();
    if (result !== 0) return result > 0;
  }
  return false;
}
