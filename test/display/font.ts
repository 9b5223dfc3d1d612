/** The file `font` as the build makes it. */
import path from 'node:path';

interface Made {
  bytes: Buffer;
  glyphs: number;
  texts: number;
}

interface Build {
  makeFont(table?: Record<number, readonly [string, string]>): Made;
}

const { makeFont } = require(path.join(__dirname, '../../firmware/build/display.js')) as Build;
let made: Made | undefined;

export { makeFont };

export function font(): Buffer {
  made ??= makeFont();
  return made.bytes;
}
