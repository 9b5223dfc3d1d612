/**
 * An image on its way into the slot that does not run: erased, received, checked there over what is on flash, in slices between
 * timers, and only then marked to be run at the next start. Made when the authority's consent comes, and kept until that start.
 */
import { u32le } from '../../protocol/bytes';
import { photoEnd, photoStep, RecordKind, Updated, ZERO_HASH } from '../../protocol/evidence';
import { RefusalCode, UpdateStage } from '../../protocol/generated/codec';
import type { ImageHeader } from '../../protocol/image';
import { contentSize, IMAGE_CONTEXT, IMAGE_HEAD, IMAGE_PIECE, imageSize, readImageHeader } from '../../protocol/image';
import type { Bytes } from '../../protocol/natives';
import { SLH_SIGNATURE, SLH_STEPS, SlhVerifier } from '../../protocol/slhdsa';
import type { Flash } from '../board/board';
import { GOOD, Mark } from '../board/files';
import { Alarm } from './alarms';
import type { Device } from './device';
import { BLANK, hold, summed } from './flash';
import { FULL, Level } from './log';
import { slotLine } from './provision';
import type { Update } from './update';

/** Milliseconds between two slices of work, and until the answer is out before a restart. */
const REST = 2;
const ANSWERED = 400;
const COMING_MAGIC = 'SX01';
const COMING = 48;
const NOTHING = '\0\0\0\0';

/** Why an image was given up. */
const enum Fault {
  FLASH = 1,
  HEADER = 2,
  DIGEST = 3,
  SIGNATURE = 4,
}

export class Transfer {
  stage: number;
  /** Bytes held of the image under way. */
  offset: number;
  size: number;
  /** Version of the image under way. */
  next: number;
  fault: number;
  private d: Device;
  private u: Update;
  /** The slot it comes into. */
  private f: Flash;
  private name: Bytes;
  private grant: Bytes;
  private head: ImageHeader | undefined;
  /** Pages or pieces done of what is under way. */
  private done: number;
  private digest: Bytes;
  private verifier: SlhVerifier | undefined;
  private working: boolean;

  constructor(u: Update, d: Device, f: Flash) {
    this.d = d;
    this.u = u;
    this.f = f;
    this.stage = UpdateStage.NO_STAGE;
    this.offset = 0;
    this.size = 0;
    this.next = 0;
    this.fault = 0;
    this.name = '';
    this.grant = '';
    this.head = undefined;
    this.done = 0;
    this.digest = '';
    this.verifier = undefined;
    this.working = false;
  }

  /**
   * Begins, or goes on with what the slot holds of this very image. 0, or the RefusalCode.
   * @param name SHA-256 of the image's header @param grant SHA-256 of the grant
   */
  begin(name: Bytes, version: number, size: number, grant: Bytes): number {
    const d = this.d;
    const f = this.f;
    const running = this.u.version;
    if (this.stage === UpdateStage.CHOSEN) return RefusalCode.BUSY;
    if (version <= running || version <= d.state.version) return RefusalCode.IMAGE_OLD;
    if (size & 3 || size < IMAGE_HEAD + SLH_SIGNATURE || size > (f.pages - 1) * f.page) return RefusalCode.MALFORMED;
    // A person looks into it before the same is tried again.
    if (running >= d.state.version && d.state.latched(Alarm.UPDATE) !== undefined) return RefusalCode.ALARM_ACTIVE;
    const weak = this.d.energy.judge();
    if (weak !== 0) return weak;
    if (!d.log.room()) return RefusalCode.LOG_FULL;
    this.grant = grant;
    if (name === this.name && size === this.size && version === this.next && this.stage !== UpdateStage.FAILED && this.stage !== UpdateStage.NO_STAGE) {
      // Also where an exception has ended the work.
      this.later(REST);
      return 0;
    }
    this.name = name;
    this.next = version;
    this.size = size;
    this.fault = 0;
    this.offset = 0;
    this.done = 0;
    this.verifier = undefined;
    this.head = undefined;
    // One that was tried already has used its marks up.
    const unused = f.read(Mark.PASSED, Mark.END - Mark.PASSED) === BLANK.substr(0, Mark.END - Mark.PASSED);
    if (unused && f.read(Mark.COMING, COMING) === this.coming()) {
      this.offset = this.held(f);
      this.stage = UpdateStage.RECEIVING;
      if (this.offset >= IMAGE_HEAD && !this.fits()) return RefusalCode.IMAGE_WRONG;
      return 0;
    }
    // Nothing that is half erased may be taken for an image.
    f.write(Mark.LINE, (ZERO_HASH + ZERO_HASH + ZERO_HASH + ZERO_HASH).substr(0, Mark.END));
    f.write(Mark.COMING, NOTHING);
    this.stage = UpdateStage.ERASING;
    this.later(REST);
    return 0;
  }

  /** 0, or the RefusalCode. */
  chunk(offset: number, data: Bytes): number {
    const f = this.f;
    if (this.stage !== UpdateStage.RECEIVING) return this.stage === UpdateStage.ERASING ? RefusalCode.BUSY : RefusalCode.NO_UPDATE;
    if (data.length === 0 || data.length & 3) return RefusalCode.MALFORMED;
    if (offset !== this.offset || offset + data.length > this.size) return RefusalCode.IMAGE_OFFSET;
    if (!hold(f, f.page + offset, data)) {
      this.fail(Fault.FLASH);
      return RefusalCode.HARDWARE;
    }
    this.offset = offset + data.length;
    return offset < IMAGE_HEAD && this.offset >= IMAGE_HEAD && !this.fits() ? RefusalCode.IMAGE_WRONG : 0;
  }

  /** The image is there: check it; it is verified: run it. 0, or the RefusalCode. */
  finish(): number {
    if (this.stage === UpdateStage.VERIFIED) return this.choose();
    if (this.stage === UpdateStage.CHECKING || this.stage === UpdateStage.CHOSEN) return 0;
    if (this.stage !== UpdateStage.RECEIVING) return this.stage === UpdateStage.FAILED ? RefusalCode.IMAGE_WRONG : RefusalCode.NO_UPDATE;
    if (this.offset !== this.size) return RefusalCode.IMAGE_OFFSET;
    this.stage = UpdateStage.CHECKING;
    this.done = 0;
    this.digest = ZERO_HASH;
    this.verifier = undefined;
    this.later(REST);
    return 0;
  }

  /** Of the work under way. */
  percent(): number {
    if (this.stage !== UpdateStage.ERASING && this.stage !== UpdateStage.CHECKING) return 0;
    const all = this.stage === UpdateStage.ERASING ? this.f.pages : Math.ceil(this.size / IMAGE_PIECE) + SLH_STEPS;
    return Math.floor((this.done * 100) / all);
  }

  /** The entry that says what the slot is being filled with. */
  private coming(): Bytes {
    return summed(this.d.natives, COMING_MAGIC + u32le(this.next) + u32le(this.size) + this.name);
  }

  /**
   * How much of the image the slot holds: up to the last 64 bytes that are not erased, which a cut may have torn and which come
   * again. Where the image itself has stretches of FF it may be too little, never too much.
   */
  private held(f: Flash): number {
    let low = 0;
    let high = Math.ceil(this.size / 64);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (f.read(f.page + (middle - 1) * 64, 64) === BLANK) high = middle - 1;
      else low = middle;
    }
    // Whole but perhaps torn at its end: the last piece comes again, too.
    return low > 0 ? (low - 1) * 64 : 0;
  }

  /** Whether the header is of the image granted, for this board. */
  private fits(): boolean {
    const d = this.d;
    const f = this.f;
    const images = d.board.images;
    const head = f.read(f.page, IMAGE_HEAD);
    const h = readImageHeader(head);
    if (h !== undefined && images !== undefined && h.board === images.board && h.version === this.next && imageSize(h) === this.size && d.natives.sha256(head) === this.name) {
      this.head = h;
      return true;
    }
    this.fail(Fault.HEADER);
    return false;
  }

  /** Gives the image up: it must come anew. */
  private fail(fault: number): void {
    const f = this.f;
    f.write(Mark.COMING, NOTHING);
    this.stage = UpdateStage.FAILED;
    this.fault = fault;
    this.verifier = undefined;
  }

  private later(ms: number): void {
    if (this.working) return;
    this.working = true;
    this.d.board.after(ms, () => {
      this.working = false;
      if (this.u.busy()) this.later(1000);
      else this.slice();
    });
  }

  /** One piece of work, some tens of milliseconds. */
  private slice(): void {
    const f = this.f;
    if (this.stage === UpdateStage.CHOSEN) return this.d.board.reset();
    if (this.stage === UpdateStage.ERASING) this.erase(f);
    else if (this.stage === UpdateStage.CHECKING) this.check(f);
    if (this.stage === UpdateStage.ERASING || this.stage === UpdateStage.CHECKING) this.later(REST);
  }

  /** The page of marks goes last: its entry stands for an erased slot. */
  private erase(f: Flash): void {
    this.done++;
    if (this.done < f.pages) return f.erase(this.done);
    f.erase(0);
    if (hold(f, Mark.COMING, this.coming())) this.stage = UpdateStage.RECEIVING;
    else this.fail(Fault.FLASH);
  }

  private check(f: Flash): void {
    const n = this.d.natives;
    const h = this.head as ImageHeader;
    const content = contentSize(h);
    const at = this.done * IMAGE_PIECE;
    this.done++;
    if (at < content) {
      const length = content - at < IMAGE_PIECE ? content - at : IMAGE_PIECE;
      this.digest = photoStep(n, this.digest, f.read(f.page + IMAGE_HEAD + at, length));
      return;
    }
    if (this.verifier === undefined) {
      if (photoEnd(n, this.digest, content) !== h.digest) return this.fail(Fault.DIGEST);
      const base = f.page + IMAGE_HEAD + content;
      const head = f.read(f.page, IMAGE_HEAD);
      if (n.sha256(head) !== this.name) return this.fail(Fault.HEADER);
      this.verifier = new SlhVerifier(n, this.u.key, IMAGE_CONTEXT, head, (from, length) => f.read(base + from, length));
      return;
    }
    const result = this.verifier.step();
    if (result < 0) return this.fail(Fault.SIGNATURE);
    if (result === 0) return;
    this.verifier = undefined;
    if (hold(f, Mark.LINE, slotLine(n, h, this.name))) this.stage = UpdateStage.VERIFIED;
    else this.fail(Fault.FLASH);
  }

  /** First the record, then the mark, then the restart. */
  private choose(): number {
    const d = this.d;
    const seq = d.record(RecordKind.UPDATED, [this.u.version, this.next, this.name, Updated.CHOSEN, this.grant], Level.ORDINARY);
    if (seq === FULL) return RefusalCode.LOG_FULL;
    if (seq < 0) {
      d.broken(d.log.fault);
      return RefusalCode.HARDWARE;
    }
    if (!hold(this.f, Mark.CHOSEN, GOOD)) {
      this.fail(Fault.FLASH);
      return RefusalCode.HARDWARE;
    }
    this.stage = UpdateStage.CHOSEN;
    this.later(ANSWERED);
    return 0;
  }
}
