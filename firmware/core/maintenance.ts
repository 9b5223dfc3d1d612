/**
 * Maintenance: what a technician has the unit do, in front of it, while no die is in it. A ceremony opens it. While it lasts no permit is
 * opened and nothing can be stamped; a die that is put in ends it, locked. It is in memory only: with the power it is over.
 *
 * The room is made when it is opened and dropped afterwards: everything in here is closed over by one call, and costs nothing at rest.
 * The record of its beginning is durable before anything can move, that of each movement or test follows it.
 */
import { MaintenanceEnd, photoEnd, photoStep, RecordKind, ZERO_HASH, type DataValue } from '../../protocol/evidence';
import type { Maintained } from '../../protocol/generated/codec';
import { MaintainPart, MaintainWhat, RefusalCode } from '../../protocol/generated/codec';
import type { ImageHeader } from '../../protocol/image';
import { contentSize, IMAGE_HEAD, IMAGE_PIECE, readImageHeader } from '../../protocol/image';
import type { Bytes } from '../../protocol/natives';
import type { Flash } from '../board/board';
import { Alarm } from './alarms';
import type { Device } from './device';
import { Level } from './log';
import { Shot, Why } from './parts';
import { In, Phase, Tray, trayBits } from './states';
import { giveWay } from './stroke';

/** ms without a command after which it is over. */
const IDLE = 900000;
/** ms: between two looks at the bolt, until it must have moved, between two pieces of the image that are read. */
const POLL = 40;
const BOLT_MS = 600;
const REST = 2;
/** The longest movements that are asked for, ms. */
const JOG = 500;
const PULL = 1000;
/** A whole press is made with: ms on what is there, per cent of full drive. */
const DWELL = 300;
const FULL = 100;
/** A position receiver that has said nothing sound for so long does not work, ms since it was wanted. */
const RECEIVER = 8000;
/** Of the bolt: it did not open, it did not close. */
const enum Jam {
  SHUT = 1,
  OPEN = 2,
}

export interface Maintenance {
  /** Something is under way: the watch does not look at what moves. */
  busy(): boolean;
  /** 0: done, or begun; or the RefusalCode. */
  command(what: number, part: number, ms: number): number;
  tell(): Maintained;
  /** Once a second, and when a switch has changed. */
  look(): void;
  /** An alarm was raised: whatever moves is stopped, and a die ends it. */
  alarm(condition: number): void;
  /** After an exception: nothing of it happens any more. */
  leave(): void;
}

/** Data of the record of its end. */
export function maintenanceOver(reason: number): DataValue[] {
  return [MaintainWhat.END, undefined, undefined, undefined, undefined, undefined, undefined, reason];
}

/** Makes the room. No return before its end: the minifier would put what is declared behind it where the interpreter never comes. */
function room(d: Device): Maintenance {
  const parts = d.parts;
  const board = d.board;
  let busy = 0;
  let done = 0;
  let result = 0;
  let trace = '';
  let part = 0;
  let span = 0;
  let open = true;
  let heard = board.uptime();
  const began = heard;
  /** Counts what was begun: what is called late belongs to something that is over. */
  let turn = 0;

  function note(values: DataValue[], level: Level): boolean {
    return d.record(RecordKind.MAINTENANCE, values, level) >= 0;
  }

  function then(ms: number, call: () => void): void {
    const mine = turn;
    board.after(ms, () => {
      if (open && mine === turn) call();
    });
  }

  /** Whether a die is, or may be, in the unit: by the switch, which is read often now, and by the tags. */
  function die(): boolean {
    return parts.tray.fault() || parts.tray.diePresent() || parts.die.tags().length > 0;
  }

  /** 0, or the RefusalCode for which nothing may be moved now. */
  function clear(): number {
    if (d.use.phase !== Phase.IDLE) return RefusalCode.BUSY;
    if (parts.tray.fault() || !parts.tray.fresh()) return RefusalCode.HARDWARE;
    if (die()) return RefusalCode.DIE_FITTED;
    return d.energy.judge();
  }

  function close(reason: number): void {
    open = false;
    turn++;
    d.maintenance = undefined;
    note(maintenanceOver(reason), Level.ALARM);
    d.changed();
  }

  function over(how: number, proof: Bytes): void {
    if (busy === 0) return;
    parts.bolt.close();
    done = busy;
    busy = 0;
    turn++;
    result = how;
    trace = proof;
    if (!note([done, undefined, undefined, part > 0 ? part : undefined, span > 0 ? span : undefined, how, proof === '' ? undefined : proof], Level.ORDINARY)) close(MaintenanceEnd.FAULT);
  }

  /** Stops what is under way, and brings bolt and actuator to rest as after an exception. */
  function halt(): void {
    if (busy === 0) return;
    const tested = busy === MaintainWhat.SELF_TEST;
    turn++;
    parts.camera.cancel();
    parts.stamper.stop();
    over(Why.STOPPED, '');
    if (!tested) d.send({ in: In.START, tray: trayBits(parts) });
  }

  /** Goes on once the bolt is open. The die may have come meanwhile. */
  function unbolted(until: number, go: () => void): void {
    if (!parts.bolt.closed()) {
      if (die()) over(Why.STOPPED, '');
      else go();
    } else if (board.uptime() >= until) over(Why.NO_MOTION, '');
    else then(POLL, () => unbolted(until, go));
  }

  /** Over only when the bolt is back behind the actuator: who is told so may put a die in. */
  function bolted(until: number, why: number, proof: Bytes): void {
    if (parts.bolt.closed()) over(why, proof);
    else if (board.uptime() >= until) over(why === Why.FINE ? Why.BOLT : why, proof);
    else then(POLL, () => bolted(until, why, proof));
  }

  function pressing(go: () => void): void {
    parts.bolt.open();
    then(POLL, () => unbolted(board.uptime() + BOLT_MS, go));
  }

  function pull(): void {
    let opened = false;
    parts.bolt.open();
    then(span, () => {
      opened = !parts.bolt.closed();
      parts.bolt.close();
      then(BOLT_MS, () => over((opened ? 0 : Jam.SHUT) | (parts.bolt.closed() ? 0 : Jam.OPEN), ''));
    });
  }

  function move(what: number): void {
    const mine = turn;
    function moved(why: number, proof: Bytes): void {
      if (!open || mine !== turn) return;
      parts.bolt.close();
      bolted(board.uptime() + BOLT_MS, why, proof.substr(0, 64));
    }
    if (what === MaintainWhat.CALIBRATE) pressing(() => parts.stamper.press(DWELL, FULL, (r) => moved(r.why, r.trace)));
    else if (part === MaintainPart.BOLT) pull();
    else if (part === MaintainPart.RETRACT) parts.stamper.jog(-1, span, (r) => moved(r.why, r.trace));
    else pressing(() => parts.stamper.jog(1, span, (r) => moved(r.why, r.trace)));
  }

  /** The last part that needs time: the receiver, which is wanted since maintenance was opened. */
  function place(failed: number): void {
    if (board.uptime() - began < RECEIVER) then(REST * 500, () => place(failed));
    else over(failed | (d.place.bits() & 32 ? 16 : 0), '');
  }

  function camera(failed: number): void {
    const mine = turn;
    giveWay(d);
    // Nothing of the picture is kept.
    parts.camera.capture(
      Shot.PAGE,
      () => true,
      (error) => {
        if (open && mine === turn) place(failed | (error === 0 ? 0 : 4));
      },
    );
  }

  /** The image that runs, piece by piece from `at` on, against the digest in its header. */
  function image(flash: Flash, h: ImageHeader, at: number, sum: Bytes, failed: number): void {
    const content = contentSize(h);
    if (at >= content) return camera(failed | (photoEnd(d.natives, sum, content) === h.digest ? 0 : 32));
    const length = content - at < IMAGE_PIECE ? content - at : IMAGE_PIECE;
    const next = photoStep(d.natives, sum, flash.read(flash.page + IMAGE_HEAD + at, length));
    then(REST, () => image(flash, h, at + length, next, failed));
  }

  function test(): void {
    const bits = trayBits(parts);
    const images = board.images;
    const flash = images === undefined ? undefined : images.slots[images.running];
    let failed = 0;
    if (!parts.display.present()) failed = 1;
    if (!parts.reader.answers()) failed = failed | 2;
    if (d.place.bits() & 8) failed = failed | 8;
    if ((bits & (Tray.BOLT | Tray.HOME | Tray.CONTACT | Tray.CASE | Tray.FAULT)) !== (Tray.BOLT | Tray.HOME | Tray.CASE)) failed = failed | 64;
    if (flash === undefined || flash.pages === 0) return camera(failed);
    const h = readImageHeader(flash.read(flash.page, IMAGE_HEAD));
    if (h === undefined) camera(failed | 32);
    else image(flash, h, 0, ZERO_HASH, failed);
  }

  return {
    busy(): boolean {
      return busy !== 0;
    },
    command(what: number, wanted: number, ms: number): number {
      heard = board.uptime();
      if (what === MaintainWhat.SENSORS) return 0;
      const jog = what === MaintainWhat.JOG;
      const longest = wanted === MaintainPart.BOLT ? PULL : JOG;
      if (what < MaintainWhat.SELF_TEST || what > MaintainWhat.END || (jog ? wanted < MaintainPart.PRESS || wanted > MaintainPart.BOLT || ms < 1 || ms > longest : wanted !== 0 || ms !== 0)) return RefusalCode.MALFORMED;
      if (what === MaintainWhat.END) {
        halt();
        if (open) close(MaintenanceEnd.MESSAGE);
        return 0;
      }
      if (busy !== 0) return RefusalCode.BUSY;
      // While something moves nothing is tidied.
      board.tidy();
      const code = clear();
      if (code !== 0) return code;
      // A whole press is for no hand and no page under it.
      if (what === MaintainWhat.CALIBRATE && (!parts.tray.lidClosed() || parts.tray.paper())) return RefusalCode.HARDWARE;
      if (!d.log.room()) return RefusalCode.LOG_FULL;
      busy = what;
      part = wanted;
      span = ms;
      turn++;
      if (what === MaintainWhat.SELF_TEST) test();
      else move(what);
      return 0;
    },
    tell(): Maintained {
      const fix = d.place.fix;
      return {
        busy: busy,
        done: done,
        result: result,
        trace: trace,
        sensors: trayBits(parts) | (parts.power.usb() ? 256 : 0),
        currentMa: board.motorCurrent(),
        batteryMv: parts.power.millivolts(),
        motion: d.place.bits(),
        dies: parts.die.tags().join('').substr(0, 64),
        latitude: fix === undefined ? 0 : fix.latitude >>> 0,
        longitude: fix === undefined ? 0 : fix.longitude >>> 0,
        accuracyM: fix === undefined ? 0 : fix.accuracy,
      };
    },
    look(): void {
      const tray = parts.tray;
      if (!tray.fault() && tray.diePresent()) d.raise(Alarm.DIE, 1);
      else if (busy === MaintainWhat.CALIBRATE && !tray.lidClosed()) halt();
      else if (board.uptime() - heard >= IDLE) {
        halt();
        if (open) close(MaintenanceEnd.IDLE);
      }
    },
    alarm(condition: number): void {
      halt();
      if (open && condition === Alarm.DIE) close(MaintenanceEnd.DIE);
    },
    leave(): void {
      open = false;
      turn++;
    },
  };
}

/** Opens maintenance, once its record is written. False: it was not. */
export function maintain(d: Device, persons: Bytes, grant: Bytes): boolean {
  if (d.record(RecordKind.MAINTENANCE, [0, { cbor: persons }, grant], Level.ORDINARY) < 0) return false;
  d.maintenance = room(d);
  return true;
}
