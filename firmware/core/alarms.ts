/**
 * The alarm table. Every condition locks the device at once, leaves an ALARM record and stays latched until the
 * authority clears it by a grant that names the condition and its record.
 *
 * | condition | raised when | by |
 * | --- | --- | --- |
 * | LID | the lid opened between the intent and the end of the stroke | use |
 * | DIE | a die was taken out, added or changed for another (also while the power was off); detail: how many are there; another one than the permit's, or none, under the ram once the bolt was open; detail: Why | use, watch |
 * | STALL | the actuator did not move, stalled, found no contact, did not come home, or is not there at rest; detail: Why | use, watch |
 * | CONTACT | the contact switch is closed without a stroke, or stayed closed after one | use, watch |
 * | BOLT | the bolt is not closed where it must be (detail 0) or did not open (detail 1) | use, watch |
 * | BATTERY | below CRITICAL_MV without USB power; detail: mV | watch |
 * | JOURNAL | flash did not hold what was written; detail: 1 journal, 2 state, 3 photos, 4 keys, 5 lost at start | device |
 * | CAMERA | three captures in a row failed; detail: PhotoError | use |
 * | FINGER | WRONG_FINGERS unknown fingers in a row | watch |
 * | PAPER | the page was gone under a closed lid, after its photo | use |
 * | SENSORS | the switches did not answer for two seconds, or at all during a stroke | use, watch |
 * | OVERCOUNT | a permit that is used up was asked for OVER_COUNT times in a row, each within OVER_MS of the one before (detail: so many); a stroke was to be charged that it does not have (detail 0) | watch, use |
 * | UNKNOWN | power was lost in a stroke: it stays charged, a person decides from the photos; detail: seq of the intent | boot |
 * | CODE | WRONG_CODES passcodes in a row that were wrong, or of nobody | watch |
 * | READER | the fingerprint reader does not know this unit's password: another one; detail: 0 | device |
 * | BLIND | three photos before a stroke in a row showed nothing (detail 0), or the one after it does (detail 1) | use |
 * | CASE | the case is open, in use or not, also when it is found so at a start; detail: the phase, 0 at rest | use, watch |
 * | LINK | taken out or given back: no time of the authority for as long as that was told to last; detail: those seconds | custody |
 * | OVERDUE | taken out: the time to be back is over; detail: the borrower | custody |
 * | CLOCK | the authority's time and the device's are further apart than a clock may drift; detail: those seconds | time |
 * | UPDATE | an image was rolled back (detail: its version), or an older one than was confirmed runs (detail: 0; comes back) | update |
 * | INTERNAL | an exception in the firmware while a use was open; detail: where | device |
 * | TILT | leaning over by more than 30 degrees at two looks in a row while the bolt opened or the actuator pressed | place |
 * | DROP | a fall of a tenth of a second, in use or not | place |
 * | FENCE | provably outside of every fence, twice in a row: of the permit while a use was open under it (detail 0), of the take-out or of the place it was given back to (1) | place, custody |
 * | MOVED | carried off: in spite of USB power while a use was open under a permit for the dock only (detail 0); or, given back and not taken out, from its base (1) | place, custody |
 */
export const enum Alarm {
  LID = 1,
  DIE = 2,
  STALL = 3,
  CONTACT = 4,
  BOLT = 5,
  BATTERY = 6,
  JOURNAL = 7,
  CAMERA = 8,
  FINGER = 9,
  PAPER = 10,
  SENSORS = 11,
  OVERCOUNT = 12,
  UNKNOWN = 13,
  INTERNAL = 14,
  TILT = 15,
  DROP = 16,
  FENCE = 17,
  MOVED = 18,
  CODE = 19,
  READER = 20,
  CASE = 21,
  BLIND = 22,
  LINK = 23,
  UPDATE = 24,
  OVERDUE = 25,
  CLOCK = 26,
}

/** Unknown fingers in a row that raise Alarm.FINGER. */
export const WRONG_FINGERS = 5;
/** Times in a row that somebody asks for a use under a permit without strokes left, none longer than so many ms behind the one before, that raise Alarm.OVERCOUNT. */
export const OVER_COUNT = 5;
export const OVER_MS = 15000;
/** Wrong passcodes in a row, whoever's, that raise Alarm.CODE. */
export const WRONG_CODES = 5;
/** Below this no use is opened and no stroke begun without USB power: a stroke under load must not brown out. */
export const LOW_MV = 3500;
/** Below this Alarm.BATTERY. */
export const CRITICAL_MV = 3300;
