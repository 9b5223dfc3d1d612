/** Why a session, or the attempt to make one, came to its end. Numbers are stable; texts in texts.ts. */
export const enum DownReason {
  /** The owner closed it. */
  CLOSED = 1,
  /** Nobody answered the handshake. */
  NO_ANSWER = 2,
  /** A device answered whose link key this host does not have. */
  UNKNOWN_DEVICE = 3,
  /** A device answered that does not prove to have the link key. */
  WRONG_KEY = 4,
  /** No common protocol version. */
  VERSION = 5,
  /** A frame was not acknowledged after all its retries. */
  LOST = 6,
  /** Nothing was heard for too long. */
  SILENT = 7,
  /** Too many frames that were not the peer's. */
  TAMPERED = 8,
  /** The peer, although authentic, broke the rules. */
  PROTOCOL = 9,
  /** Device: a host has proven itself anew; its new session replaces this one. */
  REPLACED = 10,
  /** Host: the device has no session any more (it restarted); a new one follows. */
  RESTARTED = 11,
  /** The session reached its age or message limit; a new one follows. */
  RENEWED = 12,
}
