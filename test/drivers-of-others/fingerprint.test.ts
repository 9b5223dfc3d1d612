/**
 * The simulated fingerprint module answers what other people's drivers ask. Sequences are derived from
 * - adafruit/Adafruit-Fingerprint-Sensor-Library (C++), Adafruit_Fingerprint.cpp and examples/ ("C++" below)
 * - adafruit/Adafruit_CircuitPython_Fingerprint, adafruit_fingerprint.py ("CircuitPython")
 * - bastianraschke/pyfingerprint, src/files/pyfingerprint/pyfingerprint.py ("pyfingerprint")
 * - R503 user manual V1.2.2 (Hangzhou Grow) and ZFM-20 manual, "Module instruction system" ("manual")
 * Every test names the functions. What is written here is what those functions put on the line and what they read from it.
 */
import { seededRandom, World } from '../../sim';
import { FingerReader } from '../../sim/parts/reader';
import { encodePacket, PacketReader, type Packet } from '../../sim/parts/reader-packet';

const ADDRESS = 0xffffffff;

class Driver {
  readonly world = new World();
  readonly reader = new FingerReader(this.world, seededRandom(1));
  address = ADDRESS;
  /** All bytes since the last command. */
  heard = Buffer.alloc(0);
  /** As pyfingerprint does, which writes one byte at a time. */
  byByte = false;

  async start(): Promise<this> {
    this.reader.onSend = (bytes) => (this.heard = Buffer.concat([this.heard, bytes]));
    this.reader.power(true);
    await this.world.run(1000);
    return this;
  }

  async write(bytes: Buffer, ms = 1000): Promise<Packet[]> {
    this.heard = Buffer.alloc(0);
    for (const piece of this.byByte ? [...bytes].map((byte) => Buffer.of(byte)) : [bytes]) this.reader.receive(piece);
    await this.world.run(ms);
    return new PacketReader().push(this.heard);
  }

  /** A command packet; every packet that comes back, each sound and from the address asked. */
  async packets(...content: number[]): Promise<Packet[]> {
    const packets = await this.write(encodePacket(this.address, 1, Uint8Array.from(content)));
    for (const packet of packets) expect([packet.sound, packet.address]).toEqual([true, this.address]);
    return packets;
  }

  /** The content of the one acknowledge packet. */
  async ask(...content: number[]): Promise<number[]> {
    const [packet, ...more] = await this.packets(...content);
    expect([packet!.identifier, more.length]).toEqual([7, 0]);
    return [...packet!.content];
  }

  async code(...content: number[]): Promise<number> {
    return (await this.ask(...content))[0]!;
  }

  /** enroll.ino and pyfingerprint's example_enroll: two images of one finger, combined. */
  async enroll(finger: string, slot: number): Promise<number> {
    for (const buffer of [1, 2]) {
      this.reader.touch(finger);
      expect(await this.code(0x01)).toBe(0);
      expect(await this.code(0x02, buffer)).toBe(0);
      this.reader.touch(undefined);
      expect(await this.code(0x01)).toBe(2);
    }
    expect(await this.code(0x05)).toBe(0);
    return this.code(0x06, 1, slot >> 8, slot & 255);
  }
}

const u16 = (bytes: number[], at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

describe('C++', () => {
  test('verifyPassword, getParameters: the answers have the lengths and fields that are read', async () => {
    const driver = await new Driver().start();
    expect(await driver.ask(0x13, 0, 0, 0, 0)).toEqual([0]);
    const parameters = await driver.ask(0x0f);
    expect(parameters).toHaveLength(17);
    // capacity, security_level, device_addr, packet_len (2: 128 bytes), baud_rate in units of 9600
    expect([u16(parameters, 5), u16(parameters, 7), parameters.slice(9, 13), u16(parameters, 13), u16(parameters, 15) * 9600]).toEqual([200, 3, [255, 255, 255, 255], 2, 57600]);
  });

  test('enroll.ino: getImage, image2Tz, createModel, storeModel, getTemplateCount', async () => {
    const driver = await new Driver().start();
    expect(await driver.code(0x01)).toBe(2);
    expect(await driver.ask(0x1d)).toEqual([0, 0, 0]);
    expect(await driver.enroll('ann', 163)).toBe(0);
    expect(await driver.ask(0x1d)).toEqual([0, 0, 1]);
    // storeModel beyond the library: BADLOCATION
    expect(await driver.code(0x06, 1, 0, 200)).toBe(0x0b);
    expect(await driver.code(0x06, 1, 3, 0xe8)).toBe(0x0b);
  });

  test('createModel with two fingers: ENROLLMISMATCH', async () => {
    const driver = await new Driver().start();
    for (const [finger, buffer] of [['ann', 1], ['bob', 2]] as const) {
      driver.reader.touch(finger);
      await driver.code(0x01);
      await driver.code(0x02, buffer);
    }
    expect(await driver.code(0x05)).toBe(0x0a);
  });

  test('fingerprint.ino: fingerFastSearch over 0xA3 places, fingerSearch over all: fingerID and confidence, or NOTFOUND', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 5);
    driver.reader.touch('ann');
    await driver.code(0x01);
    await driver.code(0x02, 1);
    for (const search of [[0x1b, 1, 0, 0, 0, 0xa3], [0x04, 1, 0, 0, 0, 200]]) {
      const found = await driver.ask(...search);
      expect([found.length, found[0], u16(found, 1), u16(found, 3) > 0]).toEqual([5, 0, 5, true]);
    }
    driver.reader.touch('bob');
    await driver.code(0x01);
    await driver.code(0x02, 1);
    expect(await driver.ask(0x1b, 1, 0, 0, 0, 0xa3)).toEqual([9, 0, 0, 0, 0]);
  });

  test('an empty library: emptyDatabase, then nothing is found and nothing loads', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 5);
    expect(await driver.code(0x0d)).toBe(0);
    expect(await driver.ask(0x1d)).toEqual([0, 0, 0]);
    driver.reader.touch('ann');
    await driver.code(0x01);
    await driver.code(0x02, 1);
    expect((await driver.ask(0x04, 1, 0, 0, 0, 200))[0]).toBe(9);
    expect(await driver.code(0x07, 1, 0, 5)).toBe(0x0c);
  });

  test('show_fingerprint_templates.ino: loadModel, getModel, then data packets up to the one marked last', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 7);
    expect(await driver.code(0x07, 1, 0, 7)).toBe(0);
    const [ack, ...data] = await driver.packets(0x08, 1);
    expect([ack!.identifier, [...ack!.content]]).toEqual([7, [0]]);
    expect(data.map(({ identifier }) => identifier)).toEqual([...new Array<number>(11).fill(2), 8]);
    expect(data.every(({ content }) => content.length === 128)).toBe(true);
  });

  test('deleteModel, loadModel: a bad place', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 7);
    expect(await driver.code(0x0c, 0, 7, 0, 1)).toBe(0);
    expect(await driver.code(0x07, 1, 0, 7)).toBe(0x0c);
    expect(await driver.code(0x07, 1, 0, 200)).toBe(0x0b);
    expect(await driver.code(0x0c, 0, 200, 0, 1)).toBe(0x10);
  });

  test('setPassword, checkPassword: afterwards nothing without it', async () => {
    const driver = await new Driver().start();
    expect(await driver.code(0x12, 0, 0, 0x12, 0x34)).toBe(0);
    expect(await driver.code(0x01)).toBe(0x21);
    expect(await driver.code(0x13, 0, 0, 0, 0)).toBe(0x13);
    expect(await driver.code(0x01)).toBe(0x21);
    expect(await driver.code(0x13, 0, 0, 0x12, 0x34)).toBe(0);
    expect(await driver.code(0x01)).toBe(2);
    // After a loss of power it is wanted again.
    driver.reader.power(false);
    driver.reader.power(true);
    await driver.world.run(200);
    expect(await driver.code(0x1d)).toBe(0x21);
  });

  test('setBaudRate, setSecurityLevel, setPacketSize: taken and told; another register is 0x1A', async () => {
    const driver = await new Driver().start();
    for (const [register, value] of [[4, 6], [5, 5], [6, 3]]) expect(await driver.code(0x0e, register!, value!)).toBe(0);
    const parameters = await driver.ask(0x0f);
    expect([u16(parameters, 7), u16(parameters, 13), u16(parameters, 15)]).toEqual([5, 3, 6]);
    for (const [register, value] of [[3, 1], [7, 0], [5, 6], [5, 0], [6, 4], [4, 13]]) expect(await driver.code(0x0e, register!, value!)).toBe(0x1a);
  });

  test('LEDcontrol of the ring; that of other modules (0x50, 0x51) is no command here', async () => {
    const driver = await new Driver().start();
    expect(await driver.code(0x35, 1, 100, 2, 3)).toBe(0);
    expect(driver.reader.light).toEqual({ mode: 1, speed: 100, colour: 2, times: 3 });
    expect([await driver.code(0x50), await driver.code(0x51)]).toEqual([1, 1]);
  });
});

describe('CircuitPython', () => {
  test('__init__, read_templates: verify, parameters, then one index page; each answer as long as _get_packet reads', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 9);
    const lengths: number[] = [];
    for (const content of [[0x13, 0, 0, 0, 0], [0x0f], [0x1f, 0], [0x1d], [0x03]]) {
      await driver.packets(...content);
      lengths.push(driver.heard.length);
    }
    expect(lengths).toEqual([12, 28, 44, 14, 14]);
    const table = await driver.ask(0x1f, 0);
    expect(table.slice(1).flatMap((byte, i) => [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (1 << bit)).map((bit) => i * 8 + bit))).toEqual([9]);
  });

  test('compare_templates: a score, or NOMATCH', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 1);
    await driver.code(0x07, 1, 0, 1);
    await driver.code(0x07, 2, 0, 1);
    const same = await driver.ask(0x03);
    expect([same[0], u16(same, 1) > 0]).toEqual([0, true]);
    driver.reader.touch('bob');
    await driver.code(0x01);
    await driver.code(0x02, 2);
    expect(await driver.ask(0x03)).toEqual([8, 0, 0]);
  });

  test('get_fpdata, send_fpdata: a template goes out, into another buffer, and into the library', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 1);
    const [, ...data] = await driver.packets(0x08, 1);
    const other = await new Driver().start();
    expect(await other.code(0x09, 2)).toBe(0);
    for (const [i, { content }] of data.entries()) expect(await other.write(encodePacket(ADDRESS, i < data.length - 1 ? 2 : 8, content))).toEqual([]);
    expect(await other.code(0x06, 2, 0, 33)).toBe(0);
    expect(other.reader.templates.get(33)).toBe('ann');
    // The image of a finger is not given out: the code for "cannot send".
    expect(await other.code(0x0a)).toBe(0x0f);
  });

  test('an empty buffer cannot be sent; data that is damaged on its way is not kept', async () => {
    const driver = await new Driver().start();
    expect(await driver.packets(0x08, 1)).toMatchObject([{ identifier: 7, content: Buffer.of(0x0d) }]);
    await driver.code(0x09, 1);
    await driver.write(encodePacket(ADDRESS, 8, Buffer.alloc(128, 1), 1));
    expect(await driver.code(0x06, 1, 0, 3)).toBe(0x0c);
    // Data that nobody announced is passed over.
    expect(await driver.write(encodePacket(ADDRESS, 8, Buffer.alloc(128, 1)))).toEqual([]);
    expect(await driver.code(0x06, 1, 0, 3)).toBe(0x0c);
  });
});

describe('pyfingerprint', () => {
  test('example_search, byte by byte as __writePacket does', async () => {
    const driver = await new Driver().start();
    driver.byByte = true;
    await driver.enroll('ann', 3);
    driver.reader.touch('ann');
    expect(await driver.code(0x01)).toBe(0);
    expect(await driver.code(0x02, 1)).toBe(0);
    const found = await driver.ask(0x04, 1, 0, 0, 0, 200);
    expect([found[0], u16(found, 1)]).toEqual([0, 3]);
  });

  test('uploadCharacteristics: 512 bytes of anybody in packets of getMaxPacketSize, read again byte for byte', async () => {
    const driver = await new Driver().start();
    const parameters = await driver.ask(0x0f);
    const size = [32, 64, 128, 256][u16(parameters, 13)]!;
    const template = Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 7) & 255));
    expect(await driver.code(0x09, 1)).toBe(0);
    for (let at = 0; at < 512; at += size) await driver.write(encodePacket(ADDRESS, at + size < 512 ? 2 : 8, template.subarray(at, at + size)));
    const [, ...data] = await driver.packets(0x08, 1);
    expect(Buffer.concat(data.map(({ content }) => content))).toEqual(template);
  });

  test('generateRandomNumber: four bytes, others each time', async () => {
    const driver = await new Driver().start();
    const [one, two] = [await driver.ask(0x14), await driver.ask(0x14)];
    expect([one.length, one[0]]).toEqual([5, 0]);
    expect(one).not.toEqual(two);
  });

  test('setAddress: answered from the new address, deaf on the old one', async () => {
    const driver = await new Driver().start();
    const answers = await driver.write(encodePacket(ADDRESS, 1, Buffer.of(0x15, 0x12, 0x34, 0x56, 0x78)));
    expect(answers).toMatchObject([{ address: 0x12345678, sound: true, content: Buffer.of(0) }]);
    expect(await driver.write(encodePacket(ADDRESS, 1, Buffer.of(0x1d)))).toEqual([]);
    driver.address = 0x12345678;
    expect(await driver.code(0x1d)).toBe(0);
  });

  test('convertImage without an image: INVALIDIMAGE; a poor one: 0x06 or 0x07', async () => {
    const driver = await new Driver().start();
    expect(await driver.code(0x02, 1)).toBe(0x15);
    driver.reader.touch('ann');
    await driver.code(0x01);
    driver.reader.fault = 'messy image';
    expect([6, 7]).toContain(await driver.code(0x02, 1));
    driver.reader.fault = 'no image';
    expect(await driver.code(0x01)).toBe(3);
  });
});

describe('manual', () => {
  test.each([
    ['VfyPwd', '13 00000000', '0007', '001b', '00', '000a'],
    ['GenImg', '01', '0003', '0005', '02', '000c'],
    ['TemplateNum', '1d', '0003', '0021', '00 0000', '000c'],
    ['Empty', '0d', '0003', '0011', '00', '000a'],
    ['Img2Tz, no image', '02 01', '0004', '0008', '15', '001f'],
    ['HandShake', '40', '0003', '0044', '00', '000a'],
    ['CheckSensor', '36', '0003', '003a', '00', '000a'],
  ])('%s, with its checksum', async (_name, content, length, sum, answer, answerSum) => {
    const driver = await new Driver().start();
    await driver.write(Buffer.from(`ef01ffffffff01${length}${content}${sum}`.replace(/ /g, ''), 'hex'));
    const bytes = answer.replace(/ /g, '');
    expect(driver.heard.toString('hex')).toBe(`ef01ffffffff07${(bytes.length / 2 + 2).toString(16).padStart(4, '0')}${bytes}${answerSum}`);
  });

  test('a wrong checksum: 0x01; another identifier or address, or too little of a command: nothing done', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 1);
    await driver.write(Buffer.from('ef01ffffffff0100030d0012', 'hex'));
    expect(driver.heard.toString('hex')).toBe('ef01ffffffff07000301000b');
    expect(await driver.write(encodePacket(ADDRESS, 7, Buffer.of(0x0d)))).toEqual([]);
    expect(await driver.write(encodePacket(1, 1, Buffer.of(0x0d)))).toEqual([]);
    for (const short of [[0x04, 1], [0x06, 1], [0x07], [0x0c, 0, 1], [0x0e, 5], [0x12, 1], [0x13], [0x15], [0x18, 0], [0x19], [0x35]]) expect(await driver.code(...short)).toBe(1);
    expect(driver.reader.templates.size).toBe(1);
  });

  test('UpChar that names no buffer: 0x01, whatever the buffers hold', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 3);
    expect(await driver.code(0x07, 0, 0, 3)).toBe(0);
    expect(await driver.code(0x08)).toBe(0x01);
  });

  test('WriteNotepad and ReadNotepad: 16 pages of 32 bytes', async () => {
    const driver = await new Driver().start();
    const note = Array.from({ length: 32 }, (_, i) => i);
    expect(await driver.code(0x18, 15, ...note)).toBe(0);
    expect(await driver.ask(0x19, 15)).toEqual([0, ...note]);
    expect(await driver.ask(0x19, 0)).toEqual([0, ...new Array<number>(32).fill(0)]);
    expect([await driver.code(0x18, 16, ...note), await driver.code(0x19, 16)]).toEqual([1, 1]);
  });

  test('SoftRst: answered, then the module says 0x55 as after power-on; buffers are empty, the library is not', async () => {
    const driver = await new Driver().start();
    await driver.enroll('ann', 1);
    await driver.write(encodePacket(ADDRESS, 1, Buffer.of(0x3d)));
    expect(driver.heard.toString('hex')).toBe('ef01ffffffff07000300000a55');
    expect(await driver.code(0x02, 1)).toBe(0x15);
    expect(await driver.ask(0x1d)).toEqual([0, 0, 1]);
  });
});
