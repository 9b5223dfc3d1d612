import { decodePhotoGet, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import type { Session } from '../core/session';

/** PhotoGet → PhotoChunk, any number of them. */
export function photoGet(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodePhotoGet(body);
  if (m === undefined) return RefusalCode.MALFORMED;
  const size = d.photos.find(m.digest);
  if (size === 0 || m.offset > size) return RefusalCode.NOT_FOUND;
  const left = size - m.offset;
  s.stream(tag, m.digest, m.offset, m.offset + (m.maxBytes > 0 && m.maxBytes < left ? m.maxBytes : left));
  return 0;
}
