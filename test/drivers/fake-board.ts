/** A board of one's own for driver tests: time that only moves when told, timers, and whatever parts a test hangs on it. */
import { createHash } from 'node:crypto';
import type { Board, Flash, Port } from '../../firmware/board/board';
import type { Bytes } from '../../protocol/natives';

interface Timer {
  id: number;
  at: number;
  call: () => void;
}

const noFlash: Flash = { page: 4096, pages: 0, read: () => '', write: () => undefined, erase: () => undefined };

export class FakePort implements Port {
  sent: Bytes[] = [];
  onWrite: ((bytes: Bytes) => void) | undefined;
  private receive: ((bytes: Bytes) => void) | undefined;
  write(bytes: Bytes): boolean {
    this.sent.push(bytes);
    this.onWrite?.(bytes);
    return true;
  }
  onBytes(receive: (bytes: Bytes) => void): void {
    this.receive = receive;
  }
  arrive(bytes: Bytes): void {
    this.receive?.(bytes);
  }
}

export class FakeBoard {
  now = 0;
  timers: Timer[] = [];
  reader = new FakePort();
  /** What happened to bolt and motor, with the time. */
  log: [number, string][] = [];
  boltOn = false;
  duty = 0;
  current = 0;
  tags: Bytes[] = [];
  onMotor: ((duty: number) => void) | undefined;
  spi: (bytes: Bytes) => Bytes = (bytes) => '\0'.repeat(bytes.length);
  i2cWritten: (bytes: Bytes) => boolean = () => true;
  i2cReading: (register: number, length: number) => Bytes = () => '';
  private nextId = 1;

  board(): Board {
    return {
      natives: {
        crc32: () => 0,
        sha256: (data) => createHash('sha256').update(Buffer.from(data, 'latin1')).digest('binary'),
        ccmSeal: () => '',
        ccmOpen: () => undefined,
        random: (length) => '\x11'.repeat(length),
      },
      resetCause: 1,
      uptime: () => this.now,
      after: (ms, call) => {
        const id = this.nextId++;
        this.timers.push({ id, at: this.now + ms, call });
        return id;
      },
      cancel: (id) => {
        this.timers = this.timers.filter((timer) => timer.id !== id);
      },
      links: [],
      reader: this.reader,
      camera: (bytes) => this.spi(bytes),
      i2cWrite: (_address, bytes) => this.i2cWritten(bytes),
      i2cRead: (_address, register, length) => this.i2cReading(register, length),
      bolt: (on) => {
        this.boltOn = on;
        this.log.push([this.now, on ? 'pull' : 'let go']);
      },
      motor: (duty) => {
        this.duty = duty;
        this.log.push([this.now, `motor ${duty}`]);
        this.onMotor?.(duty);
      },
      motorCurrent: () => this.current,
      battery: () => 3900,
      usbPower: () => true,
      tidy: () => undefined,
      dieTags: () => this.tags,
      vault: noFlash, state: noFlash, journal: noFlash, photos: noFlash,
      font: () => '',
      kick: () => undefined,
      reset: () => undefined,
    };
  }

  /** Lets so many milliseconds pass; timers run at their times. */
  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.at);
      next.call();
    }
    this.now = end;
  }
}

/** The register file of an MCP23017 at its reset values (DS20001952C table 3-3), and the switches behind port A. */
export class FakeExpander {
  registers = Buffer.alloc(22);
  /** Closed switches, bits of Input. */
  closed = 0;
  silent = false;

  constructor(board: FakeBoard) {
    this.powerOn();
    board.i2cWritten = (bytes) => {
      if (this.silent) return false;
      const data = Buffer.from(bytes, 'latin1');
      data.subarray(1).forEach((value, i) => (this.registers[(data[0]! + i) % 22] = value));
      return true;
    };
    board.i2cReading = (register, length) => {
      if (this.silent) return '';
      this.registers[0x12] = ~this.closed & this.registers[0x0c]!;
      return this.registers.subarray(register, register + length).toString('latin1');
    };
  }

  powerOn(): void {
    this.registers.fill(0);
    this.registers.fill(0xff, 0, 2);
  }
}
