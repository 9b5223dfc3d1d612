/**
 * `smartseal device flash` on the interpreter: its console on a pseudo-terminal, the espruino tool at the other end of it. What
 * it has written then boots, says HELLO to a host, and stamps.
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

/** The interpreter with nothing on it: its console is a terminal, as a unit's is over USB. */
async function bareConsole(interpreter, dir) {
  const child = spawn(interpreter, [], { cwd: dir, stdio: ['pipe', 'pipe', 'ignore'] });
  const cable = { connected: true, write: (bytes) => child.stdin.write(bytes), onData: (receive) => (child.stdout.on('data', receive), () => child.stdout.off('data', receive)) };
  child.stdin.on('error', () => undefined);
  const terminal = await openPty(cable, { link: path.join(dir, 'console'), timers });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return {
    port: terminal.path,
    /** The power goes: what was flashed is all that stays. */
    async off() {
      child.kill('SIGKILL');
      await ended;
      await terminal.close();
    },
  };
}

function smartseal(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'bin', 'smartseal.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (out += text));
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
  const blank = await bareConsole(interpreter, dir);
  const began = Date.now();
  const { code, out } = await smartseal(['device', 'flash', '--board', 'linux', '--port', blank.port, '--bundle', bundle, '--identity', identity, '--json']);
  check(`the espruino tool uploads the firmware over a terminal (${Date.now() - began} ms)`, code === 0 && out.includes(`"files":${FILES}`), out.slice(-800));
  await blank.off();
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
