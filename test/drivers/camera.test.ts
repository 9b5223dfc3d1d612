import { PhotoError, Shot } from '../../firmware/core/parts';
import { createCamera } from '../../firmware/drivers/camera';
import { FakeBoard } from './fake-board';

/** A frame header (T.81, B.2.2) of so many pixels. */
function frame(width: number, height: number): Buffer {
  return Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
}

/** A picture of so many bytes. */
function picture(bytes: number, width = 320, height = 240): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8]), frame(width, height), Buffer.alloc(bytes - 17, 0x5a), Buffer.from([0xff, 0xd9])]);
}

/** The module at the level of its transactions (ArduCAM/Arducam_Mega, src/Arducam/ArducamCamera.c). */
class Module {
  id = 0x86;
  jpeg = picture(3004);
  length: number | undefined;
  stuck = false;
  floating: number | undefined;
  writes: [number, number][] = [];
  position = 0;
  fresh = true;
  busyUntil = 0;
  doneAt = Infinity;
  constructor(readonly fake: FakeBoard) {
    fake.spi = (bytes) => this.transfer(Buffer.from(bytes, 'latin1')).toString('latin1');
  }
  private transfer(bytes: Buffer): Buffer {
    const out = Buffer.alloc(bytes.length, this.floating ?? 0);
    if (this.floating !== undefined) return out;
    const first = bytes[0]!;
    if (first & 0x80) this.write(first & 0x7f, bytes[1]!);
    else if (first === 0x3c) {
      let at = this.fresh ? 2 : 1;
      this.fresh = false;
      for (; at < bytes.length; at++) out[at] = this.jpeg[this.position++] ?? 0;
    } else out[2] = this.read(first);
    return out;
  }
  private write(register: number, value: number): void {
    this.writes.push([register, value]);
    this.busyUntil = this.fake.now + 5;
    if (register === 4 && value === 1) this.doneAt = Infinity;
    if (register === 4 && value === 2 && !this.stuck) {
      this.doneAt = this.fake.now + 200;
      this.position = 0;
      this.fresh = true;
    }
  }
  private read(register: number): number {
    const length = this.length ?? this.jpeg.length;
    if (register === 0x40) return this.id;
    if (register === 0x44) return (this.fake.now >= this.busyUntil ? 2 : 1) | (this.fake.now >= this.doneAt ? 4 : 0);
    return (length >> (8 * (register - 0x45))) & 0xff;
  }
}

function bench() {
  const fake = new FakeBoard();
  const module = new Module(fake);
  const camera = createCamera(fake.board());
  const chunks: string[] = [];
  const ends: [PhotoError, number][] = [];
  const capture = (take = (): boolean => true, shot = Shot.PAGE): void =>
    camera.capture(shot, (chunk) => {
      chunks.push(chunk);
      return take();
    }, (error, size) => ends.push([error, size]));
  return { fake, module, camera, chunks, ends, capture };
}

describe('camera', () => {
  it('sets the module up once, and hands a photo over in chunks of 1024', () => {
    const b = bench();
    b.capture();
    b.fake.run(3000);
    expect(b.ends).toEqual([[PhotoError.NONE, 3004]]);
    expect(b.chunks.map((chunk) => chunk.length)).toEqual([1024, 1024, 956]);
    expect(Buffer.from(b.chunks.join(''), 'latin1').equals(b.module.jpeg)).toBe(true);
    expect(b.module.writes).toEqual([[7, 0x40], [0x0a, 0x78], [0x20, 1], [0x21, 0x0a], [0x2a, 1], [4, 1], [4, 2]]);
    b.module.writes = [];
    b.capture();
    b.fake.run(1000);
    expect(b.ends[1]).toEqual([PhotoError.NONE, 3004]);
    expect(b.module.writes).toEqual([[4, 1], [4, 2]]);
  });

  it('uses the old numbering of resolutions for older sensors', () => {
    const b = bench();
    b.module.id = 0x82;
    b.capture();
    b.fake.run(3000);
    expect(b.module.writes).toContainEqual([0x21, 0x06]);
  });

  it('rests between two pictures, is woken for the next and set up anew', () => {
    const b = bench();
    b.capture();
    b.fake.run(3000);
    b.module.writes = [];
    b.camera.rest();
    expect(b.module.writes).toEqual([[2, 7]]);
    b.module.writes = [];
    b.capture();
    b.fake.run(3000);
    expect(b.ends.map(([error]) => error)).toEqual([PhotoError.NONE, PhotoError.NONE]);
    expect(b.module.writes.slice(0, 2)).toEqual([[2, 5], [7, 0x40]]);
  });

  it('does not rest while a picture is on its way', () => {
    const b = bench();
    b.capture();
    b.fake.run(20);
    b.module.writes = [];
    b.camera.rest();
    expect(b.module.writes).toEqual([]);
    b.fake.run(3000);
    expect(b.ends.map(([error]) => error)).toEqual([PhotoError.NONE]);
  });

  it('changes the size of pictures without setting the module up anew', () => {
    const b = bench();
    b.capture();
    b.fake.run(3000);
    b.module.writes = [];
    b.capture(undefined, Shot.SMALL);
    b.fake.run(300);
    expect(b.ends.map(([error]) => error)).toEqual([PhotoError.NONE, PhotoError.NONE]);
    expect(b.module.writes).toEqual([[0x21, 0x06], [4, 1], [4, 2]]);
    b.module.id = 0x82;
    b.module.writes = [];
    b.capture();
    b.capture(undefined, Shot.SMALL);
    b.fake.run(300);
    expect(b.module.writes[0]).toEqual([0x21, 0x06]);
    b.capture(undefined, Shot.SMALL);
    b.fake.run(300);
    expect(b.module.writes[3]).toEqual([0x21, 0x02]);
  });

  it('keeps a view for who asks for it piece by piece, until another picture is begun', () => {
    const b = bench();
    b.module.jpeg = picture(2300);
    const view = (): void => b.camera.capture(Shot.VIEW, undefined, (error, size) => b.ends.push([error, size]));
    view();
    b.fake.run(3000);
    expect(b.ends).toEqual([[PhotoError.NONE, 2300]]);
    expect(b.module.writes).toContainEqual([0x21, 0x03]);
    const pieces = [b.camera.read(1000), b.camera.read(1000), b.camera.read(1000), b.camera.read(1000)];
    expect(pieces.map((piece) => piece.length)).toEqual([1000, 1000, 300, 0]);
    expect(Buffer.from(pieces.join(''), 'latin1').equals(b.module.jpeg)).toBe(true);
    view();
    b.fake.run(1000);
    expect(b.camera.read(500)).toHaveLength(500);
    b.capture();
    expect(b.camera.read(500)).toBe('');
    b.fake.run(1000);
    expect(b.ends.map(([error]) => error)).toEqual([PhotoError.NONE, PhotoError.NONE, PhotoError.NONE]);
    b.module.jpeg = picture(40_000);
    view();
    b.fake.run(1000);
    expect(b.ends.at(-1)![0]).toBe(PhotoError.TOO_LARGE);
  });

  it.each([['low', 0], ['high', 0xff]])('ends when MISO stays %s', (_name, level) => {
    const b = bench();
    b.module.floating = level;
    b.capture();
    b.fake.run(20_000);
    expect(b.ends).toEqual([[PhotoError.SILENT, 0]]);
  });

  it('ends when another chip answers', () => {
    const b = bench();
    b.module.id = 0x26;
    b.capture();
    b.fake.run(20_000);
    expect(b.ends).toEqual([[PhotoError.SILENT, 0]]);
  });

  it('ends when the capture never does, and sets up anew the next time', () => {
    const b = bench();
    b.module.stuck = true;
    b.capture();
    b.fake.run(20_000);
    expect(b.ends).toEqual([[PhotoError.TIMEOUT, 0]]);
    b.module.stuck = false;
    b.module.writes = [];
    b.capture();
    b.fake.run(3000);
    expect(b.ends[1]![0]).toBe(PhotoError.NONE);
    expect(b.module.writes[0]).toEqual([7, 0x40]);
  });

  it.each([
    ['an unbelievable length', (b: ReturnType<typeof bench>) => (b.module.length = 0x7fffff), PhotoError.TOO_LARGE],
    ['no picture', (b: ReturnType<typeof bench>) => (b.module.jpeg = Buffer.alloc(0)), PhotoError.BROKEN],
    ['no JPEG', (b: ReturnType<typeof bench>) => (b.module.jpeg = Buffer.alloc(2000, 1)), PhotoError.BROKEN],
    ['a picture without its end', (b: ReturnType<typeof bench>) => (b.module.jpeg = b.module.jpeg.subarray(0, 2500)), PhotoError.BROKEN],
  ])('refuses %s', (_name, prepare, error) => {
    const b = bench();
    prepare(b);
    b.capture();
    b.fake.run(5000);
    expect(b.ends.map(([code]) => code)).toEqual([error]);
  });

  it.each([
    ['black, as the module takes it', picture(26_500, 1600, 1200), PhotoError.BLIND],
    ['black, of fewer pixels', picture(6900, 800, 600), PhotoError.BLIND],
    ['of a dark page', picture(35_000, 1600, 1200), PhotoError.NONE],
    ['of a dark page, of fewer pixels', picture(10_600, 800, 600), PhotoError.NONE],
    ['small, and says nothing of its pixels', Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(20_000, 0x5a), Buffer.from([0xff, 0xd9])]), PhotoError.BLIND],
  ])('tells whether a picture shows anything: one that is %s', (_name, jpeg, error) => {
    const b = bench();
    b.module.jpeg = jpeg;
    b.capture();
    b.fake.run(5000);
    expect(b.ends).toEqual([[error, jpeg.length]]);
    expect(Buffer.from(b.chunks.join(''), 'latin1').equals(jpeg)).toBe(true);
  });

  it('stops when the receiver does not take a chunk', () => {
    const b = bench();
    b.capture(() => false);
    b.fake.run(5000);
    expect(b.ends).toEqual([[PhotoError.NOT_TAKEN, 3004]]);
    expect(b.chunks).toHaveLength(1);
  });

  it('says nothing any more after cancel, also from within a chunk', () => {
    const b = bench();
    b.capture();
    b.fake.run(300);
    b.camera.cancel();
    b.fake.run(10_000);
    expect([b.chunks, b.ends]).toEqual([[], []]);
    b.capture(() => {
      b.camera.cancel();
      return true;
    });
    b.fake.run(10_000);
    expect(b.chunks).toHaveLength(1);
    expect(b.ends).toEqual([]);
    b.camera.cancel();
    b.capture();
    b.fake.run(5000);
    expect(b.ends).toEqual([[PhotoError.NONE, 3004]]);
  });

  it('takes one photo at a time', () => {
    const b = bench();
    b.capture();
    b.capture();
    expect(b.ends).toEqual([[PhotoError.BROKEN, 0]]);
  });
});
