import { decodePhotoGet, decodePhotoPut, encodeDone, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import { PhotoError } from '../core/parts';
import { shotOf } from '../core/permits';
import type { Session } from '../core/session';
import { In } from '../core/states';
import { taken } from '../core/stroke';

/** Bytes of a piece, of which two make a chunk of the store. */
const PIECE = 512;

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

/** PhotoPut → Done. What is wrong with it is the host's affair: the photo is waited for as long as before. */
export function photoPut(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodePhotoPut(body);
  const w = d.wanted;
  if (m === undefined) return RefusalCode.MALFORMED;
  if (w === undefined) return RefusalCode.STALE;
  const length = m.data.length;
  const first = m.offset === 0;
  if (!first && m.offset !== w.size) return RefusalCode.IMAGE_OFFSET;
  // Start of image (ITU-T T.81, B.1.1.3).
  if (length === 0 || (length !== PIECE && !m.last) || m.offset + length > (d.parts.camera.largest[shotOf(w.offer.policy)] as number) || (first && m.data.substr(0, 2) !== '\xff\xd8')) return RefusalCode.MALFORMED;
  if (first) {
    if (w.size > 0) d.photos.begin();
    w.size = 0;
    w.half = '';
  }
  const all = w.half + m.data;
  w.half = all.length === PIECE && !m.last ? all : '';
  w.size += length;
  const held = w.half !== '' || d.photos.chunk(all);
  if (!held || m.last) d.wanted = undefined;
  if (!held) {
    d.send({ in: In.PHOTO, code: RefusalCode.HARDWARE, detail: PhotoError.NOT_TAKEN, digest: '' });
    return RefusalCode.HARDWARE;
  }
  s.answer(MessageType.DONE, tag, encodeDone());
  if (m.last) taken(d, w.which, w.offer, PhotoError.NONE, w.size);
  return 0;
}
