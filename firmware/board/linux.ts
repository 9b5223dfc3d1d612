/**
 * The bench unit: Espruino for Linux, whose parts are served by another process over two FIFOs `q` and `r` in the working
 * directory (format: LINUX.md), and whose link and reader are ptys `link` and `reader` there. Flash regions are files of the
 * interpreter's own Storage where they have been made; a stock build, whose Storage is too small, asks the parts' process.
 */
import { BoardId } from '../../protocol/image';
import type { Bytes } from '../../protocol/natives';
import type { Board, Flash } from './board';
import { JOURNAL, PAGE, PHOTOS, type RegionFile, SLOT_A, SLOT_B, STATE, VAULT } from './files';
import { createFont, createNatives, createSerialLink, createTimers, createUptime, flashOfFile, tidy } from './interpreter';

/** Operations, LINUX.md. */
const enum Op {
  HELLO = 1,
  SPI = 2,
  I2C_WRITE = 3,
  I2C_READ = 4,
  BOLT = 5,
  MOTOR = 6,
  ANALOG = 7,
  USB = 8,
  DIE = 9,
  RANDOM = 10,
  KICK = 11,
  RESET = 12,
  FLASH_READ = 13,
  FLASH_WRITE = 14,
  FLASH_ERASE = 15,
}

function number16(answer: Bytes): number {
  return (answer.charCodeAt(0) << 8) | answer.charCodeAt(1);
}

/**
 * Makes a stock build take enough memory at once. It starts with 4,096 variables, which is about what we use, and takes more only
 * when a single one is wanted: on that brink there is no room for a string in one piece, and digests come back undefined.
 */
function grow(): void {
  const room: number[] = [];
  for (let memory = process.memory(false); memory.total < 8192; memory = process.memory(false)) room.push(0);
}

export function createBoard(): Board {
  grow();
  E.setConsole(null, { force: true });
  const question = E.openFile('q', 'w');
  const reply = E.openFile('r', 'r');

  /** One request, one answer; '' when the parts are gone. The length counts what follows it. */
  function call(op: Op, operands: Bytes): Bytes {
    const length = operands.length + 1;
    // One write a request: the other end sees it whole.
    question.write(String.fromCharCode(length >> 8, length & 255, op) + operands);
    const head = reply.read(2);
    if (head === undefined) return '';
    const size = number16(head);
    const answer = size > 0 ? reply.read(size) : '';
    return answer === undefined ? '' : answer;
  }

  const hello = call(Op.HELLO, '\x01');
  const uptime = createUptime();
  const timers = createTimers();
  /** The region's file, or region `index` of the parts' process. */
  function region(file: RegionFile, index: number): Flash {
    const own = flashOfFile(base, file);
    if (own.pages > 0) return own;
    function place(at: number): Bytes {
      return String.fromCharCode(index, at >> 24, (at >> 16) & 255, (at >> 8) & 255, at & 255);
    }
    return {
      page: PAGE,
      pages: file.pages,
      read(at: number, length: number): Bytes {
        return call(Op.FLASH_READ, place(at) + String.fromCharCode(length >> 8, length & 255));
      },
      write(at: number, bytes: Bytes): void {
        call(Op.FLASH_WRITE, place(at) + bytes);
      },
      erase(page: number): void {
        call(Op.FLASH_ERASE, place(page * PAGE));
      },
    };
  }

  const base = process.env.BOARD === 'LINUX' ? 0x10000000 : 0x60000000;
  Serial1.setup(115200, { path: 'link' });
  Serial2.setup(57600, { path: 'reader' });
  // The interpreter looks at its ports only when it wakes up.
  setInterval(function () {}, 2);

  return {
    natives: createNatives(function (length: number): Bytes {
      return call(Op.RANDOM, String.fromCharCode(length));
    }),
    resetCause: hello.charCodeAt(0),
    uptime,
    after: timers.after,
    cancel: timers.cancel,
    links: [
      createSerialLink('serial', Serial1, 2048, timers, function () {
        return true;
      }),
    ],
    reader: {
      write(bytes: Bytes): boolean {
        Serial2.write(bytes);
        return true;
      },
      onBytes(receive: (bytes: Bytes) => void): void {
        Serial2.on('data', receive);
      },
    },
    camera(bytes: Bytes): Bytes {
      return call(Op.SPI, bytes);
    },
    i2cWrite(address: number, bytes: Bytes): boolean {
      return call(Op.I2C_WRITE, String.fromCharCode(address) + bytes) === '\x01';
    },
    i2cRead(address: number, register: number, length: number): Bytes {
      return call(Op.I2C_READ, String.fromCharCode(address, register, length));
    },
    bolt(on: boolean): void {
      call(Op.BOLT, on ? '\x01' : '\x00');
    },
    motor(duty: number): void {
      call(Op.MOTOR, String.fromCharCode(Math.round(duty * 100) + 100));
    },
    motorCurrent(): number {
      return number16(call(Op.ANALOG, '\x00'));
    },
    battery(): number {
      return number16(call(Op.ANALOG, '\x01'));
    },
    tidy: tidy,
    usbPower(): boolean {
      return call(Op.USB, '') === '\x01';
    },
    dieTags(): Bytes[] {
      const all = call(Op.DIE, '');
      const tags: Bytes[] = [];
      for (let at = 0; at + 8 <= all.length; at += 8) tags.push(all.substr(at, 8));
      return tags;
    },
    vault: region(VAULT, 0),
    state: region(STATE, 1),
    journal: region(JOURNAL, 2),
    photos: region(PHOTOS, 3),
    font: createFont(),
    // Without pages where Storage is too small: then there are no updates.
    images: { board: BoardId.LINUX, slots: [flashOfFile(base, SLOT_A), flashOfFile(base, SLOT_B)], running: SLOT },
    kick(): void {
      call(Op.KICK, '');
    },
    reset(): void {
      call(Op.RESET, '');
      E.reboot();
    },
  };
}
