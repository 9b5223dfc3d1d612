/**
 * What the core needs of the parts of a seal. The drivers implement it; the core knows seals and never a part.
 *
 * Rules for every part:
 * - Built by `createParts(board: Board): Parts` of firmware/drivers/parts.ts, which first of all lets go of the bolt and
 *   stops the motor, then returns at once (what a part needs to start up runs on board.after).
 * - Calls go out from board.after or a port's receiver, which are guarded against exceptions by the core; a callback
 *   may also come while the call that caused it is still running.
 * - A part that fails ends what it was asked with an error; every `done` comes exactly once, within the time written here.
 */
import type { Bytes } from '../../protocol/natives';

/** What became of a stroke. */
export const enum Stroke {
  /** The contact switch closed while the actuator was pressing. */
  STAMPED = 1,
  /** The die provably did not reach the paper (see StrokeResult). */
  FAILED = 2,
  /** Neither is proven. */
  UNKNOWN = 3,
}

/** Why a stroke or a way home ended as it did. */
export const enum Why {
  FINE = 0,
  /** The home switch never opened. */
  NO_MOTION = 1,
  /** Current above the stall limit before contact. */
  STALL = 2,
  /** The whole travel without contact. */
  NO_CONTACT = 3,
  /** Contact said closed before the actuator moved: it was not moved. */
  CONTACT_BEFORE = 4,
  /** Contact still closed after the way home. */
  CONTACT_STUCK = 5,
  /** Not home within its time after the stroke, or stalled on the way. */
  NOT_HOME = 6,
  /** stop() was called. */
  STOPPED = 7,
  /** The switches did not answer. */
  SILENT = 8,
  /** Another die than the permit's, or none, was under the ram when the bolt had opened: it was not moved. */
  DIE = 9,
  /** The battery sank too far under the bolt's coil: it was not moved. */
  POWER = 10,
  /** The bolt did not close behind the actuator (maintenance only: after a stroke the watch sees it). */
  BOLT = 11,
}

/**
 * The end of one stroke: press until contact, dwell, retract home.
 * FAILED only where the trace proves that the die cannot have touched the paper: the home switch never opened, or the
 * actuator pressed for less than the shortest time in which it can reach the paper. A stall or a whole travel without
 * contact is UNKNOWN (the contact switch may be broken): it stays charged.
 */
export interface StrokeResult {
  result: Stroke;
  why: Why;
  /** Grade of protocol/evidence.ts; 0: not stamped. */
  grade: number;
  /** Proof, up to 64 bytes: time, current and switches over the stroke (layout: firmware/drivers). */
  trace: Bytes;
}

export interface Bolt {
  /** Pulls. Never longer than the hardware one-shot's 3 s; the driver drops it itself after 2.5 s. */
  open(): void;
  /** Lets go. Safe at any time. */
  close(): void;
  /** The feedback switch: true only where the switch answered and says that the bolt is closed. */
  closed(): boolean;
}

export interface Stamper {
  /** One stroke, so long on the paper (ms) and with so much of full drive (per cent); done within 11.5 s. Only one at a time. */
  press(dwell: number, duty: number, done: (result: StrokeResult) => void): void;
  /**
   * Moves out (1) or back (-1) at half force for at most half a second, until contact or home, then retracts home; done within 6 s with
   * the trace of it. For maintenance only.
   */
  jog(way: number, ms: number, done: (result: StrokeResult) => void): void;
  /** Motor off at once. Ends a running press (its done comes with Why.STOPPED and what was proven so far) or park (false). */
  stop(): void;
  home(): boolean;
  contact(): boolean;
  /** Retracts until the home switch says so; done within 5 s. At home already: true without moving. */
  park(done: (ok: boolean) => void): void;
}

/** Why no photo came; 0: it came. */
export const enum PhotoError {
  NONE = 0,
  SILENT = 1,
  TIMEOUT = 2,
  /** The receiver returned false. */
  NOT_TAKEN = 3,
  TOO_LARGE = 4,
  BROKEN = 5,
  /** It came whole, but shows nothing: the lens is covered, or there is no light. */
  BLIND = 6,
}

/** How large a picture is wanted: a photo of the page, a small one of it, a view of the tray. */
export const enum Shot {
  PAGE = 0,
  SMALL = 1,
  VIEW = 2,
}

export interface Camera {
  /** Upper bounds of a picture in bytes, by Shot; a larger one ends with TOO_LARGE. */
  largest: number[];
  /**
   * Takes a picture: chunks of exactly 1024 bytes, the last shorter (1..1024), then done; within 20 s. Without `page` it stays in the
   * camera, for read().
   */
  capture(shot: Shot, page: ((chunk: Bytes) => boolean) | undefined, done: (error: PhotoError, size: number) => void): void;
  /** The next bytes of the picture that stayed in the camera, at most so many; empty: none are left, or another one was begun. */
  read(length: number): Bytes;
  /** Gives up a running capture; neither callback comes any more. Harmless when none runs. */
  cancel(): void;
  /** Lets the module rest until the next picture, which then takes half a second longer. */
  rest(): void;
}

/** Why Reader.onFault is called. */
export const enum ReaderFault {
  /** No answer. */
  SILENT = 1,
  /** Answers with a wrong checksum, or bytes that are no packets. */
  GARBLED = 2,
  /** It refuses its password, or a command that it must know: another module. */
  FOREIGN = 3,
}

/** Why a finger was not enrolled; 0: it was. */
export const enum Enrolled {
  DONE = 0,
  /** Nobody laid a finger on it in time, or the reader does not answer. */
  TIMEOUT = 1,
  /** The two images are not of one finger. */
  MISMATCH = 2,
  /** This finger is enrolled already. */
  DUPLICATE = 3,
  /** The reader did not store it. */
  FAILED = 4,
}

export interface Reader {
  /** Each finger once per touch: slot 0.., or -1 for a finger that the reader does not know. */
  onFinger(call: (slot: number) => void): void;
  /** This unit's password (4 bytes), and whether the reader must have it. Else the first that is found with the factory's gets it, and `own` is called. */
  secret(password: Bytes, must: boolean, own: () => void): void;
  /** Learns a finger, shown twice, at this position; done within 60 s. Fingers are reported to nobody meanwhile. */
  enroll(slot: number, done: (failed: Enrolled) => void): void;
  /** Gives up what enroll() is at; its `done` does not come any more. Harmless when it is at nothing. */
  cancel(): void;
  /** Deletes one position; done within 10 s. */
  remove(slot: number, done: (ok: boolean) => void): void;
  /** Empties the reader and gives it this password; done within 10 s. */
  pair(password: Bytes, done: (ok: boolean) => void): void;
  /** The reader does not answer or answers nonsense: again after it came back and failed anew. It is not this unit's: again and again. */
  onFault(call: (code: number) => void): void;
  /** The ring around its window burns blue, and fingers are looked for more often: somebody is waited for. */
  light(on: boolean): void;
  /** It answers, and takes this unit's password. */
  answers(): boolean;
}

export interface Keypad {
  /** Each key once per press: '0'..'9', 'A'..'D', '*', '#'. The press that wakes it is not reported where it was too short to be read. */
  onKey(call: (key: string) => void): void;
  /** Read often: keys are waited for. Without, it wakes by a key within a second and stays awake for some time. */
  awake(on: boolean): void;
}

export interface Tray {
  lidClosed(): boolean;
  paper(): boolean;
  diePresent(): boolean;
  /** The screws of the case are shut over their switch. */
  caseClosed(): boolean;
  /** Any of lid, paper, die, case, bolt, home, contact or fault() changed (debounced, within 50 ms). */
  onChange(call: () => void): void;
  /** True while the switches do not answer; all others are false then. */
  fault(): boolean;
  /** Reads the switches now: whether they say what is told here (which may be a second old while no use is open). */
  fresh(): boolean;
}

export interface Display {
  /**
   * What is to stand there: up to four rows of cells (firmware/text/font.ts), blank where none is given. Only what has changed is
   * drawn, in slices of a few milliseconds. Also looks whether the display is there: to be called again every few seconds.
   */
  show(rows: readonly Bytes[]): void;
  /** Whether it answered when it was looked for last. */
  present(): boolean;
  /** Switches it off until something is to be shown again. */
  dark(): void;
}

/** What the unit went through since the look before, as bits. */
export const enum Moves {
  /** It was moved: lifted, pushed, shaken. */
  MOVED = 1,
  /** It fell freely, for a tenth of a second or longer. */
  FELL = 2,
  /** It is not upright now. */
  TILTED = 4,
  /** The sensor does not answer, or does not measure: nothing is known since the look before. */
  FAULT = 8,
}

export interface Motion {
  /** Bits of Moves: what happened since the last call, however short, and how it stands now. */
  look(): number;
}

/** A place on earth (WGS 84). */
export interface Fix {
  /** 1e-7 degree, north and east positive. */
  latitude: number;
  longitude: number;
  /** Metres within which the true place lies. */
  accuracy: number;
  /** When it was told, uptime. */
  at: number;
}

export interface Position {
  /** Whether anybody asks for a place: else the receiver rests. */
  need(on: boolean): void;
  /** Takes what the receiver has told; to be called every second or two while there is need. The newest fix if there is a new one. */
  look(): Fix | undefined;
  /** It does not answer, or says nothing that can be believed, though there is need. */
  fault(): boolean;
}

export interface Parts {
  bolt: Bolt;
  stamper: Stamper;
  camera: Camera;
  reader: Reader;
  keypad: Keypad;
  tray: Tray;
  /** Not relevant to safety: nothing waits for it, or asks it anything. */
  display: Display;
  /**
   * Identities of the dies that answer now, 8 bytes each; the one of the die under the ram, empty where there is none, or more than
   * one answers. May take 80 ms: not for use in a loop.
   */
  die: { tags(): Bytes[]; atRam(): Bytes };
  power: { millivolts(): number; usb(): boolean };
  motion: Motion;
  position: Position;
  /** Lamps and buzzer. ready: locked and idle · busy: a use is open · alarm: stays until switched off · good, bad: a short sign. tray: light over the tray also at rest. dim: no light while all is well. */
  signal: { ready(): void; busy(): void; alarm(bits: number): void; good(): void; bad(): void; tray(on: boolean): void; dim(on: boolean): void };
  /** True while every driver that has work to do each second has done it (the watchdog is kicked only then). */
  alive(): boolean;
}
