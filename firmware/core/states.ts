/** What a use can be in, be told, and ask for: the closed unions of use.ts. */
import type { Bytes } from '../../protocol/natives';
import type { Parts } from './parts';

/** Numbers 1..5 and 7 are those of UseState in the protocol; the rest are reported as STROKING. */
export const enum Phase {
  IDLE = 1,
  OPENING = 2,
  OPEN = 3,
  LOOKING = 4,
  GRANT = 5,
  CHARGING = 6,
  AFTER = 7,
  PARKING = 9,
  UNBOLTING = 10,
  PRESSING = 11,
  BOLTING = 12,
}

/** Why a use ended; stands in the CLOSED record. */
export const enum Close {
  USED_UP = 1,
  FINISHED = 2,
  IDLE = 3,
  EXPIRED = 4,
  ALARM = 5,
  REVOKED = 6,
  REFUSED = 7,
  RESTART = 8,
  PAGE = 9,
  /** Put aside for the next permit of whoever shows themselves now. */
  ASIDE = 10,
}

/** Bits of the switches, as in Status.sensors; FAULT: they do not answer. */
export const enum Tray {
  LID = 1,
  PAPER = 2,
  DIE = 4,
  BOLT = 8,
  HOME = 16,
  CONTACT = 32,
  CASE = 64,
  FAULT = 128,
}

/** Bits of a permit's policy. */
export const enum Policy {
  PHOTOS = 1,
  GRANTS = 2,
  DOCK = 4,
  STILL = 8,
  SMALL = 16,
  HOST_CAMERA = 32,
  CROSS_PAGE = 64,
}

/** What a use needs of its permit. */
export interface Offer {
  id: Bytes;
  /** All of them must show themselves, each by the means (bits: 1 finger, 2 passcode) at the same place. */
  persons: number[];
  means: number[];
  policy: number;
  /** Seconds without progress after which the use closes. */
  idle: number;
  /** Strokes left. */
  left: number;
}

export interface Use {
  phase: Phase;
  offer: Offer | undefined;
  /** Persons who have shown themselves, and by what means so far. */
  shown: number[];
  by: number[];
  left: number;
  tray: number;
  /** The lid must be opened before the next stroke: the page has its stamp. */
  turn: boolean;
  /** Digest of the photo before; empty: none. */
  photo: Bytes;
  /** Captures that failed in a row. */
  tries: number;
  /** Times that the unit was moved behind its photo, since the last stroke. */
  moves: number;
  /** Why the use will close once the stroke is over; 0: it goes on. */
  ending: number;
  /** Bit n: Alarm n is latched. */
  alarms: number;
}

export const enum In {
  /** After a reset, or after an exception: come to rest. */
  START = 1,
  PERSON = 2,
  TRAY = 3,
  PHOTO = 4,
  GRANT = 5,
  CHARGED = 6,
  STROKE = 7,
  PARKED = 8,
  CLOSE = 9,
  ALARM = 10,
  CLEARED = 11,
  TIMEOUT = 12,
  MOVED = 13,
  TOP_UP = 14,
}

export type Input =
  | { in: In.START; tray: number }
  /** A known person's finger (1) or passcode (2). offer: the permit to open (while OPENING: another one than that), else code says why not. */
  | { in: In.PERSON; person: number; means: number; offer: Offer | undefined; code: number }
  | { in: In.TRAY; tray: number }
  /** code 0: photo and its record are durable (detail BLIND: it shows nothing). LOG_FULL: the store did not take it. Otherwise HARDWARE, detail PhotoError. */
  | { in: In.PHOTO; code: number; detail: number; digest: Bytes }
  /** An authentic stroke grant. */
  | { in: In.GRANT; permit: Bytes; digest: Bytes }
  /** code 0: the intent is durable. STALE: lid or page are not as photographed. MOVED: the unit was moved since, or does not stand. */
  | { in: In.CHARGED; code: number }
  | { in: In.STROKE; result: number; why: number; grade: number; trace: Bytes }
  | { in: In.PARKED; ok: boolean }
  | { in: In.CLOSE; reason: number }
  | { in: In.ALARM; condition: number; detail: number }
  | { in: In.CLEARED; condition: number }
  | { in: In.TIMEOUT }
  /** The unit was moved since its photo was begun. */
  | { in: In.MOVED }
  /** The permit has so many strokes left from now on. */
  | { in: In.TOP_UP; permit: Bytes; left: number };

export const enum Fx {
  REFUSE = 1,
  OPENED = 2,
  CAPTURE = 3,
  CANCEL = 4,
  CHARGE = 5,
  BOLT = 6,
  PRESS = 7,
  STOP = 8,
  PARK = 9,
  OUTCOME = 10,
  CLOSED = 11,
  ALARM = 12,
  TIMER = 13,
}

export type Effect =
  | { fx: Fx.REFUSE; code: number; person: number }
  /** Record: opened by the persons shown. */
  | { fx: Fx.OPENED; offer: Offer }
  /** which: 0 before, 1 after. Answered by PHOTO. */
  | { fx: Fx.CAPTURE; which: number; offer: Offer }
  | { fx: Fx.CANCEL }
  /** Judge permit, die, switches, battery and stores once more, then write the intent. Answered by CHARGED. */
  | { fx: Fx.CHARGE; offer: Offer; photo: Bytes }
  | { fx: Fx.BOLT; open: boolean }
  | { fx: Fx.PRESS }
  | { fx: Fx.STOP }
  | { fx: Fx.PARK }
  | { fx: Fx.OUTCOME; offer: Offer; result: number; trace: Bytes; grade: number }
  | { fx: Fx.CLOSED; offer: Offer; reason: number }
  | { fx: Fx.ALARM; condition: number; detail: number }
  /** ms 0: none. */
  | { fx: Fx.TIMER; ms: number };

export interface Step {
  state: Use;
  effects: Effect[];
}

/** Bits of Tray as the switches stand. */
export function trayBits(p: Parts): number {
  return (
    (p.tray.lidClosed() ? Tray.LID : 0) | (p.tray.paper() ? Tray.PAPER : 0) | (p.tray.diePresent() ? Tray.DIE : 0) |
    (p.bolt.closed() ? Tray.BOLT : 0) | (p.stamper.home() ? Tray.HOME : 0) | (p.stamper.contact() ? Tray.CONTACT : 0) |
    (p.tray.fault() ? Tray.FAULT : 0) | (p.tray.caseClosed() ? Tray.CASE : 0)
  );
}
