/**
 * What no other scene brings about, on the interpreter: the alarms of bolt, page, switches, case, reader and of who asks too often;
 * strangers over a power cut; more strokes and a rejected page; a photo that no host hands over; both languages; sleep; the end of a seal.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Page, Shapes, readable } = require('../../sim');
const { Action, GrantKind, MessageType, RecordKind, RefusalCode } = require('../../protocol');
const { until, wait } = require('./bench');
const { T0 } = require('./host');
const { alarmed, clearAlarms, emptyTray, lay, openUse } = require('./troubles');

const READY = 1;
const OPEN = 3;
const LOOKING = 4;
const GRANT = 5;
/** Numbers of firmware/core/alarms.ts and Close of firmware/core/states.ts. */
const Alarm = { BOLT: 5, FINGER: 9, PAPER: 10, SENSORS: 11, OVERCOUNT: 12, READER: 20, CASE: 21, LINK: 23 };
const Close = { PAGE: 9 };
const GOOD = 0;

async function last({ host }, kind) {
  await host.pull();
  return host.records.findLast((record) => record.kind === kind);
}

const ceremony = (host, action, change = {}) => host.apply({
  kind: GrantKind.CEREMONY, action, permit: `ceremony${++host.counter}`.padEnd(16, '-'), counter: host.counter, epoch: 0, notBefore: T0 - 100, notAfter: T0 + 1_000_000, ...change,
});

/** A new alarm, and after `mend` ready again. */
async function cured(all, what, condition, mend) {
  all.check(`alarm: ${what}`, await alarmed(all, condition, 20_000));
  await mend();
  all.check('ready again', await clearAlarms(all));
}

async function locks(all) {
  const { bench, host, check } = all;
  check('a bolt that does not open: a use', await openUse(all));
  bench.parts.bolt.fault = 'jammed closed';
  lay(all, 'bolt');
  await cured(all, 'bolt', Alarm.BOLT, () => (bench.parts.bolt.fault = 'none'));
  check('nothing was stamped, nothing charged', bench.truth.strokes.length === 0 && (await host.permitState()).used === 0);
  await host.apply({ kind: GrantKind.REVOKE, permit: host.permitId(), counter: host.counter });
  check('a page that waits for its grant', await openUse(all, { policy: 3 }));
  lay(all, 'pulled');
  check('was photographed', await host.state(GRANT));
  bench.hand.yankPaper();
  await cured(all, 'the page was pulled', Alarm.PAPER, () => bench.hand.openLid());
  await host.apply({ kind: GrantKind.REVOKE, permit: host.permitId(), counter: host.counter });
  bench.parts.expander.silent = true;
  await cured(all, 'the switches are silent', Alarm.SENSORS, async () => {
    bench.parts.expander.silent = false;
    await wait(3000);
  });
  bench.hand.openCase();
  await cured(all, 'the case is open', Alarm.CASE, async () => {
    bench.hand.closeCase();
    await wait(1500);
  });
}

async function grants(all) {
  const { bench, host, check } = all;
  check('one stroke, judged photos', await openUse(all, { policy: 3 }));
  const permit = host.permitId();
  const used = host.counter;
  check('one more', (await host.apply({ kind: GrantKind.TOP_UP, permit, count: 2, counter: ++host.counter, epoch: 0 })) === GOOD && (await host.permitState(used)).count === 2);
  lay(all, 'first');
  await host.state(GRANT);
  const photo = await last(all, RecordKind.PHOTO);
  check('the page is granted and stamped', (await host.apply({ kind: GrantKind.STROKE, permit, photo: photo.values[3], seq: photo.seq })) === GOOD && (await host.state(OPEN, 15_000)));
  emptyTray(all);
  await wait(400);
  lay(all, 'second');
  check('the next one waits', await host.state(GRANT, 15_000));
  const other = await last(all, RecordKind.PHOTO);
  check('is rejected, and the use is over', (await host.apply({ kind: GrantKind.REJECT, permit, photo: other.values[3], seq: other.seq })) === GOOD && (await host.state(READY)));
  check('its record says so', (await last(all, RecordKind.CLOSED)).values[2] === Close.PAGE && bench.truth.strokes.length === 1);
  await host.apply({ kind: GrantKind.REVOKE, permit, counter: used });
  check("the host's photo: a use", await openUse(all, { policy: 33 }));
  lay(all, 'unseen');
  check('is waited for', await host.state(LOOKING));
  check('for a minute', await until(async () => (await last(all, RecordKind.REFUSED))?.values[1] === RefusalCode.NO_PHOTO, 75_000));
  check('then it is over, nothing stamped', (await host.state(READY)) && bench.truth.strokes.length === 1);
  await host.apply({ kind: GrantKind.REVOKE, permit: host.permitId(), counter: host.counter });
}

async function tries(all) {
  const { bench, host, check } = all;
  for (let i = 0; i < 3; i++) {
    await bench.finger(undefined);
    await wait(2500);
  }
  await bench.cut();
  await wait(300);
  bench.restore();
  check('strangers, a cut', (await host.connect()) !== undefined && (await host.status()).alarms === 0);
  await host.setTime();
  for (let i = 0; i < 2; i++) {
    await bench.finger(undefined);
    await wait(2500);
  }
  await cured(all, 'five in all', Alarm.FINGER, () => undefined);
  check('a permit', await openUse(all, { policy: 0 }));
  lay(all, 'only one');
  check('is used up', await host.state(READY, 15_000));
  for (let i = 0; i < 6; i++) {
    await bench.finger(7);
    await wait(2000);
  }
  await cured(all, 'asked for again and again', Alarm.OVERCOUNT, () => undefined);
}

async function rests(all) {
  const { bench, host, check } = all;
  const shapes = new Shapes(fs.readFileSync(path.resolve(__dirname, '../../dist/firmware/font.bin')));
  const glass = () => readable(shapes.rows(bench.parts.display)).join('|');
  bench.hand.type('A', 1200);
  check('key A: English', await until(() => /office connected|not connected|No permit|Locked/.test(glass()), 15_000), glass());
  emptyTray(all);
  bench.hand.closeLid();
  bench.parts.battery.usb = false;
  check('on its battery and left alone it sleeps', await until(() => !bench.parts.display.lit, 200_000), glass());
  bench.hand.type('A', 1200);
  check('a key wakes it, in Chinese', await until(() => /印章|办公室/.test(glass()), 15_000), glass());
  bench.parts.battery.usb = true;
  await wait(3000);
}

/** Without a time of the authority for longer than a journey may last so: the office is silent. */
async function silence(all) {
  const { bench, host, check } = all;
  const { time } = await host.status();
  check('taken out', (await ceremony(host, Action.TAKE_OUT, { subject: 7, persons: [8, 1, 7, 1], until: time + 5000, silence: 60 })) === GOOD);
  for (const person of [8, 7]) {
    await bench.finger(person);
    await wait(2000);
  }
  check('it is out', await until(async () => (await host.status()).custody === 2, 8000));
  check('alarm: not heard of for a minute', await alarmed(all, Alarm.LINK, 90_000));
  await host.setTime();
  check('given back', (await ceremony(host, Action.RETURN, { persons: [8, 1] })) === GOOD);
  await bench.finger(8);
  check('it is back', await until(async () => (await host.status()).custody === 1, 10_000));
  check('ready again', await clearAlarms(all));
}

async function ends(all) {
  const { bench, host, check } = all;
  check('the seal is destroyed', (await ceremony(host, Action.DESTROY, { persons: [8, 1, 9, 1] })) === GOOD);
  for (const person of [8, 9]) {
    await bench.finger(person);
    await wait(2000);
  }
  check('out of service for good', await until(async () => (await host.status()).service === 2, 8000));
  check('nothing brings it back', (await ceremony(host, Action.RESUME)) !== GOOD || (await host.status()).service === 2);
  bench.parts.reader.swap('nobody', false);
  check('alarm: another reader', await alarmed(all, Alarm.READER, 20_000));
  check('the host may still read everything', (await host.code(MessageType.STATUS_GET)) === GOOD && (await host.pull()) !== undefined);
}

/** @param {{bench, host, check}} all */
async function rest(all) {
  await all.host.connect();
  await all.host.setTime();
  await locks(all);
  await grants(all);
  await tries(all);
  await rests(all);
  await silence(all);
  await ends(all);
}

module.exports = { rest };
