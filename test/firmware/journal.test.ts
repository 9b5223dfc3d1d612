import { Appended, Journal } from '../../firmware/core/journal';
import { FakeNor, Power, PowerCut } from './fake-nor';
import type { How } from './fake-nor';
import { testNatives } from './natives';

const n = testNatives('journal');

/** A record of seq-dependent length and content. */
function record(seq: number): string {
  return String.fromCharCode(seq & 255, seq >> 8).repeat(20 + ((seq * 37) % 90)) + 'x'.repeat(seq % 4);
}

function opened(flash: FakeNor, acked: number): { j: Journal; last: string } {
  const j = new Journal(n, flash);
  const last = j.open();
  j.ack(acked);
  return { j, last };
}

function check(j: Journal, from: number): void {
  for (let seq = from; seq < j.next; seq++) expect(j.read(seq)).toBe(record(seq));
  for (let seq = j.next - 1; seq >= from; seq -= 7) expect(j.read(seq)).toBe(record(seq));
  expect(j.read(j.next)).toBe('');
}

describe('journal', () => {
  it('keeps what was appended, over pages and restarts', () => {
    const flash = new FakeNor(1024, 6);
    let { j, last } = opened(flash, 0);
    expect(last).toBe('');
    for (let seq = 0; seq < 20; seq++) {
      expect(j.append(record(seq), 0)).toBe(Appended.DONE);
      ({ j, last } = opened(flash, 0));
      expect(last).toBe(record(seq));
      expect(j.next).toBe(seq + 1);
    }
    check(j, 0);
  });

  it('refuses when full, leaves what is reserved, goes on when acknowledged, and goes round', () => {
    const flash = new FakeNor(1024, 6);
    const { j } = opened(flash, 0);
    let seq = 0;
    while (j.append(record(seq), 1500) === Appended.DONE) seq++;
    expect(j.free()).toBeGreaterThanOrEqual(1500);
    while (j.append(record(seq), 0) === Appended.DONE) seq++;
    expect(j.append(record(seq), 0)).toBe(Appended.FULL);
    expect(seq).toBeGreaterThan(20);
    check(j, 0);
    const firsts = new Set<number>();
    for (let round = 0; round < 300; round++) {
      j.ack(j.next - 3);
      expect(j.append(record(seq), 0)).toBe(Appended.DONE);
      seq++;
      firsts.add(j.first);
    }
    expect(firsts.size).toBeGreaterThan(5);
    check(j, j.first);
    const again = opened(flash, j.acked).j;
    expect([again.first, again.next]).toEqual([j.first, j.next]);
    expect(again.free()).toBe(j.free());
    check(again, again.first);
  });

  it('never erases what is not acknowledged', () => {
    const flash = new FakeNor(1024, 5);
    const { j } = opened(flash, 0);
    let seq = 0;
    while (j.append(record(seq), 0) === Appended.DONE) seq++;
    j.ack(2);
    expect(j.append(record(seq), 0)).toBe(Appended.FULL);
    check(j, 0);
  });

  it('survives a cut at each operation, torn at each word: no committed record is lost, none half written shows', () => {
    for (const how of ['before', 'torn', 'after'] as How[]) {
      for (const words of how === 'torn' ? [0, 1, 2, 5, 11, 23] : [0]) {
        for (let at = 1; at < 40; at++) {
          const power = new Power();
          const flash = new FakeNor(1024, 4, power);
          const first = opened(flash, 0).j;
          // Nearly round, so that cuts fall on erasing as well.
          let done = 0;
          for (; done < 16; done++) {
            first.ack(done);
            first.append(record(done), 0);
          }
          power.cutAt(at, how, words);
          try {
            for (let k = 0; k < 20; k++) {
              first.ack(done);
              if (first.append(record(done), 0) === Appended.DONE) done++;
            }
          } catch (e) {
            expect(e).toBeInstanceOf(PowerCut);
          }
          power.on();
          const { j, last } = opened(flash, 0);
          expect([done, done + 1]).toContain(j.next);
          expect(last).toBe(record(j.next - 1));
          check(j, j.first);
          // And it goes on.
          const next = j.next;
          j.ack(next);
          for (let k = 0; k < 12; k++) {
            j.ack(next + k);
            expect(j.append(record(next + k), 0)).toBe(Appended.DONE);
          }
          const late = opened(flash, next).j;
          expect(late.next).toBe(next + 12);
          check(late, late.first);
        }
      }
    }
  });

  it('steps over a place that does not take what is written, and gives up at the second', () => {
    const flash = new FakeNor(1024, 5);
    const { j } = opened(flash, 0);
    j.append(record(0), 0);
    flash.stuck.set(200, 0);
    flash.stuck.set(300, 0);
    for (let seq = 1; seq < 6; seq++) expect(j.append(record(seq), 0)).toBe(Appended.DONE);
    check(j, 0);
    const again = opened(flash, 0).j;
    expect(again.next).toBe(6);
    check(again, 0);
    for (let i = 0; i < flash.bytes.length; i += 16) flash.stuck.set(i, 0);
    expect(again.append(record(6), 0)).toBe(Appended.FAULT);
  });
});
