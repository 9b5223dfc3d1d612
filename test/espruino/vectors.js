/** The protocol's vectors, and with them the native cryptography, on the interpreter. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const build = require('../../firmware/build/build');
const { allowed } = require('../../firmware/build/names');

async function run({ interpreter, dir, check }) {
  const source = path.resolve(__dirname, '../../protocol/vectors');
  for (const file of fs.readdirSync(source)) if (file.endsWith('.json')) fs.copyFileSync(path.join(source, file), path.join(dir, file));
  const entry = path.join(__dirname, 'vectors.entry');
  const names = allowed();
  const code = await build.bundle(entry, build.compile([`${entry}.ts`]), names);
  fs.writeFileSync(path.join(dir, 'vectors.js'), await build.minify(code, names, true));
  const done = spawnSync(interpreter, ['vectors.js'], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'latin1', timeout: 120_000 });
  const lines = `${done.stdout}${done.stderr}`.split(/\r?\n/);
  for (const line of lines) {
    const match = /VECTORS (\w+) (\d+) (\d+)$/.exec(line);
    if (match === null) continue;
    const [, name, count, faults] = match;
    check(`vectors ${name}: ${count} comparisons`, faults === '0' && count !== '0', lines.filter((one) => one.includes(`FAULT ${name} `)).slice(0, 3).join('; '));
  }
  check('vectors: all files', lines.some((line) => line.includes('VECTORS END')), lines.slice(-8).join(' | '));
}

module.exports = { run };
