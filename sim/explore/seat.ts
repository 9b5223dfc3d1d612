/** One unit of a world with everything around it: office, people, oracle. */
import { createHash, createHmac } from 'node:crypto';
import { JOURNAL, SLOT_A, SLOT_B, SLOT_OFFSETS } from '../../firmware/board/files';
import { nodeNatives, toBytes } from '../../host-bridge/natives';
import { grantPayload, hmacKey, sealGrant, type Bytes, type Grant } from '../../protocol';
import { EXTERNAL } from '../board/espruino';
import type { Program } from '../board/run';
import { FileArea } from '../board/storage';
import { faultOf } from '../faults';
import { Kind, Oracle, type Fact } from '../oracle';
import { romCode } from '../parts/onewire';
import { fastScene, type Scene } from '../paper';
import { Holder } from '../people/holder';
import { createUnit } from '../unit/unit';
import type { Unit } from '../unit/types';
import type { Random, World } from '../world/world';
import type { UnitKeys } from './authority';
import { BENCH_MAKER } from '../scenario/maker';
import type { House } from './house';
import type { ImageForm, Images, WorldImage } from './images';
import type { SeatOffice } from './house-office';
import { DILIGENT, type Manner } from './manner';
import { Office } from './office';
import { PEOPLE } from './plan';

/** Unix seconds at the world's time 0. */
export const EPOCH = 1_800_000_000;
/** Whoever finds a unit dark switches it on again after so long, ms, where nothing else was said. */
const DARK_MS = 1000;
/** Pixels across of a picture that is only looked at. */
const VIEW_WIDTH = 320;
/** Long enough for the unit to see that its cable was out, ms. */
const DOCK_MS = 2500;
/** Alarm of a unit that was carried off from its dock (protocol/SPEC.md section 9). */
const MOVED = 18;
/** Relief of a die that nobody looks at. */
const FACE = { name: 'plain', widthMm: 40, heightMm: 40 };
/** Of a revolver. */
const HOLDERS = 4;
/** Pieces of a session that an eavesdropper keeps. */
const KEPT = 200;

export interface SeatOptions {
  program: Program;
  photo: number;
  /** Dies in a revolver; absent: one in a fixed holder. */
  dies?: number | undefined;
  onFact?: (fact: Fact) => void;
  /** Where updates may come. */
  images?: Images | undefined;
  /** Where bridge and desk are the real ones. */
  house?: House;
}

/** Milliseconds until a unit that was just switched on hears keys. */
const HANG_UP_MS = 4000;

function key(name: string): Buffer {
  return createHash('sha256').update(name).digest();
}

export class Seat {
  readonly unit: Unit;
  readonly office: SeatOffice;
  readonly house: House | undefined;
  private readonly images: Images | undefined;
  readonly holder: Holder;
  readonly oracle: Oracle;
  readonly keys: UnitKeys;
  /** Its dies, and the first of them. */
  readonly dies: readonly string[];
  readonly die: string;
  readonly chance: Random;
  /** Faults at work. */
  readonly faults = new Set<string>();
  /** What went to the device, for whoever plays it back. */
  readonly recording: Buffer[] = [];
  private readonly manners: Partial<Manner>[] = [];
  epoch = 0;
  /** The unit was moved, or could not see that it was not: it has to be docked anew. */
  displaced = false;
  /** How long the unit stays dark when its power goes at a flash operation. */
  darkFor = DARK_MS;
  /** Whoever waits for something to happen at the unit. */
  readonly listeners = new Set<(fact: Fact) => void>();
  private pictures = 0;
  private readonly pending = new Set<() => void>();

  constructor(readonly world: World, name: string, options: SeatOptions) {
    const { house } = options;
    this.house = house;
    this.images = options.images;
    const keys = house?.keysOf(name) ?? { device: Buffer.from(name, 'latin1'), link: key(`${name} link`), permit: key(`${name} permit`), evidence: key(`${name} evidence`) };
    this.keys = keys;
    this.chance = world.random.fork(`${name} chance`);
    const scene = fastScene({ size: options.photo });
    const seen: Scene = {
      jpeg: (view) => {
        const jpeg = scene.jpeg(view) as Buffer;
        // A view is nobody's evidence.
        if (view.width > VIEW_WIDTH) this.oracle.picture(jpeg, view.page?.id, view.page?.impressions.length ?? 0, view.covered === true);
        return jpeg;
      },
    };
    this.unit = createUnit(world, {
      bundle: options.program, name, scene: seen,
      ...(house === undefined ? {} : { die: { rom: house.nextDie(), face: FACE } }),
      ...(options.dies === undefined ? {} : { dies: Array.from({ length: HOLDERS }, (_, i) => (i < options.dies! ? { rom: romCode(i + 1), face: FACE } : null)) }),
      identity: { deviceId: keys.device, linkKey: keys.link, permitKey: keys.permit, evidenceKey: keys.evidence, people: PEOPLE.map((person) => ({ slot: person * 2, person })), ...(options.images === undefined ? {} : { makerKey: BENCH_MAKER }) },
    });
    this.die = this.unit.truth.die!.rom;
    this.dies = this.unit.parts.holders.dies.flatMap((one) => (one === undefined ? [] : [one.rom]));
    const { data } = new FileArea(this.unit.flash, EXTERNAL.base, EXTERNAL.size).find(JOURNAL.name)!;
    const from = Math.ceil(data / 4096) * 4096;
    this.oracle = new Oracle({
      unit: this.unit, device: keys.device, keys, journal: { from, to: from + JOURNAL.pages * 4096 }, unixAt: (ms) => EPOCH + Math.floor(ms / 1000),
      ...(options.images === undefined ? {} : { images: { slots: [SLOT_A, SLOT_B].map(({ name: file }, i) => this.slot(file, SLOT_OFFSETS[i]!)), made: new Set([...options.images.made, createHash('sha256').update(options.program.code, 'latin1').digest('hex')]), silent: options.images.silent, contentOf: options.images.contentOf } }),
      onFact: (fact) => {
        watch?.(fact);
        for (const call of [...this.listeners]) call(fact);
        options.onFact?.(fact);
      },
    });
    const tell = (fact: Fact): void => this.tell(fact);
    this.office = house?.place(this.unit.port, keys, this.die, () => this.unix(), tell) ?? new Office(world, this.unit.port, keys, () => this.unix(), tell, () => this.handed(scene));
    const watch = house?.watch(keys.device.toString('hex'), this.oracle.known);
    this.holder = new Holder(world, this.unit, (fact) => this.tell(fact), name);
    this.unit.on('received', (bytes) => {
      if (this.recording.length < KEPT) this.recording.push(bytes);
    });
    // Cut at a flash operation, or by its own battery: somebody comes and switches it on.
    this.unit.on('cut', () => this.later(this.darkFor, () => this.unit.power.on()));
  }

  /** What a camera of the host sees; it numbers its pictures. */
  private handed(scene: Scene): Buffer {
    const { page } = this.unit.truth;
    const jpeg = scene.jpeg({ page, width: VIEW_WIDTH, height: VIEW_WIDTH, photo: ++this.pictures }) as Buffer;
    // A comment of four bytes behind the start of image (ITU-T T.81, B.2.4.5).
    const number = Buffer.from([0xff, 0xfe, 0, 6, 0, 0, this.pictures >> 8, this.pictures & 255]);
    const whole = Buffer.concat([jpeg.subarray(0, 2), number, jpeg.subarray(2)]);
    this.oracle.handed(whole, page?.id);
    return whole;
  }

  /** @throws RangeError where this world has no images */
  image(form: ImageForm, version: number): WorldImage {
    if (this.images === undefined) throw new RangeError('a world with updates needs images');
    return this.images.of(form, version);
  }

  /** Reads a slot of the firmware. */
  private slot(name: string, offset: number): (at: number, length: number) => Buffer {
    const { data } = new FileArea(this.unit.flash, EXTERNAL.base, EXTERNAL.size).find(name)!;
    return (at, length) => Buffer.from(this.unit.flash.read(data + offset + at, length));
  }

  unix(): number {
    return EPOCH + Math.floor(this.world.now / 1000);
  }

  /** A statement as the register's key would make it, whatever it says. */
  underRegisterKey(grant: Grant): Bytes {
    const key = createHmac('sha256', this.keys.evidence).update('smartseal/ack').digest('binary');
    return sealGrant(nodeNatives, hmacKey(nodeNatives, key), grantPayload(toBytes(this.keys.device), grant));
  }

  tell(fact: Fact): void {
    this.oracle.tell(fact);
  }

  /** Later, or at once when the world heals. */
  later(ms: number, call: () => void): void {
    const once = (): void => {
      if (this.pending.delete(once)) call();
    };
    this.pending.add(once);
    this.world.after(ms, once);
  }

  plug(there: boolean): void {
    if (this.unit.cable.isPlugged === there) return;
    if (there) this.unit.port.plug();
    else this.unit.port.unplug();
    this.tell({ what: 'plugged', there });
  }

  /** The office behaves like this for so long, ms, whatever else of its manners changes meanwhile; `then` is called when that is over. */
  behave(manner: Partial<Manner>, ms: number, then?: () => void): void {
    const { manners, office } = this;
    const behave = (): void => void Object.assign(office.manner, DILIGENT, ...manners);
    manners.push(manner);
    behave();
    this.later(ms, () => {
      manners.splice(manners.indexOf(manner), 1);
      behave();
      then?.();
    });
  }

  /** Whoever has the unit out, or has just taken it out, may have it for as long as it takes, wherever that is. */
  moreTime(): void {
    const { terms } = this.oracle.outing;
    if (terms?.until === undefined || terms.until > this.unix() + 1e5) return;
    this.office.ceremony?.({ action: terms.action, subject: terms.subject!, persons: [], means: [], epoch: this.epoch, lasts: 3600, back: 1e6 });
  }

  /** Whoever brings it back puts it into its dock anew. */
  private dock(): void {
    this.plug(false);
    this.world.after(DOCK_MS, () => this.plug(true));
  }

  /** All faults end, everybody goes, everything is where it belongs. */
  heal(): void {
    const { unit, holder } = this;
    unit.flash.noCuts();
    holder.dismiss();
    for (const call of [...this.pending]) call();
    for (const name of this.faults) faultOf(name).end(unit);
    holder.dieBack();
    holder.turn(0);
    holder.take();
    holder.lid(false);
    unit.parts.reader.touch(undefined);
    if (this.displaced) {
      holder.home();
      this.dock();
    } else this.plug(true);
    // Hands that hurry may shake it for so long that it takes itself for carried.
    this.listeners.add((fact) => {
      if (fact.what === 'record' && fact.record.kind === Kind.ALARM && fact.record.data.get(1) === MOVED) this.dock();
    });
    unit.parts.battery.charge = 0.9;
    unit.power.on();
    // The keypad may still ask for a code.
    this.world.after(HANG_UP_MS, () => holder.hangUp());
    this.tell({ what: 'healed' });
  }
}
