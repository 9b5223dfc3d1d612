/** Files kept under the SHA-256 of their content: written once, atomically and durably, checked whenever they are read. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDirectory, writeDurably } from '../../common/files';
import { storeProblem } from '../../common/errors';

export class Blobs {
  constructor(private readonly folder: string) {
    makePrivateDirectory(folder);
  }

  private path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('not a SHA-256');
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  /** Stores content and returns its SHA-256. Content that is there already is not written again, unless damaged. */
  put(data: Buffer): string {
    const sha256 = createHash('sha256').update(data).digest('hex');
    if (this.get(sha256) !== undefined) return sha256;
    try {
      makePrivateDirectory(join(this.folder, sha256.slice(0, 2)));
      writeDurably(this.path(sha256), data, 0o600);
    } catch (error) {
      throw storeProblem(error);
    }
    return sha256;
  }

  /** The content, or undefined when it is missing or no longer what its name says. */
  get(sha256: string): Buffer | undefined {
    const path = this.path(sha256);
    if (!existsSync(path)) return undefined;
    const data = readFileSync(path);
    return createHash('sha256').update(data).digest('hex') === sha256 ? data : undefined;
  }
}
