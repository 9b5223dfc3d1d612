import { RecordKind } from '../../protocol/evidence';
import { decodeGrantApply, encodeDone, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Grant } from '../../protocol/permit';
import { GrantKind, openGrant } from '../../protocol/permit';
import { Alarm } from '../core/alarms';
import { Ceremony } from '../core/ceremony';
import { TimeSet } from '../core/clock';
import type { Device } from '../core/device';
import { FULL, Level } from '../core/log';
import type { Session } from '../core/session';
import type { Permit } from '../core/state';
import { Close, In } from '../core/states';
import { grantFits, stroking } from '../core/use';

/** Seconds by which the device's clock may differ from the authority's: a month at 100 ppm. */
const DRIFT = 300;

/** What is answered when a record was to be written. A journal that has failed locks the device. */
function told(d: Device, seq: number): number {
  if (seq >= 0) return 0;
  if (seq === FULL) return RefusalCode.LOG_FULL;
  d.broken(d.log.fault);
  return RefusalCode.HARDWARE;
}

function time(d: Device, g: Grant): number {
  const known = d.clock.now();
  const old = known > 0 ? known : d.clock.floor;
  const off = (g.time as number) - old;
  const done = d.clock.set(g.nonce as Bytes, g.time as number);
  if (done === TimeSet.STALE) return RefusalCode.STALE;
  d.custody.heard = d.uptime();
  // One of the two clocks is wrong, whoever's.
  if (known > 0 && (off > DRIFT || off < -DRIFT)) d.raise(Alarm.CLOCK, off < 0 ? -off : off);
  if (done === TimeSet.BACKWARDS) return RefusalCode.CLOCK_BACKWARDS;
  return told(d, d.record(RecordKind.CLOCK, [old, d.clock.now()], Level.USE));
}

/** More strokes under a permit: what is left is set, never added to. */
function topUp(d: Device, g: Grant, grant: Bytes): number {
  const s = d.state;
  const p = s.permit(g.permit as Bytes);
  if (p === undefined) return RefusalCode.UNKNOWN_PERMIT;
  if ((g.epoch as number) < s.epoch) return RefusalCode.REVOKED;
  if (s.seen(g.counter as number)) return RefusalCode.REPLAYED;
  if (p.closed !== 0) return p.closed;
  if (p.until > 0 || p.count >= (g.count as number)) return RefusalCode.STALE;
  const seq = d.record(RecordKind.TOPPED_UP, [p.id, g.count, g.counter, d.natives.sha256(grant)], Level.USE);
  if (seq < 0) return told(d, seq);
  d.send({ in: In.TOP_UP, permit: p.id, left: p.count - p.used });
  return 0;
}

/** The page that was photographed may be stamped, or does not fit, and the run of pages stops. */
function stroke(d: Device, g: Grant): number {
  const id = g.permit as Bytes;
  // By its number as well: a camera that has frozen delivers the same photo for the next page.
  if (!grantFits(d.use, id, g.photo as Bytes) || (d.state.permit(id) as Permit).last !== g.seq) return RefusalCode.STALE;
  const no = g.kind === GrantKind.REJECT;
  const seq = d.record(RecordKind.GRANTED, [id, g.photo, no ? 1 : undefined], Level.USE);
  if (seq < 0) return told(d, seq);
  if (no) d.send({ in: In.CLOSE, reason: Close.PAGE });
  else d.send({ in: In.GRANT, permit: id, digest: g.photo as Bytes });
  return 0;
}

function clear(d: Device, g: Grant, grant: Bytes): number {
  const condition = g.condition as number;
  const a = d.state.latched(condition);
  if (a === undefined || a.seq !== g.seq) return RefusalCode.STALE;
  const seq = d.record(RecordKind.CLEARED, [condition, a.seq, d.natives.sha256(grant)], Level.ALARM);
  if (seq < 0) return told(d, seq);
  d.send({ in: In.CLEARED, condition: condition });
  return 0;
}

function revoke(d: Device, g: Grant): number {
  const s = d.state;
  const epoch = g.epoch;
  const id = g.permit;
  if (epoch !== undefined) {
    if (epoch <= s.epoch) return epoch === s.epoch ? 0 : RefusalCode.STALE;
  } else {
    const p = s.permit(id as Bytes);
    // One that has not come yet never shall: its counter is spent.
    if (p === undefined ? s.seen(g.counter as number) : p.closed !== 0) return 0;
  }
  const seq = d.record(RecordKind.REVOKED, epoch !== undefined ? [epoch] : [undefined, id, g.counter], Level.ALARM);
  const open = d.use.offer;
  if (seq < 0) return told(d, seq);
  if (open !== undefined) {
    const p = s.permit(open.id);
    if (p === undefined || p.closed !== 0) d.send({ in: In.CLOSE, reason: Close.REVOKED });
  }
  return 0;
}

/**
 * What the register has may be forgotten: first remembered for good, then freed. While an alarm stands no photo is, nor the records that
 * led to it: they can be read at the unit until the authority has cleared it; the photos are freed by the next acknowledgement then.
 */
function ack(d: Device, g: Grant): number {
  const j = d.log.journal;
  const through = g.recordsThrough as number;
  const photos = g.photosThrough as number;
  let changed = false;
  if (through > j.next || photos > through) return RefusalCode.STALE;
  // Also one of records that are acknowledged already has to be of this unit's history, since the photos hang on it. Where its last
  // record is given up, nobody can tell: then it frees nothing.
  const last = through > 0 ? j.read(through - 1) : '';
  if (last === '' ? through > d.state.acked : d.natives.sha256(last) !== g.hash) return RefusalCode.STALE;
  if (through > d.state.acked) {
    d.state.acked = through;
    changed = true;
  }
  if (last !== '' && d.state.alarms.length === 0 && d.photos.ack(photos)) changed = true;
  if (!changed && d.saved) return 0;
  if (!d.save()) {
    d.broken(2);
    return RefusalCode.HARDWARE;
  }
  d.log.release();
  return 0;
}

/** Takes in an authentic ceremony. 0, or the RefusalCode. */
function order(d: Device, g: Grant, grant: Bytes): number {
  if (d.ceremony === undefined) d.ceremony = new Ceremony(d);
  return d.ceremony.offer(g, grant);
}

/** GrantApply → Done. */
export function grantApply(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodeGrantApply(body);
  if (m === undefined) return RefusalCode.MALFORMED;
  if (stroking(d.use)) return RefusalCode.BUSY;
  const g = openGrant(d.natives, d.grants, m.grant);
  let code: number;
  if (typeof g === 'number') code = g;
  else if (g.kind === GrantKind.ACK) code = ack(d, g);
  else if (g.kind === GrantKind.TIME) code = time(d, g);
  else if (g.kind === GrantKind.STROKE || g.kind === GrantKind.REJECT) code = stroke(d, g);
  else if (g.kind === GrantKind.TOP_UP) code = topUp(d, g, m.grant);
  else if (g.kind === GrantKind.CLEAR) code = clear(d, g, m.grant);
  else if (g.kind === GrantKind.REVOKE) code = revoke(d, g);
  else if (g.kind === GrantKind.CEREMONY) code = order(d, g, m.grant);
  else code = RefusalCode.MALFORMED;
  if (code === 0) s.answer(MessageType.DONE, tag, encodeDone());
  else if (code !== RefusalCode.BUSY) d.refused(code, undefined, 0);
  return code;
}
