/**
 * Photos on their way from a device to the disk. Bytes are appended to a file of their own and asked for from where it
 * ends, so a break costs no more than what was in the air. Only what has the digest the record names gets its final name.
 */
import { closeSync, constants, existsSync, fstatSync, fsyncSync, ftruncateSync, lstatSync, openSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Selectable } from 'kysely';
import { CHUNK_BYTES, photoEnd, photoStep, RefusalCode, ZERO_HASH, type Bytes, type Natives } from '../../protocol';
import { bytesOfHex, hexOf, toBuffer, toBytes } from '../common/bytes';
import type { Clock } from '../common/clock';
import { Problem } from '../common/errors';
import { makePrivateDirectory, moveDurably } from '../common/files';
import { BRIDGE } from './faults';
import { Refused, type Session } from './session';
import type { PhotoTable } from './tables';

type Photo = Selectable<PhotoTable>;

/** more: a part has come, or has to come anew · stored: complete and durable · gone: the device has it no more · wrong: whole, but not that photo */
export type PhotoProgress = 'more' | 'stored' | 'gone' | 'wrong';

/**
 * Bytes of one request: as many as come in about five seconds, so that permits need not wait longer for their turn. Each
 * request leaves the line idle for a round trip: at two seconds that costs 1.5 % of a line of 115,200 baud.
 */
const SLICE_MS = 5_000;
const SLICE_MIN = 8 * CHUNK_BYTES;
const SLICE_MAX = 256 * CHUNK_BYTES;

/** Digest of a photo's bytes (SPEC.md, "Evidence"). */
export function photoDigest(natives: Natives, photo: Bytes): Bytes {
  let digest = ZERO_HASH;
  for (let at = 0; at < photo.length; at += CHUNK_BYTES) digest = photoStep(natives, digest, photo.slice(at, at + CHUNK_BYTES));
  return photoEnd(natives, digest, photo.length);
}

export class PhotoSpool {
  /** Parts whose every byte this run of the bridge has received. */
  private readonly begun = new Set<string>();
  /** Photos that were put aside, until they are there again. */
  private readonly aside = new Set<string>();

  /** @param directory made if need be; one bridge at a time may use it */
  constructor(
    private readonly directory: string,
    private readonly natives: Natives,
    private readonly clock: Clock,
    /** Throws when no photo should be taken now. */
    private readonly room: () => void = () => undefined,
  ) {
    makePrivateDirectory(join(directory, 'incoming'));
    makePrivateDirectory(join(directory, 'photos'));
  }

  /** Where a complete photo stands. */
  pathOf(digest: string): string {
    return join(this.directory, 'photos', `${digest}.jpg`);
  }

  /** A complete photo's bytes. missing: its file is not there; spoilt: what stood in its place was not that photo, and was put aside. @throws what the disk says */
  async read({ digest, size }: Pick<Photo, 'digest' | 'size'>): Promise<Buffer | 'missing' | 'spoilt'> {
    const path = this.pathOf(digest);
    let file: FileHandle;
    try {
      // A link is none of ours, and what is no file may never end.
      file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return this.aside.has(digest) ? 'spoilt' : 'missing';
      if (code === 'ELOOP') return this.putAside(digest);
      throw error;
    }
    try {
      const found = await file.stat();
      // Of another size it is not read at all: it may be larger than the memory.
      if (!found.isFile() || found.size !== size) return this.putAside(digest, found.ino);
      const bytes = await file.readFile();
      return hexOf(photoDigest(this.natives, toBytes(bytes))) === digest ? bytes : this.putAside(digest, found.ino);
    } finally {
      await file.close();
    }
  }

  /** For whoever looks into the disk; the name is free for the photo. Who asked at the same time may have done so, and the photo be there again. */
  private putAside(digest: string, inode?: number): 'spoilt' {
    const path = this.pathOf(digest);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined || (inode !== undefined && found.ino !== inode)) return 'spoilt';
    rmSync(`${path}.spoilt`, { recursive: true, force: true }); // a folder takes no other's place
    moveDurably(path, `${path}.spoilt`);
    this.aside.add(digest);
    return 'spoilt';
  }

  /** Whether something stands in a photo's place. */
  has(digest: string): boolean {
    return lstatSync(this.pathOf(digest), { throwIfNoEntry: false }) !== undefined;
  }

  /** Fetches the next part. `slice` carries the size of requests from one call to the next of a session. */
  async pull(session: Session, photo: Photo, slice: { bytes: number }): Promise<PhotoProgress> {
    const final = this.pathOf(photo.digest);
    if (existsSync(final)) return 'stored';
    this.room();
    const part = join(this.directory, 'incoming', `${photo.device}-${photo.digest}.part`);
    const file = openSync(part, 'a+', 0o600);
    try {
      const size = fstatSync(file).size;
      let at = size > photo.size ? 0 : size;
      if (at === 0) this.begun.add(part);
      if (at < photo.size) {
        at -= at % CHUNK_BYTES; // a write cut short by a crash is fetched again
        if (at !== size) ftruncateSync(file, at);
        const from = at;
        const asked = this.clock.now();
        await session.photoGet(bytesOfHex(photo.digest) as Bytes, at, Math.min(slice.bytes, photo.size - at), (chunk) => {
          if (chunk.size !== photo.size) throw new Problem(BRIDGE.DEVICE_PROTOCOL, `${photo.device}: photo of ${chunk.size} bytes, the record says ${photo.size}`);
          writeAll(file, toBuffer(chunk.data));
          at += chunk.data.length;
        });
        if (at === from) throw new Problem(BRIDGE.DEVICE_PROTOCOL, `${photo.device}: photo answer without bytes`);
        slice.bytes = nextSlice(at - from, this.clock.now() - asked);
      }
      if (at < photo.size) return 'more';
      if (hexOf(photoDigest(this.natives, toBytes(readFileSync(part)))) !== photo.digest) {
        ftruncateSync(file, 0);
        // What an earlier run of the bridge has left may have been spoilt by a power cut: only what came whole is held against the device.
        return this.begun.delete(part) ? 'wrong' : 'more';
      }
      fsyncSync(file);
    } catch (error) {
      if (error instanceof Refused && error.refusal === RefusalCode.NOT_FOUND) {
        unlinkSync(part);
        this.begun.delete(part);
        return 'gone';
      }
      throw error;
    } finally {
      closeSync(file);
    }
    moveDurably(part, final);
    this.begun.delete(part);
    this.aside.delete(photo.digest);
    return 'stored';
  }
}

function nextSlice(bytes: number, ms: number): number {
  const wanted = Math.floor((bytes * SLICE_MS) / Math.max(ms, 1) / CHUNK_BYTES) * CHUNK_BYTES;
  return Math.min(SLICE_MAX, Math.max(SLICE_MIN, wanted));
}

function writeAll(file: number, data: Buffer): void {
  let at = 0;
  while (at < data.length) at += writeSync(file, data, at);
}
