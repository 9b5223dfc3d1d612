/**
 * The interpreter's own globals that the boards use, as Espruino 2v29 on XIAOBLE and on Linux has them (www.espruino.com/
 * Reference and the sources of espruino/Espruino). Only firmware/board/ may use them. Names here are never mangled.
 */
interface Pin {
  readonly pinBrand: undefined;
}
declare const D0: Pin, D1: Pin, D2: Pin, D3: Pin, D4: Pin, D5: Pin, D6: Pin, D7: Pin, D8: Pin, D9: Pin, D10: Pin;
/** D14: battery divider on (inverted by the interpreter); D30, D31: the NFC pads; D32: battery divider. */
declare const D14: Pin, D30: Pin, D31: Pin, D32: Pin;

declare function digitalWrite(pin: Pin, value: number): void;
declare function analogRead(pin: Pin): number;
declare function analogWrite(pin: Pin, value: number, options: { freq: number }): void;
declare function peek32(address: number): number;
declare function setTimeout(call: () => void, ms: number): number;
declare function setInterval(call: () => void, ms: number): number;
declare function clearTimeout(id: number): void;
declare function parseInt(text: string, radix: number): number;
/** Seconds, with fraction. */
declare function getTime(): number;

interface SerialPort {
  setup(baud: number, options: { rx?: Pin; tx?: Pin; path?: string; bytesize?: number }): void;
  write(bytes: string): void;
  on(event: 'data', call: (bytes: string) => void): void;
  on(event: string, call: () => void): void;
  isConnected(): boolean;
}
declare const USB: SerialPort;
declare const Serial1: SerialPort;
declare const Serial2: SerialPort;

declare const SPI1: {
  setup(options: { sck: Pin; miso: Pin; mosi: Pin; baud: number; mode: number }): void;
  /** Given a string it returns a string of the same length. Takes the select pin low for its length. */
  send(bytes: string, select: Pin): string;
};
declare const I2C1: {
  setup(options: { sda: Pin; scl: Pin; bitrate: number }): void;
  /** Throws where the part does not acknowledge. */
  writeTo(address: number, bytes: string): void;
  readReg(address: number, register: number, length: number): Uint8Array;
};
declare class OneWire {
  constructor(pin: Pin);
  /** ROM codes that answer, 16 hexadecimal digits each. */
  search(): string[];
}

/** Which of the two images runs, 0 or 1: the boot file sets it (files.ts). */
declare const SLOT: number;

interface FileHandle {
  write(bytes: string): void;
  /** undefined at the end. */
  read(length: number): string | undefined;
  close(): void;
}
declare const E: {
  setConsole(device: null, options: { force: boolean }): void;
  CRC32(data: string): number;
  toString(data: Uint8Array | ArrayBuffer): string;
  toUint8Array(data: string): Uint8Array;
  hwRand(): number;
  enableWatchdog(seconds: number, automatic: boolean): void;
  kickWatchdog(): void;
  reboot(): void;
  /** Linux only. */
  openFile(path: string, mode: string): FileHandle;
};
declare const AES: {
  ccmEncrypt(plain: string, key: string, nonce: Uint8Array, tagLength: number): { data: ArrayBuffer; tag: ArrayBuffer } | undefined;
  ccmDecrypt(sealed: string, key: string, nonce: Uint8Array, tag: string): ArrayBuffer | undefined;
};
declare const process: {
  env: { BOARD: string };
  /** @param collect first frees what only holds on to itself: 41 to 75 ms at 64 MHz */
  memory(collect: boolean): { total: number; tx?: { used: number; total: number } };
};
declare function require(name: 'crypto'): { SHA256(data: string): ArrayBuffer };
declare function require(name: 'Storage'): {
  /** A string that lies in flash; undefined: no such file, or nothing there. */
  read(name: string, offset: number, length: number): string | undefined;
};
declare function require(name: 'Flash'): {
  read(length: number, address: number): Uint8Array;
  write(bytes: string, address: number): void;
  erasePage(address: number): void;
};

interface Characteristic {
  value?: string;
  maxLen?: number;
  writable?: boolean;
  notify?: boolean;
  onWrite?(event: { data: ArrayBuffer }): void;
}
declare const NRF: {
  setServices(services: Record<string, Record<string, Characteristic>>, options: { uart: boolean; advertise: string[] }): void;
  updateServices(services: Record<string, Record<string, Characteristic>>): void;
  on(event: string, call: () => void): void;
};
