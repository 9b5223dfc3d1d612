/** Archives as files, for those who check them: nothing here needs the desk or its database. */
import { open } from 'node:fs/promises';
import type { NoteVerifier } from '../register/note';
import type { Quorum } from '../register/receipt-check';
import type { Report } from './report';
import { verifyArchive } from './verify';

/** Checks an archive file (see verifyArchive). Throws only what the file system throws. */
export async function verifyArchiveFile(path: string, key?: NoteVerifier, quorum?: Quorum): Promise<Report> {
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
      key, quorum,
    );
  } finally {
    await handle.close();
  }
}
