/** Makes an archive of the whole register: everything a stranger needs to check it, in one canonical tar. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pack } from 'tar-stream';
import { Problem } from '../../common/errors';
import { encodeSequence } from '../cbor';
import type { Authority } from '../authority/authority';
import type { Blobs } from '../documents/blobs';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History } from '../history';
import type { Copy } from '../print/copies';
import { cosignatureLines, lastCosigned } from '../register/cosignatures';
import { makeCheckpoint } from '../register/register';
import {
  checkpointName, documentName, encodeManifest, grantName, keyName, leavesName, manifestName, manifestNoteName, manifestNoteText, photoName, recordName, witnessedName,
  type Manifest,
} from './manifest';

export interface ArchiveSources {
  history: History;
  authority: Authority;
  documents: Blobs;
  photos: Blobs;
  /** Printed copies of a year (print/copies.ts). */
  copies?: readonly Copy[] | undefined;
}

interface Planned {
  name: string;
  size: number;
  sha256: string;
  content: () => Buffer | undefined | Promise<Buffer | undefined>;
}

/** Everything that goes in, as of one instant, with its checkpoint. */
export interface ArchivePlan {
  manifest: Manifest;
  files: Planned[];
}

function fixed(name: string, content: Buffer): Planned {
  return { name, size: content.length, sha256: sha256(content).toString('hex'), content: () => content };
}

/** Decides what goes in. Holds the leaves and statements in memory, not the photos and documents. */
export async function planArchive(sources: ArchiveSources): Promise<ArchivePlan> {
  const { history, authority } = sources;
  return history.commit(async (trx) => {
    const at = history.seconds();
    const { size, note } = await makeCheckpoint(trx, authority, at);
    const files: Planned[] = [fixed(checkpointName, Buffer.from(`${note}${await cosignatureLines(trx, size)}`, 'utf8'))];
    for (const one of await lastCosigned(trx, size)) files.push(fixed(witnessedName(one.size), Buffer.from(one.note, 'utf8')));
    const entries = await trx.selectFrom('entry').select('body').where('number', '<', size).orderBy('number').execute();
    files.push(fixed(leavesName, encodeSequence(entries.map((row) => Buffer.from(row.body, 'base64')))));
    for (const row of await trx.selectFrom('record').select(['device', 'seq', 'bytes']).execute()) {
      files.push(fixed(recordName(row.device, Number(row.seq)), Buffer.from(row.bytes, 'base64')));
    }
    for (const row of await trx.selectFrom('permit').select(['id', 'statement']).execute()) files.push(fixed(grantName(row.id), Buffer.from(row.statement, 'base64')));
    for (const row of await trx.selectFrom('document').select(['sha256', 'kind', 'size']).where('removed', 'is', null).execute()) {
      files.push({ name: documentName(row.sha256, row.kind), size: Number(row.size), sha256: row.sha256, content: () => sources.documents.get(row.sha256) });
    }
    const missing: Manifest['missing'] = [];
    const photos = new Map<string, Planned>();
    for (const row of await trx.selectFrom('photo').selectAll().orderBy('device').orderBy('seq').execute()) {
      const hash = row.sha256;
      if (hash === null) missing.push({ device: row.device, seq: Number(row.seq), digest: row.digest });
      else photos.set(row.digest, { name: photoName(row.digest), size: Number(row.size), sha256: hash, content: () => sources.photos.get(hash) });
    }
    files.push(...photos.values());
    for (const { name, size: bytes, sha256: digest, path } of sources.copies ?? []) files.push({ name, size: bytes, sha256: digest, content: () => readFile(path) });
    files.sort((a, b) => (a.name < b.name ? -1 : 1));
    files.unshift(fixed(keyName, Buffer.from(`${authority.registerKey}\n`, 'utf8')));
    const manifest: Manifest = {
      format: 'smartseal-archive-1', origin: authority.registerName, made: at, entries: size, missing,
      files: files.map((file) => ({ name: file.name, size: file.size, sha256: file.sha256 })),
    };
    return { manifest, files };
  });
}

/** Writes a planned archive. Throws ARCHIVE_INCOMPLETE when a document or photo is not in the store as it was. */
export async function writeArchive(plan: ArchivePlan, authority: Pick<Authority, 'signNote'>, out: Writable): Promise<void> {
  const bytes = encodeManifest(plan.manifest);
  const note = Buffer.from(authority.signNote(manifestNoteText(sha256(bytes).toString('hex'))), 'utf8');
  const tar = pack();
  const done = new Promise<void>((resolve, reject) => {
    tar.on('error', reject);
    out.on('error', reject);
    out.on('finish', resolve);
  });
  done.catch(() => undefined); // told below
  tar.pipe(out);
  const add = async (name: string, content: Buffer): Promise<void> => {
    const entry = tar.entry({ name, size: content.length, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), type: 'file' });
    const finished = once(entry, 'finish');
    entry.end(content);
    await Promise.race([finished, done]);
  };
  try {
    await add(manifestName, bytes);
    await add(manifestNoteName, note);
    for (const file of plan.files) {
      const content = await file.content();
      if (!content || content.length !== file.size || sha256(content).toString('hex') !== file.sha256) throw new Problem(DESK.ARCHIVE_INCOMPLETE, file.name);
      await add(file.name, content);
    }
  } catch (error) {
    tar.destroy(error as Error);
    out.destroy();
    throw error;
  }
  tar.finalize();
  await done;
}
