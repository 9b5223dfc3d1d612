/** Maintenance on the built bundle and the simulated parts: what moves, what is refused, and a die that is put in at any moment. */
import { Action, decodeMaintained, encodeMaintain, MaintainPart, MaintainWhat, MessageType, RefusalCode, type Maintained } from '../../protocol';
import { Bench, Refused } from '../scenario/bench';
import { Kind } from '../scenario/chain';

const MAINTENANCE = 16;
const DIE = 2;

class Technician {
  private constructor(readonly bench: Bench) {}

  static async come(): Promise<Technician> {
    const bench = new Bench();
    await bench.start();
    await bench.setTime();
    // By then it has read the die's tag twice, and knows which one it has.
    await bench.wait(25_000);
    return new Technician(bench);
  }

  async ceremony(action: Action): Promise<void> {
    await this.bench.ceremony(action, { persons: [8] });
    await this.bench.wait(600);
  }

  /** The die is out, maintenance is open. */
  async open(): Promise<void> {
    await this.ceremony(Action.DIE_OUT);
    this.bench.unit.hand.removeDie();
    await this.bench.wait(4000);
    await this.ceremony(Action.MAINTAIN);
    this.bench.unit.hand.closeLid();
    await this.bench.wait(500);
  }

  async order(what: MaintainWhat, part: MaintainPart = 0, ms = 0): Promise<Maintained> {
    return decodeMaintained(await this.bench.askOrRefuse('maintain', MessageType.MAINTAIN, encodeMaintain({ what, part, ms })))!;
  }

  async done(): Promise<Maintained> {
    for (;;) {
      const now = await this.order(MaintainWhat.SENSORS);
      if (now.busy === 0) return now;
      await this.bench.wait(100);
    }
  }

  async refusal(what: MaintainWhat, part: MaintainPart = 0, ms = 0): Promise<number> {
    try {
      await this.order(what, part, ms);
      return 0;
    } catch (error) {
      if (error instanceof Refused) return error.code;
      throw error;
    }
  }
}

test('self-test, jog and calibration on the parts themselves; everything comes home, nothing is stamped', async () => {
  const who = await Technician.come();
  const { bench } = who;
  expect(await who.refusal(MaintainWhat.SENSORS)).toBe(RefusalCode.NOT_MAINTAINED);
  await who.open();
  const { parts, truth } = bench.unit;
  await who.order(MaintainWhat.SELF_TEST);
  expect(await who.done()).toMatchObject({ done: MaintainWhat.SELF_TEST, result: 0 });
  await who.order(MaintainWhat.JOG, MaintainPart.PRESS, 300);
  await bench.wait(350);
  expect(truth.carrierMm).toBeGreaterThan(1);
  const jogged = await who.done();
  expect(jogged).toMatchObject({ done: MaintainWhat.JOG, result: 0 });
  await who.order(MaintainWhat.CALIBRATE);
  const { trace } = await who.done();
  const proof = Buffer.from(trace, 'latin1');
  // It ends at the stop.
  expect(proof[1]).toBe(2);
  expect(proof.readUInt16BE(8)).toBeGreaterThan(0);
  expect(proof.readUInt16BE(6)).toBeGreaterThan(150);
  expect(parts.switches.home.pressed).toBe(true);
  expect(truth.boltOpen).toBe(false);
  const seen = await who.order(MaintainWhat.SENSORS);
  expect(seen.sensors & 0b1111101).toBe(0b1011001);
  expect(seen.dies).toBe('');
  await who.order(MaintainWhat.END);
  await bench.pull();
  expect(bench.chain.of(MAINTENANCE).map(({ data }) => data.get(1))).toEqual([0, 1, 2, 3, 5]);
  expect(truth.strokes).toEqual([]);
  expect(truth.exceptions).toEqual([]);
});

test('a bolt that stays open behind a movement is told as the result of the movement', async () => {
  const who = await Technician.come();
  const { bench } = who;
  await who.open();
  await who.order(MaintainWhat.JOG, MaintainPart.PRESS, 100);
  await bench.wait(80);
  bench.unit.parts.bolt.fault = 'jammed open';
  expect(await who.done()).toMatchObject({ done: MaintainWhat.JOG, result: 11 });
  expect(bench.unit.truth.boltOpen).toBe(true);
  bench.unit.parts.bolt.fault = 'none';
});

// Later it is out of reach, under a closed lid.
test.each([20, 60, 120, 200, 300, 500, 700])('a die put in %i ms after a whole press has begun is never brought down', async (ms) => {
  const who = await Technician.come();
  const { bench } = who;
  await who.open();
  const { truth } = bench.unit;
  const die = { rom: '0101000000000034', face: { name: 'company', widthMm: 40, heightMm: 40 } };
  await who.order(MaintainWhat.CALIBRATE);
  await bench.wait(ms);
  const at = truth.carrierMm;
  bench.unit.hand.fitDie(die);
  await bench.wait(100);
  expect(truth.carrierMm).toBeLessThan(at + 3);
  await bench.wait(6000);
  expect(truth.strokes).toEqual([]);
  expect(truth.boltOpen).toBe(false);
  expect(bench.unit.parts.switches.home.pressed).toBe(true);
  expect(await who.refusal(MaintainWhat.JOG, MaintainPart.PRESS, 100)).toBe(RefusalCode.NOT_MAINTAINED);
  await bench.pull();
  expect(bench.chain.of(Kind.ALARM).map(({ data }) => data.get(1))).toEqual([DIE]);
  expect(bench.chain.of(MAINTENANCE).map(({ data }) => [data.get(1), data.get(8)]).at(-1)).toEqual([5, 3]);
});

test('power lost in a jog: it starts at rest, and maintenance is over', async () => {
  const who = await Technician.come();
  const { bench } = who;
  await who.open();
  await who.order(MaintainWhat.JOG, MaintainPart.PRESS, 500);
  await bench.wait(400);
  bench.unit.power.cut();
  await bench.world.run(500);
  bench.unit.power.on();
  expect(await bench.until(() => bench.link.ready !== undefined && bench.link.ready.boot === 2, 10_000)).toBe(true);
  await bench.wait(3000);
  expect(await who.refusal(MaintainWhat.SENSORS)).toBe(RefusalCode.NOT_MAINTAINED);
  expect(bench.unit.truth.boltOpen).toBe(false);
  expect(bench.unit.parts.switches.home.pressed).toBe(true);
  expect(bench.link.state).toBe(1);
});
