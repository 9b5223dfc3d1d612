/** What a stroke needs of stores and parts: its photos, and the last judgement before it. */
import { getU16le } from '../../protocol/bytes';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from './device';
import { USUAL } from './dies';
import { FAULT, FULL, Level } from './log';
import { PhotoError, Stroke, Why } from './parts';
import { ready, shotOf } from './permits';
import { NO_RECORD } from './state';
import { In, Policy, Tray, trayBits, type Offer } from './states';

/** The camera is wanted: whoever looks through it gets no more of that picture. */
export function giveWay(d: Device): void {
  const s = d.viewer;
  if (s === undefined || !s.view) return;
  d.viewer = undefined;
  d.parts.camera.cancel();
  d.parts.signal.tray(false);
  s.seen(0, RefusalCode.BUSY);
}

/** A photo of the host's camera that is waited for: before or after the stroke, under which permit, how much of it is there. */
export interface Wanted {
  which: number;
  offer: Offer;
  size: number;
  /** The first half of the next chunk of the store. */
  half: Bytes;
}

/** A photo has come whole, or not: its record, and the answer by PHOTO. */
export function taken(d: Device, which: number, offer: Offer, error: PhotoError, size: number): void {
  const id = offer.id;
  // What shows nothing is not stamped by; after the stroke it is the photo that there is.
  const good = error === PhotoError.NONE || (error === PhotoError.BLIND && which === 1);
  const digest = d.photos.end(d.log.journal.next, good ? size : 0);
  const p = d.state.permit(id);
  const use = p === undefined ? 0 : which === 0 ? p.tried + 1 : p.tried;
  const source = offer.policy & Policy.HOST_CAMERA ? 1 : undefined;
  let code = digest === '' ? RefusalCode.HARDWARE : 0;
  if (code === 0 && d.record(RecordKind.PHOTO, [id, which, digest, size, use, source], Level.USE) < 0) code = RefusalCode.LOG_FULL;
  d.send({ in: In.PHOTO, code: code, detail: good && code !== 0 ? PhotoError.NOT_TAKEN : error, digest: digest });
}

/** Takes a photo, or waits for the host's, and answers by PHOTO. @param which 0 before the stroke, 1 after */
export function capture(d: Device, which: number, offer: Offer): void {
  const photos = d.photos;
  const shot = shotOf(offer.policy);
  giveWay(d);
  // What is freed here must be so on flash before it is erased.
  if (!d.saved && !d.save()) return d.send({ in: In.PHOTO, code: RefusalCode.HARDWARE, detail: PhotoError.NOT_TAKEN, digest: '' });
  if (!photos.room(1, d.parts.camera.largest[shot] as number) || (which === 0 && !d.log.room())) return d.send({ in: In.PHOTO, code: RefusalCode.LOG_FULL, detail: 0, digest: '' });
  if (which === 0) d.place.begin();
  photos.begin();
  if (offer.policy & Policy.HOST_CAMERA) {
    d.wanted = { which: which, offer: offer, size: 0, half: '' };
    return;
  }
  d.parts.camera.capture(
    shot,
    (chunk) => photos.chunk(chunk),
    (error, size) => {
      if (which === 0 && d.place.shaken()) return; // has given it up
      taken(d, which, offer, error, size);
    },
  );
}

/** Judges everything once more, then writes the intent: from here on the stroke counts. */
export function charge(d: Device, offer: Offer, photo: Bytes): number {
  const p = d.state.permit(offer.id);
  if (p === undefined) return RefusalCode.UNKNOWN_PERMIT;
  const code = ready(d, p) || d.people.ended(d.use.shown) || d.place.hold(p);
  if (code !== 0) return code;
  // Never a second intent while one has no outcome.
  if (d.state.intent !== NO_RECORD) return RefusalCode.HARDWARE;
  const now = trayBits(d.parts);
  if (!d.parts.tray.fresh() || (now & (Tray.LID | Tray.PAPER)) !== (Tray.LID | Tray.PAPER)) return RefusalCode.STALE;
  if ((now & (Tray.BOLT | Tray.HOME | Tray.CONTACT | Tray.CASE | Tray.FAULT)) !== (Tray.BOLT | Tray.HOME | Tray.CASE)) return RefusalCode.HARDWARE;
  const seq = d.record(RecordKind.INTENT, [p.id, p.tried + 1, p.used + 1, photo === '' ? undefined : photo, p.die], Level.USE);
  if (seq === FAULT) d.broken(d.log.fault);
  return seq >= 0 && d.log.fault === 0 ? 0 : seq === FULL ? RefusalCode.LOG_FULL : RefusalCode.HARDWARE;
}

/** The stroke has failed before the motor was told to move. */
function unmoved(d: Device, why: Why): void {
  d.send({ in: In.STROKE, result: Stroke.FAILED, why: why, grade: 0, trace: '\x01' + String.fromCharCode(why) });
}

/** The bolt is open: looks once more which die is under the ram, for what keeps it there may be worn; then presses as that die wants it. */
export function press(d: Device): void {
  const p = d.use.offer === undefined ? undefined : d.state.permit(d.use.offer.id);
  if (p === undefined || d.parts.die.atRam() !== p.die) {
    return unmoved(d, Why.DIE);
  }
  if (!d.energy.bears()) return unmoved(d, Why.POWER);
  const known = d.state.dieOf(p.die);
  const how = known === undefined ? USUAL : known.entry.substr(8);
  d.parts.stamper.press(getU16le(how, 0), how.charCodeAt(2), (r) => d.send({ in: In.STROKE, result: r.result, why: r.why, grade: r.grade, trace: r.trace.substr(0, 64) }));
}
