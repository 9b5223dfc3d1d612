import { Enrolled, ReaderFault } from '../../firmware/core/parts';
import { createReader } from '../../firmware/drivers/fingerprint';
import { FakeBoard } from './fake-board';

/** Answer packet; R503 user manual, "Data package format". */
function packet(content: number[], identifier = 7, wrong = 0): string {
  const head = [identifier, (content.length + 2) >> 8, (content.length + 2) & 255];
  const sum = [...head, ...content].reduce((a, b) => a + b, wrong);
  return Buffer.from([0xef, 1, 255, 255, 255, 255, ...head, ...content, (sum >> 8) & 255, sum & 255]).toString('latin1');
}

interface Bench {
  fake: FakeBoard;
  reader: ReturnType<typeof createReader>;
  fingers: number[];
  faults: number[];
  /** Command codes received. */
  heard: number[];
  answer: Record<number, number[]>;
  silent: boolean;
  wrong: number;
}

function bench(): Bench {
  const fake = new FakeBoard();
  const b: Bench = {
    fake, fingers: [], faults: [], heard: [], silent: false, wrong: 0,
    answer: { 0x13: [0], 0x01: [2], 0x02: [0], 0x04: [0, 0, 7, 0, 99], 0x35: [0] },
    reader: createReader(fake.board()),
  };
  fake.reader.onWrite = (bytes) => {
    const code = bytes.charCodeAt(9);
    b.heard.push(code);
    if (!b.silent) fake.board().after(10, () => fake.reader.arrive(packet(b.answer[code]!, 7, b.wrong)));
  };
  b.reader.onFinger((slot) => b.fingers.push(slot));
  b.reader.onFault((code) => b.faults.push(code));
  return b;
}

describe('fingerprint reader', () => {
  it('sends packets as the manual has them', () => {
    const { fake } = bench();
    fake.run(205);
    expect(Buffer.from(fake.reader.sent[0]!, 'latin1').toString('hex')).toBe('ef01ffffffff0100071300000000001b');
  });

  it('asks for an image once a second, three times as often while a finger is wanted', () => {
    const b = bench();
    b.fake.run(10_300);
    expect(b.heard.filter((code) => code === 1).length).toBeGreaterThanOrEqual(9);
    expect(b.heard.filter((code) => code === 1).length).toBeLessThanOrEqual(11);
    b.heard.length = 0;
    b.reader.light(true);
    b.fake.run(10_000);
    expect(b.heard.filter((code) => code === 1).length).toBeGreaterThan(25);
    expect(b.fake.reader.sent.some((bytes) => bytes.includes('\x35\x03\x00\x02\x00'))).toBe(true);
  });

  it('reports a finger once a touch, with its slot', () => {
    const b = bench();
    b.reader.light(true);
    b.fake.run(1000);
    b.answer[1] = [0];
    b.fake.run(3000);
    expect(b.fingers).toEqual([7]);
    b.answer[1] = [2];
    b.fake.run(1000);
    b.answer[1] = [0];
    b.answer[4] = [9, 0, 0, 0, 0];
    b.fake.run(1000);
    expect(b.fingers).toEqual([7, -1]);
    expect(b.faults).toEqual([]);
  });

  it('does not report an image without features, and tries again', () => {
    const b = bench();
    b.answer[1] = [0];
    b.answer[2] = [6];
    b.fake.run(5000);
    expect([b.fingers, b.faults]).toEqual([[], []]);
    b.answer[2] = [0];
    b.fake.run(1500);
    expect(b.fingers).toEqual([7]);
  });

  it('tells silence once, and again after it came back and failed anew', () => {
    const b = bench();
    b.silent = true;
    b.fake.run(30_000);
    expect(b.faults).toEqual([ReaderFault.SILENT]);
    expect(b.reader.alive()).toBe(true);
    b.silent = false;
    b.fake.run(5000);
    b.answer[1] = [0];
    b.fake.run(2000);
    expect(b.fingers).toHaveLength(1);
    b.silent = true;
    b.fake.run(30_000);
    expect(b.faults).toEqual([ReaderFault.SILENT, ReaderFault.SILENT]);
  });

  it('takes no finger from answers with a wrong checksum', () => {
    const b = bench();
    b.answer[1] = [0];
    b.wrong = 1;
    b.fake.run(20_000);
    expect(b.fingers).toEqual([]);
    expect(b.faults).toEqual([ReaderFault.GARBLED]);
  });

  it('survives babble, split packets and bytes before a packet', () => {
    const b = bench();
    b.silent = true;
    b.fake.run(210);
    const good = packet([0]);
    b.fake.reader.arrive('\x55\x00\xef');
    for (const byte of good) b.fake.reader.arrive(byte);
    b.fake.run(1);
    expect(b.heard.at(-1)).toBe(0x35);
    for (let i = 0; i < 500; i++) b.fake.reader.arrive(String.fromCharCode(i & 255).repeat(20));
    b.fake.reader.arrive('\xef\x01\xff\xff\xff\xff\x07\xff\xff\x00\x00\x00');
    b.fake.run(20_000);
    expect(b.faults).toHaveLength(1);
    b.silent = false;
    b.answer[1] = [0];
    b.fake.run(5000);
    expect(b.fingers).toHaveLength(1);
  });

  it('tells a module that refuses its password', () => {
    const b = bench();
    b.answer[0x13] = [0x13];
    b.answer[1] = [0];
    b.fake.run(10_000);
    expect(b.faults).toEqual([ReaderFault.FOREIGN]);
    expect(b.fingers).toEqual([]);
    expect(b.heard.every((code) => code === 0x13)).toBe(true);
  });

  it('drops a late answer instead of taking it for the next one', () => {
    const b = bench();
    b.fake.run(1000);
    b.silent = true;
    b.fake.run(3000);
    b.fake.reader.arrive(packet([0, 0, 3, 0, 50]));
    expect(b.fingers).toEqual([]);
  });

  it('gives the first reader it finds its password, and only at its first start', () => {
    const b = bench();
    let owned = 0;
    b.answer[0x12] = [0];
    b.reader.secret('KEYS', false, () => owned++);
    b.fake.run(2000);
    expect(owned).toBe(1);
    const passwords = b.fake.reader.sent.filter((bytes) => bytes.charCodeAt(9) === 0x13 || bytes.charCodeAt(9) === 0x12).map((bytes) => bytes.slice(10, 14));
    expect(passwords).toEqual(['\0\0\0\0', 'KEYS', 'KEYS']);
    const later = bench();
    later.reader.secret('KEYS', true, () => owned++);
    later.fake.run(3000);
    expect(owned).toBe(1);
    expect(later.heard).not.toContain(0x12);
  });

  it('counts no finger before the reader that tells of it has proved itself once more, and stores none in another', () => {
    const b = bench();
    b.reader.secret('KEYS', true, () => undefined);
    b.fake.run(1000);
    b.answer[0x13] = [0x13];
    b.answer[1] = [0];
    b.fake.run(5000);
    expect(b.fingers).toEqual([]);
    expect(b.faults).toEqual([ReaderFault.FOREIGN]);
    const enrolling = bench();
    enrolling.answer[4] = [9, 0, 0, 0, 0];
    enrolling.answer[5] = [0];
    enrolling.answer[6] = [0];
    enrolling.reader.secret('KEYS', true, () => undefined);
    enrolling.fake.run(1000);
    const done: number[] = [];
    enrolling.reader.enroll(3, (failed) => done.push(failed));
    enrolling.fake.run(3000);
    enrolling.answer[1] = [0];
    enrolling.fake.run(1500);
    enrolling.answer[1] = [2];
    enrolling.fake.run(1500);
    enrolling.answer[0x13] = [0x13];
    enrolling.answer[1] = [0];
    enrolling.fake.run(3000);
    expect(done).toEqual([Enrolled.FAILED]);
    expect(enrolling.heard).not.toContain(6);
  });

  it('another reader is told also where it was silent while it was put in, and again and again', () => {
    const b = bench();
    b.reader.secret('KEYS', true, () => undefined);
    b.fake.run(1000);
    b.silent = true;
    b.fake.run(15_000);
    b.silent = false;
    b.answer[0x13] = [0x13];
    b.fake.run(30_000);
    expect(b.faults[0]).toBe(ReaderFault.SILENT);
    expect(b.faults.slice(1).length).toBeGreaterThanOrEqual(3);
    expect(new Set(b.faults.slice(1))).toEqual(new Set([ReaderFault.FOREIGN]));
  });
});
