/** Maintenance, on the interpreter: opened without a die, self-test, jogs, a whole press; a die ends it. */
'use strict';
const { Action, decodeMaintained, encodeMaintain, GrantKind, MessageType, RecordKind, RefusalCode } = require('../../protocol');
const { until, wait } = require('./bench');
const { T0 } = require('./host');

const SELF_TEST = 1;
const JOG = 2;
const CALIBRATE = 3;
const SENSORS = 4;
const END = 5;
const ALARMED = 8;

async function maintenance({ bench, host, check }) {
  check('maintenance: handshake', (await host.connect()) !== undefined);
  await host.setTime();
  const order = async (action) => {
    host.counter++;
    const code = await host.apply({
      kind: GrantKind.CEREMONY, action, permit: `ceremony${host.counter}`.padEnd(16, '-'), counter: host.counter, epoch: 0, notBefore: T0 - 100, notAfter: T0 + 1_000_000, persons: [8, 1],
    });
    await bench.finger(8);
    await wait(2500);
    return code;
  };
  const ask = (what, part = 0, ms = 0) => host.ask(MessageType.MAINTAIN, encodeMaintain({ what, part, ms }));
  const refusal = (what, part, ms) => host.code(MessageType.MAINTAIN, encodeMaintain({ what, part: part ?? 0, ms: ms ?? 0 }));
  const done = async () => {
    for (let i = 0; i < 200; i++) {
      const [answer] = await ask(SENSORS);
      if (answer.type !== MessageType.MAINTAINED) return undefined;
      const now = decodeMaintained(answer.body);
      if (now.busy === 0) return now;
      await wait(100);
    }
    return undefined;
  };
  check('not open: refused', (await refusal(SENSORS)) === RefusalCode.NOT_MAINTAINED);
  // It has read the die's tag twice by then, for the first time in its life.
  check('its die is known', await until(async () => (await host.status()).dies !== '', 10_000));
  await order(Action.DIE_OUT);
  const die = bench.hand.removeDie();
  await wait(12_000);
  await order(Action.MAINTAIN);
  check('open', (await refusal(SENSORS)) === 0, (await host.pull()).map(({ kind }) => kind).join(' '));
  bench.hand.closeLid();
  const [first] = await ask(SELF_TEST);
  check('begun', first.type === MessageType.MAINTAINED, JSON.stringify(first));
  let came = await done();
  check('self-test: every part is well', came?.done === SELF_TEST && came.result === 0, JSON.stringify(came));
  for (const part of [3, 1, 2]) {
    await ask(JOG, part, 200);
    came = await done();
    check(`jog ${part}`, came?.done === JOG && came.result === 0, JSON.stringify(came));
  }
  await ask(CALIBRATE);
  came = await done();
  check('a whole press ends at its stop, and home', came?.done === CALIBRATE && came.result === 2 && bench.parts.switches.home.pressed && !bench.truth.boltOpen, JSON.stringify(came));
  check('told to end', (await refusal(END)) === 0 && (await refusal(SENSORS)) === RefusalCode.NOT_MAINTAINED);
  await order(Action.MAINTAIN);
  bench.hand.fitDie(die);
  check('a die ends it, locked', (await host.state(ALARMED)) && (await refusal(JOG, 1, 100)) === RefusalCode.NOT_MAINTAINED);
  await host.pull();
  const told = host.records.filter(({ kind }) => kind === RecordKind.MAINTENANCE).map(({ values }) => values[1]).join(' ');
  check('each has its record', told === '0 1 2 2 2 3 5 0 5', told);
  check('nothing was stamped', await until(() => bench.truth.strokes.length === 0, 10));
}

module.exports = { maintenance };
