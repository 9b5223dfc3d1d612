/**
 * The office of one unit as a lean bridge and register: a session, the time, permits, records and photos, clearing. It does
 * in the unit's virtual time what bridge and desk do, without a database, so that millions of strokes can be had. It need
 * not be diligent: see Manner. Nothing here waits on a promise.
 */
import { nodeNatives, toBuffer, toBytes } from '../../host-bridge/natives';
import {
  decodeNotice, decodePhotoChunk, decodeReady, decodeRecords, decodeRefusal, decodeStatus, decodeTimeNonce, encodeGrantApply, encodePermitLoad, encodePhotoGet,
  encodeRecordsGet, HostPeer, MessageType, readRecord, RecordKind, RefusalCode, type Bytes, type Natives,
} from '../../protocol';
import { photoDigest, type Claims, type Fact } from '../oracle';
import type { BytePort } from '../unit/port';
import type { Event, World } from '../world/world';
import { Eye } from './eye';
import type { WorldImage } from './images';
import { verdictOn } from './inspector';
import { Jobs, type Ask } from './jobs';
import { DILIGENT, type Manner } from './manner';
import { Pusher } from './pusher';
import { Authority, type OrderTerms, type Said, type Terms, type UnitKeys } from './authority';

const STATUS_MS = 20_000;
const AGAIN_MS = 1000;
const PIECE = 65_536;
/** Statements that hang on the session, or on the moment, for which they were made. */
const PASSING: readonly string[] = ['time', 'stroke', 'reject'];
/** UseState. */
const LOOKING = 4;
const WAITING = 5;
const LOOKING_AFTER = 7;
/** Refusals that say "not now": the statement is handed over again. */
const LATER = new Set<number>([RefusalCode.BUSY, RefusalCode.LOG_FULL, RefusalCode.STORE_FULL, RefusalCode.WRONG_DIE, RefusalCode.HARDWARE]);

export class Office {
  manner: Manner = { ...DILIGENT };
  ready = false;
  /** State and alarms as told last. */
  state = 0;
  readonly authority: Authority;
  /** Permits by the order in which they were asked for, with the device's answer: undefined while there is none. */
  readonly permits: { said: Said; claims: Claims; code: number | undefined }[] = [];
  /** Every statement made, for those who would use it again. */
  readonly statements: Said[] = [];
  records = 0;
  photos = 0;
  private readonly natives: Natives;
  private readonly peer: HostPeer;
  private turnEvent: Event | undefined;
  private readonly jobs: Jobs;
  private next = 0;
  private hash: Bytes = '';
  private acked = -1;
  private photosAcked = -1;
  private told = 0;
  private wanted: { seq: number; digest: Bytes; size: number; got: Bytes }[] = [];
  private lastPhoto: { seq: number; permit: Bytes; digest: Bytes; verdict?: ReturnType<typeof verdictOn> } | undefined;
  private readonly latched = new Map<number, number>();
  private granted = -1;
  private readonly pusher: Pusher;
  private readonly eye: Eye;

  constructor(
    private readonly world: World,
    private readonly port: BytePort,
    private readonly keys: UnitKeys,
    private readonly unix: () => number,
    private readonly tell: (fact: Fact) => void,
    /** What the host's own camera sees. */
    camera: () => Buffer,
  ) {
    const random = world.random.fork('office');
    this.natives = { ...nodeNatives, random: (length) => toBytes(random.bytes(length)) };
    this.authority = new Authority(keys, unix, (statement) => tell({ what: 'said', statement }), (claims) => tell({ what: 'coded', claims }));
    this.peer = new HostPeer({
      natives: this.natives,
      write: (bytes) => port.write(toBuffer(bytes)),
      keyFor: (device) => (device === toBytes(keys.device) ? toBytes(keys.link) : undefined),
      hostId: 1,
      frameMax: 2048,
      window: 8,
      events: { ready: () => undefined, message: (type, tag, body) => this.message(type, tag, body), down: () => this.down() },
    });
    this.jobs = new Jobs(world, () => this.ready, (type, tag, body) => {
      this.peer.send(type, tag, body);
      this.turn();
    });
    const asks = (name: string): Ask => (type, body, take) => this.ready && this.jobs.add({ name, type, body, take, fleeting: true });
    this.pusher = new Pusher(world, asks('update'));
    this.eye = new Eye(world, camera, asks('picture'), () => this.manner.shows);
    port.onData((bytes) => {
      this.peer.receive(toBytes(bytes));
      this.turn();
    });
    port.onState((connected) => {
      if (connected) this.peer.connect();
      else this.peer.close();
      this.turn();
    });
    const status = (): void => {
      this.world.after(STATUS_MS, status);
      this.status();
    };
    world.after(STATUS_MS, status);
  }

  /** Nothing is under way and nothing is left to fetch. */
  get idle(): boolean {
    return this.ready && this.jobs.empty && this.next >= this.told && this.wanted.length === 0 && this.acked === this.next;
  }

  get standing(): number {
    return this.latched.size;
  }

  /** Makes a permit and hands it over, however long that takes. Its place in `permits`. */
  permit(terms: Terms): number {
    const made = this.authority.permit(terms);
    const at = this.permits.push({ said: made, claims: made.claims, code: undefined }) - 1;
    this.load(at);
    return at;
  }

  load(at: number): void {
    const permit = this.permits[at]!;
    this.statements.push(permit.said);
    this.jobs.add({
      name: `permit ${permit.claims.counter}`, type: MessageType.PERMIT_LOAD, body: () => encodePermitLoad({ grant: permit.said.bytes }),
      take: (type, body) => {
        const code = type === MessageType.REFUSAL ? decodeRefusal(body)!.code : 0;
        permit.code = code;
        this.tell({ what: 'answered', statement: permit.said.statement, code });
        if (LATER.has(code)) this.world.after(AGAIN_MS * 5, () => this.load(at));
        return true;
      },
    });
  }

  /** So many strokes more than the permit had when it was made. */
  topUp(at: number, by: number, epoch: number): void {
    const permit = this.permits[at];
    if (permit !== undefined) this.apply(this.authority.topUp(permit.claims, permit.claims.count + by, epoch));
  }

  /** Consents to an image and hands it over. */
  update(image: WorldImage): void {
    const said = this.authority.update(image.name, image.version);
    this.statements.push(said);
    this.pusher.push(said, image);
  }

  revoke(at: number): void {
    const permit = this.permits[at];
    if (permit !== undefined) this.apply(this.authority.revoke(permit.claims));
  }

  /** Orders a ceremony and hands it over, or has it handed over. */
  ceremony(terms: OrderTerms, relay: (hand: () => void) => void = (hand) => hand()): void {
    const said = this.authority.ceremony(terms);
    relay(() => this.apply(said));
  }

  raise(epoch: number): void {
    this.apply(this.authority.raise(epoch));
  }

  finish(): void {
    this.jobs.add({ name: 'finish', type: MessageType.USE_CLOSE, body: () => '', take: () => true });
  }

  /** @param late milliseconds that the answer stays under way */
  setTime(late = 0): void {
    this.jobs.add({
      name: 'nonce', fleeting: true, type: MessageType.TIME_NONCE_GET, body: () => '',
      take: (type, body) => {
        if (type !== MessageType.TIME_NONCE) return true;
        const said = this.authority.time(decodeTimeNonce(body)!.nonce, this.manner.behind);
        if (late === 0) this.apply(said, true);
        else this.world.after(late, () => this.apply(said, true));
        return true;
      },
    });
  }

  status(): void {
    if (!this.ready || this.jobs.waits('status')) return;
    this.jobs.add({
      name: 'status', fleeting: true, type: MessageType.STATUS_GET, body: () => '',
      take: (type, body) => {
        const status = type === MessageType.STATUS ? decodeStatus(body) : undefined;
        if (status !== undefined) this.news(status.state, status.nextSeq);
        if (status?.time === 0 || (this.manner.beats && status !== undefined && status.custody !== 0)) this.setTime();
        this.clear();
        return true;
      },
    });
  }

  /** A message of the host's own choosing, for a host that is up to no good. The answer is nobody's business. */
  send(type: number, body: Bytes): void {
    this.jobs.add({ name: 'whatever', fleeting: true, type, body: () => body, take: () => true });
  }

  /** Hands over a statement; again, while the device says that it is busy. */
  apply(said: Said, first = false): void {
    this.statements.push(said);
    this.jobs.add({
      name: said.statement.kind, fleeting: PASSING.includes(said.statement.kind), type: MessageType.GRANT_APPLY, body: () => encodeGrantApply({ grant: said.bytes }),
      take: (type, body) => {
        const code = type === MessageType.REFUSAL ? decodeRefusal(body)!.code : 0;
        this.tell({ what: 'answered', statement: said.statement, code });
        const { statement } = said;
        if (statement.kind === 'ack' && code === 0) {
          this.acked = Math.max(this.acked, statement.through);
          this.photosAcked = Math.max(this.photosAcked, statement.photos);
        } else if (statement.kind === 'ack') this.world.after(AGAIN_MS, () => this.acknowledge());
        else if ((statement.kind === 'revoke' || statement.kind === 'epoch') && LATER.has(code)) this.world.after(AGAIN_MS, () => this.apply(said));
        else if (statement.kind === 'time' && code !== 0) this.world.after(AGAIN_MS * 3, () => this.status());
        return true;
      },
    }, first);
  }

  /** Fetches, acknowledges and clears what there is. */
  work(): void {
    this.pull();
    this.photo();
    this.acknowledge();
    this.clear();
  }

  private message(type: number, tag: number, body: Bytes): void {
    if (type === MessageType.READY) {
      const { state, nextSeq } = decodeReady(body)!;
      this.eye.forget();
      this.jobs.lost();
      this.ready = true;
      this.tell({ what: 'session', up: true });
      this.setTime();
      this.news(state, nextSeq);
      this.pusher.begin();
      this.jobs.go();
    } else if (type === MessageType.NOTICE) {
      const { state, nextSeq } = decodeNotice(body)!;
      this.news(state, nextSeq);
    } else this.jobs.answer(type, tag, body);
  }

  private down(): void {
    if (this.ready) this.tell({ what: 'session', up: false });
    this.ready = false;
    this.jobs.down();
    const again = (): void => {
      if (this.ready || !this.port.connected) return;
      this.peer.connect();
      this.turn();
      this.world.after(AGAIN_MS * 2, again);
    };
    this.world.after(AGAIN_MS, again);
  }

  private news(state: number, nextSeq: number): void {
    this.state = state;
    this.told = Math.max(this.told, nextSeq);
    if (this.manner.pulls) this.pull();
    else if (state === WAITING) this.pull();
    if (state === LOOKING || state === LOOKING_AFTER) this.eye.look();
    this.grant();
  }

  private pull(): void {
    if (this.next >= this.told || this.jobs.has('records')) return;
    this.jobs.add({
      name: 'records', fleeting: true, type: MessageType.RECORDS_GET, body: () => encodeRecordsGet({ fromSeq: this.next, maxBytes: 4096 }),
      take: (type, body) => {
        const records = type === MessageType.RECORDS ? decodeRecords(body)!.records : [];
        for (const bytes of records) this.record(bytes);
        if (records.length > 0) this.pull();
        this.photo();
        this.acknowledge();
        this.grant();
        return true;
      },
    });
  }

  private record(bytes: Bytes): void {
    const record = readRecord(bytes);
    if (record === undefined || record.seq !== this.next) return;
    this.tell({ what: 'told', seq: record.seq, bytes: toBuffer(bytes) });
    this.next = record.seq + 1;
    this.told = Math.max(this.told, this.next);
    this.hash = nodeNatives.sha256(bytes);
    this.records++;
    const v = record.values;
    if (record.kind === RecordKind.PHOTO) {
      this.wanted.push({ seq: record.seq, digest: v[3] as Bytes, size: v[4] as number, got: '' });
      if (v[2] === 0) this.lastPhoto = { seq: record.seq, permit: v[1] as Bytes, digest: v[3] as Bytes };
    } else if (record.kind === RecordKind.ALARM) {
      this.latched.set(v[1] as number, record.seq);
      if (this.manner.clearsAfter !== undefined) this.world.after(this.manner.clearsAfter, () => this.clear());
    } else if (record.kind === RecordKind.CLEARED) {
      this.latched.delete(v[1] as number);
      if (this.latched.size > 0) this.world.after(AGAIN_MS, () => this.clear());
    }
  }

  private photo(): void {
    const photo = this.wanted[0];
    if (photo === undefined || !this.manner.pulls || this.jobs.has('photo')) return;
    this.jobs.add({
      name: 'photo', fleeting: true, type: MessageType.PHOTO_GET, body: () => encodePhotoGet({ digest: photo.digest, offset: photo.got.length, maxBytes: PIECE }),
      take: (type, body) => {
        if (type !== MessageType.PHOTO_CHUNK) {
          this.arrived(photo.seq, false);
          return true;
        }
        const chunk = decodePhotoChunk(body)!;
        if (chunk.offset === photo.got.length) photo.got += chunk.data;
        if (!chunk.last) return false;
        // The job under way is this one: its next piece may be asked for as soon as it is over.
        if (photo.got.length < photo.size) this.world.after(0, () => this.photo());
        else {
          const bytes = toBuffer(photo.got);
          const good = photoDigest(bytes) === Buffer.from(photo.digest, 'latin1').toString('hex');
          if (good && this.lastPhoto?.seq === photo.seq) this.lastPhoto.verdict = verdictOn(bytes);
          this.arrived(photo.seq, good);
        }
        return true;
      },
    });
  }

  private arrived(seq: number, good: boolean): void {
    this.tell({ what: 'photo', seq, good });
    this.photos++;
    this.wanted.shift();
    this.grant();
    // The job under way is this one: the next may be asked for as soon as it is over.
    this.world.after(0, () => {
      this.photo();
      this.acknowledge();
    });
  }

  private acknowledge(): void {
    if (!this.manner.acknowledges || this.next === 0 || this.jobs.has('ack')) return;
    const photos = this.wanted[0]?.seq ?? this.next;
    if (this.next <= this.acked && photos <= this.photosAcked) return;
    this.apply(this.authority.acknowledge(this.next, photos, this.hash));
  }

  private clear(): void {
    if (this.manner.clearsAfter === undefined || this.jobs.has('clear')) return;
    // One after the other, as whoever looks at each comes to it.
    const next = [...this.latched][0];
    if (next !== undefined) this.apply(this.authority.clear(...next));
  }

  /** Grants the stroke that waits, once its photo is here. */
  private grant(): void {
    const photo = this.lastPhoto;
    const { grantsAfter } = this.manner;
    if (this.state !== WAITING || photo === undefined || grantsAfter === undefined || photo.seq <= this.granted || this.next < this.told) return;
    if (this.manner.inspects && !this.manner.rejects) {
      if (photo.verdict === undefined) return; // it has not come yet
      if (photo.verdict !== 'same') return void (this.granted = photo.seq);
    }
    this.granted = photo.seq;
    this.world.after(grantsAfter, () => {
      const word = this.manner.rejects ? 'reject' : 'stroke';
      if (this.ready) this.apply(this.authority[word](photo.permit, photo.digest, photo.seq), true);
    });
  }

  private turn(): void {
    if (this.turnEvent !== undefined) this.world.cancel(this.turnEvent);
    const wait = this.peer.tick(Math.floor(this.world.now));
    this.turnEvent = Number.isFinite(wait) ? this.world.after(Math.max(1, wait), () => this.turn()) : undefined;
  }
}
