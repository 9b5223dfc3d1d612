/** What really happened to one unit, as an oracle sees it; the firmware has no part in it. */
import type { Die, Page } from '../parts/scene';
import type { Whereabouts } from './whereabouts';

/** The die touched the paper, or the bare tray. */
export interface StrokeTruth {
  /** Virtual ms of the touch. */
  at: number;
  /** Virtual ms at which the die left again; undefined while it stands there. */
  until: number | undefined;
  die: Die;
  /** Undefined: nothing but the tray. */
  page: Page | undefined;
  /** Centre of the impression on the page (on the tray without one), mm, and its angle in degrees. */
  x: number;
  y: number;
  angle: number;
  /** Greatest pressure since the touch, 1 nominal; 0 while the die stands there. */
  force: number;
}

export interface Truth {
  /** Every stroke since the unit was made, or since forget(). */
  strokes: StrokeTruth[];
  /** Every move of the bolt. */
  bolt: { at: number; open: boolean }[];
  /** Every start of the firmware and every end of one. */
  runs: { at: number; what: 'boot' | 'cut' | 'reset' | 'hang' }[];
  /** Exceptions that the firmware did not catch. */
  exceptions: { at: number; error: unknown }[];
  /** Bytes typed to the interpreter's console: must stay 0 once the firmware runs. */
  consoleBytes: number;
  /** Strokes counted over the unit's life; forget() does not touch it. */
  strokeCount: number;
  readonly boltOpen: boolean;
  readonly lidClosed: boolean;
  readonly caseClosed: boolean;
  readonly page: Page | undefined;
  readonly die: Die | undefined;
  /** Die carrier, mm from home. */
  readonly carrierMm: number;
  readonly touching: boolean;
  readonly powered: boolean;
  /** Where it is, which way up, and what moves it. */
  readonly where: Whereabouts;
  readonly lamps: { buzzer: boolean; green: boolean; red: boolean; tray: boolean };
  /** Empties the lists, for long runs. */
  forget(): void;
}
