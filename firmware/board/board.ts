/**
 * What a board offers to the drivers and the core. One file a board (xiao.ts, linux.ts); nothing above this line knows
 * which one it runs on, or whether the parts behind the pins are metal or simulated.
 *
 * Bytes are binary strings, one character a byte, because that is what the interpreter handles natively.
 */
import type { Bytes, Natives } from '../../protocol/natives';

/** A byte stream: a link to the host, or the fingerprint reader's UART. */
export interface Port {
  /** Takes all of the bytes and returns true, or takes none and returns false (not connected, or no room: try later). */
  write(bytes: Bytes): boolean;
  /** The one receiver of what arrives, in arbitrary pieces. */
  onBytes(receive: (bytes: Bytes) => void): void;
}

/** A port that leads to a host. */
export interface LinkPort extends Port {
  /** 'usb', 'ble' or 'serial'. */
  name: string;
  /** Largest frame on the wire that this port carries, delimiter included, in bytes. */
  frameMax: number;
}

/**
 * NOR flash: erasing sets a page to 0xFF, writing can only clear bits. Offsets and lengths are multiples of 4.
 * A power cut leaves the write or erase under way half done. Errors show when the data is read back, not as exceptions.
 */
export interface Flash {
  /** Bytes a page, the unit of erasing. */
  page: number;
  /** Number of pages. */
  pages: number;
  read(at: number, length: number): Bytes;
  write(at: number, bytes: Bytes): void;
  erase(page: number): void;
}

/** Two slots for images of the firmware (files.ts has their layout, the boot file chooses). */
export interface Images {
  /** Whose images these are: BoardId. */
  board: number;
  slots: Flash[];
  /** The slot that runs. */
  running: number;
}

export interface Board {
  natives: Natives;
  /** Why the processor started: 1 power on, 2 watchdog, 3 software, 4 pin, 0 unknown. */
  resetCause: number;
  /** Milliseconds since start, integer, never backwards. */
  uptime(): number;
  /** Calls once after so many milliseconds. Returns an id for cancel. */
  after(ms: number, call: () => void): number;
  cancel(id: number): void;

  /** Gives back the memory of what nothing holds any more but itself. Takes up to 75 ms: not for when somebody waits, nor in a stroke. */
  tidy(): void;

  links: LinkPort[];
  /** UART of the fingerprint reader, 57600 8N1. */
  reader: Port;
  /** One SPI transaction with the camera, chip select held for its length; returns as many bytes as were sent. */
  camera(bytes: Bytes): Bytes;
  /** I2C register write and read; false or '' where the part does not acknowledge. */
  i2cWrite(address: number, bytes: Bytes): boolean;
  i2cRead(address: number, register: number, length: number): Bytes;
  /** Bolt solenoid: true pulls. A hardware one-shot drops it after 3 s whatever this says. */
  bolt(on: boolean): void;
  /** H-bridge of the stamping actuator: -1 (retract, full) to 1 (press, full), 0 brakes. */
  motor(duty: number): void;
  /** Motor current, mA. */
  motorCurrent(): number;
  /** Battery voltage, mV. */
  battery(): number;
  /** USB power present. */
  usbPower(): boolean;
  /** The 8-byte identities (1-Wire ROM codes) that answer in the die holder; empty: none. */
  dieTags(): Bytes[];

  /** Keys and ratchet (internal flash on a real unit). 2 pages. */
  vault: Flash;
  /** Permits, counters, clock floor, alarms. At least 4 pages. */
  state: Flash;
  /** Evidence records. */
  journal: Flash;
  /** Photos waiting for the register. */
  photos: Flash;

  /** Bytes of the display's glyphs and texts, the resources of the image that runs (firmware/text/font.ts); '' where there are none. */
  font(at: number, length: number): Bytes;
  /** Where the firmware lies; absent: this unit cannot be updated over the link. */
  images?: Images;

  /** Kicks the watchdog, which resets the processor after 10 s without. */
  kick(): void;
  /** Restarts the processor. Everything is locked when it comes back. */
  reset(): void;
}
