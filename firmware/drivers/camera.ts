/**
 * Arducam Mega on SPI, mode 0 (registers and values from ArduCAM/Arducam_Mega, src/Arducam/ArducamCamera.c and .h):
 * write: 0x80|register, value · read: register, dummy, value · burst: 0x3C, data; the first burst after a capture has one
 * dummy before its data. Everything waits by timers, nothing blocks; a photo is read 1024 bytes a turn, a view as it is asked for.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import { PhotoError, Shot, type Camera } from '../core/parts';

const RESET = '\x87\x40';
/** Power control of the module: low, and as usual. */
const LOW = '\x82\x07';
const USUAL = '\x82\x05';
const CLEAR_DONE = '\x84\x01';
const START = '\x84\x02';
/** The sensor's own I2C address. */
const SENSOR = '\x8a\x78';
const JPEG = '\xa0\x01';
const DEFAULT_QUALITY = '\xaa\x01';
/** By Shot: 1600 x 1200, 800 x 600, 320 x 240. Sensors before the 5MP (id 0x85) count otherwise, and have 640 x 480 for the second. */
const MODES = ['\xa1\x0a', '\xa1\x06', '\xa1\x03'];
const LEGACY_MODES = ['\xa1\x06', '\xa1\x02', '\xa1\x01'];
/** The setting that depends on both. */
const MODE = '';
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
/** Largest picture taken, bytes: a page needs 100 to 250 KB at 1600 x 1200, a quarter of that at 800 x 600. */
const LARGEST = [320 * CHUNK, 96 * CHUNK, 32 * CHUNK];
/** Pixels asked for, and how many of them a byte must not stand for: such a photo shows nothing (HARDWARE.md, "Camera"). */
const PIXELS = [1920000, 480000, 76800];
const NOTHING = 64;
/** Baseline frame header (ITU-T T.81, B.2.2); height and width follow three bytes on. */
const FRAME = '\xff\xc0';

export function createCamera(board: Board): Camera {
  let taker: ((chunk: Bytes) => boolean) | undefined;
  let finish: ((error: PhotoError, size: number) => void) | undefined;
  /** Set up since power came; lost again on any error. */
  let ready = false;
  let resting = false;
  let settings: Bytes[] = [];
  /** What is wanted, and what the module is set to. */
  let shot: Shot = Shot.PAGE;
  let mode = -1;
  let timer = 0;
  let deadline = 0;
  let size = 0;
  let read = 0;
  /** Bytes of a view that are still in the module. */
  let left = 0;
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

  /** The next bytes of the picture; empty where they are none of a JPEG. */
  function fetch(length: number): Bytes {
    const skip = read === 0 ? 2 : 1;
    const bytes = board.camera((skip === 2 ? '\x3c\x00' : '\x3c') + (length === CHUNK && zeros !== '' ? zeros : '\x00'.repeat(length))).substr(skip);
    // Start and end of image (ITU-T T.81, B.1.1.3); some bytes of padding may follow the end.
    if (bytes.length !== length || (read === 0 && bytes.substr(0, 2) !== '\xff\xd8')) return '';
    read += length;
    return bytes;
  }

  function chunk(): void {
    const first = read === 0;
    if (first) {
      zeros = '\x00'.repeat(CHUNK);
      tail = '';
      ended = false;
      pixels = PIXELS[shot] as number;
    }
    const rest = size - read;
    const length = rest < CHUNK ? rest : CHUNK;
    const bytes = fetch(length);
    if (bytes === '') {
      end(PhotoError.BROKEN);
      return;
    }
    if (first) {
      const frame = bytes.indexOf(FRAME) + 1;
      if (frame > 0 && frame + 8 <= length) pixels = (bytes.charCodeAt(frame + 4) * 256 + bytes.charCodeAt(frame + 5)) * (bytes.charCodeAt(frame + 6) * 256 + bytes.charCodeAt(frame + 7));
    }
    if (rest <= 2 * CHUNK) {
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
      if (size > (LARGEST[shot] as number)) end(PhotoError.TOO_LARGE);
      else if (size < 4) end(PhotoError.BROKEN);
      else if (taker) chunk();
      else {
        left = size;
        end(PhotoError.NONE);
      }
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
      timer = board.after(ready ? 0 : SETTLE, shoot);
      return;
    }
    if (next === MODE) mode = shot;
    board.camera(next === MODE ? ((id < 0x85 ? LEGACY_MODES : MODES)[shot] as Bytes) : next);
    timer = board.after(POLL, set);
  }

  return {
    largest: LARGEST,
    capture(want: Shot, page: ((bytes: Bytes) => boolean) | undefined, done: (error: PhotoError, size: number) => void): void {
      if (finish) {
        done(PhotoError.BROKEN, 0);
        return;
      }
      taker = page;
      finish = done;
      shot = want;
      size = 0;
      left = 0;
      deadline = board.uptime() + SETTING_LIMIT;
      if (ready) {
        settings = [MODE];
        timer = board.after(0, mode === shot ? shoot : set);
        return;
      }
      settings = [SENSOR, JPEG, MODE, DEFAULT_QUALITY];
      if (resting) board.camera(USUAL);
      resting = false;
      board.camera(RESET);
      timer = board.after(POLL, set);
    },
    read(length: number): Bytes {
      const bytes = left > 0 ? fetch(length < left ? length : left) : '';
      left = bytes === '' ? 0 : left - bytes.length;
      return bytes;
    },
    rest(): void {
      if (finish || left > 0) return;
      ready = false;
      resting = true;
      board.camera(LOW);
    },
    cancel(): void {
      left = 0;
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
