/**
 * Fingerprint module R503 on its UART, 57600 8N1 (R503 user manual V1.2.2, Hangzhou Grow, "Module instruction system";
 * confirmation codes from its table "Confirmation code").
 *
 * Fault model
 * - Silent: takes everything, answers nothing (dead, unplugged). Slow: answers late by some time.
 * - Bad checksum: every answer's checksum is wrong. Babbling: sends random bytes of its own accord.
 * - Replaced: another module, with another library and the factory's password, with or without power lost in between: swap().
 * - Image poor: the finger is seen but gives no features (0x06, 0x07), or no image (0x03).
 * - Two fingers or a lifted finger between image and search: the buffers keep what was last taken.
 * - Must be survived: all of these, at any command. May be lost: a touch of a finger.
 * - Not modelled: quality rules of enrolment beyond "the same finger"; images on the line (UpImage is refused); line rates other than 57600, which SetSysPara takes and ReadSysPara tells.
 */
import type { Event, Random, World } from '../world/world';
import { ACKNOWLEDGE, COMMAND, Confirm, DATA, END_OF_DATA, PacketReader, encodePacket, type Packet } from './reader-packet';

/** Whose finger it is: any name. Nobody's template matches a name that was never enrolled. */
export type FingerId = string;

const LIBRARY = 200;
/** Bytes of a template, as users count them on the line (brianrho/FPM, issue 41). */
const TEMPLATE = 1536;
/** Most bytes taken for one: a host that never ends its data does not fill the module. */
const TEMPLATE_MAX = 4096;
const NOTE_PAGES = 16;
const NOTE_BYTES = 32;
/** Registers that SetSysPara writes, and the values they take: line rate in units of 9600, security level, size of data packets. */
const PARAMETERS: Readonly<Record<number, (value: number) => boolean>> = {
  4: (value) => [1, 2, 4, 6, 12].includes(value),
  5: (value) => value >= 1 && value <= 5,
  6: (value) => value <= 3,
};
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
  /** By register: SetSysPara. */
  private readonly parameters = new Map([[4, 6], [5, 3], [6, 2]]);
  private readonly notes = new Map<number, Buffer>();
  /** Buffer that a template on its way goes to, and what came of it. */
  private taking: { buffer: number; parts: Buffer[]; size: number } | undefined;
  private powered = false;
  /** Of the module that belongs here, while another is in its place. */
  private own: { templates: [number, FingerId][]; password: number } | undefined;
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
    this.taking = undefined;
    this.light = { mode: 4, speed: 0, colour: 0, times: 0 };
    this.busyUntil = this.world.now;
    if (on) this.send(POWER_ON_MS, () => Buffer.of(0x55));
  }

  /** Another module in its place, with the factory's password, that knows this finger in every position where the own one knows somebody; unseen: while nobody asks, so that it is never without power. */
  swap(finger: FingerId, unseen: boolean): void {
    this.own ??= { templates: [...this.templates], password: this.password };
    for (const slot of this.templates.keys()) this.templates.set(slot, finger);
    this.password = 0;
    if (!unseen) this.restart();
  }

  /** The module that was here before. */
  swapBack(): void {
    if (this.own === undefined) return;
    this.templates.clear();
    for (const [slot, finger] of this.own.templates) this.templates.set(slot, finger);
    this.password = this.own.password;
    this.own = undefined;
    this.restart();
  }

  private restart(): void {
    if (!this.powered) return;
    this.power(false);
    this.power(true);
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
    if (packet.address !== this.address) return;
    if (packet.identifier === DATA || packet.identifier === END_OF_DATA) this.takeData(packet);
    if (packet.identifier !== COMMAND) return;
    this.taking = undefined;
    const code = packet.content[0] ?? -1;
    let work = WORK_MS[code] ?? WORK_DEFAULT_MS;
    if ((code === 0x01 || code === 0x28) && this.finger === undefined) work = NO_FINGER_MS;
    // One event a command: it is carried out when the answer's last byte has arrived. Nobody can see the difference,
    // because the module takes its commands one after the other.
    this.send(bytes * BYTE_MS + work, () => {
      const answer = packet.sound ? this.carryOut(code, packet.content) : Buffer.of(Confirm.PACKET_ERROR);
      if (answer === NO_FINGER_ANSWER && this.fault === 'none' && this.address === 0xffffffff) return NO_FINGER_PACKET;
      const ack = encodePacket(this.address, ACKNOWLEDGE, answer, this.fault === 'bad checksum' ? 1 : 0);
      const good = packet.sound && answer[0] === Confirm.OK;
      if (good && code === 0x3d) for (const on of [false, true]) this.power(on);
      return good && code === 0x08 ? Buffer.concat([ack, ...this.templatePackets(packet.content[1]!)]) : ack;
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
      case 0x07: // LoadChar: buffer, page
        return Buffer.of(this.load(content));
      case 0x08: // UpChar: buffer; the template follows the answer
        if (content.length < 2) return Buffer.of(Confirm.PACKET_ERROR);
        return Buffer.of(this.features[content[1]!] === undefined ? Confirm.NO_UPLOAD : Confirm.OK);
      case 0x09: // DownChar: buffer; the template comes after the answer
        this.taking = { buffer: content[1] ?? 0, parts: [], size: 0 };
        return Buffer.of(Confirm.OK);
      case 0x0a: // UpImage
        return Buffer.of(Confirm.NO_IMAGE_UPLOAD);
      case 0x0c: // DeletChar: page, count
        return Buffer.of(this.remove(content));
      case 0x0d: // Empty
        this.templates.clear();
        return Buffer.of(Confirm.OK);
      case 0x0e: // SetSysPara: register, value
        return Buffer.of(this.setParameter(content));
      case 0x0f: // ReadSysPara
        return this.systemParameters();
      case 0x12: // SetPwd
        if (content.length < 5) return Buffer.of(Confirm.PACKET_ERROR);
        this.password = content.readUInt32BE(1);
        this.verified = false;
        return Buffer.of(Confirm.OK);
      case 0x13: // VfyPwd
        if (content.length < 5) return Buffer.of(Confirm.PACKET_ERROR);
        this.verified = content.readUInt32BE(1) === this.password;
        return Buffer.of(this.verified ? Confirm.OK : Confirm.WRONG_PASSWORD);
      case 0x14: // GetRandomCode
        return Buffer.concat([Buffer.of(Confirm.OK), this.random.bytes(4)]);
      case 0x15: // SetAdder: answered from the new address
        if (content.length < 5) return Buffer.of(Confirm.PACKET_ERROR);
        this.address = content.readUInt32BE(1);
        return Buffer.of(Confirm.OK);
      case 0x18: // WriteNotepad: page, 32 bytes
        if (content.length < 2 + NOTE_BYTES || content[1]! >= NOTE_PAGES) return Buffer.of(Confirm.PACKET_ERROR);
        this.notes.set(content[1]!, Buffer.from(content.subarray(2, 2 + NOTE_BYTES)));
        return Buffer.of(Confirm.OK);
      case 0x19: // ReadNotepad: page
        if (!((content[1] ?? NOTE_PAGES) < NOTE_PAGES)) return Buffer.of(Confirm.PACKET_ERROR);
        return Buffer.concat([Buffer.of(Confirm.OK), this.notes.get(content[1]!) ?? Buffer.alloc(NOTE_BYTES)]);
      case 0x1d: // TemplateNum
        return Buffer.from([Confirm.OK, this.templates.size >> 8, this.templates.size & 255]);
      case 0x1f: // ReadIndexTable: page of 256 templates
        return this.indexTable(content[1] ?? 0);
      case 0x30: // Cancel
      case 0x36: // CheckSensor
      case 0x3d: // SoftRst
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

  private load(content: Buffer): number {
    if (content.length < 4) return Confirm.PACKET_ERROR;
    const slot = content.readUInt16BE(2);
    if (slot >= LIBRARY) return Confirm.OUT_OF_LIBRARY;
    const finger = this.templates.get(slot);
    if (finger === undefined) return Confirm.BAD_TEMPLATE;
    this.features[content[1]!] = finger;
    return Confirm.OK;
  }

  private setParameter(content: Buffer): number {
    const [, register, value] = content;
    if (value === undefined) return Confirm.PACKET_ERROR;
    if (PARAMETERS[register!]?.(value) !== true) return Confirm.BAD_REGISTER;
    this.parameters.set(register!, value);
    return Confirm.OK;
  }

  /** A template in data packets of the size that is set, the last of them marked. */
  private templatePackets(buffer: number): Buffer[] {
    const bytes = templateOf(this.features[buffer]!);
    const size = 32 << this.parameters.get(6)!;
    const packets: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      packets.push(encodePacket(this.address, at + size < bytes.length ? DATA : END_OF_DATA, bytes.subarray(at, at + size)));
    }
    return packets;
  }

  /** Data packets are not answered. One that is damaged spoils the template. */
  private takeData({ identifier, content, sound }: Packet): void {
    const taking = this.taking;
    if (taking === undefined) return;
    taking.parts.push(Buffer.from(content));
    taking.size += content.length;
    if (!sound || taking.size > TEMPLATE_MAX) this.taking = undefined;
    else if (identifier === END_OF_DATA) {
      this.taking = undefined;
      this.features[taking.buffer] = fingerOf(Buffer.concat(taking.parts));
    }
  }

  private remove(content: Buffer): number {
    if (content.length < 5) return Confirm.PACKET_ERROR;
    const from = content.readUInt16BE(1);
    const to = from + content.readUInt16BE(3);
    if (to > LIBRARY) return Confirm.NOT_DELETED;
    for (let slot = from; slot < to; slot++) this.templates.delete(slot);
    return Confirm.OK;
  }

  private systemParameters(): Buffer {
    const out = Buffer.alloc(17);
    // Status: bit 1 the last match passed, bit 2 password verified, bit 3 an image is held.
    const status = (this.lastPassed ? 2 : 0) | (this.verified ? 4 : 0) | (this.image === undefined ? 0 : 8);
    out.writeUInt16BE(status, 1);
    out.writeUInt16BE(LIBRARY, 5);
    out.writeUInt16BE(this.parameters.get(5)!, 7);
    out.writeUInt32BE(this.address, 9);
    out.writeUInt16BE(this.parameters.get(6)!, 13);
    out.writeUInt16BE(this.parameters.get(4)!, 15);
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

/** What goes before the bytes of a template that came over the line and that no finger here made. */
const FOREIGN = 'template ';

/** Bytes that stand for a finger: its name, and filling. */
function templateOf(finger: FingerId): Buffer {
  if (finger.startsWith(FOREIGN)) return Buffer.from(finger.slice(FOREIGN.length), 'latin1');
  const out = Buffer.alloc(TEMPLATE, 0x5a);
  out.write(`${finger}\0`, 'utf8');
  return out;
}

function fingerOf(bytes: Buffer): FingerId {
  const finger = bytes.toString('utf8', 0, Math.max(0, bytes.indexOf(0)));
  return templateOf(finger).equals(bytes) ? finger : FOREIGN + bytes.toString('latin1');
}
