/** The protocol's vectors, and with them the native cryptography, on the interpreter. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const build = require('../../firmware/build/build');
const { allowed } = require('../../firmware/build/names');

const NAMES = ['standard', 'cobs', 'frame', 'handshake', 'channel', 'keys', 'messages', 'grants', 'evidence', 'photo', 'offline', 'image'];

async function run({ interpreter, dir, check }) {
  const source = path.resolve(__dirname, '../../protocol/vectors');
  for (const name of NAMES) fs.copyFileSync(path.join(source, `${name}.json`), path.join(dir, `${name}.json`));
  const entry = path.join(__dirname, 'vectors.entry');
  const names = allowed();
  const code = await build.bundle(entry, build.compile([`${entry}.ts`]), names);
  fs.writeFileSync(path.join(dir, 'vectors.js'), await build.minify(code, names, 'properties'));
  fs.writeFileSync(path.join(dir, 'store.js'), 'require("Storage").write("vectors",require("fs").readFileSync("vectors.js"));');
  // From flash, as the firmware: the functions' texts take no variables.
  fs.writeFileSync(path.join(dir, 'run.js'), 'eval(require("Storage").read("vectors"));');
  const script = (file) => {
    const done = spawnSync(interpreter, [file], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'latin1', timeout: 300_000 });
    return `${done.stdout}${done.stderr}`.split(/\r?\n/).filter((line) => line !== '');
  };
  script('store.js');
  for (const name of NAMES) {
    fs.writeFileSync(path.join(dir, 'which'), name);
    const lines = script('run.js');
    const match = /VECTORS (\w+) (\d+) (\d+)$/.exec(lines.find((line) => line.includes('VECTORS')) ?? '');
    const faults = lines.filter((line) => line.includes('FAULT'));
    check(`vectors ${name}: ${match?.[2] ?? 'no'} comparisons`, match !== null && match[2] !== '0' && match[3] === '0', (match === null ? lines.slice(-6) : faults.slice(0, 3)).join(' | '));
  }
}

module.exports = { run };
