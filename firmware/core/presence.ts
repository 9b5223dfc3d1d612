/** Somebody shows a finger or a passcode: who it is, and what it is for. */
import { cborUint } from '../../protocol/cbor';
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import { Means } from '../../protocol/permit';
import type { Device } from './device';
import { dieCode } from './dies';
import { Level } from './log';
import { choose, offerOf } from './permits';
import type { Permit } from './state';
import { In, Phase } from './states';
import { stroking } from './use';

/** Somebody who is known has shown a finger or a passcode. */
function shown(d: Device, person: number, means: number): void {
  const ended = d.people.current(person);
  if (ended !== 0) return d.deny(ended, undefined, person);
  if ((d.offline !== undefined && d.offline.shown(person, means)) || (d.ceremony !== undefined && d.ceremony.show(person, means))) return;
  const use = d.use;
  const opening = use.phase === Phase.OPENING && use.offer !== undefined ? use.offer.id : '';
  const begun = opening === '' ? undefined : d.state.permit(opening);
  // Somebody may have turned to another die since the first person: whoever comes next must find it as it was judged.
  const turned = begun === undefined ? 0 : dieCode(d, begun.die);
  if (turned !== 0) return d.deny(turned, opening, person);
  let chosen: Permit | number = RefusalCode.BUSY;
  if (use.phase === Phase.IDLE || opening !== '') {
    const aside = opening === '' ? d.aside : '';
    d.aside = '';
    if (aside !== '') chosen = choose(d, person, means, aside);
    // Nothing behind it that this person could open: then from the first one again.
    if (typeof chosen === 'number') chosen = choose(d, person, means, opening);
  }
  const offer = typeof chosen === 'number' ? undefined : offerOf(chosen);
  const code = typeof chosen === 'number' ? chosen : 0;
  d.send({ in: In.PERSON, person: person, means: means, offer: offer, code: code });
  d.watch.asked(code);
}

/** @param slot position in the reader; below 0: a finger that it does not know */
export function fingerShown(d: Device, slot: number): void {
  // Nobody is needed now, and flash must not be waited for.
  if (stroking(d.use)) return;
  const person = slot < 0 ? -1 : d.people.owner(slot);
  d.watch.finger(person >= 0);
  if (person < 0) d.deny(RefusalCode.UNKNOWN_PERSON, undefined, 0);
  else shown(d, person, Means.FINGER);
}

/** A number and a passcode were typed. */
export function passcodeShown(d: Device, person: number, code: Bytes): void {
  if (stroking(d.use)) return;
  const wrong = d.people.check(person, code);
  if (wrong === RefusalCode.WRONG_CODE || wrong === RefusalCode.UNKNOWN_PERSON) d.watch.code(false);
  if (wrong !== 0) return d.deny(wrong, undefined, person);
  d.watch.code(true);
  shown(d, person, Means.PASSCODE);
}

/** Writes that a use was opened: by whom, by what means where it was not by finger alone, and where. False: it could not be written. */
export function recordOpened(d: Device, permit: Bytes): boolean {
  const p = d.state.permit(permit);
  const head = String.fromCharCode(128 + d.use.shown.length);
  let persons = head;
  let means = head;
  let fingers = true;
  for (const one of d.use.shown) persons += cborUint(one);
  for (const one of d.use.by) {
    means += cborUint(one);
    if (one !== Means.FINGER) fingers = false;
  }
  d.place.follow();
  const seq = d.record(RecordKind.OPENED, [permit, { cbor: persons }, fingers ? undefined : { cbor: means }], Level.USE);
  return seq >= 0 && (p === undefined || d.place.record(p, true));
}
