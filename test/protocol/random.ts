import type { Bytes } from '../../protocol/natives';

/** A seeded generator (mulberry32, public domain, Tommy Ettinger): the same seed, the same test. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer 0..n-1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  bytes(length: number): Bytes {
    let out = '';
    for (let i = 0; i < length; i++) out += String.fromCharCode(this.below(256));
    return out;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Numbers of every magnitude up to 2^32 - 1, edges often. */
  uint32(): number {
    const edges = [0, 1, 127, 128, 255, 256, 16383, 16384, 65535, 65536, 2097151, 2097152, 268435455, 268435456, 2147483647, 2147483648, 4294967295];
    return this.below(3) ? Math.floor(this.next() * 2 ** this.below(33)) : this.pick(edges);
  }
}
