/**
 * The parts of one unit for the real interpreter (firmware/board/LINUX.md): answers its requests, whatever carries them, and
 * is the other end of its reader's UART. The world must be driven in real time (RealTime): each request first brings it up to now.
 *
 * What the interpreter does itself and is not simulated here: flash, clock, memory, the link's serial port.
 */
import { Body, type BodyOptions } from '../unit/body';
import type { Event, Random, World } from '../world/world';

/** Operations of LINUX.md. */
const Op = { HELLO: 1, SPI: 2, I2C_WRITE: 3, I2C_READ: 4, BOLT: 5, MOTOR: 6, ANALOG: 7, USB: 8, DIE: 9, RANDOM: 10, KICK: 11, RESET: 12 } as const;

/** Reset causes as HELLO answers them. */
export const Cause = { UNKNOWN: 0, POWER_ON: 1, WATCHDOG: 2, SOFTWARE: 3, PIN: 4 } as const;

const NOTHING = Buffer.alloc(0);
const WATCHDOG_MS = 10_000;

export interface LinuxBusOptions extends BodyOptions {
  /** Default 'bench'. */
  name?: string;
}

/** The reader's UART as whoever makes its terminal needs it (`Cable` of sim/io): the interpreter is the "host" there. */
export interface UartEnd {
  readonly connected: boolean;
  write(bytes: Buffer): void;
  onData(receive: (bytes: Buffer) => void): void;
}

export class LinuxBus {
  readonly body: Body;
  /** Cause that the next HELLO is answered with; after it software, because that is how an interpreter starts anew by itself. */
  cause: number = Cause.POWER_ON;
  /** The firmware asked for a restart; the interpreter ends by itself. `cause` is set. */
  onReset: (() => void) | undefined;
  /** The firmware has not kicked for 10 s: end the interpreter and start it again. `cause` is set. */
  onWatchdog: (() => void) | undefined;
  /** The firmware has begun to run. */
  onHello: (() => void) | undefined;
  /** Requests answered so far. */
  requests = 0;

  private readonly world: World;
  private readonly random: Random;
  private readonly name: string;
  private readerReceiver: ((bytes: Buffer) => void) | undefined;
  private watchdog: Event | undefined;

  constructor(world: World, options: LinuxBusOptions) {
    this.world = world;
    this.name = options.name ?? 'bench';
    this.random = world.random.fork(this.name);
    this.body = new Body(world, this.random, this.name, options);
    this.body.parts.reader.onSend = (bytes) => {
      this.readerReceiver?.(bytes);
      world.touch();
    };
    this.body.power(true);
  }

  /** The terminal `reader` in the unit's directory. */
  get reader(): UartEnd {
    const powered = (): boolean => this.body.powered;
    return {
      get connected() {
        return powered();
      },
      write: (bytes) => {
        this.world.catchUp?.();
        this.body.parts.reader.receive(bytes);
      },
      onData: (receive) => {
        this.readerReceiver = receive;
      },
    };
  }

  /** The interpreter is gone (power cut, restart): everything it drove falls to its unpowered level. */
  release(): void {
    this.world.catchUp?.();
    const { bolt, actuator, camera } = this.body.parts;
    bolt.drive(false);
    actuator.drive(0);
    camera.select(false);
    if (this.watchdog !== undefined) this.world.cancel(this.watchdog);
    this.watchdog = undefined;
  }

  /** An interpreter starts: its boot file starts the watchdog, whatever it runs then. */
  started(): void {
    this.watch();
  }

  /** Power of all parts. Kill the interpreter before taking it away. */
  power(on: boolean): void {
    this.release();
    this.body.power(on);
    if (on) this.cause = Cause.POWER_ON;
  }

  /** One request: op and operands as LINUX.md has them. An unknown op or wrong operands give an empty answer. */
  answer(op: number, operands: Buffer): Buffer {
    this.world.catchUp?.();
    this.requests++;
    if (this.world.traced) this.world.trace(this.name, 'asks', `${op} ${operands.toString('hex')}`);
    const { parts } = this.body;
    switch (op) {
      case Op.HELLO:
        return this.hello(operands);
      case Op.SPI: {
        parts.camera.select(true);
        const out = parts.camera.transfer(operands);
        parts.camera.select(false);
        return Buffer.from(out);
      }
      case Op.I2C_WRITE:
        if (operands.length < 1) return NOTHING;
        return Buffer.of(this.body.i2c(operands[0]!)?.write(operands.subarray(1)) === true ? 1 : 0);
      case Op.I2C_READ:
        return this.readRegisters(operands);
      case Op.BOLT:
        if (operands.length === 1) parts.bolt.drive(operands[0] === 1);
        return NOTHING;
      case Op.MOTOR:
        if (operands.length === 1) parts.actuator.drive(Math.max(-1, Math.min(1, (operands[0]! - 100) / 100)));
        return NOTHING;
      case Op.ANALOG:
        return this.analog(operands[0]);
      case Op.USB:
        return Buffer.of(parts.battery.usb ? 1 : 0);
      case Op.DIE:
        return Buffer.concat(parts.dieBus.search().map((rom) => Buffer.from(rom, 'hex')));
      case Op.RANDOM:
        return operands.length === 1 ? this.random.bytes(operands[0]!) : NOTHING;
      case Op.KICK:
        this.watch();
        return NOTHING;
      case Op.RESET:
        this.cause = Cause.SOFTWARE;
        this.release();
        this.onReset?.();
        return NOTHING;
      default:
        return NOTHING;
    }
  }

  private hello(operands: Buffer): Buffer {
    if (operands[0] !== 1) return NOTHING;
    this.release();
    const cause = this.cause;
    this.cause = Cause.SOFTWARE;
    this.body.truth.runs.push({ at: this.world.now, what: 'boot' });
    this.watch();
    this.onHello?.();
    return Buffer.of(cause);
  }

  private readRegisters(operands: Buffer): Buffer {
    const part = operands.length === 3 ? this.body.i2c(operands[0]!) : undefined;
    if (part?.write(operands.subarray(1, 2)) !== true) return NOTHING;
    const out = part.read(operands[2]!);
    return out === undefined ? NOTHING : Buffer.from(out);
  }

  private analog(channel: number | undefined): Buffer {
    const out = Buffer.alloc(2);
    const { actuator, battery } = this.body.parts;
    if (channel === 0) out.writeUInt16BE(Math.round(actuator.currentMa()));
    else if (channel === 1) out.writeUInt16BE(Math.round(battery.millivolts()));
    else return NOTHING;
    return out;
  }

  private watch(): void {
    if (this.watchdog !== undefined) this.world.cancel(this.watchdog);
    this.watchdog = this.world.after(WATCHDOG_MS, () => {
      this.watchdog = undefined;
      this.cause = Cause.WATCHDOG;
      this.release();
      this.onWatchdog?.();
    });
  }
}
