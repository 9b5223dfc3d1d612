/** Attacks on the one who verifies an archive: whatever the file holds, nothing is thrown. */
import { parseManifest } from '../../host-bridge/desk/archive/manifest';
import { tarHeader } from '../../host-bridge/desk/archive/tar';
import { verifyArchive } from '../../host-bridge/desk/archive/verify';

/** A manifest of one file, with more text behind its last key. */
function manifest(size: number, more = ''): Buffer {
  const files = JSON.stringify([{ name: 'key.pub', size, sha256: 'a'.repeat(64) }]);
  return Buffer.from(`{"format":"smartseal-archive-1","origin":"x","made":1,"entries":0,"missing":[],"files":${files}${more}}`);
}

test('a negative size in the first header is a finding', async () => {
  const file = Buffer.concat([tarHeader('manifest.json', 5), Buffer.alloc(2048)]);
  file.write('-0000000001', 124, 'latin1');
  const read = (at: number, length: number): Promise<Buffer> => Promise.resolve(file.subarray(at, at + length));
  const report = await verifyArchive({ size: file.length, read });
  expect(report.ok).toBe(false);
});

describe('a manifest', () => {
  test('names no file larger than a tar can hold', () => {
    expect(parseManifest(manifest(1))).toBeDefined();
    expect(parseManifest(manifest(8 ** 11))).toBeUndefined();
  });

  test.each(['other', '__proto__', 'constructor', 'toString'])('has no key %s', (key) => {
    expect(parseManifest(manifest(1, `,"${key}":1`))).toBeUndefined();
  });

  test('of a million brackets is none', () => {
    expect(parseManifest(Buffer.from('['.repeat(1e6)))).toBeUndefined();
  });
});
