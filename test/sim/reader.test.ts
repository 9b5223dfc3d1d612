/**
 * R503 against command sequences of its user manual (Hangzhou Grow, V1.1 and V1.2.2, "Module instruction system"; the example
 * packets of VfyPwd, GenImg, Img2Tz and TemplateNum are the manual's).
 */
import { FingerReader } from '../../sim/parts/reader';
import { encodePacket } from '../../sim/parts/reader-packet';
import { seededRandom, World } from '../../sim';

async function make(): Promise<{ world: World; reader: FingerReader; ask: (hex: string) => Promise<string>; say: (...content: number[]) => Promise<string> }> {
  const world = new World();
  const reader = new FingerReader(world, seededRandom(1));
  let heard = '';
  reader.onSend = (bytes) => (heard += bytes.toString('hex'));
  reader.power(true);
  await world.run(200);
  expect(heard).toBe('55');
  const send = async (bytes: Buffer): Promise<string> => {
    heard = '';
    reader.receive(bytes);
    await world.run(500);
    return heard;
  };
  return { world, reader, ask: (hex) => send(Buffer.from(hex.replace(/ /g, ''), 'hex')), say: (...content) => send(encodePacket(0xffffffff, 1, Buffer.from(content))) };
}
const code = (packet: string): number => parseInt(packet.substr(18, 2), 16);

test('VfyPwd with the default password', async () => {
  const { ask } = await make();
  expect(await ask('ef01 ffffffff 01 0007 13 00000000 001b')).toBe('ef01ffffffff07000300000a');
  expect(await ask('ef01 ffffffff 01 0007 13 00000001 001c')).toBe('ef01ffffffff07000313001d');
});

test('GenImg without and with a finger', async () => {
  const { ask, reader } = await make();
  expect(await ask('ef01 ffffffff 01 0003 01 0005')).toBe('ef01ffffffff07000302000c');
  reader.touch('ann');
  expect(await ask('ef01 ffffffff 01 0003 01 0005')).toBe('ef01ffffffff07000300000a');
});

test('image, features, search: found with slot and score, or not found', async () => {
  const { say, reader } = await make();
  reader.templates.set(5, 'ann');
  expect(code(await say(0x02, 1))).toBe(0x15);
  reader.touch('ann');
  await say(0x01);
  expect(await say(0x02, 1)).toBe('ef01ffffffff07000300000a');
  const found = await say(0x04, 1, 0, 0, 0, 200);
  expect(found.substr(0, 24)).toBe('ef01ffffffff070007000005');
  expect(parseInt(found.substr(24, 4), 16)).toBeGreaterThan(0);
  expect(code(await say(0x04, 1, 0, 6, 0, 100))).toBe(0x09);
  reader.touch('bob');
  await say(0x01);
  await say(0x02, 1);
  expect((await say(0x1b, 1, 0, 0, 0, 200)).substr(18, 10)).toBe('0900000000');
});

test('the feature buffer keeps what was last taken although the finger is gone', async () => {
  const { say, reader } = await make();
  reader.templates.set(0, 'ann');
  reader.touch('ann');
  await say(0x01);
  reader.touch(undefined);
  expect(code(await say(0x02, 1))).toBe(0);
  expect(code(await say(0x04, 1, 0, 0, 0, 200))).toBe(0);
});

test('enrolling: two images of one finger, combined and stored; two fingers are refused', async () => {
  const { say, reader } = await make();
  reader.touch('ann');
  await say(0x01);
  await say(0x02, 1);
  await say(0x01);
  await say(0x02, 2);
  expect(code(await say(0x05))).toBe(0);
  expect(code(await say(0x06, 1, 0, 9))).toBe(0);
  expect(code(await say(0x06, 1, 0, 200))).toBe(0x0b);
  expect(reader.templates.get(9)).toBe('ann');
  expect((await say(0x1d)).substr(18, 6)).toBe('000001');
  expect((await say(0x1f, 0)).substr(18, 6)).toBe('000002');
  reader.touch('bob');
  await say(0x01);
  await say(0x02, 2);
  expect(code(await say(0x05))).toBe(0x0a);
  expect(code(await say(0x0c, 0, 9, 0, 1))).toBe(0);
  expect(reader.templates.size).toBe(0);
});

test('ReadSysPara: library of 200, address, 57600 baud', async () => {
  const { say } = await make();
  const answer = Buffer.from(await say(0x0f), 'hex');
  expect(answer.length).toBe(28);
  expect(answer.readUInt16BE(14)).toBe(200);
  expect(answer.readUInt32BE(18)).toBe(0xffffffff);
  expect(answer.readUInt16BE(24)).toBe(6);
});

test('AuraLedConfig sets the ring', async () => {
  const { say, reader } = await make();
  expect(code(await say(0x35, 1, 100, 2, 0))).toBe(0);
  expect(reader.light).toEqual({ mode: 1, speed: 100, colour: 2, times: 0 });
});

test('a wrong checksum is answered with 01; another address, noise and half packets with nothing', async () => {
  const { ask } = await make();
  expect(await ask('ef01 ffffffff 01 0003 01 0006')).toBe('ef01ffffffff07000301000b');
  expect(await ask('ef01 12345678 01 0003 01 0005')).toBe('');
  expect(await ask('00ef00ef ef01 ffffffff 01 0003 01 0005')).toBe('ef01ffffffff07000302000c');
  expect(await ask('ef01 ffffffff 01')).toBe('');
  expect(await ask('0003 01 0005')).toBe('ef01ffffffff07000302000c');
});

test('with a password set nothing works before VfyPwd', async () => {
  const { say, reader } = await make();
  reader.password = 0x01020304;
  expect(code(await say(0x01))).toBe(0x21);
  expect(code(await say(0x13, 1, 2, 3, 4))).toBe(0);
  expect(code(await say(0x01))).toBe(0x02);
});

test('faults: silent, wrong checksum, babbling, slow, poor images', async () => {
  const { say, reader } = await make();
  reader.fault = 'silent';
  expect(await say(0x01)).toBe('');
  reader.fault = 'bad checksum';
  expect(await say(0x01)).toBe('ef01ffffffff07000302000d');
  reader.fault = 'babbling';
  expect((await say(0x01)).startsWith('ef01ffffffff07')).toBe(false);
  reader.fault = 'no image';
  reader.touch('ann');
  expect(code(await say(0x01))).toBe(0x03);
  reader.fault = 'none';
  await say(0x01);
  reader.fault = 'messy image';
  expect([0x06, 0x07]).toContain(code(await say(0x02, 1)));
  reader.slowMs = 2000;
  expect(await say(0x01)).toBe('');
});

test('line time at 57600 baud and the time of the image are kept', async () => {
  const { world, reader } = await make();
  reader.touch('ann');
  const start = world.now;
  let answered = 0;
  reader.onSend = () => (answered = world.now - start);
  reader.receive(encodePacket(0xffffffff, 1, Buffer.of(1)));
  await world.run(500);
  expect(answered).toBeGreaterThan(60 + (24 * 10_000) / 57_600 - 0.1);
  expect(answered).toBeLessThan(70);
});
