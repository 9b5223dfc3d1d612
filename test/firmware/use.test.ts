/** Every state of a use that a small set of inputs can reach, and what must hold on every step between them. */
import { Alarm } from '../../firmware/core/alarms';
import { Stroke, Why } from '../../firmware/core/parts';
import type { Input, Offer, Use } from '../../firmware/core/states';
import { Fx, In, Phase, Tray } from '../../firmware/core/states';
import { grantFits, newUse, step, useState } from '../../firmware/core/use';
import { RefusalCode } from '../../protocol/generated/codec';
import { Means } from '../../protocol/permit';

const REST = Tray.DIE | Tray.HOME | Tray.CASE;
const trays = [
  REST | Tray.BOLT | Tray.LID, REST | Tray.BOLT | Tray.LID | Tray.PAPER, REST | Tray.BOLT | Tray.PAPER,
  REST | Tray.LID | Tray.PAPER, (REST | Tray.BOLT | Tray.LID | Tray.PAPER) & ~Tray.CASE, Tray.FAULT,
];

function inputs(offers: Offer[]): Input[] {
  const all: Input[] = [{ in: In.START, tray: trays[0]! }, { in: In.TIMEOUT }];
  for (const tray of trays) all.push({ in: In.TRAY, tray });
  for (const person of [1, 2, 3]) {
    for (const offer of [undefined, ...offers.filter((o) => o.persons.includes(person))]) {
      for (const means of [Means.FINGER, Means.PASSCODE]) {
        // The shell offers only what the person's means may open (permits.ts, choose).
        if (offer !== undefined && (offer.means[offer.persons.indexOf(person)]! & means) === 0) continue;
        all.push({ in: In.PERSON, person, means, offer, code: offer === undefined ? RefusalCode.UNKNOWN_PERSON : 0 });
      }
    }
  }
  for (const code of [0, RefusalCode.HARDWARE, RefusalCode.LOG_FULL]) all.push({ in: In.PHOTO, code, detail: 1, digest: code === 0 ? 'digest' : '' });
  all.push({ in: In.GRANT, permit: 'a', digest: 'digest' }, { in: In.GRANT, permit: 'a', digest: 'other' }, { in: In.GRANT, permit: 'b', digest: 'digest' });
  for (const code of [0, RefusalCode.STALE, RefusalCode.USED_UP, RefusalCode.MOVED]) all.push({ in: In.CHARGED, code });
  all.push({ in: In.MOVED });
  const strokes: [Stroke, Why][] = [
    [Stroke.STAMPED, Why.FINE], [Stroke.STAMPED, Why.NOT_HOME], [Stroke.FAILED, Why.STOPPED], [Stroke.UNKNOWN, Why.STALL], [Stroke.UNKNOWN, Why.FINE],
  ];
  for (const [result, why] of strokes) all.push({ in: In.STROKE, result, why, grade: 0, trace: 't' });
  all.push({ in: In.PARKED, ok: true }, { in: In.PARKED, ok: false }, { in: In.CLOSE, reason: 2 });
  all.push({ in: In.ALARM, condition: Alarm.DIE, detail: 0 }, { in: In.CLEARED, condition: Alarm.DIE });
  return all;
}

interface Node {
  use: Use;
  /** A timer runs; the bolt was told to open; an intent has no outcome; OPENED has no CLOSED. */
  timer: boolean;
  bolt: boolean;
  owed: boolean;
  open: boolean;
}

function allowed(n: Node, i: Input): boolean {
  // What the shell promises: CHARGED answers CHARGE at once; with START everything has been stopped and recorded.
  if (n.use.phase === Phase.CHARGING) return i.in === In.CHARGED || i.in === In.ALARM || i.in === In.CLOSE || i.in === In.TIMEOUT || i.in === In.TRAY;
  if (i.in === In.CHARGED) return false;
  if (i.in === In.START) return n.use.phase === Phase.IDLE;
  if (i.in === In.TIMEOUT) return n.timer;
  return true;
}

function next(n: Node, i: Input, fail: (why: string) => void): Node {
  const before = JSON.stringify(n.use);
  const { state, effects } = step(n.use, i);
  if (JSON.stringify(n.use) !== before) fail('the state given was changed');
  const m: Node = { use: state, timer: n.timer, bolt: n.bolt, owed: n.owed, open: n.open };
  if (i.in === In.CHARGED && i.code === 0) m.owed = true;
  for (const e of effects) {
    if (e.fx === Fx.TIMER) m.timer = e.ms > 0;
    if (e.fx === Fx.BOLT) {
      if (e.open && !(i.in === In.CHARGED && i.code === 0 && n.use.phase === Phase.CHARGING && n.use.alarms === 0)) fail('bolt without intent');
      m.bolt = e.open;
    }
    if (e.fx === Fx.PRESS && !(m.bolt && m.owed && i.in === In.TRAY && !(i.tray & Tray.BOLT) && i.tray & Tray.LID && i.tray & Tray.PAPER && i.tray & Tray.CASE)) fail('press');
    if (e.fx === Fx.CHARGE) {
      if (!m.open || n.use.alarms !== 0) fail('charge without an opened use');
      if (e.offer.policy & 1 && e.photo === '') fail('charge without photo');
      if (e.offer.policy & 2 && i.in !== In.GRANT) fail('charge without grant');
      if (state.left <= 0) fail('charge without a use left');
    }
    if (e.fx === Fx.OUTCOME) {
      if (!m.owed) fail('outcome without intent');
      if (e.result === Stroke.STAMPED && !(i.in === In.STROKE && i.result === Stroke.STAMPED)) fail('stamped unproven');
      if (e.result === Stroke.FAILED && i.in !== In.STROKE && n.use.phase === Phase.PRESSING) fail('failed unproven');
      m.owed = false;
    }
    if (e.fx === Fx.OPENED) {
      if (m.open || n.use.alarms !== 0) fail('opened');
      for (const p of e.offer.persons) if (!state.shown.includes(p)) fail('opened without ' + p);
      m.open = true;
    }
    if (e.fx === Fx.CLOSED) {
      if (!m.open || m.owed) fail('closed');
      m.open = false;
    }
    if (e.fx === Fx.ALARM && !(state.alarms & (1 << e.condition))) fail('alarm not latched');
  }
  if (state.alarms & ~n.use.alarms && m.bolt) fail('alarm with open bolt');
  if (state.phase !== Phase.IDLE && !m.timer) fail('no way out of ' + state.phase);
  if (state.phase === Phase.IDLE && (m.timer || m.owed || m.open || m.bolt || state.offer !== undefined)) fail('idle with something left over');
  if (state.phase !== Phase.UNBOLTING && state.phase !== Phase.PRESSING && m.bolt) fail('bolt open in ' + state.phase);
  if (state.left < 0) fail('less than nothing left');
  if (useState(state) < 1 || useState(state) > 8) fail('state number');
  return m;
}

function settle(n: Node, fail: (why: string) => void): void {
  let m = n;
  for (let i = 0; i < 20; i++) {
    if (m.use.phase === Phase.IDLE) return;
    m = next(m, m.use.phase === Phase.CHARGING ? { in: In.CHARGED, code: RefusalCode.HARDWARE } : { in: In.TIMEOUT }, fail);
  }
  fail('does not come to rest');
}

describe('use', () => {
  const cases: [string, Offer[]][] = [
    ['one person', [{ id: 'a', persons: [1], means: [1], policy: 0, idle: 60, left: 2 }]],
    ['two persons, photos, grants', [{ id: 'a', persons: [1, 2], means: [1, 2], policy: 3, idle: 60, left: 2 }]],
    ['finger and passcode, and another by passcode', [{ id: 'a', persons: [1, 2], means: [3, 2], policy: 0, idle: 60, left: 1 }]],
    ['photos, and a second permit', [{ id: 'a', persons: [1, 2], means: [1, 1], policy: 1, idle: 60, left: 1 }, { id: 'b', persons: [1], means: [1], policy: 0, idle: 60, left: 1 }]],
  ];
  it.each(cases)('holds in every reachable state: %s', (_name, offers) => {
    const all = inputs(offers);
    const start: Node = { use: newUse(), timer: false, bolt: false, owed: false, open: false };
    const seen = new Map<string, string>([[JSON.stringify(start), 'start']]);
    const queue: Node[] = [start];
    const phases = new Set<number>();
    for (let n = queue.pop(); n !== undefined; n = queue.pop()) {
      const key = JSON.stringify(n);
      phases.add(n.use.phase);
      settle(n, (why) => { throw new Error(`${why}\n${seen.get(key)}`); });
      for (const i of all) {
        if (!allowed(n, i)) continue;
        const m = next(n, i, (why) => { throw new Error(`${why}\nfrom ${key}\nby ${JSON.stringify(i)}\npath ${seen.get(key)}`); });
        const k = JSON.stringify(m);
        if (seen.has(k)) continue;
        seen.set(k, key);
        queue.push(m);
      }
    }
    expect(phases.size).toBeGreaterThanOrEqual(7);
    expect(seen.size).toBeGreaterThan(100);
  });

  it('asks for another page between two strokes', () => {
    const offer = cases[0]![1][0]!;
    const page = REST | Tray.LID | Tray.PAPER;
    let s = newUse();
    const feed = (i: Input): number[] => {
      const r = step(s, i);
      s = r.state;
      return r.effects.map((e) => e.fx);
    };
    feed({ in: In.PERSON, person: 1, means: 1, offer, code: 0 });
    expect(feed({ in: In.TRAY, tray: page | Tray.BOLT })).toContain(Fx.CHARGE);
    expect(feed({ in: In.CHARGED, code: 0 })).toContain(Fx.BOLT);
    expect(feed({ in: In.TRAY, tray: page })).toContain(Fx.PRESS);
    feed({ in: In.STROKE, result: Stroke.STAMPED, why: Why.FINE, grade: 0, trace: '' });
    feed({ in: In.TRAY, tray: page | Tray.BOLT });
    expect([s.phase, s.left, s.turn]).toEqual([Phase.OPEN, 1, true]);
    expect(feed({ in: In.TRAY, tray: page | Tray.BOLT })).toEqual([]);
    feed({ in: In.TRAY, tray: (page | Tray.BOLT) & ~Tray.LID });
    expect(feed({ in: In.TRAY, tray: page | Tray.BOLT })).toContain(Fx.CHARGE);
  });

  it('takes a stroke grant for the photo at hand only', () => {
    const s: Use = { ...newUse(), phase: Phase.GRANT, offer: cases[1]![1][0], photo: 'digest' };
    expect([grantFits(s, 'a', 'digest'), grantFits(s, 'a', 'other'), grantFits(s, 'b', 'digest')]).toEqual([true, false, false]);
  });
});
