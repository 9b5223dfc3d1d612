/** The archive's table of contents. It is signed, so everything behind it can be told by name, size and hash beforehand. */
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { isEntryName } from './tar';

/** Files at the beginning, in this order; all others follow in the order of their names (bytewise). */
export const manifestName = 'manifest.json';
export const manifestNoteName = 'manifest.note';
export const keyName = 'key.pub';
export const checkpointName = 'checkpoint';
export const leavesName = 'register/leaves';

const hex = (digits: number) => Type.String({ pattern: `^[0-9a-f]{${digits}}$` });

export const ManifestSchema = Type.Object(
  {
    format: Type.Literal('smartseal-archive-1'),
    origin: Type.String({ minLength: 1, maxLength: 100 }),
    /** Unix seconds. */
    made: Type.Integer({ minimum: 0 }),
    /** Entries of the register. */
    entries: Type.Integer({ minimum: 0 }),
    /** Photos that records name and the register did not have when the archive was made. */
    missing: Type.Array(Type.Object({ device: hex(16), seq: Type.Integer({ minimum: 0 }), digest: hex(64) }, { additionalProperties: false })),
    files: Type.Array(
      Type.Object({ name: Type.String({ maxLength: 100 }), size: Type.Integer({ minimum: 0 }), sha256: hex(64) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);

export type Manifest = Static<typeof ManifestSchema>;

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
  if (!Value.Check(ManifestSchema, value)) return undefined;
  const { files } = value;
  if (files[0]?.name !== keyName) return undefined;
  for (let i = 0; i < files.length; i++) {
    const name = files[i]?.name ?? '';
    if (!isEntryName(name) || name === manifestName || name === manifestNoteName) return undefined;
    if (i > 1 && !((files[i - 1]?.name ?? '') < name)) return undefined;
    if (i > 0 && name === keyName) return undefined;
  }
  return value;
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

export function grantName(permit: string): string {
  return `grants/${permit}.cbor`;
}

export function documentName(sha256: string, kind: string): string {
  return `documents/${sha256}.${kind === 'jpeg' ? 'jpg' : kind}`;
}
