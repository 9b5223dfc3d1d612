/** What the tests of random worlds play them with: the bundle as it is flashed, and bridge and desk where a world has them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PlayOptions } from '../../sim/explore';
import { kept } from '../../sim/cli/ground';
import { worldImages } from '../../sim/explore';
import { houses } from '../../sim/explore/house';
import { bundle } from '../e2e/rig';

const SIGNED = path.resolve(__dirname, '../../dist/signed');

/** To be called once in a test file; what it leaves goes with the file's last test. */
export function ground(): PlayOptions {
  const folder = mkdtempSync(path.join(tmpdir(), 'house-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    program: bundle(), house: houses(folder, () => new Promise((resolve) => setImmediate(resolve))),
    images: () => worldImages(bundle(), (name, make) => kept(path.join(SIGNED, name), make)),
  };
}
