/**
 * The network between desk and bridges: the desk's own HTTP client and the bridge's own application, with a wire of virtual
 * time in place of sockets. It may be slow, break, or lose an answer to what was carried out; and whoever has the bridge in
 * their hands may say other things than the bridge would.
 *
 * When an answer was worked out never shows: time stands still for that, and every answer arrives a fixed time after its
 * question, in the order of the questions. Only what waits for a unit comes when the unit has answered.
 */
import type { Readable } from 'node:stream';
import { httpTransport, type BridgeTransport } from '../../host-bridge/desk';
import type { Random, World } from '../world/world';
import { TOKEN, type BridgeHost, type Life } from './house-host';

/** One way, ms. */
const WIRE_MS = 1;
/** As the desk's program sets it. */
const TIMEOUT_MS = 30_000;

export interface Question {
  method: string;
  path: string;
  body: string | undefined;
}

export interface Answer {
  status: number;
  body: Buffer;
}

/** What a bridge in wrong hands does: with a question before it arrives (an answer: it does not arrive), and with an answer. */
export interface Liar {
  asked?(question: Question): Answer | Question;
  answered?(question: Question, answer: Answer): Answer;
}

type Fetched = { status: number; body: AsyncIterable<Buffer> | undefined };

export class Net {
  /** Nothing passes. */
  cut = false;
  /** How likely an answer is lost after the question was carried out. */
  loses = 0;
  /** More milliseconds each way. */
  slow = 0;
  liar: Liar | undefined;
  /** Questions that somebody does not let through. */
  stops: ((question: Question) => boolean) | undefined;
  private readonly streams = new Set<Readable>();

  /**
   * @param chance draws which answers are lost
   * @param heard hears each question that leaves the desk
   */
  constructor(private readonly world: World, private readonly chance: Random, private readonly heard: (question: Question) => void) {}

  /** The desk's way to a bridge, for one run of the desk. */
  transport(bridge: BridgeHost, desk: () => Life): BridgeTransport {
    const route = (url: URL, init: { method?: string; body?: string; headers: Record<string, string>; signal: AbortSignal }): Promise<Fetched> => {
      const life = desk();
      if (url.pathname === '/v1/events') return this.stream(bridge, init, life);
      return this.ask(bridge, { method: init.method ?? 'GET', path: url.pathname + url.search, body: init.body }, life, init.signal);
    };
    return httpTransport({
      url: 'http://bridge', token: TOKEN, fetch: route as unknown as typeof fetch, timeoutMs: TIMEOUT_MS,
      timeout: (ms) => {
        const controller = new AbortController();
        desk().clock.after(ms, () => controller.abort(new Error('no answer in time')));
        return controller.signal;
      },
    });
  }

  /** Breaks the event streams; the desk asks for them again. */
  breakStreams(): void {
    for (const stream of [...this.streams]) stream.destroy(new Error('connection reset'));
    this.world.touch();
  }

  async incidents(bridge: BridgeHost): Promise<{ device: string; kind: string; seq: number }[]> {
    const answer = await this.handle(bridge, { method: 'GET', path: '/v1/incidents?limit=1000', body: undefined });
    return typeof answer === 'string' ? [] : (JSON.parse(answer.body.toString('utf8')) as { incidents: { device: string; kind: string; seq: number }[] }).incidents;
  }

  /** A question from elsewhere, for which nobody waits. */
  whisper(bridge: BridgeHost, question: Question): void {
    this.world.after(WIRE_MS, () => {
      if (bridge.program === undefined) return;
      const work = this.handle(bridge, question);
      this.world.touch();
      if (!waits(question)) void this.world.pendingJob(work);
    });
  }

  private ask(bridge: BridgeHost, question: Question, life: Life, signal: AbortSignal): Promise<Fetched> {
    this.heard(question);
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        this.world.touch();
        reject(new Error(why));
      };
      // Whoever has ended gets no answer any more, even where the world has ended too.
      if (!life.alive) return fail('gone');
      life.atEnd(() => fail('gone'));
      signal.addEventListener('abort', () => fail('no answer in time'), { once: true });
      this.world.after(WIRE_MS + this.slow, () => {
        if (this.cut || bridge.program === undefined || !life.alive || this.stops?.(question) === true) return fail('connection refused');
        this.arrived(bridge, question, (answer) => {
          this.world.touch();
          if (typeof answer === 'string') fail(answer);
          else resolve({ status: answer.status, body: once(answer.body) });
        });
      });
    });
  }

  /** At the bridge's door. */
  private arrived(bridge: BridgeHost, question: Question, answerTo: (answer: Answer | string) => void): void {
    const { world, liar } = this;
    const asked = liar?.asked?.(question) ?? question;
    const { life } = bridge;
    let answer: Answer | string | undefined = 'status' in asked ? asked : undefined;
    const back = (): void => {
      const lost = this.chance.chance(this.loses);
      if (this.cut || lost || !life.alive || answer === undefined) answerTo('connection reset');
      else answerTo(typeof answer === 'string' ? answer : (liar?.answered?.(question, answer) ?? answer));
    };
    const later = (): void => void world.after(WIRE_MS + this.slow, back);
    if ('status' in asked) return later();
    const long = waits(asked);
    const work = this.handle(bridge, asked).then((given) => {
      answer = given;
      world.trace('net', `${asked.method} ${asked.path}`, typeof given === 'string' ? given : `${given.status} ${given.body.length}`);
      if (long) later();
      world.touch();
    });
    world.touch();
    if (long) return;
    void world.pendingJob(work);
    later();
  }

  private async handle(bridge: BridgeHost, { method, path, body }: Question): Promise<Answer | string> {
    try {
      const authorization = `Bearer ${TOKEN}`;
      const response = await bridge.program!.app.inject({
        method: method as 'GET', url: path,
        headers: body === undefined ? { authorization } : { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: response.statusCode, body: response.rawPayload };
    } catch {
      return 'connection reset';
    }
  }

  private async stream(bridge: BridgeHost, init: { headers: Record<string, string>; signal: AbortSignal }, life: Life): Promise<Fetched> {
    const { program } = bridge;
    if (this.cut || program === undefined) throw new Error('connection refused');
    const response = await program.app.inject({ method: 'GET', url: '/v1/events', headers: init.headers, payloadAsStream: true });
    const stream = response.stream();
    const over = (): void => {
      stream.destroy(new Error('connection reset'));
      this.world.touch();
    };
    this.streams.add(stream);
    stream.once('close', () => this.streams.delete(stream));
    life.atEnd(over);
    bridge.life.atEnd(over);
    init.signal.addEventListener('abort', over, { once: true });
    return { status: response.statusCode, body: stream as AsyncIterable<Buffer> };
  }
}

/** It is answered when the unit has answered. */
function waits({ path }: Question): boolean {
  return /\/(nonce|close)$/.test(path);
}

function once(body: Buffer): AsyncIterable<Buffer> {
  return (async function* () {
    yield await Promise.resolve(body);
  })();
}
