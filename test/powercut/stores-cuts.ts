/** What the stores promise, asked of them after power cuts at every word of every flash operation of a long life. */
import { In } from '../../firmware/core/states';
import { GrantKind } from '../../protocol/permit';
import type { Random } from '../../sim';
import { ratchet } from '../../protocol/evidence';
import { hmacKey } from '../../protocol/hash';
import { DEVICE, EVIDENCE, host } from '../firmware/identity';
import { Chain, Kind } from '../scenario/chain';
import { agree, cutsAt, label, leftOver, type Cut, type Tally } from './moments';
import { idOf, newImage, Stores, type Image, type Region, type StoreOp, type Told } from './stores';

const ALARM = { JOURNAL: 7, FINGER: 9, UNKNOWN: 13 };
/** Keys that are looked for on flash: more than one page of the vault holds. */
const OLD_KEYS = 60;
const FAILED = 2;
const PAGE = 1024;

/** A flash operation, what stood there before and after it, and what had been promised by then. */
export interface StoreMoment {
  op: number;
  kind: StoreOp['kind'];
  region: Region;
  /** Offset in the region. */
  address: number;
  before: Buffer;
  after: Buffer;
  /** Never to be written to. */
  image: Image;
  told: Told;
  /** Records that were durable. */
  committed: number;
  now: number;
}

function copyOf(told: Told): Told {
  return { ...told, photos: told.photos.filter(({ seq }) => seq >= told.acked), permits: new Map(told.permits), revoked: new Set(told.revoked) };
}

/** Chains up to each record, and the keys. */
export class Register {
  private readonly chains: Chain[] = [new Chain(Buffer.from(DEVICE, 'latin1'), Buffer.from(EVIDENCE, 'latin1'))];
  private readonly keys = [EVIDENCE];

  /** Takes over what is new. */
  pull(stores: Stores): void {
    const { journal } = stores.d.log;
    for (let seq = this.chains.length - 1; seq < journal.next; seq++) {
      const chain = this.chains[seq]!.copy();
      chain.take(seq, journal.read(seq));
      this.chains.push(chain);
    }
  }

  /** One that knows only the first so many records. */
  fork(records: number): Register {
    const other = new Register();
    other.chains.splice(0, 1, ...this.chains.slice(0, records + 1));
    return other;
  }

  upTo(seq: number): Chain {
    return this.chains[seq]!.copy();
  }

  key(seq: number): string {
    while (this.keys.length <= seq) this.keys.push(ratchet(host, hmacKey(host, this.keys.at(-1)!)));
    return this.keys[seq]!;
  }
}

/** Takes down every flash operation from now on. */
export function takeDownStores(stores: Stores, committed = 0): { end(): StoreMoment[] } {
  const moments: StoreMoment[] = [];
  let image = copyImage(stores.image);
  let open: StoreMoment | undefined;
  let next = committed;
  const close = (): void => {
    if (open === undefined) return;
    image = { ...image, [open.region]: Buffer.from(stores.image[open.region]) };
    open.after = image[open.region].subarray(open.address, open.address + open.before.length);
    open = undefined;
  };
  stores.onOp = ({ region, kind, at, length }) => {
    close();
    next = Math.max(next, stores.next);
    const before = image[region].subarray(at, at + length);
    open = { op: moments.length + 1, kind, region, address: at, before, after: before, image, told: copyOf(stores.told), committed: next, now: stores.now };
    moments.push(open);
  };
  return {
    end() {
      close();
      stores.onOp = undefined;
      return moments;
    },
  };
}

function copyImage(image: Image): Image {
  return Object.fromEntries(Object.entries(image).map(([name, bytes]) => [name, Buffer.from(bytes)])) as Image;
}

/** A life: permits, uses with photos, alarms, revocations, acknowledgements, restarts. @param random says in which order */
export function life(random: Random, steps: number, register: Register): StoreMoment[] {
  const stores = new Stores(newImage());
  const notes = takeDownStores(stores);
  stores.start();
  for (let i = 0; i < steps; i++) {
    step(stores, random);
    register.pull(stores);
  }
  if (stores.refusals.length > 0) throw new Error(`refused without a cut: ${stores.refusals.join()}`);
  return notes.end();
}

function step(stores: Stores, random: Random): void {
  const { d } = stores;
  const { permits } = d.state;
  stores.now += 1000;
  const usable = permits.filter((p) => p.closed === 0 && p.used < p.count);
  if (!d.log.room() || !d.photos.room(2, 2500) || permits.length > 5) stores.acknowledge();
  switch (random.below(10)) {
    case 0:
      return stores.start();
    case 1:
      return stores.time();
    case 2:
      return stores.acknowledge();
    case 3:
      d.send({ in: In.ALARM, condition: ALARM.FINGER, detail: 5 });
      return clear(stores, ALARM.FINGER);
    case 4:
      if (usable.length > 0 && random.chance(0.4)) return stores.revoke(usable[0]!.counter);
      return stores.look();
    case 5:
    case 6:
      if (usable.length < 4) return void stores.load(1 + random.below(3), 1 + random.below(3));
      return stores.look();
    default: {
      const p = usable[random.below(Math.max(1, usable.length))];
      if (p === undefined) return void stores.load(1 + random.below(3));
      stores.use(p.counter, 1, [0, 300, 700, 1500][random.below(4)]!, [1, 1, 2, 3][random.below(4)]);
      return stores.look();
    }
  }
}

function clear(stores: Stores, condition: number): void {
  const latched = stores.d.state.latched(condition);
  if (latched === undefined) return;
  stores.apply({ kind: GrantKind.CLEAR, condition, seq: latched.seq });
  // It goes home and bolts anew; the bolt's switch says so at the next look.
  stores.d.look();
}

/** Everything that was promised is there. @param chain what the register knows @throws Error that begins with the broken line of SAFETY.md */
function ask(stores: Stores, chain: Chain, told: Told, register: Register): void {
  const { d } = stores;
  const { log, state, photos } = d;
  const { journal } = log;
  const committed = chain.next;
  if (log.fault !== 0) throw new Error(`S4: fault ${log.fault}`);
  if (journal.first > told.acked) throw new Error(`S4: records below ${journal.first} are gone, ${told.acked} are with the register`);
  // Its own start has left a record.
  if (journal.next <= committed) throw new Error(`S4: ends at ${journal.next}, ${committed} were durable`);
  for (let seq = journal.first; seq < journal.next; seq++) chain.take(seq, journal.read(seq));
  if (state.boot <= told.boot) throw new Error(`S7: start number ${state.boot} again`);
  askEvidence(stores, chain, told);
  askPermits(stores, chain, told);
  for (const { digest, content } of told.photos) {
    if (photos.find(digest) !== content.length || photos.read(0, content.length) !== content) throw new Error(`S3: a photo of ${content.length} bytes is lost`);
  }
  for (let seq = Math.max(0, journal.next - OLD_KEYS); seq < journal.next; seq++) {
    if (stores.image.vault.includes(register.key(seq), 0, 'latin1')) throw new Error(`S8: the key of record ${seq} still stands on flash`);
  }
}

/** No intent without outcome, no use left open, every photo that a record names, alarms as recorded. */
function askEvidence({ d }: Stores, chain: Chain, told: Told): void {
  const intents = chain.of(Kind.INTENT).map(({ seq }) => seq);
  const outcomes = chain.of(Kind.OUTCOME).map(({ data }) => data.get(5));
  if (intents.join() !== outcomes.join()) throw new Error(`S3: intents ${intents.join()}, outcomes ${outcomes.join()}`);
  const ends = chain.entries.filter(({ kind }) => kind === Kind.OPENED || kind === Kind.CLOSED).map(({ kind }) => kind);
  if (ends.some((kind, i) => kind !== (i % 2 === 0 ? Kind.OPENED : Kind.CLOSED)) || ends.length % 2 !== 0) throw new Error('S3: a use is left open');
  for (const { data, seq } of chain.of(Kind.PHOTO, told.acked)) {
    if (d.photos.find((data.get(3) as Buffer).toString('latin1')) !== data.get(4)) throw new Error(`S3: the photo of record ${seq} is lost`);
  }
  const right = chain.latched().map(({ condition, seq }) => `${condition}:${seq}`).sort().join();
  const latched = d.state.alarms.map(({ condition, seq }) => `${condition}:${seq}`).sort().join();
  if (right !== latched) throw new Error(`S6: alarms ${latched}, recorded are ${right}`);
  if (d.state.latched(ALARM.JOURNAL) !== undefined) throw new Error('S4: alarm JOURNAL');
}

/** Charges as the records have them; permits that were taken in are known, those that were revoked are not used any more. */
function askPermits({ d }: Stores, chain: Chain, told: Told): void {
  for (const counter of told.permits.keys()) {
    const id = idOf(counter);
    const mine = (kind: number): typeof chain.entries => chain.of(kind).filter(({ data }) => (data.get(1) as Buffer).toString('latin1') === id);
    const charged = mine(Kind.INTENT).length - mine(Kind.OUTCOME).filter(({ data }) => data.get(3) === FAILED).length;
    const p = d.state.permit(id);
    if (!d.state.seen(counter)) throw new Error(`S2: counter ${counter} is free again`);
    if (p === undefined) {
      if (mine(Kind.CLOSED).length === 0 && !told.revoked.has(counter)) throw new Error(`L2: permit ${counter} is lost`);
      continue;
    }
    if (p.used !== charged) throw new Error(`S2: permit ${counter}: ${p.used} charged, ${charged} recorded`);
    if (told.revoked.has(counter) && p.closed === 0) throw new Error(`S1: permit ${counter} was revoked`);
    if (p.used >= p.count && mine(Kind.CLOSED).at(-1)?.data.get(3) === p.count && p.closed === 0) throw new Error(`S2: permit ${counter} is open again`);
  }
  for (const counter of told.revoked) if (!d.state.seen(counter)) throw new Error(`S2: counter ${counter} is free again`);
}

/** L2: it goes on as ever, and the next start finds that too. */
function goOn(stores: Stores): void {
  clear(stores, ALARM.UNKNOWN);
  clear(stores, ALARM.FINGER);
  stores.acknowledge();
  stores.time();
  const counter = stores.load(1);
  if (counter === 0) throw new Error(`L2: a permit is refused: ${stores.refusals.join()}`);
  stores.use(counter, 1, 900);
  stores.look();
  if (stores.refusals.length > 0) throw new Error(`L2: refused: ${stores.refusals.join()}`);
}

interface Known {
  mask: Uint8Array;
  range: Uint8Array;
}

/** What a cut leaves, before power comes back. */
export function storesAfter(moment: StoreMoment, range: Uint8Array, seed: number): Stores {
  const stores = new Stores(moment.image, seed * 100_000 + moment.op);
  stores.image[moment.region].set(range, moment.address);
  stores.told = copyOf(moment.told);
  stores.now = moment.now + 500;
  return stores;
}

/** State of a device that has just started, in words; two with the same words stand at the same place in the same story. */
function wordsFor({ d }: Stores, chain: Chain, committed: number): string {
  const { state, log, photos } = d;
  const permits = state.permits.map((p) => `${p.counter} ${p.used} ${p.tried} ${p.closed} ${p.last}`);
  const records = chain.entries.slice(committed).map(({ kind, data }) => `${kind} ${[...data].map(([key, value]) => `${key}=${String(value)}`).join(' ')}`);
  return [log.journal.first, state.acked, state.epoch, state.high, state.window, photos.free(), ...permits, ...records].join('\n');
}

/** All cuts at one operation. */
export class StoreJudgement {
  private readonly fully: Known[] = [];
  private readonly glanced: Known[] = [];
  private readonly outcomes = new Set<string>();

  constructor(private readonly name: string, private readonly moment: StoreMoment, private readonly seed: number, private readonly register: Register, private readonly tally: Tally) {}

  /** Judges cuts of cutsAt(): so many of those that are torn in full, the rest at a glance. */
  all(cuts: readonly Cut[], samples: number): void {
    const chosen = new Set(cutsAt(this.moment, samples).map(label));
    const seen = new Set<string>();
    for (const cut of cuts) {
      this.tally.injected++;
      const range = leftOver(this.moment, cut, this.seed);
      const text = Buffer.from(range).toString('latin1');
      if (seen.has(text)) continue;
      seen.add(text);
      // What it leaves after the operation, it leaves before the next.
      if (cut.how !== 'after') this.tally.distinct++;
      try {
        this.one(range, samples === Infinity || chosen.has(label(cut)));
      } catch (error) {
        this.tally.failed.push(`${this.name}: ${label(cut)}, seed ${this.seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /** Power comes back; unless this is proven to go the way of another. @throws Error where a promise is broken */
  one(range: Uint8Array, full: boolean): void {
    const { moment, register } = this;
    const covered = (known: Known[]): boolean => known.some(({ mask, range: other }) => agree(mask, other, range));
    if (covered(this.fully) || (!full && covered(this.glanced))) return;
    const stores = storesAfter(moment, range, this.seed);
    const mask = stores.watch(moment.region, moment.address, range.length, PAGE);
    stores.start();
    const chain = register.upTo(moment.committed);
    ask(stores, chain, moment.told, register);
    const words = wordsFor(stores, chain, moment.committed);
    if (!full && this.outcomes.has(words)) {
      this.tally.glances++;
      this.glanced.push({ mask, range });
      return;
    }
    this.outcomes.add(words);
    goOn(stores);
    const then = copyOf(stores.told);
    const { journal } = stores.d.log;
    for (let seq = chain.next; seq < journal.next; seq++) chain.take(seq, journal.read(seq));
    stores.start();
    ask(stores, chain, then, register);
    this.tally.full++;
    this.fully.push({ mask, range });
  }
}

/**
 * After a cut, with the n-th write from then on not taking: it is made good, or noticed and nothing goes on; after the next start
 * all that was promised holds. @returns false: there was no such write
 */
export function judgeWeak(moment: StoreMoment, n: number, seed: number, register: Register): boolean {
  const stores = storesAfter(moment, moment.before, seed);
  stores.weakIn = n;
  stores.start();
  const done = moment.committed;
  if (stores.d.log.fault === 0) {
    clear(stores, ALARM.UNKNOWN);
    try {
      stores.time();
      const counter = stores.load(1);
      if (counter > 0) stores.use(counter, 1, 0);
    } catch (error) {
      if (stores.d.log.fault === 0) throw error;
    }
  }
  const then = copyOf(stores.told);
  const weak = stores.weakIn === 0;
  stores.weakIn = 0;
  stores.start();
  clear(stores, ALARM.JOURNAL);
  ask(stores, register.upTo(done), then, register);
  return weak;
}

/** The operations of the start that follows a cut, and a register that goes on from there. */
export function surveyRestart(moment: StoreMoment, cut: Cut, seed: number, register: Register): { moments: StoreMoment[]; register: Register } {
  const stores = storesAfter(moment, leftOver(moment, cut, seed), seed);
  const notes = takeDownStores(stores, moment.committed);
  stores.start();
  const then = register.fork(moment.committed);
  then.pull(stores);
  return { moments: notes.end(), register: then };
}
