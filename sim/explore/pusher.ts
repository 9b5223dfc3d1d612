/** How an office has its unit take an image: step by step, begun anew whenever a session stands again, given up where the unit says no. */
import { decodeRefusal, decodeUpdateState, encodeUpdateBegin, encodeUpdateChunk, MessageType, RefusalCode, UpdateStage, type Bytes } from '../../protocol';
import type { World } from '../world/world';
import type { Said } from './authority';
import type { WorldImage } from './images';
import type { Ask } from './jobs';

const PIECE = 512;
const POLL_MS = 250;
const BUSY_MS = 2000;
/** Somebody gives up after so long. */
const PATIENCE_MS = 180_000;

export class Pusher {
  private now: { said: Said; image: WorldImage; until: number } | undefined;

  constructor(private readonly world: World, private readonly ask: Ask) {}

  /** The image handed over from now on; the one before is forgotten. */
  push(said: Said, image: WorldImage): void {
    this.now = { said, image, until: this.world.now + PATIENCE_MS };
    this.begin();
  }

  /** A session stands: from the beginning, where the unit goes on with what it holds. */
  begin(): void {
    const job = this.now;
    if (job === undefined) return;
    if (this.world.now > job.until) this.now = undefined;
    else this.step(MessageType.UPDATE_BEGIN, () => encodeUpdateBegin({ grant: job.said.bytes, size: job.image.bytes.length }));
  }

  private step(type: number, body: () => Bytes): void {
    const job = this.now;
    this.ask(type, body, (answer, bytes) => {
      if (job !== this.now || job === undefined) return true;
      const state = answer === MessageType.UPDATE_STATE ? decodeUpdateState(bytes) : undefined;
      const busy = answer === MessageType.REFUSAL && decodeRefusal(bytes)?.code === RefusalCode.BUSY;
      if (busy) this.world.after(BUSY_MS, () => this.begin());
      else if (state === undefined || state.stage === UpdateStage.CHOSEN || state.stage === UpdateStage.FAILED) this.now = undefined;
      else this.next(state.stage, state.offset, job.image);
      return true;
    });
  }

  private next(stage: number, offset: number, { bytes }: WorldImage): void {
    if (stage === UpdateStage.ERASING || stage === UpdateStage.CHECKING) this.world.after(POLL_MS, () => this.step(MessageType.UPDATE_GET, () => ''));
    else if (stage === UpdateStage.RECEIVING && offset < bytes.length) {
      this.step(MessageType.UPDATE_CHUNK, () => encodeUpdateChunk({ offset, data: bytes.toString('latin1', offset, offset + PIECE) }));
    } else this.step(MessageType.UPDATE_FINISH, () => '');
  }
}
