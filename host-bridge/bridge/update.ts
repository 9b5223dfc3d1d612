/**
 * Updates of devices' firmware: at most one a device, carried on over breaks and restarts until the image runs, is refused, or
 * the device stays away for too long. Nothing is kept over a restart of the bridge: the device keeps what it has, and the
 * same request goes on from there.
 */
import { UpdateStage, type ImageHeader, type UpdateState } from '../../protocol';
import { sleep, type Clock } from '../common/clock';
import { Problem } from '../common/errors';
import type { Log } from '../common/log';
import { BRIDGE } from './faults';
import type { Fleet } from './fleet';
import { Refused, type Session } from './session';

/** Bytes of a chunk (smartseal.proto). */
const CHUNK = 512;
/** Milliseconds between two looks at a device that works by itself, and until a device that is away is given up. */
const POLL = 250;
const AWAY = 600_000;
/** An event is published when the progress has gone on by so many percent. */
const STEP = 5;

export interface UpdateProgress {
  version: number;
  /** waiting, erasing, sending, checking, restarting, done, failed */
  state: string;
  /** Of the state at hand. */
  percent: number;
  /** Why it failed: a code. */
  code?: string;
}

export interface Updating {
  image: Buffer;
  header: ImageHeader;
  grant: Buffer;
}

export class Updates {
  private readonly running = new Map<string, UpdateProgress>();

  /** @param publish tells of progress */
  constructor(
    private readonly fleet: Fleet,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly publish: (device: string, progress: UpdateProgress) => Promise<void>,
  ) {}

  /** What became of the last update of a device; undefined: none since the bridge started. */
  of(device: string): UpdateProgress | undefined {
    return this.running.get(device);
  }

  /** Begins. Throws UPDATE_RUNNING. */
  start(device: string, what: Updating): UpdateProgress {
    const before = this.running.get(device);
    if (before !== undefined && before.state !== 'done' && before.state !== 'failed') throw new Problem(BRIDGE.UPDATE_RUNNING, device);
    const progress: UpdateProgress = { version: what.header.version, state: 'waiting', percent: 0 };
    this.running.set(device, progress);
    void this.run(device, what, progress);
    return progress;
  }

  private async run(device: string, what: Updating, progress: UpdateProgress): Promise<void> {
    let heard = this.clock.now();
    while (this.running.get(device) === progress) {
      const session = this.fleet.find(device);
      try {
        if (session === undefined) {
          if (this.clock.now() - heard > AWAY) throw new Problem(BRIDGE.DEVICE_OFFLINE, device);
        } else {
          heard = this.clock.now();
          if (await this.step(device, session, what, progress)) return await this.tell(device, progress, 'done', 100);
        }
      } catch (error) {
        // A session that ended, a device that restarts: taken up again. What it refuses, it refuses again.
        const code = error instanceof Refused ? error.why : error instanceof Problem ? error.code : 'INTERNAL';
        const over = code === BRIDGE.UPDATE_FAILED.code || code === BRIDGE.UPDATE_ROLLED_BACK.code;
        const away = error instanceof Problem && !(error instanceof Refused) && !over && session !== undefined;
        if (!away && code !== 'BUSY') {
          progress.code = code;
          this.log.warn('update failed', { device, code });
          return await this.tell(device, progress, 'failed', progress.percent);
        }
      }
      await sleep(this.clock, 1000);
    }
  }

  /** As far as one session goes. True: the image runs. */
  private async step(device: string, session: Session, { image, header, grant }: Updating, progress: UpdateProgress): Promise<boolean> {
    if (session.ready === undefined) return false;
    const { running } = await session.updateGet();
    if (running === header.version) return true;
    // It has been chosen, and another one runs: the device has rolled it back.
    if (progress.state === 'restarting') throw new Problem(BRIDGE.UPDATE_ROLLED_BACK, device);
    let state = await session.updateBegin(grant, image.length);
    for (;;) {
      const { stage, offset } = state;
      if (stage === UpdateStage.ERASING || stage === UpdateStage.CHECKING) {
        await this.tell(device, progress, stage === UpdateStage.ERASING ? 'erasing' : 'checking', state.percent);
        await sleep(this.clock, POLL);
        state = await session.updateGet();
      } else if (stage === UpdateStage.RECEIVING && offset < image.length) {
        await this.tell(device, progress, 'sending', Math.floor((offset * 100) / image.length));
        state = await session.updateChunk(offset, image.subarray(offset, offset + CHUNK));
      } else if (stage === UpdateStage.RECEIVING) state = await session.updateFinish();
      else if (stage === UpdateStage.VERIFIED) state = await session.updateFinish();
      else if (stage === UpdateStage.CHOSEN) {
        await this.tell(device, progress, 'restarting', 0);
        return false;
      } else throw new Problem(BRIDGE.UPDATE_FAILED, faultOf(state));
    }
  }

  private async tell(device: string, progress: UpdateProgress, state: string, percent: number): Promise<void> {
    if (progress.state === state && Math.abs(percent - progress.percent) < STEP) return;
    progress.state = state;
    progress.percent = percent;
    try {
      await this.publish(device, { ...progress });
    } catch (error) {
      this.log.error('event not stored', { code: error instanceof Problem ? error.code : 'INTERNAL' });
    }
  }
}

function faultOf({ fault }: UpdateState): string {
  return ['none', 'flash', 'header', 'digest', 'signature'][fault] ?? String(fault);
}
