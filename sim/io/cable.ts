/** What runs between a unit and a host: bytes, both ways, and a clock to pace them by. */

/** The device's end of its cable: what Unit.port is. */
export interface Cable {
  /** False while the cable is pulled or the unit has no power. */
  readonly connected: boolean;
  /** Bytes towards the device. */
  write(bytes: Buffer): unknown;
  /** Adds a receiver of what the device sends, in arbitrary pieces. Returns what removes it. */
  onData(receive: (bytes: Buffer) => void): () => void;
}

/** Time as the wires need it; handed in by the program's main. */
export interface Timers {
  /** Milliseconds that never go backwards. */
  now(): number;
  /** Calls once after so many milliseconds. Returns what cancels it. */
  after(ms: number, call: () => void): () => void;
}

/** Bytes that wait for a host that does not read. More than the link's whole window of frames; what exceeds it is lost. */
export const WAITING_LIMIT = 65536;
