/** Builds the console into dist/console. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const SMALL = 1024;

/** Writes each text file compressed as well, so that the desk does not compress anew for everybody. */
const compressed = {
  name: 'compressed',
  // Of what was written: before, other plugins still change it.
  writeBundle({ dir }, bundle) {
    for (const fileName of Object.keys(bundle)) {
      const source = readFileSync(join(dir, fileName));
      if (source.length < SMALL || !/\.(js|css|html)$/.test(fileName)) continue;
      writeFileSync(join(dir, `${fileName}.gz`), gzipSync(source, { level: 9 }));
      writeFileSync(join(dir, `${fileName}.br`), brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    }
  },
};

export default defineConfig({
  root: here('.'),
  base: '/console/',
  publicDir: here('./public'),
  logLevel: 'warn',
  plugins: [compressed],
  build: {
    outDir: here('../../dist/console'),
    emptyOutDir: true,
    target: ['chrome107', 'safari16', 'firefox115'],
    // What is inlined would need an exception in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      // Base UI marks its modules for servers that render, and there is none here; how long the build took is nobody's concern.
      onLog: (level, log, handler) => { if (!['MODULE_LEVEL_DIRECTIVE', 'PLUGIN_TIMINGS'].includes(log.code)) handler(level, log); },
      input: { index: here('./index.html'), sw: here('./sw.ts') },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
});
