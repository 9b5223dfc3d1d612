/** Takes a photo for the use: into the store, then its record, then the answer to the use. */
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from './device';
import { Level } from './log';
import { PhotoError } from './parts';
import { In } from './states';

/** @param which 0 before the stroke, 1 after it @param id the permit */
export function capture(d: Device, which: number, id: Bytes): void {
  const photos = d.photos;
  // What is freed here must be so on flash before it is erased.
  if (!d.saved && !d.save()) return d.send({ in: In.PHOTO, code: RefusalCode.HARDWARE, detail: PhotoError.NOT_TAKEN, digest: '' });
  if (!photos.room(1, d.parts.camera.largest)) return d.send({ in: In.PHOTO, code: RefusalCode.LOG_FULL, detail: 0, digest: '' });
  photos.begin();
  d.parts.camera.capture(
    (chunk) => photos.chunk(chunk),
    (error, size) => {
      const digest = photos.end(d.log.journal.next, error === PhotoError.NONE ? size : 0);
      const p = d.state.permit(id);
      const use = p === undefined ? 0 : which === 0 ? p.tried + 1 : p.tried;
      let code = digest === '' ? RefusalCode.HARDWARE : 0;
      if (code === 0 && d.record(RecordKind.PHOTO, [id, which, digest, size, use], Level.USE) < 0) code = RefusalCode.LOG_FULL;
      d.send({ in: In.PHOTO, code: code, detail: error === PhotoError.NONE ? PhotoError.NOT_TAKEN : error, digest: digest });
    },
  );
}
