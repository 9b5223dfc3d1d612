/**
 * The oracle of one unit: sees everything, belongs to nobody. It shares no code with firmware, protocol or bridge; what it
 * knows of them it has from protocol/SPEC.md and firmware/core/README.md. A test holds that wall up.
 */
import { createHash } from 'node:crypto';
import type { StrokeTruth } from '../unit/truth';
import type { Unit } from '../unit/types';
import { photoDigest } from './evidence';
import type { Fact, Invariant, Written } from './facts';
import { JournalWatch } from './journal';
import { Known, type Breach } from './known';
import { Ready } from './l1-ready';
import { Page } from './l2-page';
import { Usable } from './l2-usable';
import { Full } from './l3-full';
import { Register } from './l4-register';
import { Authority } from './s1-authority';
import { Codes } from './s1-codes';
import { Custody } from './s1-custody';
import { Dies } from './s1-dies';
import { Inspected } from './s1-inspected';
import { Maintained } from './s1-maintenance';
import { Place } from './s1-place';
import { Count } from './s2-count';
import { TopUps } from './s2-top-ups';
import { Evidence } from './s3-evidence';
import { Numbers } from './s3-numbers';
import { Records } from './s4-records';
import { Locked } from './s5-locked';
import { Images, type ImagesOptions } from './s7-images';
import { Power } from './s5-power';
import { Alarms } from './s6-alarm';
import { Blind } from './s6-blind';
import { WrongCodes } from './s6-codes';
import { Lasting } from './s6-lasting';
import { Outing } from './s6-custody';
import { AlarmsTold } from './s6-told';
import { Freshness } from './s7-freshness';
import { Secrets, type Keys } from './s8-secrets';

export type { Bend, Claims, Fact, Invariant, Order, Statement, Written } from './facts';
export { hexOf, Kind, Result, type Breach } from './known';
export { photoDigest } from './evidence';

/** Milliseconds after power went in which the spring must have closed the bolt. */
const DARK_MS = 150;
/** Where the vault with the evidence key lies (firmware/board/files.ts, told here anew), and its two pages. */
const VAULT = { from: 0xf0000, length: 8192 };

export interface OracleOptions {
  /** Where updates may come: what there is to be run. */
  images?: ImagesOptions;
  unit: Unit;
  device: Buffer;
  keys: Keys;
  /** Addresses of the journal's region on flash. */
  journal: { from: number; to: number };
  /** The authority's clock at a moment of the world, Unix seconds. */
  unixAt(ms: number): number;
  /** Called with every fact, before it is judged: for timelines. */
  onFact?(fact: Fact): void;
}

export class Oracle {
  readonly known: Known;
  readonly usable: Usable;
  readonly count: Count;
  readonly outing: Outing;
  private readonly invariants: Invariant[];
  private readonly locked: Locked;
  private readonly images: Images | undefined;
  private readonly onFact: ((fact: Fact) => void) | undefined;

  constructor(options: OracleOptions) {
    const { unit, device, keys, journal } = options;
    const { world, flash, truth } = unit;
    const known = new Known(() => world.now, options.unixAt);
    this.known = known;
    this.onFact = options.onFact;
    const watch = new JournalWatch(
      flash, journal.from, journal.to, device, keys.evidence, (fact) => this.tell(fact), (text) => known.broken('S4', text), () => world.now,
    );
    const custody = new Custody(known);
    // As facts name them: see facts.ts.
    const dies = unit.parts.holders.dies.flatMap((one) => (one === undefined ? [] : [one.rom]));
    const all = dies.length === 0 ? undefined : dies.join('+');
    this.outing = new Outing(known, truth.where.spot());
    this.usable = new Usable(known, dies, truth.where.spot(), custody);
    this.count = new Count(known, truth);
    this.images = options.images === undefined ? undefined : new Images(known, options.images);
    const power = new Power(known, unit.parts.battery);
    const records = new Records(known);
    const told = new AlarmsTold(known, truth);
    this.locked = new Locked(known, truth);
    this.invariants = [
      new TopUps(known), new Authority(known, device.toString('hex'), () => truth.die?.rom), new Inspected(known), new Place(known, truth.where.spot()), custody, this.outing, new Maintained(known, truth), new Codes(known, dies), new Dies(known, dies), this.count, new Evidence(known), records, this.locked, new Alarms(known, all, power), new WrongCodes(known), new Blind(known), told, new Lasting(known, unit.parts.battery), power,
      new Numbers(known),
      new Freshness(known), new Secrets(known, keys, truth, { key: () => watch.chain.key, vault: () => Buffer.from(flash.read(VAULT.from, VAULT.length)) }, (plain) => [told, records].forEach((one) => one.hear(plain))),
      new Ready(known, truth), this.usable, new Page(known), new Full(known), new Register(known), ...(this.images === undefined ? [] : [this.images]),
    ];
    flash.onDone = (op) => watch.done(op);
    this.listen(unit);
  }

  get breaches(): readonly Breach[] {
    return this.known.breaches;
  }

  tell(fact: Fact): void {
    this.onFact?.(fact);
    this.known.take(fact);
    for (const one of this.invariants) one.see?.(fact);
  }

  /** All is at rest, all was read, everything usable was used. */
  end(): void {
    for (const one of this.invariants) one.end?.();
  }

  /** Wraps what the camera sees, so that its pictures are known. */
  picture(jpeg: Buffer, page: string | undefined, impressions: number, dark: boolean): void {
    this.tell({ what: 'picture', digest: photoDigest(jpeg), size: jpeg.length, page, impressions, dark });
  }

  /** A picture of the host's own camera. */
  handed(jpeg: Buffer, page: string | undefined): void {
    this.tell({ what: 'handed', digest: photoDigest(jpeg), size: jpeg.length, page });
  }

  private listen(unit: Unit): void {
    const { world } = unit;
    let press: StrokeTruth[] = [];
    let intent: Written | undefined;
    unit.on('stroke', (stroke) => {
      const { known } = this;
      // What lay under the die was pulled away or pushed in while it stood there, or the die itself: still the same press.
      const same = press.at(-1)?.until === stroke.at || (press.length > 0 && known.dieAt === stroke.at && known.intent === intent);
      if (!same) press = [];
      ({ intent } = known);
      press.push(stroke);
      // Nobody's stroke: the driver runs by itself.
      if (!same && !known.bent(['driver'], world.now)) this.tell({ what: 'stroke', stroke, press });
    });
    unit.on('bolt', (open) => this.tell({ what: 'bolt', open }));
    unit.on('boot', () => this.tell({ what: 'run', how: this.images?.start() === false ? 'trial' : 'boot' }));
    unit.on('reset', () => this.tell({ what: 'run', how: 'reset' }));
    unit.on('hang', () => this.tell({ what: 'run', how: 'hang' }));
    unit.on('exception', (error) => this.tell({ what: 'exception', error }));
    unit.on('sent', (bytes) => this.tell({ what: 'wire', toDevice: false, bytes }));
    unit.on('received', (bytes) => this.tell({ what: 'wire', toDevice: true, bytes }));
    unit.on('cut', () => {
      this.tell({ what: 'run', how: 'cut' });
      world.after(DARK_MS, () => {
        if (!unit.power.isOn) this.locked.dark();
      });
    });
  }
}

/** Digest by which statements are known, hex. */
export function digestOf(statement: Buffer): string {
  return createHash('sha256').update(statement).digest('hex');
}

export type { Keys };
