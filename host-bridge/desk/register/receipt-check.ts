/** Checks a receipt by itself: signatures, proofs, and that its records, entries and statement say the same. Pure, and bounded. */
import * as v from 'valibot';
import { decodeCbor, type Cbor } from '../cbor';
import { sha256 } from '../hashes';
import { checkInclusion, leafHash } from './merkle';
import { cosignaturesOf, noteVerifier, openCosigned, openNote, parseCheckpoint, type Cosigned, type NoteVerifier } from './note';
import { STATEMENT_HEAD } from './receipt';
import { bytesAt, countAt, parseRecord, RecordKind, type EvidenceRecord } from './records';
import { results, type UseResult } from './uses';

/** Largest receipt in bytes of text. */
export const RECEIPT_MAX = 1 << 18;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const Form = v.strictObject({
  format: v.literal('smartseal-receipt'), version: v.literal(1), key: text(300), checkpoint: text(8000), statement: text(4000),
  entries: v.pipe(v.array(v.strictObject({ number: v.pipe(v.number(), v.integer(), v.minValue(0)), body: text(8000), path: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), v.maxLength(64)) })), v.maxLength(8)),
  records: v.pipe(v.array(text(800)), v.maxLength(6)),
});
const Said = v.strictObject({
  device: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)), intent: v.pipe(v.number(), v.integer(), v.minValue(0)),
  seal: v.strictObject({ name: text(400), kind: text(40), die: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)) }),
});

export type ReceiptFault = 'MALFORMED' | 'WRONG_KEY' | 'SIGNATURE' | 'ROOT' | 'DISAGREES' | 'MISSING' | 'OTHER_DOCUMENT' | 'COSIGNATURE';

/** Witnesses that the reader trusts, and how many of them must have cosigned. */
export interface Quorum {
  witnesses: readonly NoteVerifier[];
  need: number;
}

/** What a sound receipt proves. */
export interface ReceiptFacts {
  register: string;
  device: string;
  /** Sequence number of the intent. */
  intent: number;
  seal: { name: string; kind: string; die: string };
  /** The device's time of the intent, Unix seconds; null: it had none. */
  time: number | null;
  result: UseResult;
  permit: string;
  /** SHA-256 of the approved document; null where a code opened the use. */
  document: string | null;
  before: string | null;
  after: string | null;
  /** Entries of the register at that checkpoint. */
  size: number;
  /** Witnesses, of those the reader trusts, who cosigned it. */
  cosignatures: Cosigned[];
}

export type Checked = { ok: true; facts: ReceiptFacts } | { ok: false; fault: ReceiptFault; detail: string };

class Wrong extends Error {
  constructor(readonly fault: ReceiptFault, readonly detail: string) {
    super(detail);
  }
}

/** @param expected the key that the reader trusts; the receipt's own where not given, which proves only that it is of one piece */
export function checkReceipt(content: string, expected?: NoteVerifier, document?: Buffer, quorum: Quorum = { witnesses: [], need: 0 }): Checked {
  try {
    return { ok: true, facts: check(content, expected, document, quorum) };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, fault: error.fault, detail: error.detail };
    throw error;
  }
}

function check(content: string, expected: NoteVerifier | undefined, document: Buffer | undefined, quorum: Quorum): ReceiptFacts {
  let parsed: unknown;
  try {
    parsed = content.length > RECEIPT_MAX ? undefined : JSON.parse(content);
  } catch {
    parsed = undefined;
  }
  const form = v.safeParse(Form, parsed);
  if (!form.success) throw new Wrong('MALFORMED', 'receipt');
  const receipt = form.output;
  const own = noteVerifier(receipt.key);
  if (own === undefined) throw new Wrong('MALFORMED', 'key');
  if (expected !== undefined && expected.vkey !== own.vkey) throw new Wrong('WRONG_KEY', own.name);
  const noted = openCosigned(own, receipt.checkpoint);
  const checkpoint = noted === undefined ? undefined : parseCheckpoint(noted.text);
  if (noted === undefined || checkpoint === undefined || checkpoint.origin !== own.name) throw new Wrong('SIGNATURE', 'checkpoint');
  const { by: cosignatures, missing } = cosignaturesOf(quorum.witnesses, noted);
  if (cosignatures.length < quorum.need) throw new Wrong('COSIGNATURE', missing.join(', '));
  const entries = receipt.entries.map(({ number, body, path }) => {
    const bytes = Buffer.from(body, 'base64');
    if (!checkInclusion(leafHash(bytes), number, checkpoint.size, path.map((hash) => Buffer.from(hash, 'hex')), checkpoint.root)) throw new Wrong('ROOT', `entry ${number}`);
    return entryOf(bytes, number);
  });
  const said = statementOf(openNote(own, receipt.statement));
  const records = receipt.records.map((base64) => recordOf(Buffer.from(base64, 'base64'), said.device, entries));
  const one = (kind: number, fits: (record: EvidenceRecord) => boolean): EvidenceRecord | undefined => records.find((record) => record.kind === kind && fits(record));
  const intent = one(RecordKind.intent, ({ seq }) => seq === said.intent);
  if (intent === undefined) throw new Wrong('MISSING', 'intent');
  const permit = bytesAt(intent, 1) ?? '';
  const use = countAt(intent, 2);
  const die = bytesAt(intent, 5);
  if (die !== undefined && die !== said.seal.die) throw new Wrong('DISAGREES', 'die');
  const outcome = one(RecordKind.outcome, (record) => countAt(record, 5) === said.intent && bytesAt(record, 1) === permit);
  const after = one(RecordKind.photo, (record) => bytesAt(record, 1) === permit && countAt(record, 2) === 1 && countAt(record, 5) === use);
  const granted = entries.find(({ kind, data }) => kind === 'permit' && hexAt(data, 'permit') === permit && hexAt(data, 'device') === said.device);
  const approved = granted === undefined ? null : (hexAt(granted.data, 'document') ?? null);
  if (document !== undefined && sha256(document).toString('hex') !== approved) throw new Wrong('OTHER_DOCUMENT', approved ?? '');
  return {
    register: own.name, device: said.device, intent: said.intent, seal: said.seal, time: intent.time, result: results[outcome === undefined ? 0 : (countAt(outcome, 3) ?? 3)] ?? 'unknown',
    permit, document: approved, before: bytesAt(intent, 4) ?? null, after: after === undefined ? null : (bytesAt(after, 3) ?? null), size: checkpoint.size, cosignatures,
  };
}

interface Entry {
  kind: string;
  data: Map<number | string, Cbor>;
}

/** An entry's array [1, number, time, kind, data]. */
function entryOf(bytes: Buffer, number: number): Entry {
  const item = decodeCbor(bytes);
  if (!Array.isArray(item) || item.length !== 5 || item[0] !== 1 || item[1] !== number || typeof item[3] !== 'string' || !(item[4] instanceof Map)) throw new Wrong('MALFORMED', `entry ${number}`);
  return { kind: item[3], data: item[4] };
}

const hexAt = (data: Entry['data'], name: string): string | undefined => {
  const value = data.get(name);
  return Buffer.isBuffer(value) ? value.toString('hex') : undefined;
};

/** A record that an entry of the register holds as verified. Its own MAC is for who has the device's key. */
function recordOf(bytes: Buffer, device: string, entries: readonly Entry[]): EvidenceRecord {
  const record = parseRecord(bytes);
  if (record === undefined) throw new Wrong('MALFORMED', 'record');
  const digest = sha256(bytes).toString('hex');
  const held = entries.some(({ kind, data }) => kind === 'record' && hexAt(data, 'sha256') === digest && data.get('seq') === record.seq && hexAt(data, 'device') === record.device && data.get('verified') === true);
  if (!held || record.device !== device) throw new Wrong('DISAGREES', `record ${record.seq}`);
  return record;
}

function statementOf(noted: string | undefined): v.InferOutput<typeof Said> {
  if (noted === undefined) throw new Wrong('SIGNATURE', 'statement');
  const [head, line, ...rest] = noted.split('\n');
  let parsed: unknown;
  try {
    parsed = head === STATEMENT_HEAD && rest.join('') === '' ? JSON.parse(line ?? '') : undefined;
  } catch {
    parsed = undefined;
  }
  const form = v.safeParse(Said, parsed);
  if (!form.success) throw new Wrong('MALFORMED', 'statement');
  return form.output;
}
