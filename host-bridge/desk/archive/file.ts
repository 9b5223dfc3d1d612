/** Archives as files. */
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { moveDurably } from '../../common/files';
import type { NoteVerifier } from '../register/note';
import type { Report } from './report';
import { verifyArchive } from './verify';
import { planArchive, writeArchive, type ArchiveSources } from './write';

/** Writes an archive; under its name it stands only when it is whole. Returns its size in bytes. */
export async function writeArchiveFile(sources: ArchiveSources, path: string): Promise<number> {
  const temporary = `${path}.new`;
  try {
    const plan = await planArchive(sources);
    await writeArchive(plan, sources.authority, createWriteStream(temporary, { mode: 0o600 }));
    const handle = await open(temporary, 'r+');
    try {
      await handle.sync();
      moveDurably(temporary, path);
      return (await handle.stat()).size;
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Checks an archive file (see verifyArchive). Throws only what the file system throws. */
export async function verifyArchiveFile(path: string, key?: NoteVerifier): Promise<Report> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    return await verifyArchive(
      {
        size,
        async read(offset, length) {
          const buffer = Buffer.alloc(length);
          let at = 0;
          while (at < length) {
            const { bytesRead } = await handle.read(buffer, at, length - at, offset + at);
            if (bytesRead === 0) break;
            at += bytesRead;
          }
          return buffer.subarray(0, at);
        },
      },
      key,
    );
  } finally {
    await handle.close();
  }
}
