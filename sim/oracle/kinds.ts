/** Numbers of record kinds (protocol/SPEC.md section 9), written down here anew. */
export const Kind = {
  BOOT: 1, PERMIT: 2, OPENED: 3, PHOTO: 4, INTENT: 5, OUTCOME: 6, CLOSED: 7, REFUSED: 8, ALARM: 9, CLEARED: 10, CLOCK: 11,
  REVOKED: 12, GRANTED: 13, RECYCLED: 14, CEREMONY: 15, MAINTENANCE: 16, PLACE: 17, CODE: 18, CHALLENGE: 19, UPDATED: 20, TOPPED_UP: 21,
} as const;
/** Numbers of a ceremony's actions (the same, "Ceremonies"). */
export const Action = { FINGER_ADD: 1, CODE_SET: 2, PERSON_REMOVE: 3, SUSPEND: 6, RESUME: 7, DESTROY: 8, DIE_OUT: 9, DIE_IN: 10, DIE_TUNE: 11, DIE_INKED: 12, TAKE_OUT: 14, RETURN: 15 } as const;
export const Result = { STAMPED: 1, FAILED: 2, UNKNOWN: 3 } as const;
