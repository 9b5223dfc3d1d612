/**
 * Flash of a simulated unit on disk, so that it survives the program: one file, replaced as a whole, so that it always
 * holds one moment's content. What a real chip would lose by a cut of the power, this loses by ending the program: nothing.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { NorFlash, NorImage } from '../index';
import { SimError } from './texts';

const MAGIC = 'smartseal flash 1\n';
const ID_LENGTH = 16;
const PAGE = 4096;

export class StateFolder {
  private saved = -1;

  private constructor(
    readonly folder: string,
    private readonly lock: string,
  ) {}

  /** Makes the folder if need be, and keeps other simulators out of it. @throws SimError */
  static open(folder: string): StateFolder {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new SimError('STATE', `${folder}: ${(error as NodeJS.ErrnoException).code ?? ''}`);
    }
    const lock = path.join(folder, 'lock');
    for (let tries = 0; ; tries++) {
      try {
        writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' });
        return new StateFolder(folder, lock);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EEXIST') throw new SimError('STATE', `${folder}: ${code ?? ''}`);
        if (tries > 0 || alive(lock)) throw new SimError('STATE_BUSY', folder);
        rmSync(lock, { force: true });
      }
    }
  }

  /** What the unit's flash held; undefined: it never ran here. @throws SimError where the file is another unit's or damaged */
  load(deviceId: string): NorImage | undefined {
    const file = path.join(this.folder, 'flash.nor');
    if (!existsSync(file)) return undefined;
    const bytes = readFileSync(file);
    const head = MAGIC.length + ID_LENGTH;
    if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC || (bytes.length - head) % (PAGE + 4) !== 0) throw new SimError('STATE', `${file}: damaged`);
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
        const bytes = Buffer.concat(parts);
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(`${file}.new`, file);
    } catch (error) {
      throw new SimError('STATE', `${file}: ${(error as NodeJS.ErrnoException).code ?? ''}`);
    }
    this.saved = flash.ops;
  }

  close(): void {
    rmSync(this.lock, { force: true });
  }
}

/** True when the process whose number stands in this file still runs. */
export function alive(lock: string): boolean {
  let pid: number;
  try {
    pid = Number(readFileSync(lock, 'utf8').trim());
  } catch {
    return false;
  }
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
