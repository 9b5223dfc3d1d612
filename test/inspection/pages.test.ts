/** Pages of long documents wait packed and are sent one at a time; points of little ink are asked for, and must be gone clearly. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../host-bridge/cli/system';
import { InspectionService } from '../../host-bridge/inspection';
import { packed } from '../../host-bridge/inspection/packed';
import { plane, type Plane } from '../../host-bridge/inspection/plane';
import { missingPoints } from '../../host-bridge/inspection/strokes';
import type { Model } from '../../host-bridge/inspection/model';

const root = path.resolve(__dirname, '../..');

test('a picture comes back as it was put away, to a step of 255, whatever was looked at in between', () => {
  const picture = (by: number): Plane => {
    const one = plane(37, 23);
    for (let i = 0; i < one.data.length; i++) one.data[i] = ((i * by) % 101) / 100;
    return one;
  };
  const [a, b] = [picture(7), picture(13)];
  const [first, second] = [packed(a), packed(b)];
  for (const [unpack, of] of [[first, a], [second, b], [first, a], [first, a]] as const) {
    const back = unpack();
    expect([back.width, back.height]).toEqual([37, 23]);
    expect(Math.max(...back.data.map((v, i) => Math.abs(v - of.data[i]!)))).toBeLessThan(0.5 / 255 + 1e-6);
  }
});

test('a document goes to the process page by page, and is ready with the last one', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-pages-'));
  const program = path.join(folder, 'worker.js');
  writeFileSync(program, "const seen = []; process.on('message', (o) => { if (o.type === 'document') { seen.push([o.page.page, o.last]); return process.send({ type: 'ready' }); } process.send({ type: 'failed', code: 'PHOTO_UNREADABLE', detail: JSON.stringify(seen) }); }); process.on('disconnect', () => process.exit());");
  const service = new InspectionService({ clock: systemClock(), program, limits: { timeMs: 120_000 } });
  try {
    const asked = { approved: readFileSync(path.join(root, 'sim/assets/contract-zh.pdf')), photo: Buffer.from('a photo') };
    await expect(service.inspect(asked)).rejects.toMatchObject({ code: 'PHOTO_UNREADABLE', detail: '[[1,false],[2,true]]' });
    // It is held: the next photo needs no page again.
    await expect(service.inspect(asked)).rejects.toMatchObject({ detail: '[[1,false],[2,true]]' });
  } finally {
    service.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

test('a point of 0.18 mm that is gone is missing; one that is printed lightly is not; one with more ink may be told sooner', () => {
  const scale = 6.1;
  const found = (ink: number, share: number): number => {
    const [expected, seen] = [plane(120, 120, 1), plane(120, 120, 1)];
    for (let y = 30; y < 32; y++) for (let x = 30; x < 32; x++) [expected.data[y * 120 + x], seen.data[y * 120 + x]] = [1 - ink, 1 - ink * share];
    const model: Model = { expected, seen, rest: plane(120, 120), steep: plane(120, 120), sigma: 0.6, ink: 1, slack: 0.1 };
    return missingPoints(model, [{ char: '.', x: 4.95, y: 4.95, width: 0.18, height: 0.18 }], scale).length;
  };
  expect([found(0.2, 0), found(0.2, 0.2), found(0.2, 0.3), found(0.2, 0.5)]).toEqual([1, 1, 0, 0]);
  expect([found(0.3, 0.3), found(0.3, 0.5)]).toEqual([1, 0]);
  // Less than any photo shows.
  expect(found(0.1, 0)).toBe(0);
});
