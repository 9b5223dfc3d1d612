/** What lies on the other side of the processor's pins: the parts of one unit, wired up by sim/unit. */
import type { OneWireBus } from '../parts/onewire';
import type { NorFlash } from '../parts/nor';
import type { Random, World } from '../world/world';

/** What a pin does. */
export interface PinState {
  /** Drives the pin; otherwise it is an input. */
  driven: boolean;
  level: boolean;
  /** Share of the time that the pin is high: 0 or 1 unless PWM. */
  duty: number;
}

/** A byte stream towards the outside: USB or the radio. */
export interface Wire {
  /** Somebody is at the other end. */
  connected(): boolean;
  /** Milliseconds until the output buffer takes so many bytes; Infinity while the other end takes nothing. */
  roomIn(bytes: number): number;
  /** Bytes in the output buffer. */
  waiting(): number;
  send(bytes: Buffer): void;
}

export interface Hardware {
  world: World;
  random: Random;
  flash: NorFlash;
  /** A pin changed what it drives. Names as the board has them: D0.. */
  pinChanged(pin: string, state: PinState): void;
  /** Level of an input. */
  pinRead(pin: string): boolean;
  /** Volts on an analogue input. */
  volts(pin: string): number;
  /** Bytes clocked over SPI1. */
  spi(bytes: Buffer): Uint8Array;
  i2cWrite(address: number, bytes: Buffer): boolean;
  i2cRead(address: number, length: number): Uint8Array | undefined;
  oneWire(pin: string): OneWireBus | undefined;
  /** Bytes out of Serial1. */
  uart(bytes: Buffer): void;
  usb: Wire;
  /** USB power present. */
  vbus(): boolean;
  /** Factory identity of the chip, 8 bytes. */
  chipId: Buffer;
  /** What the firmware prints where no console is. */
  print(text: string): void;
}
