/** Attacks on the photo store: photos given up half-way, and long runs of everything it does with cuts anywhere. */
import { Photos } from '../../firmware/core/photos';
import type { How } from '../firmware/fake-nor';
import { FakeNor, Power, PowerCut } from '../firmware/fake-nor';
import { testNatives } from '../firmware/natives';
import { Rig } from '../firmware/rig';

describe('a photo that the lid ends', () => {
  function dirtyPages(flash: FakeNor): number[] {
    const blank = Buffer.alloc(flash.page, 255);
    return [...Array(flash.pages).keys()].filter((page) => !flash.bytes.subarray(page * flash.page, (page + 1) * flash.page).equals(blank));
  }

  test('does not keep free pages from being erased while nothing else is to do', () => {
    const rig = new Rig({ photoPages: 40 });
    rig.boot();
    rig.run(1500);
    expect(rig.connect()).toBe(true);
    expect(rig.setTime()).toBe(0);
    expect(rig.load(rig.permit({ count: 3, policy: 1 }))).toBe(0);
    rig.finger(3);
    rig.photoSize = 7000;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 4, 1000)).toBe(true);
    rig.run(40);
    expect(dirtyPages(rig.photos)).not.toEqual([]);
    rig.hand(() => { rig.lid = false; });
    // The use ends by itself.
    expect(rig.until(() => rig.device!.use.phase === 1, 90_000)).toBe(true);
    rig.run(60_000);
    expect(dirtyPages(rig.photos)).toEqual([]);
  });
});

/** Numbers below k, the same in every run. */
function chances(seed: number): (k: number) => number {
  let state = seed;
  return (k) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * k);
  };
}

interface Kept {
  seq: number;
  digest: string;
  content: string;
}

/** A photo store beside the list of what it must still hold. What is acknowledged is durable at once. */
class Pair {
  private readonly power = new Power();
  private readonly flash: FakeNor;
  private photos: Photos;
  private kept: Kept[] = [];
  private seq = 0;
  private tail = 0;
  private number = 0;

  constructor(private readonly below: (k: number) => number) {
    this.flash = new FakeNor(1024, 3 + below(20), this.power);
    this.photos = this.opened();
  }

  /** One thing it does, perhaps with a cut in it. */
  step(): void {
    if (this.below(4) === 0) this.plan();
    try {
      this.act(this.below(6));
    } catch (e) {
      if (!(e instanceof PowerCut)) throw e;
    }
    if (!this.power.dead) return this.power.on();
    this.power.on();
    this.photos = this.opened();
  }

  /** What it lost or changed, by number of the record. */
  lost(): number[] {
    return this.kept.filter((one) => !this.holds(one)).map((one) => one.seq);
  }

  private opened(): Photos {
    const photos = new Photos(testNatives('photos'), this.flash);
    photos.open(this.tail, this.number, false);
    return photos;
  }

  private plan(): void {
    const ways: How[] = ['before', 'torn', 'after'];
    this.power.cutAt(1 + this.below(12), ways[this.below(3)]!, this.below(2) > 0 ? this.below(256) : 255);
  }

  private act(what: number): void {
    if (what <= 1) this.take();
    else if (what === 2) this.free(this.below(this.kept.length + 1));
    else for (let times = this.below(6); times >= 0; times--) this.photos.tidy();
  }

  private take(): void {
    const size = 1 + this.below(Math.min(5000, this.flash.bytes.length - 64));
    const content = String.fromCharCode(33 + this.below(90)).repeat(size);
    if (!this.photos.room(1, size)) return;
    this.photos.begin();
    for (let at = 0; at < size; at += 1024) {
      expect(this.photos.chunk(content.substr(at, 1024))).toBe(true);
      // Both may come between two chunks.
      if (this.below(25) === 0) this.free(1);
      if (this.below(20) === 0) this.photos.tidy();
    }
    const seq = this.seq++;
    if (this.below(8) === 0) {
      expect(this.photos.end(0, size + 1)).toBe('');
      return;
    }
    const digest = this.photos.end(seq, size);
    expect(digest).not.toBe('');
    this.kept.push({ seq, digest, content });
  }

  private free(count: number): void {
    const gone = this.kept.splice(0, count);
    if (gone.length === 0) return;
    this.photos.ack(gone.at(-1)!.seq + 1);
    this.tail = this.photos.tail;
    this.number = this.photos.number;
  }

  private holds(one: Kept): boolean {
    const size = this.photos.find(one.digest);
    return size === one.content.length && this.photos.read(0, size) === one.content;
  }
}

test('photos that are kept are never lost or changed, whatever is cut', () => {
  const below = chances(7);
  for (let round = 0; round < 120; round++) {
    const pair = new Pair(below);
    const lost: string[] = [];
    for (let step = 0; step < 150; step++) {
      pair.step();
      for (const seq of pair.lost()) lost.push(`${seq} in step ${step} of round ${round}`);
    }
    expect(lost).toEqual([]);
  }
});
