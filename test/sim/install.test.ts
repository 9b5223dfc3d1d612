/** What `device flash` and `device provision` send to a XIAO: typed at the console of a simulated one, it must leave the very unit that the simulator makes. */
import { Script } from 'node:vm';
import { BOOT_CODE, BOOT_FILE, PAGE, VAULT_ADDRESS } from '../../firmware/board/files';
import { slotOfCode } from '../../firmware/core/provision';
import { nodeNatives } from '../../host-bridge/natives';
import { BoardId } from '../../protocol';
import { vaultOf, World } from '../../sim';
import { Radio } from '../../sim/board/bluetooth';
import { espruino, EXTERNAL, INTERNAL } from '../../sim/board/espruino';
import type { Hardware } from '../../sim/board/hardware';
import { Processor } from '../../sim/board/processor';
import { loadProgram } from '../../sim/board/run';
import { FileArea } from '../../sim/board/storage';
import { askScript, DONE, heard, installScript, provisionScript } from '../../sim/cli/install';
import { NorFlash } from '../../sim/parts/nor';
import { carryOut } from '../../sim/scenario';
import { Bench } from '../../sim/scenario/bench';
import { writeStorage, writeVault } from '../../sim/unit/provision';
import { bundle } from '../scenario/bench';
import { IDENTITY } from './helpers';

const { code, font } = bundle();
const SLOT = slotOfCode(nodeNatives, BoardId.XIAO, code, font!.toString('latin1'));
const VAULT = vaultOf(IDENTITY);
const ERASE = 'require("Storage").eraseAll();';
const KEYS = VAULT.toString('base64');

const blank = (): NorFlash => new NorFlash([INTERNAL, EXTERNAL], new World({ seed: 1 }).random.fork('flash'));

/** Types a script at the console of a unit with this flash, line by line; what it prints. */
async function typed(flash: NorFlash, script: string): Promise<string[]> {
  const world = new World({ seed: 1 });
  const printed: string[] = [];
  const failures: unknown[] = [];
  const off = { connected: () => false, roomIn: () => 0, waiting: () => 0, send: () => undefined };
  const hardware = { world, random: world.random.fork('interpreter'), flash, chipId: Buffer.alloc(8), usb: off, vbus: () => true, print: (text: string) => printed.push(text.trim()) } as unknown as Hardware;
  const processor: Processor = new Processor(world, {
    start: () => loadProgram(script).run(espruino(processor, hardware, new Radio(world)).names),
    release: () => undefined, onException: (error) => failures.push(error), onHalt: () => undefined,
  });
  flash.onCut = () => {
    processor.cut();
    processor.check();
  };
  processor.powerOn();
  await world.run(60_000);
  expect(failures).toEqual([]);
  return printed;
}

/** All that a host could read of a unit's flash. */
const contents = (flash: NorFlash): string => [[VAULT_ADDRESS, 2 * PAGE], [EXTERNAL.base, EXTERNAL.size]].map(([at, size]) => Buffer.from(flash.read(at!, size!)).toString('latin1')).join('');
/** Whether it starts anything: its boot file, whole. */
function starts(flash: NorFlash): boolean {
  const file = new FileArea(flash, EXTERNAL.base, EXTERNAL.size).find(BOOT_FILE);
  return file !== undefined && Buffer.from(flash.read(file.data, file.size)).toString('latin1') === BOOT_CODE;
}

/** As the simulator makes a unit. */
function made(): NorFlash {
  const flash = blank();
  writeVault(flash, IDENTITY);
  writeStorage(flash, code, font);
  return flash;
}

test('each line stands by itself, short enough for the console; the keys go nowhere but into the internal flash; the boot file comes last', () => {
  for (const script of [installScript(SLOT, VAULT), installScript(SLOT, undefined), provisionScript(VAULT)]) {
    const lines = script.split('\n');
    for (const line of lines) expect(() => new Script(line)).not.toThrow();
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2048);
    expect(lines.findIndex((line) => line.includes(BOOT_FILE))).toBe(lines.length - 2);
    expect(lines.filter((line) => line.includes(KEYS.slice(0, 40)))).toEqual(script.includes(KEYS) ? [`F.erasePage(a);F.erasePage(a+${PAGE});F.write(atob("${KEYS}"),a);`] : []);
  }
  expect(provisionScript(VAULT)).toContain(`var a=${VAULT_ADDRESS};`);
  expect(installScript(SLOT, undefined)).not.toContain(KEYS.slice(0, 40));
});

test('in one go: the flash of a unit byte for byte', async () => {
  const flash = blank();
  flash.load(EXTERNAL.base, Buffer.alloc(3 * PAGE, 0x55));
  expect(await typed(flash, ERASE)).toEqual([]);
  expect(await typed(flash, installScript(SLOT, VAULT))).toEqual([`${DONE} 6`]);
  expect(contents(flash) === contents(made())).toBe(true);
});

test('flashed, then provisioned: the same; in between it says that it has no keys, and starts nothing', async () => {
  const flash = blank();
  expect(heard((await typed(flash, askScript('xiao'))).join('\n'))).toEqual({ files: 0, keyed: false });
  expect(await typed(flash, installScript(SLOT, undefined))).toEqual([`${DONE} 5`]);
  expect([starts(flash), heard((await typed(flash, askScript('xiao'))).join('\n'))]).toEqual([false, { files: 5, keyed: false }]);
  expect(await typed(flash, provisionScript(VAULT))).toEqual([`${DONE} 6`]);
  expect(contents(flash) === contents(made())).toBe(true);
  expect(heard((await typed(flash, askScript('xiao'))).join('\n'))).toEqual({ files: 5, keyed: true });
});

test('what asks is not taken for what answers', () => expect(heard(askScript('xiao'))).toBeUndefined());

test('firmware put anew on a unit that has keys leaves them alone, and locks it again', async () => {
  const flash = made();
  flash.load(EXTERNAL.base, Buffer.alloc(8, 0x55));
  expect(await typed(flash, ERASE)).toEqual([]);
  expect(await typed(flash, installScript(SLOT, undefined))).toEqual([`${DONE} 6`]);
  expect(contents(flash) === contents(made())).toBe(true);
});

test('keys that the flash does not hold: nothing that would start', async () => {
  const flash = blank();
  await typed(flash, installScript(SLOT, undefined));
  flash.stick(VAULT_ADDRESS + 30, 0xff, 0xff);
  expect(await typed(flash, provisionScript(VAULT))).toEqual([`${DONE} 5`]);
  expect(starts(flash)).toBe(false);
});

test('power that goes at any write of the provisioning: it starts nothing, or everything, and can be provisioned once more', async () => {
  const flashed = blank();
  await typed(flashed, installScript(SLOT, undefined));
  const copy = (): NorFlash => new NorFlash([INTERNAL, EXTERNAL], new World({ seed: 2 }).random.fork('flash'), flashed.image());
  const whole = copy();
  await typed(whole, provisionScript(VAULT));
  expect(whole.ops).toBeGreaterThan(4);
  for (let n = 1; n <= whole.ops; n++) {
    for (const moment of ['before', 'torn', 'after'] as const) {
      const flash = copy();
      flash.cutAt(n, moment);
      await typed(flash, provisionScript(VAULT));
      flash.noCuts();
      const before = starts(flash);
      expect(heard((await typed(flash, askScript('xiao'))).join('\n'))).toEqual({ files: 5, keyed: before });
      if (!before) expect(await typed(flash, provisionScript(VAULT))).toEqual([`${DONE} 6`]);
      expect([starts(flash), Buffer.from(flash.read(VAULT_ADDRESS, VAULT.length)).equals(VAULT)]).toEqual([true, true]);
    }
  }
});

test('what was flashed and provisioned so starts, proves itself to its office, and stamps', async () => {
  const flash = blank();
  await typed(flash, installScript(SLOT, undefined));
  await typed(flash, provisionScript(VAULT));
  const world = new World({ seed: 1, settle: async () => { for (let i = 0; i < 64; i++) await Promise.resolve(); } });
  const bench = new Bench({
    world, bundle: bundle(), identity: IDENTITY, deviceId: IDENTITY.deviceId.toString('hex'), people: [{ person: 7, name: 'zhang' }], teller: { language: 'en', event: () => undefined, answer: () => undefined },
    photographs: false, seed: 1, flash: flash.image(), office: true, epoch: 1_800_000_000,
  });
  bench.unit.power.on();
  for (const line of ['permit zhang nophotos', 'finger zhang', 'paper blank']) {
    void carryOut(bench, line);
    await world.run(6000);
  }
  expect([bench.unit.truth.strokeCount, bench.office?.complete, bench.unit.truth.consoleBytes]).toEqual([1, true, 0]);
  expect(bench.unit.truth.exceptions).toEqual([]);
});
