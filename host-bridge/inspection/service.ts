/**
 * Comparisons in a process of their own, one after the other. Whatever happens there (a crash, a stall, memory running
 * away, an answer that is none) ends in an error: there is no way from a failure to "same".
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { getPriority, setPriority } from 'node:os';
import path from 'node:path';
import type { Clock } from '../common/clock';
import { Problem } from '../common/errors';
import { renderApproved } from './approved';
import type { CrossPage } from './cross-page';
import { INSPECTION } from './errors';
import type { Answer, Order } from './inspect.worker';
import { photoLimits } from './photo';
import type { FoundImpression, SealSize } from './impression';
import type { Mark, StampedImpression } from './stamped';
import type { Straightened } from './straighten';
import type { Inspection } from './told';

export interface ServiceLimits {
  /** Comparisons that may wait. */
  queue: number;
  /** For one comparison, and for making one page of a document ready, ms. */
  timeMs: number;
  /** Resident memory of the process, bytes. */
  memory: number;
}

export const serviceLimits: ServiceLimits = { queue: 32, timeMs: 30_000, memory: 1_500_000_000 };

export interface ServiceOptions {
  clock: Clock;
  /** Resident bytes of a process; undefined: cannot be known here. Without it only pixels and time bound the memory. */
  memoryOf?: (pid: number) => number | undefined;
  limits?: Partial<ServiceLimits>;
  /** The compiled program of the process. */
  program?: string;
  /** Of the process, as `nice` has it, 0..19: more lets others go first. */
  niceness?: number;
}

export interface Asked {
  approved: Buffer;
  photo: Buffer;
  /** The page that is awaited, from 1; absent: any. */
  page?: number;
  /** Whether a picture with the boxes is wanted. */
  picture?: boolean;
  /** The photo is of the page after the stroke. */
  after?: After;
}

export interface After {
  /** The kept sample of the impression: a picture at 300 dpi, or of the seal's own `size`. */
  sample: Buffer;
  size?: SealSize;
  /** Where its middle should be, mm; or on which pages of the document, and where. */
  x?: number;
  y?: number;
  marks?: readonly Mark[];
  /** What the photo before the stroke was told of: not of this stroke. */
  earlier?: readonly FoundImpression[];
}

export interface Told {
  inspection: Inspection;
  picture?: Buffer;
  /** Of a photo after the stroke. */
  impressions?: StampedImpression[];
}

/** Of the sheets of a cross-page stroke, with the strips laid together where they were to be drawn. */
export type ToldTogether = Omit<CrossPage, 'picture'> & { picture?: Buffer };

/** Between two looks at the memory, ms. */
const WATCH_MS = 250;
/** A die of 42 mm reaches over no more sheets. */
export const MOST_SHEETS = 12;
const VERDICTS = new Set(['same', 'different', 'unreadable']);

export class InspectionService {
  private readonly limits: ServiceLimits;
  private child: ChildProcess | undefined;
  private holds = '';
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;
  /** Ends what is asked of the process just now. */
  private breakOff: (why: Problem) => void = () => undefined;

  constructor(private readonly o: ServiceOptions) {
    this.limits = { ...serviceLimits, ...o.limits };
  }

  /** @throws DOCUMENT_…, APPROVED_COARSE, PHOTO_…, PAGE_NUMBER, INSPECTION_FAILED, INSPECTION_TIMEOUT, INSPECTION_BUSY */
  inspect(asked: Asked): Promise<Told> {
    return this.queued([asked.photo], () => this.one(asked));
  }

  /**
   * The sheets of a cross-page stroke, a photo each; up to 12 of them. @throws as inspect
   * @param sample the kept sample of the impression: a picture at 300 dpi, or of the seal's own `size`
   */
  crossPage(approved: Buffer, photos: readonly Buffer[], sample: Buffer, { size, picture = false }: { size?: SealSize; picture?: boolean } = {}): Promise<ToldTogether> {
    if (photos.length < 2 || photos.length > MOST_SHEETS) return Promise.reject(new Problem(INSPECTION.SHEETS, `${photos.length}`));
    return this.queued(photos, async () => {
      const name = await this.ready(approved);
      const answer = await this.ask({ type: 'cross-page', name, photos: [...photos], sample, picture, ...(size ? { size } : {}) }, photos.length);
      if (answer.type !== 'cross-page' || !soundTogether(answer.told, photos.length)) throw this.failed(answer);
      const { picture: drawn, ...told } = answer.told;
      return { ...told, ...(drawn ? { picture: Buffer.from(drawn) } : {}) };
    });
  }

  /** Lays out a page photographed by hand. @throws PHOTO_…, INSPECTION_FAILED, INSPECTION_TIMEOUT, INSPECTION_BUSY */
  straighten(photo: Buffer): Promise<Straightened> {
    return this.queued([photo], async () => {
      const answer = await this.ask({ type: 'straighten', photo });
      if (answer.type !== 'straightened' || !(answer.page.widthMm > 0 && answer.page.heightMm > 0)) throw this.failed(answer);
      return { ...answer.page, picture: Buffer.from(answer.picture) };
    });
  }

  private queued<T>(photos: readonly Buffer[], work: () => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(closedProblem());
    if (photos.some((photo) => photo.length > photoLimits.maxBytes)) return Promise.reject(new Problem(INSPECTION.PHOTO_TOO_LARGE));
    if (this.waiting >= this.limits.queue) return Promise.reject(new Problem(INSPECTION.INSPECTION_BUSY, { retryAfter: 10 }));
    this.waiting += 1;
    const mine = this.last.then(work).finally(() => {
      this.waiting -= 1;
    });
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** What is under way and what waits is rejected (INSPECTION_FAILED), and no process is begun any more. */
  close(): void {
    this.closed = true;
    this.breakOff(closedProblem());
    this.end();
  }

  /** Ends the process until it is needed again: idle it holds half a gigabyte. Nothing where it is not idle. */
  rest(): void {
    if (this.waiting === 0) this.end();
  }

  /** Has the process hold a document; returns its name. */
  private async ready(approved: Buffer): Promise<string> {
    const name = createHash('sha256').update(approved).digest('hex');
    if (!this.child || this.holds !== name) {
      // The document is read by a process of its own as well, which ends with it.
      const pages = await renderApproved(approved);
      this.holds = '';
      this.pages = pages.length;
      for (let page = pages.shift(); page; page = pages.shift()) {
        const ready = await this.ask({ type: 'document', name, page, last: pages.length === 0 });
        if (ready.type !== 'ready') throw this.failed(ready);
      }
      this.holds = name;
    }
    return name;
  }

  private async one(asked: Asked): Promise<Told> {
    const name = await this.ready(asked.approved);
    if (asked.page !== undefined && !(Number.isInteger(asked.page) && asked.page >= 1 && asked.page <= this.pages)) throw new Problem(INSPECTION.PAGE_NUMBER, `${asked.page} / ${this.pages}`);
    const answer = await this.ask({ type: 'inspect', name, photo: asked.photo, picture: asked.picture === true, ...(asked.page === undefined ? {} : { page: asked.page }), ...(asked.after ? { after: asked.after } : {}) });
    if (answer.type !== 'inspection' || !sound(answer.inspection)) throw this.failed(answer);
    return { inspection: answer.inspection, ...(answer.impressions ? { impressions: answer.impressions } : {}), ...(answer.picture ? { picture: Buffer.from(answer.picture) } : {}) };
  }

  private pages = 0;

  private failed(answer: Answer): Problem {
    if (answer.type === 'failed') {
      const known = Object.values(INSPECTION).find((fault) => fault.code === answer.code);
      return new Problem(known ?? INSPECTION.INSPECTION_FAILED, answer.detail === '' ? {} : answer.detail);
    }
    this.end();
    return new Problem(INSPECTION.INSPECTION_FAILED, 'not an answer');
  }

  private end(): void {
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.holds = '';
  }

  private start(): ChildProcess {
    if (this.child) return this.child;
    const child = fork(this.o.program ?? path.join(__dirname, 'inspect.worker.js'), [], {
      execArgv: ['--max-old-space-size=768'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { UV_THREADPOOL_SIZE: '2' },
    });
    this.child = child;
    if (this.o.niceness !== undefined && child.pid !== undefined) lower(child.pid, this.o.niceness);
    return child;
  }

  /** One message there and one back; the process does not outlive a failure. */
  private ask(order: Order, times = 1): Promise<Answer> {
    if (this.closed) return Promise.reject(closedProblem());
    const child = this.start();
    const { clock, memoryOf } = this.o;
    return new Promise<Answer>((resolve, reject) => {
      let done = false;
      const finish = (result: Answer | Problem): void => {
        if (done) return;
        done = true;
        stopTimer();
        stopWatch();
        this.breakOff = () => undefined;
        child.removeAllListeners();
        child.on('error', () => undefined);
        if (result instanceof Problem) {
          this.end();
          reject(result);
        } else resolve(result);
      };
      const fail = (detail: string, cause?: unknown): void => finish(new Problem(INSPECTION.INSPECTION_FAILED, cause === undefined ? detail : { detail, cause }));
      const stopTimer = clock.after(times * this.limits.timeMs, () => finish(new Problem(INSPECTION.INSPECTION_TIMEOUT, `${times * this.limits.timeMs} ms`)));
      this.breakOff = finish;
      let stopWatch = (): void => undefined;
      const watch = (): void => {
        const bytes = child.pid === undefined ? undefined : memoryOf?.(child.pid);
        if (bytes !== undefined && bytes > this.limits.memory) return fail('out of memory');
        if (!done) stopWatch = clock.after(WATCH_MS, watch);
      };
      if (memoryOf) watch();
      child.once('message', (answer) => finish(answer as Answer));
      child.once('error', (error) => fail('the process cannot run', error));
      child.once('exit', (code, signal) => fail(`the process ended (${signal ?? code})`));
      child.send(order, (error) => {
        if (error) fail('the process cannot be reached', error);
      });
    });
  }
}

const closedProblem = (): Problem => new Problem(INSPECTION.INSPECTION_FAILED, 'closed');

/** A process that ended at once has no priority to be lowered. */
function lower(pid: number, niceness: number): void {
  try {
    setPriority(pid, Math.max(niceness, getPriority(pid)));
  } catch {
    // It runs as it is: slower for others, and no less right.
  }
}

function soundTogether(told: CrossPage, sheets: number): boolean {
  return VERDICTS.has(told.verdict) && Array.isArray(told.sheets) && told.sheets.length === sheets && told.sheets.every(sound) && Array.isArray(told.reasons)
    && (told.verdict === 'same' ? told.reasons.length === 0 && told.sheets.every(({ verdict }) => verdict === 'same') : told.reasons.length > 0);
}

/** Whether an answer is one that people and programs may act on. */
function sound(told: Inspection): boolean {
  return VERDICTS.has(told.verdict) && Array.isArray(told.reasons) && Array.isArray(told.findings) && Array.isArray(told.elements) && Array.isArray(told.notes) && Array.isArray(told.open)
    && (told.verdict === 'same' ? told.reasons.length === 0 && told.findings.length === 0 && told.page !== undefined : told.reasons.length > 0);
}
