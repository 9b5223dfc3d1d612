/** The photo laid out as the page lies: each pixel of the page fetched from where the map says it is seen. */
import { project, type PageMap } from './lens';
import { plane, type Plane } from './plane';

/** Where each lattice point of the page is seen; between them bilinear. The lens is smooth: 8 pixels apart is exact to 0.01. */
const LATTICE = 8;

/** Displacement in pixels of the page picture at a spot of it, on top of the map: how paper and printer differ from a plane. */
export type Flow = (x: number, y: number) => readonly [number, number];

/** @param scale pixels a millimetre of the result */
export function warp(photo: Plane, map: PageMap, width: number, height: number, scale: number, flow?: Flow): Plane {
  const out = plane(width, height);
  const { data, width: w, height: h } = photo;
  eachRow(map, width, height, scale, flow, (row, us, vs) => {
    for (let x = 0; x < width; x++) out.data[row + x] = cubicAt(data, w, h, us[x]!, vs[x]!);
  });
  return out;
}

/** Shares of white of the steps of a byte. */
const SHARE = Float32Array.from({ length: 256 }, (_, i) => i / 255);

/** The same of the three colours of a photo. @param photo three bytes a pixel; @returns red, green and blue */
export function warpColours(photo: { width: number; height: number; rgb: Uint8Array }, map: PageMap, width: number, height: number, scale: number, flow?: Flow): [Plane, Plane, Plane] {
  const out: [Plane, Plane, Plane] = [plane(width, height), plane(width, height), plane(width, height)];
  const [red, green, blue] = out.map(({ data }) => data) as [Float32Array, Float32Array, Float32Array];
  const { width: w, height: h, rgb } = photo;
  const k = new Float64Array(8);
  const at = (o: number): number => k[0]! * SHARE[rgb[o]!]! + k[1]! * SHARE[rgb[o + 3]!]! + k[2]! * SHARE[rgb[o + 6]!]! + k[3]! * SHARE[rgb[o + 9]!]!;
  const sum = (o: number): number => k[4]! * at(o) + k[5]! * at(o + 3 * w) + k[6]! * at(o + 6 * w) + k[7]! * at(o + 9 * w);
  eachRow(map, width, height, scale, flow, (row, us, vs) => {
    for (let x = 0; x < width; x++) {
      const u = us[x]!;
      const v = vs[x]!;
      const iu = Math.floor(u);
      const iv = Math.floor(v);
      if (inside(w, h, iu, iv)) {
        cubic(k, 0, u - iu);
        cubic(k, 4, v - iv);
        const o = 3 * ((iv - 1) * w + iu - 1);
        red[row + x] = sum(o);
        green[row + x] = sum(o + 1);
        blue[row + x] = sum(o + 2);
      } else {
        const o = 3 * nearest(w, h, u, v);
        red[row + x] = SHARE[rgb[o]!]!;
        green[row + x] = SHARE[rgb[o + 1]!]!;
        blue[row + x] = SHARE[rgb[o + 2]!]!;
      }
    }
  });
  return out;
}

/** Calls back for each row of the page: where its first pixel stands in it, and where its pixels are seen in the photo. */
function eachRow(map: PageMap, width: number, height: number, scale: number, flow: Flow | undefined, call: (row: number, us: Float64Array, vs: Float64Array) => void): void {
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
  const rowU = new Float64Array(width);
  const rowV = new Float64Array(width);
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
      rowU[x] = us[c]! * w00 + us[c + 1]! * w10 + us[c + cols]! * w01 + us[c + cols + 1]! * w11;
      rowV[x] = vs[c]! * w00 + vs[c + 1]! * w10 + vs[c + cols]! * w01 + vs[c + cols + 1]! * w11;
    }
    call(y * width, rowU, rowV);
  }
}

/** Whether a cubic around the spot stays within the picture; where it does not, the nearest pixel stands for the spot. */
const inside = (w: number, h: number, iu: number, iv: number): boolean => iu >= 1 && iv >= 1 && iu <= w - 3 && iv <= h - 3;
const nearest = (w: number, h: number, u: number, v: number): number => Math.max(0, Math.min(h - 1, Math.round(v))) * w + Math.max(0, Math.min(w - 1, Math.round(u)));

/** Weights of the Catmull-Rom cubic (Keys 1981, a = -1/2) for four neighbours: keeps thin strokes that bilinear would soften by half a pixel. */
function cubic(into: Float64Array, from: number, a: number): void {
  into[from] = ((-0.5 * a + 1) * a - 0.5) * a;
  into[from + 1] = (1.5 * a - 2.5) * a * a + 1;
  into[from + 2] = ((-1.5 * a + 2) * a + 0.5) * a;
  into[from + 3] = (0.5 * a - 0.5) * a * a;
}

/** The same cubic in one piece, for one colour: this is where a comparison spends most of its time. */
function cubicAt(data: Float32Array, w: number, h: number, u: number, v: number): number {
  const iu = Math.floor(u);
  const iv = Math.floor(v);
  if (!inside(w, h, iu, iv)) return data[nearest(w, h, u, v)]!;
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
