/**
 * Seeded randomness of the simulated world. sfc32 ("small fast counter", Chris Doty-Humphrey, PractRand): 128 bits of
 * state, period at least 2^32, passes the usual test batteries; nothing secret hangs on it.
 */
export interface Random {
  /** Integer in 0..2^32-1. */
  uint32(): number;
  /** Number in [0, 1). */
  fraction(): number;
  /** Integer in 0..below-1; below must be 1..2^32. */
  below(below: number): number;
  /** Number in [from, to). */
  between(from: number, to: number): number;
  /** True with the given probability (0..1). */
  chance(probability: number): boolean;
  bytes(length: number): Buffer;
  /** A stream of its own for a part: drawing from one never shifts what another draws. */
  fork(name: string): Random;
}

/** FNV-1a, 32 bits: turns names into seeds. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

class Sfc32 implements Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private forks = 0;

  constructor(a: number, b: number, c: number) {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  uint32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  fraction(): number {
    return this.uint32() / 4294967296;
  }

  below(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  between(from: number, to: number): number {
    return from + this.fraction() * (to - from);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.fraction() < probability;
  }

  bytes(length: number): Buffer {
    const out = Buffer.allocUnsafe(length);
    for (let i = 0; i < length; i++) out[i] = this.uint32() & 255;
    return out;
  }

  fork(name: string): Random {
    this.forks++;
    return new Sfc32(hashName(name), this.a ^ this.b, this.c ^ this.forks);
  }
}

/** The root of all randomness of one run. Equal seeds give equal runs on every Node version. */
export function seededRandom(seed: number): Random {
  return new Sfc32(seed, Math.floor(seed / 4294967296), 0x5ea1);
}
