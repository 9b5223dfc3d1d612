/** The simulator's pictures: a sample page printed, stamped and photographed, and how long each takes. */
import path from 'node:path';
import { Page, PhotoScene, readFace } from '../../sim';
import { median, type Bench } from './report';

const PHOTOS = 5;
const VIEW = { covered: false, laid: 1, width: 1600, height: 1200 };

export async function pipeline(bench: Bench): Promise<void> {
  const timed = async <T>(work: () => T | Promise<T>): Promise<[T, { ms: number; cpu: number }]> => {
    const [wall, cpu] = [bench.now(), bench.cpu()];
    const done = await work();
    return [done, { ms: bench.now() - wall, cpu: bench.cpu() - cpu }];
  };
  const asset = (name: string): string => path.join(bench.root, 'sim/assets', name);
  const [page, printing] = await timed(() => Page.print(asset('contract-zh.pdf'), { page: 2 }));
  const [face, reading] = await timed(() => readFace(asset('die-company.png'), 'company'));
  const scene = new PhotoScene(7);
  const photos: { bytes: number; ms: number; cpu: number }[] = [];
  const shoot = async (photo: number): Promise<void> => {
    const [jpeg, took] = await timed(() => scene.jpeg({ ...VIEW, page, photo }));
    photos.push({ bytes: jpeg.length, ...took });
  };
  for (let i = 0; i < PHOTOS; i++) await shoot(i);
  const [, inking] = await timed(() => page.ink(face, 53, 231, 3, 1, 1));
  await shoot(PHOTOS);
  const inked = photos.pop()!;
  const first = photos.shift()!;
  const load = bench.load();
  bench.figure({ metric: 'page of the sample contract printed', value: printing.ms, unit: 'ms', context: { cpuMs: Math.round(printing.cpu), load } });
  bench.figure({ metric: 'die read', value: reading.ms, unit: 'ms', context: { cpuMs: Math.round(reading.cpu) } });
  bench.figure({ metric: 'impression inked', value: inking.ms, unit: 'ms', context: { cpuMs: Math.round(inking.cpu) } });
  bench.figure({ metric: 'first photo of a sheet, 1600 x 1200', value: first.ms, unit: 'ms', context: { cpuMs: Math.round(first.cpu), bytes: first.bytes } });
  bench.figure({ metric: 'photo of the same sheet again', value: median(photos.map(({ ms }) => ms)), unit: 'ms', context: { cpuMs: Math.round(median(photos.map(({ cpu }) => cpu))), samples: photos.length } });
  bench.figure({ metric: 'photo after the impression', value: inked.ms, unit: 'ms', context: { cpuMs: Math.round(inked.cpu), bytes: inked.bytes } });
}
