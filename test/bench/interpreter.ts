/**
 * The protocol and the whole bundle on the real interpreter, counted in instructions, and what that means at 64 MHz.
 *
 * valgrind counts the instructions of runs with N and with 3 N passes; their difference over 2 N is one pass, start-up gone.
 * Those are x86 instructions of a 32-bit build of the interpreter, and of its own code only: what the C library does is left
 * out, because on Linux each 16 bytes of code in flash cost a file opened and closed, and a thread polls the console.
 * What ARM needs for the same has been counted for some operations (shared design notes, "Costs": Thumb-2 instructions);
 * the same operations are counted here on the binary at hand, and the median of the quotients turns one into the other.
 * 29,000 Thumb-2 instructions take a millisecond on an nRF52 at 64 MHz, give or take a quarter, and code in external flash,
 * read over SPI, takes 12 to 23 % longer: 18 % are added. Beside it the wall-clock time on this machine.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SLOT_A, SLOT_OFFSETS } from '../../firmware/board/files';
import { slotOfCode, vaultImage } from '../../firmware/core/provision';
import { nodeNatives } from '../../host-bridge/natives';
import {
  BoardId, bodyMax, DevicePeer, encodeFrame, encodeGrantApply, encodePermitGet, encodePermitLoad, encodePhotoGet, encodeReady, encodeRecordsGet, encodeUpdateChunk, FrameType, GrantKind, grantPayload, hmacKey,
  HostPeer, sealGrant, type Bytes, type Natives,
} from '../../protocol';
import { seal, SEAL_BYTES } from '../../protocol/channel';
import { openPty } from '../../sim/io';
import { timersOf } from './lines';
import { digits, median, type Bench } from './report';

/** Thumb-2 instructions by operation, and how many of the operation a pass of the entry is. */
const KNOWN: Record<string, number> = { loop: 5949, sha55: 19_174, sha1024: 72_011, ccm64: 43_345, ccm244: 80_434 };
const PER_MS = 29_000;
const FROM_FLASH = 1.18;
const PASSES = 3;
const TIMED_PASSES = 40;

interface Operation {
  name: string;
  text: string;
  goal?: number;
}

const OPERATIONS: Operation[] = [
  { name: 'handshake', text: 'handshake, device side (HELLO, PROVE, READY)', goal: 500 },
  { name: 'permit', text: 'permit check (openGrant)', goal: 300 },
  { name: 'seal128', text: 'seal and encode a full frame of 128 B', goal: 20 },
  { name: 'open128', text: 'decode and open a full frame of 128 B', goal: 20 },
  { name: 'seal2048', text: 'seal and encode a full frame of 2048 B' },
  { name: 'open2048', text: 'decode and open a full frame of 2048 B' },
  { name: 'record', text: 'make a record, hash it, ratchet the key' },
  { name: 'photo1024', text: 'hash 1024 B of a photo' },
  { name: 'signatureTrees', text: "a maker's signature: its 14 FORS trees" },
  { name: 'signatureLayer', text: "a maker's signature: the trees and one of seven layers" },
  { name: 'updateChunk', text: 'decode UpdateChunk of 512 B' },
  { name: 'permitLoad', text: 'decode PermitLoad' },
  { name: 'grantApply', text: 'decode GrantApply' },
  { name: 'permitGet', text: 'decode PermitGet' },
  { name: 'recordsGet', text: 'decode RecordsGet' },
  { name: 'photoGet', text: 'decode PhotoGet' },
  { name: 'status', text: 'encode Status' },
  { name: 'notice', text: 'encode Notice' },
  { name: 'photoChunk', text: 'encode PhotoChunk of 1900 B' },
  { name: 'records', text: 'encode Records, four of 180 B' },
  { name: 'permitState', text: 'encode PermitState' },
  { name: 'timeNonce', text: 'encode TimeNonce' },
  { name: 'rows', text: 'display: make four rows of the state' },
  { name: 'slice', text: 'display: say what is to stand there, and draw one slice' },
  { name: 'redraw', text: 'display: blank it and draw it, Chinese, without the bus' },
  { name: 'redrawEnglish', text: 'display: blank it and draw it, English, without the bus' },
];

const hex = (bytes: Bytes): string => Buffer.from(bytes, 'latin1').toString('hex');
/** As in the entry: nothing about the device's bytes is left to chance. */
const fixed: Natives = { ...nodeNatives, random: (length) => 'R'.repeat(length) };

/** What a host says in a handshake to the entry's device. */
function handshakeBytes(): { hello: string; prove: string } {
  const said: Bytes[] = [];
  let live = false;
  const host: HostPeer = new HostPeer({
    natives: fixed, write: (bytes) => said.push(bytes), keyFor: () => 'L'.repeat(32), hostId: 1, frameMax: 2048, window: 8,
    events: { ready: () => (live = true), message: () => undefined, down: () => undefined },
  });
  const device: DevicePeer = new DevicePeer({
    natives: fixed, deviceId: 'SEAL0001', key: 'L'.repeat(32), boot: 3, frameMax: 2048, rxMax: 640, window: 4,
    write: (bytes) => (host.receive(bytes), true),
    events: { ready: () => device.send(`\x01\x00${encodeReady({ boot: 3, firstSeq: 0, nextSeq: 40, ackedSeq: 38, state: 1, firmware: '0.1.0' })}`), message: () => undefined, down: () => undefined },
  });
  host.connect();
  device.receive(said[0]!);
  device.receive(said[1] ?? '');
  device.tick(0);
  if (!live) throw new Error('the handshake made for the bench does not succeed');
  return { hello: hex(said[0]!), prove: hex(said[1]!) };
}

export function inputs(): Record<string, string> {
  const grant = sealGrant(fixed, hmacKey(fixed, 'P'.repeat(32)), grantPayload('SEAL0001', {
    kind: GrantKind.PERMIT, notBefore: 1_800_000_000, notAfter: 1_800_003_600, permit: 'permit----------', counter: 4711, epoch: 2, die: 'DIETAG00', count: 3, persons: [7, 1, 8, 1], policy: 1,
    document: 'D'.repeat(32), idle: 120,
  }));
  // A zero in the cipher text costs the reader a COBS block: as many as chance puts there, rounded up.
  const frame = (size: number): string => {
    for (let letter = 0; ; letter++) {
      const sealed = seal(fixed, 'k'.repeat(16), 0, 'sid01', 7, String.fromCharCode(letter).repeat(bodyMax(size) - SEAL_BYTES));
      if (sealed.split('\0').length - 1 === Math.ceil(size / 256)) return hex(encodeFrame(fixed, FrameType.DATA, 7, 3, 3, sealed));
    }
  };
  return {
    ...handshakeBytes(), grant: hex(grant), seal128: String(bodyMax(128) - SEAL_BYTES), seal2048: String(bodyMax(2048) - SEAL_BYTES), open128: frame(128), open2048: frame(2048),
    updateChunk: hex(encodeUpdateChunk({ offset: 65_536, data: 'u'.repeat(512) })),
    permitLoad: hex(encodePermitLoad({ grant })), grantApply: hex(encodeGrantApply({ grant })), permitGet: hex(encodePermitGet({ permit: 'permit----------' })),
    recordsGet: hex(encodeRecordsGet({ fromSeq: 300, maxBytes: 4096 })), photoGet: hex(encodePhotoGet({ digest: 'D'.repeat(32), offset: 100_000, maxBytes: 65_536 })),
  };
}

interface FirmwareBuild {
  compile(entries: string[]): Map<string, string>;
  bundle(entry: string, modules: Map<string, string>, names: unknown): Promise<string>;
  minify(code: string, names: unknown, readable: boolean): Promise<string>;
}

/** Instructions of what was compiled with line numbers: the interpreter itself. Where nothing was, of all. */
function ownInstructions(out: string): number {
  const { stdout, stderr } = spawnSync('callgrind_annotate', ['--threshold=100', '--auto=no', out], { encoding: 'latin1', maxBuffer: 1 << 26 });
  const all = /([\d,]+)[^\n]*PROGRAM TOTALS/.exec(stdout);
  if (all === null) throw new Error(`valgrind did not count: ${stderr.slice(-300)}`);
  let own = 0;
  for (const [, count] of stdout.matchAll(/^\s*([\d,]+) \([^)]*\)\s+(?=\S)(?!\?\?\?:|PROGRAM)/gm)) own += Number(count!.replaceAll(',', ''));
  return own > 0 ? own : Number(all[1]!.replaceAll(',', ''));
}

/** Runs scripts on the interpreter, plain or counted. */
class Runner {
  constructor(private readonly interpreter: string, readonly folder: string) {}

  private run(program: string, args: string[]): string {
    const done = spawnSync(program, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'latin1', timeout: 180_000 });
    return `${done.stdout}${done.stderr}`;
  }

  plain(script: string): string {
    return this.run(this.interpreter, [script]);
  }

  /** Instructions from start to end. */
  counted(script: string): number {
    const out = path.join(this.folder, 'callgrind.out');
    const text = this.run('valgrind', ['--tool=callgrind', `--callgrind-out-file=${out}`, this.interpreter, script]);
    if (/Uncaught|failed/.test(text)) throw new Error(`the script failed: ${text.slice(-400)}`);
    return ownInstructions(out);
  }

  order(what: string, count: number): void {
    writeFileSync(path.join(this.folder, 'which'), `${what} ${count}`);
  }

  /** Instructions of one pass. */
  pass(what: string): number {
    this.order(what, PASSES);
    const once = this.counted('run.js');
    this.order(what, 3 * PASSES);
    return (this.counted('run.js') - once) / (2 * PASSES);
  }

  /** Milliseconds of one pass on this machine. */
  timed(what: string, now: () => number): number {
    const took = (count: number): number => {
      this.order(what, count);
      const from = now();
      const text = this.plain('run.js');
      if (!text.includes(`BENCH ${what} ${count} done`)) throw new Error(`${what}: ${text.slice(-300)}`);
      return now() - from;
    };
    return (median([0, 1, 2].map(() => took(3 * TIMED_PASSES))) - median([0, 1, 2].map(() => took(TIMED_PASSES)))) / (2 * TIMED_PASSES);
  }
}

/** Parts that answer as little as the firmware needs to come to rest: lid closed, die in, bolt closed, at home. */
function quietParts(flash: (op: number, operands: Buffer) => Buffer, rested: () => void): (op: number, operands: Buffer) => Buffer | undefined {
  const registers = Buffer.alloc(22);
  return (op, operands) => {
    if (op >= 13) return flash(op, operands);
    switch (op) {
      case 1: return Buffer.of(1);
      case 2: return Buffer.alloc(operands.length);
      case 3:
        operands.subarray(2).forEach((value, i) => (registers[(operands[1]! + i) % 22] = value));
        return Buffer.of(1);
      case 4:
        registers[0x12] = ~0x1d & 0xff;
        return Buffer.from(registers.subarray(operands[1]!, operands[1]! + operands[2]!));
      case 7:
        // The battery is asked for the first time when the watch looks first, and that is when all stands and listens.
        if (operands[0] !== 1) return Buffer.of(0, 0);
        rested();
        return undefined;
      case 8: return Buffer.of(1);
      case 9: return Buffer.from('021cb801000000a2', 'hex');
      case 10: return Buffer.alloc(operands[0]!, 0x5a);
      case 11: return Buffer.alloc(0);
      default: return Buffer.alloc(0);
    }
  };
}

interface BenchUnit {
  provision(interpreter: string, folder: string, made: { bundle: string; vault: string; sampler: boolean }): boolean;
  norFlash(vault: string): (op: number, operands: Buffer) => Buffer;
  serve(folder: string, answer: (op: number, operands: Buffer) => Buffer | undefined): () => void;
}

/** Boots the bundle from flash until it has come to rest. Instructions, and ms. */
async function boot(bench: Bench, interpreter: string, bundle: string, counted: boolean): Promise<{ instructions: number; ms: number }> {
  const load = createRequire(__filename);
  load(path.join(bench.root, 'test/espruino/load-ts.js'));
  const unit = load(path.join(bench.root, 'test/espruino/unit.js')) as BenchUnit;
  const folder = path.join(bench.folder, `boot-${counted}-${bundle.length}`);
  mkdirSync(folder);
  const vault = vaultImage({
    natives: nodeNatives, deviceId: 'SEAL0001', linkKey: 'L'.repeat(32), permitKey: 'P'.repeat(32), evidenceKey: 'E'.repeat(32), ackKey: 'A'.repeat(32), people: [{ slot: 0, person: 7 }],
  }) as string;
  unit.provision(interpreter, folder, { bundle, vault, sampler: false });
  const timers = timersOf(bench);
  const cable = { connected: true, write: () => undefined, onData: () => () => undefined };
  const terminals = [await openPty(cable, { timers }), await openPty(cable, { timers })];
  ['link', 'reader'].forEach((name, i) => symlinkSync(terminals[i]!.device, path.join(folder, name)));
  const out = path.join(folder, 'callgrind.out');
  const [program, args] = counted ? ['valgrind', ['--tool=callgrind', `--callgrind-out-file=${out}`, interpreter, '-e', '0']] : [interpreter, ['-e', '0']];
  let child: ReturnType<typeof spawn> | undefined;
  let ms = 0;
  const from = bench.now();
  const stop = unit.serve(folder, quietParts(unit.norFlash(vault), () => {
    if (ms > 0) return;
    ms = bench.now() - from;
    child?.kill('SIGTERM');
  }));
  try {
    child = spawn(program as string, args as string[], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise<void>((resolve) => child!.on('exit', () => resolve()));
    await Promise.race([ended, bench.sleep(120_000)]);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    if (ms === 0) throw new Error('the bundle did not come to rest');
    return { instructions: counted ? ownInstructions(out) : NaN, ms };
  } finally {
    stop();
    for (const one of terminals) await one.close();
  }
}

export async function interpreter(bench: Bench): Promise<void> {
  const named = bench.env['ESPRUINO'];
  if (named === undefined || !existsSync(named)) return bench.skipped('all', named === undefined ? 'ESPRUINO names no interpreter' : `ESPRUINO names ${named}, which is not there`);
  const program = path.resolve(named);
  const counting = spawnSync('valgrind', ['--version']).status === 0;
  if (!counting) bench.skipped('instructions and the estimate at 64 MHz', 'valgrind is not installed');

  const step = (name: string): unknown => createRequire(__filename)(path.join(bench.root, 'firmware/build', `${name}.js`));
  const build = step('build') as FirmwareBuild;
  const { allowed } = step('names') as { allowed(): unknown };
  const { inline } = step('inline') as { inline(code: string): string };
  const { own } = step('own') as { own(code: string): string };
  bench.say('building');
  const entry = path.join(bench.root, 'test/bench/on-device/entry');
  const names = allowed();
  // As the firmware's build does it: what the interpreter makes of names and functions is half of the cost.
  const code = await build.minify(own(inline(await build.bundle(entry, build.compile([`${entry}.ts`]), names))), names, false);
  const runner = new Runner(program, bench.folder);
  writeFileSync(path.join(bench.folder, 'bundle.js'), code);
  writeFileSync(path.join(bench.folder, 'input.json'), JSON.stringify(inputs()));
  // The display's glyphs and texts lie in a slot, behind code that nobody runs.
  const slot = slotOfCode(nodeNatives, BoardId.LINUX, ';', readFileSync(path.join(bench.root, 'dist/firmware/font.bin'), 'latin1'));
  writeFileSync(path.join(bench.folder, 'slot'), slot, 'latin1');
  const at = SLOT_OFFSETS[0]!;
  writeFileSync(path.join(bench.folder, 'store.js'), [
    'var S=require("Storage"),F=require("fs");S.write("bench",F.readFileSync("bundle.js"));',
    `S.write(${JSON.stringify(SLOT_A.name)},"",0,${at + slot.length});S.write(${JSON.stringify(SLOT_A.name)},F.readFileSync("slot"),${at});`,
  ].join(''));
  writeFileSync(path.join(bench.folder, 'run.js'), 'global.SLOT=0;eval(require("Storage").read("bench"));');
  runner.plain('store.js');

  let perArm = NaN;
  let nothing = 0;
  if (counting) {
    bench.say('calibrating');
    const loop = (count: number): number => {
      writeFileSync(path.join(bench.folder, `loop${count}.js`), `for (var i=0;i<${count};i++);`);
      return runner.counted(`loop${count}.js`);
    };
    nothing = runner.pass('nothing');
    const counted: Record<string, number> = { loop: (loop(2000) - loop(1000)) / 1000 };
    for (const name of Object.keys(KNOWN)) counted[name] ??= runner.pass(name) - nothing;
    const quotients = Object.entries(KNOWN).map(([name, arm]) => counted[name]! / arm);
    perArm = median(quotients);
    bench.figure({
      metric: 'x86 instructions of this binary for one of Thumb-2', value: perArm, unit: 'x86/ARM',
      context: { interpreter: path.basename(program), of: Object.fromEntries(Object.keys(KNOWN).map((name, i) => [name, digits(quotients[i]!, 3)])), note: 'median; estimates: x86 / this / 29,000 ms (+-25 %), and 18 % more for code in external flash' },
    });
  }
  const tell = (text: string, ms: number, x86: number, goal: number | undefined, context: Record<string, unknown>): void => {
    bench.figure({ metric: `${text}: time on this machine`, value: ms, unit: 'ms', context: { load: bench.load() } });
    if (!Number.isFinite(x86)) return;
    bench.figure({ metric: `${text}: instructions`, value: x86, unit: 'x86 instructions' });
    bench.figure({ metric: `${text}: estimate at 64 MHz`, value: (x86 / perArm / PER_MS) * FROM_FLASH, unit: 'ms', ...(goal === undefined ? {} : { goal }), context });
  };
  const only = bench.env['BENCH_OPERATIONS']?.split(',');
  for (const { name, text, goal } of OPERATIONS) {
    if (only !== undefined && !only.includes(name)) continue;
    bench.say(text);
    const x86 = counting ? runner.pass(name) - nothing : NaN;
    tell(text, runner.timed(name, () => bench.now()), x86, goal, {});
  }
  if (only !== undefined && !only.includes('boot')) return;
  bench.say('boot');
  const bundle = readFileSync(path.join(bench.root, 'dist/firmware/linux.js'), 'latin1');
  const plain = await boot(bench, program, bundle, false);
  let x86 = NaN;
  if (counting) {
    // The interpreter's own start is in it: an upper bound.
    x86 = (await boot(bench, program, bundle, true)).instructions;
  }
  tell('boot to rest, whole bundle', plain.ms, x86, 3000, { bundleBytes: bundle.length, note: 'with the start of the interpreter itself; flash and parts answer at once here; a unit adds about 0.35 s before the first line, and flash times' });
}
