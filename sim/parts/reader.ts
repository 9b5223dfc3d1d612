/**
 * Fingerprint module R503 on its UART, 57600 8N1 (R503 user manual V1.2.2, Hangzhou Grow, "Module instruction system";
 * confirmation codes from its table "Confirmation code").
 *
 * Fault model
 * - Silent: takes everything, answers nothing (dead, unplugged). Slow: answers late by some time.
 * - Bad checksum: every answer's checksum is wrong. Babbling: sends random bytes of its own accord.
 * - Replaced: another module with another library: see `templates`.
 * - Image poor: the finger is seen but gives no features (0x06, 0x07), or no image (0x03).
 * - Two fingers or a lifted finger between image and search: the buffers keep what was last taken.
 * - Must be survived: all of these, at any command. May be lost: a touch of a finger.
 * - Not modelled: enrolment over several images with quality rules beyond "the same finger"; upload of real images.
 */
import type { Event, Random, World } from '../world/world';
import { ACKNOWLEDGE, COMMAND, PacketReader, encodePacket, type Packet } from './reader-packet';

/** Whose finger it is: any name. Nobody's template matches a name that was never enrolled. */
export type FingerId = string;

export const Confirm = {
  OK: 0x00,
  PACKET_ERROR: 0x01,
  NO_FINGER: 0x02,
  IMAGE_FAIL: 0x03,
  TOO_MESSY: 0x06,
  TOO_FEW_FEATURES: 0x07,
  NO_MATCH: 0x08,
  NOT_FOUND: 0x09,
  NOT_COMBINED: 0x0a,
  OUT_OF_LIBRARY: 0x0b,
  BAD_TEMPLATE: 0x0c,
  WRONG_PASSWORD: 0x13,
  NO_IMAGE: 0x15,
  BAD_REGISTER: 0x1a,
  MUST_VERIFY: 0x21,
} as const;

const LIBRARY = 200;
/** Time from power to the ready byte 0x55 (manual: "Power-on delay time"). */
const POWER_ON_MS = 50;
/** Ten bits a byte at 57600 baud. */
const BYTE_MS = 10_000 / 57_600;
/** Time that a command takes inside the module, ms. */
const WORK_MS: Record<number, number> = { 0x01: 60, 0x28: 60, 0x02: 100, 0x04: 15, 0x1b: 15, 0x05: 20, 0x06: 30 };
const WORK_DEFAULT_MS = 2;
/** Looking for a finger that is not there ends sooner than taking an image. */
const NO_FINGER_MS = 12;

/** What an idle unit hears several times a second, made once. */
const NO_FINGER_ANSWER = Buffer.of(Confirm.NO_FINGER);
const NO_FINGER_PACKET = encodePacket(0xffffffff, ACKNOWLEDGE, NO_FINGER_ANSWER);

export interface AuraLight {
  mode: number;
  speed: number;
  colour: number;
  times: number;
}

export class FingerReader {
  /** Enrolled templates by slot (0..199). */
  readonly templates = new Map<number, FingerId>();
  fault: 'none' | 'silent' | 'bad checksum' | 'babbling' | 'messy image' | 'no image' = 'none';
  /** Answers later by so much, ms. */
  slowMs = 0;
  address = 0xffffffff;
  password = 0;
  /** What the ring around the window last was told. */
  light: AuraLight = { mode: 4, speed: 0, colour: 0, times: 0 };
  /** Bytes from the module to the processor. */
  onSend: ((bytes: Buffer) => void) | undefined;

  private readonly world: World;
  private readonly random: Random;
  private readonly packets = new PacketReader();
  private finger: FingerId | undefined;
  private image: FingerId | undefined;
  private features: (FingerId | undefined)[] = [];
  private verified = false;
  private powered = false;
  private lastPassed = false;
  /** Until when the module is busy with earlier commands. */
  private busyUntil = 0;
  private due: Event[] = [];

  constructor(world: World, random: Random) {
    this.world = world;
    this.random = random;
  }

  power(on: boolean): void {
    if (on === this.powered) return;
    this.powered = on;
    for (const event of this.due) this.world.cancel(event);
    this.due = [];
    this.packets.reset();
    this.image = undefined;
    this.features = [];
    this.verified = false;
    this.light = { mode: 4, speed: 0, colour: 0, times: 0 };
    this.busyUntil = this.world.now;
    if (on) this.send(POWER_ON_MS, () => Buffer.of(0x55));
  }

  /** A finger is put on the window, or lifted. */
  touch(finger: FingerId | undefined): void {
    this.finger = finger;
  }

  get touched(): boolean {
    return this.finger !== undefined;
  }

  /** Bytes from the processor, the last of them arriving now plus the line time. */
  receive(bytes: Uint8Array): void {
    if (!this.powered || this.fault === 'silent') return;
    if (this.fault === 'babbling') {
      this.send(5, () => this.random.bytes(1 + this.random.below(40)));
      return;
    }
    for (const packet of this.packets.push(bytes)) this.accept(packet, bytes.length);
  }

  private accept(packet: Packet, bytes: number): void {
    if (packet.identifier !== COMMAND || packet.address !== this.address) return;
    const code = packet.content[0] ?? -1;
    let work = WORK_MS[code] ?? WORK_DEFAULT_MS;
    if ((code === 0x01 || code === 0x28) && this.finger === undefined) work = NO_FINGER_MS;
    // One event a command: it is carried out when the answer's last byte has arrived. Nobody can see the difference,
    // because the module takes its commands one after the other.
    this.send(bytes * BYTE_MS + work, () => {
      const answer = packet.sound ? this.carryOut(code, packet.content) : Buffer.of(Confirm.PACKET_ERROR);
      if (answer === NO_FINGER_ANSWER && this.fault === 'none' && this.address === 0xffffffff) return NO_FINGER_PACKET;
      return encodePacket(this.address, ACKNOWLEDGE, answer, this.fault === 'bad checksum' ? 1 : 0);
    }, 12 * BYTE_MS);
  }

  private send(work: number, make: () => Buffer, line = BYTE_MS): void {
    const start = Math.max(this.world.now, this.busyUntil);
    this.busyUntil = start + work + this.slowMs;
    const event = this.world.at(this.busyUntil + line, () => {
      this.due.splice(this.due.indexOf(event), 1);
      if (!this.powered || this.fault === 'silent') return;
      this.onSend?.(make());
    });
    this.due.push(event);
  }

  private carryOut(code: number, content: Buffer): Buffer {
    if (this.password !== 0 && !this.verified && code !== 0x13) return Buffer.of(Confirm.MUST_VERIFY);
    switch (code) {
      case 0x01: // GenImg / GetImage
      case 0x28: // GetImageEx
        return this.finger === undefined ? NO_FINGER_ANSWER : Buffer.of(this.takeImage());
      case 0x02: // Img2Tz / GenChar
        return Buffer.of(this.makeFeatures(content[1] ?? 0));
      case 0x03: // Match
        return this.match();
      case 0x04: // Search: buffer, start page, number of pages
      case 0x1b: // the older high speed search, same parameters
        return content.length < 6
          ? Buffer.of(Confirm.PACKET_ERROR)
          : this.search(content[1]!, content.readUInt16BE(2), content.readUInt16BE(4));
      case 0x05: // RegModel
        return Buffer.of(this.combine());
      case 0x06: // Store: buffer, page
        return Buffer.of(this.store(content));
      case 0x0c: // DeletChar: page, count
        return Buffer.of(this.remove(content));
      case 0x0d: // Empty
        this.templates.clear();
        return Buffer.of(Confirm.OK);
      case 0x0f: // ReadSysPara
        return this.systemParameters();
      case 0x13: // VfyPwd
        if (content.length < 5) return Buffer.of(Confirm.PACKET_ERROR);
        this.verified = content.readUInt32BE(1) === this.password;
        return Buffer.of(this.verified ? Confirm.OK : Confirm.WRONG_PASSWORD);
      case 0x1d: // TemplateNum
        return Buffer.from([Confirm.OK, this.templates.size >> 8, this.templates.size & 255]);
      case 0x1f: // ReadIndexTable: page of 256 templates
        return this.indexTable(content[1] ?? 0);
      case 0x30: // Cancel
      case 0x36: // CheckSensor
      case 0x40: // HandShake
        return Buffer.of(Confirm.OK);
      case 0x35: // AuraLedConfig: control, speed, colour, times
        if (content.length < 5) return Buffer.of(Confirm.PACKET_ERROR);
        this.light = { mode: content[1]!, speed: content[2]!, colour: content[3]!, times: content[4]! };
        return Buffer.of(Confirm.OK);
      default:
        return Buffer.of(Confirm.PACKET_ERROR);
    }
  }

  private takeImage(): number {
    if (this.fault === 'no image') return Confirm.IMAGE_FAIL;
    this.image = this.finger;
    return Confirm.OK;
  }

  private makeFeatures(buffer: number): number {
    if (this.image === undefined) return Confirm.NO_IMAGE;
    if (this.fault === 'messy image') return this.random.chance(0.5) ? Confirm.TOO_MESSY : Confirm.TOO_FEW_FEATURES;
    this.features[buffer] = this.image;
    return Confirm.OK;
  }

  private match(): Buffer {
    const [, one, two] = this.features;
    this.lastPassed = one !== undefined && one === two;
    const score = this.lastPassed ? this.random.below(100) + 100 : 0;
    return Buffer.from([this.lastPassed ? Confirm.OK : Confirm.NO_MATCH, score >> 8, score & 255]);
  }

  private search(buffer: number, start: number, count: number): Buffer {
    const wanted = this.features[buffer];
    this.lastPassed = false;
    if (wanted !== undefined) {
      for (const [slot, finger] of [...this.templates].sort((a, b) => a[0] - b[0])) {
        if (finger !== wanted || slot < start || slot >= start + count) continue;
        this.lastPassed = true;
        const score = this.random.below(150) + 60;
        return Buffer.from([Confirm.OK, slot >> 8, slot & 255, score >> 8, score & 255]);
      }
    }
    return Buffer.from([Confirm.NOT_FOUND, 0, 0, 0, 0]);
  }

  private combine(): number {
    const taken = this.features.filter((features) => features !== undefined);
    if (taken.length < 2) return Confirm.NOT_COMBINED;
    if (taken.some((features) => features !== taken[0])) return Confirm.NOT_COMBINED;
    this.features[1] = taken[0];
    return Confirm.OK;
  }

  private store(content: Buffer): number {
    if (content.length < 4) return Confirm.PACKET_ERROR;
    const slot = content.readUInt16BE(2);
    if (slot >= LIBRARY) return Confirm.OUT_OF_LIBRARY;
    const features = this.features[content[1]!];
    if (features === undefined) return Confirm.BAD_TEMPLATE;
    this.templates.set(slot, features);
    return Confirm.OK;
  }

  private remove(content: Buffer): number {
    if (content.length < 5) return Confirm.PACKET_ERROR;
    const from = content.readUInt16BE(1);
    const to = from + content.readUInt16BE(3);
    if (to > LIBRARY) return Confirm.OUT_OF_LIBRARY;
    for (let slot = from; slot < to; slot++) this.templates.delete(slot);
    return Confirm.OK;
  }

  private systemParameters(): Buffer {
    const out = Buffer.alloc(17);
    // Status: bit 1 the last match passed, bit 2 password verified, bit 3 an image is held.
    const status = (this.lastPassed ? 2 : 0) | (this.verified ? 4 : 0) | (this.image === undefined ? 0 : 8);
    out.writeUInt16BE(status, 1);
    out.writeUInt16BE(LIBRARY, 5);
    out.writeUInt16BE(3, 7);
    out.writeUInt32BE(this.address, 9);
    out.writeUInt16BE(2, 13);
    out.writeUInt16BE(6, 15);
    return out;
  }

  private indexTable(page: number): Buffer {
    const out = Buffer.alloc(33);
    for (const slot of this.templates.keys()) {
      const bit = slot - page * 256;
      if (bit >= 0 && bit < 256) out[1 + (bit >> 3)]! |= 1 << (bit & 7);
    }
    return out;
  }
}
