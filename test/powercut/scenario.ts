import type { Bench, Snapshot } from '../scenario/bench';

/** What a unit goes through, from a unit at rest; power may go at any of its flash operations. */
export interface Scenario {
  name: string;
  /** Brings a new unit, linked and at rest, to where the scenario begins; without it the scenario is its first start. */
  prepare?(bench: Bench): Promise<Snapshot | void>;
  /** The scenario begins before the power comes. */
  cold?: boolean;
  /** What happens while the power may go. */
  run(bench: Bench): Promise<void>;
  /** Alarms that it raises itself. */
  alarms?: number[];
  /** Bytes of a photo, other than about 250. */
  photoBytes?: number;
  /** The same while it is prepared. */
  preparePhotoBytes?: number;
  /** Strokes without a cut. */
  strokes: number;
}
