/**
 * One photograph, pixel by pixel: every pixel is followed back through lens and perspective to the spot of paper or
 * tray it sees (one pass, bilinear), then lit, darkened towards the corners and given the sensor's noise.
 */
import type { Homography, Mount } from './camera';
import { focal, SEEN, TRAY } from './camera';
import type { Picture } from './picture';
import { Field } from './field';
import { seededRandom } from '../world/random';

/** Paper as seen: the picture scaled to the photo's own fineness, and where it lies. */
export interface Sheet {
  picture: Picture;
  /** Pixels of that picture a millimetre. */
  scale: number;
  widthMm: number;
  heightMm: number;
  /** From the undistorted image to the sheet's mm. */
  map: Homography;
}

/** Tables that every photo of one camera shares; built once, because noise is dear. */
export interface Sensor {
  /** Gaussian noise of unit variance, slightly smeared along the row as demosaicing does. */
  noise: Float32Array;
  /** Texture of the tray's plastic. */
  grain: Field;
  /** Unevenness of paper and light over the sheet. */
  cast: Field;
}

export function sensor(seed: number): Sensor {
  const random = seededRandom(seed);
  const raw = new Float32Array(65536);
  // The sum of four evenly distributed numbers is close enough to a bell and needs no transcendental function.
  for (let i = 0; i < raw.length; i++) raw[i] = (random.fraction() + random.fraction() + random.fraction() + random.fraction() - 2) * 1.732;
  const noise = new Float32Array(65536);
  for (let i = 0; i < raw.length; i++) noise[i] = (raw[i]! + 0.55 * raw[(i + 1) & 65535]!) / 1.141;
  return { noise, grain: new Field(random.uint32()), cast: new Field(random.uint32()) };
}

/** Brightest white of a well exposed page, and how paper and plastic colour the light. */
const WHITE = 238;
const PAPER = [1, 0.99, 0.965] as const;
/** Standard deviation of the noise in black and in white. */
const DARK_NOISE = 1.1;
const LIGHT_NOISE = 1.5;
/** Nothing is quite black: light scattered in the lens. */
const FLARE = 9;

/** Step of the lattice on which light is worked out, pixels. */
const CELL = 16;

/** 8-bit RGB of width × height. `exposure` seeds what changes from photo to photo (noise). */
export function photograph(width: number, height: number, m: Mount, tray: Homography, s: Sensor, sheet: Sheet | undefined, exposure: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const random = seededRandom(exposure);
  const f = focal(width);
  const light = lightOf(width, height, m, s);
  const cells = Math.ceil(width / CELL) + 1;
  const { noise } = s;
  const [ta, tb, tc, td, te, tf, tg, th, ti] = tray;
  const [pa, pb, pc, pd, pe, pf, pg, ph, pi] = sheet?.map ?? tray;
  const rgb = sheet?.picture.rgb;
  const stride = sheet ? sheet.picture.width * 3 : 0;
  const lastX = sheet ? sheet.picture.width - 1.001 : 0;
  const lastY = sheet ? sheet.picture.height - 1.001 : 0;
  const scale = sheet?.scale ?? 1;
  const pageW = sheet?.widthMm ?? 0;
  const pageH = sheet?.heightMm ?? 0;
  // Width of the soft step at the paper's edge: one pixel.
  const pixel = SEEN / width;
  const red = m.red;
  const blue = m.blue;
  let o = 0;
  for (let v = 0; v < height; v++) {
    const yd = (v + 0.5 - height / 2) / f;
    const y2 = yd * yd;
    const n = random.uint32() & 65535;
    const n2 = random.uint32() & 65535;
    const cellY = v / CELL;
    const row = Math.floor(cellY) * cells;
    const fy = cellY - Math.floor(cellY);
    for (let u = 0; u < width; u++) {
      const xd = (u + 0.5 - width / 2) / f;
      const k = 1 + m.barrel * (xd * xd + y2);
      const xu = xd * k;
      const yu = yd * k;
      const cu = (u / CELL) | 0;
      const fx = u / CELL - cu;
      const l0 = light[row + cu]! + (light[row + cu + 1]! - light[row + cu]!) * fx;
      const l1 = light[row + cells + cu]! + (light[row + cells + cu + 1]! - light[row + cells + cu]!) * fx;
      const lit = l0 + (l1 - l0) * fy;

      let r = 0;
      let g = 0;
      let b = 0;
      let cover = 0;
      let outside = 0;
      if (rgb) {
        const w = 1 / (pg * xu + ph * yu + pi);
        const x = (pa * xu + pb * yu + pc) * w;
        const y = (pd * xu + pe * yu + pf) * w;
        // Distance inside the sheet's outline, mm; negative outside.
        const inX = x < pageW - x ? x : pageW - x;
        const inY = y < pageH - y ? y : pageH - y;
        const inside = inX < inY ? inX : inY;
        cover = inside / pixel + 0.5;
        cover = cover < 0 ? 0 : cover > 1 ? 1 : cover;
        outside = -inside;
        if (cover > 0) {
          let sx = x * scale - 0.5;
          let sy = y * scale - 0.5;
          sx = sx < 0 ? 0 : sx > lastX ? lastX : sx;
          sy = sy < 0 ? 0 : sy > lastY ? lastY : sy;
          const ix = sx | 0;
          const iy = sy | 0;
          const qx = sx - ix;
          const qy = sy - iy;
          const w11 = qx * qy;
          const w10 = qx - w11;
          const w01 = qy - w11;
          const w00 = 1 - qx - qy + w11;
          const i = iy * stride + ix * 3;
          const j = i + stride;
          r = rgb[i]! * w00 + rgb[i + 3]! * w10 + rgb[j]! * w01 + rgb[j + 3]! * w11;
          g = (rgb[i + 1]! * w00 + rgb[i + 4]! * w10 + rgb[j + 1]! * w01 + rgb[j + 4]! * w11) * PAPER[1];
          b = (rgb[i + 2]! * w00 + rgb[i + 5]! * w10 + rgb[j + 2]! * w01 + rgb[j + 5]! * w11) * PAPER[2];
        }
      }
      if (cover < 1) {
        const w = 1 / (tg * xu + th * yu + ti);
        const x = (ta * xu + tb * yu + tc) * w;
        const y = (td * xu + te * yu + tf) * w;
        let plastic = trayAt(x, y, s.grain);
        // The sheet keeps some light from the plastic beside it.
        if (rgb && outside < 2.5) plastic *= 0.62 + 0.152 * (outside < 0 ? 0 : outside);
        const rest = (1 - cover) * plastic;
        r = r * cover + rest * 0.96;
        g = g * cover + rest;
        b = b * cover + rest * 1.07;
      }
      const gain = (lit * (WHITE - FLARE)) / 255;
      r = FLARE + r * gain * red;
      g = FLARE + g * gain;
      b = FLARE + b * gain * blue;
      const sigma = DARK_NOISE + (LIGHT_NOISE - DARK_NOISE) * (g * 0.004);
      const luma = noise[(n + u) & 65535]! * sigma;
      const chroma = noise[(n2 + (u >> 1)) & 65535]! * sigma;
      r += luma + chroma * 0.55 + 0.5;
      g += luma + 0.5;
      b += luma - chroma * 0.75 + 0.5;
      out[o] = r < 0 ? 0 : r > 255 ? 255 : r;
      out[o + 1] = g < 0 ? 0 : g > 255 ? 255 : g;
      out[o + 2] = b < 0 ? 0 : b > 255 ? 255 : b;
      o += 3;
    }
  }
  return out;
}

/** Brightness of the empty tray (0..255 under full light) at a spot, mm from its middle: dark plastic, ribs, rim, wall. */
function trayAt(x: number, y: number, grain: Field): number {
  const ax = x < 0 ? -x : x;
  const ay = y < 0 ? -y : y;
  const overX = ax - TRAY.width / 2;
  const overY = ay - TRAY.height / 2;
  const over = overX > overY ? overX : overY;
  if (over > 0) return over < 1.6 ? 74 - over * 14 : 24 + 3 * grain.at(x / 3 + 128, y / 3 + 128);
  let plastic = 33 + 2.2 * grain.at(x * 1.7 + 128, y * 1.7 + 128) + 2 * grain.at(x / 9 + 128, y / 9 + 128);
  // Shallow ribs across the floor carry the sheet.
  const rib = ((x + 1000) % 40) - 20;
  if (rib > -1 && rib < 1) plastic += 11 - 6 * (rib < 0 ? -rib : rib);
  return plastic;
}

/** Light that arrives at each lattice point of the picture: lamp, slope and vignetting; 1 at the brightest. */
function lightOf(width: number, height: number, m: Mount, s: Sensor): Float32Array {
  const cells = Math.ceil(width / CELL) + 1;
  const rows = Math.ceil(height / CELL) + 1;
  const light = new Float32Array(cells * (rows + 1));
  let most = 0;
  for (let j = 0; j <= rows; j++) {
    for (let i = 0; i < cells; i++) {
      const x = (i * CELL) / width - 0.5;
      const y = (j * CELL) / width - height / width / 2;
      const r2 = x * x + y * y;
      const value = (1 - m.vignette * r2 * 1.6) * (1 + m.slopeX * x + m.slopeY * y * 1.3) + 0.012 * s.cast.at(i / 11 + 9, j / 11 + 9);
      light[j * cells + i] = value;
      if (value > most) most = value;
    }
  }
  for (let i = 0; i < light.length; i++) light[i] = light[i]! / most;
  return light;
}
