/** The vectors on the device's interpreter, named by the variable ESPRUINO. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { rollup } from 'rollup';
import { minify } from 'terser';
import { vectors } from './files';

const ROOT = resolve(__dirname, '../..');
const ENTRY = join(__dirname, 'espruino-entry.ts');

/**
 * One script in the interpreter's dialect; property names as written, because those of the vectors must stay. Functions
 * are not inlined: the interpreter does not take a function expression called where an argument stands.
 */
async function bundle(folder: string): Promise<string> {
  const tsc = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      ...'--ignoreConfig --target ES2015 --module ES2015 --moduleResolution bundler --useDefineForClassFields false --skipLibCheck --types node'.split(' '),
      '--strict', '--rootDir', ROOT, '--outDir', folder, ENTRY,
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  expect(tsc.stdout).toBe('');
  const build = await rollup({
    input: join(folder, relative(ROOT, ENTRY).replace(/\.ts$/, '.js')),
    plugins: [{ name: 'files', resolveId: (source, from) => (from ? resolve(dirname(from), `${source}.js`) : undefined) }],
  });
  const { output } = await build.generate({ format: 'iife', name: 'vectors' });
  const small = await minify(output[0].code, { ecma: 2015, compress: { sequences: false, arrows: false, inline: false, reduce_funcs: false }, format: { ascii_only: true } });
  return small.code as string;
}

test('the vectors pass on the interpreter', async () => {
  const espruino = process.env['ESPRUINO'];
  if (!espruino) {
    console.warn('not run, because ESPRUINO names no interpreter: vectors and recorded session on Espruino');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'smartseal-vectors-'));
  try {
    const code = await bundle(folder);
    const all = vectors();
    const script = join(folder, 'vectors.js');
    let comparisons = 0;
    // One file a run, the longest in two: the unit's interpreter has room for the code and a file, not for everything at once.
    const halves = [{ ...all.grants, refused: [] }, { ...all.grants, accepted: [] }];
    // What RFC 6287 has is for the desk, which does all its suites; the unit does one (offline.json).
    const names = Object.keys(all).filter((name) => name !== 'ocra');
    const runs = names.flatMap((name): [string, unknown][] => (name === 'grants' ? halves : [all[name]]).map((content) => [name, content]));
    for (const [name, content] of runs) {
      const part = { [name]: content, keys: all.keys, ...(name === 'channel' ? { handshake: all.handshake } : {}) };
      // Escaped, because the interpreter's JSON takes bytes for characters.
      const text = JSON.stringify(part).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
      writeFileSync(join(folder, 'part.json'), text);
      writeFileSync(script, `${code}\nvectors.run(${JSON.stringify(name)}, JSON.parse(require("fs").readFileSync("part.json")));\n`);
      const run = spawnSync(espruino, [script], { cwd: folder, encoding: 'latin1', timeout: 60000, input: '' });
      const lines = run.stdout.split('\n').map((line) => line.trim());
      expect([name, lines.filter((line) => /FAULT|Uncaught|OUT OF MEMORY|LOW_MEMORY|MEMORY/.test(line))]).toEqual([name, []]);
      const done = lines.map((line) => /^DONE (\d+) comparisons/.exec(line)).find(Boolean);
      expect([name, Number(done?.[1])]).toEqual([name, expect.any(Number)]);
      expect(Number(done?.[1])).toBeGreaterThan(0);
      comparisons += Number(done?.[1]);
    }
    console.info(`${comparisons} comparisons on ${espruino}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180000);
