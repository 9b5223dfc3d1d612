/** One number a pixel, and what is done to such pictures throughout this room. Plain loops: each is one pass over memory. */
export interface Plane {
  width: number;
  height: number;
  /** Rows from the top, no padding. */
  data: Float32Array;
}

export function plane(width: number, height: number, fill = 0): Plane {
  const data = new Float32Array(width * height);
  if (fill !== 0) data.fill(fill);
  return { width, height, data };
}

export function fromBytes(width: number, height: number, bytes: Uint8Array, scale = 1): Plane {
  const out = plane(width, height);
  for (let i = 0; i < out.data.length; i++) out.data[i] = bytes[i]! * scale;
  return out;
}

/** Bilinear value at (x, y), pixel centres at whole numbers; beyond the border the border's own. */
export function sampleAt(p: Plane, x: number, y: number): number {
  const { width: w, height: h, data } = p;
  const cx = x < 0 ? 0 : x > w - 1.001 ? w - 1.001 : x;
  const cy = y < 0 ? 0 : y > h - 1.001 ? h - 1.001 : y;
  const ix = cx | 0;
  const iy = cy | 0;
  const u = cx - ix;
  const v = cy - iy;
  const i = iy * w + ix;
  const a = data[i]! + (data[i + 1]! - data[i]!) * u;
  const b = data[i + w]! + (data[i + w + 1]! - data[i + w]!) * u;
  return a + (b - a) * v;
}

/** Gaussian blur by two passes of a kernel that reaches 3 sigma; sigma in pixels, 0 returns a copy. */
export function blur(p: Plane, sigma: number): Plane {
  if (sigma < 0.05) return { width: p.width, height: p.height, data: p.data.slice() };
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const kernel = new Float32Array(radius + 1);
  let sum = 0;
  for (let k = 0; k <= radius; k++) {
    kernel[k] = Math.exp((-k * k) / (2 * sigma * sigma));
    sum += k === 0 ? kernel[k]! : 2 * kernel[k]!;
  }
  for (let k = 0; k <= radius; k++) kernel[k] = kernel[k]! / sum;
  const { width: w, height: h, data } = p;
  const middle = new Float32Array(w * h);
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const row = y * w;
    for (let x = 0; x < w; x++) {
      let v = data[row + x]! * kernel[0]!;
      if (x >= radius && x < w - radius) for (let k = 1; k <= radius; k++) v += kernel[k]! * (data[row + x - k]! + data[row + x + k]!);
      else for (let k = 1; k <= radius; k++) v += kernel[k]! * (data[row + Math.max(0, x - k)]! + data[row + Math.min(w - 1, x + k)]!);
      middle[row + x] = v;
    }
  }
  for (let y = 0; y < h; y++) {
    const row = y * w;
    for (let x = 0; x < w; x++) out[row + x] = middle[row + x]! * kernel[0]!;
    for (let k = 1; k <= radius; k++) {
      const up = Math.max(0, y - k) * w;
      const down = Math.min(h - 1, y + k) * w;
      const weight = kernel[k]!;
      for (let x = 0; x < w; x++) out[row + x] = out[row + x]! + weight * (middle[up + x]! + middle[down + x]!);
    }
  }
  return { width: w, height: h, data: out };
}

/** Mean over the square of 2 r + 1 pixels around each pixel (fewer at the border). */
export function boxMean(p: Plane, r: number): Plane {
  const { width: w, height: h, data } = p;
  const middle = new Float32Array(w * h);
  const out = plane(w, h);
  for (let y = 0; y < h; y++) {
    let sum = 0;
    const row = y * w;
    for (let x = -r; x < w; x++) {
      if (x + r < w) sum += data[row + x + r]!;
      if (x - r - 1 >= 0) sum -= data[row + x - r - 1]!;
      if (x >= 0) middle[row + x] = sum / (Math.min(w - 1, x + r) - Math.max(0, x - r) + 1);
    }
  }
  const sums = new Float64Array(w);
  for (let y = -r; y < h; y++) {
    if (y + r < h) for (let x = 0; x < w; x++) sums[x] = sums[x]! + middle[(y + r) * w + x]!;
    if (y - r - 1 >= 0) for (let x = 0; x < w; x++) sums[x] = sums[x]! - middle[(y - r - 1) * w + x]!;
    if (y >= 0) {
      const n = Math.min(h - 1, y + r) - Math.max(0, y - r) + 1;
      for (let x = 0; x < w; x++) out.data[y * w + x] = sums[x]! / n;
    }
  }
  return out;
}

/** Means of squares of f by f pixels; what is left over at the right and below is dropped. */
export function pooled(p: Plane, f: number): Plane {
  const width = Math.floor(p.width / f);
  const height = Math.floor(p.height / f);
  const out = plane(width, height);
  const share = 1 / (f * f);
  for (let y = 0; y < height * f; y++) {
    const row = ((y / f) | 0) * width;
    for (let x = 0, i = y * p.width; x < width * f; x++, i++) out.data[row + ((x / f) | 0)] = out.data[row + ((x / f) | 0)]! + p.data[i]! * share;
  }
  return out;
}

/** Central differences. */
export function gradients(p: Plane): { gx: Plane; gy: Plane } {
  const { width: w, height: h, data } = p;
  const gx = plane(w, h);
  const gy = plane(w, h);
  for (let y = 1; y < h - 1; y++)
    for (let x = 1; x < w - 1; x++) {
      const i = y * w + x;
      gx.data[i] = (data[i + 1]! - data[i - 1]!) / 2;
      gy.data[i] = (data[i + w]! - data[i - w]!) / 2;
    }
  return { gx, gy };
}

/** Value below which the share q (0..1) of the numbers lies. Sorts a copy. */
export function quantile(values: ArrayLike<number>, q: number): number {
  if (values.length === 0) return 0;
  const sorted = new Float64Array(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(q * (sorted.length - 1))))]!;
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/** Bilinear value of a lattice at (fx, fy), in steps of it; beyond the border the border's own. */
export function bilinear(values: Float64Array, cols: number, rows: number, fx: number, fy: number): number {
  const cx = Math.max(0, Math.min(cols - 1, fx));
  const cy = Math.max(0, Math.min(rows - 1, fy));
  const i = Math.min(cx | 0, Math.max(0, cols - 2));
  const j = Math.min(cy | 0, Math.max(0, rows - 2));
  const a = cx - i;
  const b = cy - j;
  const at = j * cols + i;
  const right = cols > 1 ? 1 : 0;
  const down = rows > 1 ? cols : 0;
  const top = values[at]! + (values[at + right]! - values[at]!) * a;
  const bottom = values[at + down]! + (values[at + down + right]! - values[at + down]!) * a;
  return top + (bottom - top) * b;
}

/** The picture at another size, by sharp (area-true when smaller). */
export async function resized(p: Plane, width: number, height: number): Promise<Plane> {
  const { default: sharp } = await import('sharp');
  const bytes = new Uint8Array(p.data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.max(0, Math.min(255, p.data[i]! * 255 + 0.5));
  const out = await sharp(bytes, { raw: { width: p.width, height: p.height, channels: 1 } }).resize(width, height, { fit: 'fill', kernel: 'cubic' }).toColourspace('b-w').raw().toBuffer();
  return fromBytes(width, height, out, 1 / 255);
}
