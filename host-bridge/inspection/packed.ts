/** Pictures that wait: a page in 8 bits a pixel and deflated is a hundredth of its plane, and is unpacked in some ten milliseconds. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { fromBytes, type Plane } from './plane';

/** The one unpacked last: a photo is held against one page, which is looked at many times. */
let last: { packed: Uint8Array; plane: Plane } | undefined;

/** @param of values 0..1, kept in steps of 1/255. @returns unpacks it; what it gives belongs to everybody, and is not written to */
export function packed({ width, height, data }: Plane): () => Plane {
  const grey = new Uint8Array(data.length);
  for (let i = 0; i < grey.length; i++) grey[i] = 255 * data[i]! + 0.5;
  const bytes = deflateRawSync(grey, { level: 1 });
  return () => {
    if (last?.packed !== bytes) last = { packed: bytes, plane: fromBytes(width, height, inflateRawSync(bytes), 1 / 255) };
    return last.plane;
  };
}
