/** What the bench office is asked for, and what a unit tells it of people. */
/** What a ceremony is about; SPEC.md section 8. */
export interface CeremonyTerms {
  action: number;
  /** Who must be there, and the means of each. */
  persons: number[];
  subject: number | undefined;
  /** Hexadecimal. */
  die: string | undefined;
  /** Seconds from now at which the person is nobody again, or what was taken out is overdue. */
  ends: number | undefined;
  /** Taken out or given back: where it may be, and how many seconds without the authority's time. */
  fences: number[][];
  silence: number | undefined;
  /** How a die is pressed: ms, per cent, strokes. */
  tune?: { dwell: number; duty: number; life: number };
}

/** What the unit tells of somebody it knows. */
export interface Known {
  person: number;
  /** Unix seconds; 0: no end. */
  until: number;
  fingers: number;
  passcode: boolean;
  locked: boolean;
}

/** What a permit says; SPEC.md section 8. */
export interface PermitTerms {
  persons: number[];
  /** Of each person: 1 finger, 2 passcode, 3 both. */
  means: number[];
  count: number;
  /** Seconds from now. */
  from: number;
  /** Seconds that the window lasts. */
  lasts: number;
  photos: boolean;
  /** Each stroke needs a grant of its own. */
  strokeGrants: boolean;
  /** Only on USB power and not carried since; nothing may move between photo and stroke. */
  dock?: boolean;
  still?: boolean;
  /** Photos of 800 × 600; photos of the host's camera. */
  small?: boolean;
  /** For strokes over the edges of several sheets. */
  crossPage?: boolean;
  host?: boolean;
  /** Made out to another unit: its id, hexadecimal. */
  device?: string;
  /** With a policy that no firmware knows yet. */
  newer?: boolean;
  /** Where it may be used, and how young (s) and accurate (m) a fix must be. */
  fences?: number[][];
  fix?: { age: number; accuracy: number } | undefined;
  /** Seconds after which an opened use closes by itself. */
  idle: number;
  /** Hexadecimal. */
  die: string;
  /** The office holds each photo against the document before it grants a stroke. */
  compare?: boolean;
  /** The document's bytes. */
  document: Buffer | string;
}
