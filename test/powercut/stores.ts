/**
 * The device's stores without mechanics, parts or links: the firmware's own start, records, permits, acknowledgements and photos
 * on small flash, each flash operation taken down with what had been promised by then.
 */
import { hash } from 'node:crypto';
import type { Flash, Images } from '../../firmware/board/board';
import { grantApply } from '../../firmware/commands/grant';
import { Device } from '../../firmware/core/device';
import { Keys } from '../../firmware/core/keys';
import { loadPermit } from '../../firmware/core/permits';
import { readIdentity } from '../../firmware/core/provision';
import type { Session } from '../../firmware/core/session';
import { RecordKind } from '../../protocol/evidence';
import { encodeGrantApply } from '../../protocol/generated/codec';
import { hmacKey } from '../../protocol/hash';
import { grantPayload } from '../../protocol/payload';
import { GrantKind, sealGrant, type Grant } from '../../protocol/permit';
import { ACK, DEVICE, DIE, host, image, PERMIT, T0 } from '../firmware/identity';
import { testNatives } from '../firmware/natives';

/** Page sizes and numbers: as small as the stores allow, so that all of them turn over often. */
export const REGIONS = { vault: [1024, 2], state: [1024, 6], journal: [1024, 8], photos: [1024, 12] } as const;
export type Region = keyof typeof REGIONS;
const NAMES = Object.keys(REGIONS) as Region[];
/** Bytes of the largest photo. */
const LARGEST = 2500;
const CHUNK = 1024;

/** What stands on flash, one buffer a region; a buffer that is in an image is never changed. */
export type Image = Record<Region, Buffer>;

export interface StoreOp {
  region: Region;
  kind: 'write' | 'erase';
  at: number;
  length: number;
  bytes: Buffer | undefined;
}

export function newImage(): Image {
  const made = Object.fromEntries(NAMES.map((name) => [name, Buffer.alloc(REGIONS[name][0] * REGIONS[name][1], 0xff)])) as Image;
  made.vault.write(image(), 0, 'latin1');
  return made;
}

export interface Photo {
  digest: string;
  content: string;
  /** Number of its record. */
  seq: number;
}

/** All that outlasts a cut but for the flash: what hosts and people were told. */
export interface Told {
  /** Photos with a durable record. */
  photos: Photo[];
  /** Permits taken in, as they came, by counter; and those revoked. */
  permits: Map<number, string>;
  revoked: Set<number>;
  /** Below it the authority has allowed to forget. */
  acked: number;
  /** Greatest number of a start that anybody saw. */
  boot: number;
  /** Counter of the last permit made, and of photos. */
  made: number;
}

/** In one go, which is quicker than by an object. */
const sha256 = (bytes: string): string => hash('sha256', Buffer.from(bytes, 'latin1'), 'binary');

const still = (): undefined => undefined;

export class Stores {
  readonly image: Image;
  device: Device | undefined;
  told: Told = { photos: [], permits: new Map(), revoked: new Set(), acked: 0, boot: 0, made: 0 };
  /** Called before each flash operation. */
  onOp: ((op: StoreOp) => void) | undefined;
  refusals: number[] = [];
  /** Writes from now on until one does not take: a bit of it stays as it was. 0: all take. */
  weakIn = 0;
  now = 0;
  /** Slots of the firmware; undefined: no updates. */
  images: Images | undefined;
  /** What the device wants to be called later; nothing is, unless somebody cares. */
  after: (call: () => void) => void = still;
  private starts = 0;
  private starting: Device | undefined;
  private watched: { region: Region; from: number; to: number; mask: Uint8Array; page: number; gone: Set<number> } | undefined;

  /** @param given taken over, and copied */
  constructor(given: Image, private readonly seed = 1) {
    this.image = Object.fromEntries(NAMES.map((name) => [name, Buffer.from(given[name])])) as Image;
  }

  get d(): Device {
    if (this.device === undefined) throw new Error('S4: the device does not start');
    return this.device;
  }

  private flash(region: Region): Flash {
    const bytes = this.image[region];
    const [page, pages] = REGIONS[region];
    return {
      page, pages,
      read: (at, length) => {
        if (this.watched?.region === region) this.mark(at, length);
        return bytes.toString('latin1', at, at + length);
      },
      write: (at, text) => {
        const data = Buffer.from(text, 'latin1');
        this.onOp?.({ region, kind: 'write', at, length: data.length, bytes: data });
        const kept = this.weakIn > 0 && --this.weakIn === 0 ? this.weakByte(data) : -1;
        for (let i = 0; i < data.length; i++) bytes[at + i]! &= i === kept ? data[i]! | (1 << (31 - Math.clz32(~data[i]! & 255))) : data[i]!;
      },
      erase: (number) => {
        this.onOp?.({ region, kind: 'erase', at: number * page, length: page, bytes: undefined });
        if (this.watched?.region === region) this.watched.gone.add(number);
        bytes.fill(0xff, number * page, (number + 1) * page);
      },
    };
  }

  /** The last byte of a write that has a zero to program; -1: none. */
  private weakByte(data: Buffer): number {
    for (let i = data.length - 1; i >= 0; i--) if (data[i] !== 0xff) return i;
    return -1;
  }

  /** From now on: the words of a range that anybody read before they were erased. */
  watch(region: Region, from: number, length: number, page: number): Uint8Array {
    const mask = new Uint8Array(Math.ceil(length / 4));
    this.watched = { region, from, to: from + length, mask, page, gone: new Set() };
    return mask;
  }

  private mark(at: number, length: number): void {
    const { from, to, mask, page, gone } = this.watched!;
    const high = Math.min(at + length, to);
    for (let i = Math.max(at, from); i < high; i += 4) if (!gone.has(Math.floor(i / page))) mask[(i - from) >> 2] = 1;
  }

  /** Number of the next record, as far as the device knows it. */
  get next(): number {
    return this.starting?.log.journal.next ?? 0;
  }

  /** The firmware's own start. @throws where it throws, or finds no identity */
  start(): void {
    this.device = undefined;
    const natives = { ...testNatives(`${this.seed} ${this.starts++}`), sha256 };
    const board = {
      natives, resetCause: 1, uptime: () => (this.now += 3), after: (_ms: number, call: () => void) => (this.after(call), 1), cancel: still, links: [], images: this.images,
      vault: this.flash('vault'), state: this.flash('state'), journal: this.flash('journal'), photos: this.flash('photos'),
      kick: still, tidy: still, bolt: still, motor: still, font: (_at: number, length: number) => '\0'.repeat(length),
      reset: () => {
        throw new Error('S4: the firmware resets itself');
      },
    } as unknown as Device['board'];
    const parts = {
      bolt: { open: still, close: still, closed: () => true },
      stamper: { press: still, stop: still, home: () => true, contact: () => false, park: (done: (ok: boolean) => void) => done(true) },
      camera: { largest: [LARGEST, LARGEST, LARGEST], capture: still, read: () => '', cancel: still },
      reader: { onFinger: still, onFault: still, light: still, secret: still, enroll: still, cancel: still, remove: still, pair: still },
      keypad: { onKey: still, awake: still },
      tray: { lidClosed: () => true, caseClosed: () => true, paper: () => false, diePresent: () => true, onChange: still, fault: () => false, fresh: () => true },
      display: { show: still },
      die: { tags: () => [DIE], atRam: () => DIE },
      power: { millivolts: () => 4000, usb: () => true },
      motion: { look: () => 0 },
      position: { need: still, look: () => undefined, fault: () => false },
      signal: { ready: still, busy: still, alarm: still, good: still, bad: still, tray: still },
      alive: () => true,
    } as unknown as Device['parts'];
    const keys = new Keys(natives, board.vault);
    const identity = readIdentity(keys.open());
    if (identity === undefined || keys.seq < 0) throw new Error('S4: the identity or its key is lost');
    const device = new Device(board, parts, identity, keys, still);
    this.starting = device;
    device.start();
    this.device = device;
    this.told.boot = device.state.boot;
  }

  apply(grant: Grant): void {
    const { d } = this;
    const cose = sealGrant(host, hmacKey(host, grant.kind === GrantKind.ACK ? ACK : PERMIT), grantPayload(DEVICE, grant));
    const code = grantApply(d, { answer: still } as unknown as Session, 1, encodeGrantApply({ grant: cose }));
    if (code !== 0) this.refusals.push(code);
  }

  /** The host sets the clock. */
  time(): void {
    this.apply({ kind: GrantKind.TIME, nonce: this.d.clock.ask(this.d.natives), time: T0 + Math.floor(this.now / 1000) });
  }

  /** A new permit for so many strokes; its counter, or 0 where it was refused. */
  load(count: number, persons = 1): number {
    const counter = ++this.told.made;
    const named = [101, 1, 102, 1, 103, 1].slice(0, persons * 2);
    const grant = sealGrant(host, hmacKey(host, PERMIT), grantPayload(DEVICE, {
      kind: GrantKind.PERMIT, notBefore: T0 - 100, notAfter: T0 + 1e6, permit: idOf(counter), counter, epoch: this.d.state.epoch,
      die: DIE, count, persons: named, policy: 1, document: 'D'.repeat(32), idle: 60,
    }));
    const loaded = loadPermit(this.d, grant);
    if (typeof loaded === 'number') {
      this.refusals.push(loaded);
      return 0;
    }
    this.told.permits.set(counter, grant);
    return counter;
  }

  private record(kind: number, data: Parameters<Device['record']>[1], level = 1): number {
    const seq = this.d.record(kind, data, level);
    if (seq < 0) throw new Error(`record of kind ${kind} is refused: ${seq}`);
    return seq;
  }

  private photo(counter: number, which: number, bytes: number): string {
    const { photos, log } = this.d;
    if (bytes === 0) return '';
    const content = `photo ${++this.told.made} `.padEnd(bytes, String.fromCharCode(33 + (this.told.made % 90)));
    photos.begin();
    for (let at = 0; at < bytes; at += CHUNK) if (!photos.chunk(content.slice(at, at + CHUNK))) return '';
    const digest = photos.end(log.journal.next, bytes);
    if (digest === '') throw new Error('a photo does not end');
    const p = this.d.state.permit(idOf(counter))!;
    const seq = this.record(RecordKind.PHOTO, [idOf(counter), which, digest, bytes, p.tried + 1 - which]);
    this.told.photos.push({ digest, content, seq });
    return digest;
  }

  /** One use with so many strokes, the records and photos of it. @param outcome 1 stamped, 2 failed, 3 unknown */
  use(counter: number, strokes: number, photoBytes: number, outcome = 1): void {
    const id = idOf(counter);
    const { state } = this.d;
    this.record(RecordKind.OPENED, [id, { cbor: '\x81\x18\x65' }]);
    for (let i = 0; i < strokes; i++) {
      const p = state.permit(id)!;
      const digest = this.photo(counter, 0, photoBytes);
      const intent = this.record(RecordKind.INTENT, [id, p.tried + 1, p.used + 1, digest === '' ? undefined : digest]);
      this.record(RecordKind.OUTCOME, [id, p.tried, outcome, 'trace'.repeat(9), intent, outcome === 2 ? p.used - 1 : p.used]);
      if (digest !== '') this.photo(counter, 1, photoBytes >> 1);
    }
    const p = state.permit(id)!;
    this.record(RecordKind.CLOSED, [id, p.used >= p.count ? 2 : 3, p.used]);
  }

  /** The register has everything. */
  acknowledge(): void {
    const { journal } = this.d.log;
    const through = journal.next;
    if (through === 0) return;
    // From here on it may be forgotten, whether the device comes to know it or not.
    this.told.acked = through;
    this.apply({ kind: GrantKind.ACK, recordsThrough: through, photosThrough: through, hash: host.sha256(journal.read(through - 1)) });
  }

  revoke(counter: number): void {
    this.apply({ kind: GrantKind.REVOKE, permit: idOf(counter), counter });
    this.told.revoked.add(counter);
  }

  /** What the watch does each second. */
  look(): void {
    (this.d as unknown as { watch: { run(): void } }).watch.run();
  }
}

export function idOf(counter: number): string {
  return `permit ${counter}`.padEnd(16, '-');
}
