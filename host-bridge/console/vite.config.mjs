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
      writeFileSync(join(dir, `${fileName}.br`), brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }));
    }
  },
};

/** Scripts that every page begins with, besides the one that says so: told in the page, so that they come together with it. */
const early = {
  name: 'early',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle }) {
      const chunks = Object.values(bundle ?? {});
      const wanted = new Set();
      const want = (chunk) => {
        if (chunk === undefined || chunk.isEntry || wanted.has(chunk)) return;
        wanted.add(chunk);
        for (const name of chunk.imports) want(chunks.find(({ fileName }) => fileName === name));
      };
      want(chunks.find(({ moduleIds }) => moduleIds?.includes(here('./frame/root.tsx'))));
      if (wanted.size === 0) throw new Error('the page no longer begins with frame/root.tsx');
      return [...wanted].filter(({ fileName }) => !html.includes(fileName)).map(({ fileName }) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/console/${fileName}` }, injectTo: 'head' }));
    },
  },
};

export default defineConfig({
  root: here('.'),
  base: '/console/',
  publicDir: here('./public'),
  logLevel: 'warn',
  resolve: {
    // Preact speaks React's interface in a fraction of its bytes, and a phone pays for each of them again when it parses and runs them.
    alias: { 'react-dom/client': 'preact/compat/client', 'react-dom': 'preact/compat', 'react/jsx-runtime': 'preact/jsx-runtime', react: 'preact/compat' },
  },
  plugins: [early, compressed],
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
      output: {
        // Few files: on a phone's network a turn costs more than the bytes of a part that this page does without.
        codeSplitting: {
          groups: [
            { name: 'begin', priority: 3, test: /console\/(api\/early|api\/page-address|i18n\/load|frame\/loaders)\.|vite\/preload-helper|rolldown\/runtime/ },
            { name: 'libraries', priority: 2, test: /node_modules\/(preact|use-sync-external-store|i18next|react-i18next|html-parse-stringify|void-elements|@tanstack|wouter|regexparam|mitt|openapi-fetch|@simplewebauthn)\// },
            { name: 'parts', priority: 1, test: /console\/(frame\/(?!.*css)|api\/|i18n\/index|parts\/(?!plot|towns|dialog-shown)|apply\/(applications|asked|chain|holders|marks|signatures)|approve\/strokes|register\/stroke|home\/|cases\/words)/ },
          ],
        },
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
