/**
 * One simulated unit on a technician's bench: the unit, what lies beside it, the ear on its cable, and, where no other host
 * has the cable, the bench office. The prompt, the scenario player and the recorder all work on one of these.
 */
import path from 'node:path';
import type { Language, Words } from '../cli/texts';
import { words } from '../cli/texts';
import type { Program } from '../board/run';
import { fastScene, PhotoScene, readFace, type Page, type View } from '../paper';
import type { NorImage } from '../parts/nor';
import { romCode } from '../parts/onewire';
import type { Die } from '../parts/scene';
import { Eyes } from '../people/glass';
import type { Identity } from '../unit/provision';
import type { PortOptions } from '../unit/port';
import type { Unit } from '../unit/types';
import { createUnit } from '../unit/unit';
import type { World } from '../world/world';
import { readJournal, type Entry } from './journal';
import { describe } from './journal';
import { Office } from './office';
import { PageCheck, type Inspector } from './page-check';
import { tellEvents } from './tell';
import { Wiretap } from './wiretap';

export interface Person {
  person: number;
  name: string;
  /** Default: at provisioning. */
  enrolled?: boolean | undefined;
}

/** Where a bench tells what happens. */
export interface Teller {
  readonly language: Language;
  event(name: string, text: Words, data?: Record<string, unknown>): void;
  answer(name: string, lines: string[], data: Record<string, unknown>): void;
}

/** What only the program around a bench can do. */
export interface BenchHooks {
  /** Ends the session. */
  stop?(): void;
  /** Shows a JPEG in the terminal; false where it cannot. */
  show?(jpeg: Buffer): Promise<boolean>;
  /** Writes the session so far as a scenario. */
  record?(file: string): void;
  /** Names of the wires that hosts can open. */
  wires?(): string[];
}

export interface BenchOptions {
  world: World;
  /** Code of the bundle, or the program loaded before. */
  bundle: string | Program;
  identity: Identity;
  deviceId: string;
  people: Person[];
  teller: Teller;
  /** ROM code of the unit's die; default romCode(1). */
  die?: string | undefined;
  /** A revolver with so many dies, of four holders; that one first. */
  dies?: number | undefined;
  /** PNG of the die's face; without it impressions are noted and not drawn. */
  dieImage?: string;
  /** Photographs as a camera makes them, or tiny ones that only tell pages apart. */
  photographs: boolean;
  seed: number;
  flash?: NorImage | undefined;
  port?: PortOptions;
  charge?: number;
  /** What the office compares pages with, where a permit wants that. */
  inspector?: Inspector | undefined;
  /** Whether the bench office has the cable. */
  office: boolean;
  /** Unix seconds at the world's time 0. */
  epoch: number;
}

/** Number of the die that belongs to somebody else. */
const FOREIGN = 99;
/** Of a revolver. */
const HOLDERS = 4;

/** The scene, and what each photo was. */
class WatchedScene extends PhotoScene {
  photos = 0;
  onPhoto: ((view: View, bytes: number) => void) | undefined;
  private readonly fast = fastScene();

  constructor(seed: number, private readonly real: boolean) {
    super(seed);
  }

  override async jpeg(view: View): Promise<Buffer> {
    const jpeg = await (this.real ? super.jpeg(view) : this.fast.jpeg(view));
    this.photos++;
    this.onPhoto?.(view, jpeg.length);
    return jpeg;
  }

  /** A photo that the unit does not know of. */
  render(view: View): Promise<Buffer> {
    return super.jpeg(view);
  }
}

export class Bench {
  readonly world: World;
  readonly unit: Unit;
  readonly scene: WatchedScene;
  readonly tap: Wiretap;
  readonly office: Office | undefined;
  readonly teller: Teller;
  readonly people: readonly Person[];
  readonly deviceId: string;
  readonly die: Die;
  /** All of the unit's own, that one first. */
  readonly dies: readonly Die[];
  /** Dies that lie beside the unit; the last one was put down last. */
  readonly outside: Die[];
  readonly hooks: BenchHooks = {};
  readonly pages: PageCheck;
  /** Counts the sheets laid down, as the tray does. */
  laid = 0;
  private readonly options: BenchOptions;
  private journalAt = -1;
  private journalKept: Entry[] = [];
  private eyes: Eyes | undefined;

  constructor(options: BenchOptions) {
    this.options = options;
    const { world } = options;
    this.world = world;
    this.teller = options.teller;
    this.people = options.people;
    this.deviceId = options.deviceId;
    this.scene = new WatchedScene(options.seed, options.photographs);
    this.die = { rom: options.die ?? romCode(1), face: { name: 'company', widthMm: 42, heightMm: 42 } };
    this.dies = [this.die, ...Array.from({ length: (options.dies ?? 1) - 1 }, (_, i) => ({ rom: romCode(i + 2), face: { name: `die ${i + 2}`, widthMm: 42, heightMm: 42 } }))];
    this.outside = [{ rom: romCode(FOREIGN), face: { name: 'foreign', widthMm: 42, heightMm: 42 } }];
    this.unit = createUnit(world, {
      bundle: options.bundle, identity: options.identity, scene: this.scene, die: this.die,
      ...(options.dies === undefined ? {} : { dies: Array.from({ length: HOLDERS }, (_, i) => this.dies[i] ?? null) }),
      ...(options.flash === undefined ? {} : { flash: options.flash }),
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.charge === undefined ? {} : { charge: options.charge }),
    });
    this.tap = new Wiretap(world, this.unit.cable);
    this.pages = new PageCheck(options.inspector, (name, text, data) => this.tell(name, text, data));
    if (options.office) {
      this.office = new Office({
        world, port: this.unit.port, identity: options.identity, epoch: options.epoch,
        onMessage: (toDevice, type, tag, body) => this.tap.message(toDevice, type, tag, body),
        compared: (permit, document) => void this.pages.documents.set(permit, document),
        beforeGrant: (permit, photo) => this.io(this.pages.check(permit, photo)),
        onSession: (up) => this.tell('session', up ? words('模拟办公室已与设备建立会话', 'The bench office has a session with the unit') : words('与设备的会话中断', 'The session with the unit is gone'), { up }),
        onRecord: (entry) => this.tellRecord(entry),
        onResumed: (offset, size) => this.tell('resumed', words(`照片从第 ${offset} 字节接着传，共 ${size} 字节`, `A photo goes on from byte ${offset} of ${size}`), { offset, size }),
        onEvidenceError: (error) => this.tell('evidence', words(`证据有误：${error.message}`, `Evidence is not in order: ${error.message}`), { error: error.message }),
      });
    }
    tellEvents(this);
  }

  /** Whether photos are such as a camera makes: a sheet then needs a picture. */
  get photographs(): boolean {
    return this.options.photographs;
  }

  /** Lays a sheet in, under a lid that is opened and closed again for it. */
  lay(page: Page): void {
    this.unit.hand.insertPaper(page);
    this.laid++;
  }

  get language(): Language {
    return this.teller.language;
  }

  /** What the unit has on flash, whoever has read it. */
  get journal(): readonly Entry[] {
    if (this.journalAt !== this.unit.flash.ops) {
      this.journalKept = readJournal(this.unit.flash);
      this.journalAt = this.unit.flash.ops;
    }
    return this.journalKept;
  }

  /** What stands on the display, row by row; empty: it is dark. */
  get glass(): readonly string[] {
    this.eyes ??= new Eyes(this.unit);
    return this.eyes.rows();
  }

  tell(name: string, text: Words, data: Record<string, unknown> = {}): void {
    this.teller.event(name, text, data);
  }

  /** The ROM code that somebody means: itself, or the number of one of the unit's own dies; undefined: none. */
  dieOf(word: string): string | undefined {
    return /^[0-9a-f]{16}$/i.test(word) ? word.toLowerCase() : this.dies[Number(word) - 1]?.rom;
  }

  /** How a person is called. */
  readonly name = (person: number): string => this.people.find((one) => one.person === person)?.name ?? String(person);

  /** Resolves after so many milliseconds of the world's time. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.world.after(ms, () => (resolve(), this.world.touch()));
    });
  }

  /** The world's time stands still until files are read or pictures drawn; an error of theirs is not the world's. */
  io<T>(job: Promise<T>): Promise<T> {
    void this.world.pendingJob(job.then(() => undefined, () => undefined));
    return job;
  }

  /** What the camera would see, taken by the technician: the unit's own photos are left out of the count. */
  picture(width = 1600, height = 1200): Promise<Buffer> {
    const { unit } = this;
    return this.io(this.scene.render({ page: unit.truth.page, width, height, covered: unit.parts.camera.covered, laid: this.laid, photo: -1 }));
  }

  /** The die's picture is read when paper is near: until then it need not be known. */
  async loadRelief(): Promise<void> {
    const { dieImage } = this.options;
    if (dieImage === undefined || this.die.face.relief) return;
    Object.assign(this.die.face, await readFace(dieImage, path.basename(dieImage, '.png')));
  }

  private tellRecord(entry: Entry): void {
    const line = (language: Language): string => describe(entry, language, this.name);
    this.tell('record', words(`记录 ${entry.seq}  ${line('zh')}`, `Record ${entry.seq}  ${line('en')}`), { seq: entry.seq, kind: entry.kind, ...entry.fields });
  }
}
