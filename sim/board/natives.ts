/** The interpreter's `E`, `AES`, require("crypto") and number-crunching helpers. */
import { createCipheriv, createDecipheriv, hash as digest } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { fromBinary, isArrayBuffer, toArrayBuffer, toBinary, toBytes } from './bytes';
import { Emitter } from './emitter';
import type { Hardware } from './hardware';
import { ResetReason, type Processor } from './processor';
import type { Console, SerialPort } from './serial';

/** Variables of the board, and the least that the fake calls used: it has no idea of the real number. */
const VARIABLES = 14000;
const BLOCK_BYTES = 14;

/** require("crypto") on this board: hashes only (no AES there: USE_AES is not built in). */
export function cryptoModule(processor: Processor): object {
  const hasher = (name: string, msPerKilobyte: number) => (data: unknown): ArrayBuffer => {
    processor.check();
    processor.mayFail();
    const bytes = toBytes(data);
    processor.spend(0.6 + (bytes.length / 1024) * msPerKilobyte);
    // As text, because a Buffer made for it costs several times the hashing.
    return fromBinary(digest(name, bytes, 'binary'));
  };
  return { SHA1: hasher('sha1', 2), SHA224: hasher('sha224', 2), SHA256: hasher('sha256', 2), SHA384: hasher('sha384', 4), SHA512: hasher('sha512', 4) };
}

/** AES-CCM without associated data. A bad call or a bad tag prints and returns undefined; it does not throw. */
export function aesClass(processor: Processor, print: (text: string) => void): object {
  const nonceOf = (iv: unknown): Buffer | undefined => {
    // Strings are refused here, unlike everywhere else (jswrap_crypto_AES_ccmCrypt).
    if (!Array.isArray(iv) && !ArrayBuffer.isView(iv) && !isArrayBuffer(iv)) return undefined;
    const nonce = toBytes(iv);
    return nonce.length >= 7 && nonce.length <= 13 ? nonce : undefined;
  };
  const fail = (): undefined => {
    print('ERROR: Bad input data\n');
    return undefined;
  };
  const cost = (bytes: number): void => processor.spend(1.2 + bytes * 0.007);
  return {
    ccmEncrypt(message: unknown, key: unknown, iv: unknown, tagLength: unknown): unknown {
      processor.check();
      const nonce = nonceOf(iv);
      const keyBytes = toBytes(key);
      if (nonce === undefined || keyBytes.length !== 16) return fail();
      if (typeof tagLength !== 'number' || tagLength < 4 || tagLength > 16 || tagLength % 2 !== 0) return fail();
      const plain = toBytes(message);
      cost(plain.length);
      const cipher = createCipheriv('aes-128-ccm', keyBytes, nonce, { authTagLength: tagLength });
      const data = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { data: toArrayBuffer(data), tag: toArrayBuffer(cipher.getAuthTag()) };
    },
    ccmDecrypt(message: unknown, key: unknown, iv: unknown, tag: unknown): unknown {
      processor.check();
      const nonce = nonceOf(iv);
      const keyBytes = toBytes(key);
      const tagBytes = toBytes(tag);
      const sealed = toBytes(message);
      if (nonce === undefined || keyBytes.length !== 16 || ![4, 6, 8, 10, 12, 14, 16].includes(tagBytes.length)) return fail();
      cost(sealed.length);
      try {
        const decipher = createDecipheriv('aes-128-ccm', keyBytes, nonce, { authTagLength: tagBytes.length });
        decipher.setAuthTag(tagBytes);
        const plain = decipher.update(sealed);
        decipher.final();
        return toArrayBuffer(plain);
      } catch {
        print('ERROR: CCM - Authenticated decryption failed\n');
        return undefined;
      }
    },
  };
}

export class Espruino extends Emitter {
  private readonly hardware: Hardware;
  private readonly console: Console;

  constructor(processor: Processor, hardware: Hardware, console: Console) {
    super(processor);
    this.hardware = hardware;
    this.console = console;
  }

  CRC32(data: unknown): number {
    this.processor.check();
    return crc32(toBytes(data));
  }
  /** 32 random bits, signed. */
  hwRand(): number {
    this.processor.check();
    return this.hardware.random.uint32() | 0;
  }
  srand(_seed: number): void {
    this.processor.check();
  }
  override toString(...data: unknown[]): string {
    if (data.length === 0) return '[object Object]';
    this.processor.check();
    const one = data[0];
    if (data.length > 1) return toBinary(toBytes(data));
    if (one instanceof Uint8Array) return toBinary(one);
    return one instanceof ArrayBuffer ? toBinary(new Uint8Array(one)) : toBinary(toBytes(one));
  }
  toFlatString(...data: unknown[]): string {
    return this.toString(...data);
  }
  toUint8Array(...data: unknown[]): Uint8Array {
    this.processor.check();
    return new Uint8Array(toBytes(data));
  }
  toArrayBuffer(text: unknown): ArrayBuffer | undefined {
    this.processor.check();
    return typeof text === 'string' ? fromBinary(text) : undefined;
  }
  memoryArea(address: number, length: number): string {
    this.processor.check();
    return toBinary(this.hardware.flash.read(address, length));
  }
  sum(data: ArrayLike<number>): number {
    this.processor.check();
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i]!;
    return sum;
  }
  clip(value: number, low: number, high: number): number {
    return Math.min(high, Math.max(low, value));
  }
  reverseByte(byte: number): number {
    let out = 0;
    for (let i = 0; i < 8; i++) if ((byte >> i) & 1) out |= 0x80 >> i;
    return out;
  }
  enableWatchdog(seconds: number, auto?: boolean): void {
    this.processor.enableWatchdog(seconds, auto === undefined || auto);
  }
  kickWatchdog(): void {
    this.processor.kickWatchdog();
  }
  reboot(): void {
    this.processor.check();
    this.processor.reset(ResetReason.SOFTWARE);
  }
  setConsole(port: SerialPort | null, options?: { force?: boolean }): void {
    this.processor.check();
    this.console.move(port ?? undefined, options?.force === true);
  }
  getConsole(): SerialPort | null {
    this.processor.check();
    return this.console.port ?? null;
  }
  setPassword(_password: string): void {
    this.processor.check();
  }
  lockConsole(): void {
    this.processor.check();
  }
  setFlags(_flags: unknown): void {
    this.processor.check();
  }
  getFlags(): object {
    this.processor.check();
    return { deepSleep: false, pretokenise: false, unsafeFlash: false, unsyncFiles: false };
  }
  getErrorFlags(): string[] {
    this.processor.check();
    return [];
  }
  setTimeZone(_hours: number): void {
    this.processor.check();
  }
  getTemperature(): number {
    this.processor.check();
    return 24;
  }
  getAnalogVRef(): number {
    this.processor.check();
    return 3.3;
  }
  defrag(): void {
    this.processor.check();
  }
  getSizeOf(_value: unknown): number {
    this.processor.check();
    return 1;
  }
  dumpStr(): string {
    return '';
  }
}

/** process.memory() and process.env. */
export function processObject(processor: Processor, chipId: Buffer, waiting: () => number): object {
  return {
    version: '2v29',
    env: { VERSION: '2v29', BOARD: 'XIAOBLE', SERIAL: chipId.toString('hex'), FLASH: 1048576, RAM: 262144, CONSOLE: 'USB' },
    on: () => processor.check(),
    memory: () => {
      processor.check();
      return { free: VARIABLES, usage: 0, total: VARIABLES, history: 0, gc: 0, gctime: 0, blocksize: BLOCK_BYTES, rx: { used: 0, total: 1023 }, tx: { used: Math.min(255, waiting()), total: 255 } };
    },
  };
}
