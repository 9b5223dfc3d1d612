/** After a cut: power comes back, and everything that SAFETY.md promises is asked for, until the unit is idle and empty. */
import type { Granted } from '../scenario/authority';
import { Refused, type Bench } from '../scenario/bench';
import { Kind } from '../scenario/chain';
import { chargedForNothing, judge, judgeDark } from '../scenario/oracle';
import { Gone } from '../scenario/link';
import { backInService, handOfDie, judgeOrders } from './custody';
import { useUp } from './sheets';

/** Condition UNKNOWN: power was lost in a stroke. The only alarm that a cut alone may raise. */
const UNKNOWN = 13;
/** A permit of the office is used this often more than it has strokes left. */
const BEYOND = 1;

export interface Aftermath {
  /** Alarms that the scenario itself may leave behind. */
  alarms: number[];
}

async function chargeLeft(bench: Bench, granted: Granted): Promise<{ left: number; closed: boolean }> {
  const { count, used, closed } = await bench.permitState(granted);
  if (used > count) throw new Error(`S2: ${used} of ${count} charged`);
  if (count < (granted.least ?? 0)) throw new Error(`L2: ${count} strokes where a top-up to ${granted.least} was answered`);
  return { left: count - used, closed };
}

/** L2: what is left can be used, and not once more. */
async function spend(bench: Bench, granted: Granted): Promise<void> {
  const { count, counter } = granted.claims;
  const { truth } = bench.unit;
  const before = await chargeLeft(bench, granted);
  const strokes = truth.strokeCount;
  await bench.pull();
  const lost = chargedForNothing(bench, granted);
  const due = before.closed ? 0 : before.left;
  for (let i = 0; i < count && !(await chargeLeft(bench, granted)).closed; i++) await useUp(bench, granted, count + BEYOND);
  const made = truth.strokeCount - strokes;
  if (made !== due) throw new Error(`L2: permit ${counter}: ${made} strokes where ${due} were left (of ${count}, ${lost} lost to cuts)`);
  await useUp(bench, granted, BEYOND);
  if (truth.strokeCount !== strokes + made) throw new Error(`S2: a stroke under permit ${counter}, which is used up`);
}

/** Loads a permit again; a unit that knows it answers with what it knows. */
export async function reload(bench: Bench, granted: Granted): Promise<boolean> {
  try {
    await bench.load(granted);
    return true;
  } catch (error) {
    // EXPIRED, REVOKED, REPLAYED: not to be had any more, and rightly so only where nothing is left of it.
    if (error instanceof Refused && [7, 9, 10].includes(error.code)) return false;
    throw error;
  }
}

/**
 * Without power now, after a cut: power comes back, and all that can be seen without using anything up is judged. What it came
 * to, in words, without times: two cuts with the same words left the unit in the same state.
 * @throws Error that begins with the line of SAFETY.md that was broken
 */
export async function wake(bench: Bench, { alarms }: Aftermath): Promise<string> {
  bench.unit.flash.noCuts();
  const known = bench.chain.next;
  const { hand, parts } = bench.unit;
  await judgeDark(bench);
  hand.closeLid();
  parts.actuator.faults.jamAt = undefined;
  parts.actuator.faults.noFloor = false;
  await bench.world.run(400);
  await bench.start();
  // Whoever still has a finger there takes it away before the time is known: no use shall open behind the office's back.
  if (parts.reader.touched) {
    await bench.until(() => !parts.reader.touched, 2000);
    // The reader, which looks once a second, sees the window empty.
    await bench.wait(1200);
  }
  await bench.pull();
  await bench.pullPhotos();
  judge(bench);
  await judgeOrders(bench);
  await handOfDie(bench);
  await bench.clearAlarms([...alarms, UNKNOWN]);
  await bench.setTime();
  await bench.pull();
  const states: string[] = [];
  for (const granted of bench.granted) states.push(await stateOf(bench, granted));
  const records = bench.chain.entries.slice(known).map(({ kind, boot, data }) => `${kind} ${boot} ${[...data].map(([key, value]) => `${key}=${String(value)}`).join(' ')}`);
  return [...records, ...states].join('\n');
}

async function stateOf(bench: Bench, granted: Granted): Promise<string> {
  try {
    const { used, count, closed } = await bench.permitState(granted);
    return `permit ${granted.claims.counter}: ${used} of ${count}${closed ? ', closed' : ''}`;
  } catch (error) {
    if (error instanceof Refused) return `permit ${granted.claims.counter}: ${error.code}`;
    throw error;
  }
}

/** After wake(): everything that is left is used up, and no more than that can be had. @throws as wake() does */
export async function finish(bench: Bench): Promise<void> {
  const { truth } = bench.unit;
  await backInService(bench);
  for (const granted of bench.granted) {
    if (bench.revoked.some((what) => (what.epoch === undefined ? granted.claims.id.equals(what.permit!) : granted.claims.epoch < what.epoch))) {
      if (await reload(bench, granted)) await chargeLeft(bench, granted);
      await useUp(bench, granted, BEYOND);
      continue;
    }
    if (await reload(bench, granted)) await spend(bench, granted);
    else if (!lawfullyGone(bench, granted)) throw new Error(`L2: permit ${granted.claims.counter} is refused with uses left`);
  }
  await bench.pull();
  await bench.pullPhotos();
  judge(bench);
  await bench.acknowledge();
  if (truth.boltOpen || truth.carrierMm > 0.3) throw new Error('S5: not locked at the end');
  if (truth.exceptions.length > 0) throw new Error(`exception: ${String(truth.exceptions[0]!.error)}`);
  bench.unit.power.cut();
}

export async function settle(bench: Bench, aftermath: Aftermath): Promise<void> {
  await wake(bench, aftermath);
  await finish(bench);
}

/** A permit may be unknown to the unit only when its record is there and it was closed for good. */
function lawfullyGone(bench: Bench, { claims }: Granted): boolean {
  return bench.chain.of(Kind.CLOSED).concat(bench.chain.of(Kind.REVOKED)).some(({ data, kind }) => kind === Kind.REVOKED || (data.get(1) as Buffer).equals(claims.id));
}

/** Runs steps until they are through or the power goes. True: it went. */
export async function untilGone(bench: Bench, steps: (bench: Bench) => Promise<void>): Promise<boolean> {
  try {
    await steps(bench);
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
    await bench.world.runUntil(() => !bench.unit.power.isOn, 5000);
    if (bench.unit.power.isOn) throw new Error(`L1: the link went although the unit has power: ${error.message}`);
    return true;
  }
  return false;
}
