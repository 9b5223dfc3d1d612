/** How an office goes about its work. */

/** What the office bothers to do. */
export interface Manner {
  /** Fetches records and photos. */
  pulls: boolean;
  /** Acknowledges what it has. */
  acknowledges: boolean;
  /** Milliseconds before it clears an alarm; undefined: never. */
  clearsAfter: number | undefined;
  /** Milliseconds before it grants a stroke that waits for it; undefined: never. */
  grantsAfter: number | undefined;
  /** Seconds by which the authority's clock is behind. */
  behind: number;
  /** Tells a unit the time again and again, where its custody asks for that. */
  beats: boolean;
  /** Looks at what a photo shows before it grants a stroke, and grants none on anything but a page of the document. */
  inspects: boolean;
  /** Finds that no page fits. */
  rejects: boolean;
  /** Hands over pictures of its own camera where a unit waits for one: not at all, half of each, or something else first. */
  shows: 'well' | 'not' | 'half' | 'badly';
}

export const DILIGENT: Manner = { pulls: true, acknowledges: true, clearsAfter: 1500, grantsAfter: 300, behind: 0, beats: true, inspects: true, rejects: false, shows: 'well' };
