/**
 * Arducam Mega 3MP/5MP on SPI, mode 0 (register names and values from ArduCAM/Arducam_Mega, src/Arducam/ArducamCamera.c and .h).
 *
 *   write register  CS low, 0x80|address, value, CS high
 *   read register   CS low, address, dummy, value, CS high
 *   burst           CS low, 0x3C, data..., CS high; the first byte of the first burst after a capture is a dummy
 *   single byte     CS low, 0x3D, dummy, data, CS high
 *
 * Fault model
 * - Silent: MISO stays low (unplugged); floating: MISO reads ones. Every register reads 0x00 or 0xFF.
 * - Stuck: capture never done. Slow: it takes longer. Blind: the sensor delivers no picture (FIFO length 0).
 * - Truncated: the FIFO ends early, without the JPEG end marker; lying length: the FIFO says it is huge.
 * - Low power (register 0x02): a picture that is asked for then never comes; a reset does not end it, only the register and the supply do.
 * - Covered lens: a black picture, told by the scene.
 * - Must be survived: all of them at any step; no stroke on a permit that asks for photos. May be lost: the photo.
 * - Not modelled: bits flipped on the SPI wires, video mode, several frames in one capture, RGB and YUV (the FIFO stays empty).
 */
import type { Event, World } from '../world/world';
import type { Scene, Sight, View } from './scene';

export const SENSOR_3MP_1 = 0x82;
export const SENSOR_5MP = 0x85;
export const SENSOR_3MP = 0x86;

const REG_POWER = 0x02;
const LOW_POWER = 0x07;
const REG_FIFO = 0x04;
const FIFO_CLEAR_DONE = 0x01;
const FIFO_START = 0x02;
const REG_FIFO_2 = 0x07;
const SENSOR_RESET = 0x40;
const FIFO_CLEAR = 0x80;
const REG_FORMAT = 0x20;
const REG_RESOLUTION = 0x21;
const REG_QUALITY = 0x2a;
const REG_SENSOR_ID = 0x40;
const REG_STATE = 0x44;
const STATE_IDLE = 0x02;
const CAP_DONE = 0x04;
const REG_SIZE = 0x45;
const BURST = 0x3c;
const SINGLE = 0x3d;
const FORMAT_JPEG = 1;

/** CAM_IMAGE_MODE: width and height by the value of register 0x21. */
const MODES: readonly (readonly [number, number])[] = [
  [96, 96], [128, 128], [160, 120], [320, 240], [320, 320], [640, 480], [800, 600],
  [1024, 768], [1280, 720], [1280, 1024], [1600, 1200], [1920, 1080], [2048, 1536], [2592, 1944],
];

/** The same for sensors below SENSOR_5MP ("legacy" in the library), which count differently. */
const LEGACY_MODES: Readonly<Record<number, readonly [number, number]>> = {
  0x01: [320, 240], 0x02: [640, 480], 0x04: [1280, 720], 0x06: [1600, 1200], 0x07: [1920, 1080],
  0x08: [2048, 1536], 0x09: [2592, 1944], 0x0a: [96, 96], 0x0b: [128, 128], 0x0c: [320, 320],
};

/** JPEG quality by the value of register 0x2A (high, default, low); default: as the scene has it. */
const JPEG_QUALITY: readonly (number | undefined)[] = [90, undefined, 60];

/** Reset and register writes keep the module's own bus to the sensor busy for so long. */
const RESET_MS = 120;
const WRITE_MS = 4;
/** Exposure, read-out and compression. */
const CAPTURE_MS = 220;

export type CameraFault = 'none' | 'silent' | 'floating' | 'stuck' | 'blind' | 'truncated' | 'lying length';

export class Camera {
  fault: CameraFault = 'none';
  /** Delivers the last picture again, whatever it sees. */
  frozen = false;
  private last: Buffer | undefined;
  covered = false;
  /** Added to the time of a capture, ms. */
  slowMs = 0;
  sensorId = SENSOR_3MP;
  /** In low power; told to onRest. */
  resting = false;
  onRest: (() => void) | undefined;

  private readonly world: World;
  private readonly scene: Scene;
  private readonly look: () => Sight;
  private readonly registers = new Uint8Array(128);
  private powered = false;
  private selected = false;
  /** Bytes of the transaction under way. */
  private count = 0;
  private first = 0;
  private burstFresh = true;
  private busyUntil = 0;
  private done = false;
  private fifo: Buffer = Buffer.alloc(0);
  private length = 0;
  private position = 0;
  private exposure: Event | undefined;
  private boots = 0;
  private photos = 0;

  constructor(world: World, scene: Scene, look: () => Sight) {
    this.world = world;
    this.scene = scene;
    this.look = look;
  }

  power(on: boolean): void {
    this.powered = on;
    this.resting = false;
    this.reset();
  }

  /** Chip select: true selects. */
  select(on: boolean): void {
    this.selected = on;
    this.count = 0;
  }

  /** Bytes clocked through while selected; returns what MISO carried. */
  transfer(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.length);
    if (!this.powered || !this.selected || this.fault === 'silent') return out;
    if (this.fault === 'floating') return out.fill(0xff);
    for (let i = 0; i < bytes.length; i++) {
      if (this.count > 0 && this.first === BURST && !this.burstFresh) {
        // The rest of a burst in one go.
        const available = this.fifo.subarray(this.position, this.position + bytes.length - i);
        out.set(available, i);
        this.position += bytes.length - i;
        this.count += bytes.length - i;
        break;
      }
      out[i] = this.byte(bytes[i]!);
      this.count++;
    }
    return out;
  }

  private byte(value: number): number {
    if (this.count === 0) {
      this.first = value;
      return 0;
    }
    if (this.first & 0x80) {
      if (this.count === 1) this.write(this.first & 0x7f, value);
      return 0;
    }
    if (this.first === BURST) {
      this.burstFresh = false;
      return 0;
    }
    if (this.first === SINGLE) return this.count === 2 ? (this.fifo[this.position++] ?? 0) : 0;
    return this.count === 2 ? this.read(this.first) : 0;
  }

  private read(register: number): number {
    switch (register) {
      case REG_SENSOR_ID:
        return this.sensorId;
      case REG_STATE:
        return (this.world.now >= this.busyUntil ? STATE_IDLE : 0x01) | (this.done ? CAP_DONE : 0);
      case REG_SIZE:
        return this.length & 0xff;
      case REG_SIZE + 1:
        return (this.length >> 8) & 0xff;
      case REG_SIZE + 2:
        return (this.length >> 16) & 0xff;
      default:
        return this.registers[register]!;
    }
  }

  private write(register: number, value: number): void {
    this.registers[register] = value;
    switch (register) {
      case REG_POWER:
        this.resting = value === LOW_POWER;
        this.onRest?.();
        return;
      case REG_FIFO:
        if (value & FIFO_CLEAR_DONE) this.done = false;
        if (value & FIFO_START) this.start();
        return;
      case REG_FIFO_2:
        if (value & SENSOR_RESET) {
          this.reset();
          this.busyUntil = this.world.now + RESET_MS;
        } else if (value & FIFO_CLEAR) {
          this.fifo = Buffer.alloc(0);
          this.length = 0;
          this.position = 0;
        }
        return;
      case REG_FORMAT:
      case REG_RESOLUTION:
      case REG_QUALITY:
        this.busyUntil = this.world.now + WRITE_MS;
        return;
      default:
        this.busyUntil = Math.max(this.busyUntil, this.world.now + 1);
    }
  }

  private reset(): void {
    this.boots++;
    if (this.exposure !== undefined) this.world.cancel(this.exposure);
    this.exposure = undefined;
    this.registers.fill(0);
    this.registers[0x41] = 24;
    this.registers[0x42] = 3;
    this.registers[0x43] = 15;
    this.registers[0x49] = 0x0f;
    this.done = false;
    this.fifo = Buffer.alloc(0);
    this.length = 0;
    this.position = 0;
    this.burstFresh = true;
    this.selected = false;
  }

  private start(): void {
    if (this.exposure !== undefined) this.world.cancel(this.exposure);
    this.done = false;
    // What was there before is gone from the moment the new picture begins.
    this.fifo = Buffer.alloc(0);
    this.length = 0;
    this.position = 0;
    this.exposure = undefined;
    if (this.fault === 'stuck' || this.resting) return;
    const boot = this.boots;
    this.exposure = this.world.after(CAPTURE_MS + this.slowMs, () => {
      this.exposure = undefined;
      const picture = this.frozen && this.last !== undefined ? this.last : this.registers[REG_FORMAT] === FORMAT_JPEG ? this.scene.jpeg(this.view()) : Buffer.alloc(0);
      if (Buffer.isBuffer(picture)) this.finish(picture);
      else {
        void this.world.pendingJob(picture.then((jpeg) => {
          if (boot === this.boots) this.finish(jpeg);
        }));
      }
    });
  }

  private view(): View {
    const modes: Readonly<Record<number, readonly [number, number]>> = this.sensorId < SENSOR_5MP ? LEGACY_MODES : MODES;
    const mode = modes[this.registers[REG_RESOLUTION]! & 0x7f] ?? MODES[0]!;
    const { page, laid, dark } = this.look();
    const quality = JPEG_QUALITY[this.registers[REG_QUALITY]!];
    return {
      page,
      laid,
      covered: this.covered || dark,
      width: mode[0],
      height: mode[1],
      photo: ++this.photos,
      ...(quality === undefined ? {} : { quality }),
    };
  }

  private finish(jpeg: Buffer): void {
    this.last = jpeg;
    let fifo = this.fault === 'blind' ? Buffer.alloc(0) : jpeg;
    if (this.fault === 'truncated') fifo = fifo.subarray(0, Math.floor(fifo.length / 2));
    this.fifo = fifo;
    this.length = this.fault === 'lying length' ? 0x7fffff : fifo.length;
    this.position = 0;
    this.burstFresh = true;
    this.done = true;
  }
}
