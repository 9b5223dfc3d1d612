/** The bundle as it is flashed, from Storage, on parts that only just answer: it boots, keeps its outputs safe and lives. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const { timers, wait } = require('./bench');
const { provision, norFlash, serve, boot } = require('./unit');
const { openPty } = require('../../sim/io');
const { vaultImage } = require('../../firmware/core/provision');
const { nodeNatives } = require('../../host-bridge/natives');

const DIST = path.resolve(__dirname, '../../dist/firmware');
const OP = { HELLO: 1, SPI: 2, I2C_WRITE: 3, I2C_READ: 4, BOLT: 5, MOTOR: 6, ANALOG: 7, USB: 8, DIE: 9, RANDOM: 10, KICK: 11, RESET: 12 };

/** An expander whose switches say: lid closed, die in, bolt closed, at home. */
function parts(flash) {
  const registers = Buffer.alloc(22);
  const log = [];
  return {
    log,
    answer(op, operands) {
      if (op >= 13) return flash(op, operands);
      if (op !== OP.I2C_READ && op !== OP.RANDOM) log.push([op, operands]);
      switch (op) {
        case OP.HELLO: return Buffer.of(1);
        case OP.SPI: return Buffer.alloc(operands.length);
        case OP.I2C_WRITE:
          if (operands[0] !== 0x20) return Buffer.of(0);
          operands.subarray(2).forEach((value, i) => (registers[(operands[1] + i) % 22] = value));
          return Buffer.of(1);
        case OP.I2C_READ:
          if (operands[0] !== 0x20) return Buffer.alloc(0);
          registers[0x12] = ~0x1d & 0xff;
          return Buffer.from(registers.subarray(operands[1], operands[1] + operands[2]));
        case OP.ANALOG: return operands[0] === 1 ? Buffer.of(0x0f, 0x3c) : Buffer.of(0, 0);
        case OP.USB: return Buffer.of(1);
        // ROM code of Maxim application note 27.
        case OP.DIE: return Buffer.from('021cb801000000a2', 'hex');
        case OP.RANDOM: return crypto.randomBytes(operands[0]);
        default: return Buffer.alloc(0);
      }
    },
  };
}

function vault(deviceId) {
  const key = (n) => String.fromCharCode(n).repeat(32);
  const evidenceKey = key(3);
  return vaultImage({
    natives: nodeNatives, deviceId, linkKey: key(1), permitKey: key(2), evidenceKey,
    ackKey: crypto.createHmac('sha256', Buffer.from(evidenceKey, 'latin1')).update('smartseal/ack').digest('latin1'),
    people: [{ slot: 0, person: 1 }],
  });
}

/** A cable at whose far end nobody speaks. */
const silent = { connected: true, write: () => undefined, onData: () => () => undefined };

async function run({ interpreter, dir, check }) {
  const bundle = path.join(DIST, fs.existsSync(path.join(DIST, 'linux-instrumented.js')) ? 'linux-instrumented.js' : 'linux.js');
  if (!fs.existsSync(bundle)) throw new Error('the firmware is not built: node firmware/build/build.js --instrument');
  const image = vault('\x01\x02\x03\x04\x05\x06\x07\x08');
  const own = provision(interpreter, dir, { bundle: fs.readFileSync(bundle, 'latin1'), vault: image });
  console.log(own ? 'regions are files of the interpreter' : 'regions are served (its Storage is too small for them)');
  const bench = parts(norFlash(image));
  const stop = serve(dir, bench.answer);
  const terminals = [await openPty(silent, { link: path.join(dir, 'link'), timers }), await openPty(silent, { link: path.join(dir, 'reader'), timers })];
  const started = Date.now();
  const unit = boot(interpreter, dir);
  for (let i = 0; i < 100 && !bench.log.some(([op]) => op === OP.KICK); i++) await wait(100);
  const booted = Date.now() - started;
  await wait(3000);
  const first = bench.log.findIndex(([op]) => op === OP.HELLO);
  check(`boots from flash and lives (first kick after ${booted} ms)`, first === 0 && bench.log.filter(([op]) => op === OP.KICK).length >= 3, unit.output());
  check('bolt never pulled, motor never driven', bench.log.every(([op, operands]) => (op !== OP.BOLT || operands[0] === 0) && (op !== OP.MOTOR || operands[0] === 100)));
  check('prints nothing but its boot line', !/Uncaught|Error|ERROR/.test(unit.output()), unit.output());
  const memory = JSON.parse(fs.readFileSync(path.join(dir, 'memory'), 'latin1'));
  console.log(`variables: ${memory.boot} at boot, ${memory.peak} at peak, of ${memory.total} (${memory.blocksize} bytes each)`);
  check('variables in use within 50 % of 14,000', memory.blocksize !== 14 || memory.peak <= 7000, memory.peak);
  if (fs.existsSync(path.join(dir, 'coverage'))) {
    const functions = JSON.parse(fs.readFileSync(path.join(DIST, 'linux-functions.json'), 'utf8'));
    const ran = [...fs.readFileSync(path.join(dir, 'coverage'))].filter((byte) => byte === 1).length;
    console.log(`functions executed: ${ran} of ${functions.length}`);
  }
  unit.child.kill('SIGTERM');
  await unit.ended;
  stop();
  for (const terminal of terminals) await terminal.close();
}

module.exports = { run };
