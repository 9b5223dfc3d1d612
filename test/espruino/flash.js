/**
 * `smartseal device flash` and `device provision` on the interpreter: its console on a pseudo-terminal, the espruino tool at the other
 * end of it. What they have written then boots, says HELLO to a host, and stamps.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { openPty } = require('../../sim/io');
const { Bench, IDENTITY, timers } = require('./bench');
const { stamp } = require('./chain');
const { Host } = require('./host');
const { runScript } = require('./unit');

const ROOT = path.resolve(__dirname, '../..');
const hex = (bytes) => Buffer.from(bytes, 'latin1').toString('hex');
const FILES = 7;
const TRIES = 6;
/** Bytes of a packet of full-speed USB (USB 2.0, section 5.8.3). */
const PACKET = 64;
/** Between two of them, ms: the Linux interpreter loses count of its input where it comes faster than it can be dealt with. */
const PACKET_MS = 8;

/** The interpreter with nothing on it: its console is a terminal, as a unit's is over USB. */
async function bareConsole(interpreter, dir) {
  const child = spawn(interpreter, [], { cwd: dir, stdio: ['pipe', 'pipe', 'ignore'] });
  // As USB brings it: at most 64 bytes at once, which is also all that the interpreter takes from its terminal in one go.
  let waiting = Buffer.alloc(0);
  const line = setInterval(() => {
    if (waiting.length === 0) return;
    child.stdin.write(waiting.subarray(0, PACKET));
    waiting = waiting.subarray(PACKET);
  }, PACKET_MS);
  child.on('exit', () => clearInterval(line));
  const cable = { connected: true, write: (bytes) => (waiting = Buffer.concat([waiting, bytes])), onData: (receive) => (child.stdout.on('data', receive), () => child.stdout.off('data', receive)) };
  child.stdin.on('error', () => undefined);
  const terminal = await openPty(cable, { link: path.join(dir, 'console'), timers });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return {
    port: terminal.path,
    ended,
    /** The power goes: what was flashed is all that stays. */
    async off() {
      child.kill('SIGKILL');
      await ended;
      await terminal.close();
    },
  };
}

/** @param lost ends it: there is nobody any more to flash */
function smartseal(args, lost) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'bin', 'smartseal.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (out += text));
    void lost.then(() => child.kill());
    child.on('close', (code) => resolve({ code, out }));
  });
}

async function run({ interpreter, dir, check }) {
  if (Number(runScript(interpreter, dir, 'print(process.env.BOARD=="LINUX"?0:require("Storage").getStats().totalBytes)')) < 2097152) {
    console.log('not run, for want of Storage: the upload');
    return;
  }
  const bundle = path.join(ROOT, 'dist', 'firmware', 'linux.js');
  const identity = path.join(dir, 'unit.json');
  const { deviceId, linkKey, permitKey, evidenceKey, people, dies } = IDENTITY;
  fs.writeFileSync(identity, JSON.stringify({ deviceId: hex(deviceId), linkKey: hex(linkKey), permitKey: hex(permitKey), evidenceKey: hex(evidenceKey), people, dies }), { mode: 0o600 });
  const began = Date.now();
  const provision = ['device', 'provision', '--board', 'linux', '--identity', identity, '--json'];
  const steps = [
    ['nothing is provisioned that has no firmware', provision, 1, '"code":"NOT_FLASHED"'],
    ['the espruino tool uploads the firmware over a terminal', ['device', 'flash', '--board', 'linux', '--bundle', bundle, '--json'], 0, `"files":${FILES - 1},"provisioned":false`],
    ['then keys, identity and the boot file', provision, 0, `"provisioned":"${hex(deviceId)}"`],
    ['a unit that has keys is left alone', provision, 1, '"code":"PROVISIONED"'],
  ];
  let results = [];
  let deaths = 0;
  // The interpreter for Linux reads its terminal in a thread of its own, and its queue of input now and then loses count between the
  // two (an assertion of its own ends it, src/jsdevices.c): like a unit that was unplugged, it is flashed once more.
  for (let i = 0; i < TRIES && results.length < steps.length; i++) {
    fs.rmSync(path.join(dir, 'espruino.flash'), { force: true });
    const blank = await bareConsole(interpreter, dir);
    let died = false;
    void blank.ended.then(() => (died = true));
    results = [];
    for (const [, args] of steps) {
      const done = await smartseal([...args, '--port', blank.port], blank.ended);
      // Lost in the queue as well: it says itself that it can be done again.
      if (done.out.includes('PROVISION_FAILED')) died = true;
      if (died) break;
      results.push(done);
    }
    if (died) deaths++;
    await blank.off();
  }
  for (const [i, [what, , code, told]] of steps.entries()) check(what, results[i]?.code === code && results[i].out.includes(told), results[i]?.out.slice(-800));
  console.log(`# ${Date.now() - began} ms, the interpreter died ${deaths} times`);
  const storage = fs.readFileSync(path.join(dir, 'espruino.flash'), 'latin1');
  check('the bundle stands on flash byte for byte', storage.includes(fs.readFileSync(bundle, 'latin1')));
  const bench = await Bench.open({ interpreter, dir, flashed: true });
  const host = new Host(bench);
  bench.start();
  try {
    await stamp({ bench, host, check });
  } finally {
    host.stop();
    await bench.close();
  }
  check('no interpreter died', bench.deaths.length === 0, JSON.stringify(bench.deaths));
  check('nothing went wrong inside', !/Uncaught|Error|MEMORY|ERROR: (?!Authenticated)/.test(bench.printed), bench.printed.slice(-600));
}

module.exports = { run };
