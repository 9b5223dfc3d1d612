/** Seeds and smooth random fields for pictures, on the simulator's own seeded randomness. */
import { hashName, seededRandom } from '../world/random';

/** One unsigned 32-bit seed out of integers and texts: a name of its own for every use of a seed. */
export function seedOf(...parts: (number | string)[]): number {
  return hashName(parts.join('|'));
}

/**
 * Random heights on a lattice of step 1, interpolated smoothly between. Values in [-1, 1). The lattice repeats after
 * 256 steps, which is more than any page has.
 */
export class Field {
  private readonly heights = new Float32Array(65536);

  constructor(seed: number) {
    const random = seededRandom(seed);
    for (let i = 0; i < 65536; i++) this.heights[i] = random.between(-1, 1);
  }

  at(x: number, y: number): number {
    const xi = Math.floor(x);
    const yi = Math.floor(y);
    const fx = x - xi;
    const fy = y - yi;
    const u = fx * fx * (3 - 2 * fx);
    const v = fy * fy * (3 - 2 * fy);
    const h = this.heights;
    const row0 = (yi & 255) << 8;
    const row1 = ((yi + 1) & 255) << 8;
    const c0 = xi & 255;
    const c1 = (xi + 1) & 255;
    const top = h[row0 | c0]! + (h[row0 | c1]! - h[row0 | c0]!) * u;
    const bottom = h[row1 | c0]! + (h[row1 | c1]! - h[row1 | c0]!) * u;
    return top + (bottom - top) * v;
  }
}
