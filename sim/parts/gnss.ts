/**
 * u-blox M8 position receiver on its DDC (I2C) port, address 0x42 (UBX-13003221 R28: "DDC Port", "NMEA Protocol", UBX-CFG-MSG,
 * UBX-CFG-RST): registers 0xFD and 0xFE say how many bytes wait, 0xFF gives them; what is written are UBX messages. It
 * speaks once a second; the sentences of the seconds since the last reading are made when somebody reads, and as many are kept as
 * its buffer holds.
 *
 * Fault model
 * - Silent: does not acknowledge. Outage: the sky is covered; it says so, with empty fields. Poor: a fix with a bad HDOP and as
 *   bad an error. Stuck: repeats the last second. Bad checksum: every sentence's. Babbling: random bytes. Slow: it tells of five seconds ago.
 * - Jump: the place it tells lies so many metres off, at once and for as long (reflections). Spoofed: it tells the place it is
 *   made to, in good faith; nothing on the unit can prove that wrong.
 * - Its error while all is well lies within HDOP × 5 m, wandering slowly; greater ones are faults here.
 * - Must be survived: all. A permit that asks for a place is refused where there is none that can be believed.
 * - Not modelled: almanac and satellites (a first fix takes a set time), UBX output, other rates and ports.
 */
import { beside, type Spot, type Whereabouts } from '../unit/whereabouts';
import type { Random, World } from '../world/world';

export type GnssFault = 'none' | 'silent' | 'outage' | 'poor' | 'stuck' | 'bad checksum' | 'babbling' | 'slow';

/** Bytes of the output buffer. */
const BUFFER = 4096;
/** ms from power, or from a start by message, to the first fix. */
const COLD_MS = 5000;
const HOT_MS = 1500;
const HDOP = 0.9;
const POOR_HDOP = 18;
/** Metres of error for an HDOP of 1, at most. */
const ERROR_M = 5;
const SLOW_MS = 5000;
/** Sentences by their number in class F0 (NMEA standard messages); those that are on after a start. */
const SENTENCES: readonly (readonly [number, string])[] = [[4, 'RMC'], [5, 'VTG'], [0, 'GGA'], [2, 'GSA'], [3, 'GSV'], [1, 'GLL']];
/** Unix seconds at the world's time 0. */
const EPOCH = 1_800_000_000;

export class Gnss {
  readonly address = 0x42;
  fault: GnssFault = 'none';
  /** Metres north and east that its place is off. */
  jump: { north: number; east: number } | undefined;
  /** What it takes for its place, whatever the truth. */
  spoofed: Spot | undefined;
  /** It was stopped or started. */
  onWork: (() => void) | undefined;

  private powered = false;
  private on = true;
  private fixAt = Infinity;
  private second = 0;
  private buffer = Buffer.alloc(0);
  private pointer = 0xff;
  private silenced = new Set<number>();
  private last: Buffer | undefined;
  private input = Buffer.alloc(0);
  private error = { north: 0, east: 0 };

  constructor(private readonly world: World, private readonly random: Random, private readonly where: Whereabouts) {}

  power(on: boolean): void {
    this.powered = on;
    this.buffer = Buffer.alloc(0);
    this.silenced = new Set();
    this.on = true;
    this.last = undefined;
    this.second = Math.floor(this.world.now / 1000);
    this.fixAt = this.world.now + COLD_MS;
  }

  /** Whether it works (and takes its 25 mA), or was stopped. */
  get working(): boolean {
    return this.powered && this.on;
  }

  /** A single byte sets the register; two or more are part of a message. */
  write(bytes: Uint8Array): boolean {
    if (this.fault === 'silent' || !this.powered) return false;
    this.catchUp();
    if (bytes.length === 1) this.pointer = bytes[0]!;
    else this.messages(Buffer.from(bytes));
    return true;
  }

  read(length: number): Uint8Array | undefined {
    if (this.fault === 'silent' || !this.powered) return undefined;
    this.catchUp();
    const out = Buffer.alloc(length, 0xff);
    for (let i = 0; i < length; i++) {
      if (this.pointer === 0xfd) out[i] = this.buffer.length >> 8;
      else if (this.pointer === 0xfe) out[i] = this.buffer.length & 255;
      else if (this.pointer === 0xff && this.buffer.length > 0) {
        out[i] = this.buffer[0]!;
        this.buffer = this.buffer.subarray(1);
      }
      if (this.pointer < 0xff) this.pointer++;
    }
    return out;
  }

  private catchUp(): void {
    const now = Math.floor(this.world.now / 1000);
    // More than its buffer holds need not be made.
    this.second = Math.max(this.second, now - 60);
    while (this.second < now) {
      this.second++;
      if (!this.on) continue;
      const said = this.say();
      this.last = said;
      this.buffer = Buffer.concat([this.buffer, said]);
      // Full: what is new is lost (UBX-13003221, "DDC Port").
      if (this.buffer.length > BUFFER) this.buffer = this.buffer.subarray(0, BUFFER);
    }
  }

  private say(): Buffer {
    if (this.fault === 'babbling') return this.random.bytes(60 + this.random.below(300));
    if (this.fault === 'stuck' && this.last !== undefined) return this.last;
    const at = this.second * 1000 - (this.fault === 'slow' ? SLOW_MS : 0);
    const fix = at >= this.fixAt && this.fault !== 'outage' ? this.place(at) : undefined;
    const all = SENTENCES.filter(([number]) => !this.silenced.has(number)).map(([, kind]) => this.sentence(kind, at, fix));
    return Buffer.from(all.join(''), 'latin1');
  }

  private get hdop(): number {
    return this.fault === 'poor' ? POOR_HDOP : HDOP;
  }

  private place(at: number): Spot {
    const most = 0.7 * this.hdop * ERROR_M;
    const wander = (one: number): number => Math.max(-most / 1.5, Math.min(most / 1.5, one * 0.9 + this.random.between(-0.2, 0.2) * most));
    this.error = { north: wander(this.error.north), east: wander(this.error.east) };
    const base = this.spoofed ?? this.where.spot(at);
    return beside(base, this.error.north + (this.jump?.north ?? 0), this.error.east + (this.jump?.east ?? 0));
  }

  private sentence(kind: string, at: number, fix: Spot | undefined): string {
    const date = new Date((EPOCH + at / 1000) * 1000).toISOString();
    const time = `${date.slice(11, 13)}${date.slice(14, 16)}${date.slice(17, 19)}.00`;
    const day = `${date.slice(8, 10)}${date.slice(5, 7)}${date.slice(2, 4)}`;
    const place = fix === undefined ? ',,,' : `${minutes(fix.latitude, 2, 'NS')},${minutes(fix.longitude, 3, 'EW')}`;
    const hdop = fix === undefined ? '99.99' : this.hdop.toFixed(2);
    const body = {
      RMC: `GNRMC,${time},${fix === undefined ? 'V' : 'A'},${place},${fix === undefined ? '' : '0.010'},,${day},,,${fix === undefined ? 'N' : 'A'}`,
      VTG: `GNVTG,,T,,M,${fix === undefined ? ',N,,K,N' : '0.010,N,0.019,K,A'}`,
      GGA: `GNGGA,${time},${place},${fix === undefined ? '0,00' : '1,10'},${hdop},${fix === undefined ? ',,,' : '14.2,M,8.1,M'},,`,
      GSA: `GNGSA,A,${fix === undefined ? '1,,,,,,,,,,,,' : '3,02,05,07,13,15,20,24,28,30,,,'},${fix === undefined ? '99.99,99.99,99.99' : `1.60,${hdop},1.30`}`,
      GSV: 'GPGSV,1,1,04,02,61,315,38,05,44,052,41,13,27,128,33,20,15,201,29',
      GLL: `GNGLL,${place},${time},${fix === undefined ? 'V,N' : 'A,A'}`,
    }[kind]!;
    let sum = 0;
    for (const character of body) sum ^= character.charCodeAt(0);
    if (this.fault === 'bad checksum') sum ^= 1;
    return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
  }

  /** UBX: B5 62, class, id, length, payload, two sums; anything else is passed over. */
  private messages(bytes: Buffer): void {
    this.input = Buffer.concat([this.input, bytes]).subarray(-2048);
    for (;;) {
      const at = this.input.indexOf(Buffer.of(0xb5, 0x62));
      if (at < 0) {
        this.input = this.input.subarray(-1);
        return;
      }
      this.input = this.input.subarray(at);
      if (this.input.length < 8) return;
      const end = 6 + this.input.readUInt16LE(4) + 2;
      if (end > 1024) this.input = this.input.subarray(2);
      else if (this.input.length < end) return;
      else {
        const message = this.input.subarray(2, end - 2);
        const right = fletcher(message).equals(this.input.subarray(end - 2, end));
        this.input = this.input.subarray(right ? end : 2);
        if (right) this.obey(message);
      }
    }
  }

  private obey(message: Buffer): void {
    const kind = message.readUInt16BE(0);
    if (kind === 0x0601 && message.length === 7 && message[4] === 0xf0) {
      if (message[6] === 0) this.silenced.add(message[5]!);
      else this.silenced.delete(message[5]!);
    } else if (kind === 0x0604 && message.length === 8) {
      const mode = message[6];
      if (mode === 8) this.on = false;
      if (mode === 9 && !this.on) {
        this.on = true;
        this.fixAt = this.world.now + HOT_MS;
      }
      this.onWork?.();
    }
  }
}

/** 8-bit Fletcher sum (UBX-13003221, "UBX Checksum"). */
function fletcher(bytes: Buffer): Buffer {
  let a = 0;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) & 255;
    b = (b + a) & 255;
  }
  return Buffer.of(a, b);
}

/** Degrees and minutes with five decimals, and the letter of the side. */
function minutes(degrees: number, width: number, letters: string): string {
  const all = Math.round(Math.abs(degrees) * 6_000_000);
  const whole = Math.floor(all / 6_000_000);
  const rest = ((all % 6_000_000) / 100_000).toFixed(5).padStart(8, '0');
  return `${String(whole).padStart(width, '0')}${rest},${letters[degrees < 0 ? 1 : 0]}`;
}
