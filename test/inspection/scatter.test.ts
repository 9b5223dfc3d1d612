/** How two windows scatter together, held against the sums written out. */
import { scatter } from '../../host-bridge/inspection/scatter';

test('a window of each picture, every so many columns and rows', () => {
  const width = 9;
  const [a, b] = [7, 11].map((by) => Float32Array.from({ length: width * 8 }, (_, i) => ((i * by) % 13) / 13));
  for (const step of [1, 2, 3]) {
    const pairs: [number, number][] = [];
    for (let y = 0; y < 6; y += step) for (let x = 0; x < 5; x += step) pairs.push([a[(y + 1) * width + x + 2], b[(y + 2) * width + x + 3]]);
    const [p, q] = [0, 1].map((k) => pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length);
    const told = scatter({ data: a, from: width + 2, stride: width }, { data: b, from: 2 * width + 3, stride: width }, 5, 6, step);
    expect(told.count).toBe(pairs.length);
    expect(told.one).toBeCloseTo(pairs.reduce((sum, [v]) => sum + (v - p) ** 2, 0), 6);
    expect(told.other).toBeCloseTo(pairs.reduce((sum, [, v]) => sum + (v - q) ** 2, 0), 6);
    expect(told.both).toBeCloseTo(pairs.reduce((sum, [v, w]) => sum + (v - p) * (w - q), 0), 6);
  }
});
