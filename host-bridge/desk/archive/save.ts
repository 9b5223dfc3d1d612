/** Archives as files, as the desk writes them. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { moveDurably } from '../../common/files';
import { planArchive, writeArchive, type ArchiveSources } from './write';

/** Writes an archive; under its name it stands only when it is whole. Returns its size in bytes. */
export async function writeArchiveFile(sources: ArchiveSources, path: string): Promise<number> {
  const temporary = `${path}.new`;
  try {
    const plan = await planArchive(sources);
    const file = createWriteStream(temporary, { mode: 0o600 });
    await once(file, 'open'); // what fails at once must not be followed by a file that is made after all
    await writeArchive(plan, sources.authority, file);
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
