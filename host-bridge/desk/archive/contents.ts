/** What the files of an archive say of each other: register, records, permits, documents, photos. */
import { decodeCbor, decodeSequence, type Cbor, type CborMap } from '../cbor';
import { permitView } from '../authority/grants';
import { sha256 } from '../hashes';
import { leafHash, rootOf } from '../register/merkle';
import { SignedActs } from '../register/signed-acts';
import { cosignaturesOf, openCosigned, parseCheckpoint, type NoteVerifier } from '../register/note';
import type { Quorum } from '../register/receipt-check';
import { bytesAt, countAt, parseRecord, RecordKind, recordHash, type EvidenceRecord } from '../register/records';
import { checkpointName, copyFile, grantName, leavesName, photoName, recordName, witnessedFile, witnessedName, type Manifest } from './manifest';
import type { ProblemCode, Summary } from './report';

export interface Contents {
  manifest: Manifest;
  key: NoteVerifier;
  /** Small files by name, their hash as the manifest has it. */
  held: Map<string, Buffer>;
  /** Digest of each photo file by name. */
  digests: Map<string, string>;
  quorum: Quorum;
}

type Found = (code: ProblemCode, name: string, detail?: string) => void;

interface Leaves {
  /** device/seq → hash of the record. */
  records: Map<string, string>;
  /** permit → hash of the grant, document. */
  permits: Map<string, { sha256: string; document: string }>;
  /** What a code may have opened → strokes. */
  codes: Map<string, number>;
  /** The most that was granted of a permit under way. */
  topUps: Map<string, number>;
  documents: Set<string>;
  /** Document → when it was removed under the rule, Unix seconds. */
  removed: Map<string, number>;
  /** Documents that a code was given for. */
  codeDocuments: Set<string>;
  photos: Set<string>;
  /** device → from → to, accepted by a person. */
  gaps: Map<string, number>;
  /** device/seq of records about permits that are not this desk's. */
  foreign: Set<string>;
  acceptedGaps: number;
  cosignatures: NonNullable<Summary['cosignatures']>;
  /** What was found in photos after strokes. */
  impressions: { entry: number; photo: string; verdict: string }[];
  /** Electronic signatures. */
  signatures: number;
}

function hexAt(data: CborMap, key: string): string {
  const value = data.get(key);
  return Buffer.isBuffer(value) ? value.toString('hex') : '';
}

function numberAt(data: CborMap, key: string): number {
  const value = data.get(key);
  return typeof value === 'number' ? value : -1;
}

/** Checks the register's entries against its signed checkpoint and sorts them by what they speak of. */
function readLeaves(contents: Contents, found: Found): Leaves {
  const { manifest, key, held } = contents;
  const leaves: Leaves = { records: new Map(), permits: new Map(), codes: new Map(), topUps: new Map(), documents: new Set(), removed: new Map(), codeDocuments: new Set(), photos: new Set(), gaps: new Map(), foreign: new Set(), acceptedGaps: 0, cosignatures: [], signatures: 0, impressions: [] };
  const note = held.get(checkpointName);
  const bytes = held.get(leavesName);
  if (!note) found('MISSING', checkpointName);
  if (!bytes) found('MISSING', leavesName);
  if (!note || !bytes) return leaves;
  const noted = openCosigned(key, note.toString('utf8'));
  const text = noted?.text;
  if (text === undefined) found('SIGNATURE', checkpointName);
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  const entries = decodeSequence(bytes);
  if (!entries) found('MALFORMED', leavesName);
  if (!checkpoint || !entries) {
    if (text !== undefined && !checkpoint) found('MALFORMED', checkpointName);
    return leaves;
  }
  if (checkpoint.origin !== key.name || manifest.origin !== key.name) found('DISAGREES', checkpointName, checkpoint.origin);
  if (checkpoint.size !== entries.length || manifest.entries !== entries.length) found('DISAGREES', leavesName, `${entries.length} / ${checkpoint.size}`);
  const hashes = entries.map(leafHash);
  if (!rootOf(hashes).equals(checkpoint.root)) found('ROOT', checkpointName);
  leaves.cosignatures = readWitnesses(contents, hashes, { ...noted!, size: checkpoint.size }, found);
  const acts = new SignedActs(key.name);
  for (const [index, entry] of entries.entries()) {
    const item = decodeCbor(entry);
    const [version, number, at, kind, data] = Array.isArray(item) && item.length === 5 ? item : ([] as Cbor[]);
    if (version !== 1 || number !== index || typeof kind !== 'string' || !(data instanceof Map)) found('MALFORMED', leavesName, `entry ${index}`);
    else if (kind === 'impression') leaves.impressions.push({ entry: index, photo: hexAt(data, 'photo'), verdict: String(data.get('verdict')) });
    else {
      sortLeaf(leaves, kind, Number(at), data);
      const fault = readAct(acts, kind, data);
      if (fault) found(fault, leavesName, `entry ${index}`);
    }
  }
  leaves.signatures = acts.count;
  return leaves;
}

function readAct(acts: SignedActs, kind: string, data: CborMap): ProblemCode | undefined {
  try {
    return acts.read(kind, data);
  } catch {
    return 'MALFORMED'; // not as any entry of its kind
  }
}

function sortLeaf(leaves: Leaves, kind: string, at: number, data: CborMap): void {
  const device = hexAt(data, 'device');
  if (kind === 'record') leaves.records.set(`${device}/${numberAt(data, 'seq')}`, hexAt(data, 'sha256'));
  else if (kind === 'permit') leaves.permits.set(hexAt(data, 'permit'), { sha256: hexAt(data, 'sha256'), document: hexAt(data, 'document') });
  else if (kind === 'code') {
    leaves.codes.set(hexAt(data, 'code'), numberAt(data, 'count'));
    leaves.codeDocuments.add(hexAt(data, 'document'));
  }
  else if (kind === 'top-up' && data.get('state') === 'approved') leaves.topUps.set(hexAt(data, 'permit'), Math.max(numberAt(data, 'count'), leaves.topUps.get(hexAt(data, 'permit')) ?? 0));
  else if (kind === 'document') {
    leaves.documents.add(hexAt(data, 'sha256'));
    leaves.removed.delete(hexAt(data, 'sha256')); // handed in once more
  } else if (kind === 'document-removed') leaves.removed.set(hexAt(data, 'sha256'), at);
  else if (kind === 'photo') leaves.photos.add(hexAt(data, 'digest'));
  else if (kind === 'case' && data.get('type') === 'foreign-permit') leaves.foreign.add(`${device}/${numberAt(data, 'seq')}`);
  else if (kind === 'gap') {
    leaves.gaps.set(`${device}/${numberAt(data, 'from')}`, numberAt(data, 'to'));
    leaves.acceptedGaps += Math.max(0, numberAt(data, 'to') - numberAt(data, 'from'));
  }
}

/** Which witnesses of the reader's cosigned what: the checkpoint itself, or what they had cosigned before it; of a witness the largest counts. */
function readWitnesses({ held, key, quorum }: Contents, hashes: readonly Buffer[], newest: { text: string; lines: string[]; size: number }, found: Found): NonNullable<Summary['cosignatures']> {
  const noted = [newest];
  for (const [name, bytes] of held) {
    if (!witnessedFile.test(name)) continue;
    const opened = openCosigned(key, bytes.toString('utf8'));
    const checkpoint = opened && parseCheckpoint(opened.text);
    if (!opened || !checkpoint) found('SIGNATURE', name);
    else if (checkpoint.origin !== key.name || checkpoint.size > hashes.length || witnessedName(checkpoint.size) !== name) found('DISAGREES', name, checkpoint.origin);
    else if (!rootOf(hashes.slice(0, checkpoint.size)).equals(checkpoint.root)) found('ROOT', name);
    else noted.push({ ...opened, size: checkpoint.size });
  }
  noted.sort((a, b) => b.size - a.size);
  const by = new Map<string, { name: string; time: number; size: number }>();
  for (const one of noted) for (const cosigned of cosignaturesOf(quorum.witnesses, one).by) if (!by.has(cosigned.name)) by.set(cosigned.name, { ...cosigned, size: one.size });
  if (by.size < quorum.need) found('COSIGNATURE', checkpointName, quorum.witnesses.map(({ name }) => name).filter((name) => !by.has(name)).join(', '));
  return [...by.values()];
}

/** Reads the records device by device and checks that each chain is whole. */
function readChains(contents: Contents, leaves: Leaves, found: Found): Map<string, EvidenceRecord[]> {
  const chains = new Map<string, EvidenceRecord[]>();
  for (const [name, bytes] of contents.held) {
    if (!name.startsWith('records/')) continue;
    const record = parseRecord(bytes);
    if (!record || recordName(record.device, record.seq) !== name) {
      found('MALFORMED', name);
      continue;
    }
    const told = leaves.records.get(`${record.device}/${record.seq}`);
    if (told === undefined) found('UNEXPECTED', name);
    else if (told !== recordHash(bytes).toString('hex')) found('DISAGREES', name);
    const chain = chains.get(record.device);
    if (chain) chain.push(record);
    else chains.set(record.device, [record]);
  }
  for (const key of leaves.records.keys()) {
    const [device, seq] = key.split('/') as [string, string];
    const name = recordName(device, Number(seq));
    if (!contents.held.has(name)) found('MISSING', name);
  }
  for (const [device, chain] of chains) checkChain(device, chain, leaves, found);
  return chains;
}

/** The manifest's order of names is the order of the sequence numbers. */
function checkChain(device: string, chain: readonly EvidenceRecord[], leaves: Leaves, found: Found): void {
  let next = 0;
  let prev: Buffer | undefined = Buffer.alloc(32);
  for (const record of chain) {
    const skipped = leaves.gaps.get(`${device}/${next}`);
    if (record.seq !== next && record.seq === skipped) prev = undefined;
    else if (record.seq !== next) found('CHAIN', recordName(device, record.seq), `${next}`);
    if (prev && record.seq === next && !record.prev.equals(prev)) found('CHAIN', recordName(device, record.seq));
    prev = recordHash(record.bytes);
    next = record.seq + 1;
  }
}

interface Tally {
  stamped: number;
  failed: number;
  unknown: number;
}

/** Everything behind the manifest's hashes. Returns what there is, for people. */
export function checkContents(contents: Contents, found: Found): Summary {
  const { manifest } = contents;
  const leaves = readLeaves(contents, found);
  const chains = readChains(contents, leaves, found);
  const names = new Set(manifest.files.map((file) => file.name));
  const copies = [...names].filter((name) => copyFile.test(name)).length;
  checkGrants(contents, leaves, names, found);
  const strokes: Tally = { stamped: 0, failed: 0, unknown: 0 };
  const photos = new Set<string>();
  for (const chain of chains.values()) checkUses(contents, chain, leaves, photos, strokes, found);
  for (const { entry, photo } of leaves.impressions) if (!photos.has(photo)) found('DISAGREES', leavesName, `entry ${entry}`);
  for (const [name, digest] of contents.digests) {
    if (photoName(digest) !== name) found('DIGEST', name);
    else if (!photos.has(digest)) found('UNEXPECTED', name);
  }
  for (const name of names) if (!/^(records|photos|grants|documents)\//.test(name) && ![checkpointName, leavesName, 'key.pub'].includes(name) && !witnessedFile.test(name) && !copyFile.test(name)) found('UNEXPECTED', name);
  return {
    origin: manifest.origin, made: manifest.made, entries: manifest.entries, devices: chains.size,
    records: [...chains.values()].reduce((sum, chain) => sum + chain.length, 0), permits: leaves.permits.size,
    documents: leaves.documents.size - leaves.removed.size, photos: contents.digests.size, strokes, missingPhotos: manifest.missing.length, acceptedGaps: leaves.acceptedGaps, ...(leaves.signatures > 0 ? { signatures: leaves.signatures } : {}),
    ...(leaves.impressions.length > 0 ? { impressions: { judged: leaves.impressions.length, different: leaves.impressions.filter(({ verdict }) => verdict === 'different').length } } : {}),
    ...(leaves.removed.size > 0 ? { removed: { documents: leaves.removed.size, first: [...leaves.removed.values()].reduce((a, b) => Math.min(a, b)), last: [...leaves.removed.values()].reduce((a, b) => Math.max(a, b)) } } : {}),
    ...(copies > 0 ? { copies } : {}),
    ...(contents.quorum.witnesses.length > 0 ? { cosignatures: leaves.cosignatures } : {}),
  };
}

/** Permits against the register, documents against permits and register. */
function checkGrants(contents: Contents, leaves: Leaves, names: Set<string>, found: Found): void {
  const documents = new Map<string, string>();
  for (const file of contents.manifest.files) {
    const match = /^documents\/([0-9a-f]{64})\.(pdf|png|jpg)$/.exec(file.name);
    if (match?.[1] !== undefined) {
      documents.set(match[1], file.name);
      if (match[1] !== file.sha256) found('DISAGREES', file.name);
      if (!leaves.documents.has(match[1])) found('UNEXPECTED', file.name);
    } else if (file.name.startsWith('documents/')) found('UNEXPECTED', file.name);
  }
  // Under the rule nothing goes that a permit or a code was given for.
  for (const document of leaves.documents) if (!documents.has(document) && (!leaves.removed.has(document) || leaves.codeDocuments.has(document))) found('MISSING', `documents/${document}`);
  for (const [permit, told] of leaves.permits) {
    const name = grantName(permit);
    const grant = contents.held.get(name);
    const view = grant && permitView(grant);
    if (!grant) found('MISSING', name);
    else if (!view) found('MALFORMED', name);
    else if (view.id !== permit || view.document !== told.document || sha256(grant).toString('hex') !== told.sha256) found('DISAGREES', name);
    else if (!documents.has(view.document)) found('MISSING', `documents/${view.document}`);
  }
  for (const name of names) if (name.startsWith('grants/') && !leaves.permits.has(name.slice(7, -5))) found('UNEXPECTED', name);
}

/** What the records say was done: under which permits, with which photos, how often. */
function checkUses(contents: Contents, chain: readonly EvidenceRecord[], leaves: Leaves, photos: Set<string>, strokes: Tally, found: Found): void {
  const missing = new Set(contents.manifest.missing.map((photo) => `${photo.device}/${photo.seq}/${photo.digest}`));
  const made = new Map<string, number>();
  const outcomes = new Map<number, number>();
  for (const record of chain) {
    const name = recordName(record.device, record.seq);
    const permit = bytesAt(record, 1) ?? '';
    if (record.kind === RecordKind.permit) {
      const grant = contents.held.get(grantName(permit));
      const same = grant && sha256(grant).toString('hex') === bytesAt(record, 2);
      if (!same && !leaves.foreign.has(`${record.device}/${record.seq}`)) found('DISAGREES', name, grantName(permit));
    } else if (record.kind === RecordKind.code) {
      if (!leaves.codes.has(permit) && !leaves.foreign.has(`${record.device}/${record.seq}`)) found('DISAGREES', name, permit);
    } else if (record.kind === RecordKind.photo) {
      const digest = bytesAt(record, 3) ?? '';
      photos.add(digest);
      if (!contents.digests.has(photoName(digest)) && (leaves.photos.has(digest) || !missing.has(`${record.device}/${record.seq}/${digest}`))) found('MISSING', photoName(digest), name);
    } else if (record.kind === RecordKind.outcome) outcomes.set(countAt(record, 5) ?? -1, countAt(record, 3) ?? 3);
  }
  for (const record of chain) {
    if (record.kind !== RecordKind.intent) continue;
    const result = outcomes.get(record.seq) ?? 3;
    strokes[result === 1 ? 'stamped' : result === 2 ? 'failed' : 'unknown'] += 1;
    const permit = bytesAt(record, 1) ?? '';
    if (result !== 2) made.set(permit, (made.get(permit) ?? 0) + 1);
    const before = bytesAt(record, 4);
    if (before !== undefined && !photos.has(before)) found('DISAGREES', recordName(record.device, record.seq), photoName(before));
  }
  for (const [permit, count] of made) {
    const grant = contents.held.get(grantName(permit));
    const view = grant && permitView(grant);
    const most = view ? Math.max(view.count, leaves.topUps.get(permit) ?? 0) : leaves.codes.get(permit);
    if (most !== undefined && count > most) found('OVER_COUNT', grantName(permit), `${count} / ${most}`);
  }
}
