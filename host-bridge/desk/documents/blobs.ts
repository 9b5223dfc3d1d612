/** Content kept under its SHA-256: written once, durably, and checked whenever it is read. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDirectory, writeDurably } from '../../common/files';
import { Problem, storeProblem } from '../../common/errors';
import { DESK } from '../errors';
import { FileCipher } from './cipher';

/** Where documents, pictures of their pages and photos are. */
export interface Blobs {
  /** Stores content and returns its SHA-256; it is durable then. Throws STORE_…, and then it may be there or not. */
  put(data: Buffer): Promise<string>;
  /** The content, or undefined when it is missing or no longer what its name says. Throws STORE_… where that cannot be told, FILE_KEY where it is encrypted under a key that is not here. */
  get(sha256: string): Promise<Buffer | undefined>;
  /** Removes content; what is not there is removed already. Throws STORE_…. */
  remove(sha256: string): Promise<void>;
}

/** Where content of this SHA-256 stands below a folder or an address. Throws a TypeError for what is none. */
export function blobName(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('not a SHA-256');
  return `${sha256.slice(0, 2)}/${sha256}`;
}

/** Whether content is what its name says. */
export function isBlob(data: Buffer, sha256: string): boolean {
  return createHash('sha256').update(data).digest('hex') === sha256;
}

/** What stored bytes hold, plain or encrypted; undefined where it is not what the name says. Throws FILE_KEY. */
export function contentOf(bytes: Buffer, sha256: string, cipher: FileCipher | undefined): Buffer | undefined {
  if (isBlob(bytes, sha256)) return bytes;
  if (FileCipher.isForeign(bytes, cipher)) throw new Problem(DESK.FILE_KEY, sha256);
  const opened = cipher?.open(bytes, sha256);
  return opened !== undefined && isBlob(opened, sha256) ? opened : undefined;
}

/** As `get`, for whoever looks whether it is there: what cannot be opened by the keys of now is none. */
export async function heldIn(blobs: Blobs, sha256: string): Promise<Buffer | undefined> {
  try {
    return await blobs.get(sha256);
  } catch (error) {
    if (error instanceof Problem && error.code === DESK.FILE_KEY.code) return undefined;
    throw error;
  }
}

/** The bytes in which content is stored. */
export function storedForm(data: Buffer, sha256: string, cipher: FileCipher | undefined): Buffer {
  return cipher?.writes === true ? cipher.close(data, sha256) : data;
}

/** Files below a folder. Replicas of a desk may share it over a network file system. */
export class DiskBlobs implements Blobs {
  /** @param cipher absent: nothing is encrypted, and what is cannot be read */
  constructor(private readonly folder: string, private readonly cipher?: FileCipher) {
    makePrivateDirectory(folder);
  }

  // Nothing waits here, but errors come as rejections, as they do elsewhere.
  async put(data: Buffer): Promise<string> {
    const sha256 = createHash('sha256').update(data).digest('hex');
    if (this.read(sha256, this.cipher?.writes === true) !== undefined) return sha256; // there already as it would be written, and not damaged
    try {
      makePrivateDirectory(join(this.folder, sha256.slice(0, 2)));
      writeDurably(join(this.folder, blobName(sha256)), storedForm(data, sha256, this.cipher), 0o600);
    } catch (error) {
      throw storeProblem(error);
    }
    return sha256;
  }

  async get(sha256: string): Promise<Buffer | undefined> {
    try {
      return this.read(sha256);
    } catch (error) {
      throw storeProblem(error);
    }
  }

  async remove(sha256: string): Promise<void> {
    try {
      rmSync(join(this.folder, blobName(sha256)), { force: true });
    } catch (error) {
      throw storeProblem(error);
    }
  }

  /** @param closed one that is stored plain is none, nor one by another key */
  private read(sha256: string, closed = false): Buffer | undefined {
    const path = join(this.folder, blobName(sha256));
    if (!existsSync(path)) return undefined;
    const data = readFileSync(path);
    if (closed && (isBlob(data, sha256) || FileCipher.isForeign(data, this.cipher))) return undefined;
    return contentOf(data, sha256, this.cipher);
  }
}
