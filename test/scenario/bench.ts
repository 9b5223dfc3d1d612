/** A unit that runs the built bundle in virtual time, the bridge on its cable, and the office behind the bridge. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type {
  Action} from '../../protocol';
import { decodePermitState, decodePhotoChunk, decodeRecords, decodeTimeNonce, encodeGrantApply, encodePermitGet, encodePermitLoad,
  encodePhotoGet, encodeRecordsGet, MessageType, type PermitState,
} from '../../protocol';
import { createUnit, fastScene, loadProgram, Page, World, type Die, type NorImage, type Program, type Unit } from '../../sim';
import { Authority, IDENTITY, T0, type CeremonyTerms, type Granted, type PermitTerms } from './authority';
import { Chain, Kind, photoDigest } from './chain';
import { BridgeLink, Gone } from './link';
import { strokesByPermit } from './oracle';

const ROOT = path.join(__dirname, '../..');
/** Of sim/parts/actuator.ts and bolt.ts. */
const HOME_SWITCH_MM = 0.3;
const BOLT_CLOSE_MS = 60;
/** As long as a finger stays. */
const FINGER_MS = 1500;
const BUNDLE = path.join(ROOT, 'dist/firmware/xiao.js');
let program: Program | undefined;

/** The bundle as it would be flashed; built once where it is missing. */
export function bundle(): Program {
  if (program === undefined) {
    if (!existsSync(BUNDLE)) execFileSync(process.execPath, ['firmware/build/build.js'], { cwd: ROOT, stdio: 'pipe' });
    program = loadProgram(BUNDLE);
  }
  return program;
}

/** A unit at rest and all that the office knows of it, to go on from many times. */
export interface Snapshot {
  flash: NorImage;
  chain: Chain;
  granted: Granted[];
  recordsAcked: number;
  /** Strokes so far by the permit's counter. */
  strokes: Map<number, number>;
  /** Milliseconds that the authority's clock is ahead of the world's. */
  offset: number;
  /** Ceremonies and top-ups ordered so far. */
  ordered: number;
  /** Its die is in somebody's hand. */
  empty: boolean;
}

/**
 * All that outlasts a power cut at one moment, but for what is on flash: the mechanics at rest, the tray, a finger on the
 * reader, what the office knows, and the truth so far.
 */
export interface Survivor {
  at: number;
  from: Omit<Snapshot, 'flash'>;
  base: number;
  photoBytes: number | undefined;
  strokesGranted: Set<string>;
  revoked: Bench['revoked'];
  fingers: Bench['fingers'];
  boots: Bench['boots'];
  photos: Bench['photos'];
  sheets: number;
  bootAt: number;
  carrierMm: number;
  lidClosed: boolean;
  page: Page | undefined;
  touched: boolean;
  truth: Pick<Unit['truth'], 'strokes' | 'bolt' | 'runs' | 'exceptions' | 'consoleBytes' | 'strokeCount'>;
}

export interface BenchOptions {
  seed?: number;
  from?: Snapshot;
  /** World's ms at which it begins, default 0. */
  at?: number;
  /** Bytes of each photo; default: about 250. */
  photoBytes?: number;
}

/** Refusals are answers too. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(what: string, readonly code: number) {
    super(`${what} refused: ${code}`);
  }
}

export class Bench {
  readonly world: World;
  readonly unit: Unit;
  readonly link: BridgeLink;
  readonly authority: Authority;
  readonly chain: Chain;
  /** Every permit that the authority ever made, the photos it granted a stroke for, and what it revoked and when. */
  readonly granted: Granted[];
  readonly strokesGranted = new Set<string>();
  readonly revoked: { at: number; permit?: Buffer; epoch?: number }[] = [];
  /** Fingers shown, and starts of the firmware by the number it gives them (world's ms). */
  readonly fingers: { at: number; person: number }[] = [];
  readonly boots = new Map<number, number>();
  /** Photos read, by digest. */
  readonly photos = new Map<string, string>();
  /** Records before this one belong to an earlier bench. */
  base: number;
  /** Strokes by the permit's counter in earlier benches. */
  readonly earlier: Map<number, number>;
  recordsAcked: number;
  /** Ceremonies and top-ups that the authority ordered: each takes the next counter. */
  ordered: number;
  /** The unit's own die, wherever it is. */
  readonly die: Die;
  private readonly offset: number;
  private readonly photoBytes: number | undefined;
  private bootAt = 0;
  private sheets = 0;

  constructor(options: BenchOptions = {}) {
    const { from } = options;
    this.world = new World({ seed: options.seed ?? 1 });
    this.world.now = options.at ?? 0;
    this.photoBytes = options.photoBytes;
    const scene = options.photoBytes === undefined ? fastScene() : fastScene({ size: options.photoBytes });
    const flash = from === undefined ? {} : { flash: new Map([...from.flash].map(([page, bytes]) => [page, Uint8Array.from(bytes)])) };
    this.unit = createUnit(this.world, { bundle: bundle(), identity: IDENTITY, scene, ...flash });
    this.link = new BridgeLink(this.world, this.unit.port);
    this.die = this.unit.truth.die!;
    this.authority = new Authority(Buffer.from(this.die.rom, 'hex'));
    if (from?.empty === true) this.unit.hand.removeDie();
    this.chain = from?.chain.copy() ?? new Chain(IDENTITY.deviceId, IDENTITY.evidenceKey);
    this.granted = [...(from?.granted ?? [])];
    this.recordsAcked = from?.recordsAcked ?? 0;
    this.earlier = from?.strokes ?? new Map();
    this.offset = from?.offset ?? 0;
    this.ordered = from?.ordered ?? 0;
    this.base = this.chain.next;
    this.unit.on('boot', () => (this.bootAt = this.world.now));
  }

  private get empty(): boolean {
    return this.unit.truth.die === undefined;
  }

  /** Seconds, as the authority's clock has them at a moment of the world. */
  timeAt(ms = this.world.now): number {
    return T0 + Math.floor((this.offset + ms) / 1000);
  }

  /** @param granted permits that are to be used up later */
  snapshot(granted: Granted[] = this.granted): Snapshot {
    const strokes = new Map(this.earlier);
    for (const [counter, count] of strokesByPermit(this)) strokes.set(counter, (strokes.get(counter) ?? 0) + count);
    return {
      flash: this.unit.flash.image(), chain: this.chain.copy(), granted: [...granted], strokes,
      recordsAcked: this.recordsAcked, offset: this.offset + this.world.now + 1000, ordered: this.ordered, empty: this.empty,
    };
  }

  /** What would be left if the power went now; undefined in the middle of a stroke, and while the carrier keeps the bolt open. */
  survivor(): Survivor | undefined {
    const { truth, parts } = this.unit;
    if (parts.bolt.energised || parts.actuator.moving || truth.touching || (truth.boltOpen && truth.carrierMm > 0.3)) return undefined;
    const { strokes, runs, exceptions, consoleBytes, strokeCount } = truth;
    // The coil is off: the spring has it closed a moment later.
    const bolt = truth.boltOpen ? [...truth.bolt, { at: this.world.now + BOLT_CLOSE_MS, open: false }] : [...truth.bolt];
    return {
      at: this.world.now, base: this.base, photoBytes: this.photoBytes, sheets: this.sheets, bootAt: this.bootAt,
      from: {
        chain: this.chain.copy(), granted: [...this.granted], recordsAcked: this.recordsAcked, strokes: this.earlier, offset: this.offset,
        ordered: this.ordered, empty: this.empty,
      },
      strokesGranted: new Set(this.strokesGranted), revoked: [...this.revoked], fingers: [...this.fingers], boots: new Map(this.boots), photos: new Map(this.photos),
      carrierMm: truth.carrierMm, lidClosed: truth.lidClosed, page: truth.page, touched: parts.reader.touched,
      truth: { strokes: [...strokes], bolt, runs: [...runs, { at: this.world.now, what: 'cut' }], exceptions: [...exceptions], consoleBytes, strokeCount },
    };
  }

  /** The same unit without power right after the cut, with this on its flash, and the same office around it. */
  static revive(left: Survivor, flash: NorImage, seed = 1): Bench {
    const bench = new Bench({ seed, at: left.at, from: { ...left.from, flash }, ...(left.photoBytes === undefined ? {} : { photoBytes: left.photoBytes }) });
    const { hand, parts, truth } = bench.unit;
    bench.base = left.base;
    bench.sheets = left.sheets;
    bench.bootAt = left.bootAt;
    for (const photo of left.strokesGranted) bench.strokesGranted.add(photo);
    bench.revoked.push(...left.revoked);
    bench.fingers.push(...left.fingers);
    for (const [boot, at] of left.boots) bench.boots.set(boot, at);
    for (const [digest, photo] of left.photos) bench.photos.set(digest, photo);
    const { strokes, bolt, runs, exceptions, ...counts } = left.truth;
    Object.assign(truth, { strokes: [...strokes], bolt: [...bolt], runs: [...runs], exceptions: [...exceptions], ...counts });
    (parts.actuator as unknown as { position: number }).position = left.carrierMm;
    parts.switches.home.press(left.carrierMm < HOME_SWITCH_MM);
    if (!left.lidClosed || left.page !== undefined) hand.openLid();
    if (left.page !== undefined) hand.insertPaper(left.page);
    if (left.lidClosed) hand.closeLid();
    // Nobody takes a finger away because the lamps went out.
    if (left.touched) hand.finger(left.fingers.at(-1)?.person ?? 'nobody', FINGER_MS);
    return bench;
  }

  /** Waits for something; false when it did not come. @throws Gone when the power went */
  async until(condition: () => boolean, ms: number): Promise<boolean> {
    const came = await this.world.runUntil(() => !this.unit.power.isOn || condition(), ms);
    if (!this.unit.power.isOn) throw new Gone('power');
    return came;
  }

  async wait(ms: number): Promise<void> {
    await this.until(() => false, ms);
  }

  /** Power on (if it is off), until linked, locked and at rest. @throws Error when that takes longer than L1 allows */
  async start(): Promise<void> {
    const from = this.world.now;
    this.link.state = 0;
    this.unit.power.on();
    const { truth } = this.unit;
    const rest = (): boolean => this.link.ready !== undefined && (this.link.state === 1 || this.link.state === 8) && !truth.boltOpen && truth.carrierMm <= 0.3;
    if (!(await this.until(rest, 5000))) {
      const what = `ready ${this.link.ready !== undefined}, state ${this.link.state}, bolt ${truth.boltOpen ? 'open' : 'closed'}, carrier ${truth.carrierMm}`;
      throw new Error(`L1: not linked, locked and idle within 5 s of ${from}: ${what}; ${truth.exceptions.map((e) => String(e.error)).join(' ')}`);
    }
    this.boots.set(this.link.ready!.boot, this.bootAt);
  }

  async askOrRefuse(what: string, type: number, body: string): Promise<string> {
    const answer = await this.link.ask(type, body);
    const code = BridgeLink.code(answer);
    if (code !== 0) throw new Refused(what, code);
    return answer.body;
  }

  async apply(what: string, grant: Buffer): Promise<void> {
    await this.askOrRefuse(what, MessageType.GRANT_APPLY, encodeGrantApply({ grant: grant.toString('latin1') }));
  }

  async setTime(): Promise<void> {
    const body = await this.askOrRefuse('nonce', MessageType.TIME_NONCE_GET, '');
    await this.apply('time', this.authority.time(decodeTimeNonce(body)!.nonce, this.timeAt()));
  }

  /** The authority makes a permit; it counts as given from now on. */
  grant(terms: PermitTerms): Granted {
    const granted = this.authority.permit(terms);
    this.granted.push(granted);
    return granted;
  }

  async load({ grant }: Granted): Promise<PermitState> {
    return decodePermitState(await this.askOrRefuse('permit', MessageType.PERMIT_LOAD, encodePermitLoad({ grant: grant.toString('latin1') })))!;
  }

  async permitState({ claims }: Granted): Promise<PermitState> {
    return decodePermitState(await this.askOrRefuse('permit', MessageType.PERMIT_GET, encodePermitGet({ permit: claims.id.toString('latin1') })))!;
  }

  /** Takes back one permit, or all below an epoch. */
  async revoke(what: Granted | number): Promise<void> {
    const said = typeof what === 'number' ? { epoch: what } : { permit: what.claims.id, counter: what.claims.counter };
    await this.apply('revoke', this.authority.revoke(said));
    this.revoked.push({ at: this.world.now, ...said });
  }

  /** Orders a ceremony, and lets the first person it names show a finger. */
  async ceremony(action: Action, terms: CeremonyTerms = {}): Promise<void> {
    const now = this.timeAt();
    await this.apply('ceremony', this.authority.ceremony(action, ++this.ordered, { notBefore: now - 60, notAfter: now + 600, ...terms }));
    const first = terms.persons?.[0];
    if (first !== undefined) await this.finger(first);
  }

  /** More strokes for a permit: `count` in all. It is to be known to the unit from its answer on. */
  async topUp(granted: Granted, count: number): Promise<Granted> {
    const more: Granted = { ...granted, claims: { ...granted.claims, count } };
    const at = this.granted.indexOf(granted);
    this.granted[at] = more;
    await this.apply('top-up', this.authority.topUp(granted, count, ++this.ordered));
    const known = { ...more, least: count };
    this.granted[at] = known;
    return known;
  }

  /** @param seq number of the photo's record */
  async grantStroke(permit: Buffer, photo: Buffer, seq: number): Promise<void> {
    this.strokesGranted.add(`${permit.toString('hex')} ${photo.toString('hex')} ${seq}`);
    await this.apply('stroke', this.authority.stroke(permit, photo, seq));
  }

  /** A finger, and time for the reader, which looks once a second, to see it and to see it gone. */
  async finger(person: number): Promise<void> {
    this.fingers.push({ at: this.world.now, person });
    this.unit.hand.finger(person, 1500);
    await this.wait(2900);
  }

  /** A new sheet in place of the one that lies there. */
  async sheet(): Promise<void> {
    const { hand, truth } = this.unit;
    hand.openLid();
    await this.wait(200);
    if (truth.page !== undefined) hand.removePaper();
    hand.insertPaper(Page.plain(`sheet ${++this.sheets}`));
    await this.wait(200);
    hand.closeLid();
  }

  /** Waits while the device is busy with a stroke or its photos. */
  async stroke(ms = 15_000): Promise<void> {
    const { truth } = this.unit;
    const before = truth.strokeCount;
    await this.wait(150);
    const over = (): boolean => this.link.state < 4 || this.link.state === 5 || this.link.state === 8;
    // The lid that falls shut shakes the unit: it may look once more within a second.
    for (let again = 0; again < 3; again++) {
      if (!(await this.until(over, ms))) throw new Error(`L2: stuck in state ${this.link.state}`);
      if (this.link.state !== 3 || truth.strokeCount > before || truth.page === undefined || !truth.lidClosed || !(await this.until(() => !over() || this.link.state !== 3, 1200))) break;
    }
    await this.wait(50);
  }

  /** Takes over the records that are new, and checks again the last that were known. */
  async pull(again = 8): Promise<void> {
    const first = this.link.ready!.firstSeq;
    let seq = Math.max(0, this.chain.next - again, first);
    if (first > this.chain.next) throw new Error(`S4: records ${this.chain.next}..${first} are gone unread`);
    for (;;) {
      const body = await this.askOrRefuse('records', MessageType.RECORDS_GET, encodeRecordsGet({ fromSeq: seq, maxBytes: 4096 }));
      const { records } = decodeRecords(body)!;
      if (records.length === 0) break;
      for (const record of records) this.chain.take(seq++, record);
    }
    if (seq < this.chain.next) throw new Error(`S4: the device ends at record ${seq}, ${this.chain.next} were read before`);
  }

  /** Reads photos named in records that the register has not acknowledged. */
  async pullPhotos(): Promise<void> {
    for (const entry of this.chain.of(Kind.PHOTO, Math.max(this.base, this.recordsAcked))) {
      const digest = (entry.data.get(3) as Buffer).toString('latin1');
      if (this.photos.has(digest)) continue;
      const from = this.link.messages.length;
      const tag = this.link.send(MessageType.PHOTO_GET, encodePhotoGet({ digest, offset: 0, maxBytes: 0 }));
      const parts = () => this.link.messages.slice(from).filter((message) => message.tag === tag);
      const last = (): boolean => parts().some((part) => part.type !== MessageType.PHOTO_CHUNK || decodePhotoChunk(part.body)!.last);
      if (!(await this.until(last, 20_000))) throw new Error(`S3: photo of record ${entry.seq} does not come`);
      const photo = parts().map((part) => (part.type === MessageType.PHOTO_CHUNK ? decodePhotoChunk(part.body)!.data : '')).join('');
      if (photo.length !== entry.data.get(4) || photoDigest(photo) !== digest) throw new Error(`S3: photo of record ${entry.seq} is not the one recorded (${photo.length} bytes)`);
      this.photos.set(digest, photo);
    }
  }

  /** The register keeps everything read so far, and says so. */
  async acknowledge(): Promise<void> {
    const through = this.chain.next;
    await this.apply('ack', this.authority.ack(through, through, this.chain.hash(through - 1)));
    this.recordsAcked = through;
  }

  /** The authority clears what is latched. @throws Error where an alarm stands that nothing explains */
  async clearAlarms(expected: number[]): Promise<void> {
    await this.pull();
    for (const { condition, seq } of this.chain.latched()) {
      if (!expected.includes(condition)) throw new Error(`alarm ${condition} stands (record ${seq}): ${JSON.stringify([...this.chain.entries[seq]!.data])}`);
      await this.apply('clear', this.authority.clear(condition, seq));
      // It goes home and bolts anew before it takes anything else.
      await this.wait(60);
      if (!(await this.until(() => this.link.state === 1 || this.link.state === 8, 7000))) throw new Error(`L1: not at rest after clearing ${condition}, state ${this.link.state}`);
    }
  }
}
