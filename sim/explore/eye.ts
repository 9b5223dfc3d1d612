/** A camera of the host: takes a picture whenever its unit waits for one (photo_wanted in Status), and hands it over piece by piece. */
import { decodeStatus, encodePhotoPut, MessageType, type Bytes } from '../../protocol';
import type { World } from '../world/world';
import type { Ask } from './jobs';
import type { Manner } from './manner';

const PIECE = 512;
const AGAIN_MS = 1000;
/** Pieces of pictures that nothing may come of: of 512 bytes all but the last, the first begins as a JPEG does, each where the one before ended. */
export const PIECES = {
  'no picture': { offset: 0, data: 'GIF89a', last: true },
  'behind a gap': { offset: 7 * 4096 + 1, data: '-'.repeat(512), last: true },
  short: { offset: 0, data: '\xff\xd8\xff\xd9', last: false },
  nothing: { offset: 0, data: '', last: true },
  'too much': { offset: 327_680, data: '-'.repeat(512), last: true },
} as const;
const WRONG = Object.values(PIECES);

export class Eye {
  private busy = false;
  private tries = 0;

  constructor(private readonly world: World, private readonly camera: () => Buffer, private readonly ask: Ask, private readonly shows: () => Manner['shows']) {}

  /** What was under way went with its session. */
  forget(): void {
    this.busy = false;
  }

  /** The unit looks at its tray: it may wait for a picture. */
  look(): void {
    if (this.busy || this.shows() === 'not') return;
    this.busy = true;
    this.ask(MessageType.STATUS_GET, () => '', (type, body) => {
      const wanted = type === MessageType.STATUS ? decodeStatus(body)?.photoWanted : 0;
      this.busy = false;
      if (wanted !== undefined && wanted > 0) this.show();
      return true;
    });
  }

  private show(): void {
    const how = this.shows();
    this.busy = true;
    const jpeg = this.camera().toString('latin1');
    if (how !== 'badly') return this.put(jpeg, 0, how === 'half' ? jpeg.length / 2 : Infinity);
    const { offset, data, last } = WRONG[this.tries++ % WRONG.length]!;
    this.piece(offset, data, last, () => this.put(jpeg, 0, Infinity));
  }

  /** @param end breaks off there */
  private put(jpeg: Bytes, offset: number, end: number): void {
    if (offset >= jpeg.length || offset >= end) {
      this.busy = false;
      return;
    }
    this.piece(offset, jpeg.substring(offset, offset + PIECE), offset + PIECE >= jpeg.length, (done) => {
      if (done) return this.put(jpeg, offset + PIECE, end);
      // It does not wait any more, or anew.
      this.busy = false;
      this.world.after(AGAIN_MS, () => this.look());
    });
  }

  private piece(offset: number, data: Bytes, last: boolean, then: (done: boolean) => void): void {
    this.ask(MessageType.PHOTO_PUT, () => encodePhotoPut({ offset, data, last }), (type) => {
      then(type === MessageType.DONE);
      return true;
    });
  }
}
