/** How wide a text stands in a terminal: characters of East Asian width W and F take two columns (Unicode UAX 11). */

const WIDE = /[\u1100-\u115f\u23f3\u270b\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
// Colours take no room.
 
const SGR = /\x1b\[[0-9;]*m/g;

export function width(text: string): number {
  let columns = 0;
  for (const one of text.replace(SGR, '')) columns += WIDE.test(one) ? 2 : 1;
  return columns;
}

/** The beginning of a text without colours that fits, with an ellipsis where something was left out. */
export function clip(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let out = '';
  let used = 1;
  for (const one of text) {
    used += WIDE.test(one) ? 2 : 1;
    if (used > columns) break;
    out += one;
  }
  return `${out.trimEnd()}…`;
}

/** A text without colours in lines that fit, broken at blanks and between East Asian characters, no line beginning with a stop; at most so many lines. */
export function wrap(text: string, columns: number, most = Infinity): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。、；：！？）”]*\s*|\s+/g) ?? []) {
    if (line !== '' && width(line + piece.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? piece.trimStart() : piece;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  if (lines.length <= most) return lines.map((one) => clip(one, columns));
  const kept = lines.slice(0, most);
  kept[most - 1] = clip(`${kept[most - 1]!} ${lines[most]!}`, columns);
  return kept.map((one) => clip(one, columns));
}

/** A text filled up with blanks to a width. */
export function fill(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

const GLASS_COLUMNS = 16;
const GLASS_ROWS = 4;
/** Columns of the unit's display in its frame. */
export const FRAMED = GLASS_COLUMNS + 2;

/** The unit's display as it stands there, in a frame. */
export function framed(rows: readonly string[]): string[] {
  const glass = Array.from({ length: GLASS_ROWS }, (_, i) => `│${fill(rows[i] ?? '', GLASS_COLUMNS)}│`);
  return [`┌${'─'.repeat(GLASS_COLUMNS)}┐`, ...glass, `└${'─'.repeat(GLASS_COLUMNS)}┘`];
}
