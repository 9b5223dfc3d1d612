/** What worlds need from the machine beyond their plan: a place for the files of bridge and desk, where a world has these. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Plan, PlayOptions } from '../explore';

/** Where Linux keeps files in memory: bridge and desk sync every commit, and nothing here outlives the process. */
const MEMORY = '/dev/shm';

/** Gives the makers of bridge and desk for one world after another; loads them when the first world wants them. */
export class Ground {
  private house: PlayOptions['house'];

  async of({ profile }: Plan): Promise<Pick<PlayOptions, 'house'>> {
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
