/**
 * Pictures in a terminal: iTerm2's inline images (OSC 1337, iterm2.com/documentation-images.html), kitty's graphics
 * protocol (sw.kovidgoyal.net/kitty/graphics-protocol), else half blocks in colour, else blocks in shades.
 */

export type ImageKind = 'iterm2' | 'kitty' | 'colour' | 'shades';

const KITTY_PIECE = 4096;
const SHADES = ' ░▒▓█';

/** What a terminal can show, told by the variables that it sets. */
export function imageKind(env: NodeJS.ProcessEnv): ImageKind {
  // A multiplexer passes neither protocol on.
  const inside = env['TMUX'] !== undefined || /^(screen|tmux)/.test(env['TERM'] ?? '');
  if (!inside && (env['KITTY_WINDOW_ID'] !== undefined || env['TERM'] === 'xterm-kitty' || env['TERM_PROGRAM'] === 'ghostty')) return 'kitty';
  if (!inside && ['iTerm.app', 'WezTerm'].includes(env['TERM_PROGRAM'] ?? '')) return 'iterm2';
  return (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb' ? 'shades' : 'colour';
}

/** @param columns, @param rows room in characters @param trueColour 24-bit colours, else the 256 of xterm */
export async function imageText(jpeg: Buffer, kind: ImageKind, columns: number, rows: number, trueColour: boolean): Promise<string> {
  const { default: sharp } = await import('sharp');
  if (kind === 'iterm2') return `\x1b]1337;File=inline=1;width=${columns};preserveAspectRatio=1;size=${jpeg.length}:${jpeg.toString('base64')}\x07\n`;
  if (kind === 'kitty') return kitty(await sharp(jpeg).png().toBuffer(), columns);
  // A character is about twice as high as it is wide: one pixel a column, two a row.
  const small = sharp(jpeg).resize({ width: columns, height: rows * 2, fit: 'inside' });
  // Five shades are too few for a picture that is mostly white.
  const { data, info } = await (kind === 'shades' ? small.normalise() : small).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return kind === 'colour' ? halfBlocks(data, info.width, info.height, trueColour) : shades(data, info.width, info.height);
}

function kitty(png: Buffer, columns: number): string {
  const text = png.toString('base64');
  let out = '';
  for (let at = 0; at < text.length; at += KITTY_PIECE) {
    const more = at + KITTY_PIECE < text.length ? 1 : 0;
    out += `\x1b_G${at === 0 ? `a=T,f=100,c=${columns},` : ''}m=${more};${text.slice(at, at + KITTY_PIECE)}\x1b\\`;
  }
  return `${out}\n`;
}

/** The 6 × 6 × 6 cube of xterm's 256 colours. */
const cube = (r: number, g: number, b: number): number => 16 + 36 * Math.round((r / 255) * 5) + 6 * Math.round((g / 255) * 5) + Math.round((b / 255) * 5);

function halfBlocks(rgb: Buffer, width: number, height: number, trueColour: boolean): string {
  const colour = (layer: 38 | 48, x: number, y: number): string => {
    const at = (Math.min(y, height - 1) * width + x) * 3;
    const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    return trueColour ? `${layer};2;${r};${g};${b}` : `${layer};5;${cube(r, g, b)}`;
  };
  let out = '';
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x++) out += `\x1b[${colour(38, x, y)};${colour(48, x, y + 1)}m▀`;
    out += '\x1b[0m\n';
  }
  return out;
}

function shades(rgb: Buffer, width: number, height: number): string {
  const grey = (x: number, y: number): number => {
    const at = (Math.min(y, height - 1) * width + x) * 3;
    return (rgb[at]! * 3 + rgb[at + 1]! * 6 + rgb[at + 2]!) / 10;
  };
  let out = '';
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x++) out += SHADES[Math.min(4, Math.floor(((grey(x, y) + grey(x, y + 1)) / 512) * 5))]!;
    out += '\n';
  }
  return out;
}
