import { getU16le } from '../../protocol/bytes';
import type { Status } from '../../protocol/generated/codec';
import { encodeStatus, MessageType } from '../../protocol/generated/codec';
import type { Device } from '../core/device';
import type { Session } from '../core/session';
import { stroking, useState } from '../core/use';
import { trayBits } from '../core/states';

/** StatusGet → Status. */
export function statusGet(d: Device, s: Session, tag: number): number {
  const j = d.log.journal;
  const power = d.parts.power;
  const offer = d.use.offer;
  const fix = d.place.fix;
  const terms = d.custody.terms;
  const until = terms === undefined ? undefined : terms.until;
  // In a stroke its tag is not asked for: the wire would take longer than the drive may be left alone.
  const die = !d.parts.tray.diePresent() ? '' : stroking(d.use) ? d.state.pressed : d.parts.die.atRam();
  const ink = d.state.dieOf(die);
  const m: Status = {
    state: useState(d.use),
    boot: d.state.boot,
    uptimeS: Math.floor(d.uptime() / 1000),
    time: d.clock.now(),
    timeFloor: d.clock.floor,
    firstSeq: j.first,
    nextSeq: j.next,
    ackedSeq: d.state.acked,
    alarms: d.use.alarms >>> 0,
    batteryMv: power.millivolts(),
    sensors: (trayBits(d.parts) & 63) | (power.usb() ? 64 : 0),
    die: die,
    dies: d.state.die.length < 8 ? '' : d.state.die.substr(0, 32),
    strokesInked: ink === undefined ? 0 : ink.strokes,
    inkLife: ink === undefined ? 0 : getU16le(ink.entry, 11),
    epoch: d.state.epoch,
    journalFree: j.free(),
    photoFree: d.photos.free(),
    permit: offer === undefined ? '' : offer.id,
    service: d.state.service,
    ceremony: d.ceremony === undefined ? 0 : d.ceremony.action(),
    latitude: fix === undefined ? 0 : fix.latitude >>> 0,
    longitude: fix === undefined ? 0 : fix.longitude >>> 0,
    accuracyM: fix === undefined ? 0 : fix.accuracy,
    fixAgeS: fix === undefined ? 0 : Math.floor((d.uptime() - fix.at) / 1000),
    motion: d.place.bits(),
    custody: terms === undefined ? 0 : until === undefined ? 1 : 2,
    due: until === undefined ? 0 : until,
    photoWanted: d.wanted === undefined ? 0 : d.wanted.which + 1,
  };
  s.answer(MessageType.STATUS, tag, encodeStatus(m));
  return 0;
}
