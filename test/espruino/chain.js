/**
 * The whole chain on the interpreter: the built bundle from flash, the simulator's parts, a host. First the chain itself on
 * the bundle as it is shipped (with the variables in use); then the same and every trouble that the parts can make on the
 * instrumented bundle, which tells the functions that were executed.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Page } = require('../../sim');
const { MessageType, RecordKind, RefusalCode } = require('../../protocol');
const { Bench, PHOTO_BYTES, until, wait } = require('./bench');
const { cameras } = require('./cameras');
const { Host } = require('./host');
const { maintenance } = require('./maintenance');
const { offline } = require('./offline');
const { people } = require('./people');
const { rest } = require('./rest');
const { blank, troubles } = require('./troubles');
const { images, MAKER, updates } = require('./updates');

const DIST = path.resolve(__dirname, '../../dist/firmware');
const BUDGET = 96 * 1024;
const PEAK = 7000;
/** Variables that unit.js takes for itself. */
const WATCHER = 75;
const STAMPED = 1;
const UNKNOWN = 3;

const kinds = (records) => records.map((record) => record.kind).join(' ');

/** One permit, one finger, one page: stamped and proven. */
async function stamp({ bench, host, check }) {
  check(`handshake (${await host.connect()} ms)`, host.ready > 0, bench.unit?.output());
  check('time granted', (await host.setTime()) === 0);
  const grant = host.permit();
  check('permit loaded', (await host.load(grant)) === 0);
  check('locked until a finger comes', !bench.truth.boltOpen && (await host.status()).state === 1);
  await bench.finger(7);
  check('the finger opens the use', await host.state(3));
  const page = Page.plain('contract');
  bench.hand.insertPaper(page);
  check('photo, stroke, photo: the use ends by itself', (await until(() => bench.truth.strokes.length === 1 && bench.truth.strokes[0].until !== undefined, 15_000)) && (await host.state(1, 15_000)));
  check('ink on the page that lay there', page.impressions.length === 1 && bench.truth.strokes[0].page === page);
  const records = await host.pull();
  check('records: chain and MACs', kinds(records) === [RecordKind.BOOT, RecordKind.CLOCK, RecordKind.PERMIT, RecordKind.OPENED, RecordKind.PHOTO, RecordKind.INTENT, RecordKind.OUTCOME, RecordKind.PHOTO, RecordKind.CLOSED].join(' '), kinds(records));
  check('outcome: stamped', records.find((record) => record.kind === RecordKind.OUTCOME)?.values[3] === STAMPED);
  const photos = records.filter((record) => record.kind === RecordKind.PHOTO);
  for (const [i, record] of photos.entries()) {
    host.lose = i === 0;
    const photo = await host.photo(record.values[3], record.values[4], i + 1);
    check(`photo ${i === 0 ? 'before' : 'after'}: ${photo?.length} bytes, digest as recorded`, photo?.length === PHOTO_BYTES && photo.includes(`contract ${i}`));
  }
  check('acknowledged', (await host.ack()) === 0 && (await host.status()).ackedSeq === host.records.length);
  check('what is acknowledged is freed', (await host.photo(photos[0].values[3], PHOTO_BYTES)) === undefined);
  return grant;
}

/** What must not stamp again. */
async function refusals({ bench, host, check }, grant) {
  const strokes = bench.truth.strokes.length;
  const before = (await host.status()).nextSeq;
  check('the same permit again changes nothing', (await host.load(grant)) === 0 && (await host.permitState()).closed);
  await bench.finger(7);
  check('the finger on a used-up permit is refused', await until(() => host.notice?.nextSeq > before));
  const [refused] = await host.pull();
  check('and recorded', refused.kind === RecordKind.REFUSED && refused.values[1] === RefusalCode.USED_UP, JSON.stringify(refused?.values));
  check('a permit with a used counter is refused', (await host.load(host.permit({ counter: host.counter, permit: 'another permit--' }))) === RefusalCode.REPLAYED);
  const good = host.permit({ count: 2 });
  const bad = Buffer.from(good, 'latin1');
  bad[40] ^= 1;
  check('a permit with one bit changed is refused', (await host.load(bad.toString('latin1'))) === RefusalCode.NOT_AUTHENTIC);
  // A session with everything that could matter, played to the device once more.
  host.said = [];
  await host.connect();
  check('a permit for two strokes', (await host.load(good)) === 0);
  check('closing an open use: harmless without one', (await host.code(MessageType.USE_CLOSE)) === 0);
  const tape = host.said;
  await host.pull();
  const at = (await host.status()).nextSeq;
  for (const bytes of tape) {
    bench.write(bytes);
    await wait(30);
  }
  await wait(300);
  await host.connect();
  check('a recorded session played back changes nothing', (await host.status()).nextSeq === at && (await host.pull()).length === 0);
  check('no stroke, and the bolt stayed closed', bench.truth.strokes.length === strokes && bench.truth.bolt.length === 2);
}

/** The power goes while the die is on the paper. */
async function powerCut({ bench, host, check }) {
  const strokes = bench.truth.strokes.length;
  bench.hand.openLid();
  bench.hand.removePaper();
  bench.hand.closeLid();
  await bench.finger(7);
  check('the finger opens the next use', await host.state(3));
  bench.hand.insertPaper(Page.plain('second'));
  check('the die is on the paper', await until(() => bench.truth.strokes.length > strokes, 15_000));
  await bench.cut();
  check('without power the bolt drops and the motor stands', !bench.parts.bolt.energised && !bench.parts.actuator.moving);
  await wait(300);
  bench.restore();
  check('it comes back', (await host.connect()) !== undefined && host.readyMessage.boot === 2, bench.unit?.output());
  const records = await host.pull();
  const outcome = records.find((record) => record.kind === RecordKind.OUTCOME);
  check('the outcome is unknown', outcome?.values[3] === UNKNOWN, kinds(records));
  check('the stroke stays charged', (await host.permitState()).used === 1);
  check('an alarm is latched', await host.state(8));
  check('the carrier is home behind a closed bolt', (await until(() => bench.parts.switches.home.pressed && !bench.parts.actuator.moving, 6000)) && !bench.truth.boltOpen);
  await bench.finger(7);
  check('locked: the finger is refused', await until(() => host.notice?.nextSeq > records.at(-1).seq + 1));
  check('for the alarm', (await host.pull()).at(-1).values[1] === RefusalCode.ALARM_ACTIVE);
  check('no second stroke', bench.truth.strokes.length === strokes + 1);
}

function built(name) {
  const file = path.join(DIST, name);
  if (!fs.existsSync(file)) throw new Error('the firmware is not built: node firmware/build/build.js --instrument');
  return fs.readFileSync(file, 'latin1');
}

/** Runs scenes on a bench of their own. */
async function withBench(options, check, scenes) {
  const dir = path.join(options.dir, options.name);
  fs.mkdirSync(dir);
  const bench = await Bench.open({ ...options, dir });
  bench.start();
  const host = new Host(bench);
  try {
    await scenes({ bench, host, check });
  } catch (error) {
    // What broke off says little by itself.
    console.log(`       deaths ${JSON.stringify(bench.deaths)}, variables ${JSON.stringify(bench.memory)}, printed last: ${JSON.stringify(bench.printed.slice(-600))}`);
    throw error;
  } finally {
    host.stop();
    await bench.close();
  }
  check('no interpreter died', bench.deaths.length === 0, JSON.stringify(bench.deaths));
  check('nothing went wrong inside', !/Uncaught|Error|MEMORY|ERROR: (?!Authenticated)/.test(bench.printed), bench.printed.slice(-600));
  return bench;
}

/** What no scene executes, and why: a function that is missing besides is one that nobody has seen run on the real interpreter. */
const UNSEEN = {
  place: 'flash of a stock build, which this interpreter does not offer', read: 'the same', write: 'the same', erase: 'the same',
  clear: 'a line that drops what waits: the pseudo-terminal never does', unmoved: 'a die that is lost between bolt and motor', leave: 'the watch is left only at a reset',
  back: 'waits 40 s for a person who does not come', lock: 'ten wrong codes, which take hours', rest: 'a vault that is full: some two hundred passcodes', keep: 'the same', knows: 'the same',
  // Time runs out for a person, for somebody typing, behind a lock; a second passcode tried before the first is forgotten; one that fits.
  anonymous: 5,
};

/** Functions of the instrumented bundle, and the names of those that no bench executed. */
function coverage(benches, check) {
  const functions = JSON.parse(built('linux-functions.json'));
  const ran = ({ name }, i) => benches.some((bench) => bench.executed?.[i] === 1 || (name === 'reset' && bench.resets > 0));
  const missing = functions.filter((one, i) => !ran(one, i));
  console.log(`functions executed: ${functions.length - missing.length} of ${functions.length}; not: ${missing.map(({ name, line }) => `${name}:${line}`).join(' ')}`);
  const anonymous = missing.filter(({ name }) => name === 'anonymous').length;
  const strange = missing.filter(({ name }) => UNSEEN[name] === undefined).map(({ name, line }) => `${name}:${line}`);
  check('every function has run, but for those named here', strange.length === 0 && anonymous <= UNSEEN.anonymous, `${strange.join(' ')}, ${anonymous} without a name`);
}

async function run({ interpreter, dir, check }) {
  const plain = built('linux.js');
  const shipped = await withBench({ interpreter, dir, name: 'shipped', bundle: plain }, check, async (all) => {
    const grant = await stamp(all);
    await refusals(all, grant);
    await powerCut(all);
  });
  const bundle = built('linux-instrumented.js');
  const chain = await withBench({ interpreter, dir, name: 'chain', bundle }, check, async (all) => refusals(all, await stamp(all)));
  const old = await withBench({ interpreter, dir, name: 'old', bundle, old: true }, check, async (all) => {
    await all.host.connect();
    await all.host.setTime();
    await troubles(all);
  });
  const crowd = await withBench({ interpreter, dir, name: 'people', bundle }, check, people);
  const technician = await withBench({ interpreter, dir, name: 'maintenance', bundle }, check, maintenance);
  const alone = await withBench({ interpreter, dir, name: 'offline', bundle }, check, offline);
  const eyes = await withBench({ interpreter, dir, name: 'cameras', bundle }, check, cameras);
  const others = await withBench({ interpreter, dir, name: 'rest', bundle }, check, rest);
  const none = await withBench({ interpreter, dir, name: 'blank', bundle, blank: true }, check, blank);
  const benches = [chain, old, crowd, technician, alone, eyes, others, none];
  // A Storage that is too small has one slot only.
  if (old.own) {
    const made = images(bundle);
    benches.push(await withBench({ interpreter, dir, name: 'update', bundle, makerKey: MAKER.public.toString('latin1') }, check, (all) => updates(all, made)));
  } else console.log('not run, for want of Storage: updates');
  console.log(`bundle: ${plain.length} bytes of ${BUDGET}`);
  const { boot, peak, total, blocksize, exact } = shipped.memory;
  const how = exact ? 'every allocation counted' : 'looked at every 20 ms and at each hash and checksum';
  console.log(`variables: ${boot} at boot, ${peak} at peak (${how}; about ${WATCHER} are the watcher's own), of ${total} (${blocksize} bytes each)`);
  const counting = chain.memory.boot - boot;
  console.log(`variables by scene: ${benches.map((one) => `${path.basename(one.dir)} ${one.memory.peak}`).join(', ')}`);
  const most = Math.max(...benches.map((one) => one.memory.peak)) - counting;
  console.log(`variables with everything that can go wrong: ${most} at peak, and ${counting} for counting functions`);
  coverage(benches, old.own ? check : () => undefined);
  check(`variables at peak within ${PEAK} (50 % of 14,000)`, blocksize !== 14 || peak - WATCHER <= PEAK, peak - WATCHER);
  check('the same with everything that can go wrong', blocksize !== 14 || most - WATCHER <= PEAK, most - WATCHER);
  check(`bundle within ${BUDGET} bytes`, plain.length <= BUDGET);
}

module.exports = { run, stamp, withBench };
