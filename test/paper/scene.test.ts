import path from 'node:path';
import sharp from 'sharp';
import { fastScene, Page, PhotoScene, readFace, seenAt } from '../../sim/paper';
import type { View } from '../../sim/paper';

const assets = path.resolve(__dirname, '../../sim/assets');
const uxga = { width: 1600, height: 1200 };
const vga = { width: 640, height: 480 };

interface Seen {
  width: number;
  height: number;
  at(u: number, v: number): number[];
  bytes: number;
}

async function seen(jpeg: Buffer): Promise<Seen> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    bytes: jpeg.length,
    at(u, v) {
      const o = (Math.round(v) * info.width + Math.round(u)) * info.channels;
      return [data[o], data[o + 1], data[o + 2]];
    },
  };
}

describe('a photograph', () => {
  test('shows the page where its corners should be, bright on a dark tray, in the size that was asked', async () => {
    for (const seed of [1, 2, 3]) {
      const scene = new PhotoScene(seed);
      const page = Page.white(`page ${seed}`);
      const photo = await seen(await scene.jpeg({ ...uxga, page, photo: 1 }));
      expect([photo.width, photo.height]).toEqual([1600, 1200]);
      const { map, mount } = scene.placement(page);
      for (const [x, y] of [[0, 0], [210, 0], [210, 297], [0, 297]]) {
        const inside = seenAt(map, mount, 1600, 1200, x + (x === 0 ? 1.5 : -1.5), y + (y === 0 ? 1.5 : -1.5));
        const outside = seenAt(map, mount, 1600, 1200, x + (x === 0 ? -1.5 : 1.5), y + (y === 0 ? -1.5 : 1.5));
        for (const spot of [inside, outside]) {
          expect(spot.u).toBeGreaterThan(2);
          expect(spot.u).toBeLessThan(1597);
          expect(spot.v).toBeGreaterThan(2);
          expect(spot.v).toBeLessThan(1197);
        }
        expect(photo.at(inside.u, inside.v)[1]).toBeGreaterThan(110);
        expect(photo.at(outside.u, outside.v)[1]).toBeLessThan(80);
      }
    }
  });

  test('shows the impression where it landed, and none before', async () => {
    const scene = new PhotoScene(4);
    const page = await Page.print(path.join(assets, 'contract-en.pdf'), { id: 'en' });
    const face = await readFace(path.join(assets, 'die-company.png'), 'company');
    const view: View = { ...uxga, page, photo: 1 };
    const before = await seen(await scene.jpeg(view));
    page.ink(face, 55.1, 239, 0, 1, 8);
    const after = await seen(await scene.jpeg({ ...view, photo: 2 }));
    const { map, mount } = scene.placement(page);
    const star = seenAt(map, mount, 1600, 1200, 55.1, 238);
    const redness = (photo: Seen, u: number, v: number): number => photo.at(u, v)[0] - photo.at(u, v)[1];
    let most = 0;
    let mostBefore = 0;
    for (let d = -8; d <= 8; d++) {
      most = Math.max(most, redness(after, star.u + d, star.v));
      mostBefore = Math.max(mostBefore, redness(before, star.u + d, star.v));
    }
    expect(most).toBeGreaterThan(70);
    expect(mostBefore).toBeLessThan(30);
    expect(after.bytes).toBeGreaterThan(100_000);
    expect(after.bytes).toBeLessThan(260_000);
  });

  test('is the same bytes for the same seed and number; noise, mount and placement follow theirs', async () => {
    const page = Page.white('p');
    const shot = (seed: number, photo: number, laid = 0): Promise<Buffer> => new PhotoScene(seed).jpeg({ ...vga, page, photo, laid });
    const first = await shot(1, 1);
    expect(first.equals(await shot(1, 1))).toBe(true);
    for (const other of [await shot(1, 2), await shot(2, 1), await shot(1, 1, 1)]) expect(first.equals(other)).toBe(false);
    const scene = new PhotoScene(1);
    expect(scene.placement(page, 0).placed).not.toEqual(scene.placement(page, 1).placed);
  });

  test('of an empty tray is dark plastic, of a covered lens black, of a plain sheet white', async () => {
    const scene = new PhotoScene(3);
    const middle = async (view: Partial<View>): Promise<number> => {
      const photo = await seen(await scene.jpeg({ ...vga, photo: 1, ...view }));
      expect([photo.width, photo.height]).toEqual([640, 480]);
      return photo.at(300, 240)[1];
    };
    const empty = await middle({});
    expect(empty).toBeGreaterThan(20);
    expect(empty).toBeLessThan(90);
    expect(await middle({ covered: true, page: Page.white('p') })).toBeLessThan(10);
    expect(await middle({ page: Page.plain('p') })).toBeGreaterThan(180);
  });
});

describe('the fast scene', () => {
  const shot = (view: Partial<View>, size?: number): Buffer => fastScene(size === undefined ? {} : { size }).jpeg({ ...uxga, photo: 1, ...view }) as Buffer;

  test('answers at once with a JPEG that decodes', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const jpeg = shot({ page: Page.plain(id) });
      expect(Buffer.isBuffer(jpeg)).toBe(true);
      expect(jpeg.length).toBeLessThan(300);
      expect(jpeg.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
      const { data, info } = await sharp(jpeg, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([128, 8]);
      expect(new Set(data).size).toBeGreaterThan(1);
    }
  });

  test('tells sheets, impressions, emptiness and darkness apart, and nothing else', () => {
    const inked = Page.plain('a');
    inked.ink({ name: 'd', widthMm: 40, heightMm: 40 }, 100, 100, 0, 1, 1);
    const all = [shot({ page: Page.plain('a') }), shot({ page: inked }), shot({ page: Page.plain('b') }), shot({}), shot({ covered: true })].map((jpeg) => jpeg.toString('hex'));
    expect(new Set(all).size).toBe(5);
    expect(shot({ page: Page.plain('a'), photo: 9 }).toString('hex')).toBe(all[0]);
  });

  test('has fewer bytes a pixel in the dark than anything else, as a real photo', async () => {
    const dark = shot({ covered: true, page: Page.plain('a') }, 3000);
    const { info } = await sharp(dark, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
    expect(dark.length).toBeLessThan((info.width * info.height) / 64);
    const real = new PhotoScene(5);
    for (const [width, height] of [[1600, 1200], [800, 600]] as const) {
      const limit = (width * height) / 64;
      expect((await real.jpeg({ width, height, photo: 1, covered: true })).length).toBeLessThan(limit);
      expect((await real.jpeg({ width, height, photo: 1, page: Page.white('w') })).length).toBeGreaterThan(limit * 1.5);
    }
  });

  test('is filled up to the size that is wanted', async () => {
    for (const size of [1000, 1024, 65_900, 66_000, 180_000]) {
      const jpeg = shot({ page: Page.plain('a') }, size);
      expect(jpeg.length).toBe(size);
      expect((await sharp(jpeg, { failOn: 'warning' }).metadata()).width).toBe(128);
    }
  });
});
