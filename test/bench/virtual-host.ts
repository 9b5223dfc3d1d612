/**
 * A host in the units' virtual time that does what a bridge and a register do for one unit: status every 20 s, records and
 * photos pulled at each notice, all of it acknowledged with the register's key. It checks what a register checks of a photo.
 */
import { createHmac } from 'node:crypto';
import { nodeNatives } from '../../host-bridge/natives';
import {
  decodeNotice, decodePermitState, decodePhotoChunk, decodeRecords, decodeStatus, decodeTimeNonce, encodeGrantApply, encodePermitLoad, encodePhotoGet, encodeRecordsGet,
  GrantKind, grantPayload, hmacKey, HostPeer, MessageType, RecordKind, readRecord, sealGrant, type Bytes, type Grant, type Natives, type Pads,
} from '../../protocol';
import type { Unit, World } from '../../sim';

/** Unix seconds at the world's time 0. */
export const EPOCH = 1_800_000_000;
const STATUS_MS = 20_000;
const PIECE = 65_536;

export interface HostIdentity {
  deviceId: Buffer;
  linkKey: Buffer;
  permitKey: Buffer;
  evidenceKey: Buffer;
}

export class VirtualHost {
  /** What has been done. */
  readonly counts = { records: 0, photos: 0, photoBytes: 0, statuses: 0, acks: 0, permits: 0, stamped: 0, refused: 0 };
  ready = false;
  private readonly natives: Natives;
  private readonly peer: HostPeer;
  private readonly deviceId: Bytes;
  private readonly permitPads: Pads;
  private readonly ackPads: Pads;
  private event: ReturnType<World['after']> | undefined;
  private jobs: (() => void)[] = [];
  private take: ((type: number, body: Bytes) => boolean) | undefined;
  private tag = 0;
  private next = 0;
  private hash: Bytes = '';
  private due = false;
  private stopped = false;
  private counter = 0;
  private readonly deaf: () => void;

  /** @param pulls whether it takes what the unit has, or only lets it work */
  constructor(private readonly world: World, private readonly unit: Unit, identity: HostIdentity, private readonly pulls = true) {
    const random = world.random.fork('host');
    const text = (bytes: Buffer): Bytes => bytes.toString('latin1');
    this.natives = { ...nodeNatives, random: (length) => text(random.bytes(length)) };
    this.deviceId = text(identity.deviceId);
    this.permitPads = hmacKey(this.natives, text(identity.permitKey));
    this.ackPads = hmacKey(this.natives, createHmac('sha256', identity.evidenceKey).update('smartseal/ack').digest('binary'));
    this.peer = new HostPeer({
      natives: this.natives,
      write: (bytes) => unit.port.write(Buffer.from(bytes, 'latin1')),
      keyFor: () => text(identity.linkKey),
      hostId: 1,
      frameMax: 2048,
      window: 8,
      events: {
        ready: () => {
          if (!this.ready) this.begin();
          this.ready = true;
        },
        message: (type, tag, body) => this.message(type, tag, body),
        down: () => {
          this.ready = false;
        },
      },
    });
    this.deaf = unit.port.onData((bytes) => {
      this.peer.receive(text(bytes));
      this.turn();
    });
  }

  /** Connects, sets the clock, and looks after the unit from then on. */
  start(): void {
    this.peer.connect();
    this.turn();
  }

  private begin(): void {
    this.request(MessageType.TIME_NONCE_GET, '', (_, body) => {
      const grant: Grant = { kind: GrantKind.TIME, nonce: decodeTimeNonce(body)!.nonce, time: this.unix() };
      this.request(MessageType.GRANT_APPLY, encodeGrantApply({ grant: this.sealed(this.permitPads, grant) }), () => true);
      return true;
    });
    const status = (): void => {
      if (this.stopped) return;
      this.world.after(STATUS_MS, status);
      this.request(MessageType.STATUS_GET, '', (_, body) => {
        this.counts.statuses++;
        if (decodeStatus(body)!.nextSeq > this.next) this.pull();
        return true;
      });
    };
    this.world.after(STATUS_MS, status);
  }

  /** A permit of one stroke for this person, with photos. */
  permit(person: number): void {
    const grant: Grant = {
      kind: GrantKind.PERMIT, notBefore: this.unix() - 60, notAfter: this.unix() + 3600, permit: `permit ${this.counter}`.padEnd(16, '-'), counter: ++this.counter, epoch: 0,
      die: Buffer.from(this.unit.truth.die!.rom, 'hex').toString('latin1'), count: 1, persons: [person, 1], policy: 1, document: 'D'.repeat(32), idle: 60,
    };
    this.request(MessageType.PERMIT_LOAD, encodePermitLoad({ grant: this.sealed(this.permitPads, grant) }), (type, body) => {
      if (type === MessageType.PERMIT_STATE && decodePermitState(body) !== undefined) this.counts.permits++;
      else this.counts.refused++;
      return true;
    });
  }

  /** Leaves; another host may take the cable. */
  stop(): void {
    this.deaf();
    this.stopped = true;
    if (this.event !== undefined) this.world.cancel(this.event);
  }

  private unix(): number {
    return EPOCH + Math.floor(this.world.now / 1000);
  }

  private sealed(pads: Pads, grant: Grant): Bytes {
    return sealGrant(this.natives, pads, grantPayload(this.deviceId, grant));
  }

  private message(type: number, tag: number, body: Bytes): void {
    if (tag === 0) {
      if (type === MessageType.NOTICE && decodeNotice(body)!.nextSeq > this.next) this.pull();
      return;
    }
    if (tag !== this.tag || this.take === undefined) return;
    if (!this.take(type, body)) return;
    this.take = undefined;
    this.jobs.shift()?.();
  }

  /** One request at a time. `take` is given the answers until it returns true. */
  private request(type: number, body: Bytes, take: (type: number, body: Bytes) => boolean): void {
    const ask = (): void => {
      this.take = take;
      this.tag = (this.tag % 255) + 1;
      this.peer.send(type, this.tag, body);
      this.turn();
    };
    if (this.take === undefined) ask();
    else this.jobs.push(ask);
  }

  private pull(): void {
    if (this.due || !this.pulls) return;
    this.due = true;
    this.request(MessageType.RECORDS_GET, encodeRecordsGet({ fromSeq: this.next, maxBytes: 4096 }), (type, body) => {
      this.due = false;
      const records = type === MessageType.RECORDS ? decodeRecords(body)!.records : [];
      for (const bytes of records) this.record(bytes);
      if (records.length > 0) {
        this.acknowledge();
        this.pull();
      }
      return true;
    });
  }

  private record(bytes: Bytes): void {
    const record = readRecord(bytes)!;
    this.next = record.seq + 1;
    this.hash = this.natives.sha256(bytes);
    this.counts.records++;
    if (record.kind === RecordKind.OUTCOME && record.values[3] === 1) this.counts.stamped++;
    if (record.kind === RecordKind.PHOTO) this.photo(record.values[3] as Bytes, record.values[4] as number, 0);
  }

  private photo(digest: Bytes, size: number, from: number): void {
    let at = from;
    this.request(MessageType.PHOTO_GET, encodePhotoGet({ digest, offset: from, maxBytes: PIECE }), (type, body) => {
      const chunk = type === MessageType.PHOTO_CHUNK ? decodePhotoChunk(body)! : undefined;
      if (chunk === undefined) return true;
      at += chunk.data.length;
      this.counts.photoBytes += chunk.data.length;
      if (!chunk.last) return false;
      if (at < size) this.photo(digest, size, at);
      else this.counts.photos++;
      return true;
    });
  }

  private acknowledge(): void {
    const grant: Grant = { kind: GrantKind.ACK, recordsThrough: this.next, photosThrough: this.next, hash: this.hash };
    // Asked for behind the photos of these records, so that none is freed before it has come.
    const body = encodeGrantApply({ grant: this.sealed(this.ackPads, grant) });
    this.request(MessageType.GRANT_APPLY, body, (type) => {
      if (type === MessageType.DONE) this.counts.acks++;
      return true;
    });
  }

  private turn(): void {
    if (this.event !== undefined) this.world.cancel(this.event);
    const wait = this.peer.tick(Math.floor(this.world.now));
    this.event = this.world.after(Math.max(1, wait), () => this.turn());
  }
}
