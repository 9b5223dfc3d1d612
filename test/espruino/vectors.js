/** The protocol's vectors, and with them the native cryptography, on the interpreter. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const build = require('../../firmware/build/build');
const { allowed } = require('../../firmware/build/names');

const NAMES = ['standard', 'cobs', 'frame', 'handshake', 'channel', 'keys', 'messages', 'grants', 'evidence', 'photo', 'offline', 'image'];

/** Lists that fit no interpreter's memory at once, and how many of each do. */
const PIECES = { grants: { accepted: 13, refused: 25 } };

/** The file in pieces: each has some of one list, and of the other lists nothing. */
function piecesOf(name, whole) {
  const lists = PIECES[name];
  if (lists === undefined) return [whole];
  const none = Object.fromEntries(Object.keys(lists).map((list) => [list, []]));
  return Object.entries(lists).flatMap(([list, most]) =>
    Array.from({ length: Math.ceil(whole[list].length / most) }, (_, i) => ({ ...whole, ...none, [list]: whole[list].slice(i * most, (i + 1) * most) })));
}

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
    let count = 0;
    const wrong = [];
    for (const piece of piecesOf(name, JSON.parse(fs.readFileSync(path.join(source, `${name}.json`), 'utf8')))) {
      fs.writeFileSync(path.join(dir, `${name}.json`), JSON.stringify(piece));
      const lines = script('run.js');
      const match = /VECTORS (\w+) (\d+) (\d+)$/.exec(lines.find((line) => line.includes('VECTORS')) ?? '');
      if (match === null || match[2] === '0') wrong.push(...lines.slice(-6));
      else count += Number(match[2]);
      if (match?.[3] !== '0') wrong.push(...lines.filter((line) => line.includes('FAULT')).slice(0, 3));
    }
    check(`vectors ${name}: ${count} comparisons`, wrong.length === 0, wrong.join(' | '));
  }
}

module.exports = { run };
