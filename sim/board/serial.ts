/** Serial ports of the interpreter: USB (CDC) and Serial1 (UART). 'data' carries binary strings in arbitrary pieces. */
import { toBinary, toBytes } from './bytes';
import { Emitter } from './emitter';
import type { Processor } from './processor';

/** Input that the interpreter holds while nobody reads it (IO event buffer of nRF52 builds). */
const INPUT_MAX = 1024;
export interface SerialLine {
  send(bytes: Buffer): void;
  connected(): boolean;
  /**
   * Milliseconds until the output buffer (256 bytes, shared by all ports) takes so many bytes: so long the writer waits.
   * Infinity: the other end is there and reads nothing; the writer waits for ever (espruino.md section 4).
   */
  roomIn(bytes: number): number;
}

export class SerialPort extends Emitter {
  private readonly line: SerialLine;
  private readonly console: Console;
  private held: Buffer = Buffer.alloc(0);
  /** Input that came while the interpreter was busy, beyond what its buffer holds, is lost. */
  private queued = 0;

  constructor(processor: Processor, line: SerialLine, console: Console) {
    super(processor);
    this.line = line;
    this.console = console;
  }

  setup(_baud?: unknown, _options?: unknown): void {
    this.processor.check();
  }
  unsetup(): void {
    this.processor.check();
  }
  flush(): void {
    this.processor.check();
  }
  setConsole(force?: unknown): void {
    this.processor.check();
    this.console.move(this, force === true);
  }
  isConnected(): boolean {
    this.processor.check();
    return this.line.connected();
  }
  write(...data: unknown[]): void {
    this.processor.check();
    this.transmit(toBytes(data));
  }
  print(text: unknown): void {
    this.processor.check();
    this.transmit(Buffer.from(String(text), 'latin1'));
  }
  println(text: unknown): void {
    this.print(`${String(text)}\r\n`);
  }
  inject(...data: unknown[]): void {
    this.processor.check();
    this.received(toBytes(data));
  }
  available(): number {
    this.processor.check();
    return this.held.length;
  }
  read(count?: number): string | undefined {
    this.processor.check();
    if (this.held.length === 0) return undefined;
    const length = count === undefined || count <= 0 ? this.held.length : count;
    const out = toBinary(this.held.subarray(0, length));
    this.held = this.held.subarray(length);
    return out;
  }

  /** Bytes from the line, from outside of a turn. */
  received(bytes: Buffer): void {
    if (this.console.port === this) {
      this.console.typed(bytes);
      return;
    }
    if (!this.has('data')) {
      this.held = Buffer.concat([this.held, bytes]).subarray(0, INPUT_MAX);
      return;
    }
    const room = INPUT_MAX - this.queued;
    const taken = bytes.length > room ? bytes.subarray(0, room) : bytes;
    if (taken.length === 0) return;
    this.queued += taken.length;
    const text = toBinary(taken);
    this.processor.enter(() => {
      this.queued -= taken.length;
      this.tell('data', text);
    });
  }

  private transmit(bytes: Buffer): void {
    const wait = this.line.roomIn(bytes.length);
    if (wait === Infinity) this.processor.hang();
    this.line.send(bytes);
    if (wait > 0) this.processor.spend(wait);
  }
}

/** The REPL's console: where it is, input goes to it and never to a listener, and prints go out there. */
export class Console {
  port: SerialPort | undefined;
  /** Stays where it was put when USB is plugged in. */
  forced = false;
  /** What was typed to it; a unit must never let that happen. */
  onTyped: ((bytes: Buffer) => void) | undefined;

  move(port: SerialPort | undefined, force: boolean): void {
    this.port = port;
    this.forced = force;
  }

  typed(bytes: Buffer): void {
    this.onTyped?.(bytes);
  }
}
