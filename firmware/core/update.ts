/**
 * An update of the firmware over the link. One of two slots runs; the image comes into the other one (transfer.ts), which the boot
 * file (board/files.ts) is then told to try. This tells the records what became of an image, and never lets an older one in.
 */
import { getU32le } from '../../protocol/bytes';
import { RecordKind, Updated, ZERO_HASH } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Flash } from '../board/board';
import { FINE, GOOD, LINE_MAGIC, Mark } from '../board/files';
import { Alarm } from './alarms';
import { Stage } from './ceremony';
import type { Device } from './device';
import { BLANK, hold, sound } from './flash';
import { Level } from './log';
import { Phase } from './states';
import { Transfer } from './transfer';

/** Seconds of a healthy watch after which an image has passed where no host came. */
const TRIAL = 300;
const NOTHING = '\0\0\0\0';

export class Update {
  /** Of the image that runs; 0: this unit takes no updates. */
  version: number;
  /** The maker's key that the image which runs has named. */
  key: Bytes;
  /** Undefined: none was begun since the start. */
  transfer: Transfer | undefined;
  private d: Device;
  /** The slot that runs, and the other one. */
  private own: Flash | undefined;
  private other: Flash | undefined;
  private trial: boolean;
  private healthy: number;

  constructor(d: Device) {
    const images = d.board.images;
    this.d = d;
    this.version = 0;
    this.key = '';
    this.transfer = undefined;
    this.own = undefined;
    this.other = undefined;
    this.trial = false;
    this.healthy = 0;
    if (images === undefined || images.running < 0) return;
    const own = images.slots[images.running] as Flash;
    const other = images.slots[1 - images.running] as Flash;
    const line = own.pages > 0 && other.pages > 0 ? own.read(Mark.LINE, Mark.SUM + 4) : '';
    // The boot file has read it so a moment ago.
    if (line.substr(0, 4) !== LINE_MAGIC || !sound(d.natives, line)) return;
    this.own = own;
    this.other = other;
    this.version = getU32le(line, 4);
    this.key = line.substr(52, 32);
    this.trial = own.read(Mark.PASSED, 4) !== FINE;
  }

  /** Whether somebody is at the device, who must not wait for this, nor be met by a restart. */
  busy(): boolean {
    return this.d.use.phase !== Phase.IDLE || this.d.stage > Stage.OFFERED || this.d.maintenance !== undefined;
  }

  /** Tells what became of the images since the last start. */
  start(): void {
    const d = this.d;
    const f = this.other;
    if (f === undefined) return;
    if (!this.trial) this.told();
    const marks = f.read(0, Mark.END);
    const line = marks.substr(Mark.LINE, Mark.SUM + 4);
    const version = getU32le(line, 4);
    // It was to be run, and it is not what runs: no tries were left, or the boot file found it damaged.
    const failed =
      line.substr(0, 4) === LINE_MAGIC && sound(d.natives, line) && marks.substr(Mark.CHOSEN, 4) === GOOD && version > this.version &&
      marks.substr(Mark.PASSED, 4) !== FINE && marks.substr(Mark.DEAD, 4) === BLANK.substr(0, 4);
    if (failed) {
      if (d.state.latched(Alarm.UPDATE) === undefined) {
        d.record(RecordKind.UPDATED, [this.version, version, line.substr(20, 32), Updated.ROLLED_BACK], Level.ALARM);
        this.d.raise(Alarm.UPDATE, version);
      }
      f.write(Mark.DEAD, NOTHING);
    }
    this.fallen();
  }

  /** A host has proven itself, or the watch has been healthy for long: the image on trial stays. */
  passed(): void {
    const own = this.own;
    if (!this.trial || own === undefined) return;
    this.trial = false;
    if (hold(own, Mark.PASSED, FINE)) this.told();
    else this.trial = true;
  }

  /** Once a second, from the watch. */
  look(): void {
    this.fallen();
    if (this.trial && ++this.healthy >= TRIAL) this.passed();
  }

  /** The authority consents to this image (transfer.ts, begin). 0, or the RefusalCode. */
  begin(name: Bytes, version: number, size: number, grant: Bytes): number {
    if (this.other === undefined || this.key === ZERO_HASH) return RefusalCode.UNSUPPORTED;
    // On trial, the other slot holds what would be gone back to.
    if (this.trial) return RefusalCode.BUSY;
    if (this.transfer === undefined) this.transfer = new Transfer(this, this.d, this.other);
    return this.transfer.begin(name, version, size, grant);
  }

  /** The record of an image that has passed, also where a cut came between its mark and its record. */
  private told(): void {
    const d = this.d;
    const own = this.own as Flash;
    if (this.version <= d.state.version) return;
    d.record(RecordKind.UPDATED, [d.state.version, this.version, own.read(Mark.LINE + 20, 32), Updated.PASSED], Level.ALARM);
  }

  /** The newer image is damaged, an older one runs: locked, however often that is cleared, until there is a newer one. */
  private fallen(): void {
    if (this.version > 0 && this.version < this.d.state.version && this.d.state.latched(Alarm.UPDATE) === undefined) this.d.raise(Alarm.UPDATE, 0);
  }
}
