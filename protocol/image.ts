/**
 * A firmware image: header 128 | code | resources | signature 7856. The maker signs the header, which holds the digest of
 * what lies between. Its SHA-256 is the image's name in grants and records. SPEC.md, "Firmware images".
 */
import { getU32le, u32le } from './bytes';
import { photoEnd, photoStep, ZERO_HASH } from './evidence';
import type { Bytes, Natives } from './natives';
import { SLH_SIGNATURE } from './slhdsa';

export const IMAGE_HEAD = 128;
/** What a maker's key signs besides images, if anything, has another context. */
export const IMAGE_CONTEXT = 'smartseal/image';
/** Bytes of code that every board has room for, and of resources beside it. */
export const CODE_MAX = 106496;
export const RESOURCES_MAX = 81920;
/** A digest is taken over pieces of so many bytes. */
export const IMAGE_PIECE = 1024;

/** What the board in the header stands for. */
export const enum BoardId {
  XIAO = 1,
  LINUX = 2,
}

export interface ImageHeader {
  /** BoardId. */
  board: number;
  /** 1..4294967294, greater than that of every image before. */
  version: number;
  /** Bytes of code and of resources; each is filled up with zeros to a multiple of 4. */
  code: number;
  resources: number;
  /** CRC-32 of the code: what the boot code can check at every start. */
  crc: number;
  /** Digest of code and resources with their zeros. */
  digest: Bytes;
  /** The maker's key for the image after this one, 32 bytes; zeros: none is taken. */
  key: Bytes;
}

const MAGIC = 'SSIM';
const FREE = ZERO_HASH + '\0\0\0\0\0\0\0\0';

export function wholeWords(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** Bytes of code and resources together. */
export function contentSize(h: ImageHeader): number {
  return wholeWords(h.code) + wholeWords(h.resources);
}

/** Bytes of the whole image. */
export function imageSize(h: ImageHeader): number {
  return IMAGE_HEAD + contentSize(h) + SLH_SIGNATURE;
}

export function imageHeader(h: ImageHeader): Bytes {
  return MAGIC + String.fromCharCode(1, h.board) + '\0\0' + u32le(h.version) + u32le(h.code) + u32le(h.resources) + u32le(h.crc) + h.digest + h.key + FREE;
}

/** Undefined: no header, or of a format that came later. */
export function readImageHeader(b: Bytes): ImageHeader | undefined {
  const h: ImageHeader = {
    board: b.charCodeAt(5),
    version: getU32le(b, 8),
    code: getU32le(b, 12),
    resources: getU32le(b, 16),
    crc: getU32le(b, 20),
    digest: b.substr(24, 32),
    key: b.substr(56, 32),
  };
  const fits = h.version > 0 && h.version < 4294967295 && h.code > 0 && h.code <= CODE_MAX && h.resources <= RESOURCES_MAX;
  return fits && b === imageHeader(h) ? h : undefined;
}

/** Header, code and resources, to be signed: for hosts. The signature is over the first IMAGE_HEAD bytes. */
export function makeImage(n: Natives, board: number, version: number, code: Bytes, resources: Bytes, key: Bytes): Bytes {
  const fill = (b: Bytes): Bytes => b + '\0\0\0'.substr(0, wholeWords(b.length) - b.length);
  const content = fill(code) + fill(resources);
  let digest = ZERO_HASH;
  for (let at = 0; at < content.length; at += IMAGE_PIECE) digest = photoStep(n, digest, content.substr(at, IMAGE_PIECE));
  return (
    imageHeader({
      board: board, version: version, code: code.length, resources: resources.length, crc: n.crc32(code),
      digest: photoEnd(n, digest, content.length), key: key,
    }) + content
  );
}
