/**
 * One bench unit on the real interpreter whose parts are the simulator's, in real time: the firmware from flash, the parts
 * over the FIFOs, reader and link over ptys (firmware/board/LINUX.md). A power cut is SIGKILL; what is on flash stays.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { performance } = require('node:perf_hooks');
const { aged } = require('./aged');
const { boot, norFlash, provision } = require('./unit');
const { RealTime, World, LinuxBus, serveFifos, fastScene, romCode } = require('../../sim');
const { openPty } = require('../../sim/io');
const { PAGE, VAULT, STATE, JOURNAL, PHOTOS } = require('../../firmware/board/files');
const { vaultImage } = require('../../firmware/core/provision');
const { ackKey } = require('../../protocol');
const { nodeNatives } = require('../../host-bridge/natives');

const latin1 = (bytes) => bytes.toString('latin1');

/** Who the unit is. */
const IDENTITY = {
  deviceId: 'SEAL0001', linkKey: 'L'.repeat(32), permitKey: 'P'.repeat(32), evidenceKey: 'E'.repeat(32),
  people: [{ slot: 0, person: 7 }, { slot: 5, person: 8 }, { slot: 6, person: 9 }],
  dies: [romCode(1)],
};
const DIE = latin1(Buffer.from(romCode(1), 'hex'));
const ACK_KEY = ackKey(nodeNatives, IDENTITY.evidenceKey);
const REGIONS = [VAULT, STATE, JOURNAL, PHOTOS];
const PHOTO_BYTES = 8000;
const FINGER_MS = 1500;
/** When the first record of an old unit was written: before anything that the host says. */
const LONG_AGO = 1_700_000_000;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something holds. @returns whether it did within so many ms */
async function until(test, ms = 10_000) {
  const end = performance.now() + ms;
  while (!(await test())) {
    if (performance.now() > end) return false;
    await wait(5);
  }
  return true;
}

const clock = {
  now: () => performance.now(),
  sleep(ms) {
    let wake;
    const done = new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return { done, wake };
  },
};

const timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

class Bench {
  /** @param {{interpreter: string, dir: string, bundle: string, scene?: object, old?: boolean, blank?: boolean, flashed?: boolean}} options bundle: its code; old: with a
   * long life behind it; blank: never provisioned; flashed: what stands on its flash stays, by whomever it was written */
  static async open(options) {
    const bench = new Bench(options);
    await bench.wire();
    return bench;
  }

  constructor({ interpreter, dir, bundle, scene, old, blank, makerKey, flashed }) {
    this.interpreter = interpreter;
    this.dir = dir;
    this.world = new World({ seed: 7 });
    this.bus = new LinuxBus(this.world, { identity: IDENTITY, scene: scene ?? fastScene({ size: PHOTO_BYTES }) });
    this.hand = this.bus.body.hand;
    this.parts = this.bus.body.parts;
    this.truth = this.bus.body.truth;
    /** Interpreters started so far, and those that ended without being told to. */
    this.starts = 0;
    /** An image that never speaks is ended, too: where there are updates. */
    this.guarded = makerKey !== undefined;
    this.deaths = [];
    this.printed = '';
    /** What the host gets; set by whoever is at the other end of the link. */
    this.onLink = () => undefined;
    this.executed = undefined;
    this.memory = { boot: 0, peak: 0, total: 0, blocksize: 0, exact: false };
    const vault = blank ? '\xff\xff\xff\xff' : vaultImage({
      natives: nodeNatives, ...IDENTITY, ackKey: ACK_KEY, dies: IDENTITY.dies.map((rom) => latin1(Buffer.from(rom, 'hex'))),
    });
    /** Whether the regions are files of the interpreter's own Storage. */
    this.own = flashed === true || provision(interpreter, dir, { bundle, vault, makerKey });
    this.flash = norFlash(vault);
    this.records = [];
    if (old === true) {
      const life = aged({ vault, device: IDENTITY.deviceId, evidenceKey: IDENTITY.evidenceKey, time: LONG_AGO });
      this.records = life.records;
      life.regions.forEach((bytes, region) => this.put(region, bytes));
    }
    this.resets = 0;
    this.bus.onReset = () => {
      this.resets++;
      this.again = true;
    };
    this.bus.onWatchdog = () => {
      this.again = true;
      this.unit?.child.kill('SIGKILL');
    };
  }

  async wire() {
    const line = { connected: true, write: (bytes) => this.onLink(bytes), onData: (receive) => ((this.toUnit = receive), () => undefined) };
    this.terminals = [
      await openPty(line, { link: path.join(this.dir, 'link'), timers }),
      await openPty(cableOf(this.bus), { link: path.join(this.dir, 'reader'), timers }),
    ];
    // A start empties what the last one left.
    this.collecting = setInterval(() => this.collect(), 300);
    this.real = new RealTime(this.world, clock);
    this.ran = this.real.run();
  }

  /** Bytes of the host to the unit. */
  write(bytes) {
    this.toUnit?.(bytes);
  }

  /** A finger for a second and a half. The reader looks once a second, and must have seen the last one lifted. */
  async finger(person) {
    const free = (this.lifted ?? 0) + 1300 - performance.now();
    if (free > 0) await wait(free);
    if (person === undefined) this.hand.wrongFinger(FINGER_MS);
    else this.hand.finger(person, FINGER_MS);
    this.lifted = performance.now() + FINGER_MS;
  }

  start() {
    this.again = false;
    this.fifos?.close();
    // New ones for each interpreter: an answer that the last one did not fetch would shift all that follow.
    this.fifos = serveFifos(this.dir, (op, operands) => (op >= 13 ? this.flash(op, operands) : this.bus.answer(op, operands)));
    this.starts++;
    if (this.guarded) this.bus.started();
    const unit = boot(this.interpreter, this.dir);
    this.unit = unit;
    this.ended = unit.ended.then((end) => {
      this.printed += unit.output();
      this.collect();
      if (this.unit !== unit) return;
      this.unit = undefined;
      this.bus.release();
      if (this.again) this.start();
      else this.deaths.push(end);
    });
  }

  /** The power goes at this instant. */
  async cut() {
    const unit = this.unit;
    this.unit = undefined;
    unit?.child.kill('SIGKILL');
    await unit?.ended;
    this.collect();
    this.bus.power(false);
    this.fifos.close();
  }

  /** The power comes back. */
  restore() {
    this.bus.power(true);
    this.start();
  }

  /** Sets a region (0 vault, 1 state, 2 journal, 3 photos) of a unit without power. */
  put(region, bytes) {
    if (!this.own) return this.flash.put(region, bytes);
    const file = path.join(this.dir, 'espruino.flash');
    const all = fs.readFileSync(file);
    for (let at = 0; at + 32 < all.length; ) {
      const size = all.readUIntLE(at, 3);
      if (size === 0 || size === 0xffffff) break;
      if (latin1(all.subarray(at + 4, at + 32)).split('\0')[0] === REGIONS[region].name) bytes.copy(all, (at + 32 + PAGE - 1) & -PAGE);
      at += (size + 35) & ~3;
    }
    fs.writeFileSync(file, all);
  }

  /** Erases a region. */
  lose(region) {
    this.put(region, Buffer.alloc(REGIONS[region].pages * PAGE, 0xff));
  }

  /** Takes in what the interpreter has left in its directory: functions executed, variables used. */
  collect() {
    const coverage = read(path.join(this.dir, 'coverage'));
    if (coverage !== undefined && coverage.length > 0) {
      this.executed ??= new Uint8Array(coverage.length);
      if (coverage.length === this.executed.length) coverage.forEach((byte, i) => (this.executed[i] |= byte));
    }
    try {
      const m = JSON.parse(latin1(read(path.join(this.dir, 'memory'))));
      const peak = Math.max(m.peak, this.memory.peak);
      this.memory = { ...m, boot: this.memory.boot || m.boot, peak };
    } catch {
      // Caught in the middle of being written: the next time.
    }
  }

  async close() {
    clearInterval(this.collecting);
    const unit = this.unit;
    this.unit = undefined;
    if (unit !== undefined) {
      await wait(700);
      this.collect();
      unit.child.kill('SIGTERM');
      await unit.ended;
    }
    this.fifos?.close();
    for (const terminal of this.terminals) await terminal.close();
    this.real.stop();
    await this.ran;
  }
}

function cableOf(bus) {
  const { reader } = bus;
  return {
    get connected() {
      return reader.connected;
    },
    write: (bytes) => reader.write(bytes),
    onData: (receive) => (reader.onData(receive), () => undefined),
  };
}

function read(file) {
  return fs.existsSync(file) ? fs.readFileSync(file) : undefined;
}

module.exports = { Bench, IDENTITY, DIE, ACK_KEY, PHOTO_BYTES, timers, until, wait };
