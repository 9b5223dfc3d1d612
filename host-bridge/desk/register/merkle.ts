/**
 * Merkle tree of the register: hashes, proofs and their checks as RFC 9162 §2.1 defines them (SHA-256, leaf prefix
 * 0x00, node prefix 0x01). The tree is kept as its complete subtrees: (level, index) covers leaves
 * [index·2^level, (index+1)·2^level), so an appended leaf changes no stored node.
 */
import { createHash } from 'node:crypto';

export const emptyRoot: Buffer = createHash('sha256').digest();

export function leafHash(entry: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(entry).digest();
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

/** Where the complete subtrees are kept. */
export interface NodeReader {
  /** Hash of the complete subtree; throws if it is not stored. */
  node(level: number, index: number): Promise<Buffer>;
}

export interface TreeNode {
  level: number;
  index: number;
  hash: Buffer;
}

/** The nodes that appending the leaf number `size` adds: the leaf and every subtree it completes. */
export async function nodesFor(reader: NodeReader, size: number, leaf: Buffer): Promise<TreeNode[]> {
  const added: TreeNode[] = [{ level: 0, index: size, hash: leaf }];
  let hash = leaf;
  let index = size;
  for (let level = 0; index % 2 === 1; level++) {
    hash = nodeHash(await reader.node(level, index - 1), hash);
    index = (index - 1) / 2;
    added.push({ level: level + 1, index, hash });
  }
  return added;
}

/** Largest power of two smaller than n (n > 1). */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Root of the leaves [from, from+count): `from` is a multiple of the power of two that holds count. */
async function rangeHash(reader: NodeReader, from: number, count: number): Promise<Buffer> {
  const level = Math.log2(count);
  if (Number.isInteger(level)) return reader.node(level, from / count);
  const k = split(count);
  return nodeHash(await rangeHash(reader, from, k), await rangeHash(reader, from + k, count - k));
}

/** Root of the first `size` leaves. */
export async function rootAt(reader: NodeReader, size: number): Promise<Buffer> {
  return size === 0 ? emptyRoot : rangeHash(reader, 0, size);
}

/** Inclusion proof of leaf `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1). Throws RangeError outside it. */
export async function inclusionProof(reader: NodeReader, index: number, size: number): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError('leaf is not in the tree');
  const path: Buffer[] = [];
  let from = 0;
  let count = size;
  while (count > 1) {
    const k = split(count);
    if (index - from < k) {
      path.unshift(await rangeHash(reader, from + k, count - k));
      count = k;
    } else {
      path.unshift(await rangeHash(reader, from, k));
      from += k;
      count -= k;
    }
  }
  return path;
}

/** Consistency proof between the trees of `first` and `second` leaves (RFC 9162 §2.1.4.1), 0 < first ≤ second. */
export async function consistencyProof(reader: NodeReader, first: number, second: number): Promise<Buffer[]> {
  if (!(first > 0 && first <= second)) throw new RangeError('0 < first <= second');
  const path: Buffer[] = [];
  let from = 0;
  let count = second;
  let whole = true; // the first tree is, so far, a complete subtree of the second: its root is known to the checker
  let m = first;
  while (m !== count) {
    const k = split(count);
    if (m <= k) {
      path.unshift(await rangeHash(reader, from + k, count - k));
      count = k;
    } else {
      path.unshift(await rangeHash(reader, from, k));
      from += k;
      count -= k;
      m -= k;
      whole = false;
    }
  }
  if (!whole) path.unshift(await rangeHash(reader, from, count));
  return path;
}

/** Checks an inclusion proof (RFC 9162 §2.1.3.2). */
export function checkInclusion(leaf: Buffer, index: number, size: number, path: readonly Buffer[], root: Buffer): boolean {
  if (!(index >= 0 && index < size)) return false;
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const p of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(p, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = nodeHash(hash, p);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && hash.equals(root);
}

/** Checks a consistency proof (RFC 9162 §2.1.4.2). */
export function checkConsistency(first: number, firstRoot: Buffer, second: number, secondRoot: Buffer, proof: readonly Buffer[]): boolean {
  if (!(first > 0 && first <= second)) return false;
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : [...proof];
  const start = path.shift();
  if (!start) return false;
  let fn = first - 1;
  let sn = second - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  let fr = start;
  let sr = start;
  for (const c of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      sr = nodeHash(sr, c);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
}

/** Root of a list of leaf hashes, for a reader that holds all of them (the archive's check). */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  let level = [...leaves];
  if (level.length === 0) return emptyRoot;
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) next.push(nodeHash(level[i] as Buffer, level[i + 1] as Buffer));
    if (level.length % 2 === 1) next.push(level[level.length - 1] as Buffer);
    level = next;
  }
  return level[0] as Buffer;
}
