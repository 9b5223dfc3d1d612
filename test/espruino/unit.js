/**
 * One bench unit on the real interpreter: a directory with its flash, its FIFOs and ptys (firmware/board/LINUX.md), and the
 * process itself.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn, spawnSync, execFileSync } = require('node:child_process');
const files = require('../../firmware/board/files');
const { slotOfCode } = require('../../firmware/core/provision');
const { nodeNatives } = require('../../host-bridge/natives');

/** BoardId.LINUX. */
const LINUX = 2;

const FONT = path.resolve(__dirname, '../../dist/firmware/font.bin');

/**
 * Makes the next checksum throw (1), every one from then on (2), or hang (3), when the file `trip` says so: nothing that a part
 * does makes the firmware throw.
 */
const TRIP =
  'var _x=0;function _t(){if(_x){while(_x==3);if(_x==1)_x=0;throw new Error("trip");}}' +
  'setInterval(function(){try{var f=E.openFile("trip","r");_x=parseInt(f.read(1));f.close();require("fs").unlink("trip");}catch(e){}},100);';

/**
 * Watches the variables in use; goes before the bundle, in the boot file, and changes nothing of it: it looks every 20 ms and
 * whenever a hash or a checksum is taken, which is deep inside most of what the firmware does. An interpreter that counts
 * every allocation itself (`max` in process.memory) is asked for that instead. Written to the file `memory`.
 */
const SAMPLER =
  TRIP +
  'var _m={boot:0,peak:0,total:0,blocksize:0,exact:false};' +
  'function _s(x){var m=process.memory(false),u=m.max===undefined?m.usage:m.max;' +
  'if(x===1){_m.total=m.total;_m.blocksize=m.blocksize;_m.exact=m.max!==undefined;if(!_m.boot)_m.boot=m.usage;}' +
  'if(_m.boot&&u>_m.peak)_m.peak=u;}' +
  'setInterval(_s,20,1);' +
  '(function(){var C=require("crypto"),h=C.SHA256,c=E.CRC32;' +
  'C.SHA256=function(d){_s();return h(d);};E.CRC32=function(d){_s();_t();return c(d);};})();' +
  'setInterval(function(){var f=E.openFile("memory","w");f.write(JSON.stringify(_m));f.close();},500);';

/** Runs a script to its end. @returns what it printed */
function runScript(interpreter, dir, text) {
  fs.writeFileSync(path.join(dir, 'script.js'), text);
  const done = spawnSync(interpreter, ['script.js'], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'latin1', timeout: 60_000 });
  return `${done.stdout}${done.stderr}`;
}

/**
 * Makes the Storage area as it leaves the factory: bundle and font in a slot, regions where there is room for them, boot code last.
 * @returns {boolean} whether the regions are files
 */
function provision(interpreter, dir, { bundle, vault, sampler = true, font = fs.readFileSync(FONT), makerKey }) {
  const regions = [files.SLOT_B, files.STATE, files.JOURNAL, files.PHOTOS, files.VAULT];
  const slot = slotOfCode(nodeNatives, LINUX, bundle, font.toString('latin1'), makerKey);
  fs.writeFileSync(path.join(dir, 'slot'), slot, 'latin1');
  fs.writeFileSync(path.join(dir, 'vault.bin'), vault, 'latin1');
  const out = runScript(
    interpreter,
    dir,
    [
      'var S=require("Storage"),F=require("fs"),big=process.env.BOARD!="LINUX"&&S.getStats().totalBytes>=2097152;',
      // A Storage that is too small for everything has one slot, as large as it needs.
      `var size=big?${files.fileSize(files.SLOT_A)}:${slot.length + files.PAGE};S.write(${JSON.stringify(files.SLOT_A.name)},"",0,size);`,
      `S.write(${JSON.stringify(files.SLOT_A.name)},F.readFileSync("slot"),${files.SLOT_OFFSETS[0]});`,
      'if(big){',
      ...regions.map((region) => `S.write(${JSON.stringify(region.name)},"",0,${files.fileSize(region)});`),
      // The vault begins with the first whole page of its file.
      'var L=require("Flash"),a=0x60000000;for(;;){var h=L.read(32,a),z=h[0]|h[1]<<8|h[2]<<16;if(z==0||z==0xffffff)break;',
      `if(E.toString(h).substr(4).split("\\0")[0]==${JSON.stringify(files.VAULT.name)}){L.write(F.readFileSync("vault.bin"),(a+32+4095)&-4096);}`,
      'a+=(z+35)&~3;}}',
      `S.write(${JSON.stringify(files.BOOT_FILE)},${JSON.stringify((sampler ? SAMPLER : '') + files.BOOT_CODE)});`,
      'print("provisioned "+S.list().length+(big?" files":" only"));',
    ].join('\n'),
  );
  if (out.includes(`provisioned ${regions.length + 2} files`)) return true;
  if (out.includes('provisioned 2 only')) return false;
  throw new Error(`provisioning failed: ${out.slice(-500)}`);
}

/** NOR flash for the flash ops of LINUX.md. */
function norFlash(vault) {
  const regions = [files.VAULT, files.STATE, files.JOURNAL, files.PHOTOS].map((region) => Buffer.alloc(region.pages * files.PAGE, 0xff));
  regions[0].write(vault, 0, 'latin1');
  const flash = (op, operands) => {
    const region = regions[operands[0]];
    const at = operands.readUInt32BE(1);
    if (op === 13) return Buffer.from(region.subarray(at, at + operands.readUInt16BE(5)));
    if (op === 14) operands.subarray(5).forEach((byte, i) => (region[at + i] &= byte));
    else region.fill(0xff, at, at + files.PAGE);
    return Buffer.alloc(0);
  };
  flash.put = (index, bytes) => void bytes.copy(regions[index]);
  return flash;
}

/** Serves requests of LINUX.md from `q` on `r`; answer(op, operands) gives a Buffer, or undefined: the interpreter waits for ever. */
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
        if (reply === undefined) continue;
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

module.exports = { runScript, provision, norFlash, serve, boot };
