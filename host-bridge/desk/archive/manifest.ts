/** The archive's table of contents. It is signed, so everything behind it can be told by name, size and hash beforehand. */
import * as v from 'valibot';
import { hexadecimal, Text, whole, type Checked } from '../../common/config';
import { isEntryName, maxSize } from './tar';

/** Files at the beginning, in this order; all others follow in the order of their names (bytewise). */
export const manifestName = 'manifest.json';
export const manifestNoteName = 'manifest.note';
export const keyName = 'key.pub';
export const checkpointName = 'checkpoint';
/** Checkpoints before the archive's own, of which one is what a witness has cosigned last. */
export const witnessedName = (size: number): string => `witnessed/${String(size).padStart(15, '0')}`;
export const witnessedFile = /^witnessed\/\d{15}$/;
export const leavesName = 'register/leaves';

/** Printed copies, of a year. */
export const copyFile = /^copies\/\d{4}\/(uses|sheets)-\d{4}\.pdf$/;

const count = whole(0, Number.MAX_SAFE_INTEGER);

const ManifestSchema = v.strictObject({
  format: v.literal('smartseal-archive-1'),
  origin: v.pipe(Text, v.maxLength(100)),
  /** Unix seconds. */
  made: count,
  /** Entries of the register. */
  entries: count,
  /** Photos that records name and the register did not have when the archive was made. */
  missing: v.array(v.strictObject({ device: hexadecimal(16), seq: count, digest: hexadecimal(64) })),
  files: v.array(v.strictObject({ name: v.pipe(v.string(), v.maxLength(100)), size: whole(0, maxSize), sha256: hexadecimal(64) })),
});

export type Manifest = Checked<typeof ManifestSchema>;

/** Longest manifest that is read, in bytes: about four hundred thousand files, some 40,000 uses with their evidence. */
export const maxManifest = 64 << 20;
/** Longest leaves file, in bytes. */
export const maxLeaves = 256 << 20;

export function encodeManifest(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`, 'utf8');
}

/** Reads a manifest; undefined when its form, a name, or the order of names is not as it must be. */
export function parseManifest(bytes: Buffer): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  const checked = v.safeParse(ManifestSchema, value, { abortEarly: true });
  if (!checked.success) return undefined;
  const { files } = checked.output;
  if (files[0]?.name !== keyName) return undefined;
  for (let i = 0; i < files.length; i++) {
    const name = files[i]?.name ?? '';
    if (!isEntryName(name) || name === manifestName || name === manifestNoteName) return undefined;
    if (i > 1 && !((files[i - 1]?.name ?? '') < name)) return undefined;
    if (i > 0 && name === keyName) return undefined;
  }
  return checked.output;
}

/** What is signed beside the manifest, as a C2SP note. */
export function manifestNoteText(sha256: string): string {
  return `smartseal archive\n${sha256}\n`;
}

export function recordName(device: string, seq: number): string {
  return `records/${device}/${String(seq).padStart(10, '0')}.cbor`;
}

export function photoName(digest: string): string {
  return `photos/${digest}.jpg`;
}

/** A photo of a sheet of a cross-page stroke, by its SHA-256. */
export function sheetName(sha256: string, type: string): string {
  return `sheets/${sha256}.${type === 'jpeg' ? 'jpg' : type}`;
}
export const sheetFile = /^sheets\/([0-9a-f]{64})\.(jpg|png|webp)$/;

export function grantName(permit: string): string {
  return `grants/${permit}.cbor`;
}

export function documentName(sha256: string, kind: string): string {
  return `documents/${sha256}.${kind === 'jpeg' ? 'jpg' : kind}`;
}
