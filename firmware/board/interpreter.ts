/** What both boards get from the interpreter: native cryptography, flash, time, serial ports that never block. */
import { IMAGE_HEAD, readImageHeader, wholeWords } from '../../protocol/image';
import type { Bytes, Natives } from '../../protocol/natives';
import type { Flash, LinkPort } from './board';
import { PAGE, type RegionFile, SLOT_A, SLOT_B, SLOT_OFFSETS } from './files';

const TAG = 8;

/** The interpreter's own cryptography; random is the board's. */
export function createNatives(random: (length: number) => Bytes): Natives {
  const sha = require('crypto').SHA256;
  return {
    crc32(data: Bytes): number {
      return E.CRC32(data);
    },
    sha256(data: Bytes): Bytes {
      return E.toString(sha(data));
    },
    ccmSeal(key: Bytes, nonce: Bytes, plain: Bytes): Bytes {
      // The nonce must be an array; a string is refused.
      const sealed = AES.ccmEncrypt(plain, key, E.toUint8Array(nonce), TAG);
      return sealed ? E.toString(sealed.data) + E.toString(sealed.tag) : '';
    },
    ccmOpen(key: Bytes, nonce: Bytes, sealed: Bytes): Bytes | undefined {
      const length = sealed.length - TAG;
      if (length < 0) return undefined;
      const plain = AES.ccmDecrypt(sealed.substr(0, length), key, E.toUint8Array(nonce), sealed.substr(length));
      return plain ? E.toString(plain) : undefined;
    },
    random,
  };
}

/** Milliseconds since this call, whole, never backwards whatever the clock does. */
export function createUptime(): () => number {
  const origin = getTime();
  let latest = 0;
  return function (): number {
    const now = Math.floor((getTime() - origin) * 1000);
    if (now > latest) latest = now;
    return latest;
  };
}

export interface Timers {
  after(ms: number, call: () => void): number;
  cancel(id: number): void;
}

/**
 * Timers whose ids are never used again. The interpreter gives the id of a timer that has fired to the next one
 * (jsvArrayAddToEnd in jsiTimerAdd), so that cancelling a little too late would end a stranger's timer.
 */
export function createTimers(): Timers {
  const running: number[] = [];
  const ids: number[] = [];
  let count = 0;

  function drop(id: number): number | undefined {
    const at = running.indexOf(id);
    if (at < 0) return undefined;
    running.splice(at, 1);
    return ids.splice(at, 1)[0];
  }

  return {
    after(ms: number, call: () => void): number {
      const id = ++count;
      running.push(id);
      ids.push(
        setTimeout(function () {
          drop(id);
          call();
        }, ms),
      );
      return id;
    },
    cancel(id: number): void {
      const timer = drop(id);
      if (timer !== undefined) clearTimeout(timer);
    },
  };
}

/**
 * The interpreter counts references, and finds rings of them, as closures and rooms (firmware/build/rooms.js) leave behind, only
 * when it looks for them. By itself it does so when nearly all is taken, at whatever moment that is.
 */
export function tidy(): void {
  process.memory(true);
}

/** Pages of raw NOR flash; whatever lies outside is not touched. A class, because there are four: closures take ten times the memory. */
class RawFlash implements Flash {
  page: number;
  pages: number;
  private from: number;
  private chip: { read(length: number, address: number): Uint8Array; write(bytes: string, address: number): void; erasePage(address: number): void };

  constructor(from: number, pages: number) {
    this.page = PAGE;
    this.pages = pages;
    this.from = from;
    this.chip = require('Flash');
  }

  read(at: number, length: number): Bytes {
    return at >= 0 && length > 0 && at + length <= this.pages * PAGE ? E.toString(this.chip.read(length, this.from + at)) : '';
  }

  write(at: number, bytes: Bytes): void {
    if (at >= 0 && at + bytes.length <= this.pages * PAGE) this.chip.write(bytes, this.from + at);
  }

  erase(page: number): void {
    // It refuses an address that is not an integer inside, which the result of a division is not.
    if (page >= 0 && page < this.pages) this.chip.erasePage((this.from + page * PAGE) | 0);
  }
}

export function flashAt(start: number, pages: number): Flash {
  return new RawFlash(start, pages);
}

/**
 * The whole pages inside a file of the Storage area at base. The files' headers are walked (src/jsflash.c: size 24 bits,
 * flags 8, name 28 bytes, padded to 4); a provisioned area has no gaps. A file that is missing or too small gives a region
 * without pages: nothing written to it is ever read back.
 */
export function flashOfFile(base: number, file: RegionFile): Flash {
  const flash = require('Flash');
  let at = base;
  for (let i = 0; i < 16; i++) {
    const head: Bytes = E.toString(flash.read(32, at));
    const size = head.charCodeAt(0) | (head.charCodeAt(1) << 8) | (head.charCodeAt(2) << 16);
    if (size === 0 || size === 0xffffff) break;
    if (head.substr(4).split('\x00')[0] === file.name) {
      const start = (at + 32 + PAGE - 1) & -PAGE;
      if (start + file.pages * PAGE <= at + 32 + size) return flashAt(start, file.pages);
      break;
    }
    at += (size + 35) & ~3;
  }
  return flashAt(base, 0);
}

/**
 * The display's glyphs and texts, the resources of the image that runs, read where they lie: the interpreter's string of them all is a
 * reference to flash of two variables, and a piece of it comes three times as fast as by the file's name.
 */
export function createFont(): (at: number, length: number) => Bytes {
  const storage = require('Storage');
  const slot = SLOT === 1 ? SLOT_B.name : SLOT_A.name;
  const image = (SLOT_OFFSETS[SLOT] as number) + PAGE;
  const head = readImageHeader('' + storage.read(slot, image, IMAGE_HEAD));
  const all = head === undefined ? undefined : storage.read(slot, image + IMAGE_HEAD + wholeWords(head.code), head.resources);
  return function (at: number, length: number): Bytes {
    return all === undefined ? '' : all.substr(at, length);
  };
}

/** Room kept free in the interpreter's output buffer, which all ports share: for the reader's commands. */
const RESERVE = 48;
const BLIND = 64;
/** ms between two looks at the output buffer. */
const DRAIN = 1;

/**
 * A serial port to the host. Writing more than the interpreter's output buffer holds would stop everything until the
 * host reads, so a frame waits here and goes out in pieces that fit.
 */
export function createSerialLink(name: string, serial: SerialPort, frameMax: number, timers: Timers, connected: () => boolean): LinkPort {
  /** Frames that wait, the first of them from byte `at` on. Whole, because the link holds the same strings: no copies. */
  const queue: Bytes[] = [];
  let at = 0;
  let waiting = 0;
  let pumping = false;

  function clear(): void {
    queue.splice(0, queue.length);
    at = 0;
    waiting = 0;
  }

  function pump(): void {
    pumping = false;
    if (!connected()) clear();
    const head = queue[0];
    if (head === undefined) return;
    // Interpreters before 2v30 do not tell: small pieces then, and the watchdog for a host that never reads.
    const tx = process.memory(false).tx;
    const room = tx ? tx.total - tx.used - RESERVE : BLIND;
    if (room > 0) {
      const piece = head.substr(at, room);
      serial.write(piece);
      at += piece.length;
      waiting -= piece.length;
      if (at >= head.length) {
        queue.shift();
        at = 0;
      }
    }
    pumping = true;
    timers.after(DRAIN, pump);
  }

  return {
    name,
    frameMax,
    write(bytes: Bytes): boolean {
      if (!connected()) {
        clear();
        return false;
      }
      if (waiting > 0 && waiting + bytes.length > 2 * frameMax) return false;
      queue.push(bytes);
      waiting += bytes.length;
      if (!pumping) pump();
      return true;
    },
    onBytes(receive: (bytes: Bytes) => void): void {
      serial.on('data', receive);
    },
  };
}
