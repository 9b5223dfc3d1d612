/**
 * What an oracle is told, in the order in which it happened: the world's own truth (ink, bolt, flash, hands, wire) and the
 * words of the authority and the register. Nothing here is what the firmware thinks of itself.
 */
import type { StrokeTruth } from '../unit/truth';

/** A truth that a fault may bend (driver: the motor runs whatever it is told): what the device cannot be held to while, and just after, that fault is at work. */
export type Bend =
  | 'contact' | 'home' | 'bolt' | 'lid' | 'paper' | 'die' | 'case' // the sensor of it lies
  | 'motion' | 'position' // accelerometer, position receiver
  | 'switches' | 'current' | 'motor' | 'driver' | 'camera' | 'reader' | 'wire' | 'power' | 'flash' | 'clock'
  | 'program'; // the interpreter fails the firmware

/** What a permit allows, as its authority wrote it. Byte strings in hex. */
export interface Claims {
  device: string;
  id: string;
  counter: number;
  epoch: number;
  die: string;
  count: number;
  persons: readonly number[];
  /** By what each shows themselves: 1 finger, 2 passcode, 3 both. Absent: by finger. */
  means?: readonly number[];
  /** Bits: 1 photos, 2 a grant for each stroke, 4 dock only, 8 still. */
  policy: number;
  /** SHA-256 of the document, where somebody looks at it. */
  document?: string;
  /** Unix seconds: the first that is allowed, the first that is too late. */
  notBefore: number;
  notAfter: number;
  /** Fences as SPEC.md section 8 writes them, and the age (s) and accuracy (m) that a fix must have. Absent: anywhere. */
  fences?: readonly (readonly number[])[];
  fix?: { age: number; accuracy: number };
  /** Not a permit: a code, 1 an answer to a challenge, 2 a trip code; with its number and document code. It knows no time of day. */
  code?: { how: number; number: number; document: string; digits: string };
}

/** Something to be done at the unit before the persons it names; actions by their numbers (SPEC.md section 8). Byte strings in hex. */
export interface Order {
  id: string;
  counter: number;
  epoch: number;
  action: number;
  subject?: number;
  /** The die it is about, hex; how that one is pressed from then on: ms, per cent, strokes until it wants ink. */
  die?: string;
  tune?: { dwell: number; duty: number; life: number };
  persons: readonly number[];
  means: readonly number[];
  notBefore: number;
  notAfter: number;
  /** Of what is taken out: when it must be back, Unix seconds. Of that and of what is given back: where it may be, and the seconds without the authority's time. */
  until?: number;
  fences?: readonly (readonly number[])[];
  silence?: number;
}

/** A statement that the authority or the register made. Byte strings in hex. */
export type Statement = { sha256: string } & (
  | { kind: 'permit'; claims: Claims }
  | { kind: 'time'; nonce: string; time: number }
  | { kind: 'stroke'; permit: string; photo: string; seq: number }
  | { kind: 'reject'; permit: string; photo: string; seq: number }
  | { kind: 'top-up'; permit: string; count: number; counter: number; epoch: number }
  | { kind: 'clear'; condition: number; seq: number }
  | { kind: 'revoke'; permit: string; counter: number }
  | { kind: 'epoch'; epoch: number }
  | { kind: 'ack'; through: number; photos: number }
  | { kind: 'ceremony'; order: Order }
  | { kind: 'update'; name: string; version: number }
);

/** A record, from the instant on at which its commit word stood on flash. */
export interface Written {
  /** Virtual ms of that instant. */
  at: number;
  seq: number;
  boot: number;
  uptime: number;
  /** Unix seconds, as the device knew them; null: not. */
  time: number | null;
  kind: number;
  data: ReadonlyMap<number, unknown>;
  bytes: Buffer;
}

export type Fact =
  /** press grows while the die stays down and what lies under it changes. */
  | { what: 'stroke'; stroke: StrokeTruth; press: readonly StrokeTruth[] }
  | { what: 'bolt'; open: boolean }
  /** trial: what starts is an image that will never come up. */
  | { what: 'run'; how: 'boot' | 'trial' | 'cut' | 'reset' | 'hang' }
  | { what: 'exception'; error: unknown }
  | { what: 'record'; record: Written }
  /** Records whose page was erased. */
  | { what: 'erased'; seqs: readonly number[] }
  /** A finger is laid on the reader for so many ms; undefined: nobody's who is enrolled. */
  | { what: 'finger'; person: number | undefined; ms: number }
  /** Somebody begins to type a number and a passcode: that person's own, or not. */
  | { what: 'typed'; person: number; right: boolean }
  /** The authority has given a code, by phone or in advance. */
  | { what: 'coded'; claims: Claims }
  /** Somebody begins to type a code. */
  | { what: 'dialled'; digits: string }
  | { what: 'lid'; open: boolean }
  | { what: 'case'; open: boolean }
  /** other: the name of a sheet that is no page of any document approved. */
  | { what: 'paper'; there: boolean; other?: string }
  /** The dies in the unit from now on: the only one's number, or all of a revolver's joined by +; undefined: none. */
  | { what: 'die'; rom: string | undefined }
  /** A hand turns the revolver. */
  | { what: 'turned'; to: number | undefined }
  /** Hands move the unit for so long: it is set down where it was, leaned over (degrees), or carried to another place. */
  | { what: 'moved'; how: 'lift' | 'drop' | 'carry'; ms: number }
  | { what: 'leaned'; degrees: number }
  /** Where it really is from now on; over so many ms it travels there from where it was. Degrees. */
  | { what: 'place'; latitude: number; longitude: number; ms: number }
  /** The camera took a picture; dark: there was nothing to be seen. */
  | { what: 'picture'; digest: string; size: number; page: string | undefined; impressions: number; dark: boolean }
  /** The host's own camera took a picture, for the unit. */
  | { what: 'handed'; digest: string; size: number; page: string | undefined }
  | { what: 'said'; statement: Statement }
  /** The device answered a statement: 0 done, else its refusal. */
  | { what: 'answered'; statement: Statement; code: number }
  /** The office was given this record. */
  | { what: 'told'; seq: number; bytes: Buffer }
  /** A photo named by a record came to the office, whole and with the record's digest; or it did not. */
  | { what: 'photo'; seq: number; good: boolean }
  /** A session stands at the office's end, or no more. */
  | { what: 'session'; up: boolean }
  | { what: 'wire'; toDevice: boolean; bytes: Buffer }
  | { what: 'plugged'; there: boolean }
  /** lasting: it stays in the unit, as a worn page does. */
  | { what: 'fault'; name: string; on: boolean; bends: readonly Bend[]; lasting?: boolean }
  /** A person says that they are done with a permit (it closes for good). */
  | { what: 'finished' }
  /** All faults are over from now on. */
  | { what: 'healed' };

/** An invariant of SAFETY.md. It is shown every fact and, when all has come to rest, asked for its last word. */
export interface Invariant {
  /** S1..S8, L1..L4. */
  readonly id: string;
  see?(fact: Fact): void;
  /** The unit is at rest, everything was read, every permit that could be used was used. */
  end?(): void;
}
