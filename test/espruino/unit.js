/**
 * One bench unit on the real interpreter: a directory with its flash, its FIFOs and ptys (firmware/board/LINUX.md), and the
 * process itself.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn, spawnSync, execFileSync } = require('node:child_process');
const files = require('../../firmware/board/files');

/** Watches the variables in use; goes before the bundle, in the boot file. */
const SAMPLER =
  'var _m={boot:0,peak:0,total:0,blocksize:0};setInterval(function(){var m=process.memory(false);_m.total=m.total;_m.blocksize=m.blocksize;' +
  'if(!_m.boot)_m.boot=m.usage;if(m.usage>_m.peak)_m.peak=m.usage;},20);' +
  'setInterval(function(){var f=E.openFile("memory","w");f.write(JSON.stringify(_m));f.close();},500);';

/** Makes the Storage area as it leaves the factory: bundle, regions, boot code last. */
function provision(interpreter, dir, { bundle, vault, sampler = true }) {
  const regions = [files.STATE, files.JOURNAL, files.PHOTOS, files.VAULT];
  fs.writeFileSync(path.join(dir, 'bundle'), bundle, 'latin1');
  fs.writeFileSync(path.join(dir, 'vault.bin'), vault, 'latin1');
  const script = [
    'var S=require("Storage"),F=require("fs");',
    `S.write(${JSON.stringify(files.BUNDLE)},F.readFileSync("bundle"));`,
    ...regions.map((region) => `S.write(${JSON.stringify(region.name)},"",0,${files.fileSize(region)});`),
    // The vault begins with the first whole page of its file.
    'var L=require("Flash"),a=process.env.BOARD=="LINUX"?0x10000000:0x60000000,v=F.readFileSync("vault.bin");',
    'for(;;){var h=L.read(32,a),z=h[0]|h[1]<<8|h[2]<<16;if(z==0||z==0xffffff)break;',
    `if(E.toString(h).substr(4).split("\\0")[0]==${JSON.stringify(files.VAULT.name)}){if(v)L.write(v,Math.ceil((a+32)/${files.PAGE})*${files.PAGE});print("vault ok");}`,
    'a+=(z+35)&~3;}',
    `S.write(${JSON.stringify(files.BOOT_FILE)},${JSON.stringify((sampler ? SAMPLER : '') + files.BOOT_CODE)});`,
    'print("provisioned "+S.getStats().fileCount);',
  ].join('\n');
  fs.writeFileSync(path.join(dir, 'provision.js'), script);
  const done = spawnSync(interpreter, ['provision.js'], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'latin1', timeout: 60_000 });
  const out = `${done.stdout}${done.stderr}`;
  if (!out.includes(`provisioned ${regions.length + 2}`) || !out.includes('vault ok')) throw new Error(`provisioning failed: ${out.slice(-500)}`);
}

/** Serves requests of LINUX.md from `q` on `r`; answer(op, operands) gives a Buffer. */
function serve(dir, answer) {
  for (const name of ['q', 'r']) execFileSync('mkfifo', [path.join(dir, name)]);
  const q = fs.openSync(path.join(dir, 'q'), fs.constants.O_RDWR);
  const r = fs.openSync(path.join(dir, 'r'), fs.constants.O_RDWR);
  let held = Buffer.alloc(0);
  let open = true;
  const chunk = Buffer.alloc(65536);
  const pump = () =>
    fs.read(q, chunk, 0, chunk.length, null, (error, count) => {
      if (error || !open) return;
      held = Buffer.concat([held, chunk.subarray(0, count)]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0);
        const reply = answer(held[2], Buffer.from(held.subarray(3, end)));
        held = held.subarray(end);
        const head = Buffer.alloc(2);
        head.writeUInt16BE(reply.length);
        const out = Buffer.concat([head, reply]);
        for (let at = 0; at < out.length; ) at += fs.writeSync(r, out, at);
      }
      pump();
    });
  pump();
  return () => {
    open = false;
    // Wakes the pending read, so that nothing keeps the process.
    fs.writeSync(q, Buffer.alloc(1));
  };
}

/** Starts the interpreter on .bootcde. Its input is a pipe that stays open and silent. */
function boot(interpreter, dir) {
  const child = spawn(interpreter, ['-e', '0'], { cwd: dir, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output = (output + data.toString('latin1')).slice(-4000)));
  child.stderr.on('data', (data) => (output = (output + data.toString('latin1')).slice(-4000)));
  return {
    child,
    output: () => output,
    ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal }))),
  };
}

module.exports = { provision, serve, boot };
