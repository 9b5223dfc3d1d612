/**
 * The use of a seal as a pure function: step(state, input) gives the next state and the effects to carry out, in order.
 * It knows no clock, part or store. Rules between it and the shell (device.ts):
 * - Effects are carried out in order; where a record cannot be written, CAPTURE and CHARGE behind it are not carried out
 *   (CHARGE is answered by HARDWARE) and an ALARM input follows.
 * - CHARGE is answered by CHARGED before anything else is; only its success lets a step ask for the bolt.
 * - TIMER replaces the one timer there is; every state but IDLE has one running, so none can be stuck in.
 */
import type { Bytes } from '../../protocol/natives';
import { RefusalCode } from '../../protocol/generated/codec';
import { Alarm } from './alarms';
import { PhotoError, Stroke, Why } from './parts';
import type { Effect, Input, Offer, Step, Use } from './states';
import { Close, Fx, In, Phase, Policy, Tray } from './states';

const PERSONS_MS = 30000;
const CAPTURE_MS = 25000;
/** For a photo of the host's camera. */
const HOST_MS = 60000;
const CHARGE_MS = 5000;
const UNBOLT_MS = 600;
const PRESS_MS = 12000;
const STOP_MS = 1000;
const BOLT_MS = 1000;
const PARK_MS = 6000;
const CAPTURES = 3;
/** Times that a page is photographed again because the unit was moved. */
const MOVES = 3;

export function newUse(): Use {
  return { phase: Phase.IDLE, offer: undefined, shown: [], by: [], left: 0, tray: 0, turn: false, photo: '', tries: 0, moves: 0, ending: 0, alarms: 0 };
}

/** The number that goes out in Status and Notice. */
export function useState(s: Use): number {
  if (s.phase === Phase.IDLE && s.alarms !== 0) return 8;
  return s.phase > 8 ? 6 : s.phase;
}

/** From intent to outcome: nothing else may come between. */
export function stroking(s: Use): boolean {
  return s.phase > 8 || s.phase === Phase.CHARGING;
}

function go(s: Use, fx: Effect[], phase: Phase, ms: number): void {
  s.phase = phase;
  fx.push({ fx: Fx.TIMER, ms: ms });
}

function refuse(fx: Effect[], code: number, person: number): void {
  fx.push({ fx: Fx.REFUSE, code: code, person: person });
}

function close(s: Use, fx: Effect[], reason: number): void {
  if (s.offer !== undefined && s.phase !== Phase.OPENING) fx.push({ fx: Fx.CLOSED, offer: s.offer, reason: reason });
  s.offer = undefined;
  s.shown = [];
  s.by = [];
  s.photo = '';
  s.moves = 0;
  s.ending = 0;
  go(s, fx, Phase.IDLE, 0);
}

function charge(s: Use, fx: Effect[], offer: Offer): void {
  go(s, fx, Phase.CHARGING, CHARGE_MS);
  fx.push({ fx: Fx.CHARGE, offer: offer, photo: s.photo });
}

function capture(s: Use, fx: Effect[], offer: Offer, phase: Phase): void {
  go(s, fx, phase, offer.policy & Policy.HOST_CAMERA ? HOST_MS : CAPTURE_MS);
  fx.push({ fx: Fx.CAPTURE, which: phase === Phase.AFTER ? 1 : 0, offer: offer });
}

/** Open and waiting: goes on as soon as a new page lies under a closed lid. */
function open(s: Use, fx: Effect[], offer: Offer): void {
  s.photo = '';
  s.tries = 0;
  if (!s.turn && (s.tray & (Tray.LID | Tray.PAPER)) === (Tray.LID | Tray.PAPER)) {
    if (offer.policy & Policy.PHOTOS) capture(s, fx, offer, Phase.LOOKING);
    else charge(s, fx, offer);
  } else if (s.phase !== Phase.OPEN) go(s, fx, Phase.OPEN, offer.idle * 1000);
}

/** After a stroke, bolt closed and actuator home (or an alarm latched that says otherwise): the photo, then what follows. */
function finish(s: Use, fx: Effect[]): void {
  const offer = s.offer;
  if (offer === undefined) close(s, fx, 0);
  else if (s.phase !== Phase.AFTER && offer.policy & Policy.PHOTOS) capture(s, fx, offer, Phase.AFTER);
  else if (s.alarms !== 0) close(s, fx, Close.ALARM);
  else if (s.ending !== 0) close(s, fx, s.ending);
  else if (s.left <= 0) close(s, fx, Close.USED_UP);
  else {
    s.turn = true;
    s.moves = 0;
    open(s, fx, offer);
  }
}

/** Moved behind its photo: the next look at the switches begins anew, unless it was too often or the permit forbids it. */
function moved(s: Use, fx: Effect[], offer: Offer): void {
  const behind = s.phase !== Phase.LOOKING;
  if (!behind) fx.push({ fx: Fx.CANCEL });
  if (++s.moves >= MOVES || (behind && offer.policy & Policy.STILL)) {
    refuse(fx, RefusalCode.MOVED, 0);
    return close(s, fx, Close.REFUSED);
  }
  s.tray = s.tray & ~Tray.LID;
  open(s, fx, offer);
}

function bolting(s: Use, fx: Effect[]): void {
  if (s.tray & Tray.BOLT) finish(s, fx);
  else go(s, fx, Phase.BOLTING, BOLT_MS);
}

function outcome(s: Use, fx: Effect[], result: number, trace: Bytes, grade: number, park: boolean): void {
  fx.push({ fx: Fx.BOLT, open: false });
  if (s.offer !== undefined) fx.push({ fx: Fx.OUTCOME, offer: s.offer, result: result, trace: trace, grade: grade });
  if (result === Stroke.FAILED) s.left++;
  s.tries = 0;
  // The switch showed the bolt open, or never told: only a report that comes after this counts.
  s.tray = s.tray & ~Tray.BOLT;
  if (park) {
    go(s, fx, Phase.PARKING, PARK_MS);
    fx.push({ fx: Fx.PARK });
  } else bolting(s, fx);
}

function alarm(s: Use, fx: Effect[], condition: number, detail: number): void {
  if (s.alarms & (1 << condition)) return;
  s.alarms = s.alarms | (1 << condition);
  fx.push({ fx: Fx.BOLT, open: false });
  if (s.phase === Phase.PRESSING || s.phase === Phase.UNBOLTING) fx.push({ fx: Fx.STOP });
  fx.push({ fx: Fx.ALARM, condition: condition, detail: detail });
  if (s.phase === Phase.LOOKING) fx.push({ fx: Fx.CANCEL });
  if (s.phase < Phase.CHARGING && s.phase !== Phase.IDLE) close(s, fx, Close.ALARM);
  // The actuator has not been told to move: provably nothing was stamped.
  else if (s.phase === Phase.UNBOLTING) outcome(s, fx, Stroke.FAILED, '', 0, true);
  // The stopped stroke reports what was proven so far.
  else if (s.phase === Phase.PRESSING) fx.push({ fx: Fx.TIMER, ms: STOP_MS });
}

/** The stroke is over and its outcome comes next: behind that, a power cut would leave nothing to tell that the alarm is owed. */
function ended(s: Use, fx: Effect[], condition: number, detail: number): void {
  s.phase = Phase.PARKING;
  alarm(s, fx, condition, detail);
}

/** How many of those whom the permit names have shown themselves by all means it asks of them. */
export function present(s: Use, offer: Offer): number {
  let there = 0;
  for (let i = 0; i < offer.persons.length; i++) {
    const at = s.shown.indexOf(offer.persons[i] as number);
    const wanted = offer.means[i] as number;
    if (at >= 0 && ((s.by[at] as number) & wanted) === wanted) there++;
  }
  return there;
}

function person(s: Use, fx: Effect[], id: number, means: number, offer: Offer | undefined, code: number): void {
  const current = s.offer;
  if (s.alarms !== 0) return refuse(fx, RefusalCode.ALARM_ACTIVE, id);
  if (s.phase === Phase.OPENING && current !== undefined) {
    const place = current.persons.indexOf(id);
    const at = s.shown.indexOf(id);
    if (place < 0) return refuse(fx, RefusalCode.BUSY, id);
    if (at < 0 || !((s.by[at] as number) & means)) {
      if (!((current.means[place] as number) & means)) return refuse(fx, RefusalCode.WRONG_MEANS, id);
      offer = current;
      s.by = at < 0 ? s.by.concat([means]) : s.by.map((b, i) => (i === at ? b | means : b));
      if (at < 0) s.shown = s.shown.concat([id]);
    } else if (offer === undefined) return refuse(fx, RefusalCode.SAME_PERSON, id);
    else {
      s.shown = [id];
      s.by = [means];
    }
  } else if (s.phase !== Phase.IDLE) {
    if (current === undefined || current.persons.indexOf(id) < 0) refuse(fx, RefusalCode.BUSY, id);
    return;
  } else if (offer === undefined) return refuse(fx, code, id);
  else {
    s.shown = [id];
    s.by = [means];
  }
  s.offer = offer;
  if (present(s, offer) < offer.persons.length) return go(s, fx, Phase.OPENING, PERSONS_MS);
  s.left = offer.left;
  s.turn = false;
  fx.push({ fx: Fx.OPENED, offer: offer });
  open(s, fx, offer);
}

/** Lid, page, bolt or case changed. */
function tray(s: Use, fx: Effect[], bits: number): void {
  const offer = s.offer;
  const lid = bits & Tray.LID;
  const paper = bits & Tray.PAPER;
  s.tray = bits;
  if (!(bits & (Tray.CASE | Tray.FAULT))) alarm(s, fx, Alarm.CASE, s.phase);
  if (s.phase === Phase.BOLTING) {
    if (bits & Tray.BOLT) finish(s, fx);
    return;
  }
  if (offer === undefined) return;
  if (s.phase === Phase.UNBOLTING || s.phase === Phase.PRESSING) {
    if (bits & Tray.FAULT) alarm(s, fx, Alarm.SENSORS, s.phase);
    else if (!lid) alarm(s, fx, Alarm.LID, s.phase);
    else if (!paper) alarm(s, fx, Alarm.PAPER, s.phase);
    else if (s.phase === Phase.UNBOLTING && !(bits & Tray.BOLT)) {
      go(s, fx, Phase.PRESSING, PRESS_MS);
      fx.push({ fx: Fx.PRESS });
    }
  } else if (s.phase === Phase.OPEN) {
    if (!lid && !(bits & Tray.FAULT)) s.turn = false;
    open(s, fx, offer);
  } else if ((s.phase === Phase.LOOKING || s.phase === Phase.GRANT) && !(lid && paper)) {
    if (s.phase === Phase.GRANT && lid) return alarm(s, fx, Alarm.PAPER, s.phase);
    if (s.phase === Phase.LOOKING) fx.push({ fx: Fx.CANCEL });
    open(s, fx, offer);
  }
}

function photo(s: Use, fx: Effect[], code: number, detail: number, digest: Bytes): void {
  const offer = s.offer;
  if (offer === undefined || (s.phase !== Phase.LOOKING && s.phase !== Phase.AFTER)) return;
  if (code === 0) {
    if (s.phase === Phase.AFTER) {
      if (detail === PhotoError.BLIND) alarm(s, fx, Alarm.BLIND, 1);
      return finish(s, fx);
    }
    s.photo = digest;
    s.tries = 0;
    if (offer.policy & Policy.GRANTS) go(s, fx, Phase.GRANT, offer.idle * 1000);
    else charge(s, fx, offer);
  } else if (code === RefusalCode.LOG_FULL && s.phase === Phase.LOOKING) {
    refuse(fx, code, 0);
    close(s, fx, Close.REFUSED);
  } else if (++s.tries < CAPTURES) capture(s, fx, offer, s.phase);
  else {
    const after = s.phase === Phase.AFTER;
    if (detail === PhotoError.BLIND) alarm(s, fx, Alarm.BLIND, 0);
    else alarm(s, fx, Alarm.CAMERA, detail);
    if (after) finish(s, fx);
  }
}

function charged(s: Use, fx: Effect[], code: number): void {
  const offer = s.offer;
  if (offer === undefined || s.phase !== Phase.CHARGING) return;
  if (code === RefusalCode.STALE && s.alarms === 0 && s.ending === 0) {
    s.tray = s.tray & ~Tray.LID;
    open(s, fx, offer);
  } else if (code === RefusalCode.MOVED && s.alarms === 0 && s.ending === 0) moved(s, fx, offer);
  else if (code !== 0) {
    if (code === RefusalCode.USED_UP) alarm(s, fx, Alarm.OVERCOUNT, 0);
    else refuse(fx, code, 0);
    close(s, fx, s.alarms !== 0 ? Close.ALARM : Close.REFUSED);
  } else {
    s.left--;
    if (s.alarms !== 0) return outcome(s, fx, Stroke.FAILED, '', 0, false);
    go(s, fx, Phase.UNBOLTING, UNBOLT_MS);
    fx.push({ fx: Fx.BOLT, open: true });
  }
}

/** What a stroke that did not go as it should says about the parts; 0: nothing. */
function condition(why: number): number {
  if (why === Why.FINE || why === Why.STOPPED) return 0;
  if (why === Why.CONTACT_BEFORE || why === Why.CONTACT_STUCK) return Alarm.CONTACT;
  if (why === Why.DIE) return Alarm.DIE;
  return why === Why.SILENT ? Alarm.SENSORS : Alarm.STALL;
}

/** The host has handed over no photo: the use ends, and nothing is broken. */
function absent(s: Use, fx: Effect[]): void {
  refuse(fx, RefusalCode.NO_PHOTO, 0);
  if (s.phase === Phase.LOOKING) return close(s, fx, Close.REFUSED);
  if (s.ending === 0) s.ending = s.left > 0 ? Close.REFUSED : Close.USED_UP;
  finish(s, fx);
}

function timeout(s: Use, fx: Effect[]): void {
  const phase = s.phase;
  if (phase === Phase.OPENING || phase === Phase.OPEN || phase === Phase.GRANT) close(s, fx, Close.IDLE);
  else if (phase === Phase.LOOKING || phase === Phase.AFTER) {
    fx.push({ fx: Fx.CANCEL });
    if (s.offer !== undefined && s.offer.policy & Policy.HOST_CAMERA) absent(s, fx);
    else photo(s, fx, RefusalCode.HARDWARE, PhotoError.TIMEOUT, '');
  } else if (phase === Phase.CHARGING) charged(s, fx, RefusalCode.HARDWARE);
  else if (phase === Phase.UNBOLTING) alarm(s, fx, Alarm.BOLT, 1);
  else if (phase === Phase.PRESSING) {
    fx.push({ fx: Fx.STOP });
    ended(s, fx, Alarm.STALL, Why.NOT_HOME);
    outcome(s, fx, Stroke.UNKNOWN, '', 0, true);
  } else if (phase === Phase.BOLTING) {
    alarm(s, fx, Alarm.BOLT, 0);
    finish(s, fx);
  } else if (phase === Phase.PARKING) {
    fx.push({ fx: Fx.STOP });
    alarm(s, fx, Alarm.STALL, Why.NOT_HOME);
    bolting(s, fx);
  }
}

/** Brings bolt and actuator to rest, whatever they are at. */
function rest(s: Use, fx: Effect[]): void {
  s.tray = s.tray & ~Tray.BOLT;
  fx.push({ fx: Fx.BOLT, open: false });
  go(s, fx, Phase.PARKING, PARK_MS);
  fx.push({ fx: Fx.PARK });
}

/** One step. The state given is not changed. */
export function step(before: Use, input: Input): Step {
  const s: Use = Object.assign({}, before);
  const fx: Effect[] = [];
  if (input.in === In.TRAY) tray(s, fx, input.tray);
  else if (input.in === In.PERSON) person(s, fx, input.person, input.means, input.offer, input.code);
  else if (input.in === In.TIMEOUT) timeout(s, fx);
  else if (input.in === In.PHOTO) photo(s, fx, input.code, input.detail, input.digest);
  else if (input.in === In.CHARGED) charged(s, fx, input.code);
  else if (input.in === In.STROKE) {
    if (s.phase === Phase.PRESSING && input.why === Why.POWER) {
      if (s.ending === 0) s.ending = Close.REFUSED;
      outcome(s, fx, input.result, input.trace, 0, true);
      refuse(fx, RefusalCode.BATTERY_LOW, 0);
    } else if (s.phase === Phase.PRESSING) {
      const c = condition(input.why);
      // What is not proven locks the device, whatever reason is given; after a stop the alarm that caused it stands already.
      if (c !== 0 || (input.result !== Stroke.STAMPED && s.alarms === 0)) ended(s, fx, c === 0 ? Alarm.STALL : c, input.why);
      outcome(s, fx, input.result, input.trace, input.grade, input.why !== Why.FINE);
    }
  } else if (input.in === In.PARKED) {
    if (s.phase === Phase.PARKING) {
      if (input.ok) s.tray = s.tray | Tray.HOME;
      else alarm(s, fx, Alarm.STALL, Why.NOT_HOME);
      bolting(s, fx);
    }
  } else if (input.in === In.GRANT) {
    if (grantFits(s, input.permit, input.digest)) charge(s, fx, s.offer as Offer);
  } else if (input.in === In.CLOSE) {
    if (s.phase === Phase.LOOKING) fx.push({ fx: Fx.CANCEL });
    // Finished, or revoked, is for good.
    if (stroking(s) || s.phase === Phase.AFTER) s.ending = s.ending === Close.FINISHED || s.ending === Close.REVOKED ? s.ending : input.reason;
    else if (s.phase !== Phase.IDLE) close(s, fx, input.reason);
  } else if (input.in === In.ALARM) alarm(s, fx, input.condition, input.detail);
  else if (input.in === In.MOVED) {
    if (s.offer !== undefined && (s.phase === Phase.LOOKING || s.phase === Phase.GRANT)) moved(s, fx, s.offer);
  } else if (input.in === In.TOP_UP) {
    if (s.offer !== undefined && s.offer.id === input.permit) {
      s.left = input.left;
      const more: Offer = Object.assign({}, s.offer);
      more.left = input.left;
      s.offer = more;
    }
  } else if (input.in === In.CLEARED) {
    s.alarms = s.alarms & ~(1 << input.condition);
    // What was stuck may have come free where it stood: nothing else would ever move it.
    if (s.phase === Phase.IDLE && s.alarms === 0 && (s.tray & (Tray.HOME | Tray.BOLT)) !== (Tray.HOME | Tray.BOLT)) rest(s, fx);
  } else {
    s.tray = input.tray;
    s.offer = undefined;
    rest(s, fx);
  }
  return { state: s, effects: fx };
}

/** Whether a stroke grant is for what the device is waiting with. */
export function grantFits(s: Use, permit: Bytes, digest: Bytes): boolean {
  return s.phase === Phase.GRANT && s.offer !== undefined && s.offer.id === permit && s.photo === digest;
}
