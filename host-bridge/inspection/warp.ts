/** The photo laid out as the page lies: each pixel of the page fetched from where the map says it is seen. */
import { project, type PageMap } from './lens';
import { plane, type Plane } from './plane';

/** Where each lattice point of the page is seen; between them bilinear. The lens is smooth: 8 pixels apart is exact to 0.01. */
const LATTICE = 8;

/** Displacement in pixels of the page picture at a spot of it, on top of the map: how paper and printer differ from a plane. */
export type Flow = (x: number, y: number) => readonly [number, number];

/** @param scale pixels a millimetre of the result */
export function warp(photo: Plane, map: PageMap, width: number, height: number, scale: number, flow?: Flow): Plane {
  const cols = Math.ceil(width / LATTICE) + 1;
  const rows = Math.ceil(height / LATTICE) + 1;
  const us = new Float32Array(cols * rows);
  const vs = new Float32Array(cols * rows);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < cols; i++) {
      let x = i * LATTICE;
      let y = j * LATTICE;
      if (flow) {
        const [dx, dy] = flow(x, y);
        x += dx;
        y += dy;
      }
      const [u, v] = project(map, (x + 0.5) / scale, (y + 0.5) / scale);
      us[j * cols + i] = u;
      vs[j * cols + i] = v;
    }
  const out = plane(width, height);
  const { data, width: w, height: h } = photo;
  for (let y = 0; y < height; y++) {
    const fy = y / LATTICE;
    const j = fy | 0;
    const b = fy - j;
    for (let x = 0; x < width; x++) {
      const fx = x / LATTICE;
      const i = fx | 0;
      const a = fx - i;
      const c = j * cols + i;
      const w11 = a * b;
      const w10 = a - w11;
      const w01 = b - w11;
      const w00 = 1 - a - b + w11;
      const u = us[c]! * w00 + us[c + 1]! * w10 + us[c + cols]! * w01 + us[c + cols + 1]! * w11;
      const v = vs[c]! * w00 + vs[c + 1]! * w10 + vs[c + cols]! * w01 + vs[c + cols + 1]! * w11;
      out.data[y * width + x] = cubicAt(data, w, h, u, v);
    }
  }
  return out;
}

/** Catmull-Rom cubic (Keys 1981, a = -1/2): keeps thin strokes that bilinear would soften by half a pixel. */
function cubicAt(data: Float32Array, w: number, h: number, u: number, v: number): number {
  const iu = Math.floor(u);
  const iv = Math.floor(v);
  if (iu < 1 || iv < 1 || iu > w - 3 || iv > h - 3) {
    const cu = Math.max(0, Math.min(w - 1, Math.round(u)));
    const cv = Math.max(0, Math.min(h - 1, Math.round(v)));
    return data[cv * w + cu]!;
  }
  const a = u - iu;
  const b = v - iv;
  const x0 = ((-0.5 * a + 1) * a - 0.5) * a;
  const x1 = (1.5 * a - 2.5) * a * a + 1;
  const x2 = ((-1.5 * a + 2) * a + 0.5) * a;
  const x3 = (0.5 * a - 0.5) * a * a;
  const y0 = ((-0.5 * b + 1) * b - 0.5) * b;
  const y1 = (1.5 * b - 2.5) * b * b + 1;
  const y2 = ((-1.5 * b + 2) * b + 0.5) * b;
  const y3 = (0.5 * b - 0.5) * b * b;
  let o = (iv - 1) * w + iu - 1;
  let sum = y0 * (x0 * data[o]! + x1 * data[o + 1]! + x2 * data[o + 2]! + x3 * data[o + 3]!);
  o += w;
  sum += y1 * (x0 * data[o]! + x1 * data[o + 1]! + x2 * data[o + 2]! + x3 * data[o + 3]!);
  o += w;
  sum += y2 * (x0 * data[o]! + x1 * data[o + 1]! + x2 * data[o + 2]! + x3 * data[o + 3]!);
  o += w;
  return sum + y3 * (x0 * data[o]! + x1 * data[o + 1]! + x2 * data[o + 2]! + x3 * data[o + 3]!);
}
