/**
 * Place and motion on the interpreter: fences of both shapes, fixes that fail, the dock, being moved behind a photo, tilted, dropped and
 * carried away. Each ends with the unit ready again.
 */
'use strict';
const { performance } = require('node:perf_hooks');
const { beside, HOME, Page } = require('../../sim');
const { fenceBytes, GrantKind, MessageType, RecordKind, RefusalCode } = require('../../protocol');
const { wait } = require('./bench');

const READY = 1;
const OPEN = 3;
const GRANT = 5;
const Alarm = { TILT: 15, DROP: 16, FENCE: 17, MOVED: 18 };

const e7 = (degrees) => Math.round(degrees * 1e7);
const corner = (north, east) => {
  const spot = beside(HOME, north, east);
  return [e7(spot.latitude), e7(spot.longitude)];
};
const CIRCLE = [e7(HOME.latitude), e7(HOME.longitude), 300];
const SQUARE = [...corner(-300, -300), ...corner(-300, 300), ...corner(300, 300), ...corner(300, -300)];
const PLACE = { maxAge: 30, maxAccuracy: 50 };

/** @param {{bench, host, check}} all @param helpers openUse, clearAlarms, alarmed, emptyTray of troubles.js */
async function places(all, { openUse, clearAlarms, alarmed, emptyTray }) {
  const { bench, host, check } = all;
  const { where } = bench.truth;
  const { gnss, accelerometer, battery, actuator } = bench.parts;
  const lay = (id) => {
    bench.hand.insertPaper(Page.plain(id));
    bench.hand.closeLid();
  };
  /** Takes back every permit there is: a finger opens the oldest that names it, and eight are all that fit. */
  const forget = async () => {
    for (let counter = 1; counter <= host.counter; counter++) await host.apply({ kind: GrantKind.REVOKE, permit: host.permitId(counter), counter });
    await host.pull();
    await host.ack();
  };
  const open = async (change) => {
    await forget();
    return openUse(all, change);
  };
  const newest = async (kind) => (await host.pull(), host.records.findLast((record) => record.kind === kind));
  const refusedFor = async (code, ms = 6000) => {
    for (const end = performance.now() + ms; performance.now() < end; await wait(200)) if ((await newest(RecordKind.REFUSED))?.values[1] === code) return true;
    return false;
  };
  const fixed = async () => {
    for (const end = performance.now() + 25_000; performance.now() < end; await wait(300)) {
      const status = await host.status();
      if (status.accuracyM > 0 && status.fixAgeS < 3) return status;
    }
    return undefined;
  };

  /** The receiver rests until a permit asks for a place, and then takes some seconds. */
  const openHere = async (change) => {
    await forget();
    emptyTray(all);
    await host.load(host.permit({ ...PLACE, ...change }));
    await fixed();
    await bench.finger(7);
    return host.state(OPEN);
  };

  await forget();
  check('a permit for a polygon', (await host.load(host.permit({ ...PLACE, fences: fenceBytes([SQUARE]), persons: [8, 1] }))) === 0);
  const status = await fixed();
  check('the receiver finds the place', status !== undefined && Math.abs((status.latitude | 0) - e7(HOME.latitude)) < 1000 && (status.motion & 20) === 20, JSON.stringify(status));
  emptyTray(all);
  await bench.finger(8);
  check('inside the polygon it opens', await host.state(OPEN));
  check('and the place is recorded', (await newest(RecordKind.PLACE))?.values[6] === 1);
  lay('here');
  check('and it stamps', await host.state(READY, 15_000));
  check('inside a circle, photos judged', await openHere({ policy: 3, fences: fenceBytes([CIRCLE, SQUARE]) }));
  lay('moved');
  check('waits for its grant', await host.state(GRANT));
  const first = await newest(RecordKind.PHOTO);
  bench.hand.lift(600);
  check('picked up: photographed again', (await photographed(host, first.seq)) && (await host.state(GRANT)));
  await host.code(MessageType.USE_CLOSE);
  check('a permit that asks for stillness', await open({ policy: 11 }));
  lay('still');
  check('waits for its grant as well', await host.state(GRANT));
  bench.hand.lift(600);
  check('picked up: over', (await host.state(READY, 5000)) && (await refusedFor(RefusalCode.MOVED)));

  gnss.fault = 'outage';
  emptyTray(all);
  await forget();
  await host.load(host.permit({ maxAge: 2, maxAccuracy: 50, fences: fenceBytes([CIRCLE]), persons: [9, 1] }));
  await wait(5000);
  await bench.finger(9);
  check('no fix: refused', await refusedFor(RefusalCode.NO_FIX));
  gnss.fault = 'silent';
  await wait(7000);
  check('a silent receiver is told', ((await host.status()).motion & 32) === 32);
  gnss.fault = 'none';
  accelerometer.reset();
  check('the receiver is back', (await fixed()) !== undefined);

  // A sensor that failed for a moment: the unit has to be docked anew.
  battery.usb = false;
  await wait(3000);
  battery.usb = true;
  await wait(3000);
  check('for the dock: opens', await open({ policy: 4 }));
  battery.usb = false;
  check('without USB it is over', (await host.state(READY, 5000)) && (await refusedFor(RefusalCode.NOT_DOCKED)));
  battery.usb = true;
  await wait(3000);
  check('docked again it opens', await open({ policy: 4 }));
  bench.hand.carry(beside(HOME, 20, 0), 12_000);
  check('alarm: carried off', await alarmed(all, Alarm.MOVED, 16_000));
  where.put(HOME);
  check('ready again', await clearAlarms(all));

  check('for this place: opens', await openHere({ fences: fenceBytes([SQUARE, CIRCLE]) }));
  where.put(beside(HOME, 3000, 0));
  check('alarm: out of the fence, once the new place is believed', await alarmed(all, Alarm.FENCE, 25_000));
  where.put(HOME);
  check('ready again', await clearAlarms(all));
  bench.hand.drop();
  check('alarm: dropped', await alarmed(all, Alarm.DROP));
  check('ready again', await clearAlarms(all));

  actuator.faults.strength = 0.4;
  check('a slow stroke', await open({ policy: 0 }));
  bench.bus.body.onBolt = (open) => open && bench.hand.tilt(60);
  lay('tilted');
  check('alarm: tilted', await alarmed(all, Alarm.TILT, 15_000));
  bench.bus.body.onBolt = undefined;
  bench.hand.tilt(0);
  actuator.faults.strength = 1;
  await wait(1500);
  check('ready again', await clearAlarms(all));
}

/** Whether another photo than that of record `seq` is there within some seconds. */
async function photographed(host, seq) {
  for (const end = performance.now() + 10_000; performance.now() < end; await wait(200)) {
    await host.pull();
    if (host.records.some((record) => record.kind === RecordKind.PHOTO && record.seq > seq)) return true;
  }
  return false;
}

module.exports = { places };
