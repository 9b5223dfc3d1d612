/** Two dies in a revolver, on the interpreter: the wrong one under the ram is refused, turned to it stamps; a tuned and graded press. */
'use strict';
const { Action, RecordKind, RefusalCode } = require('../../protocol');
const { Page, romCode } = require('../../sim');
const { DIE, until, wait } = require('./bench');

const READY = 1;
const SECOND = { rom: romCode(2), face: { name: 'second', widthMm: 40, heightMm: 40 } };
const OTHER = Buffer.from(SECOND.rom, 'hex').toString('latin1');

/** @param ceremony of people.js @param last of people.js */
async function dies(all, { ceremony, last }) {
  const { bench, host, check } = all;
  const { holders } = bench.parts;
  const first = holders.die;
  // Another holder around the same die: nothing that the unit could see.
  holders.revolver(4);
  holders.fit(first, 0);
  await ceremony(all, 'a second die put in', Action.DIE_IN, { persons: [8, 1], die: OTHER }, async () => {
    await bench.finger(8);
    await wait(1000);
    bench.hand.fitDie(SECOND, 1);
    await wait(12_000);
  });
  await ceremony(all, 'it is tuned', Action.DIE_TUNE, { die: OTHER, dwell: 600, duty: 70, life: 1 }, async () => undefined);
  const status = await host.status();
  check('both are told', status.die === DIE && [DIE + OTHER, OTHER + DIE].includes(status.dies) && status.alarms === 0, JSON.stringify([status.die, status.dies, status.alarms].map((one) => (typeof one === 'string' ? Buffer.from(one, 'latin1').toString('hex') : one))));
  check('a permit for the second', (await host.load(host.permit({ persons: [8, 1], die: OTHER, policy: 0 }))) === 0);
  await bench.finger(8);
  await wait(2500);
  check('the first is under the ram: refused', (await last(all, RecordKind.REFUSED)).values[1] === RefusalCode.TURN_DIE);
  check('turned', bench.hand.turn(1));
  await wait(500);
  await bench.finger(8);
  await wait(1500);
  bench.hand.insertPaper(Page.plain('second die'));
  bench.hand.closeLid();
  const strokes = bench.truth.strokes.length;
  check('the second stamps', (await until(() => bench.truth.strokes.length > strokes, 15_000)) && bench.truth.strokes.at(-1).die.rom === SECOND.rom);
  check('and closes', await host.state(READY, 15_000));
  check('the intent names it', (await last(all, RecordKind.INTENT)).values[5] === OTHER);
  check('the outcome is graded', (await last(all, RecordKind.OUTCOME)).values[7] === 1, (await last(all, RecordKind.OUTCOME)).values[7]);
  const after = await host.status();
  check('it wants ink, and is no alarm', after.strokesInked === 1 && after.inkLife === 1 && after.alarms === 0, `${after.strokesInked} of ${after.inkLife}`);
  bench.hand.removePaper();
  await ceremony(all, 'it is inked', Action.DIE_INKED, { die: OTHER }, async () => undefined);
  check('and counted anew', (await host.status()).strokesInked === 0);
  await ceremony(all, 'the second taken out', Action.DIE_OUT, { persons: [8, 1], die: OTHER }, async () => {
    await bench.finger(8);
    await wait(1000);
    bench.hand.removeDie(1);
    bench.hand.turn(0);
    await wait(12_000);
  });
  check('the first alone is no alarm', (await host.status()).alarms === 0 && (await host.status()).dies === DIE);
}

module.exports = { dies };
