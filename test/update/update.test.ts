/** Updates over the link, the whole way: the flashed bundle on simulated flash, started by the boot file that is flashed. */
import { Action, encodeUpdateBegin, MessageType, UpdateStage } from '../../protocol';
import { imageInfo, imageSignedBy } from '../../host-bridge/common/images';
import { nodeNatives } from '../../host-bridge/natives';
import { readable, Shapes } from '../../sim';
import { SLOT_OFFSETS } from '../../firmware/board/files';
import { EXTERNAL } from '../../sim/board/espruino';
import { TABLE } from '../../firmware/text/table';
import { makeFont } from '../display/font';
import { Bench, bundle, Refused } from '../scenario/bench';
import { Kind } from '../scenario/chain';
import { judge } from '../scenario/oracle';
import { maker, signed, STRANGER_SEED } from '../scenario/images';
import { beginUpdate, restarted, sendChunk, transfer, update, updateState } from '../scenario/update';
import { useUp } from '../powercut/sheets';

jest.setTimeout(600_000);

/** Where the pages of a slot begin: the slots are the first two files. */
const slotAt = (slot: number): number => EXTERNAL.base + (slot === 0 ? SLOT_OFFSETS[0]! + 32 : 51 * 4096);
const CODE = (): Buffer => Buffer.from(bundle().code, 'latin1');
/** The same firmware under another name. */
const renamed = (name: string): Buffer => Buffer.from(bundle().code.replace('0.1.0', name), 'latin1');
/** Its texts, in which a unit without a permit tells the name. */
const NO_PERMIT = 141;
const texts = (name: string): Buffer => makeFont({ ...TABLE, [NO_PERMIT]: [name, name] }).bytes;
const image = (version: number, name = '0.1.9'): Buffer => signed({ version, code: renamed(name), resources: texts(name) });
const codeOf = async (what: Promise<unknown>): Promise<number> => {
  try {
    await what;
    return 0;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
};

async function started(): Promise<Bench> {
  const bench = new Bench();
  await bench.start();
  await bench.setTime();
  return bench;
}

/** What a person reads, by the glyphs of these texts. */
const glass = (bench: Bench, font: Buffer): string => readable(new Shapes(font).rows(bench.unit.parts.display)).join('|');

const updated = (bench: Bench): unknown[][] => bench.chain.of(Kind.UPDATED).map(({ data }) => [data.get(1), data.get(2), data.get(4)]);

test('two updates, to and fro between the slots; permits, records and time go on', async () => {
  const bench = await started();
  const granted = [1, 2, 3].map((counter) => bench.grant({ counter }));
  for (const one of granted) await bench.load(one);
  await useUp(bench, granted[0]!, 1);
  await update(bench, image(2));
  expect(bench.link.ready!.firmware).toBe('0.1.9');
  expect(bench.unit.slot).toBe(1);
  await bench.setTime();
  await useUp(bench, granted[1]!, 1);
  await update(bench, image(5, '0.2.0'));
  expect(bench.link.ready!.firmware).toBe('0.2.0');
  await bench.setTime();
  await useUp(bench, granted[2]!, 1);
  expect(bench.unit.truth.strokeCount).toBe(3);
  await bench.pull();
  judge(bench);
  expect(updated(bench)).toEqual([[1, 2, 1], [1, 2, 2], [2, 5, 1], [2, 5, 2]]);
  const [chosen] = bench.chain.of(Kind.UPDATED);
  expect((chosen!.data.get(3) as Buffer).equals(imageInfo(image(2))!.name)).toBe(true);
  // The same, or an older one, is not had again, whatever the grant says.
  for (const version of [1, 2, 4, 5]) expect([version, await codeOf(beginUpdate(bench, image(version)))]).toEqual([version, 30]);
});

test('texts and code come and go together', async () => {
  const bench = await started();
  await bench.wait(3000);
  expect(glass(bench, makeFont().bytes)).toContain('等待授权');
  await update(bench, image(2));
  await bench.setTime();
  await bench.wait(3000);
  expect(glass(bench, texts('0.1.9'))).toContain('0.1.9');
  // Code alone stamps as well.
  await update(bench, signed({ version: 3, code: renamed('0.3.0') }));
  await bench.setTime();
  const granted = bench.grant({ counter: 1 });
  await bench.load(granted);
  await useUp(bench, granted, 1);
  expect(bench.unit.truth.strokeCount).toBe(1);
  expect(bench.unit.truth.exceptions).toEqual([]);
  await bench.pull();
  judge(bench);
});

test('what is wrong with an image is found before anything but the inactive slot has changed', async () => {
  const bench = await started();
  const good = image(2);
  const { name } = imageInfo(good)!;
  const before = Buffer.from(bench.unit.flash.read(slotAt(0), 49 * 4096));
  const put = (at: number, xor: number): Buffer => Buffer.from(good.map((byte, i) => (i === at ? byte ^ xor : byte)));
  const failing: [string, Buffer, number][] = [
    ['signature', put(good.length - 1, 1), 4], ['signature begins', put(good.length - 7856, 1), 4], ['one byte of the code', put(40_000, 4), 3], ['first byte of the code', put(128, 4), 3],
  ];
  for (const [what, bad, fault] of failing) {
    const state = await transfer(bench, bad, bench.authority.update(name, 2));
    expect([what, state.stage, state.fault]).toEqual([what, UpdateStage.FAILED, fault]);
    expect([what, await codeOf(bench.askOrRefuse('finish', MessageType.UPDATE_FINISH, ''))]).toEqual([what, 31]);
  }
  // What the header says is found as soon as it has come.
  const heads: [string, Buffer, Buffer][] = [
    ['another board', signed({ version: 2, code: renamed('0.1.9'), board: 2 }), Buffer.alloc(0)],
    ['another version than granted', image(3), bench.authority.update(imageInfo(image(3))!.name, 2)],
    ['another image than granted', image(3), bench.authority.update(name, 3)],
    ['a bit of the header', put(60, 1), bench.authority.update(name, 2)],
  ];
  for (const [what, bad, grant] of heads) {
    const consent = grant.length > 0 ? grant : bench.authority.update(imageInfo(bad)!.name, 2);
    expect([what, await codeOf(transfer(bench, bad, consent))]).toEqual([what, 31]);
  }
  const strange = signed({ version: 2, code: renamed('0.1.9') }, STRANGER_SEED);
  expect(imageSignedBy(strange, maker(STRANGER_SEED).public)).toBe(true);
  expect((await transfer(bench, strange)).fault).toBe(4);
  expect(Buffer.from(bench.unit.flash.read(slotAt(0), 49 * 4096)).equals(before)).toBe(true);
  bench.unit.power.cut();
  await bench.start();
  expect((await updateState(bench)).running).toBe(1);
  await update(bench, good);
});

test('grants: of nobody, of another device, of another kind, for nothing', async () => {
  const bench = await started();
  const good = image(2);
  const { name } = imageInfo(good)!;
  const begin = (grant: Buffer, size = good.length): Promise<number> => codeOf(bench.askOrRefuse('begin', MessageType.UPDATE_BEGIN, encodeUpdateBegin({ grant: grant.toString('latin1'), size })));
  const fine = bench.authority.update(name, 2);
  expect(await begin(Buffer.from(fine.map((byte, i) => (i === 30 ? byte ^ 1 : byte))))).toBe(3);
  expect(await begin(bench.authority.permit({ counter: 9 }).grant)).toBe(1);
  expect(await begin(Buffer.alloc(0))).toBe(1);
  for (const size of [0, 100, good.length + 1, 48 * 4096 + 4, 0xfffffffc]) expect([size, await begin(fine, size)]).toEqual([size, 1]);
  expect(await codeOf(bench.apply('update', fine))).toBe(1);
  expect(await codeOf(sendChunk(bench, 0, good.subarray(0, 512)))).toBe(32);
  expect(await codeOf(bench.askOrRefuse('finish', MessageType.UPDATE_FINISH, ''))).toBe(32);
  expect((await updateState(bench)).stage).toBe(UpdateStage.NO_STAGE);
});

test('chunks out of order, of odd lengths, beyond the end; a break in between', async () => {
  const bench = await started();
  const good = image(2);
  let state = await beginUpdate(bench, good);
  expect(await codeOf(sendChunk(bench, 0, good.subarray(0, 512)))).toBe(19);
  await bench.until(() => false, 8000);
  state = await updateState(bench);
  expect([state.stage, state.offset]).toEqual([UpdateStage.RECEIVING, 0]);
  state = await sendChunk(bench, 0, good.subarray(0, 512));
  expect(state.offset).toBe(512);
  for (const [offset, length] of [[0, 512], [1024, 512], [516, 512], [508, 512], [0xfffffffc, 4]]) {
    expect([offset, await codeOf(sendChunk(bench, offset!, good.subarray(0, length)))]).toEqual([offset, 33]);
  }
  for (const length of [0, 1, 3, 511]) expect([length, await codeOf(sendChunk(bench, 512, good.subarray(512, 512 + length)))]).toEqual([length, 1]);
  expect(await codeOf(bench.askOrRefuse('finish', MessageType.UPDATE_FINISH, ''))).toBe(33);
  for (let i = 0; i < 40; i++) state = await sendChunk(bench, state.offset, good.subarray(state.offset, state.offset + 100));
  expect(state.offset).toBe(4512);
  bench.unit.power.cut();
  await bench.start();
  expect(await codeOf(sendChunk(bench, 4512, good.subarray(4512, 5024)))).toBe(32);
  state = await beginUpdate(bench, good);
  expect(state.stage).toBe(UpdateStage.RECEIVING);
  expect(state.offset).toBeGreaterThanOrEqual(4512 - 128);
  expect(state.offset).toBeLessThanOrEqual(4512);
  await update(bench, good);
});

test('during a use, and during a ceremony: busy', async () => {
  const bench = await started();
  const granted = bench.grant({ counter: 1 });
  await bench.load(granted);
  await bench.finger(7);
  expect(bench.link.state).toBe(3);
  expect(await codeOf(beginUpdate(bench, image(2)))).toBe(19);
  await bench.askOrRefuse('close', MessageType.USE_CLOSE, '');
  const now = bench.timeAt();
  await bench.apply('ceremony', bench.authority.ceremony(Action.SUSPEND, 1, { notBefore: now - 60, notAfter: now + 600, persons: [7, 8] }));
  // One that waits for its first person keeps nobody from anything.
  expect((await beginUpdate(bench, image(2))).stage).toBe(UpdateStage.ERASING);
  await bench.finger(7);
  expect(await codeOf(beginUpdate(bench, image(2)))).toBe(19);
  expect(await codeOf(bench.askOrRefuse('finish', MessageType.UPDATE_FINISH, ''))).toBe(19);
  await bench.finger(8);
  await update(bench, image(2));
});

/** Firmware that does not come up. */
const BROKEN: [string, () => Buffer][] = [
  ['throws at once', () => Buffer.from('throw new Error("broken");', 'latin1')],
  ['does nothing', () => Buffer.from('var x=1;', 'latin1')],
  ['hangs', () => Buffer.from('setTimeout(function(){for(;;)digitalRead(D5);},500);', 'latin1')],
  ['kicks the watchdog, and restarts for ever', () => Buffer.from('setTimeout(function(){E.reboot();},3000);', 'latin1')],
  ['does not parse', () => Buffer.from('function (', 'latin1')],
];

test.each(BROKEN.slice(0, 4))('an image that %s is rolled back, with a record and an alarm', async (_what, code) => {
  const bench = await started();
  const bad = signed({ version: 3, code: code() });
  expect((await transfer(bench, bad)).stage).toBe(UpdateStage.VERIFIED);
  const { boot } = bench.link.ready!;
  await bench.askOrRefuse('choose', MessageType.UPDATE_FINISH, '');
  await bench.until(() => bench.link.ready !== undefined && bench.link.ready.boot > boot, 60_000);
  bench.boots.set(bench.link.ready!.boot, bench.unit.truth.runs.at(-1)!.at);
  await bench.until(() => bench.link.state === 8, 8000);
  await bench.pull();
  judge(bench);
  expect(updated(bench)).toEqual([[1, 3, 1], [1, 3, 3]]);
  expect([...bench.chain.of(Kind.ALARM).at(-1)!.data.values()]).toEqual([24, 3]);
  expect((await updateState(bench)).running).toBe(1);
  // Not again before somebody has looked into it; then a better one.
  expect(await codeOf(beginUpdate(bench, image(4)))).toBe(15);
  bench.unit.power.cut();
  await bench.start();
  await bench.pull();
  expect(updated(bench)).toHaveLength(2);
  await bench.clearAlarms([24]);
  await update(bench, image(4));
  await bench.pull();
  expect(updated(bench).at(-1)).toEqual([1, 4, 2]);
});

test('bits that flip between the check and the start: the old image runs', async () => {
  for (const at of [4096 + 128, 4096 + 20_000, 0, 20, 40, 87]) {
    const bench = await started();
    expect((await transfer(bench, image(2))).stage).toBe(UpdateStage.VERIFIED);
    const { boot } = bench.link.ready!;
    await bench.askOrRefuse('choose', MessageType.UPDATE_FINISH, '');
    const address = slotAt(1) + at;
    bench.unit.flash.load(address, Buffer.of(bench.unit.flash.read(address, 1)[0]! ^ 16));
    await restarted(bench, boot);
    expect([at, (await updateState(bench)).running]).toEqual([at, 1]);
    await bench.pull();
    judge(bench);
  }
});

test('bits that flip later: an older image runs, locked until there is a newer one', async () => {
  const bench = await started();
  await update(bench, image(2));
  const address = slotAt(1) + 4096 + 9000;
  bench.unit.power.cut();
  bench.unit.flash.load(address, Buffer.of(bench.unit.flash.read(address, 1)[0]! ^ 16));
  await bench.start();
  expect((await updateState(bench)).running).toBe(1);
  await bench.until(() => bench.link.state === 8, 3000);
  await bench.pull();
  const { condition, seq } = bench.chain.latched()[0]!;
  expect(condition).toBe(24);
  await bench.apply('clear', bench.authority.clear(condition, seq));
  await bench.wait(3000);
  expect(bench.link.state).toBe(8);
  expect(await codeOf(beginUpdate(bench, image(2)))).toBe(30);
  await update(bench, image(5, '0.2.0'));
  await bench.pull();
  await bench.clearAlarms([24]);
  await bench.wait(2000);
  expect(bench.link.state).toBe(1);
});

test('the maker changes its key: by an image that the old one signs', async () => {
  const bench = await started();
  const next = maker(STRANGER_SEED).public;
  await update(bench, signed({ version: 2, code: renamed('0.1.9'), nextKey: next }));
  expect((await transfer(bench, image(5, '0.2.0'))).fault).toBe(4);
  await update(bench, signed({ version: 5, code: renamed('0.2.0') }, STRANGER_SEED));
});

test('a trial without a host passes after 300 s; one that has not passed keeps the way back', async () => {
  const bench = await started();
  expect((await transfer(bench, image(2))).stage).toBe(UpdateStage.VERIFIED);
  await bench.askOrRefuse('choose', MessageType.UPDATE_FINISH, '');
  bench.unit.cable.unplug();
  await bench.world.run(200_000);
  expect(Buffer.from(bench.unit.flash.read(slotAt(1) + 96, 16)).toString('latin1')).toBe('GOOD\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0');
  await bench.world.run(150_000);
  expect(Buffer.from(bench.unit.flash.read(slotAt(1) + 96, 8)).toString('latin1')).toBe('GOODFINE');
});

test('a unit without a maker takes no update', async () => {
  const bench = await started();
  bench.unit.power.cut();
  const line = Buffer.from(bench.unit.flash.read(slotAt(0), 88));
  line.fill(0, 52, 84).writeUInt32LE(nodeNatives.crc32(line.toString('latin1', 0, 84)), 84);
  bench.unit.flash.load(slotAt(0), line);
  await bench.start();
  expect(await codeOf(beginUpdate(bench, image(2)))).toBe(12);
  expect(CODE().length).toBeGreaterThan(1000);
});
