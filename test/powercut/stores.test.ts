/**
 * The stores of the firmware on a fake NOR, without the processor: power goes before, at each word of, and after every flash
 * operation of whole lives, and again in the start that follows. Nothing committed is lost, at most the tail is dropped, no
 * number is used twice, old keys are gone, it starts, and it goes on. How much: budget.ts.
 */
import { seededRandom } from '../../sim';
import { add, ALONE, coreSeconds, line, newTally, ONE_TEST_MS, SAMPLES, SEED, told, TOLD } from './budget';
import { cutOf, cutsAt, label } from './moments';
import { judgeWeak, life, Register, StoreJudgement, surveyRestart, type StoreMoment } from './stores-cuts';

const FILE = 'test/powercut/stores.test.ts';
/** Lives, and steps of each: a step is a permit, a use with photos, an alarm, an acknowledgement, a start. */
const LIVES = SAMPLES === Infinity ? 8 : 2;
const STEPS = 60;
/** Operations cut first in a pair: one in so many. */
const FIRST_EVERY = SAMPLES === Infinity ? 1 : 40;

const lives = Array.from({ length: LIVES }, (_, i) => i + 1);
const began = process.cpuUsage();
const single = newTally();
const pairs = newTally();
let pairSeconds = 0;

function lived(number: number): { register: Register; moments: StoreMoment[] } {
  const register = new Register();
  return { register, moments: life(seededRandom(number), STEPS, register) };
}

if (ALONE !== undefined) {
  test('alone', () => {
    const [, number, cuts] = /^life (\d+): (.*)$/.exec(ALONE!)!;
    const { register, moments } = lived(Number(number));
    const [first, second] = cuts!.split(', then ').map(cutOf);
    const within = second === undefined ? { register, moments } : surveyRestart(moments[first!.op - 1]!, first!, SEED, register);
    const tally = newTally();
    const cut = second ?? first!;
    new StoreJudgement(`life ${number}`, within.moments[cut.op - 1]!, SEED, within.register, tally).all([cut], Infinity);
    expect(tally.failed).toEqual([]);
  });
} else {
  afterAll(() => {
    console.log(line('the stores', single, coreSeconds(began) - pairSeconds));
    console.log(line('the stores, in pairs', pairs, pairSeconds));
  });

  test.each(lives)('life %i', (number) => {
    const { register, moments } = lived(number);
    const tally = newTally();
    for (const moment of moments) {
      if (tally.failed.length >= TOLD) break;
      new StoreJudgement(`life ${number}`, moment, SEED, register, tally).all(cutsAt(moment), SAMPLES);
    }
    add(single, tally);
    expect(told(tally.failed, FILE)).toEqual([]);
    // All four regions were written to, erased and used again.
    for (const region of ['vault', 'state', 'journal', 'photos']) {
      const erased = moments.filter((moment) => moment.region === region && moment.kind === 'erase').length;
      expect([region, erased > 2]).toEqual([region, true]);
    }
  }, ONE_TEST_MS);

  test('a write that does not take is noticed when it is read back, whichever it is', () => {
    const { register, moments } = lived(1);
    const failed: string[] = [];
    let weak = 0;
    for (let i = 0; i < moments.length; i += 45) {
      for (let n = 1; n < 60; n++) {
        try {
          if (!judgeWeak(moments[i]!, n, SEED, register)) break;
          weak++;
        } catch (error) {
          failed.push(`before operation ${i + 1}, write ${n}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    }
    expect(failed).toEqual([]);
    expect(weak).toBeGreaterThan(300);
  }, ONE_TEST_MS);

  test.each(lives)('twice: life %i', (number) => {
    const since = process.cpuUsage();
    const { register, moments } = lived(number);
    const tally = newTally();
    for (let i = number; i < moments.length && tally.failed.length < TOLD; i += FIRST_EVERY) {
      for (const first of cutsAt(moments[i]!, 1).slice(-1)) {
        const again = surveyRestart(moments[i]!, first, SEED, register);
        for (const moment of again.moments) {
          new StoreJudgement(`life ${number}: ${label(first)}, then`, moment, SEED, again.register, tally).all(cutsAt(moment), SAMPLES);
        }
      }
    }
    add(pairs, tally);
    pairSeconds += coreSeconds(since);
    expect(told(tally.failed, FILE).map((one) => one.replaceAll(', then: ', ', then '))).toEqual([]);
  }, ONE_TEST_MS);
}
