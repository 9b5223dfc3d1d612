/** Images of the firmware as hosts look at them: what one says, whether it is whole and signed. SPEC.md, section 13. */
import { IMAGE_CONTEXT, IMAGE_HEAD, imageSize, makeImage, readImageHeader, SLH_SIGNATURE, SLH_STEPS, SlhVerifier, wholeWords, type ImageHeader } from '../../protocol';
import { nodeNatives, toBuffer, toBytes } from '../natives';

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
