/** What the display can say, by number; the texts stand in table.ts, which build time puts beside the glyphs (font.ts). */
export const enum Word {
  /** A refusal is its RefusalCode, 1..63. */
  REFUSAL = 0,
  /** + condition. */
  ALARM = 64,
  /** + UseState. */
  STATE = 96,
  /** + Close: why a use ended. */
  CLOSED = 108,
  /** + action of a ceremony. */
  ACTION = 124,
  /** At rest without trusted time, without a permit. */
  NO_TIME = 140,
  NO_PERMIT = 141,
  /** Open: the lid stands open over the page; the page has its stamp already. */
  LID = 142,
  CHANGE = 143,
  /** Strokes left; how many of how many persons are there. */
  LEFT = 144,
  /** Whether a host is there: it is; it is not. */
  LINK = 145,
  /** The battery is low. */
  CHARGE = 91,
  /** Strokes over the edges of several sheets that are left. */
  CROSS_PAGE = 47,
  /** Title of a refusal, and whom it is said to. */
  REFUSED = 146,
  /** Title of an alarm, and what helps. */
  ALARMED = 147,
  /** The die wants ink. */
  INK = 148,
  /** Out of service; the technician's mode. */
  SUSPENDED = 149,
  MAINTENANCE = 150,
  /** Keys of a dialogue; name of the language. */
  KEYS = 151,
  LANGUAGE = 152,
  /** What is read to the office: the challenge; its number. */
  CALL = 153,
  /** Taken out: the time that is left. */
  AWAY = 154,
  /** Number of the photo that waits for its grant, to be read to the operator. */
  CONFIRM = 107,
  /** + what the keypad asks for. */
  ASK = 155,
}
