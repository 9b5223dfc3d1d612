/**
 * The bench office: authority, bridge and register of one simulated unit in one object, at the other end of the unit's own
 * cable, in the world's time. It exists so that a unit on a bench can be used with nothing else running; it does what a
 * bridge and a desk would do: a session, the time, permits, records and photos pulled, checked and acknowledged.
 */
import { createHash } from 'node:crypto';
import { nodeNatives, toBuffer, toBytes } from '../../host-bridge/natives';
import {
  decodeMaintained, decodeNotice, decodePeople, decodePermitState, decodeReady, decodeStatus, decodeTimeNonce, decodeUpdateState, decodeViewChunk, encodeGrantApply, encodeMaintain, encodePeopleGet, encodePermitLoad, encodePhotoPut, fenceBytes, GrantKind,
  grantPayload, hmacKey, MaintainWhat, MessageType, Policy, sealGrant, type Bytes, type DownReason, type Grant, type Maintain, type Maintained, type Natives, type Pads, type PermitState,
} from '../../protocol';
import { SimError } from '../cli/texts';
import type { BytePort } from '../unit/port';
import type { Identity, KeyBytes } from '../unit/provision';
import type { World } from '../world/world';
import { Exchange } from './exchange';
import { Codes } from './codes';
import { Intake } from './intake';
import { latchedIn, type Entry } from './journal';
import { deliver, type TrainingImage } from './maker';
import { ALARM_NAMES } from './names';
import { Register } from './register';
import type { CeremonyTerms, Known, PermitTerms } from './terms';

export { Refused } from './exchange';

export interface OfficeOptions {
  world: World;
  port: BytePort;
  identity: Identity;
  /** Unix seconds at the world's time 0. */
  epoch: number;
  /** Hears each message as it was before sealing or after opening. */
  onMessage?: (toDevice: boolean, type: number, tag: number, body: Bytes) => void;
  /** Looks at a photo that came whole, before a stroke is granted on it; rejects: no grant. @param permit its permit, hexadecimal */
  beforeGrant?: (permit: string, photo: Buffer | undefined) => Promise<void>;
  /** A permit was made whose pages are to be compared with this document. */
  compared?: (permit: string, document: Buffer) => void;
  /** A record has been taken into the register. */
  onRecord?: (entry: Entry) => void;
  onSession?: (up: boolean, reason: DownReason | 0) => void;
  /** A photo that a break of the link had cut short goes on, at that byte. */
  onResumed?: (offset: number, size: number) => void;
  /** Something the unit gave is not what it should be. */
  onEvidenceError?: (error: Error) => void;
}

/** Milliseconds between two tellings of the time to a unit that was taken out or put away. */
const BEAT_MS = 300_000;
/** Of a photo to the unit. */
const PUT_PIECE = 512;
/** A bit of the policy that means nothing yet. */
const UNKNOWN_POLICY = 128;
/** Between two looks at what maintenance is at, virtual ms. */
const LOOK_MS = 200;

export class Office {
  /** State and alarms as the unit told last. */
  state = 0;
  /** The permit or the ceremony made last, as the office keeps it. */
  last: { kind: GrantKind.PERMIT | GrantKind.CEREMONY; id: Bytes; counter: number; grant: Bytes } | undefined;
  /** What it takes in, and acknowledges. */
  readonly intake: Intake;
  /** What the unit's camera showed last, on being asked. */
  viewed: Buffer | undefined;
  /** Whom each permit of this office names, by its id (hexadecimal). */
  readonly persons = new Map<string, number[]>();
  /** What it says by phone. */
  readonly codes: Codes;
  private readonly o: OfficeOptions;
  private readonly natives: Natives;
  private readonly deviceId: Bytes;
  private readonly permitPads: Pads;
  private readonly ackPads: Pads;
  private readonly line: Exchange;
  private counter = 0;
  private beats = false;
  private clock: Promise<void> = Promise.resolve();

  constructor(options: OfficeOptions) {
    this.o = options;
    const { world, port, identity } = options;
    const random = world.random.fork('office');
    this.natives = { ...nodeNatives, random: (length) => toBytes(random.bytes(length)) };
    this.deviceId = bytesOf(identity.deviceId);
    this.permitPads = hmacKey(this.natives, bytesOf(identity.permitKey));
    this.codes = new Codes(this.deviceId, this.permitPads);
    this.ackPads = hmacKey(this.natives, Register.ackKey(bytesOf(identity.evidenceKey)));
    this.line = new Exchange({
      world, port, natives: this.natives, deviceId: this.deviceId, linkKey: bytesOf(identity.linkKey), onMessage: options.onMessage,
      onReady: (body) => this.begin(body),
      onNotice: (body) => this.noticed(body),
      onDown: (reason) => this.o.onSession?.(false, reason),
    });
    this.intake = new Intake({
      world, line: this.line,
      acknowledge: (recordsThrough, photosThrough, hash) => this.apply({ kind: GrantKind.ACK, recordsThrough, photosThrough, hash }, this.ackPads),
      onRecord: (entry) => this.heard(entry),
      onResumed: options.onResumed,
      onEvidenceError: options.onEvidenceError,
    });
    const beat = (): void => {
      world.after(BEAT_MS, beat);
      if (this.beats && this.ready) this.clockTo(0).catch(() => undefined);
    };
    world.after(BEAT_MS, beat);
  }

  /** The session is up. */
  get ready(): boolean {
    return this.line.ready;
  }

  /** The authority's clock, Unix seconds. */
  get time(): number {
    return this.o.epoch + Math.floor(this.o.world.now / 1000);
  }

  /** Of this unit; undefined before the first session. */
  get register(): Register | undefined {
    return this.intake.register;
  }

  /** Everything the unit has recorded is in the register, photos included, and the unit has been told so. */
  get complete(): boolean {
    return this.ready && this.intake.complete;
  }

  /** Grants a permit and hands it over. @throws Refused, SimError NO_SESSION */
  async permit(terms: PermitTerms): Promise<PermitState> {
    const id = this.next('permit');
    const photos = terms.photos || terms.strokeGrants || terms.still === true || terms.small === true || terms.host === true;
    const bits: [boolean | undefined, number][] = [[photos, Policy.PHOTOS], [terms.strokeGrants, Policy.STROKE_GRANT], [terms.dock, Policy.DOCK], [terms.still, Policy.STILL], [terms.small, Policy.SMALL], [terms.host, Policy.HOST_CAMERA], [terms.crossPage, Policy.CROSS_PAGE]];
    const policy = bits.reduce((sum, [set, bit]) => (set === true ? sum | bit : sum), terms.newer === true ? UNKNOWN_POLICY : 0);
    const grant = this.seal({
      kind: GrantKind.PERMIT, notBefore: this.time + terms.from, notAfter: this.time + terms.from + terms.lasts, permit: id, counter: this.counter, epoch: 0,
      die: Buffer.from(terms.die, 'hex').toString('latin1'), count: terms.count, persons: terms.persons.flatMap((person, i) => [person, terms.means[i] ?? 1]), policy,
      document: createHash('sha256').update(terms.document).digest('binary'), idle: terms.idle,
      ...(terms.fences === undefined || terms.fences.length === 0 ? {} : { fences: fenceBytes(terms.fences) }),
      ...(terms.fix === undefined ? {} : { maxAge: terms.fix.age, maxAccuracy: terms.fix.accuracy }),
    }, this.permitPads, terms.device === undefined ? this.deviceId : Buffer.from(terms.device, 'hex').toString('latin1'));
    this.last = { kind: GrantKind.PERMIT, id, counter: this.counter, grant };
    const name = toBuffer(id).toString('hex');
    this.persons.set(name, terms.persons);
    if (terms.compare === true) this.o.compared?.(name, Buffer.from(terms.document));
    return this.load(grant);
  }

  /** Orders a ceremony, an hour from now at the latest. @throws Refused, SimError NO_SESSION */
  async ceremony(terms: CeremonyTerms): Promise<void> {
    await this.session();
    const id = this.next('ceremony');
    const { action, persons, subject, die, ends, tune, fences, silence } = terms;
    const grant: Grant = { kind: GrantKind.CEREMONY, action, permit: id, counter: this.counter, epoch: 0, notBefore: this.time - 60, notAfter: this.time + 3600 };
    if (persons.length > 0) grant.persons = persons;
    if (subject !== undefined) grant.subject = subject;
    if (die !== undefined) grant.die = Buffer.from(die, 'hex').toString('latin1');
    if (tune !== undefined) Object.assign(grant, tune);
    if (ends !== undefined) grant.until = this.time + ends;
    if (fences.length > 0) grant.fences = fenceBytes(fences);
    if (silence !== undefined) grant.silence = silence;
    this.last = { kind: GrantKind.CEREMONY, id, counter: this.counter, grant: this.seal(grant) };
    await this.apply(grant);
  }

  /** Whom the unit knows. @throws SimError NO_SESSION */
  async known(): Promise<Known[]> {
    await this.session();
    const found: Known[] = [];
    for (let more = true; more; ) {
      const page = decodePeople(await this.line.ask(MessageType.PEOPLE_GET, encodePeopleGet({ after: found.at(-1)?.person ?? 0 })))!;
      for (const one of page.people) {
        const b = toBuffer(one);
        found.push({ person: b.readUInt32LE(0), until: b.readUInt32LE(4), fingers: b[8]!, passcode: (b[9]! & 1) !== 0, locked: (b[9]! & 2) !== 0 });
      }
      more = page.more && page.people.length > 0;
    }
    return found;
  }

  /** Has something done in maintenance, and waits until it is over. @throws Refused, SimError NO_SESSION */
  async maintain(order: Maintain): Promise<Maintained> {
    await this.session();
    let told = await this.maintained(order);
    while (told.busy !== 0) {
      await new Promise<void>((resolve) => void this.o.world.after(LOOK_MS, () => (resolve(), this.o.world.touch())));
      told = await this.maintained({ what: MaintainWhat.SENSORS, part: 0, ms: 0 });
    }
    return told;
  }

  private async maintained(order: Maintain): Promise<Maintained> {
    return decodeMaintained(await this.line.ask(MessageType.MAINTAIN, encodeMaintain(order)))!;
  }

  /** Version of the firmware that runs; 0: the unit takes no updates. @throws SimError NO_SESSION */
  async running(): Promise<number> {
    await this.session();
    return decodeUpdateState(await this.line.ask(MessageType.UPDATE_GET, ''))!.running;
  }

  /** Consents to an image and hands it over, until the unit restarts into it. @throws Refused, SimError NO_SESSION, UPDATE_FAILED */
  async update(image: TrainingImage): Promise<void> {
    await this.session();
    await deliver(this.line, this.o.world, this.seal({ kind: GrantKind.UPDATE, image: image.name, version: image.version }), image);
  }

  /** An id, and with it the next counter: permits and ceremonies are numbered in one series. */
  private next(what: string): Bytes {
    // Grows over the life of a unit whose flash is kept, as a register's own counter would.
    this.counter = Math.max(this.counter + 1, this.time);
    return toBytes(createHash('sha256').update(`${what} ${this.counter}`).digest()).substr(0, 16);
  }

  /** Hands over once more what was made last, as a relay that keeps it would, or that has changed a bit of it. The permit's state; undefined: it was a ceremony. */
  async replay(forged: boolean): Promise<PermitState | undefined> {
    if (this.last === undefined) throw new SimError('NO_PERMIT');
    const { kind } = this.last;
    const at = this.last.grant.length >> 1;
    const grant = forged ? this.last.grant.slice(0, at) + String.fromCharCode(this.last.grant.charCodeAt(at) ^ 1) + this.last.grant.slice(at + 1) : this.last.grant;
    if (kind === GrantKind.PERMIT) return this.load(grant);
    await this.session();
    await this.line.ask(MessageType.GRANT_APPLY, encodeGrantApply({ grant }));
    return undefined;
  }

  private async load(grant: Bytes): Promise<PermitState> {
    await this.session();
    return decodePermitState(await this.line.ask(MessageType.PERMIT_LOAD, encodePermitLoad({ grant })))!;
  }

  /**
   * Allows the stroke that waits for it, or rejects its page; bound to the photo taken last, the number of whose record it gives.
   * @param told the number as somebody has read it off the display; undefined: none stood there @throws SimError WRONG_NUMBER, NO_PHOTO, PAGE_DIFFERS, PAGE_UNREADABLE, PAGE_OPEN, NOT_COMPARED, Refused
   */
  async grantStroke(told: number | undefined, kind: GrantKind.STROKE | GrantKind.REJECT = GrantKind.STROKE): Promise<number> {
    await this.pulled();
    const photo = this.register?.entries.findLast((entry) => entry.kind === 'photo' && entry.fields['which'] === 'before');
    if (photo === undefined) throw new SimError('NO_PHOTO');
    if (told !== undefined && told !== photo.seq) throw new SimError('WRONG_NUMBER', `${told}`);
    const hex = (name: string): Bytes => Buffer.from(String(photo.fields[name]), 'hex').toString('latin1');
    if (kind === GrantKind.STROKE) await this.o.beforeGrant?.(String(photo.fields['permit']), this.register?.photos.get(String(photo.fields['digest'])));
    await this.apply({ kind, permit: hex('permit'), photo: hex('digest'), seq: photo.seq });
    return photo.seq;
  }

  /** The permit made last has so many strokes from now on, in all. @throws Refused, SimError NO_SESSION, NO_PERMIT */
  async topUp(count: number): Promise<void> {
    if (this.last === undefined) throw new SimError('NO_PERMIT');
    const { id } = this.last;
    this.counter++;
    await this.apply({ kind: GrantKind.TOP_UP, permit: id, counter: this.counter, epoch: 0, count });
  }

  /** Hands over a photo of the office's own camera. @throws Refused, SimError NO_SESSION */
  async photo(jpeg: Buffer): Promise<void> {
    await this.session();
    for (let offset = 0; offset < jpeg.length; offset += PUT_PIECE) {
      const data = toBytes(jpeg.subarray(offset, offset + PUT_PIECE));
      await this.line.ask(MessageType.PHOTO_PUT, encodePhotoPut({ offset, data, last: offset + PUT_PIECE >= jpeg.length }));
    }
  }

  /** What the unit's camera sees now, JPEG. @throws Refused, SimError NO_SESSION */
  async view(): Promise<Buffer> {
    await this.session();
    let jpeg = '';
    await this.line.stream(MessageType.VIEW_GET, '', (answer) => {
      const piece = decodeViewChunk(answer);
      jpeg += piece?.data ?? '';
      return piece === undefined || piece.last;
    });
    return (this.viewed = toBuffer(jpeg));
  }

  /** Clears every alarm that stands; gives their names. */
  async clear(): Promise<string[]> {
    await this.pulled();
    const standing = latchedIn(this.register?.entries ?? []);
    for (const { condition, seq } of standing) await this.apply({ kind: GrantKind.CLEAR, condition: ALARM_NAMES.indexOf(condition), seq });
    return standing.map(({ condition }) => condition);
  }

  /** Takes back the permit made last. */
  async revoke(): Promise<void> {
    if (this.last === undefined) throw new SimError('NO_PERMIT');
    await this.session();
    await this.apply({ kind: GrantKind.REVOKE, permit: this.last.id, counter: this.last.counter });
  }

  /** Ends the use that is open. */
  async finish(): Promise<void> {
    await this.session();
    await this.line.ask(MessageType.USE_CLOSE, '');
  }

  /** Sets the unit's clock, so many seconds off. */
  async setTime(offset = 0): Promise<void> {
    await this.session();
    await this.clockTo(offset);
  }

  private async clockTo(offset: number): Promise<void> {
    const { nonce } = decodeTimeNonce(await this.line.ask(MessageType.TIME_NONCE_GET, ''))!;
    await this.apply({ kind: GrantKind.TIME, nonce, time: this.time + offset });
  }

  /** Fetches what is new, and waits for it. */
  async pulled(): Promise<void> {
    await this.session();
    const status = decodeStatus(await this.line.ask(MessageType.STATUS_GET, ''))!;
    this.state = status.state;
    await this.intake.pull(status.nextSeq);
  }

  /** Waits until the session is up and the unit has the time. @throws SimError NO_SESSION */
  private async session(): Promise<void> {
    await this.line.session();
    await this.clock;
  }

  private async apply(grant: Grant, pads = this.permitPads): Promise<void> {
    await this.line.ask(MessageType.GRANT_APPLY, encodeGrantApply({ grant: this.seal(grant, pads) }));
  }

  private seal(grant: Grant, pads = this.permitPads, device = this.deviceId): Bytes {
    return sealGrant(this.natives, pads, grantPayload(device, grant));
  }

  private begin(body: Bytes): void {
    const { state, nextSeq, firstSeq } = decodeReady(body)!;
    const { identity } = this.o;
    this.state = state;
    this.intake.begin(nextSeq, () => new Register(this.natives, this.deviceId, bytesOf(identity.evidenceKey), firstSeq));
    this.o.onSession?.(true, 0);
    // A unit that refuses the time goes on without: its refusals say so where it matters.
    this.clock = this.clockTo(0).catch(() => undefined);
    this.intake.pull(nextSeq).catch(() => undefined);
  }

  private noticed(body: Bytes): void {
    const { state, nextSeq } = decodeNotice(body)!;
    this.state = state;
    if (this.register !== undefined && nextSeq > this.register.next) this.intake.pull(nextSeq).catch(() => undefined);
  }

  private heard(entry: Entry): void {
    this.codes.hear(entry);
    // Whoever lets a unit out, or puts it away, tells it the time again and again.
    if (entry.kind === 'ceremony' && ['take-out', 'return'].includes(String(entry.fields['action']))) this.beats = true;
    this.o.onRecord?.(entry);
  }
}

function bytesOf(key: KeyBytes): Bytes {
  return typeof key === 'string' ? key : key.toString('latin1');
}
