/**
 * Signed notes and checkpoints as the C2SP specifications "signed-note" and "tlog-checkpoint" define them, with
 * Ed25519 (RFC 8032; algorithm byte 0x01): text, empty line, then `— <name> base64(key hash 4 | signature 64)`.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** DER heads of an Ed25519 private and public key (RFC 8410 §7, §4): what follows is the 32 raw bytes. */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');
/** Algorithm bytes: a signature of a note, and a cosignature of a checkpoint (C2SP tlog-cosignature). */
const algorithm = 1;
const cosigning = 4;

/** A key that may sign notes. Name: no spaces, no plus sign (signed-note, "Format"). */
export interface NoteSigner {
  name: string;
  key: KeyObject;
  /** The verifier key in its text form, `name+hash+base64`. */
  vkey: string;
}

export interface NoteVerifier {
  name: string;
  hash: Buffer;
  key: KeyObject;
  vkey: string;
}

function keyHash(name: string, raw: Buffer, kind = algorithm): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(kind)).update(raw).digest().subarray(0, 4);
}

const validName = /^[^\s+\p{C}]{1,100}$/u;

/** True for a name that a note's key may have: no blanks, plus signs or control characters, 1 to 100 UTF-16 units. */
export function isNoteName(name: string): boolean {
  return validName.test(name) && name.length <= 100;
}

/** Signer from a 32-byte seed (RFC 8032 §5.1.5). */
export function noteSigner(name: string, seed: Buffer): NoteSigner {
  if (!isNoteName(name) || seed.length !== 32) throw new TypeError('a note key needs a name without spaces or plus signs and a seed of 32 bytes');
  const key = createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' });
  const raw = Buffer.from(createPublicKey(key).export({ format: 'der', type: 'spki' })).subarray(publicHead.length);
  const vkey = `${name}+${keyHash(name, raw).toString('hex')}+${Buffer.concat([Buffer.of(algorithm), raw]).toString('base64')}`;
  return { name, key, vkey };
}

/** Reads a verifier key; undefined when malformed or its hash does not fit. */
export function noteVerifier(vkey: string): NoteVerifier | undefined {
  return verifierOf(vkey, algorithm);
}

/** Reads the key of a witness (C2SP tlog-cosignature, type 0x04); undefined for any other. */
export function cosignerVerifier(vkey: string): NoteVerifier | undefined {
  return verifierOf(vkey, cosigning);
}

function verifierOf(vkey: string, kind: number): NoteVerifier | undefined {
  const match = /^([^\s+]{1,100})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{43,44}={0,2})$/.exec(vkey);
  if (!match) return undefined;
  const [, name, hash, text] = match as unknown as [string, string, string, string];
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 33 || bytes[0] !== kind || bytes.toString('base64') !== text) return undefined;
  const raw = bytes.subarray(1);
  if (!keyHash(name, raw, kind).equals(Buffer.from(hash, 'hex'))) return undefined;
  const key = createPublicKey({ key: Buffer.concat([publicHead, raw]), format: 'der', type: 'spki' });
  return { name, hash: Buffer.from(hash, 'hex'), key, vkey };
}

/** The note for a text (which must end in a newline). */
export function signNote(signer: NoteSigner, text: string): string {
  if (!text.endsWith('\n')) throw new TypeError('a note ends in a newline');
  const signature = sign(null, Buffer.from(text, 'utf8'), signer.key);
  const hash = (noteVerifier(signer.vkey) as NoteVerifier).hash;
  return `${text}\n— ${signer.name} ${Buffer.concat([hash, signature]).toString('base64')}\n`;
}

/**
 * The text of a note that carries exactly one signature line, by this key, in canonical base64; undefined otherwise.
 * For what witnesses may have cosigned see openCosigned.
 */
export function openNote(verifier: NoteVerifier, note: string): string | undefined {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || note.length > 1 << 20) return undefined;
  const text = note.slice(0, at + 1);
  const match = /^— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/.exec(note.slice(at + 2));
  if (!match || match[1] !== verifier.name) return undefined;
  const bytes = Buffer.from(match[2] as string, 'base64');
  if (bytes.length !== 68 || bytes.toString('base64') !== match[2] || !bytes.subarray(0, 4).equals(verifier.hash)) return undefined;
  return verify(null, Buffer.from(text, 'utf8'), verifier.key, bytes.subarray(4)) ? text : undefined;
}

/** Whether a note is whole in form, with one signature line, and that line names another key than this one. */
export function isOthers(verifier: NoteVerifier, note: string): boolean {
  const match = /\n\n— (\S+) ([A-Za-z0-9+/]{91}=)\n$/.exec(note);
  return match !== null && (match[1] !== verifier.name || !Buffer.from(match[2] as string, 'base64').subarray(0, 4).equals(verifier.hash));
}

/** Signature lines of a note that are read at most: the register's and those of its witnesses. */
export const mostLines = 17;

/**
 * The text of a note whose first signature line is by this key and verifies, and its further lines, which may be of anybody; undefined
 * otherwise. Lines of unknown keys are kept and prove nothing (C2SP signed-note).
 */
export function openCosigned(verifier: NoteVerifier, note: string): { text: string; lines: string[] } | undefined {
  const at = note.lastIndexOf('\n\n');
  const [first, ...lines] = at < 0 || note.length > 1 << 20 ? [] : note.slice(at + 2).split('\n').slice(0, -1);
  if (first === undefined || !note.endsWith('\n') || lines.length >= mostLines || !lines.every((line) => signatureLine.test(line))) return undefined;
  const text = openNote(verifier, `${note.slice(0, at + 2)}${first}\n`);
  return text === undefined ? undefined : { text, lines };
}

const signatureLine = /^— [^\s+]{1,100} [A-Za-z0-9+/]{8,400}={0,2}$/u;

/** When a witness cosigned a checkpoint of this text (Unix seconds), by one of its note's lines; undefined where the line is not this witness's, or wrong. */
export function cosignedAt(witness: NoteVerifier, text: string, line: string): number | undefined {
  const match = /^— (\S+) ([A-Za-z0-9+/]{102}==)$/.exec(line);
  if (!match || match[1] !== witness.name) return undefined;
  const bytes = Buffer.from(match[2] as string, 'base64');
  if (bytes.length !== 76 || bytes.toString('base64') !== match[2] || !bytes.subarray(0, 4).equals(witness.hash)) return undefined;
  const time = bytes.readBigUInt64BE(4);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return verify(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`, 'utf8'), witness.key, bytes.subarray(12)) ? Number(time) : undefined;
}

/** A cosignature that a reader trusts. */
export interface Cosigned {
  name: string;
  /** Unix seconds, by the witness's clock. */
  time: number;
}

/** Which of these witnesses have cosigned, and which have not. */
export function cosignaturesOf(witnesses: readonly NoteVerifier[], { text, lines }: { text: string; lines: readonly string[] }): { by: Cosigned[]; missing: string[] } {
  const by: Cosigned[] = [];
  const missing: string[] = [];
  for (const witness of witnesses) {
    const time = lines.map((line) => cosignedAt(witness, text, line)).find((at) => at !== undefined);
    if (time === undefined) missing.push(witness.name);
    else by.push({ name: witness.name, time });
  }
  return { by, missing };
}

/** What a checkpoint states: the tree of `size` leaves of the log named `origin` has this root. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

/** The text of a checkpoint (tlog-checkpoint): origin, size, root in base64, a line each. */
export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
}

/** Reads the text of a checkpoint without extension lines. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const match = /^([^\n]{1,200})\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  if (!match) return undefined;
  const root = Buffer.from(match[3] as string, 'base64');
  return root.length === 32 && root.toString('base64') === match[3] ? { origin: match[1] as string, size: Number(match[2]), root } : undefined;
}
