/**
 * The 1-Wire bus of the dies: each carries a serial number chip (DS2401 class: ROM code of family 0x01, 48 bit
 * number and CRC-8; Maxim application note 187 for the search).
 *
 * Fault model: no die; a foreign die; two chips on the bus (a search finds both); wire shorted (no presence pulse, search
 * finds nothing); a chip that answers with a wrong CRC (a search that checks drops it). Must be survived: all; no stroke without
 * exactly the die that the permit names. Two chips of one number answer as one. Not modelled: single bit slots.
 */
export class OneWireBus {
  fault: 'none' | 'shorted' | 'bad crc' = 'none';
  /** ROM codes on the bus, hex, family code first, CRC last. */
  roms: string[] = [];
  /** Of a revolver: what answers while only the die under the ram may; undefined: a fixed holder, without that line. */
  underRam: string[] | undefined;
  /** Whether only that one may. */
  ramOnly: (() => boolean) | undefined;
  /** The contact under the ram is dead. */
  ramDead = false;

  reset(): boolean {
    return this.fault !== 'shorted' && this.roms.length > 0;
  }

  /** ROM codes that a search finds, in the order of the search (least significant bit first, 0 before 1). */
  search(): string[] {
    if (this.fault !== 'none') return [];
    const roms = this.underRam === undefined || this.ramOnly?.() !== true ? this.roms : this.ramDead ? [] : this.underRam;
    return [...new Set(roms)].sort((a, b) => (bits(a) < bits(b) ? -1 : 1));
  }

  /** READ ROM (0x33): only meaningful with one chip; several answer at once, their bits joined by AND. */
  readRom(): Buffer {
    const out = Buffer.alloc(8, 0xff);
    if (this.fault === 'shorted') return Buffer.alloc(8);
    for (const rom of this.roms) Buffer.from(rom, 'hex').forEach((byte, i) => (out[i]! &= byte));
    if (this.fault === 'bad crc') out[7]! ^= 0x55;
    return out;
  }
}

/** Bits in the order in which the search meets them. */
function bits(rom: string): string {
  return [...Buffer.from(rom, 'hex')].map((byte) => byte.toString(2).padStart(8, '0').split('').reverse().join('')).join('');
}

/** Dallas CRC-8 (polynomial x^8+x^5+x^4+1, reflected), Maxim application note 27. */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
  }
  return crc;
}

/** A complete ROM code of family 0x01 from a 48-bit number. */
export function romCode(serial: number): string {
  const rom = Buffer.alloc(8);
  rom[0] = 0x01;
  rom.writeUIntLE(serial, 1, 6);
  rom[7] = crc8(rom.subarray(0, 7));
  return rom.toString('hex');
}
