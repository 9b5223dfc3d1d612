/** The texts of the display: all that it may have to say is there, in both languages, and fits. */
import * as alarms from '../../firmware/core/alarms';
import * as states from '../../firmware/core/states';
import { TABLE } from '../../firmware/text/table';
import * as words from '../../firmware/text/words';
import * as codec from '../../protocol/generated/codec';
import { ALARMS, REFUSALS, STATES } from '../../protocol/texts';
import { Display, seededRandom, Shapes, STRANGE } from '../../sim';
import { font, makeFont } from './font';

/** Constant enumerations are objects all the same when the tests run. */
const { RefusalCode, UseState, Alarm, Close, Word } = { ...codec, ...alarms, ...states, ...words } as unknown as Record<string, Record<string, number>>;
const numbers = (e: Record<string, number>): number[] => Object.values(e).filter((v) => typeof v === 'number' && v > 0);
/** Numbers that only say where a range begins. */
const RANGES = ['REFUSAL', 'ALARM', 'STATE', 'CLOSED', 'ASK', 'ACTION'];

const said: [string, number][] = [
  ...numbers(RefusalCode!).map((n): [string, number] => [`refusal ${n}`, n]),
  ...Object.keys(REFUSALS).map((n): [string, number] => [`refusal ${n} of the hosts`, Number(n)]),
  ...numbers(Alarm!).map((n): [string, number] => [`alarm ${n}`, Word!['ALARM']! + n]),
  ...Object.keys(ALARMS).map((n): [string, number] => [`alarm ${n} of the hosts`, Word!['ALARM']! + Number(n)]),
  ...numbers(UseState!).map((n): [string, number] => [`state ${n}`, Word!['STATE']! + n]),
  ...Object.keys(STATES).map((n): [string, number] => [`state ${n} of the hosts`, Word!['STATE']! + Number(n)]),
  ...numbers(Close!).map((n): [string, number] => [`end of a use ${n}`, Word!['CLOSED']! + n]),
  ...Object.entries(Word!).filter(([name, n]) => typeof n === 'number' && !RANGES.includes(name)).map(([name, n]): [string, number] => [name, n]),
];

test.each(said)('%s has a text in both languages', (_what, word) => {
  const [zh, en] = TABLE[word] ?? ['', ''];
  expect(zh).not.toBe('');
  expect(en).toMatch(/^[\x20-\x7e|\u2700-\u27bf\u26a0\u{1f500}-\u{1f5ff}\ue000-\ue004中文]+$/u);
});

test('no range runs into the next, and a number has one meaning', () => {
  const starts = RANGES.map((name) => Word![name]!).sort((a, b) => a - b);
  const most: Record<number, number> = { [Word!['REFUSAL']!]: 63, [Word!['ALARM']!]: 31, [Word!['STATE']!]: 8, [Word!['CLOSED']!]: 8, [Word!['ASK']!]: 9, [Word!['ACTION']!]: 15 };
  starts.forEach((start, i) => i > 0 && expect(start).toBeGreaterThanOrEqual(starts[i - 1]! + most[starts[i - 1]!]!));
  expect(Math.max(...numbers(RefusalCode!))).toBeLessThanOrEqual(63);
});

test('a text that does not fit is refused where it is made', () => {
  expect(() => makeFont({ 1: ['报警报警报警报警报', 'x'] })).toThrow('takes 18 cells of 16');
  expect(() => makeFont({ 1: ['一', 'one|two|three'] })).toThrow('has 3 rows');
  expect(() => makeFont({ 1: ['一', '{2} of {2}'] })).toThrow('more than one value');
  expect(() => makeFont({ 1: ['\u{10ffff}', 'x'] })).toThrow('the font has no');
});

/** Puts a row's cells on the glass as the driver does. */
function rowOf(display: Display, cells: Buffer): string {
  const glyphs = font();
  const data: Buffer[] = [];
  for (let i = 0; i < cells.length; i++) {
    const c = cells[i]!;
    if (c >= 0x80) data.push(glyphs.subarray(1528 + 32 * (((c & 63) << 6) | (cells[++i]! & 63))).subarray(0, 32));
    else data.push(glyphs.subarray(8 + 16 * (Math.max(32, c === 0x7f ? 32 : c) - 32)).subarray(0, 16));
  }
  display.write(Buffer.from([0x00, 0x21, 0, 127, 0x22, 0, 1]));
  display.write(Buffer.concat([Buffer.of(0x40), ...data]));
  return new Shapes(glyphs).rows(display)[0]!;
}

test('every text reads on the glass as it was written', () => {
  const glyphs = font();
  const display = new Display(seededRandom(3));
  display.power(true);
  display.write(Buffer.from([0x00, 0x8d, 0x14, 0x20, 0x01, 0xa1, 0xc8, 0xaf]));
  const texts = 1528 + 32 * glyphs.readUInt16LE(4);
  for (const [word, pair] of Object.entries(TABLE)) {
    pair.forEach((text, language) => {
      const rows = text.split('|');
      for (let line = 0; line < 2; line++) {
        const at = texts + Number(word) * 64 + language * 32 + line * 16;
        const wanted = (rows[line] ?? '').replace(/\{(\d+)\}/g, (_all, n) => ' '.repeat(Number(n)));
        expect(rowOf(display, glyphs.subarray(at, at + 16)).trim()).toBe(wanted.trim());
      }
    });
  }
  expect(new Shapes(Buffer.alloc(0)).rows(display)[0]).toContain(STRANGE);
});
