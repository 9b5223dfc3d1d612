/** The register's tree against a reader's own recursion, and its notes against the C2SP forms. */
import { createHash } from 'node:crypto';
import {
  checkConsistency, checkInclusion, consistencyProof, emptyRoot, inclusionProof, leafHash, nodesFor, rootAt, rootOf, type NodeReader,
} from '../../host-bridge/desk/register/merkle';
import { checkpointText, noteSigner, noteVerifier, openNote, parseCheckpoint, signNote } from '../../host-bridge/desk/register/note';

const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTH of RFC 9162 §2.1.1, word for word. */
function mth(d: Buffer[]): Buffer {
  if (d.length === 0) return sha();
  if (d.length === 1) return sha(Buffer.of(0), d[0] as Buffer);
  let k = 1;
  while (k * 2 < d.length) k *= 2;
  return sha(Buffer.of(1), mth(d.slice(0, k)), mth(d.slice(k)));
}

/** PATH of RFC 9162 §2.1.3.1. */
function pathOf(m: number, d: Buffer[]): Buffer[] {
  if (d.length === 1) return [];
  let k = 1;
  while (k * 2 < d.length) k *= 2;
  return m < k ? [...pathOf(m, d.slice(0, k)), mth(d.slice(k))] : [...pathOf(m - k, d.slice(k)), mth(d.slice(0, k))];
}

/** SUBPROOF of RFC 9162 §2.1.4.1. */
function subproof(m: number, d: Buffer[], whole: boolean): Buffer[] {
  if (m === d.length) return whole ? [] : [mth(d)];
  let k = 1;
  while (k * 2 < d.length) k *= 2;
  return m <= k ? [...subproof(m, d.slice(0, k), whole), mth(d.slice(k))] : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

const hex = (list: Buffer[]): string[] => list.map((b) => b.toString('hex'));

async function tree(entries: Buffer[]): Promise<NodeReader> {
  const nodes = new Map<string, Buffer>();
  const reader: NodeReader = {
    async node(level, index) {
      const found = nodes.get(`${level}/${index}`);
      if (!found) throw new Error(`no node ${level}/${index}`);
      return found;
    },
  };
  for (const [size, entry] of entries.entries()) {
    for (const node of await nodesFor(reader, size, leafHash(entry))) nodes.set(`${node.level}/${node.index}`, node.hash);
  }
  return reader;
}

describe('Merkle tree', () => {
  const entries = Array.from({ length: 71 }, (_, i) => Buffer.from(`entry ${i}`));

  test('roots, inclusion and consistency proofs equal the definition for every size to 70', async () => {
    const reader = await tree(entries);
    for (let size = 0; size <= 70; size++) {
      const d = entries.slice(0, size);
      const root = mth(d);
      expect(await rootAt(reader, size)).toEqual(root);
      expect(rootOf(d.map(leafHash))).toEqual(root);
      for (let m = 0; m < size; m++) {
        const path = await inclusionProof(reader, m, size);
        expect(hex(path)).toEqual(hex(pathOf(m, d)));
        expect(checkInclusion(leafHash(d[m] as Buffer), m, size, path, root)).toBe(true);
        expect(checkInclusion(leafHash(Buffer.from('other')), m, size, path, root)).toBe(false);
        expect(checkInclusion(leafHash(d[m] as Buffer), m ^ 1, size, path, root)).toBe(false);
        if (path.length > 0) expect(checkInclusion(leafHash(d[m] as Buffer), m, size, path.slice(1), root)).toBe(false);
      }
      for (let m = 1; m <= size; m++) {
        const proof = await consistencyProof(reader, m, size);
        expect(hex(proof)).toEqual(hex(subproof(m, d, true)));
        const before = mth(d.slice(0, m));
        expect(checkConsistency(m, before, size, root, proof)).toBe(true);
        expect(checkConsistency(m, sha(before), size, root, proof)).toBe(false);
        if (m < size) expect(checkConsistency(m, before, size, sha(root), proof)).toBe(false);
      }
    }
  });

  /** The tree of seven leaves that RFC 9162 §2.1.5 draws: proofs given there by the names of its nodes. */
  test('the example of RFC 9162 §2.1.5', async () => {
    const d = entries.slice(0, 7);
    const reader = await tree(d);
    const [a, b, c, , e, f, j] = [0, 1, 2, 3, 4, 5, 6].map((i) => leafHash(d[i] as Buffer)) as Buffer[];
    const g = mth(d.slice(0, 2));
    const h = mth(d.slice(2, 4));
    const i = mth(d.slice(4, 6));
    const k = mth(d.slice(0, 4));
    const l = mth(d.slice(4, 7));
    const dd = leafHash(d[3] as Buffer);
    expect(hex(await inclusionProof(reader, 0, 7))).toEqual(hex([b as Buffer, h, l]));
    expect(hex(await inclusionProof(reader, 3, 7))).toEqual(hex([c as Buffer, g, l]));
    expect(hex(await inclusionProof(reader, 4, 7))).toEqual(hex([f as Buffer, j as Buffer, k]));
    expect(hex(await inclusionProof(reader, 6, 7))).toEqual(hex([i, k]));
    expect(hex(await consistencyProof(reader, 3, 7))).toEqual(hex([c as Buffer, dd, g, l]));
    expect(hex(await consistencyProof(reader, 4, 7))).toEqual(hex([l]));
    expect(hex(await consistencyProof(reader, 6, 7))).toEqual(hex([i, j as Buffer, k]));
    expect([a, e].every(Boolean)).toBe(true);
  });

  test('outside the tree there is no proof', async () => {
    const reader = await tree(entries.slice(0, 3));
    await expect(inclusionProof(reader, 3, 3)).rejects.toThrow(RangeError);
    await expect(consistencyProof(reader, 0, 3)).rejects.toThrow(RangeError);
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('signed notes', () => {
  const signer = noteSigner('test/register', Buffer.alloc(32, 7));
  const verifier = noteVerifier(signer.vkey)!;

  /** The key and note by which golang.org/x/mod/sumdb/note, the format's first implementation, shows the format. */
  test("reads the reference implementation's key and note", () => {
    const key = noteVerifier('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    expect(key?.name).toBe('PeterNeumann');
    const text = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n';
    const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
    expect(openNote(key!, note)).toBe(text);
    expect(openNote(key!, note.replace('think', 'thinK'))).toBeUndefined();
  });

  test('what is signed opens, and nothing else does', () => {
    const text = checkpointText({ origin: 'test/register', size: 5, root: Buffer.alloc(32, 1) });
    const note = signNote(signer, text);
    expect(openNote(verifier, note)).toBe(text);
    expect(parseCheckpoint(text)).toEqual({ origin: 'test/register', size: 5, root: Buffer.alloc(32, 1) });
    const bytes = Buffer.from(note);
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] as number) ^ 1;
      expect(openNote(verifier, changed.toString('utf8'))).toBeUndefined();
    }
    expect(openNote(noteVerifier(noteSigner('test/register', Buffer.alloc(32, 8)).vkey)!, note)).toBeUndefined();
    expect(openNote(verifier, `${note}— someone AAAA\n`)).toBeUndefined();
  });

  test('a verifier key with any character changed is none', () => {
    for (let i = 0; i < signer.vkey.length; i++) {
      const changed = signer.vkey.slice(0, i) + (signer.vkey[i] === 'A' ? 'B' : 'A') + signer.vkey.slice(i + 1);
      expect(noteVerifier(changed)).toBeUndefined();
    }
    expect(() => noteSigner('two words', Buffer.alloc(32))).toThrow(TypeError);
    expect(parseCheckpoint('a\n01\nAA==\n')).toBeUndefined();
  });
});
