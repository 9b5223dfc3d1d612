/** What an outside authority says of an approval, whatever form it came in. */

/** refused: before it was approved; taken-back: withdrawn, reverted or deleted, before or after. */
export type Verdict = 'approved' | 'refused' | 'taken-back';

export interface OutsideEvent {
  /** Names this message: the same comes again when an answer was lost. */
  id: string;
  /** The approval there, and the template it was made by. */
  instance: string;
  template: string;
  /** Undefined: nothing that is decided yet. */
  verdict: Verdict | undefined;
}

/** What came in. Header names in lower case; of those that come twice the first. */
export interface Incoming {
  query: Readonly<Record<string, string | undefined>>;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** Unix seconds. */
  now: number;
}

/** An event, or what a check of the address is answered with. */
export type Read = { event: OutsideEvent | undefined; seen: string } | { challenge: string };

export interface Adapter {
  /** @throws OUTSIDE_REFUSED whatever is wrong with it: who guesses is not told */
  read(incoming: Incoming): Read;
  /** What says that an event was taken, as that authority wants it. */
  taken(now: number): { type: string; body: string };
  /** The same for a check of the address. */
  challenged(challenge: string, now: number): { type: string; body: string };
}

/** Seconds that a message may be old, or ahead. */
export const FRESH = 300;
/** Longest message, bytes. */
export const LONGEST = 65_536;
