/** Reads a backup: whole and signed, or not at all. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Problem } from '../../common/errors';
import { block, endLength, entryLength, readHeader } from '../archive/tar';
import { DESK } from '../errors';
import { isOthers, noteVerifier, openNote, type NoteVerifier } from '../register/note';
import { manifestName, maxManifest, noteName, noteText, readManifest, type BackupManifest } from './format';

/** Bytes hashed at a time. */
const CHUNK = 1 << 20;

export interface Backup {
  manifest: BackupManifest;
  /** Content of the file of that number in the manifest; checked again as it is read. */
  content(index: number): Buffer;
  close(): void;
}

const damaged = (what: string): Problem => new Problem(DESK.BACKUP_DAMAGED, what);

interface Entry {
  name: string;
  size: number;
  at: number;
  sha256: string;
}

/** Opens a backup of the register with this key and checks every byte of it. Throws BACKUP_DAMAGED, BACKUP_KEY for one of another register. */
export function openBackup(path: string, registerKey: string): Backup {
  const fd = openSync(path, 'r');
  try {
    const entries = entriesOf(fd);
    const [manifest, note] = entries.splice(-2);
    if (manifest?.name !== manifestName || note?.name !== noteName || manifest.size > maxManifest || note.size > 4096) throw damaged('it has no manifest');
    const verifier = noteVerifier(registerKey) as NoteVerifier;
    const signed = take(fd, note).toString('utf8');
    const text = openNote(verifier, signed);
    if (text === undefined && signed.startsWith(noteText(manifest.sha256)) && isOthers(verifier, signed)) throw new Problem(DESK.BACKUP_KEY, 'it is signed by another register');
    if (text !== noteText(manifest.sha256)) throw damaged('its manifest is not signed by this register');
    const read = readManifest(take(fd, manifest));
    if (!read) throw damaged(manifestName);
    if (read.files.length !== entries.length) throw damaged(`${entries.length} files of ${read.files.length}`);
    for (const [i, file] of read.files.entries()) {
      const entry = entries[i] as Entry;
      if (file.name !== entry.name || file.size !== entry.size || file.sha256 !== entry.sha256) throw damaged(file.name);
    }
    return {
      manifest: read,
      content: (index) => {
        const entry = entries[index];
        if (!entry) throw new RangeError('no such file');
        const content = take(fd, entry);
        if (createHash('sha256').update(content).digest('hex') !== entry.sha256) throw damaged(entry.name); // it changed meanwhile
        return content;
      },
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function take(fd: number, entry: Pick<Entry, 'at' | 'size'>): Buffer {
  const content = Buffer.alloc(entry.size);
  if (readSync(fd, content, 0, entry.size, entry.at) !== entry.size) throw damaged('it is cut short');
  return content;
}

/** All files of the tar with their hashes. */
function entriesOf(fd: number): Entry[] {
  const { size: length } = fstatSync(fd);
  const entries: Entry[] = [];
  const head = Buffer.alloc(block);
  const chunk = Buffer.alloc(CHUNK);
  let at = 0;
  for (; at + endLength < length; ) {
    if (readSync(fd, head, 0, block, at) !== block) throw damaged('it is cut short');
    const found = readHeader(head);
    if (!found || at + entryLength(found.size) + endLength > length) throw damaged(`at byte ${at}`);
    const hash = createHash('sha256');
    for (let done = 0; done < found.size; ) {
      const got = readSync(fd, chunk, 0, Math.min(CHUNK, found.size - done), at + block + done);
      if (got === 0) throw damaged('it is cut short');
      hash.update(chunk.subarray(0, got));
      done += got;
    }
    zeros(fd, at + block + found.size, at + entryLength(found.size));
    entries.push({ ...found, at: at + block, sha256: hash.digest('hex') });
    at += entryLength(found.size);
  }
  if (at + endLength !== length) throw damaged('it is cut short');
  zeros(fd, at, length);
  return entries;
}

/** Nothing may stand where nothing belongs. */
function zeros(fd: number, from: number, to: number): void {
  const bytes = Buffer.alloc(to - from, 1);
  if (readSync(fd, bytes, 0, bytes.length, from) !== bytes.length || bytes.some((byte) => byte !== 0)) throw damaged(`at byte ${from}`);
}
