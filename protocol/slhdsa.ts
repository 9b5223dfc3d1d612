/**
 * Verification of SLH-DSA-SHA2-128s (FIPS 205), which needs nothing but SHA-256: the device checks the maker's signature
 * with its native hash, without public-key arithmetic. About 2,100 hashes; on the device they take seconds, so they
 * come in steps of at most some fifteen, between which everything else goes on. The signature is read piece by piece.
 */
import { u32be } from './bytes';
import type { Bytes, Natives } from './natives';

export const SLH_KEY = 32;
export const SLH_SIGNATURE = 7856;

/** FIPS 205, table 2: n 16, h 63, d 7, h' 9, a 12, k 14, lg w 4, m 30. */
const N = 16;
const LAYERS = 7;
const HEIGHT = 9;
const FORS_HEIGHT = 12;
const FORS_TREES = 14;
const CHAINS = 35;
/** Steps that a verification takes: the FORS trees, and of each layer its chains and its path. */
export const SLH_STEPS = FORS_TREES + LAYERS * (CHAINS + 1);

/** The type byte of an address. */
const enum Adrs {
  WOTS_HASH = 0,
  WOTS_KEY = 1,
  TREE = 2,
  FORS_TREE = 3,
  FORS_ROOTS = 4,
}

const ZEROS = '\0\0\0\0\0\0\0\0';

export class SlhVerifier {
  private n: Natives;
  private read: (at: number, length: number) => Bytes;
  private root: Bytes;
  /** Public seed filled up to a block of the hash: what every hash begins with. */
  private seed: Bytes;
  /** The bits that choose the leaves of the FORS trees. */
  private chosen: Bytes;
  /** Leaf of the layer at hand, and number of its tree: 54 bits in two halves of 27. */
  private leaf: number;
  private high: number;
  private low: number;
  /** -1: the FORS trees; then the layers of the hypertree. */
  private layer: number;
  /** Tree or chain that is next, and where its part of the signature begins. */
  private unit: number;
  private at: number;
  /** Roots of trees or ends of chains so far. */
  private ends: Bytes;
  /** What the layer at hand signs, and the checksum over its digits. */
  private node: Bytes;
  private sum: number;

  /**
   * @param key 32 bytes
   * @param context at most 255 bytes (FIPS 205, 10.2: what keeps one use of a key apart from another)
   * @param read pieces of the signature, SLH_SIGNATURE bytes; offsets and lengths are multiples of 16
   */
  constructor(n: Natives, key: Bytes, context: Bytes, message: Bytes, read: (at: number, length: number) => Bytes) {
    const seed = key.substr(0, N);
    const random = read(0, N) + seed;
    const inner = n.sha256(random + key.substr(N) + '\0' + String.fromCharCode(context.length) + context + message);
    const digest = n.sha256(random + inner + '\0\0\0\0');
    const bit = (i: number): number => digest.charCodeAt(i);
    this.n = n;
    this.read = read;
    this.root = key.substr(N);
    this.seed = seed + ZEROS + ZEROS + ZEROS + ZEROS + ZEROS + ZEROS;
    this.chosen = digest;
    // 21 bytes for FORS, then 54 bits in 7 bytes for the tree, then 9 in 2 for the leaf.
    this.high = (bit(21) & 63) * 2097152 + bit(22) * 8192 + bit(23) * 32 + (bit(24) >> 3);
    this.low = (bit(24) & 7) * 16777216 + bit(25) * 65536 + bit(26) * 256 + bit(27);
    this.leaf = (bit(28) & 1) * 256 + bit(29);
    this.layer = -1;
    this.unit = 0;
    this.at = N;
    this.ends = '';
    this.node = '';
    this.sum = 0;
  }

  /** Some fifteen hashes. 0: more to do; 1: the signature is good; -1: it is not. */
  step(): number {
    if (this.layer < 0) this.fors();
    else if (this.unit < CHAINS) this.chain();
    else {
      this.climbed();
      if (this.layer >= LAYERS) return this.node === this.root ? 1 : -1;
    }
    return 0;
  }

  /** @param address what follows the tree's number: type, and three words */
  private hash(address: Bytes, data: Bytes): Bytes {
    return this.n.sha256(this.seed + this.place() + address + data).substr(0, N);
  }

  /** Layer and tree of an address. */
  private place(): Bytes {
    const layer = this.layer < 0 ? 0 : this.layer;
    return String.fromCharCode(layer) + u32be(this.high >> 5) + u32be(((this.high & 31) << 27) | this.low);
  }

  /** From a leaf to the root of its tree. @param kind type and first word of the address */
  private climb(node: Bytes, index: number, levels: number, kind: Bytes): Bytes {
    for (let i = 1; i <= levels; i++) {
      const beside = this.read(this.at, N);
      this.at += N;
      const right = index & 1;
      index = index >> 1;
      node = this.hash(kind + u32be(i) + u32be(index), right ? beside + node : node + beside);
    }
    return node;
  }

  /** One FORS tree. */
  private fors(): void {
    const i = this.unit;
    const byte = (i * 3) >> 1;
    const two = this.chosen.charCodeAt(byte) * 256 + this.chosen.charCodeAt(byte + 1);
    const index = i * 4096 + (i & 1 ? two & 4095 : two >> 4);
    const kind = String.fromCharCode(Adrs.FORS_TREE) + u32be(this.leaf);
    const secret = this.read(this.at, N);
    this.at += N;
    const node = this.hash(kind + '\0\0\0\0' + u32be(index), secret);
    this.ends += this.climb(node, index, FORS_HEIGHT, kind);
    this.unit++;
    if (this.unit < FORS_TREES) return;
    this.enter(this.hash(String.fromCharCode(Adrs.FORS_ROOTS) + u32be(this.leaf) + ZEROS, this.ends));
  }

  /** The next layer, which signs this node. */
  private enter(node: Bytes): void {
    let sum = 480;
    for (let i = 0; i < N; i++) {
      const byte = node.charCodeAt(i);
      sum -= (byte >> 4) + (byte & 15);
    }
    this.node = node;
    this.sum = sum;
    this.layer++;
    this.unit = 0;
    this.ends = '';
  }

  /** One chain of the one-time signature. */
  private chain(): void {
    const i = this.unit;
    const digit = i < 32 ? (this.node.charCodeAt(i >> 1) >> (i & 1 ? 0 : 4)) & 15 : (this.sum >> ((34 - i) * 4)) & 15;
    const sha = this.n.sha256;
    // Of all that is hashed only the last byte of the address and the value itself change.
    const head = this.seed + this.place() + String.fromCharCode(Adrs.WOTS_HASH) + u32be(this.leaf) + u32be(i) + '\0\0\0';
    let value = this.read(this.at, N);
    this.at += N;
    for (let k = digit; k < 15; k++) value = sha(head + String.fromCharCode(k) + value).substr(0, N);
    this.ends += value;
    this.unit++;
  }

  /** All chains are through: the public key they give, its path to the root, and on to the next layer. */
  private climbed(): void {
    const leaf = this.hash(String.fromCharCode(Adrs.WOTS_KEY) + u32be(this.leaf) + ZEROS, this.ends);
    const root = this.climb(leaf, this.leaf, HEIGHT, String.fromCharCode(Adrs.TREE) + '\0\0\0\0');
    this.enter(root);
    this.leaf = this.low & 511;
    this.low = (this.low >> 9) | ((this.high & 511) << 18);
    this.high = this.high >> 9;
  }
}
