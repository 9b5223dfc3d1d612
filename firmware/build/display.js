/**
 * Makes font.bin (firmware/text/font.ts) out of the texts in firmware/text/table.ts: only the glyphs that they use. What
 * comes out holds glyphs under the SIL Open Font License 1.1: firmware/text/OFL.txt goes with it.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');
const { glyphOf } = require('./glyphs');

const TEXT = path.resolve(__dirname, '../text');
const CELLS = 16;
const ROWS = 2;
const VALUE = 0x7f;

class TextError extends Error {}

/** A TypeScript module without imports of its own, loaded. */
function load(name) {
  const { outputText } = ts.transpileModule(fs.readFileSync(path.join(TEXT, `${name}.ts`), 'utf8'), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const module = { exports: {} };
  new Function('module', 'exports', outputText)(module, module.exports);
  return module.exports;
}

const isNarrow = (code) => code >= 0x20 && code <= 0x7e;

/** Bytes of one row: cells, with those of a value set apart. @param {(code: number) => number} wide number of a wide glyph */
function row(text, wide) {
  const cells = [...text.replace(/\{(\d+)\}/g, (_all, count) => '\x7f'.repeat(Number(count)))].flatMap((one) => {
    const code = one.codePointAt(0);
    if (isNarrow(code) || code === VALUE) return [code];
    const index = wide(code);
    return [0x80 | (index >> 6), 0xc0 | (index & 63)];
  });
  if (cells.length > CELLS) throw new TextError(`"${text}" takes ${cells.length} cells of ${CELLS}`);
  const values = cells.flatMap((cell, i) => (cell === VALUE ? [i] : []));
  if (values.length > 0 && values.at(-1) - values[0] !== values.length - 1) throw new TextError(`"${text}" has more than one value`);
  const left = (CELLS - cells.length) >> 1;
  return Buffer.concat([Buffer.alloc(left, ' '), Buffer.from(cells), Buffer.alloc(CELLS - cells.length - left, ' ')]);
}

/** Both rows of a text. */
function slot(text, wide) {
  const rows = text.split('|');
  if (rows.length > ROWS) throw new TextError(`"${text}" has ${rows.length} rows`);
  return Buffer.concat([row(rows[0], wide), row(rows[1] ?? '', wide)]);
}

/** @param table texts by number, Chinese and English @returns the file, and what is in it */
function makeFont(table = load('table').TABLE) {
  const { ICONS } = load('table');
  const codes = [];
  const places = new Map();
  const wide = (code) => {
    if (!places.has(code)) places.set(code, codes.push(code) - 1);
    return places.get(code);
  };
  for (const icon of ICONS) wide(icon.codePointAt(0));
  const count = Math.max(...Object.keys(table).map(Number)) + 1;
  const texts = Buffer.concat(Array.from({ length: count }, (_, word) => Buffer.concat([0, 1].map((language) => slot(table[word]?.[language] ?? '', wide)))));
  const head = Buffer.alloc(8);
  head.write('SD1', 'latin1');
  head.writeUInt16LE(codes.length, 4);
  head.writeUInt16LE(count, 6);
  const narrow = Array.from({ length: 0x7f - 0x20 }, (_, i) => glyphOf(0x20 + i, 8));
  const names = Buffer.concat(codes.map((code) => Buffer.of(code & 255, (code >> 8) & 255, code >> 16)));
  const bytes = Buffer.concat([head, ...narrow, ...codes.map((code) => glyphOf(code, 16)), texts, names]);
  return { bytes, glyphs: codes.length + narrow.length, texts: Object.keys(table).length };
}

module.exports = { makeFont, TextError };
