/**
 * The one form of tar an archive has: ustar (POSIX.1-1988, IEEE Std 1003.1 pax "ustar interchange format"), regular files
 * only, mode 0644, owner 0, time 0, names of at most 100 ASCII bytes, two zero blocks at the end and nothing behind them.
 * Every header follows from name and size, so a reader compares instead of parsing.
 */

export const block = 512;
/** Largest file that a header can tell the size of, bytes. */
export const maxSize = 8 ** 11 - 1;

const validName = /^[a-z0-9][a-z0-9./-]{0,99}$/;

export function isEntryName(name: string): boolean {
  return validName.test(name) && !name.includes('..');
}

/** The 512 bytes of the header of a file. Throws on a name or size outside the format. */
export function tarHeader(name: string, size: number): Buffer {
  if (!isEntryName(name) || !(size >= 0 && size < 8 ** 11)) throw new TypeError('not an entry of an archive');
  const header = Buffer.alloc(block);
  header.write(name, 0, 'latin1');
  header.write('000644 \0', 100, 'latin1');
  header.write('000000 \0', 108, 'latin1');
  header.write('000000 \0', 116, 'latin1');
  header.write(`${size.toString(8).padStart(11, '0')} `, 124, 'latin1');
  header.write('00000000000 ', 136, 'latin1');
  header.fill(' ', 148, 156);
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write('000000 \0', 329, 'latin1');
  header.write('000000 \0', 337, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')} \0`, 148, 'latin1');
  return header;
}

/** Bytes a file takes in the archive: header, content, zeros up to the next block. */
export function entryLength(size: number): number {
  return block + Math.ceil(size / block) * block;
}

/** The two zero blocks at the end. */
export const endLength = 2 * block;

/** Name and size in a header, if it is the canonical header of that name and size. */
export function readHeader(header: Buffer): { name: string; size: number } | undefined {
  const end = header.indexOf(0);
  const name = header.subarray(0, end < 0 || end > 100 ? 100 : end).toString('latin1');
  const digits = header.subarray(124, 135).toString('latin1');
  if (!isEntryName(name) || !/^[0-7]{11}$/.test(digits)) return undefined;
  const size = Number.parseInt(digits, 8);
  return tarHeader(name, size).equals(header) ? { name, size } : undefined;
}
