/**
 * Flash of a simulated unit on disk, so that it survives the program: one file, replaced as a whole, so that it always
 * holds one moment's content. What a real chip would lose by a cut of the power, this loses by ending the program: nothing.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { NorFlash, NorImage } from '../index';
import { take } from './lock';
import { SimError } from './texts';

const MAGIC = 'smartseal flash 2\n';
const ID_LENGTH = 16;
const PAGE = 4096;
/** SHA-256 of all that stands before it. */
const DIGEST = 32;
const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

export class StateFolder {
  private saved = -1;

  private constructor(
    readonly folder: string,
    /** Lets others have the folder. */
    readonly close: () => void,
  ) {}

  /** Makes the folder if need be, and keeps other simulators out of it. @throws SimError */
  static open(folder: string): StateFolder {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new SimError('STATE', `${folder}: ${(error as NodeJS.ErrnoException).code ?? ''}`);
    }
    try {
      const release = take(folder);
      if (release !== undefined) return new StateFolder(folder, release);
    } catch (error) {
      throw new SimError('STATE', `${folder}: ${(error as NodeJS.ErrnoException).code ?? ''}`);
    }
    throw new SimError('STATE_BUSY', folder);
  }

  /** What the unit's flash held; undefined: it never ran here. @throws SimError where the file is another unit's or damaged */
  load(deviceId: string): NorImage | undefined {
    const file = path.join(this.folder, 'flash.nor');
    let whole: Buffer;
    try {
      whole = readFileSync(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw new SimError('STATE', `${file}: ${code ?? ''}`);
    }
    const bytes = whole.subarray(0, -DIGEST);
    const head = MAGIC.length + ID_LENGTH;
    // A page that is missing or changed would be a fault of the unit's, and nobody ordered one.
    if (bytes.length < head || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC || !digest(bytes).equals(whole.subarray(-DIGEST))) throw new SimError('STATE', `${file}: damaged`);
    if (bytes.subarray(MAGIC.length, head).toString('latin1') !== deviceId) throw new SimError('STATE_OTHER_UNIT', this.folder);
    const image: NorImage = new Map();
    for (let at = head; at < bytes.length; at += PAGE + 4) image.set(bytes.readUInt32LE(at), Uint8Array.from(bytes.subarray(at + 4, at + 4 + PAGE)));
    return image;
  }

  /** Writes the flash if it has changed since the last time. @throws SimError where the disk does not take it */
  save(deviceId: string, flash: NorFlash): void {
    if (flash.ops === this.saved) return;
    const parts: Uint8Array[] = [Buffer.from(MAGIC + deviceId, 'latin1')];
    for (const [page, content] of flash.image()) {
      const number = Buffer.alloc(4);
      number.writeUInt32LE(page);
      parts.push(number, content);
    }
    const file = path.join(this.folder, 'flash.nor');
    try {
      const fd = openSync(`${file}.new`, 'w', 0o600);
      try {
        const content = Buffer.concat(parts);
        const bytes = Buffer.concat([content, digest(content)]);
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(`${file}.new`, file);
    } catch (error) {
      rmSync(`${file}.new`, { force: true });
      throw new SimError('STATE', `${file}: ${(error as NodeJS.ErrnoException).code ?? ''}`);
    }
    this.saved = flash.ops;
  }
}
