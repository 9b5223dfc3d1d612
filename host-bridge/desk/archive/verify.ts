/**
 * Checks an archive alone: from the file and a public key, without database or network. First the container, byte for
 * byte against what its signed manifest says; then, only if nothing was changed, what the files say of each other.
 */
import { createHash } from 'node:crypto';
import { noteVerifier, openNote, type NoteVerifier } from '../register/note';
import type { Quorum } from '../register/receipt-check';
import { checkContents, type Contents } from './contents';
import {
  checkpointName, keyName, leavesName, manifestName, manifestNoteName, manifestNoteText, maxLeaves, maxManifest, parseManifest, witnessedFile, type Manifest,
} from './manifest';
import { maxFindings, type Finding, type ProblemCode, type Report } from './report';
import { block, endLength, entryLength, readHeader, tarHeader } from './tar';

/** Where an archive is read from. */
export interface ArchiveSource {
  size: number;
  /** Exactly so many bytes from there; fewer only at the end of the file. */
  read(offset: number, length: number): Promise<Buffer>;
}

const maxNote = 8192;
const piece = 1 << 20;
/** Largest record or permit that is held in memory for a look inside (both have at most 512 bytes); photos are streamed to their digest. */
const maxHeld = 1024;

/** What is wrong ends the check at once, because nothing behind it can be trusted. */
class Stop extends Error {}

class Check {
  readonly findings: Finding[] = [];
  constructor(readonly source: ArchiveSource) {}

  found(code: ProblemCode, name: string, detail?: string): void {
    if (this.findings.length < maxFindings) this.findings.push(detail === undefined ? { code, name } : { code, name, detail });
  }

  stop(code: ProblemCode, name: string, detail?: string): never {
    this.found(code, name, detail);
    throw new Stop();
  }

  /** A file at the beginning, whose size only its own header tells. */
  async leading(offset: number, name: string, limit: number): Promise<Buffer> {
    const header = await this.source.read(offset, block);
    const told = header.length === block ? readHeader(header) : undefined;
    if (!told || told.name !== name || told.size > limit) this.stop(offset === 0 && !told ? 'NOT_AN_ARCHIVE' : 'MISPLACED', name);
    if (offset + entryLength(told.size) > this.source.size) this.stop('TRUNCATED', name);
    const content = await this.source.read(offset + block, entryLength(told.size) - block);
    if (content.subarray(told.size).some((byte) => byte !== 0)) this.stop('CHANGED', name, 'padding');
    return content.subarray(0, told.size);
  }

  /** A file whose name, size and hash the manifest tells. Returns its content when small, and feeds it to `sink`. */
  async listed(offset: number, file: Manifest['files'][number], sink?: (part: Buffer) => void): Promise<Buffer | undefined> {
    const header = await this.source.read(offset, block);
    if (header.length < block) this.stop('TRUNCATED', file.name);
    if (!header.equals(tarHeader(file.name, file.size))) {
      const other = readHeader(header);
      if (other && other.name !== file.name) this.stop('MISPLACED', file.name, other.name);
      this.found('CHANGED', file.name, 'header');
      return undefined;
    }
    const hash = createHash('sha256');
    const held: Buffer[] = [];
    const hold = file.size <= (file.name === leavesName ? maxLeaves : file.name === checkpointName || witnessedFile.test(file.name) ? maxNote : maxHeld);
    for (let at = 0; at < file.size; at += piece) {
      const part = await this.source.read(offset + block + at, Math.min(piece, file.size - at));
      if (part.length !== Math.min(piece, file.size - at)) this.stop('TRUNCATED', file.name);
      hash.update(part);
      sink?.(part);
      if (hold) held.push(part);
    }
    const padding = await this.source.read(offset + block + file.size, entryLength(file.size) - block - file.size);
    if (padding.length !== entryLength(file.size) - block - file.size) this.stop('TRUNCATED', file.name);
    if (hash.digest('hex') !== file.sha256) {
      this.found('CHANGED', file.name);
      return undefined;
    }
    if (padding.some((byte) => byte !== 0)) {
      this.found('CHANGED', file.name, 'padding');
      return undefined;
    }
    return hold ? Buffer.concat(held) : Buffer.alloc(0);
  }
}

/** The key the archive carries, and the one to trust. */
function trustedKey(check: Check, carried: Buffer, given: NoteVerifier | undefined): NoteVerifier {
  const text = carried.toString('utf8');
  const inside = noteVerifier(text.replace(/\n$/, ''));
  if (!inside || `${inside.vkey}\n` !== text) check.stop('MALFORMED', keyName);
  if (given && given.vkey !== inside.vkey) check.stop('WRONG_KEY', keyName, inside.vkey);
  return given ?? inside;
}

/** Checks the manifest against its signature, telling which of the two was changed. */
function signedManifest(check: Check, bytes: Buffer, note: string, key: NoteVerifier): Manifest {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const signed = openNote(key, note);
  // A note whose own signature fails was changed itself; with a sound note the manifest was.
  if (signed === undefined) check.stop('SIGNATURE', manifestNoteName);
  if (signed !== manifestNoteText(hash)) check.stop('CHANGED', manifestName);
  const manifest = parseManifest(bytes);
  if (!manifest) check.stop('MALFORMED', manifestName);
  return manifest;
}

/** Checks an archive. `key`: the register's public key as the reader trusts it; `quorum`: witnesses they trust. Never throws on what the file holds. */
export async function verifyArchive(source: ArchiveSource, key?: NoteVerifier, quorum: Quorum = { witnesses: [], need: 0 }): Promise<Report> {
  const check = new Check(source);
  const report: Report = { ok: false, key: null, keyGiven: key !== undefined, summary: null, findings: check.findings };
  try {
    const bytes = await check.leading(0, manifestName, maxManifest);
    let offset = entryLength(bytes.length);
    const note = await check.leading(offset, manifestNoteName, maxNote);
    offset += entryLength(note.length);
    const trusted = trustedKey(check, await check.leading(offset, keyName, maxNote), key);
    report.key = trusted.vkey;
    const manifest = signedManifest(check, bytes, note.toString('utf8'), trusted);
    const contents: Contents = { manifest, key: trusted, held: new Map(), digests: new Map(), quorum };
    for (const file of manifest.files) {
      const digest = file.name.startsWith('photos/') ? new PhotoDigest() : undefined;
      const content = await check.listed(offset, file, digest && ((part) => digest.update(part)));
      if (digest) contents.digests.set(file.name, digest.end());
      else if (content && !file.name.startsWith('documents/')) contents.held.set(file.name, content);
      offset += entryLength(file.size);
    }
    const end = await source.read(offset, endLength);
    if (end.length < endLength) check.stop('TRUNCATED', 'archive');
    if (end.some((byte) => byte !== 0)) check.found('CHANGED', 'archive', 'end');
    if (source.size > offset + endLength) check.found('TRAILING', 'archive', `${source.size - offset - endLength}`);
    if (check.findings.length === 0) report.summary = checkContents(contents, (code, name, detail) => check.found(code, name, detail));
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  report.ok = check.findings.length === 0;
  return report;
}

/** The photo digest (register/records.ts) of content that comes in pieces. */
class PhotoDigest {
  private state = Buffer.alloc(32);
  private rest = Buffer.alloc(0);
  private size = 0;

  update(part: Buffer): void {
    this.size += part.length;
    let data = this.rest.length === 0 ? part : Buffer.concat([this.rest, part]);
    for (; data.length >= 1024; data = data.subarray(1024)) this.step(data.subarray(0, 1024));
    this.rest = Buffer.from(data);
  }

  private step(chunk: Buffer): void {
    this.state = createHash('sha256').update(this.state).update(chunk).digest();
  }

  end(): string {
    if (this.rest.length > 0) this.step(this.rest);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(this.size);
    return createHash('sha256').update(this.state).update(size).digest('hex');
  }
}
