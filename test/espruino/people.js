/** People at the device, on the interpreter: fingers, passcodes, ceremonies, the reader's password. */
'use strict';
const { Action, GrantKind, MessageType, RecordKind, RefusalCode, decodePeople, encodePeopleGet } = require('../../protocol');
const { DIE, until, wait } = require('./bench');
const { dies } = require('./dies');
const { T0 } = require('./host');

const READY = 1;
const OPENING = 2;
const OPEN = 3;
/** Numbers of alarms in firmware/core/alarms.ts. */
const CODE = 19;
const OVERDUE = 25;

/** Orders a ceremony and gives what the device answers. */
function order({ host }, action, change = {}) {
  host.counter++;
  return host.apply({
    kind: GrantKind.CEREMONY, action, permit: `ceremony${host.counter}`.padEnd(16, '-'), counter: host.counter, epoch: 0, notBefore: T0 - 100, notAfter: T0 + 1_000_000, ...change,
  });
}

async function last({ host }, kind) {
  await host.pull();
  return host.records.findLast((record) => record.kind === kind);
}

async function keys({ bench }, typed) {
  await wait(bench.hand.type(typed, 110) + 400);
}

/** Wakes the keypad, then types. */
async function type(all, typed) {
  all.bench.hand.type('*', 100);
  await wait(1300);
  await keys(all, typed);
}

async function known({ host }) {
  const [answer] = await host.ask(MessageType.PEOPLE_GET, encodePeopleGet({ after: 0 }));
  return decodePeople(answer.body).people.map((one) => Buffer.from(one, 'latin1'));
}

async function ceremony(all, what, action, change, act) {
  const { check } = all;
  check(`${what}: ordered`, (await order(all, action, change)) === 0);
  await act();
  const done = async () => (await last(all, RecordKind.CEREMONY))?.values[3] === all.host.counter;
  let there = false;
  for (let i = 0; i < 40 && !there; i++) {
    there = await done();
    if (!there) await wait(250);
  }
  check(`${what}: done and recorded`, there, JSON.stringify((await last(all, RecordKind.REFUSED))?.values));
}

/** Taken out for some seconds, overdue, given more time, brought back. */
async function takenOut(all) {
  const { bench, host, check } = all;
  const overdue = async () => {
    await wait(250);
    return ((await host.status()).alarms & (1 << OVERDUE)) !== 0;
  };
  const now = (await host.status()).time;
  await ceremony(all, 'taken out', Action.TAKE_OUT, { subject: 7, persons: [8, 1, 7, 1], until: now + 12, silence: 3600 }, async () => {
    for (const person of [8, 7]) await bench.finger(person);
  });
  check('it is told to be out', (await host.status()).custody === 2 && (await host.status()).due === now + 12);
  check('overdue it locks itself', await until(overdue, 25_000));
  await ceremony(all, 'more time', Action.TAKE_OUT, { subject: 7, until: now + 50_000 }, async () => undefined);
  await host.pull();
  const { seq } = host.records.findLast(({ kind }) => kind === RecordKind.ALARM);
  check('which ends the alarm', (await host.apply({ kind: GrantKind.CLEAR, condition: OVERDUE, seq })) === 0 && !(await overdue()));
  await ceremony(all, 'given back', Action.RETURN, { persons: [8, 1] }, () => bench.finger(8));
  check('it is told to be at its base', (await host.status()).custody === 1);
}

async function people(all) {
  const { bench, host, check } = all;
  check('people: handshake', (await host.connect()) !== undefined);
  await host.setTime();
  await ceremony(all, 'a passcode', Action.CODE_SET, { subject: 7, persons: [8, 1] }, async () => {
    await bench.finger(8);
    await wait(1500);
    // It waits for a passcode and is awake: * would give up.
    for (const typed of ['111111#', '481516#481517#', '481516#481516#']) await keys(all, typed);
  });
  check('weak ones were not taken', (await last(all, RecordKind.REFUSED)).values[1] === RefusalCode.WEAK_CODE);
  await ceremony(all, 'a finger', Action.FINGER_ADD, { subject: 10, persons: [7, 2], until: T0 + 500_000 }, async () => {
    await type(all, '7#481516#');
    // The reader is told to enrol only once the passcode was judged.
    await wait(1500);
    await bench.finger(10);
    await wait(2500);
    await bench.finger(10);
  });
  check('four people are known, one with a passcode', (await known(all)).map((one) => `${one.readUInt32LE(0)}:${one[8]}:${one[9]}`).join(' ') === '7:1:1 8:1:0 9:1:0 10:1:0');
  check('the same finger once more: ordered', (await order(all, Action.FINGER_ADD, { subject: 11, persons: [8, 1] })) === 0);
  await bench.finger(8);
  await wait(2500);
  await bench.finger(10);
  await wait(4000);
  check('and not taken', (await last(all, RecordKind.REFUSED)).values[1] === RefusalCode.READER && (await host.status()).ceremony === 0);
  check('a permit for finger and passcode', (await host.load(host.permit({ persons: [10, 1, 7, 3] }))) === 0);
  await bench.finger(10);
  check('the new finger begins', await host.state(OPENING, 8000));
  await bench.finger(7);
  await type(all, '7#481516#');
  check('finger and passcode open it', await host.state(OPEN, 8000));
  await type(all, 'D');
  check('the key D finishes', await host.state(READY, 8000));
  const edges = host.permit({ permit: 'edges of a stack', policy: 64, persons: [9, 1] });
  check('a permit for edges behind one for pages', (await host.load(host.permit({ permit: 'pages of a stack', persons: [9, 1] }))) === 0 && (await host.load(edges)) === 0);
  await bench.finger(9);
  check('the pages open first', await host.state(OPEN, 8000));
  await type(all, 'C');
  check('the key C puts them aside', (await host.state(READY, 8000)) && (await last(all, RecordKind.CLOSED)).values[2] === 10);
  await bench.finger(9);
  check('the edges open', (await host.state(OPEN, 8000)) && (await last(all, RecordKind.OPENED)).values[1] === 'edges of a stack', JSON.stringify((await last(all, RecordKind.OPENED)).values));
  await type(all, 'D');
  check('finished', await host.state(READY, 8000));
  check('a permit by passcode', (await host.load(host.permit({ persons: [7, 2] }))) === 0);
  await type(all, '7#481517#');
  check('a wrong passcode is refused', (await last(all, RecordKind.REFUSED)).values[1] === RefusalCode.WRONG_CODE);
  await ceremony(all, 'a handover', Action.HANDOVER, { persons: [7, 1, 8, 1, 9, 1] }, async () => {
    for (const person of [9, 7, 8]) await bench.finger(person);
  });
  await ceremony(all, 'suspended', Action.SUSPEND, {}, async () => undefined);
  check('a suspended seal says so', (await host.status()).service === 1);
  await ceremony(all, 'returned to service', Action.RESUME, {}, async () => undefined);
  let out;
  await ceremony(all, 'the die taken out', Action.DIE_OUT, { persons: [8, 1] }, async () => {
    await bench.finger(8);
    await wait(1000);
    out = bench.hand.removeDie();
    await wait(12_000);
  });
  await ceremony(all, 'the die put in', Action.DIE_IN, { persons: [8, 1], die: DIE }, async () => {
    await bench.finger(8);
    await wait(1000);
    bench.hand.fitDie(out);
    await wait(12_000);
  });
  check('no alarm', (await host.status()).alarms === 0, (await host.status()).alarms);
  await takenOut(all);
  await dies(all, { ceremony, last });
  await ceremony(all, 'a person removed', Action.PERSON_REMOVE, { subject: 8 }, async () => undefined);
  await bench.finger(8);
  await wait(2500);
  check('the removed finger is nobody\'s', (await last(all, RecordKind.REFUSED)).values[1] === RefusalCode.UNKNOWN_PERSON);
  check('and deleted from the reader', await until(() => !bench.parts.reader.templates.has(5), 90_000));
  await ceremony(all, 'the reader paired', Action.READER_PAIR, {}, () => wait(3000));
  check('it has this unit\'s password and no finger', bench.parts.reader.password !== 0 && bench.parts.reader.templates.size === 0);
  const alarmed = async () => ((await host.status()).alarms & (1 << CODE)) !== 0;
  // A key may be lost while flash is erased: one or two more, then.
  for (let i = 1; i <= 8 && !(await alarmed()); i++) await type(all, `${i + 90}#222333#`);
  check('wrong passcodes raise the alarm', await alarmed());
  await bench.cut();
  await wait(300);
  bench.restore();
  check('after a power cut', (await host.connect()) !== undefined);
  check('who is known is known still', (await known(all)).map((one) => `${one.readUInt32LE(0)}:${one[8]}:${one[9]}`).join(' ') === '7:0:1 9:0:0 10:0:0');
}

module.exports = { people };
