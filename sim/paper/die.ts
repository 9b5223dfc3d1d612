/** The face of a seal: the relief that meets the paper. */

/** Where the face carries ink: 0 (recess) to 255 (relief), rows from the top, as the impression reads on paper. */
export interface Relief {
  width: number;
  height: number;
  alpha: Uint8Array;
  /** Pixels a millimetre. */
  scale: number;
}

export interface Face {
  /** Name for people and for the list of impressions. */
  name: string;
  widthMm: number;
  heightMm: number;
  /** Without a relief the impression is only noted, nothing is drawn. */
  relief?: Relief;
}

/** A face from a PNG whose opaque pixels are the relief; without transparency, whose dark pixels are. */
export async function readFace(file: string, name: string, dpi = 300): Promise<Face> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(file, { limitInputPixels: 16_000_000 }).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const alpha = new Uint8Array(pixels);
  let clear = false;
  for (let i = 0; i < pixels; i++) {
    alpha[i] = data[i * 4 + 3]!;
    if (alpha[i]! < 128) clear = true;
  }
  if (!clear) for (let i = 0; i < pixels; i++) alpha[i] = 255 - ((data[i * 4]! + data[i * 4 + 1]! * 2 + data[i * 4 + 2]!) >> 2);
  const scale = dpi / 25.4;
  return { name, widthMm: info.width / scale, heightMm: info.height / scale, relief: { width: info.width, height: info.height, alpha, scale } };
}

/** The share of the neighbourhood (square of 2r+1 pixels) that is relief, 0..255: what the edge of the ink film needs. */
export function spread(relief: Relief, radius: number): Float32Array {
  const { width: w, height: h, alpha } = relief;
  const rows = new Float32Array(w * h);
  const out = new Float32Array(w * h);
  const span = 2 * radius + 1;
  for (let y = 0; y < h; y++) {
    let sum = 0;
    for (let x = -radius; x < w; x++) {
      if (x + radius < w) sum += alpha[y * w + x + radius]!;
      if (x - radius - 1 >= 0) sum -= alpha[y * w + x - radius - 1]!;
      if (x >= 0) rows[y * w + x] = sum / span;
    }
  }
  for (let x = 0; x < w; x++) {
    let sum = 0;
    for (let y = -radius; y < h; y++) {
      if (y + radius < h) sum += rows[(y + radius) * w + x]!;
      if (y - radius - 1 >= 0) sum -= rows[(y - radius - 1) * w + x]!;
      if (y >= 0) out[y * w + x] = sum / span;
    }
  }
  return out;
}
