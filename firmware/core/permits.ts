/** Permits: taken in, judged, chosen. What is durable about them is state.ts. */
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Grant } from '../../protocol/permit';
import { GrantKind, Means, openGrant } from '../../protocol/permit';
import type { Device } from './device';
import { dieCode, MAX_DIES, TUNING } from './dies';
import { Level } from './log';
import { Shot } from './parts';
import type { Permit } from './state';
import { MAX_PERMITS, NO_RECORD, STATUS_MAX } from './state';
import type { Offer } from './states';
import { Policy } from './states';

function permitOf(g: Grant, hash: Bytes, size: number): Permit {
  const named = g.persons as number[];
  const persons: number[] = [];
  const means: number[] = [];
  for (let i = 0; i < named.length; i += 2) {
    persons.push(named[i] as number);
    means.push(named[i + 1] as number);
  }
  return {
    id: g.permit as Bytes,
    hash: hash,
    size: size,
    counter: g.counter as number,
    epoch: g.epoch as number,
    notBefore: g.notBefore as number,
    notAfter: g.notAfter as number,
    die: g.die as Bytes,
    count: g.count as number,
    persons: persons,
    means: means,
    policy: g.policy as number,
    idle: g.idle as number,
    fences: g.fences === undefined ? '' : g.fences,
    maxAge: g.maxAge === undefined ? 0 : g.maxAge,
    maxAccuracy: g.maxAccuracy === undefined ? 0 : g.maxAccuracy,
    until: 0,
    used: 0,
    tried: 0,
    closed: 0,
    last: NO_RECORD,
  };
}

/** Takes in a permit entry of the state flash (its first byte, the grant). */
export function restorePermit(d: Device, entry: Bytes): void {
  const grant = entry.substr(1);
  const g = openGrant(d.natives, d.grants, grant);
  if (typeof g === 'number' || g.kind !== GrantKind.PERMIT || d.state.permit(g.permit as Bytes) !== undefined) return;
  d.state.permits.push(permitOf(g, d.natives.sha256(grant), grant.length));
  d.state.mark(g.counter as number);
}

/** 0, or the RefusalCode for which this permit cannot be used now, as far as time, count and revocation go. */
export function judge(d: Device, p: Permit): number {
  const s = d.state;
  const now = d.clock.now();
  if (p.closed !== 0) return p.closed;
  if (p.epoch < s.epoch) return RefusalCode.REVOKED;
  if (p.used >= p.count) return RefusalCode.USED_UP;
  if (p.until > 0) return d.uptime() < p.until ? 0 : RefusalCode.EXPIRED;
  if ((now > 0 ? now : s.floor) >= p.notAfter) return RefusalCode.EXPIRED;
  if (now === 0) return RefusalCode.TIME_UNKNOWN;
  return now < p.notBefore ? RefusalCode.TOO_EARLY : 0;
}

/** How large photos are under a permit of this policy. */
export function shotOf(policy: number): Shot {
  return policy & Policy.SMALL ? Shot.SMALL : Shot.PAGE;
}

/** 0, or the RefusalCode for which the device cannot carry out a stroke under any permit of this policy now. */
export function able(d: Device, policy: number): number {
  if (d.state.service !== 0 || d.maintenance !== undefined) return RefusalCode.SUSPENDED;
  const weak = d.energy.judge();
  if (weak !== 0) return weak;
  return !d.log.room() || (policy & Policy.PHOTOS && !d.photos.room(2, d.parts.camera.largest[shotOf(policy)] as number)) ? RefusalCode.LOG_FULL : 0;
}

/** 0, or the RefusalCode for which the device cannot carry out a stroke under this permit now. */
export function ready(d: Device, p: Permit): number {
  return judge(d, p) || dieCode(d, p.die) || able(d, p.policy) || d.place.judge(p);
}

export function offerOf(p: Permit): Offer {
  return { id: p.id, persons: p.persons, means: p.means, policy: p.policy, idle: p.idle, left: p.count - p.used };
}

/** 0, or the RefusalCode for which one of its persons cannot show themselves now: it would be opened by half, and keep the person from others. */
function absent(d: Device, p: Permit): number {
  for (let i = 0; i < p.persons.length; i++) {
    const person = p.persons[i] as number;
    const means = p.means[i] as number;
    const code = d.people.able(person, means) || d.people.current(person) || (means & Means.PASSCODE ? d.people.barred(person) : 0);
    if (code !== 0) return code;
  }
  return 0;
}

/**
 * The permit that a person opens by these means: the oldest loaded that names the person and can be used, of those behind
 * `after` (empty: all). Else the RefusalCode of the newest that names them, UNKNOWN_PERSON if none does.
 */
export function choose(d: Device, person: number, means: number, after: Bytes): Permit | number {
  let code: number = RefusalCode.UNKNOWN_PERSON;
  let behind = after === '';
  for (const p of d.state.permits) {
    const at = p.persons.indexOf(person);
    if (behind && at >= 0) {
      code = (p.means[at] as number) & means ? ready(d, p) || absent(d, p) : RefusalCode.WRONG_MEANS;
      if (code === 0) return p;
    }
    if (p.id === after) behind = true;
  }
  return code;
}

/** Bytes that all permits and a status entry take on the state flash, with one more grant of this length. */
function load(d: Device, size: number): number {
  let sum = d.store.need(STATUS_MAX) * 2 + d.store.need(size + 1) + d.people.size() + d.custody.size() + d.store.need(TUNING + 1) * MAX_DIES;
  for (const p of d.state.permits) sum += d.store.need(p.size + 1);
  return sum;
}

/** Drops closed permits of which the register knows all, oldest first, until there is room. */
function makeRoom(d: Device, size: number): boolean {
  const s = d.state;
  for (;;) {
    if (s.permits.filter((p) => p.until === 0).length < MAX_PERMITS && load(d, size) <= d.store.capacity()) return true;
    let drop = -1;
    for (let i = s.permits.length - 1; i >= 0; i--) {
      const p = s.permits[i] as Permit;
      if (p.closed !== 0 && p.last < s.acked && p.id !== s.open) drop = i;
    }
    if (drop < 0) return false;
    s.permits.splice(drop, 1);
    // The status entry must forget it before a new permit is written behind.
    if (!d.save()) return false;
  }
}

/** Takes in a permit: checked, durable, recorded. The permit, or why not. */
export function loadPermit(d: Device, grant: Bytes): Permit | number {
  const s = d.state;
  const hash = d.natives.sha256(grant);
  for (const p of s.permits) {
    if (p.hash !== hash) continue;
    recordPermits(d);
    return p;
  }
  const g = openGrant(d.natives, d.grants, grant);
  if (typeof g === 'number') return g;
  if (g.kind !== GrantKind.PERMIT) return RefusalCode.MALFORMED;
  const p = permitOf(g, hash, grant.length);
  const policy = p.policy;
  // A stroke grant, standing still, a size and a source are bound to a photo. Bits that are not known openGrant has refused.
  if (policy & (Policy.GRANTS | Policy.STILL | Policy.SMALL | Policy.HOST_CAMERA) && !(policy & Policy.PHOTOS)) return RefusalCode.UNSUPPORTED;
  const code = judge(d, p);
  if (code === RefusalCode.REVOKED || code === RefusalCode.EXPIRED) return code;
  if (s.seen(p.counter) || s.permit(p.id) !== undefined) return RefusalCode.REPLAYED;
  for (let i = 0; i < p.persons.length; i++) {
    const able = d.people.able(p.persons[i] as number, p.means[i] as number);
    if (able !== 0) return able;
  }
  // One that has to be turned to is a matter of the moment.
  if (dieCode(d, p.die) === RefusalCode.WRONG_DIE) return RefusalCode.WRONG_DIE;
  if (!d.log.room()) return RefusalCode.LOG_FULL;
  if (!makeRoom(d, grant.length)) return RefusalCode.STORE_FULL;
  if (!d.store.put('P' + grant)) {
    d.broken(2);
    return RefusalCode.HARDWARE;
  }
  s.permits.push(p);
  s.mark(p.counter);
  recordPermits(d);
  return p;
}

/** Whether an entry of the state log is a permit that is still known. */
export function keeps(d: Device, entry: Bytes): boolean {
  if (entry.charAt(0) === 'H') return d.people.keep(entry);
  if (entry.charAt(0) === 'C') return d.custody.keep(entry);
  if (entry.charAt(0) === 'D') {
    const known = d.state.dieOf(entry.substr(1, 8));
    return known !== undefined && known.entry === entry.substr(1);
  }
  if (entry.charAt(0) !== 'P') return false;
  const hash = d.natives.sha256(entry.substr(1));
  for (const p of d.state.permits) if (p.hash === hash) return true;
  return false;
}

/** Writes the records that tell of permits; again where a cut, an exception or a full journal came between. */
export function recordPermits(d: Device): void {
  for (const p of d.state.permits) if (p.last === NO_RECORD) d.record(RecordKind.PERMIT, [p.id, p.hash, p.count], Level.USE);
}

/** Closes permits whose time is provably over, so that they can be dropped. */
export function expire(d: Device): void {
  const s = d.state;
  for (const p of s.permits) {
    if (p.closed === 0 && p.id !== s.open && (p.until > 0 ? d.uptime() >= p.until : s.floor >= p.notAfter)) p.closed = RefusalCode.EXPIRED;
  }
}
