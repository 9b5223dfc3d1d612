/** The small stores, each against the simplest thing that could stand in for it, with cuts at every operation. */
import { Keys } from '../../firmware/core/keys';
import { Photos } from '../../firmware/core/photos';
import { knows, readIdentity, vaultImage } from '../../firmware/core/provision';
import { Store } from '../../firmware/core/store';
import { photoEnd, photoStep, ratchet, ZERO_HASH } from '../../protocol/evidence';
import { hmacKey } from '../../protocol/hash';
import type { How } from './fake-nor';
import { FakeNor, Power, untilCut } from './fake-nor';
import { testNatives } from './natives';

const n = testNatives('stores');
const ways: [How, number][] = [['before', 0], ['torn', 0], ['torn', 1], ['torn', 4], ['torn', 11], ['after', 0]];

describe('state store', () => {
  /** A register of numbers: 'P' entries are kept while their number is alive, 'S' holds the newest value. */
  class Model {
    alive: number[] = [];
    value = 0;
    read: string[] = [];
    store: Store;

    constructor(flash: FakeNor) {
      this.store = new Store(n, flash, this);
      this.store.open((e) => {
        this.read.push(e);
        if (e.charAt(0) === 'P') this.alive.push(e.charCodeAt(1));
        else this.value = e.charCodeAt(1);
      });
    }

    keep(entry: string): boolean {
      return entry.charAt(0) === 'P' && this.alive.includes(entry.charCodeAt(1));
    }

    snapshot(): string {
      return 'S' + String.fromCharCode(this.value) + 's'.repeat(this.value % 30);
    }

    work(from: number, to: number, done: (i: number) => void): void {
      for (let i = from; i < to; i++) {
        if (i % 5 === 0) {
          expect(this.store.put('P' + String.fromCharCode(i) + 'p'.repeat(40))).toBe(true);
          this.alive.push(i);
          if (this.alive.length > 3) this.alive.shift();
        } else {
          this.value = i;
          expect(this.store.put(this.snapshot())).toBe(true);
        }
        done(i);
      }
    }
  }

  it('survives a cut at every operation over several compactions', () => {
    for (const [how, words] of ways) {
      for (let at = 1; at < 75; at++) {
        const power = new Power();
        const flash = new FakeNor(256, 4, power);
        let done = -1;
        const first = new Model(flash);
        untilCut(power, at, how, words, () => first.work(0, 60, (i) => { done = i; }));
        const second = new Model(flash);
        const values = [0, 1, 2].map((k) => done - k).concat(done + 1);
        if (done > 1) expect(values).toContain(second.value);
        for (const p of first.alive) expect(second.alive).toContain(p);
        second.work(60, 100, () => undefined);
        const third = new Model(flash);
        expect(third.value).toBe(99);
        for (const p of second.alive) expect(third.alive).toContain(p);
      }
    }
  });

  it('says so when flash does not hold it', () => {
    const flash = new FakeNor(256, 4);
    for (let i = 0; i < 1024; i += 8) flash.stuck.set(i, 0);
    expect(new Store(n, flash, { keep: () => true, snapshot: () => '' }).put('S0')).toBe(false);
  });
});

describe('vault', () => {
  const identity = {
    natives: n, deviceId: 'DEVICE01', linkKey: 'l'.repeat(32), permitKey: 'p'.repeat(32), ackKey: 'a'.repeat(32), evidenceKey: 'k'.repeat(32),
    people: [{ slot: 0, person: 70000 }, { slot: 300, person: 7 }], dies: ['die00001'],
  };
  const image = vaultImage(identity)!;

  function unit(power = new Power()): FakeNor {
    const flash = new FakeNor(512, 2, power);
    flash.bytes.write(image, 0, 'latin1');
    return flash;
  }

  function keyOf(seq: number): string {
    let key = identity.evidenceKey;
    for (let i = 0; i < seq; i++) key = ratchet(n, hmacKey(n, key));
    return key;
  }

  it('gives back what was provisioned', () => {
    const id = readIdentity(new Keys(n, unit()).open())!;
    expect(id).toMatchObject({ deviceId: 'DEVICE01', linkKey: identity.linkKey, permitKey: identity.permitKey, ackKey: identity.ackKey, dies: 'die00001' });
    expect([knows(id.people, 7), knows(id.people, 8)]).toEqual([true, false]);
    expect(vaultImage({ ...identity, linkKey: 'short' })).toBeUndefined();
    expect(vaultImage({ ...identity, dies: ['x'] })).toBeUndefined();
  });

  it('is not provisioned when any byte of the identity is wrong', () => {
    for (let at = 0; at < image.length - 40; at += 3) {
      const flash = unit();
      flash.bytes[at]! ^= 16;
      expect(new Keys(n, flash).open()).toBe('');
    }
  });

  it('ratchets over page changes and any cut: the key is the last or the one after, and no older one is left', () => {
    const at = [1, 2, 3, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32];
    for (const [how, words] of ways) {
      for (const op of at) {
        const power = new Power();
        const flash = unit(power);
        const first = new Keys(n, flash);
        first.open();
        let done = 0;
        untilCut(power, op, how, words, () => {
          for (let i = 0; i < 14; i++) if (first.next()) done++;
        });
        const second = new Keys(n, flash);
        expect(second.open().length).toBeGreaterThan(0);
        expect([done, done + 1]).toContain(second.seq);
        expect(second.pads).toEqual(hmacKey(n, keyOf(second.seq)));
        const all = flash.bytes.toString('latin1');
        for (let seq = 0; seq < second.seq; seq++) expect(all.includes(keyOf(seq))).toBe(false);
        for (let i = 0; i < 9; i++) expect(second.next()).toBe(true);
        expect(second.pads).toEqual(hmacKey(n, keyOf(second.seq)));
      }
    }
  });
});

describe('photos', () => {
  function take(p: Photos, content: string, seq: number): string {
    p.begin();
    for (let at = 0; at < content.length; at += 1024) if (!p.chunk(content.substr(at, 1024))) return '';
    return p.end(seq, content.length);
  }

  function digestOf(content: string): string {
    let d = ZERO_HASH;
    for (let at = 0; at < content.length; at += 1024) d = photoStep(n, d, content.substr(at, 1024));
    return photoEnd(n, d, content.length);
  }

  const photo = (i: number): string => String.fromCharCode(65 + (i % 26)).repeat(700 + ((i * 331) % 2500)) + i;

  it('keeps a ring of photos, gives any part of them back, frees what is acknowledged', () => {
    const flash = new FakeNor(1024, 11);
    let p = new Photos(n, flash);
    p.open(0, 0, false);
    const kept: { i: number; digest: string }[] = [];
    for (let i = 0; i < 80; i++) {
      while (!p.room(1, 3300)) {
        const gone = kept.shift()!;
        expect(p.ack(gone.i + 1)).toBe(true);
        expect(p.find(gone.digest)).toBe(0);
      }
      const digest = take(p, photo(i), i);
      expect(digest).toBe(digestOf(photo(i)));
      kept.push({ i, digest });
      if (i % 3 === 0) {
        const again = new Photos(n, flash);
        again.open(p.tail, p.number, false);
        expect(again.free()).toBe(p.free());
        p = again;
      }
      for (const one of kept) {
        const content = photo(one.i);
        expect(p.find(one.digest)).toBe(content.length);
        expect(p.read(0, content.length)).toBe(content);
        expect(p.read(333, 13)).toBe(content.substr(333, 13));
      }
    }
    expect(p.ack(1000)).toBe(true);
    expect(p.free()).toBe(11 * 1024);
    expect(p.ack(1000)).toBe(false);
  });

  function tidied(p: Photos): void {
    for (let i = 0; i < 40; i++) p.tidy();
  }

  it('erases nothing ahead on a virgin flash, and the first photos wait for nothing', () => {
    const flash = new FakeNor(1024, 40);
    const p = new Photos(n, flash);
    p.open(0, 0, true);
    tidied(p);
    for (let i = 0; i < 10; i++) expect(take(p, photo(i), i)).toBe(digestOf(photo(i)));
    tidied(p);
    expect(flash.erases).toBe(0);
  });

  it('erases free pages ahead, each once after a start: a photo then waits for none, and nothing that is kept is touched', () => {
    const flash = new FakeNor(1024, 40);
    const p = new Photos(n, flash);
    p.open(0, 0, false);
    p.tidy();
    expect(flash.erases).toBeLessThanOrEqual(5);
    tidied(p);
    expect(flash.erases).toBe(40);
    const digests: string[] = [];
    for (let i = 0; i < 60; i++) {
      const before = flash.erases;
      digests.push(take(p, photo(i), i));
      expect(flash.erases).toBe(before);
      if (i % 7 === 3) {
        // One that is given up leaves pages behind that are not blank.
        p.begin();
        p.chunk('x'.repeat(1024));
        p.begin();
        expect(p.end(i, 5)).toBe('');
      }
      if (i >= 3) expect(p.ack(i - 2)).toBe(true);
      tidied(p);
      for (let k = Math.max(0, i - 2); k <= i; k++) {
        expect(p.find(digests[k]!)).toBe(photo(k).length);
        expect(p.read(0, photo(k).length)).toBe(photo(k));
      }
    }
  });

  it('a page whose erasing was cut off is erased again, even where it looks blank', () => {
    const power = new Power();
    const flash = new FakeNor(1024, 12, power);
    const content = 'y'.repeat(2500);
    let p = new Photos(n, flash);
    p.open(0, 0, false);
    for (let i = 0; i < 3; i++) take(p, content, i);
    p.ack(2);
    const { tail, number } = p;
    // In the middle of the freed photos: the cut comes when all bytes of the page read as blank already.
    untilCut(power, 5, 'after', 0, () => tidied(p));
    const erased: number[] = [];
    const erase = flash.erase.bind(flash);
    flash.erase = (page) => {
      erased.push(page);
      erase(page);
    };
    p = new Photos(n, flash);
    p.open(tail, number, false);
    tidied(p);
    // Every page but those of the photo kept, 6 to 8, whatever it looked like.
    expect(erased).toEqual([9, 10, 11, 0, 1, 2, 3, 4, 5]);
    expect(p.free()).toBe(9 * 1024);
    expect(p.read(0, p.find(digestOf(content)))).toBe(content);
  });

  it('a cut photo was never there, the others stay', () => {
    for (const [how, words] of ways) {
      for (let at = 1; at < 14; at++) {
        const power = new Power();
        const flash = new FakeNor(1024, 9, power);
        const p = new Photos(n, flash);
        p.open(0, 0, false);
        const first = take(p, photo(1), 1);
        let second = '';
        untilCut(power, at, how, words, () => { second = take(p, photo(7), 2); });
        const q = new Photos(n, flash);
        q.open(0, 0, false);
        expect(q.find(first)).toBe(photo(1).length);
        expect(q.read(0, photo(1).length)).toBe(photo(1));
        const size = q.find(digestOf(photo(7)));
        if (second !== '') expect(size).toBe(photo(7).length);
        if (size > 0) expect(q.read(0, size)).toBe(photo(7));
        expect(take(q, photo(9), 3)).toBe(digestOf(photo(9)));
        expect(q.find(first)).toBe(photo(1).length);
      }
    }
  });

  it('takes nothing that does not fit, is empty, or that the camera counts otherwise', () => {
    const p = new Photos(n, new FakeNor(1024, 2));
    p.open(0, 0, false);
    expect(take(p, 'x'.repeat(3000), 0)).toBe('');
    expect(take(p, '', 0)).toBe('');
    p.begin();
    p.chunk('abc');
    expect(p.chunk('def')).toBe(false);
    expect(p.end(0, 4)).toBe('');
  });
});
