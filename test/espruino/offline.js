/** A use without a permit, on the interpreter: the challenge read off the glass and answered, a trip code, and what is refused. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Page, Shapes, readable } = require('../../sim');
const { RecordKind, RefusalCode } = require('../../protocol');
const { OfflineCodes } = require('../../host-bridge/desk/authority/offline');
const { DIE, IDENTITY, until, wait } = require('./bench');

const READY = 1;
const OPEN = 3;
const DOCUMENT = '48151623';
const latin = (bytes) => Buffer.from(bytes, 'latin1');

async function keys({ bench }, typed) {
  await wait(bench.hand.type(typed, 110) + 400);
}

/** Wakes the keypad, then types. */
async function type(all, typed) {
  all.bench.hand.type('*', 100);
  await wait(1300);
  await keys(all, typed);
}

async function last({ host }, kind) {
  await host.pull();
  return host.records.findLast((record) => record.kind === kind);
}

async function refused(all, code) {
  return (await last(all, RecordKind.REFUSED))?.values[1] === code;
}

async function offline(all) {
  const { bench, host, check } = all;
  const codes = new OfflineCodes(latin(IDENTITY.permitKey));
  const terms = (count, document) => ({ device: latin(IDENTITY.deviceId), die: latin(DIE), epoch: 0, person: 7, count, ...(document === undefined ? {} : { document }) });
  const shapes = new Shapes(fs.readFileSync(path.resolve(__dirname, '../../dist/firmware/font.bin')));
  const glass = () => readable(shapes.rows(bench.parts.display)).join('|');
  check('offline: handshake, and no time is told', (await host.connect()) !== undefined);
  await type(all, 'B7#');
  await bench.finger(7);
  await wait(1500);
  await keys(all, `2#${DOCUMENT}#`);
  check('a challenge stands on the display', await until(() => /\d{8}\D+0001-\d\d/.test(glass()), 15_000), glass());
  const [, challenge, shown] = /(\d{8})\D+0001-(\d\d)/.exec(glass()) ?? [];
  check('its check is that of the office', codes.check(1, challenge ?? '', terms(2, DOCUMENT)) === shown);
  const challenged = await last(all, RecordKind.CHALLENGE);
  check('and its number stands in a record', challenged?.values[1] === 1 && challenged.values[2] === 7);
  const answer = codes.answer(1, challenge ?? '', terms(2, DOCUMENT));
  await keys(all, `${answer === '11111111' ? '22222222' : '11111111'}#`);
  check('a wrong answer is refused', await refused(all, RefusalCode.WRONG_ANSWER));
  await keys(all, `${answer}#`);
  check('the answer opens the use', await host.state(OPEN, 8000));
  const page = Page.plain('offline');
  bench.hand.insertPaper(page);
  check('photo, stroke, photo', (await until(() => bench.truth.strokes.length === 1 && bench.truth.strokes[0].until !== undefined, 15_000)) && (await host.state(OPEN, 15_000)));
  const code = await last(all, RecordKind.CODE);
  check('the record of the code: how, number, person, count', [2, 3, 4, 5].map((k) => code?.values[k]).join(' ') === '1 1 7 2');
  check('without a time', code?.time === undefined);
  await bench.cut();
  await wait(300);
  bench.hand.openLid();
  bench.hand.removePaper();
  bench.hand.closeLid();
  bench.restore();
  check('after a power cut', (await host.connect()) !== undefined);
  await bench.finger(7);
  await wait(1500);
  check('what it opened has ended with the power', (await host.status()).state === READY && (await last(all, RecordKind.CLOSED))?.values[2] === 8);
  const trip = codes.trip(3, terms(1));
  await type(all, 'C7#');
  await bench.finger(7);
  await wait(1500);
  await keys(all, `${trip.slice(0, 15)}${(Number(trip[15]) + 1) % 10}#`);
  check('a mistyped trip code is told', await refused(all, RefusalCode.MISTYPED));
  await keys(all, `${trip}#`);
  check('a trip code opens the use', await host.state(OPEN, 8000), JSON.stringify((await last(all, RecordKind.REFUSED))?.values));
  await type(all, 'D');
  check('the key D finishes', await host.state(READY, 8000));
  await type(all, 'C7#');
  await bench.finger(7);
  await wait(1500);
  await keys(all, `${codes.trip(2, terms(9))}#`);
  check('an earlier one is spent', (await refused(all, RefusalCode.CODE_SPENT)) && (await host.status()).state === READY);
  check('one stroke, under one intent', bench.truth.strokes.length === 1);
  check('no alarm', (await host.status()).alarms === 0);
}

module.exports = { offline };
