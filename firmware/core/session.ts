/** One link to a host: its peer, what waits to be sent on it, and a photo or a view that streams. */
import { DevicePeer } from '../../protocol/device-peer';
import type { Ready } from '../../protocol/generated/codec';
import { encodeNotice, encodePhotoChunk, encodeReady, encodeRefusal, encodeViewChunk, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { LinkPort } from '../board/board';
import type { Device } from './device';
import { useState } from './use';

/** Version of the bundle, as in Ready and the BOOT record. */
export const FIRMWARE = '0.1.0';
/** Largest sealed message taken from a host, bytes. */
export const RX_MAX = 640;
/** Answers that may wait; a host that asks faster gets none. */
const QUEUE = 8;
/** Milliseconds after a change before the host is told: what comes together is told together. */
const GATHER = 30;
/** Frames under way; large ones wait in memory until they are acknowledged, and two keep a line busy. */
const WINDOW_LARGE = 2;
const WINDOW_SMALL = 8;
/** Bytes of a PhotoChunk besides its data, at most. */
const CHUNK_HEAD = 20;

/** Carries out one message of an authenticated host (firmware/commands). */
export type Handle = (d: Device, s: Session, type: number, tag: number, body: Bytes) => void;

export class Session {
  peer: DevicePeer;
  /** When something last came from there, uptime. */
  heard: number;
  private d: Device;
  private out: Bytes[];
  /** Something changed since the last Notice. */
  private news: boolean;
  private digest: Bytes;
  /** A view streams, or is awaited: then `end` is 0. */
  /** A view is awaited, or streams. */
  view: boolean;
  private at: number;
  private end: number;
  private tag: number;
  private wake: number;

  constructor(d: Device, port: LinkPort) {
    this.d = d;
    this.out = [];
    this.news = false;
    this.digest = '';
    this.view = false;
    this.at = 0;
    this.end = 0;
    this.tag = 0;
    this.wake = -1;
    this.heard = 0;
    this.peer = new DevicePeer({
      natives: d.natives,
      deviceId: d.identity.deviceId,
      key: d.identity.linkKey,
      // The port counts too: with a dead generator two ports must not come to the same nonce.
      boot: d.state.boot + d.sessions.length * 16777216,
      write: (bytes) => port.write(bytes),
      frameMax: port.frameMax,
      rxMax: RX_MAX,
      window: port.frameMax > 512 ? WINDOW_LARGE : WINDOW_SMALL,
      events: {
        ready: () => this.begin(),
        message: (type, tag, body) => this.d.handle(this.d, this, type, tag, body),
        down: () => this.clear(),
      },
    });
    port.onBytes((bytes) => {
      this.heard = d.uptime();
      this.peer.receive(bytes);
      this.pump();
    });
    this.peer.attention();
  }

  /** Queues an answer. */
  answer(type: number, tag: number, body: Bytes): void {
    if (this.out.length < QUEUE) this.out.push(String.fromCharCode(type, tag) + body);
  }

  /** Streams a part of a photo that is there; one that streams already is given up. */
  stream(tag: number, digest: Bytes, from: number, to: number): void {
    this.tag = tag;
    this.digest = digest;
    this.view = false;
    this.at = from;
    this.end = to;
  }

  /** A view was asked for: seen() tells what became of it. */
  look(tag: number): void {
    this.stream(tag, '', 0, 0);
    this.view = true;
  }

  /** The camera holds the view that is awaited, or (size 0) there is none, for this reason. */
  seen(size: number, code: number): void {
    if (!this.view) return;
    this.end = size;
    if (size === 0) {
      this.view = false;
      this.answer(MessageType.REFUSAL, this.tag, encodeRefusal({ code: code, detail: 0 }));
    }
    this.pump();
  }

  /** Tells the host before long that something changed. */
  notice(): void {
    if (this.news || !this.peer.live()) return;
    this.news = true;
    this.later(GATHER);
  }

  /** Sends what the window takes, and sees to it that it is called again in time. */
  pump(): void {
    const peer = this.peer;
    while (peer.room() > 0) {
      // No variable holds a message here: of 2 KB, each copy is a seventieth of all memory.
      if (this.out.length > 0) peer.send(this.out.shift() as Bytes);
      else if (this.news) {
        this.news = false;
        const d = this.d;
        const n = { state: useState(d.use), nextSeq: d.log.journal.next, alarms: d.use.alarms >>> 0 };
        peer.send(String.fromCharCode(MessageType.NOTICE, 0) + encodeNotice(n));
      } else if (this.digest !== '' || (this.view && this.end > 0)) peer.send(this.chunk());
      else break;
    }
    this.later(peer.tick(this.d.uptime()));
  }

  private begin(): void {
    const d = this.d;
    const j = d.log.journal;
    const m: Ready = {
      boot: d.state.boot,
      firstSeq: j.first,
      nextSeq: j.next,
      ackedSeq: d.state.acked,
      state: useState(d.use),
      firmware: FIRMWARE,
    };
    this.clear();
    this.peer.send(String.fromCharCode(MessageType.READY, 0) + encodeReady(m));
    d.update.passed();
  }

  private clear(): void {
    this.out = [];
    this.news = false;
    this.digest = '';
    this.view = false;
  }

  /** The next piece of what streams, as a message. */
  private chunk(): Bytes {
    const view = this.view;
    const photos = this.d.photos;
    const fits = this.peer.fits() - CHUNK_HEAD;
    const size = view ? this.end : photos.find(this.digest);
    if (this.end > size) this.end = size;
    // A frame's fill where frames are large; a few frames at a time where they are small.
    const most = fits < 480 ? 900 : fits & -4;
    const length = this.end - this.at < most ? this.end - this.at : most;
    // Freed under way (acknowledged by somebody else): the stream ends short, and its size says so.
    const data = length <= 0 ? '' : view ? this.d.parts.camera.read(length) : photos.read(this.at, length);
    if (view && data === '') {
      this.view = false;
      return String.fromCharCode(MessageType.REFUSAL, this.tag) + encodeRefusal({ code: RefusalCode.HARDWARE, detail: 0 });
    }
    const m = { offset: this.at, data: data, last: this.at + data.length >= this.end, size: size };
    this.at += data.length;
    if (m.last) {
      this.digest = '';
      this.view = false;
    }
    return String.fromCharCode(view ? MessageType.VIEW_CHUNK : MessageType.PHOTO_CHUNK, this.tag) + (view ? encodeViewChunk(m) : encodePhotoChunk(m));
  }

  private later(ms: number): void {
    const board = this.d.board;
    if (this.wake >= 0) board.cancel(this.wake);
    this.wake = board.after(ms < 1 ? 1 : ms, () => {
      this.wake = -1;
      this.pump();
    });
  }
}
