/**
 * Arducam Mega on SPI, mode 0 (registers and values from ArduCAM/Arducam_Mega, src/Arducam/ArducamCamera.c and .h):
 * write: 0x80|register, value · read: register, dummy, value · burst: 0x3C, data; the first burst after a capture has one
 * dummy before its data. Everything waits by timers, nothing blocks; a photo is read 1024 bytes a turn.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import { PhotoError, type Camera } from '../core/parts';

const RESET = '\x87\x40';
const CLEAR_DONE = '\x84\x01';
const START = '\x84\x02';
/** The sensor's own I2C address. */
const SENSOR = '\x8a\x78';
const JPEG = '\xa0\x01';
const DEFAULT_QUALITY = '\xaa\x01';
/** 1600 x 1200. Sensors before the 5MP (id 0x85) count otherwise. */
const UXGA = '\xa1\x0a';
const UXGA_LEGACY = '\xa1\x06';
const SENSOR_ID = 0x40;
const STATE = 0x44;
const SIZE = 0x45;
const IDLE = 0x02;
const CAPTURED = 0x04;
const CHUNK = 1024;

/** ms */
const POLL = 10;
const SETTING_LIMIT = 1500;
/** Exposure control settles after a reset. */
const SETTLE = 500;
const CAPTURE_LIMIT = 6000;
/** Largest photo taken, bytes: a 1600 x 1200 page needs 100 to 250 KB. */
const LARGEST = 320 * CHUNK;
/** Pixels asked for, and how many of them a byte must not stand for: such a photo shows nothing (HARDWARE.md, "Camera"). */
const PIXELS = 1600 * 1200;
const NOTHING = 64;
/** Baseline frame header (ITU-T T.81, B.2.2); height and width follow three bytes on. */
const FRAME = '\xff\xc0';

export function createCamera(board: Board): Camera {
  let taker: ((chunk: Bytes) => boolean) | undefined;
  let finish: ((error: PhotoError, size: number) => void) | undefined;
  /** Set up since power came; lost again on any error. */
  let ready = false;
  let settings: Bytes[] = [];
  let timer = 0;
  let deadline = 0;
  let size = 0;
  let read = 0;
  let zeros = '';
  /** The last byte before, and whether the end of the image came. */
  let tail = '';
  let ended = false;
  let pixels = 0;

  function register(address: number): number {
    return board.camera(String.fromCharCode(address, 0, 0)).charCodeAt(2);
  }

  function end(error: PhotoError): void {
    const done = finish;
    finish = undefined;
    taker = undefined;
    zeros = '';
    tail = '';
    if (error !== PhotoError.NONE && error !== PhotoError.BLIND) ready = false;
    if (done) done(error, size);
  }

  function chunk(): void {
    if (read === 0) {
      zeros = '\x00'.repeat(CHUNK);
      tail = '';
      ended = false;
      pixels = PIXELS;
    }
    const left = size - read;
    const length = left < CHUNK ? left : CHUNK;
    const skip = read === 0 ? 2 : 1;
    const bytes = board.camera((skip === 2 ? '\x3c\x00' : '\x3c') + (length === CHUNK ? zeros : zeros.substr(0, length))).substr(skip);
    // Start and end of image (ITU-T T.81, B.1.1.3); some bytes of padding may follow the end.
    if (bytes.length !== length || (read === 0 && bytes.substr(0, 2) !== '\xff\xd8')) {
      end(PhotoError.BROKEN);
      return;
    }
    if (read === 0) {
      const frame = bytes.indexOf(FRAME) + 1;
      if (frame > 0 && frame + 8 <= length) pixels = (bytes.charCodeAt(frame + 4) * 256 + bytes.charCodeAt(frame + 5)) * (bytes.charCodeAt(frame + 6) * 256 + bytes.charCodeAt(frame + 7));
    }
    read += length;
    if (left <= 2 * CHUNK) {
      if ((tail + bytes).indexOf('\xff\xd9') >= 0) ended = true;
      tail = bytes.substr(length - 1);
    }
    if (read === size && !ended) {
      end(PhotoError.BROKEN);
      return;
    }
    const taken = taker && taker(bytes);
    // The receiver may have cancelled.
    if (!finish) return;
    if (!taken) end(PhotoError.NOT_TAKEN);
    else if (read === size) end(size * NOTHING < pixels ? PhotoError.BLIND : PhotoError.NONE);
    else timer = board.after(1, chunk);
  }

  function wait(): void {
    const state = register(STATE);
    if (state & CAPTURED && state !== 0xff) {
      size = register(SIZE) | (register(SIZE + 1) << 8) | (register(SIZE + 2) << 16);
      read = 0;
      if (size > LARGEST) end(PhotoError.TOO_LARGE);
      else if (size < 4) end(PhotoError.BROKEN);
      else chunk();
    } else if (board.uptime() >= deadline) end(PhotoError.TIMEOUT);
    else timer = board.after(POLL, wait);
  }

  function shoot(): void {
    ready = true;
    board.camera(CLEAR_DONE);
    board.camera(START);
    deadline = board.uptime() + CAPTURE_LIMIT;
    timer = board.after(POLL, wait);
  }

  /** Writes the settings one by one, each when the module has digested the one before. */
  function set(): void {
    if ((register(STATE) & 3) !== IDLE) {
      if (board.uptime() >= deadline) end(PhotoError.SILENT);
      else timer = board.after(POLL, set);
      return;
    }
    const id = register(SENSOR_ID);
    if (id < 0x81 || id > 0x87) {
      end(PhotoError.SILENT);
      return;
    }
    const next = settings.shift();
    if (next === undefined) {
      timer = board.after(SETTLE, shoot);
      return;
    }
    board.camera(next === UXGA && id < 0x85 ? UXGA_LEGACY : next);
    timer = board.after(POLL, set);
  }

  return {
    largest: LARGEST,
    capture(page: (bytes: Bytes) => boolean, done: (error: PhotoError, size: number) => void): void {
      if (finish) {
        done(PhotoError.BROKEN, 0);
        return;
      }
      taker = page;
      finish = done;
      size = 0;
      deadline = board.uptime() + SETTING_LIMIT;
      if (ready) {
        timer = board.after(0, shoot);
        return;
      }
      settings = [SENSOR, JPEG, UXGA, DEFAULT_QUALITY];
      board.camera(RESET);
      timer = board.after(POLL, set);
    },
    cancel(): void {
      if (!finish) return;
      board.cancel(timer);
      finish = undefined;
      taker = undefined;
      zeros = '';
      tail = '';
      ready = false;
    },
  };
}
