/**
 * require("Storage") on the real flash layout (src/jsflash.c and .h of espruino/Espruino): contiguous files, each a header of
 * 32 bytes (size 24 bit, flags 8 bit, name 28 bytes) and its data padded to 4; a deleted file has the first four bytes of its
 * name zeroed. Replacing a file erases the old one before the new one exists.
 *
 * What differs: read() returns a copy, the real one a string that shows what is written to that place later; when there is no
 * room, the real one compacts (which a power cut turns into losing everything), this one refuses: no firmware here may
 * ever come to that.
 */
import type { NorFlash } from '../parts/nor';
import { PAGE } from '../parts/nor';
import { toBinary, toBytes } from './bytes';
import type { Processor } from './processor';

const HEADER = 32;
const NAME = 28;
const ALIGN = 4;

interface Found {
  /** Address of the header. */
  header: number;
  /** Address of the data. */
  data: number;
  size: number;
  flags: number;
  name: string;
}

const aligned = (value: number): number => (value + ALIGN - 1) & ~(ALIGN - 1);

export class FileArea {
  private readonly flash: NorFlash;
  readonly base: number;
  readonly end: number;

  constructor(flash: NorFlash, base: number, size: number) {
    this.flash = flash;
    this.base = base;
    this.end = base + size;
  }

  /** All files, deleted ones with an empty name. */
  files(): Found[] {
    const found: Found[] = [];
    let at = this.base;
    let file = this.headerAt(at);
    while (file !== undefined) {
      found.push(file);
      at = aligned(file.data + file.size);
      file = this.headerAt(at);
      if (file === undefined && at % PAGE !== 0) {
        at = Math.ceil(at / PAGE) * PAGE;
        file = this.headerAt(at);
      }
    }
    return found;
  }

  find(name: string): Found | undefined {
    return this.files().find((file) => file.name === name);
  }

  /** Writes a header where there is room. Undefined: no room. */
  create(name: string, size: number, write: (address: number, bytes: Uint8Array) => void): Found | undefined {
    const last = this.files().at(-1);
    const header = last === undefined ? this.base : aligned(last.data + last.size);
    if (header + HEADER + aligned(size) > this.end) return undefined;
    const bytes = Buffer.alloc(HEADER);
    bytes.writeUInt32LE(size, 0);
    bytes.write(name, 4, NAME, 'latin1');
    write(header, bytes);
    return { header, data: header + HEADER, size, flags: 0, name };
  }

  private headerAt(at: number): Found | undefined {
    if (at + HEADER > this.end) return undefined;
    const bytes = Buffer.from(this.flash.read(at, HEADER));
    const word = bytes.readUInt32LE(0);
    if (word === 0xffffffff || word === 0) return undefined;
    const size = word & 0xffffff;
    if (at + HEADER + size > this.end) return undefined;
    const text = bytes.subarray(4).toString('latin1');
    const stop = text.indexOf('\0');
    return { header: at, data: at + HEADER, size, flags: word >>> 24, name: stop < 0 ? text : text.substring(0, stop) };
  }
}

/** The module object as the firmware gets it. */
export function storageModule(processor: Processor, flash: NorFlash, area: FileArea, spendWrite: (address: number, length: number) => void): object {
  const program = (address: number, bytes: Uint8Array): void => {
    spendWrite(address, bytes.length);
    flash.write(address, bytes);
  };
  const nameOf = (name: unknown): string => String(name).substring(0, NAME);

  function write(name: unknown, data: unknown, offsetOrNothing?: number, sizeOrNothing?: number): boolean {
    processor.check();
    let offset = offsetOrNothing ?? 0;
    let size = sizeOrNothing ?? 0;
    const plain = typeof data === 'object' && data !== null && !Array.isArray(data) && !ArrayBuffer.isView(data);
    const bytes = plain ? Buffer.from(JSON.stringify(data), 'latin1') : toBytes(data);
    if (plain) {
      offset = 0;
      size = 0;
    }
    if (offset < 0 || size < 0) return false;
    if (size === 0) size = bytes.length;
    if (size === 0) throw new Error("Can't create zero length file");
    let file = area.find(nameOf(name));
    if (offset === 0 && (file === undefined || size !== file.size || !flash.isErased(file.data, size))) {
      if (file !== undefined && file.size === size && bytes.length === size && Buffer.compare(Buffer.from(flash.read(file.data, size)), bytes) === 0) return true;
      if (file !== undefined) program(file.header + 4, new Uint8Array(4));
      file = area.create(nameOf(name), size, program);
    }
    if (file === undefined) throw new Error('Unable to find or create file');
    if (offset + bytes.length > file.size) throw new Error('Too much data for file size');
    if (!flash.isErased(file.data + offset, bytes.length)) throw new Error('File already written with different data');
    program(file.data + offset, bytes);
    return true;
  }

  function read(name: unknown, offset = 0, length = 0): string | undefined {
    processor.check();
    const file = area.find(nameOf(name));
    if (file === undefined) return undefined;
    const from = Math.min(Math.max(0, offset), file.size);
    const count = Math.min(length <= 0 ? file.size : length, file.size - from);
    return toBinary(flash.read(file.data + from, count));
  }

  return {
    write,
    read,
    readArrayBuffer: (name: unknown) => {
      const text = read(name);
      return text === undefined ? undefined : new Uint8Array(Buffer.from(text, 'latin1')).buffer;
    },
    readJSON: (name: unknown) => {
      const text = read(name);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    writeJSON: (name: unknown, data: unknown) => write(name, JSON.stringify(data)),
    erase: (name: unknown) => {
      processor.check();
      const file = area.find(nameOf(name));
      if (file !== undefined) program(file.header + 4, new Uint8Array(4));
    },
    eraseAll: () => {
      processor.check();
      for (let at = area.base; at < area.end; at += PAGE) flash.erase(at);
    },
    list: () => {
      processor.check();
      return area.files().map((file) => file.name).filter((name) => name !== '');
    },
    getFree: () => {
      processor.check();
      const last = area.files().at(-1);
      return area.end - (last === undefined ? area.base : aligned(last.data + last.size));
    },
    getStats: () => {
      processor.check();
      const files = area.files();
      const live = files.filter((file) => file.name !== '');
      const dead = files.filter((file) => file.name === '');
      const bytes = (list: Found[]): number => list.reduce((sum, file) => sum + HEADER + aligned(file.size), 0);
      return { totalBytes: area.end - area.base, freeBytes: area.end - area.base - bytes(files), fileBytes: bytes(live), fileCount: live.length, trashBytes: bytes(dead), trashCount: dead.length };
    },
    compact: () => {
      throw new Error('Storage compaction is never allowed in the field');
    },
  };
}
