/**
 * The register: an append-only list of entries under a Merkle tree with signed checkpoints. An entry is the deterministic
 * CBOR array [1, number, time, kind, data]; its leaf hash and the subtrees it completes are stored with it, in the same
 * transaction as what it tells of.
 */
import { sql } from 'kysely';
import { Problem } from '../../common/errors';
import { cborMap, encodeCbor, type Cbor } from '../cbor';
import { DESK } from '../errors';
import type { Db } from '../tables';
import { consistencyProof, inclusionProof, leafHash, nodeHash, nodesFor, rootAt, type NodeReader } from './merkle';
import { checkpointText, noteVerifier, openNote, parseCheckpoint, type NoteVerifier } from './note';

export interface NoteAuthority {
  signNote(text: string): string;
  readonly registerName: string;
  readonly registerKey: string;
}

export interface RegisterEntry {
  number: number;
  kind: string;
  at: number;
  /** The bytes that are hashed. */
  body: Buffer;
}

/** Text as it is searched: one form for width and case variants (Unicode NFKC, lower case). */
export function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A pattern for LIKE ... ESCAPE '!' that finds the text anywhere. */
export function likePattern(text: string): string {
  return `%${searchText(text).replace(/[!%_]/g, (c) => `!${c}`)}%`;
}

function reader(db: Db): NodeReader {
  return {
    async node(level, index) {
      const row = await db.selectFrom('tree_node').select('hash').where('level', '=', level).where('number', '=', index).executeTakeFirst();
      if (!row) throw new Problem(DESK.REGISTER_DAMAGED, `tree node ${level}/${index}`);
      return Buffer.from(row.hash, 'hex');
    },
  };
}

export async function registerSize(db: Db): Promise<number> {
  const row = await db.selectFrom('entry').select(db.fn.max('number').as('last')).executeTakeFirst();
  return row?.last === null || row?.last === undefined ? 0 : Number(row.last) + 1;
}

/** Appends an entry in the caller's transaction and returns its number. `search`: words by which people look for it. */
export async function appendEntry(trx: Db, at: number, kind: string, data: Record<string, Cbor | undefined>, search = ''): Promise<number> {
  const number = await registerSize(trx);
  const body = encodeCbor([1, number, at, kind, cborMap(data)]);
  const leaf = leafHash(body);
  for (const node of await nodesFor(reader(trx), number, leaf)) {
    await trx.insertInto('tree_node').values({ level: node.level, number: node.index, hash: node.hash.toString('hex') }).execute();
  }
  await trx
    .insertInto('entry')
    .values({ number, kind, at, body: body.toString('base64'), leaf: leaf.toString('hex'), search: searchText(`${kind} ${search}`) })
    .execute();
  return number;
}

export async function readEntries(db: Db, from: number, limit: number, search?: string): Promise<RegisterEntry[]> {
  let query = db.selectFrom('entry').select(['number', 'kind', 'at', 'body']).where('number', '>=', from);
  if (search) query = query.where(sql<boolean>`search like ${likePattern(search)} escape '!'`);
  const rows = await query.orderBy('number').limit(limit).execute();
  return rows.map((row) => ({ number: Number(row.number), kind: row.kind, at: Number(row.at), body: Buffer.from(row.body, 'base64') }));
}

/** Root of the first `size` entries. */
export function registerRoot(db: Db, size: number): Promise<Buffer> {
  return rootAt(reader(db), size);
}

export function proveInclusion(db: Db, index: number, size: number): Promise<Buffer[]> {
  return inclusionProof(reader(db), index, size);
}

export function proveConsistency(db: Db, first: number, second: number): Promise<Buffer[]> {
  return consistencyProof(reader(db), first, second);
}

/** The signed checkpoint of everything appended so far; the same note again when nothing was added. */
export async function makeCheckpoint(trx: Db, authority: NoteAuthority, at: number): Promise<{ size: number; note: string }> {
  const size = await registerSize(trx);
  const known = await trx.selectFrom('checkpoint').select('note').where('size', '=', size).executeTakeFirst();
  if (known) return { size, note: known.note };
  const note = authority.signNote(checkpointText({ origin: authority.registerName, size, root: await registerRoot(trx, size) }));
  await trx.insertInto('checkpoint').values({ size, note, at }).execute();
  return { size, note };
}

/** Entries read at a time by the check. */
const checkPage = 1000;

/**
 * Holds the whole register against itself and its newest checkpoint: every entry against its leaf, every leaf against the
 * subtrees over it, the root against the signature. Throws REGISTER_DAMAGED when someone changed or cut the tables; a
 * whole database rolled back shows only against a checkpoint kept elsewhere. Costs about two hashes an entry. `pause` is waited for
 * now and then, so that others in this process get their turn.
 */
export async function checkRegister(db: Db, authority: NoteAuthority, pause?: () => Promise<void>): Promise<void> {
  const size = await registerSize(db);
  const peaks: Buffer[] = []; // of the complete subtrees so far, the widest first; the bits of the count say how wide
  for (let from = 0; from < size; from += checkPage) {
    await pause?.();
    const entries = await readEntries(db, from, checkPage);
    const expected = new Map<number, { first: number; hashes: string[] }>();
    for (const [i, entry] of entries.entries()) {
      if (entry.number !== from + i) throw new Problem(DESK.REGISTER_DAMAGED, `entry ${from + i}`);
      let hash = leafHash(entry.body);
      let index = entry.number;
      for (let level = 0; ; level++) {
        const row = expected.get(level) ?? { first: index, hashes: [] };
        row.hashes.push(hash.toString('hex'));
        expected.set(level, row);
        if (index % 2 === 0) break;
        hash = nodeHash(peaks.pop() as Buffer, hash);
        index = (index - 1) / 2;
      }
      peaks.push(hash);
    }
    for (const [level, row] of expected) await compareNodes(db, level, row.first, row.hashes);
  }
  const last = await db.selectFrom('checkpoint').selectAll().orderBy('size', 'desc').executeTakeFirst();
  if (!last) return;
  const text = openNote(noteVerifier(authority.registerKey) as NoteVerifier, last.note);
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  if (!checkpoint) throw new Problem(DESK.REGISTER_DAMAGED, 'the newest checkpoint is not signed by this register');
  if (checkpoint.size > size || !(await registerRoot(db, checkpoint.size)).equals(checkpoint.root)) {
    throw new Problem(DESK.REGISTER_DAMAGED, `checkpoint of ${checkpoint.size} entries`);
  }
}

async function compareNodes(db: Db, level: number, first: number, hashes: readonly string[]): Promise<void> {
  const rows = await db
    .selectFrom('tree_node')
    .select(['number', 'hash'])
    .where('level', '=', level)
    .where('number', '>=', first)
    .where('number', '<', first + hashes.length)
    .orderBy('number')
    .execute();
  for (const [i, hash] of hashes.entries()) {
    if (rows[i]?.hash !== hash) throw new Problem(DESK.REGISTER_DAMAGED, level === 0 ? `entry ${first + i}` : `tree node ${level}/${first + i}`);
  }
}
