/**
 * Glyphs 16 pixels high, out of a font of pixels: UnifontExMono (GNU Unifont 15.0.06 and more), SIL Open Font License 1.1, npm package
 * @fontsource/unifontex. A WOFF file is an sfnt whose tables are deflated (W3C, WOFF 1.0); its outlines (OpenType, cmap format 12
 * and glyf) are unions of squares, so that the middle of each pixel tells whether it is black.
 */
'use strict';
const fs = require('node:fs');
const zlib = require('node:zlib');

const FILE = require.resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff');
const HEIGHT = 16;
/** Symbols of our own, where no font has them: a battery and how many of its four bars are left. */
const BATTERY = 0xe000;
const BARS = 4;

/** @returns {Record<string, Buffer>} the tables by their tags */
function tables(file) {
  const bytes = fs.readFileSync(file);
  const found = {};
  for (let i = 0; i < bytes.readUInt16BE(12); i++) {
    const at = 44 + 20 * i;
    const [offset, packed, length] = [4, 8, 12].map((field) => bytes.readUInt32BE(at + field));
    const data = bytes.subarray(offset, offset + packed);
    found[bytes.toString('latin1', at, at + 4)] = packed < length ? zlib.inflateSync(data) : data;
  }
  return found;
}

/** Where the table of cmap begins that knows all planes. */
function allPlanes(cmap) {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(8 + 8 * i);
    if (cmap.readUInt16BE(at) === 12) return at;
  }
  throw new Error(`${FILE}: no cmap of format 12`);
}

class PixelFont {
  constructor() {
    this.tables = tables(FILE);
    const { cmap, head, hhea } = this.tables;
    this.groups = allPlanes(cmap);
    this.pixel = head.readUInt16BE(18) / HEIGHT;
    this.ascent = hhea.readInt16BE(4);
    this.metrics = hhea.readUInt16BE(34);
    if (head.readInt16BE(50) !== 1) throw new Error(`${FILE}: short loca`);
  }

  index(code) {
    const { cmap } = this.tables;
    for (let i = 0, at = this.groups + 16; i < cmap.readUInt32BE(this.groups + 12); i++, at += 12) {
      if (code < cmap.readUInt32BE(at)) break;
      if (code <= cmap.readUInt32BE(at + 4)) return cmap.readUInt32BE(at + 8) + code - cmap.readUInt32BE(at);
    }
    throw new Error(`the font has no ${String.fromCodePoint(code)} (U+${code.toString(16)})`);
  }

  /** @returns {[number, number][][]} closed contours */
  outline(index) {
    const { loca, glyf } = this.tables;
    const b = glyf.subarray(loca.readUInt32BE(4 * index), loca.readUInt32BE(4 * index + 4));
    if (b.length === 0) return [];
    const contours = b.readInt16BE(0);
    if (contours < 0) throw new Error(`glyph ${index} is made of others`);
    const ends = Array.from({ length: contours }, (_, i) => b.readUInt16BE(10 + 2 * i));
    let at = 10 + 2 * contours;
    at += 2 + b.readUInt16BE(at);
    const flags = [];
    while (flags.length <= ends.at(-1)) {
      const flag = b[at++];
      flags.push(flag);
      if (flag & 8) for (let again = b[at++]; again > 0; again--) flags.push(flag);
    }
    const axis = (short, same) => {
      let value = 0;
      return flags.map((flag) => {
        if (flag & short) value += flag & same ? b[at++] : -b[at++];
        else if (!(flag & same)) {
          value += b.readInt16BE(at);
          at += 2;
        }
        return value;
      });
    };
    const xs = axis(2, 16);
    const ys = axis(4, 32);
    return ends.map((end, i) => {
      const from = i === 0 ? 0 : ends[i - 1] + 1;
      return xs.slice(from, end + 1).map((x, k) => [x, ys[from + k]]);
    });
  }

  /** @returns {boolean[][]} rows of pixels; 8 or 16 wide */
  pixels(code) {
    const index = this.index(code);
    const width = this.tables.hmtx.readUInt16BE(4 * Math.min(index, this.metrics - 1)) / this.pixel;
    const contours = this.outline(index);
    const black = (x, y) => inside(contours, (x + 0.5) * this.pixel, this.ascent - (y + 0.5) * this.pixel);
    return Array.from({ length: HEIGHT }, (_, y) => Array.from({ length: width }, (_unused, x) => black(x, y)));
  }
}

/** By the winding of all contours around the point. */
function inside(contours, x, y) {
  let winding = 0;
  for (const points of contours) {
    points.forEach(([x1, y1], i) => {
      const [x2, y2] = points[(i + 1) % points.length];
      if (y1 <= y !== y2 <= y && x1 + ((y - y1) / (y2 - y1)) * (x2 - x1) > x) winding += y2 > y1 ? 1 : -1;
    });
  }
  return winding !== 0;
}

/** A battery lying down, 16 × 16, with so many bars. */
function battery(bars) {
  const bar = (x) => x >= 2 && x < 2 + 3 * bars && (x - 2) % 3 < 2;
  return Array.from({ length: HEIGHT }, (_, y) => Array.from({ length: HEIGHT }, (_unused, x) => {
    if (y < 3 || y > 12) return false;
    if (x === 15) return y > 5 && y < 10;
    return y === 3 || y === 12 || x === 0 || x === 14 || (y > 4 && y < 11 && bar(x));
  }));
}

let font;

/** Pixels of a character, rows from the top; narrow ones are 8 wide, all others 16. */
function pixelsOf(code) {
  if (code >= BATTERY && code <= BATTERY + BARS) return battery(code - BATTERY);
  font ??= new PixelFont();
  return font.pixels(code);
}

/** The glyph as the display takes it: column by column, upper byte, lower byte, bit 0 on top. */
function glyphOf(code, width) {
  const rows = pixelsOf(code);
  if (rows[0].length !== width) throw new Error(`${String.fromCodePoint(code)} (U+${code.toString(16)}) is ${rows[0].length} pixels wide, not ${width}`);
  const out = Buffer.alloc(width * 2);
  rows.forEach((row, y) => row.forEach((black, x) => {
    if (black) out[2 * x + (y >> 3)] |= 1 << (y & 7);
  }));
  return out;
}

module.exports = { glyphOf };
