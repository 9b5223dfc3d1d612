/**
 * Office files (Word, Excel in their zip form) become PDF by LibreOffice, in a process group and a folder of their own, with
 * bounds of time, CPU, memory and file size. Before that the container is looked at: no bomb, no macros, nothing fetched
 * from elsewhere.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { Problem } from '../../common/errors';
import { DESK } from '../errors';

export type OfficeKind = 'docx' | 'xlsx';

export const officeLimits = {
  /** Entries of the container, and what they come to unpacked, bytes. */
  entries: 2000,
  unpacked: 200 << 20,
  /** Of one list of relations, bytes. */
  relations: 1 << 20,
  /** Seconds in all, and CPU seconds. */
  seconds: 60,
  cpu: 45,
  /** Address space of the converter, and the largest file it writes, KiB. */
  memory: 4 << 20,
  file: 64 << 10,
} as const;

interface Entry {
  name: string;
  method: number;
  packed: number;
  unpacked: number;
  /** Of its local header. */
  at: number;
}

/** The central directory of a zip (APPNOTE 6.3.10, 4.3.12 and 4.3.16); undefined: this is none, or not one that Office writes. */
function directory(data: Buffer): Entry[] | undefined {
  const end = data.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (data.readUInt32BE(0) !== 0x504b0304 || end < 0 || end + 22 > data.length) return undefined;
  const count = data.readUInt16LE(end + 10);
  let at = data.readUInt32LE(end + 16);
  const out: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > data.length || data.readUInt32BE(at) !== 0x504b0102) return undefined;
    const [name, extra, comment] = [28, 30, 32].map((offset) => data.readUInt16LE(at + offset)) as [number, number, number];
    out.push({
      name: data.toString('utf8', at + 46, at + 46 + name), method: data.readUInt16LE(at + 10), packed: data.readUInt32LE(at + 20),
      unpacked: data.readUInt32LE(at + 24), at: data.readUInt32LE(at + 42),
    });
    at += 46 + name + extra + comment;
  }
  return out;
}

/** What kind of Office file this is; undefined: none that is taken. */
export function officeKind(data: Buffer): OfficeKind | undefined {
  if (data.length < 64) return undefined;
  const names = new Set(directory(data)?.map(({ name }) => name));
  if (!names.has('[Content_Types].xml')) return undefined;
  return names.has('word/document.xml') ? 'docx' : names.has('xl/workbook.xml') ? 'xlsx' : undefined;
}

/** The content of a small entry. @throws DOCUMENT_CORRUPT */
function content(data: Buffer, { at, method, packed }: Entry, most: number): string {
  if (at + 30 > data.length) throw new Problem(DESK.DOCUMENT_CORRUPT);
  const from = at + 30 + data.readUInt16LE(at + 26) + data.readUInt16LE(at + 28);
  const raw = data.subarray(from, from + packed);
  try {
    return (method === 0 ? raw.subarray(0, most) : inflateRawSync(raw, { maxOutputLength: most })).toString('utf8');
  } catch (error) {
    throw new Problem(DESK.DOCUMENT_CORRUPT, { cause: error });
  }
}

/** @throws DOCUMENT_TOO_LARGE for a bomb, DOCUMENT_ACTIVE for macros, embedded objects and what would be fetched from elsewhere */
function check(data: Buffer): void {
  const entries = directory(data) ?? [];
  const total = entries.reduce((sum, { unpacked }) => sum + unpacked, 0);
  if (entries.length > officeLimits.entries || total > officeLimits.unpacked) throw new Problem(DESK.DOCUMENT_TOO_LARGE, `${entries.length} entries, ${total} bytes`);
  for (const entry of entries) {
    if (/vbaProject|\/embeddings\/|activeX|externalLinks\//i.test(entry.name)) throw new Problem(DESK.DOCUMENT_ACTIVE, entry.name.slice(0, 80));
    if (!entry.name.endsWith('.rels')) continue;
    // A hyperlink only leads away for who clicks it; all else that is external is fetched when the file is opened.
    for (const [relation] of content(data, entry, officeLimits.relations).matchAll(/<Relationship\b[^>]*>/g))
      if (/TargetMode\s*=\s*["']External/i.test(relation) && !/relationships\/hyperlink["']/i.test(relation)) throw new Problem(DESK.DOCUMENT_ACTIVE, 'external');
  }
}

/** Bounds for the shell that starts the converter; `timeout` ends the whole group. */
const START = `ulimit -v ${officeLimits.memory}; ulimit -t ${officeLimits.cpu}; ulimit -f ${officeLimits.file}; command -v soffice >/dev/null 2>&1 || exit 127; exec timeout -k 2 ${officeLimits.seconds} soffice "$@"`;

/**
 * The document as PDF.
 * @param path where soffice is looked for; Debian: libreoffice-writer-nogui, libreoffice-calc-nogui
 * @throws DOCUMENT_NO_OFFICE without LibreOffice, DOCUMENT_TIMEOUT, DOCUMENT_CORRUPT, DOCUMENT_TOO_LARGE, DOCUMENT_ACTIVE
 */
export async function officeToPdf(data: Buffer, kind: OfficeKind, path = '/usr/local/bin:/usr/bin:/bin'): Promise<Buffer> {
  check(data);
  const folder = mkdtempSync(join(tmpdir(), 'smartseal-office-'));
  try {
    writeFileSync(join(folder, `page.${kind}`), data, { mode: 0o600 });
    const profile = pathToFileURL(join(folder, 'profile')).href;
    const code = await run(folder, path, [`-env:UserInstallation=${profile}`, '--headless', '--norestore', '--nologo', '--nolockcheck', '--nodefault', '--convert-to', 'pdf', '--outdir', folder, join(folder, `page.${kind}`)]);
    if (code === 127) throw new Problem(DESK.DOCUMENT_NO_OFFICE);
    if (code === 124 || code === 137) throw new Problem(DESK.DOCUMENT_TIMEOUT);
    const made = join(folder, 'page.pdf');
    // It says 0 also where it could not read the file.
    if (code !== 0 || statSync(made, { throwIfNoEntry: false }) === undefined) throw new Problem(DESK.DOCUMENT_CORRUPT, kind);
    return readFileSync(made);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(home: string, path: string, args: readonly string[]): Promise<number> {
  const child = spawn('/bin/sh', ['-c', START, 'sh', ...args], { cwd: home, env: { PATH: path, HOME: home, LANG: 'C.UTF-8' }, stdio: 'ignore', timeout: (officeLimits.seconds + 10) * 1000, killSignal: 'SIGKILL' });
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code, signal) => resolve(code ?? (signal ? 137 : 1)));
  });
}
