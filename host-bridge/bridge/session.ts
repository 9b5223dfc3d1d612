/**
 * A conversation with one authenticated device: typed requests, one under way at a time, each with a deadline. It ends
 * with the link below it; whatever waits then fails with DEVICE_OFFLINE and may be asked again in the next session.
 */
import {
  decodeDone, decodeMaintained, decodeNotice, decodePeople, decodePermitState, decodePhotoChunk, decodeReady, decodeRecords, decodeRefusal, decodeStatus, decodeTimeNonce, decodeUpdateState, decodeViewChunk,
  encodeGrantApply, encodeMaintain, encodePeopleGet, encodePermitGet, encodePermitLoad, encodePhotoGet, encodePhotoPut, encodeRecordsGet, encodeStatusGet, encodeTimeNonceGet, encodeUpdateBegin, encodeUpdateChunk,
  encodeUpdateFinish, encodeUpdateGet, encodeUseClose, encodeViewGet,
  MessageType, type Bytes, type Maintain, type Maintained, type Notice, type People, type PermitState, type PhotoChunk, type Ready, type Records, type Status, type UpdateState,
} from '../../protocol';
import { hexOf, toBuffer, toBytes } from '../common/bytes';
import type { Cancel, Clock } from '../common/clock';
import { Problem } from '../common/errors';
import { refusalName } from '../common/refusals';
import { BRIDGE } from './faults';

/** The device did not carry it out; nothing has changed on it. */
export class Refused extends Problem {
  /** RefusalCode. */
  readonly refusal: number;
  /** Its name. */
  readonly why: string;

  constructor(refusal: number, detail: number) {
    const why = refusalName(refusal);
    super(BRIDGE.DEVICE_REFUSED, { detail: why, extra: { refusal: why, refusalDetail: detail } });
    this.refusal = refusal;
    this.why = why;
  }
}

/** Milliseconds a device may take to answer, and between two pieces of a streamed answer. */
export const ANSWER_WITHIN = 15_000;
/** Bytes of the largest view (SPEC.md, "Messages"). */
const VIEW_MAX = 32_768;
/** Bytes of a piece of a photo to a device. */
const PUT_PIECE = 512;
/** Requests that may wait in a session. */
const WAITING_LIMIT = 64;

export interface SessionOptions {
  deviceId: Bytes;
  /** The port it came in by. */
  port: string;
  clock: Clock;
  /** Hands a message to the link; false when it cannot take it. */
  send(type: number, tag: number, body: Bytes): boolean;
  /** The device is unsound beyond an answer: the link should be given up. */
  broken(why: Problem): void;
}

interface Pending {
  tag: number;
  /** Takes an answer; true when it was the last one. Throws what the request fails with. */
  take(type: number, body: Bytes): boolean;
  done(): void;
  fail(error: unknown): void;
  cancel: Cancel;
}

export class Session {
  /** Lower-case hexadecimal. */
  readonly device: string;
  readonly port: string;
  /** The device's first message; undefined until it has come. */
  ready: Ready | undefined;
  /** Newest status answered, and notice received. */
  status: Status | undefined;
  notice: Notice | undefined;
  onReady: () => void = () => undefined;
  onNotice: (notice: Notice) => void = () => undefined;
  onEnd: () => void = () => undefined;
  /** Why it ended. */
  ended: Problem | undefined;
  /** When the device was heard last, in the clock's milliseconds. */
  heardAt: number;
  private readonly o: SessionOptions;
  private pending: Pending | undefined;
  private waiting: (() => void)[] = [];
  private busy = false;
  private tag = 0;

  constructor(options: SessionOptions) {
    this.o = options;
    this.device = hexOf(options.deviceId);
    this.port = options.port;
    this.heardAt = options.clock.now();
  }

  statusGet(): Promise<Status> {
    return this.one(MessageType.STATUS_GET, encodeStatusGet(), MessageType.STATUS, decodeStatus, (status) => {
      this.status = status;
    });
  }

  permitLoad(grant: Buffer): Promise<PermitState> {
    return this.one(MessageType.PERMIT_LOAD, encodePermitLoad({ grant: toBytes(grant) }), MessageType.PERMIT_STATE, decodePermitState);
  }

  permitGet(permit: Bytes): Promise<PermitState> {
    return this.one(MessageType.PERMIT_GET, encodePermitGet({ permit }), MessageType.PERMIT_STATE, decodePermitState);
  }

  async grantApply(grant: Buffer): Promise<void> {
    await this.one(MessageType.GRANT_APPLY, encodeGrantApply({ grant: toBytes(grant) }), MessageType.DONE, decodeDone);
  }

  /** A nonce of 16 bytes for a time grant; an earlier one is void from then on. */
  async timeNonceGet(): Promise<Buffer> {
    const { nonce } = await this.one(MessageType.TIME_NONCE_GET, encodeTimeNonceGet(), MessageType.TIME_NONCE, decodeTimeNonce);
    return toBuffer(nonce);
  }

  /** Whom the device knows, from the first number above `after` on. */
  peopleGet(after: number): Promise<People> {
    return this.one(MessageType.PEOPLE_GET, encodePeopleGet({ after }), MessageType.PEOPLE, decodePeople);
  }

  recordsGet(fromSeq: number, maxBytes: number): Promise<Records> {
    return this.one(MessageType.RECORDS_GET, encodeRecordsGet({ fromSeq, maxBytes }), MessageType.RECORDS, decodeRecords);
  }

  async useClose(): Promise<void> {
    await this.one(MessageType.USE_CLOSE, encodeUseClose(), MessageType.DONE, decodeDone);
  }

  /** Begins something of maintenance, or only looks: what it came to is told by a later look. */
  maintain(order: Maintain): Promise<Maintained> {
    return this.one(MessageType.MAINTAIN, encodeMaintain(order), MessageType.MAINTAINED, decodeMaintained);
  }

  /** @param size of the image, with its signature */
  updateBegin(grant: Buffer, size: number): Promise<UpdateState> {
    return this.one(MessageType.UPDATE_BEGIN, encodeUpdateBegin({ grant: toBytes(grant), size }), MessageType.UPDATE_STATE, decodeUpdateState);
  }

  updateGet(): Promise<UpdateState> {
    return this.one(MessageType.UPDATE_GET, encodeUpdateGet(), MessageType.UPDATE_STATE, decodeUpdateState);
  }

  updateChunk(offset: number, data: Buffer): Promise<UpdateState> {
    return this.one(MessageType.UPDATE_CHUNK, encodeUpdateChunk({ offset, data: toBytes(data) }), MessageType.UPDATE_STATE, decodeUpdateState);
  }

  updateFinish(): Promise<UpdateState> {
    return this.one(MessageType.UPDATE_FINISH, encodeUpdateFinish(), MessageType.UPDATE_STATE, decodeUpdateState);
  }

  /**
   * Streams part of a photo. `chunk` gets the pieces in order, without gap from `offset` on; what it throws ends the
   * request. @param maxBytes of this answer, 0: to the end
   */
  photoGet(digest: Bytes, offset: number, maxBytes: number, chunk: (chunk: PhotoChunk) => void): Promise<void> {
    let at = offset;
    return this.exchange(MessageType.PHOTO_GET, encodePhotoGet({ digest, offset, maxBytes }), (type, body) => {
      const piece = type === MessageType.PHOTO_CHUNK ? decodePhotoChunk(body) : undefined;
      const inside = piece !== undefined && piece.offset === at && at + piece.data.length <= piece.size;
      if (piece === undefined || !inside || (piece.data.length === 0 && !piece.last)) throw this.protocolFault('photo');
      at += piece.data.length;
      chunk(piece);
      return piece.last;
    });
  }

  /** Hands over a photo of a camera of our own, where the device waits for one (Status, photo_wanted). */
  async photoPut(jpeg: Buffer): Promise<void> {
    for (let offset = 0; offset < jpeg.length; offset += PUT_PIECE) {
      const data = toBytes(jpeg.subarray(offset, offset + PUT_PIECE));
      const last = offset + PUT_PIECE >= jpeg.length;
      await this.one(MessageType.PHOTO_PUT, encodePhotoPut({ offset, data, last }), MessageType.DONE, decodeDone);
    }
  }

  /** A small picture of what the camera sees now, JPEG. */
  async viewGet(): Promise<Buffer> {
    let jpeg = '';
    await this.exchange(MessageType.VIEW_GET, encodeViewGet(), (type, body) => {
      const piece = type === MessageType.VIEW_CHUNK ? decodeViewChunk(body) : undefined;
      const inside = piece !== undefined && piece.size <= VIEW_MAX && piece.offset === jpeg.length && jpeg.length + piece.data.length <= piece.size;
      if (piece === undefined || !inside || piece.data.length === 0 || piece.last !== (jpeg.length + piece.data.length === piece.size)) throw this.protocolFault('view');
      jpeg += piece.data;
      return piece.last;
    });
    if (!jpeg.startsWith('\xff\xd8')) throw this.protocolFault('view');
    return toBuffer(jpeg);
  }

  /** From the link: a message of the device. */
  receive(type: number, tag: number, body: Bytes): void {
    if (this.ended !== undefined) return;
    this.heardAt = this.o.clock.now();
    if (this.ready === undefined) {
      const ready = type === MessageType.READY ? decodeReady(body) : undefined;
      if (ready === undefined) return this.o.broken(this.protocolFault('READY'));
      this.ready = ready;
      return this.onReady();
    }
    if (tag === 0) {
      const notice = type === MessageType.NOTICE ? decodeNotice(body) : undefined;
      if (notice === undefined) return; // a later version's news
      this.notice = notice;
      return this.onNotice(notice);
    }
    const pending = this.pending;
    if (pending === undefined || pending.tag !== tag) return; // the answer to a request given up
    try {
      if (type === MessageType.REFUSAL) {
        const refusal = decodeRefusal(body);
        throw refusal === undefined ? this.protocolFault('REFUSAL') : new Refused(refusal.code, refusal.detail);
      }
      if (pending.take(type, body)) pending.done();
    } catch (error) {
      pending.fail(error);
    }
  }

  /** Gives the link up, for instance because the device is elsewhere by now. */
  abandon(why: Problem): void {
    if (this.ended === undefined) this.o.broken(why);
  }

  /** From the link: it is over. */
  end(why: Problem): void {
    if (this.ended !== undefined) return;
    this.ended = why;
    this.pending?.fail(this.offline());
    for (const start of this.waiting.splice(0)) start();
    this.onEnd();
  }

  private offline(): Problem {
    return new Problem(BRIDGE.DEVICE_OFFLINE, { detail: this.device, retryAfter: 5 });
  }

  private protocolFault(what: string): Problem {
    return new Problem(BRIDGE.DEVICE_PROTOCOL, `${this.device}: ${what}`);
  }

  private async one<T>(type: MessageType, body: Bytes, answer: MessageType, decode: (body: Bytes) => T | undefined, seen?: (value: T) => void): Promise<T> {
    let value: T | undefined;
    await this.exchange(type, body, (got, answerBody) => {
      value = got === answer ? decode(answerBody) : undefined;
      if (value === undefined) throw this.protocolFault(`answer ${got} to ${type}`);
      seen?.(value);
      return true;
    });
    return value as T;
  }

  /** One request: waits its turn, sends, and feeds the answers to `take` until it says that was the last. */
  private async exchange(type: MessageType, body: Bytes, take: (type: number, body: Bytes) => boolean): Promise<void> {
    if (this.busy) {
      if (this.waiting.length >= WAITING_LIMIT) throw new Problem(BRIDGE.QUEUE_FULL, { retryAfter: 5 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.ended !== undefined) throw this.offline();
    this.busy = true;
    try {
      await this.ask(type, body, take);
    } finally {
      this.pending = undefined;
      this.busy = false;
      const start = this.waiting.shift();
      if (start !== undefined) {
        this.busy = true; // the place is taken before anybody else can ask
        start();
      }
    }
  }

  private ask(type: MessageType, body: Bytes, take: (type: number, body: Bytes) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.tag = (this.tag % 255) + 1;
      const late = (): void => {
        const why = new Problem(BRIDGE.DEVICE_SILENT, { detail: this.device, retryAfter: 5 });
        pending.fail(why);
        this.o.broken(why);
      };
      const pending: Pending = {
        tag: this.tag,
        take: (got, answer) => {
          pending.cancel();
          const last = take(got, answer);
          if (!last) pending.cancel = this.o.clock.after(ANSWER_WITHIN, late);
          return last;
        },
        done: () => resolve(),
        fail: (error) => {
          pending.cancel();
          this.pending = undefined;
          reject(error as Error);
        },
        cancel: this.o.clock.after(ANSWER_WITHIN, late),
      };
      this.pending = pending;
      if (!this.o.send(type, this.tag, body)) pending.fail(this.offline());
    });
  }
}
