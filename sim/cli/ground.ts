/** What worlds need from the machine beyond their plan: a place for the files of bridge and desk, and signed images, where a world has these. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Program } from '../board/run';
import { worldImages, type Images, type Plan, type PlayOptions } from '../explore';

/** Where Linux keeps files in memory: bridge and desk sync every commit, and nothing here outlives the process. */
const MEMORY = '/dev/shm';
/** Beside the program, as what was compiled. */
const KEPT = path.resolve(__dirname, '../../signed');

/** Gives the makers of bridge and desk for one world after another; loads them when the first world wants them. */
export class Ground {
  private house: PlayOptions['house'];
  private images: Images | undefined;

  /** @param program what images are made of @param folder where they are kept */
  constructor(private readonly program: () => Pick<Program, 'code' | 'font'>, private readonly folder = KEPT) {}

  async of({ profile }: Plan): Promise<Pick<PlayOptions, 'house' | 'images'>> {
    if (profile === 'update') return { images: () => (this.images ??= worldImages(this.program(), (name, make) => kept(path.join(this.folder, name), make))) };
    if (profile !== 'chain') return {};
    let house = this.house;
    if (house === undefined) {
      const { houses } = await import('../explore/house.js');
      const folder = mkdtempSync(path.join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'smartseal-worlds-'));
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
      house = this.house = houses(folder, () => new Promise((resolve) => setImmediate(resolve)));
    }
    return { house };
  }
}

/** A signature takes seconds and is always the same for the same header: those made once are kept, where somebody may write. */
export function kept(file: string, make: () => Buffer): Buffer {
  if (existsSync(file)) return readFileSync(file);
  const bytes = make();
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, bytes);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Made anew each time, then.
  }
  return bytes;
}
