import type { Timers } from '../../sim/io';
import { Pacer, throttle } from '../../sim/io';
import { device } from './wires';

/** A clock that is moved by hand, whose timers come `late` ms late. */
function handClock(late: () => number): Timers & { run(until: number): void } {
  let now = 0;
  let entered = 0;
  let due: { at: number; order: number; call: () => void }[] = [];
  return {
    now: () => now,
    after(ms, call) {
      const entry = { at: now + ms + late(), order: entered++, call };
      due.push(entry);
      return () => (due = due.filter((other) => other !== entry));
    },
    run(until) {
      for (;;) {
        due.sort((a, b) => a.at - b.at || a.order - b.order);
        if (due.length === 0 || due[0].at > until) break;
        const { at, call } = due.shift()!;
        now = Math.max(now, at);
        call();
      }
      now = until;
    },
  };
}

test.each([[0], [0.7], [15]])('a full line carries exactly its rate although timers come %d ms late', (late) => {
  const clock = handClock(() => late);
  let out = 0;
  const pacer = new Pacer(clock, 11.52, (bytes) => (out += bytes.length));
  for (let i = 0; i < 100; i++) pacer.push(Buffer.alloc(1024));
  clock.run(1000);
  expect(out).toBeLessThanOrEqual(11520);
  expect(out).toBeGreaterThan(11520 - 11.52 * (late + 2));
  clock.run(20_000);
  expect(out).toBe(102_400);
  expect(pacer.length).toBe(0);
});

test('an idle line saves nothing up', () => {
  const clock = handClock(() => 0);
  let out = 0;
  const pacer = new Pacer(clock, 1, (bytes) => (out += bytes.length));
  clock.run(10_000);
  pacer.push(Buffer.alloc(100));
  clock.run(10_050);
  expect(out).toBeLessThanOrEqual(50);
  expect(out).toBeGreaterThanOrEqual(49);
});

test('both directions keep their order, and what is cleared is gone', () => {
  const clock = handClock(() => 0);
  const unit = device();
  const slow = throttle(unit, 9600, clock);
  let heard = '';
  slow.onData((bytes) => (heard += bytes.toString()));
  for (const word of ['the ', 'order ', 'is ', 'kept']) {
    unit.say(Buffer.from(word));
    slow.write(Buffer.from(word));
  }
  expect([heard, unit.heard.toString()]).toEqual(['', '']);
  clock.run(100);
  expect([heard, unit.heard.toString()]).toEqual(['the order is kept', 'the order is kept']);
  let out = 0;
  const pacer = new Pacer(clock, 1, () => out++);
  pacer.push(Buffer.alloc(10));
  pacer.clear();
  clock.run(1000);
  expect(out).toBe(0);
});
