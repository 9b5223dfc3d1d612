/**
 * What can go wrong, on the interpreter: every alarm that a part can raise, revocation, an old unit whose vault, state and
 * journal turn their pages, a deaf host, exceptions, the watchdog, lost flash. Each ends with the unit ready again.
 */
'use strict';
const fs = require('node:fs');
const { performance } = require('node:perf_hooks');
const path = require('node:path');
const { Page } = require('../../sim');
const { GrantKind, MessageType, RecordKind, RefusalCode } = require('../../protocol');
const { until, wait } = require('./bench');
const { T0 } = require('./host');
const { places } = require('./places');

const READY = 1;
const OPEN = 3;
const LOOKING = 4;
const GRANT = 5;
const ALARM = 8;
/** Numbers of firmware/core/alarms.ts, a const enum that leaves nothing behind when compiled. */
const Alarm = { LID: 1, DIE: 2, STALL: 3, CONTACT: 4, BATTERY: 6, JOURNAL: 7, CAMERA: 8, FINGER: 9, INTERNAL: 14 };

/** Clears all that is latched, as the authority does. */
async function clearAlarms({ host }) {
  await host.pull();
  const latched = new Map();
  for (const { kind, seq, values } of host.records) {
    if (kind === RecordKind.ALARM) latched.set(values[1], seq);
    if (kind === RecordKind.CLEARED) latched.delete(values[1]);
  }
  for (const [condition, seq] of latched) await host.apply({ kind: GrantKind.CLEAR, condition, seq });
  if (await host.state(READY)) return true;
  const { state, alarms } = await host.status();
  console.log(`       state ${state}, alarms ${alarms.toString(2)}`);
  return false;
}

/** Whether an alarm is latched within so many ms. */
async function alarmed({ host }, condition, ms = 12_000) {
  for (const end = performance.now() + ms; performance.now() < end; await wait(50)) {
    const { state, alarms } = await host.status();
    if (state === ALARM && alarms & (1 << condition)) return true;
  }
  return false;
}

/** A fresh sheet under an open lid. */
function emptyTray({ bench }) {
  bench.hand.openLid();
  if (bench.truth.page !== undefined) bench.hand.removePaper();
}

async function openUse(all, change = {}) {
  emptyTray(all);
  await all.host.load(all.host.permit(change));
  await all.bench.finger(change.persons?.[0] ?? 7);
  return all.host.state(OPEN);
}

/** Lays a sheet in and closes the lid. */
function lay({ bench }, id) {
  bench.hand.insertPaper(Page.plain(id));
  bench.hand.closeLid();
}

async function grants(all) {
  const { host, check } = all;
  check('cleared by the authority: ready again', await clearAlarms(all));
  check('an idle use opens', await openUse(all, { idle: 1, persons: [8, 1] }));
  check('and closes by itself', await host.state(READY, 5000));
  check('a use with judged photos opens', await openUse(all, { policy: 3 }));
  lay(all, 'judged');
  check('waits for the grant of its photo', await host.state(GRANT));
  const photo = (await host.pull()).findLast((record) => record.kind === RecordKind.PHOTO);
  const stroke = { kind: GrantKind.STROKE, permit: host.permitId(), photo: photo.values[3], seq: photo.seq };
  check('a grant for another photo is refused', (await host.apply({ ...stroke, photo: 'x'.repeat(32) })) === RefusalCode.STALE);
  check('the grant stamps', (await host.apply(stroke)) === 0 && (await host.state(READY, 15_000)));
  check('a revoked permit', (await host.load(host.permit())) === 0 && (await host.apply({ kind: GrantKind.REVOKE, permit: host.permitId(), counter: host.counter })) === 0);
  check('is closed', (await host.permitState()).closed);
}

async function strokes(all) {
  const { bench, host, check } = all;
  check('the lid opens as the bolt does', await openUse(all));
  bench.bus.body.onBolt = (open) => open && bench.hand.openLid();
  lay(all, 'lid');
  check('alarm: lid', await alarmed(all, Alarm.LID, 15_000));
  bench.hand.closeLid();
  check('ready again', await clearAlarms(all));
  check('the contact closes before the stroke', await openUse(all));
  bench.bus.body.onBolt = (open) => open && (bench.parts.switches.contact.fault = 'stuck closed');
  lay(all, 'contact');
  check('alarm: contact', await alarmed(all, Alarm.CONTACT, 15_000));
  bench.bus.body.onBolt = undefined;
  bench.parts.switches.contact.fault = 'none';
  check('ready again', await clearAlarms(all));
  check('a weak motor', await openUse(all));
  bench.parts.actuator.faults.strength = 0.65;
  lay(all, 'weak');
  const before = bench.truth.strokes.length;
  check('stamps too, and the bolt falls by itself', (await until(() => bench.truth.strokes.length > before, 15_000)) && (await host.state(READY, 15_000)));
  bench.parts.actuator.faults.strength = 1;
  check('the actuator jams on its way home', await openUse(all));
  bench.parts.actuator.faults.jamHomeAt = 8;
  lay(all, 'jam');
  check('alarm: stall', await alarmed(all, Alarm.STALL, 15_000));
  bench.parts.actuator.faults.jamHomeAt = undefined;
  bench.parts.actuator.refresh();
  check('freed and cleared it goes home: ready again', (await clearAlarms(all)) && bench.parts.actuator.positionMm < 0.3);
  check('the lid opens while the photo is taken', await openUse(all));
  bench.parts.camera.slowMs = 1500;
  lay(all, 'moved');
  check('the photo begins', await host.state(LOOKING));
  bench.hand.openLid();
  check('and is given up', await host.state(OPEN));
  bench.parts.camera.slowMs = 0;
  bench.parts.camera.fault = 'truncated';
  bench.hand.closeLid();
  check('alarm: camera', await alarmed(all, Alarm.CAMERA, 15_000));
  bench.parts.camera.fault = 'none';
  check('ready again', await clearAlarms(all));
}

async function watched(all) {
  const { bench, host, check } = all;
  const die = bench.hand.removeDie();
  check('alarm: die', await alarmed(all, Alarm.DIE));
  bench.hand.fitDie(die);
  bench.parts.battery.usb = false;
  bench.parts.battery.charge = 0.05;
  check('alarm: battery', await alarmed(all, Alarm.BATTERY));
  bench.parts.battery.usb = true;
  bench.parts.battery.charge = 0.9;
  // A die that comes back is noticed within ten looks.
  await wait(12_000);
  check('ready again', await clearAlarms(all));
  const hear = bench.onLink;
  bench.onLink = () => undefined;
  await host.code(MessageType.STATUS_GET, '', 2500).catch(() => undefined);
  bench.onLink = hear;
  check('a host that was deaf hears the answer once more', (await host.connect()) !== undefined);
}

/** So many records that the pages of vault, state and journal are turned (the unit is old). Meanwhile strangers try the reader, then it fails. */
async function records(all, count) {
  const { bench, host, check } = all;
  const fingers = (async () => {
    for (let i = 0; i < 5; i++) await bench.finger(undefined);
    await wait(1500);
    bench.parts.reader.fault = 'silent';
    await wait(9000);
    bench.parts.reader.fault = 'none';
    await wait(3000);
  })();
  let time = T0 + 10_000;
  // So far ahead that one of the two clocks must be wrong, where the unit has the time.
  await host.setTime(time++);
  check('ready again', await clearAlarms(all));
  const first = host.records.length;
  for (let i = 0; i < count; i++) {
    if ((await host.setTime(time++)) !== 0) throw new Error(`time refused at record ${host.records.length}`);
    if (i % 64 === 63) {
      await host.pull();
      if ((await host.ack()) !== 0) throw new Error('acknowledgement refused');
    }
  }
  await fingers;
  check('alarm: finger', await alarmed(all, Alarm.FINGER));
  check('ready again', await clearAlarms(all));
  check(`${host.records.length - first} more records; the oldest page of the journal is erased`, (await host.status()).firstSeq > 0);
}

async function restarts(all) {
  const { bench, host, check } = all;
  const restarted = async (mode, ms) => {
    const before = host.readyMessage.boot;
    fs.writeFileSync(path.join(bench.dir, 'trip'), mode);
    // Something to do, or nothing happens; and a session of its own where the old one was given up while the unit was away.
    for (const end = performance.now() + ms; performance.now() < end && host.readyMessage.boot === before; ) {
      if (!host.peer.live) await host.connect(2000);
      else await host.code(MessageType.STATUS_GET, '', 500).catch(() => wait(100));
    }
    return (await host.pull()).find((record) => record.kind === RecordKind.BOOT)?.values[1];
  };
  check('an exception inside an open use', await openUse(all));
  fs.writeFileSync(path.join(bench.dir, 'trip'), '1');
  await wait(600);
  check('alarm: internal', await alarmed(all, Alarm.INTERNAL));
  bench.hand.closeLid();
  check('ready again', await clearAlarms(all));
  check('exceptions without end in an open use', await openUse(all));
  check('restarts by itself', (await restarted('2', 10_000)) === 3);
  check('a loop that hangs: the watchdog', (await restarted('3', 25_000)) === 2);
  await bench.cut();
  bench.lose(1);
  const starts = bench.starts;
  bench.restore();
  check('the state lost, all of the journal to be read again: it starts, at the first try', (await host.connect(60_000)) !== undefined && bench.starts === starts + 1);
  check('alarm: the state was lost', await alarmed(all, Alarm.JOURNAL));
}

/** A unit that was never provisioned: locked, silent, alive. */
async function blank({ bench, host, check }) {
  check('not provisioned: silent', (await host.connect(3000)) === undefined);
  // What it executed is written down now and then.
  await wait(1500);
  check('and locked, but alive', bench.truth.bolt.length === 0 && bench.deaths.length === 0 && bench.starts === 1);
}

/** @param {{bench, host, check}} all */
async function troubles(all) {
  await grants(all);
  await strokes(all);
  await watched(all);
  await places(all, { openUse, clearAlarms, alarmed, emptyTray });
  await records(all, 64);
  await restarts(all);
}

module.exports = { alarmed, blank, clearAlarms, emptyTray, lay, openUse, troubles };
