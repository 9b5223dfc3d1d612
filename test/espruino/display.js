/**
 * The display on the interpreter: every screen, drawn by the bundle as it is flashed, in Chinese and in English, and read back from
 * the simulated glass; which functions of screen and driver were executed; the variables in use.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Page, Shapes, readable } = require('../../sim');
const { GrantKind, MessageType, RecordKind } = require('../../protocol');
const { nodeNatives } = require('../../host-bridge/natives');
const { State } = require('../../firmware/core/state');
const { Store } = require('../../firmware/core/store');
const { PAGE, STATE } = require('../../firmware/board/files');
const { Bench, until, wait } = require('./bench');
const { Host } = require('./host');

const DIST = path.resolve(__dirname, '../../dist/firmware');
const built = (name) => fs.readFileSync(path.join(DIST, name), 'latin1');
const PEAK = 7000;
/** Not reached yet: what chooses the language wants a key. */
const UNREACHED = ['speak', 'quiet', 'present', 'dark'];
const LANGUAGES = ['Chinese', 'English'];

/** The state region of a unit that speaks this language. */
function stateOf(language) {
  const bytes = Buffer.alloc(STATE.pages * PAGE, 0xff);
  const flash = {
    page: PAGE, pages: STATE.pages,
    read: (at, length) => bytes.toString('latin1', at, at + length),
    write: (at, data) => Buffer.from(data, 'latin1').forEach((byte, i) => (bytes[at + i] &= byte)),
    erase: (page) => bytes.fill(0xff, page * PAGE, (page + 1) * PAGE),
  };
  const store = new Store(nodeNatives, flash, { keep: () => false, snapshot: () => '' });
  store.open(() => undefined);
  store.put(Object.assign(new State(), { language }).encode());
  return bytes;
}

/** Waits until the glass says something like this. */
function reading(bench, shapes) {
  let last = [];
  const reads = () => (last = readable(shapes.rows(bench.parts.display)));
  return {
    says: (...parts) => until(() => { const text = reads().join('|'); return parts.every((part) => text.includes(part)); }, 15_000),
    last: () => last.join('|'),
  };
}

async function screens({ bench, host, check, shapes, language }) {
  const { says, last } = reading(bench, shapes);
  const zh = language === 0;
  const name = LANGUAGES[language];
  const ok = async (what, chinese, english) => check(`${name}: ${what}`, await says(...(zh ? chinese : english)), last());
  await host.connect();
  await ok('no trusted time', ['没有可信时间', '--:--'], ['No trusted time:', '--:--']);
  await host.setTime();
  await ok('no permit', ['等待授权'], ['for a permit']);
  const two = { count: 2, policy: 3, persons: [7, 1, 8, 1] };
  await host.load(host.permit(two));
  await ok('ready', ['请按指纹或输编号', '已连接办公室'], ['or your number', 'office connected']);
  await bench.finger(undefined);
  await ok('a stranger is refused', ['R17', '人员未登记'], ['R17', 'Not known here']);
  await bench.finger(7);
  await ok('one of two persons', ['已验证 1/2'], ['persons 1/2']);
  await bench.finger(7);
  await ok('not the same twice, to whom', ['R24', '人员 7'], ['R24', 'person 7']);
  await bench.finger(8);
  await ok('open', ['请放入纸张', '剩余次数 2'], ['Lay in the page,', 'strokes left 2']);
  bench.hand.openLid();
  bench.hand.insertPaper(Page.plain('one'));
  await ok('close the lid', ['请合上盖子'], ['Close the lid']);
  bench.hand.closeLid();
  await ok('the office looks', ['核对照片'], ['Office checks']);
  const photo = (await host.pull()).findLast((record) => record.kind === RecordKind.PHOTO);
  await host.apply({ kind: GrantKind.STROKE, permit: host.permitId(), photo: photo.values[3], seq: photo.seq });
  await ok('stamping', ['正在盖章', '请勿触碰'], ['STAMPING NOW', 'hands off']);
  await ok('next page', ['换下一页', '剩余次数 1'], ['next page', 'strokes left 1']);
  await host.code(MessageType.USE_CLOSE);
  await ok('finished', ['用印已结束'], ['Finished']);
  bench.hand.openLid();
  bench.hand.removePaper();
  bench.hand.closeLid();
  const die = bench.hand.removeDie();
  await ok('alarm', ['A02', '印章缺失', '请联系办公室'], ['A02', 'Die is missing', 'call the office']);
  bench.parts.battery.usb = false;
  bench.parts.battery.charge = 0.05;
  await ok('two alarms', ['2/2 A06', '请立即充电'], ['2/2 A06', 'charge it now']);
  bench.parts.battery.charge = 0.9;
  bench.hand.fitDie(die);
  bench.parts.display.power(false);
  bench.parts.display.power(true);
  await ok('drawn anew after it lost its power', ['请联系办公室'], ['call the office']);
  check(`${name}: no transaction above 64 bytes`, bench.parts.display.longest <= 64, bench.parts.display.longest);
}

/** Positions in the bundle's functions that belong to the display: the class Screen and what it uses, the driver, its reading of the font. */
function ours(functions) {
  const at = (name) => functions.findIndex((one) => one.name === name);
  const back = (name, from) => functions.findLastIndex((one, i) => one.name === name && i < from);
  const ranges = [[back('constructor', at('say')), at('still')], [back('send', at('createDisplay')), at('createDisplay')], [at('createFont') - 1, at('createFont')]];
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
}

async function run({ interpreter, dir, check }) {
  const shapes = new Shapes(fs.readFileSync(path.join(DIST, 'font.bin')));
  const functions = JSON.parse(built('linux-functions.json'));
  const ran = new Set();
  for (const language of [0, 1]) {
    // The first time as it is shipped, for the variables; the second with the functions counted.
    const folder = path.join(dir, LANGUAGES[language]);
    fs.mkdirSync(folder);
    const bench = await Bench.open({ interpreter, dir: folder, bundle: built(language === 0 ? 'linux.js' : 'linux-instrumented.js') });
    bench.put(1, stateOf(language));
    bench.start();
    const host = new Host(bench);
    try {
      await screens({ bench, host, check, shapes, language });
    } finally {
      host.stop();
      await bench.close();
    }
    check(`${LANGUAGES[language]}: nothing went wrong inside`, bench.deaths.length === 0 && !/Uncaught|Error|MEMORY|ERROR: (?!Authenticated)/.test(bench.printed), bench.printed.slice(-600));
    const { boot, peak, total, blocksize } = bench.memory;
    console.log(`variables with the display: ${boot} at boot, ${peak} at peak, of ${total} (${blocksize} bytes each)`);
    check('variables in use within 50 % of 14,000', blocksize !== 14 || peak <= PEAK, peak);
    bench.executed?.forEach((one, i) => one === 1 && ran.add(i));
  }
  const mine = ours(functions);
  const missing = mine.filter((i) => !ran.has(i) && !UNREACHED.includes(functions[i].name)).map((i) => `${functions[i].name}:${functions[i].line}`);
  check(`every function of screen and driver was executed (${mine.length - UNREACHED.length - missing.length} of ${mine.length}; ${UNREACHED.join(', ')} wait for a keypad, or for two minutes)`, missing.length === 0, missing.join(' '));
}

module.exports = { run };
