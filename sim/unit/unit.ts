/**
 * One simulated unit: parts, processor and the wiring between them (pin map in the contract of the XIAO board:
 * D0 motor current, D1/D2 bridge, D3 camera select, D4/D5 I2C, D6/D7 reader, D8..D10 SPI, D14/D32 battery divider,
 * D30 (NFC1) die tag, D31 (NFC2) bolt).
 */
import { createHmac } from 'node:crypto';
import { espruino, EXTERNAL, INTERNAL, type Globals } from '../board/espruino';
import type { Hardware, PinState } from '../board/hardware';
import { Halt, Processor } from '../board/processor';
import { loadProgram, type Program } from '../board/run';
import { FileArea } from '../board/storage';
import { BOOT_FILE } from '../../firmware/board/files';
import { NorFlash } from '../parts/nor';
import type { Random, World } from '../world/world';
import { Body } from './body';
import { UsbPort, type BytePort } from './port';
import { writeStorage, writeVault } from './provision';
import type { Truth } from './truth';
import type { Unit, UnitEvents, UnitHand, UnitOptions, UnitParts, UnitPower } from './types';

const MOTOR_VOLTS_PER_AMPERE = 1;
const DIVIDER = 510 / 1510;

/** Makes a unit without power: call power.on(). @throws where bundle or identity are wrong */
export function createUnit(world: World, options: UnitOptions): Unit {
  return new SimulatedUnit(world, options);
}

class SimulatedUnit implements Unit {
  readonly name: string;
  readonly world: World;
  readonly port: BytePort;
  readonly cable: UsbPort;
  readonly power: UnitPower;
  readonly hand: UnitHand;
  readonly parts: UnitParts;
  readonly flash: NorFlash;
  readonly truth: Truth;
  readonly processor: Processor;

  private readonly random: Random;
  private readonly program: Program;
  private readonly hardware: Hardware;
  private readonly body: Body;
  private globals: Globals | undefined;
  private in1 = 0;
  private in2 = 0;
  private divider = false;
  private readonly listeners = new Map<string, Set<(...given: never[]) => void>>();

  constructor(world: World, options: UnitOptions) {
    this.world = world;
    this.name = options.name ?? 'unit';
    this.random = world.random.fork(this.name);
    this.program = typeof options.bundle === 'string' ? loadProgram(options.bundle) : options.bundle;
    this.flash = new NorFlash([INTERNAL, EXTERNAL], this.random.fork('flash'), options.flash);
    const chipId = this.random.fork('chip').bytes(8);
    if (options.flash === undefined) {
      writeVault(this.flash, options.identity);
      writeStorage(this.flash, this.program.code, this.program.font, options.identity.makerKey, options.bootFile);
    }
    this.cable = new UsbPort(world, options.port);
    this.port = this.cable;
    this.body = new Body(world, this.random, this.name, options);
    this.parts = this.body.parts;
    // Its reader is its own since its first start.
    if (options.flash !== undefined) this.parts.reader.password = createHmac('sha256', options.identity.permitKey).update('smartseal/reader').digest().readUInt32BE();
    this.truth = this.body.truth;
    this.hand = this.body.hand;
    this.processor = new Processor(world, {
      start: () => this.boot(),
      release: () => this.release(),
      onException: (error) => this.exception(error),
      onHalt: (why) => this.note(why),
    });
    this.hardware = this.makeHardware(chipId);
    this.power = this.makePower();
    this.wire();
  }

  get slot(): number {
    return (this.globals?.names['SLOT'] as number | undefined) ?? -1;
  }

  on<K extends keyof UnitEvents>(event: K, call: (...given: UnitEvents[K]) => void): () => void {
    const calls = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, calls);
    calls.add(call as (...given: never[]) => void);
    return () => calls.delete(call as (...given: never[]) => void);
  }

  private emit<K extends keyof UnitEvents>(event: K, ...given: UnitEvents[K]): void {
    for (const call of this.listeners.get(event) ?? []) (call as (...all: UnitEvents[K]) => void)(...given);
  }

  private makeHardware(chipId: Buffer): Hardware {
    const { parts } = this;
    return {
      world: this.world,
      random: this.random.fork('interpreter'),
      flash: this.flash,
      chipId,
      pinChanged: (pin, state) => this.pinChanged(pin, state),
      pinRead: () => false,
      volts: (pin) => this.volts(pin),
      spi: (bytes) => parts.camera.transfer(bytes),
      i2cWrite: (address, bytes) => this.body.i2c(address)?.write(bytes) ?? false,
      i2cRead: (address, length) => this.body.i2c(address)?.read(length),
      oneWire: (pin) => (pin === 'D30' ? parts.dieBus : undefined),
      uart: (bytes) => parts.reader.receive(bytes),
      usb: {
        connected: () => this.cable.connected,
        roomIn: (bytes) => this.cable.roomIn(bytes),
        waiting: () => this.cable.waiting(),
        send: (bytes) => {
          if (this.world.traced) this.world.trace(this.name, 'sends', bytes.toString('hex'));
          this.emit('sent', bytes);
          this.cable.send(bytes);
        },
      },
      vbus: () => parts.battery.usb,
      print: (text) => this.emit('print', text),
    };
  }

  private wire(): void {
    const { body, parts, cable, world } = this;
    this.flash.onCut = () => {
      this.cut();
      throw new Halt('cut');
    };
    cable.onReceived = (bytes) => {
      if (world.traced) world.trace(this.name, 'receives', bytes.toString('hex'));
      this.emit('received', bytes);
      this.globals?.usb.received(bytes);
    };
    cable.onPlugged = (plugged) => (parts.battery.usb = plugged);
    cable.onState((connected) => {
      const { globals } = this;
      if (globals === undefined) return;
      // Without "force" the console comes back to USB when a host opens it (espruino.md section 4).
      if (connected && !globals.console.forced) globals.console.move(globals.usb, false);
      globals.usb.raise(connected ? 'connected' : 'disconnected');
    });
    parts.reader.onSend = (bytes) => this.globals?.serial1.received(bytes);
    body.onBrownOut = () => this.cut();
    body.onBolt = (open) => this.emit('bolt', open);
    body.onStroke = (stroke) => this.emit('stroke', stroke);
    body.onLamp = (lamp, on) => this.emit('lamp', lamp, on);
  }

  private makePower(): UnitPower {
    const { body } = this;
    return {
      get isOn() {
        return body.powered;
      },
      on: () => this.switchOn(),
      cut: () => {
        this.world.catchUp?.();
        this.cut();
      },
      cutAtFlashOp: (n, how, tornWords) => this.flash.cutAt(n, how, tornWords),
    };
  }

  private switchOn(): void {
    this.world.catchUp?.();
    if (this.body.powered || !this.parts.battery.alive()) return;
    this.body.power(true);
    if (this.body.powered) this.processor.powerOn();
  }

  private cut(): void {
    if (!this.body.powered) return;
    // The processor first: what it drove must not be driven any more when the parts lose their supply.
    this.processor.cut();
    this.body.power(false);
  }

  private boot(): void {
    this.note('boot');
    this.globals = espruino(this.processor, this.hardware, this.parts.radio);
    this.globals.console.onTyped = (bytes) => (this.truth.consoleBytes += bytes.length);
    this.parts.radio.attach(this.globals.nrf);
    this.cable.deviceRuns(true);
    this.bootFile(this.globals.names);
  }

  /** What the interpreter does when it starts: it runs the boot file, which chooses and evaluates the firmware. */
  private bootFile(names: Record<string, unknown>): void {
    // Found and read by the interpreter's own code: a test may make the firmware's calls fail, not these.
    const flash = Object.create(this.flash, { read: { value: NorFlash.prototype.read } }) as NorFlash;
    const file = new FileArea(flash, EXTERNAL.base, EXTERNAL.size).find(BOOT_FILE);
    if (file === undefined) return;
    // Compiled once; what lies in flash is compared with what was compiled.
    names['eval'] = (code: string): void => {
      if (code !== '') this.program.other(code).run(names);
    };
    this.program.other(Buffer.from(flash.read(file.data, file.size)).toString('latin1')).run(names);
  }

  /** The processor stopped: everything it drove falls to its unpowered level. */
  private release(): void {
    this.globals?.pins.release();
    this.globals = undefined;
    this.parts.radio.attach(undefined);
    this.cable.deviceRuns(false);
    this.parts.camera.select(false);
    this.divider = false;
  }

  private note(what: 'boot' | 'cut' | 'reset' | 'hang'): void {
    this.truth.runs.push({ at: this.world.now, what });
    this.world.trace(this.name, what);
    this.emit(what);
  }

  private exception(error: unknown): void {
    this.truth.exceptions.push({ at: this.world.now, error });
    this.world.trace(this.name, 'exception', String(error));
    this.emit('exception', error);
  }

  private pinChanged(pin: string, state: PinState): void {
    const { parts } = this;
    switch (pin) {
      case 'D1':
        this.in1 = state.duty;
        parts.actuator.drive(this.in1 - this.in2);
        return;
      case 'D2':
        this.in2 = state.duty;
        parts.actuator.drive(this.in1 - this.in2);
        return;
      case 'D3':
        parts.camera.select(state.driven && !state.level);
        return;
      case 'D14':
        this.divider = state.driven && !state.level;
        return;
      case 'D31':
        parts.bolt.drive(state.driven && state.level);
        return;
      default:
    }
  }

  private volts(pin: string): number {
    if (pin === 'D0') return (this.parts.actuator.currentMa() / 1000) * MOTOR_VOLTS_PER_AMPERE;
    // Without its foot the divider shows the whole battery voltage (and harms the pin on a real unit).
    if (pin === 'D32') return (this.parts.battery.millivolts() / 1000) * (this.divider ? DIVIDER : 1);
    return 0;
  }
}
