/**
 * A whole device in plain Node: the firmware's core on a board and parts made for the test, in virtual time. The parts do what
 * the interfaces promise; each can be told to fail. Who is at the other end of the cable: rig.ts.
 */
import type { Board } from '../../firmware/board/board';
import { createDisplay } from '../../firmware/drivers/display';
import type { Device } from '../../firmware/core/device';
import { handle } from '../../firmware/commands/index';
import { run } from '../../firmware/core/run';
import type { Enrolled, Parts, StrokeResult } from '../../firmware/core/parts';
import { PhotoError, Stroke, Why } from '../../firmware/core/parts';
import { DIE, image } from './identity';
import { FakeNor, Power, PowerCut } from './fake-nor';
import type { How } from './fake-nor';
import { testNatives } from './natives';
import { Display, seededRandom } from '../../sim';

interface Timer {
  at: number;
  id: number;
  call: () => void;
}

export abstract class World {
  readonly power = new Power();
  readonly vault = new FakeNor(4096, 2, this.power);
  readonly state: FakeNor;
  readonly journal: FakeNor;
  readonly photos: FakeNor;
  now = 0;
  bootedAt = 0;
  device: Device | undefined;
  resets = 0;
  kicks = 0;
  /** What an observer sees. */
  strokes: { at: number; intents: number }[] = [];
  boltOpenings: { from: number; to: number }[] = [];
  /** Whether the reader's ring burns. */
  ring = false;
  /** Scene. */
  lid = false;
  /** The case. */
  shut = true;
  paper = false;
  dies: string[] = [DIE];
  /** The die under the ram; without, the only one. */
  ram: (() => string) | undefined;
  /** Instead of mv: what a battery under load shows. */
  sagging: (() => number) | undefined;
  /** Put to rest: the display until something is shown, the green lamp, how often the camera. */
  dark = false;
  dim = false;
  cameraRests = 0;
  mv = 4000;
  silent = false;
  usb = false;
  /** What the motion sensor has seen since it was asked last (bits of Moves), and how it stands (Moves.TILTED, Moves.FAULT). */
  moves = 0;
  stands = 0;
  /** What the position receiver tells next; whether it was asked to work. */
  fix: { latitude: number; longitude: number; accuracy: number } | undefined;
  receiving = false;
  boltJam = false;
  readerAnswers = true;
  displayThere = true;
  /** Jogs that were asked for. */
  jogs: { way: number; ms: number }[] = [];
  boltStuckOpen = false;
  contactStuck = false;
  cameraFails = 0;
  /** The light over the tray is wanted at rest. */
  light = false;
  /** What was asked of the camera, one after the other (Shot). */
  shots: number[] = [];
  /** So many of the next photos show nothing. */
  covered = 0;
  photoSize = 2500;
  viewSize = 1200;
  stroke: StrokeResult = { result: Stroke.STAMPED, why: Why.FINE, grade: 1, trace: 'trace' };
  /** How it was pressed last: dwell, duty. */
  pressed: [number, number] | undefined;
  boltOpen = false;
  out = false;
  /** The display, for which a rig with a font has its driver; without, what it is to show goes nowhere. */
  readonly glass = new Display(seededRandom(1));
  readonly font: Buffer | undefined;
  private timers: Timer[] = [];
  private ids = 1;
  private incarnation = 0;
  protected toDevice: ((b: string) => void) | undefined;
  readerPassword: { password: string; must: boolean } | undefined;
  /** Called when the reader takes the password at a first start. */
  readerOwned: (() => void) | undefined;
  enrolment: { slot: number; done: (failed: Enrolled) => void } | undefined;
  /** Positions that the reader was told to delete. */
  removed: number[] = [];
  keysAwake = false;
  readerFault: ((code: number) => void) | undefined;
  private fingerCall: ((slot: number, score: number) => void) | undefined;
  private keyCall: ((key: string) => void) | undefined;
  private changed: (() => void) | undefined;
  private pressing: ((r: StrokeResult) => void) | undefined;
  cut = false;
  private planned: (() => void) | undefined;

  constructor(options: { journalPages?: number; photoPages?: number; page?: number; font?: Buffer } = {}) {
    this.font = options.font;
    const page = options.page ?? 4096;
    this.state = new FakeNor(page, 4, this.power);
    this.journal = new FakeNor(page, options.journalPages ?? 8, this.power);
    this.photos = new FakeNor(page, options.photoPages ?? 16, this.power);
    this.vault.bytes.write(image(), 0, 'latin1');
  }

  /** The device has written to its cable. */
  protected abstract written(bytes: string): void;

  /** Calls something later that belongs to the world, not to the device. */
  later(ms: number, call: () => void): number {
    const id = this.ids++;
    this.timers.push({ at: this.now + ms, id, call });
    return id;
  }

  /** Something of the device: it does not outlive the power. */
  private own(ms: number, call: () => void): number {
    const life = this.incarnation;
    return this.later(ms, () => {
      if (life !== this.incarnation || this.power.dead) return;
      try {
        call();
      } catch (e) {
        if (!(e instanceof PowerCut)) throw e;
      }
    });
  }

  protected cancel(id: number): void {
    this.timers = this.timers.filter((t) => t.id !== id);
  }

  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      let best: Timer | undefined;
      for (const t of this.timers) if (best === undefined || t.at < best.at || (t.at === best.at && t.id < best.id)) best = t;
      if (best === undefined || best.at > end) break;
      this.timers.splice(this.timers.indexOf(best), 1);
      this.now = Math.max(this.now, best.at);
      best.call();
      if (this.power.dead) this.die();
    }
    this.now = end;
  }

  /** Runs until something holds; false after so long. */
  until(test: () => boolean, ms = 10000): boolean {
    for (let waited = 0; waited < ms; waited += 5) {
      if (test()) return true;
      this.run(5);
    }
    return test();
  }

  die(): void {
    this.power.dead = true;
    this.incarnation++;
    this.cut = true;
    this.glass.power(false);
    this.setBolt(false);
    this.toDevice = this.fingerCall = this.keyCall = this.enrolment = this.changed = this.pressing = undefined;
  }

  /** Starts, with a cut at the n-th flash operation from there, and runs for three seconds. */
  bootWithCut(n: number, how: How, words: number): void {
    if (!this.power.dead) this.die();
    this.planned = () => this.power.cutAt(n, how, words);
    this.boot();
    this.run(3000);
  }

  boot(): void {
    if (!this.power.dead && this.device !== undefined) this.die();
    if (this.power.dead) this.power.on();
    this.planned?.();
    this.planned = undefined;
    this.glass.power(true);
    this.bootedAt = this.now;
    this.incarnation++;
    this.device = undefined;
    try {
      this.device = run(this.board(), (board) => this.parts(board), handle);
    } catch (e) {
      if (!(e instanceof PowerCut)) throw e;
    }
    if (this.power.dead) this.die();
  }

  private setBolt(open: boolean): void {
    if (open && !this.boltOpen) this.boltOpenings.push({ from: this.now, to: Infinity });
    if (!open && this.boltOpen) this.boltOpenings[this.boltOpenings.length - 1]!.to = this.now;
    this.boltOpen = open;
  }

  private board(): Board {
    const alive = (): void => {
      if (this.power.dead) throw new PowerCut();
    };
    return {
      natives: testNatives('device' + this.incarnation),
      resetCause: 1,
      uptime: () => { alive(); return this.now - this.bootedAt; },
      after: (ms, call) => { alive(); return this.own(ms, call); },
      cancel: (id) => this.cancel(id),
      links: [{
        name: 'usb', frameMax: 1024,
        write: (b) => {
          alive();
          this.later(1, () => this.written(b));
          return true;
        },
        onBytes: (receive) => {
          const life = this.incarnation;
          this.toDevice = (b) => {
            if (life !== this.incarnation || this.power.dead) return;
            try { receive(b); } catch (e) { if (!(e instanceof PowerCut)) throw e; }
            if (this.power.dead) this.die();
          };
        },
      }],
      reader: { write: () => true, onBytes: () => undefined },
      camera: () => '',
      i2cWrite: (_address, bytes) => { alive(); return this.glass.write(Buffer.from(bytes, 'latin1')); },
      i2cRead: (_address, register, length) => { alive(); return this.glass.write(Buffer.of(register)) ? Buffer.from(this.glass.read(length)!).toString('latin1') : ''; },
      bolt: (on) => this.setBolt(on), motor: () => undefined, motorCurrent: () => 0, battery: () => this.mv, usbPower: () => this.usb, tidy: () => undefined,
      dieTags: () => this.dies,
      vault: this.vault, state: this.state, journal: this.journal, photos: this.photos,
      font: (at, length) => this.font?.toString('latin1', at, at + length) ?? '',
      kick: () => { this.kicks++; },
      reset: () => { this.resets++; this.die(); },
    };
  }

  private parts(board?: Board): Parts {
    const alive = (): void => {
      if (this.power.dead) throw new PowerCut();
    };
    let capture = 0;
    let held = '';
    return {
      bolt: {
        open: () => { alive(); if (!this.boltJam) this.setBolt(true); },
        close: () => { alive(); if (!this.boltStuckOpen) this.setBolt(false); },
        closed: () => !this.boltOpen,
      },
      stamper: {
        jog: (way, ms, done) => {
          alive();
          this.jogs.push({ way, ms });
          this.pressing = done;
          this.own(ms, () => {
            const call = this.pressing;
            this.pressing = undefined;
            call?.({ result: Stroke.UNKNOWN, why: Why.FINE, grade: 0, trace: 'jog' });
          });
        },
        press: (dwell, duty, done) => {
          alive();
          this.pressed = [dwell, duty];
          this.pressing = done;
          this.out = true;
          this.own(300, () => {
            if (this.pressing === undefined) return;
            if (this.stroke.result !== Stroke.FAILED) this.strokes.push({ at: this.now, intents: 0 });
          });
          this.own(700, () => {
            const call = this.pressing;
            this.pressing = undefined;
            this.out = false;
            call?.(this.stroke);
          });
        },
        stop: () => {
          const call = this.pressing;
          this.pressing = undefined;
          call?.({ result: Stroke.UNKNOWN, why: Why.STOPPED, grade: 0, trace: 's' });
        },
        home: () => !this.out,
        contact: () => this.contactStuck,
        park: (done) => {
          alive();
          if (!this.out) return done(true);
          this.own(500, () => { this.out = false; done(true); });
        },
      },
      camera: {
        largest: [8000, 3000, 2000],
        capture: (shot, page, done) => {
          alive();
          const id = ++capture;
          this.shots.push(shot);
          held = '';
          if (this.cameraFails > 0) {
            this.cameraFails--;
            this.own(20, () => { if (id === capture) done(PhotoError.BROKEN, 0); });
            return;
          }
          const photo = 'photo at ' + this.now + '.'.repeat(this.photoSize);
          const send = (at: number): void => {
            if (id !== capture) return;
            if (page === undefined) {
              held = 'view at ' + this.now + '.'.repeat(this.viewSize);
              return done(PhotoError.NONE, held.length);
            }
            if (at >= this.photoSize) return done(this.covered-- > 0 ? PhotoError.BLIND : PhotoError.NONE, this.photoSize);
            if (!page(photo.slice(at, Math.min(at + 1024, this.photoSize)))) return done(PhotoError.NOT_TAKEN, 0);
            this.own(5, () => send(at + 1024));
          };
          this.own(20, () => send(0));
        },
        read: (length) => {
          const piece = held.slice(0, length);
          held = held.slice(length);
          return piece;
        },
        cancel: () => { capture++; held = ''; },
        rest: () => { this.cameraRests++; },
      },
      reader: {
        onFinger: (call) => { this.fingerCall = call; },
        onFault: (call) => { this.readerFault = call; },
        light: (on) => { this.ring = on; },
        answers: () => this.readerAnswers,
        secret: (password, must, own) => { this.readerPassword = { password, must }; this.readerOwned = own; },
        enroll: (slot, done) => { this.enrolment = { slot, done }; },
        cancel: () => { this.enrolment = undefined; },
        remove: (slot, done) => this.own(20, () => { this.removed.push(slot); done(true); }),
        pair: (password, done) => this.own(20, () => { this.readerPassword = { password, must: true }; done(true); }),
      },
      keypad: { onKey: (call) => { this.keyCall = call; }, awake: (on) => { this.keysAwake = on; } },
      tray: {
        lidClosed: () => this.lid && !this.silent,
        caseClosed: () => this.shut && !this.silent,
        paper: () => this.paper && !this.silent,
        diePresent: () => this.dies.length > 0 && !this.silent,
        onChange: (call) => { this.changed = call; },
        fault: () => this.silent,
        fresh: () => true,
      },
      display: this.font === undefined || board === undefined ? { show: () => { this.dark = false; }, present: () => this.displayThere, dark: () => { this.dark = true; } } : createDisplay(board),
      die: { tags: () => this.dies, atRam: () => this.ram?.() ?? (this.dies.length === 1 ? this.dies[0]! : '') },
      power: { millivolts: () => this.sagging?.() ?? this.mv, usb: () => this.usb },
      motion: {
        look: () => {
          const seen = this.moves | this.stands;
          this.moves = 0;
          return seen;
        },
      },
      position: {
        need: (on) => { this.receiving = on; },
        look: () => (this.receiving && this.fix !== undefined ? { ...this.fix, at: this.now - this.bootedAt } : undefined),
        fault: () => false,
      },
      signal: { ready: () => undefined, busy: () => undefined, alarm: () => undefined, good: () => undefined, bad: () => undefined, tray: (on) => { this.light = on; }, dim: (on) => { this.dim = on; } },
      alive: () => true,
    };
  }

  /** Changes the scene, and lets the switches tell. */
  hand(change: () => void): void {
    change();
    this.own(1, () => this.device?.guard(() => this.changed?.()));
    this.run(2);
  }

  /** Keys, one after the other. */
  type(keys: string): void {
    for (const key of keys) {
      this.own(1, () => this.device?.guard(() => this.keyCall?.(key)));
      this.run(2);
    }
  }

  /** The reader has learnt a finger, or why not. */
  enrolled(failed: Enrolled): void {
    const job = this.enrolment;
    this.enrolment = undefined;
    this.own(1, () => this.device?.guard(() => job?.done(failed)));
    this.run(2);
  }

  finger(slot: number): void {
    this.own(1, () => this.device?.guard(() => this.fingerCall?.(slot, 100)));
    this.run(2);
  }
}
