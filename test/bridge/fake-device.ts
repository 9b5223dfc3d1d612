import {
  CHUNK_BYTES, decodeGrantApply, decodePermitLoad, decodePhotoGet, decodeRecordsGet, DevicePeer, encodeDone, encodeNotice, encodePermitState, encodePhotoChunk, encodeReady, encodeRecords,
  encodeRefusal, encodeStatus, encodeTimeNonce, hmacKey, makeRecord, MessageType, RecordKind, recordData, RefusalCode, UseState, ZERO_HASH, type Bytes, type DataValue,
} from '../../protocol';
import { photoDigest, type BytePort } from '../../host-bridge/bridge';
import { bytesOfHex, hexOf, toBuffer, toBytes } from '../../host-bridge/common/bytes';
import type { Cancel, Clock } from '../../host-bridge/common/clock';
import { nodeNatives } from '../../host-bridge/natives';

/** A cable with a little delay. What is on its way when it is pulled is lost; that it is pulled is told to nobody. */
export class Cable implements BytePort {
  connected = true;
  /** Everything is swallowed, although the port looks connected. */
  dead = false;
  /** Chunks left that reach the host; then the cable goes dead. */
  deadAfter = Infinity;
  private toHost: (bytes: Buffer) => void = () => undefined;
  private toDevice: (bytes: Buffer) => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  write(bytes: Buffer): void {
    const copy = Buffer.from(bytes);
    this.clock.after(1, () => {
      if (this.connected && !this.dead) this.toDevice(copy);
    });
  }

  onData(receive: (bytes: Buffer) => void): void {
    this.toHost = receive;
  }

  /** The device's side. */
  attach(receive: (bytes: Buffer) => void): void {
    this.toDevice = receive;
  }

  fromDevice(bytes: Buffer): boolean {
    const copy = Buffer.from(bytes);
    this.clock.after(1, () => {
      if (this.deadAfter <= 0) this.dead = true;
      this.deadAfter--;
      if (this.connected && !this.dead) this.toHost(copy);
    });
    return true;
  }
}

export interface FakeOptions {
  clock: Clock;
  id: string;
  linkKey: Bytes;
  cable: Cable;
  /** Longest pause between two looks at its own work, ms; 50 unless told otherwise. */
  idleMs?: number;
}

/** A device of a few lines around protocol's own DevicePeer: keeps records and photos, does what a script says. */
export class FakeDevice {
  peer!: DevicePeer;
  boot = 0;
  records: Bytes[] = [];
  firstSeq = 0;
  readonly photos = new Map<string, Bytes>();
  readonly loaded: string[] = [];
  readonly applied: string[] = [];
  photoRequests = 0;
  time = 1_800_000_000;
  state: UseState = UseState.IDLE;
  /** Answers instead of the device where it returns true. */
  script: (type: number, tag: number, body: Bytes) => boolean = () => false;
  permitAnswer: () => number = () => 0;
  private ticker: Cancel | undefined;
  private halted = false;
  private out: [number, number, Bytes][] = [];
  readonly deviceId: Bytes;

  constructor(readonly o: FakeOptions) {
    this.deviceId = bytesOfHex(o.id) as Bytes;
    o.cable.attach((bytes) => {
      this.peer.receive(toBytes(bytes));
      this.work();
    });
    this.reboot();
  }

  /** A new start: sessions are gone, records and photos stay. */
  reboot(): void {
    this.boot++;
    this.out = [];
    const peer: DevicePeer = new DevicePeer({
      natives: nodeNatives,
      deviceId: this.deviceId,
      key: this.o.linkKey,
      boot: this.boot,
      write: (bytes) => this.o.cable.fromDevice(toBuffer(bytes)),
      frameMax: 1024,
      rxMax: 640,
      window: 4,
      events: {
        ready: () => {
          this.out = [];
          this.send(MessageType.READY, 0, encodeReady({ boot: this.boot, firstSeq: this.firstSeq, nextSeq: this.nextSeq, ackedSeq: 0, state: this.state, firmware: 'fake' }));
        },
        message: (type, tag, body) => {
          if (!this.script(type, tag, body)) this.answer(type, tag, body);
        },
        down: () => {
          this.out = [];
        },
      },
    });
    this.peer = peer;
    peer.attention();
    this.work();
  }

  /** Switched off for good. */
  halt(): void {
    this.halted = true;
    this.ticker?.();
  }

  get nextSeq(): number {
    return this.firstSeq + this.records.length;
  }

  send(type: number, tag: number, body: Bytes): void {
    this.out.push([type, tag, body]);
  }

  notice(): void {
    this.send(MessageType.NOTICE, 0, encodeNotice({ state: this.state, nextSeq: this.nextSeq, alarms: 0 }));
    this.work();
  }

  /** Appends a record, as the next of the chain unless `change` says otherwise. */
  record(kind: RecordKind, values: DataValue[], change: { seq?: number; prev?: Bytes; device?: Bytes } = {}): void {
    const last = this.records.at(-1);
    const record = makeRecord(nodeNatives, hmacKey(nodeNatives, 'e'.repeat(32)), {
      device: change.device ?? this.deviceId,
      seq: change.seq ?? this.nextSeq,
      boot: this.boot,
      uptime: 1000,
      time: this.time === 0 ? undefined : this.time,
      kind,
      data: recordData(values),
      prev: change.prev ?? (last === undefined ? ZERO_HASH : nodeNatives.sha256(last)),
    });
    this.records.push(record);
  }

  /** Takes a photo and records it. Returns its digest, hexadecimal. */
  photo(size: number, permit = 'p'.repeat(16)): string {
    let bytes = '';
    for (let i = 0; i < size; i++) bytes += String.fromCharCode((i * 31 + size) & 255);
    const digest = photoDigest(nodeNatives, bytes);
    this.photos.set(hexOf(digest), bytes);
    this.record(RecordKind.PHOTO, [permit, 0, digest, size, 1]);
    return hexOf(digest);
  }

  refuse(tag: number, code: RefusalCode): void {
    this.send(MessageType.REFUSAL, tag, encodeRefusal({ code, detail: 0 }));
  }

  private answer(type: number, tag: number, body: Bytes): void {
    switch (type) {
      case MessageType.STATUS_GET:
        return this.send(MessageType.STATUS, tag, encodeStatus({
          state: this.state, boot: this.boot, uptimeS: 1, time: this.time, timeFloor: 0, firstSeq: this.firstSeq, nextSeq: this.nextSeq, ackedSeq: 0, alarms: 0,
          batteryMv: 3900, sensors: 9, die: '', epoch: 0, journalFree: 1000, photoFree: 1000, permit: '', service: 0, ceremony: 0, latitude: 0, longitude: 0, accuracyM: 0, fixAgeS: 0, motion: 0, custody: 0, due: 0, dies: '', strokesInked: 0, inkLife: 0, photoWanted: 0,
        }));
      case MessageType.PERMIT_LOAD: {
        const code = this.permitAnswer();
        if (code !== 0) return this.refuse(tag, code);
        this.loaded.push(hexOf(decodePermitLoad(body)?.grant ?? ''));
        return this.send(MessageType.PERMIT_STATE, tag, encodePermitState({ permit: 'p'.repeat(16), count: 3, used: 0, closed: false }));
      }
      case MessageType.GRANT_APPLY:
        this.applied.push(hexOf(decodeGrantApply(body)?.grant ?? ''));
        return this.send(MessageType.DONE, tag, encodeDone({}));
      case MessageType.TIME_NONCE_GET:
        return this.send(MessageType.TIME_NONCE, tag, encodeTimeNonce({ nonce: 'n'.repeat(16) }));
      case MessageType.USE_CLOSE:
        return this.send(MessageType.DONE, tag, encodeDone({}));
      case MessageType.RECORDS_GET: {
        const from = decodeRecordsGet(body)?.fromSeq ?? 0;
        if (from < this.firstSeq) return this.refuse(tag, RefusalCode.NOT_FOUND);
        return this.send(MessageType.RECORDS, tag, encodeRecords({ fromSeq: from, records: this.records.slice(from - this.firstSeq, from - this.firstSeq + 4) }));
      }
      case MessageType.PHOTO_GET:
        return this.sendPhoto(tag, body);
      default:
        return this.refuse(tag, RefusalCode.UNKNOWN_MESSAGE);
    }
  }

  private sendPhoto(tag: number, body: Bytes): void {
    this.photoRequests++;
    const get = decodePhotoGet(body);
    const bytes = get && this.photos.get(hexOf(get.digest));
    if (get === undefined || bytes === undefined) return this.refuse(tag, RefusalCode.NOT_FOUND);
    const end = get.maxBytes === 0 ? bytes.length : Math.min(bytes.length, get.offset + get.maxBytes);
    for (let at = get.offset; at < end; at += CHUNK_BYTES) {
      const data = bytes.slice(at, Math.min(at + CHUNK_BYTES, end));
      this.send(MessageType.PHOTO_CHUNK, tag, encodePhotoChunk({ offset: at, data, last: at + data.length >= end, size: bytes.length }));
    }
  }

  private work(): void {
    this.ticker?.();
    if (this.halted) return;
    while (this.out.length > 0 && this.peer.room() > 0) {
      const [type, tag, body] = this.out.shift() as [number, number, Bytes];
      this.peer.send(String.fromCharCode(type, tag) + body);
    }
    const wait = this.peer.tick(this.o.clock.now());
    this.ticker = this.o.clock.after(Math.max(1, Math.min(wait, this.o.idleMs ?? 50)), () => this.work());
  }
}
