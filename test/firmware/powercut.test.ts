/**
 * The main scenario with the power cut at each flash operation: before it, torn at its words, after it. After each cut
 * the device is started again and must satisfy SAFETY.md: S2 count, S3 evidence, S4 records, S5 locked, L1, L2.
 */
import { Alarm } from '../../firmware/core/alarms';
import { RecordKind } from '../../protocol/evidence';
import { GrantKind } from '../../protocol/permit';
import type { How } from './fake-nor';
import type { Read } from './evidence';
import { verify } from './evidence';
import { Rig } from './rig';

const COUNT = 2;

interface Run {
  rig: Rig;
  permit: string;
  known: Read[];
}

function read(run: Run): void {
  if (run.rig.device !== undefined && !run.rig.power.dead) run.known = verify(run.rig.device.log.journal, run.known);
}

/** One page under the lid, until the device is at rest or the power is gone. */
function stampPage(rig: Rig): void {
  rig.page();
  rig.until(() => rig.power.dead || (rig.device!.use.phase <= 3 && rig.device!.use.phase !== 2 && !(rig.device!.use.phase === 3 && !rig.device!.use.turn)), 6000);
}

/** Acknowledges everything. */
function acknowledge(run: Run): void {
  const { rig } = run;
  read(run);
  if (run.known.length === 0) return;
  const through = run.known.length;
  const hash = rig.device!.natives.sha256(run.known[through - 1]!.bytes);
  rig.apply({ kind: GrantKind.ACK, recordsThrough: through, photosThrough: through, hash });
}

/** From power-on to the end of the permit, as far as the power lasts. */
function scenario(run: Run): void {
  const { rig } = run;
  rig.boot();
  if (rig.power.dead) return;
  rig.until(() => rig.power.dead || rig.device!.use.phase === 1, 5000);
  const steps: (() => void)[] = [
    () => void rig.connect(),
    () => void rig.setTime(),
    () => void rig.load(run.permit),
    () => read(run),
    () => rig.finger(3),
    () => stampPage(rig),
    () => acknowledge(run),
    () => rig.finger(-1),
    () => stampPage(rig),
    () => read(run),
  ];
  for (const one of steps) {
    if (rig.power.dead || rig.device === undefined) return;
    one();
  }
}

function fresh(): Run {
  const rig = new Rig({ journalPages: 8, photoPages: 24, page: 1024 });
  rig.photoSize = 1100;
  return { rig, permit: rig.permit({ count: COUNT, policy: 1 }), known: [] };
}

/** Starts again, and holds the device to its promises. */
function judge(run: Run, label: string): void {
  const { rig } = run;
  const note = (what: string): string => `${label}: ${what}`;
  rig.lid = false;
  rig.paper = false;
  rig.out = rig.strokes.length % 2 === 1;
  rig.boot();
  if (rig.device === undefined) throw new Error(note('does not start'));
  if (!rig.until(() => rig.device!.use.phase === 1, 5000)) throw new Error(note('not at rest within 5 s'));
  if (rig.boltOpen) throw new Error(note('bolt open'));
  const before = run.known.length;
  let records: Read[];
  try {
    records = verify(rig.device.log.journal, run.known);
  } catch (e) {
    throw new Error(note(String(e)));
  }
  if (records.length < before) throw new Error(note('records lost'));
  run.known = records;
  const intents = records.filter((r) => r.kind === RecordKind.INTENT);
  const outcomes = records.filter((r) => r.kind === RecordKind.OUTCOME);
  if (rig.strokes.length > intents.length) throw new Error(note('a stroke without intent'));
  expect(outcomes.map((r) => r.data.get(5))).toEqual(intents.map((r) => r.seq));
  if (!rig.connect()) throw new Error(note('no link'));
  const t = rig.setTime();
  if (t !== 0) throw new Error(note('time ' + t));
  const l = rig.load(run.permit);
  if (l !== 0) throw new Error(note('permit refused ' + l));
  const unknown = rig.device.state.latched(Alarm.UNKNOWN);
  if (rig.device.state.alarmBits() & ~(1 << Alarm.UNKNOWN)) throw new Error(note('alarms ' + rig.device.state.alarmBits()));
  if (unknown !== undefined) {
    const c = rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.UNKNOWN, seq: unknown.seq });
    if (c !== 0) throw new Error(note('not cleared ' + c));
  }
  let used = rig.permitState(1)!.used;
  if (used < rig.strokes.length) throw new Error(note(`${rig.strokes.length} strokes, ${used} charged`));
  const lost = used - rig.strokes.length;
  if (lost > 1) throw new Error(note('more than one stroke charged for nothing'));
  if (used < COUNT) rig.finger(3);
  for (let i = 0; i < COUNT && used < COUNT; i++) {
    stampPage(rig);
    used = rig.permitState(1)!.used;
  }
  expect([note('used'), used, note('strokes'), rig.strokes.length]).toEqual([note('used'), COUNT, note('strokes'), COUNT - lost]);
  if (!rig.permitState(1)!.closed) throw new Error(note('not closed'));
  rig.finger(3);
  stampPage(rig);
  if (rig.strokes.length !== COUNT - lost) throw new Error(note('over-count'));
  read(run);
  for (const one of rig.boltOpenings) if (one.to - one.from > 2500) throw new Error(note('bolt open too long'));
  acknowledge(run);
  if (rig.device.log.fault !== 0) throw new Error(note('journal fault'));
}

function operations(): number {
  const run = fresh();
  scenario(run);
  expect(run.rig.strokes).toHaveLength(COUNT);
  return run.rig.power.ops;
}

describe('power cuts', () => {
  it('at every flash operation of the main scenario', () => {
    const ops = operations();
    expect(ops).toBeGreaterThan(40);
    let cuts = 0;
    const ways: [How, number][] = [['before', 0], ['torn', 0], ['torn', 1], ['torn', 5], ['torn', 29], ['after', 0]];
    for (const [how, words] of ways) {
      for (let at = 1; at <= ops; at++) {
        const run = fresh();
        run.rig.power.cutAt(at, how, words);
        scenario(run);
        if (run.rig.cut) cuts++;
        judge(run, `${how} ${words} at ${at}`);
      }
    }
    expect(cuts).toBe(ops * ways.length);
  });

  it('twice: again at each operation of the start that follows', () => {
    const ops = operations();
    for (let at = 1; at <= ops; at += 3) {
      for (let second = 1; second <= 14; second++) {
        const run = fresh();
        run.rig.power.cutAt(at, at % 2 ? 'torn' : 'after', at % 7);
        scenario(run);
        const how: How = second % 2 ? 'torn' : 'after';
        run.rig.bootWithCut(second, how, second % 3);
        judge(run, `${at}, then ${how} at ${second}`);
      }
    }
  });

  it('in time: while bolt and actuator move', () => {
    for (let ms = 5; ms < 1600; ms += 45) {
      const run = fresh();
      const { rig } = run;
      rig.boot();
      rig.until(() => rig.device!.use.phase === 1);
      rig.connect();
      rig.setTime();
      rig.load(run.permit);
      rig.finger(3);
      rig.page();
      rig.run(ms);
      read(run);
      rig.die();
      judge(run, `after ${ms} ms`);
    }
  });
});
