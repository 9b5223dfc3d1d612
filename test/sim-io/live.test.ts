/** What a person sees in a terminal: story, panel and prompt, in windows of every size; shown on a small terminal of our own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { imageKind, imageText } from '../../sim/cli/images';
import { LiveScreen } from '../../sim/cli/live';
import { PLAIN, panel } from '../../sim/cli/panel';
import { clip, width, wrap } from '../../sim/cli/width';
import { carryOut, type Bench } from '../../sim/scenario';
import { benchFor } from '../../sim/scenario/play';
import { words } from '../../sim/cli/texts';
import { bundle } from '../scenario/bench';

/** A terminal that understands what the screen and readline send: CR, LF, cursor moves, erasing, colours. */
class Terminal extends Writable {
  readonly isTTY = true;
  lines: string[] = [''];
  text = '';
  private row = 0;
  private column = 0;

  constructor(public columns: number, public rows: number) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
     
    for (const [piece] of chunk.toString().matchAll(/\x1b\[[0-9;?]*[A-Za-z]|[\s\S]/gu)) this.take(piece);
    done();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  /** The window: the last lines. */
  get window(): string[] {
    return this.lines.slice(-this.rows);
  }

  private take(piece: string): void {
    const n = Number(/\d+/.exec(piece)?.[0] ?? 1);
    // The terminal's driver turns a line feed into both, in raw mode, too (ONLCR).
    if (piece === '\n') {
      this.column = 0;
      this.down();
    }
    else if (piece === '\r') this.column = 0;
    else if (piece.endsWith('m') && piece.startsWith('\x1b')) return;
    else if (piece.startsWith('\x1b[')) this.control(piece.at(-1)!, n, piece);
    else {
      if (this.column + width(piece) > this.columns) {
        this.down();
        this.column = 0;
      }
      // A wide character stands in two cells, the second of them empty.
      const line = [...(this.lines[this.row] ?? '').padEnd(this.column)];
      line.splice(this.column, width(piece), piece, ...(width(piece) === 2 ? ['\u200b'] : []));
      this.lines[this.row] = line.join('');
      this.column += width(piece);
    }
  }

  private control(what: string, n: number, piece: string): void {
    const top = Math.max(0, this.lines.length - this.rows);
    if (what === 'A') this.row = Math.max(top, this.row - n);
    else if (what === 'B') this.row = Math.min(this.lines.length - 1, this.row + n);
    else if (what === 'C') this.column += n;
    else if (what === 'D') this.column = Math.max(0, this.column - n);
    else if (what === 'G') this.column = n - 1;
    else if (what === 'H') {
      this.row = top;
      this.column = 0;
    } else if (what === 'J' && piece === '\x1b[2J') this.lines = [...this.lines.slice(0, top), ...Array.from({ length: this.lines.length - top }, () => '')];
    else if (what === 'J') {
      this.lines[this.row] = [...(this.lines[this.row] ?? '')].slice(0, this.column).join('');
      this.lines.length = this.row + 1;
    } else if (what === 'K') this.lines[this.row] = [...(this.lines[this.row] ?? '')].slice(0, this.column).join('');
  }

  private down(): void {
    this.row++;
    if (this.row === this.lines.length) this.lines.push('');
  }
}

function bench(language: 'zh' | 'en', office = true): Bench {
  const made = benchFor({ unit: { seed: 1, battery: 90, camera: 'fast' } }, { bundle: bundle(), language }, office);
  made.unit.power.on();
  return made;
}

async function act(one: Bench, line: string, seconds: number): Promise<void> {
  let over = false;
  void carryOut(one, line).finally(() => (over = true));
  await one.world.runUntil(() => over, 60_000);
  await one.world.run(seconds * 1000);
}

async function jammed(language: 'zh' | 'en'): Promise<Bench> {
  const one = bench(language);
  await one.world.run(1000);
  for (const line of ['jam', 'permit zhang', 'finger zhang']) await act(one, line, 3);
  await act(one, 'paper blank', 12);
  return one;
}

let screens: LiveScreen[] = [];
afterEach(() => {
  for (const screen of screens) screen.close();
  screens = [];
});

interface Live {
  terminal: Terminal;
  input: PassThrough;
  screen: LiveScreen;
  taken: string[];
  ended: Promise<void>;
}

function live(one: Bench, columns: number, rows: number, env: NodeJS.ProcessEnv = {}): Live {
  const terminal = new Terminal(columns, rows);
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const screen = new LiveScreen({
    language: one.language, json: false, env, seconds: () => one.world.now / 1000, errors: terminal as unknown as NodeJS.WriteStream,
    input: input as unknown as NodeJS.ReadStream, output: terminal as unknown as NodeJS.WriteStream,
  });
  screen.attach(one);
  screens.push(screen);
  const taken: string[] = [];
  const ended = screen.read((line) => (taken.push(line), Promise.resolve()));
  return { terminal, input, screen, taken, ended };
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe.each(['en', 'zh'] as const)('the panel in %s', (language) => {
  test('fits every window, and never leaves out what is wrong and what helps', async () => {
    const one = await jammed(language);
    const help = language === 'zh' ? '“卡住 关”，然后“解除”' : '"jam off", then "clear"';
    for (const columns of [40, 60, 80, 120, 200]) {
      for (const rows of [9, 12, 16, 30]) {
        const lines = panel(one, columns, rows, PLAIN);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
        if (rows >= 9) expect(lines.join('\n').replaceAll('\n', '')).toContain(columns >= 80 ? help : help.slice(0, 8));
      }
    }
    const said = panel(one, 100, 20, PLAIN).join('\n');
    for (const part of language === 'zh' ? ['报警锁定', '锁上', '印迹 0', '灯', '电池', '会话已建立', '授权', '报警'] : ['Locked by an alarm', 'locked', '0 impressions', '● red', 'battery', 'session up', '1/1', 'STALL']) expect(said).toContain(part);
  });
});

test('the panel shows what stands on the display: in its frame where there is room, else in a row', async () => {
  const one = await jammed('zh');
  const lines = panel(one, 120, 30, PLAIN);
  ['┌────────────────┐', '│⚠  报警      A03│', '│  盖章机构卡住  │', '│                │', '│  请联系办公室  │', '└────────────────┘'].forEach((row, i) => {
    expect(lines[i + 1]!.endsWith(row)).toBe(true);
    expect(width(lines[i + 1]!)).toBe(119);
  });
  const row = panel(one, 90, 30, PLAIN).find((line) => line.startsWith('屏'));
  expect(row).toMatch(/⚠ {2}报警 {6}A03 {3}盖章机构卡住 {3}请联系办公室/);
  one.unit.parts.display.power(false);
  expect(panel(one, 90, 30, PLAIN).find((line) => line.startsWith('屏'))).toContain('暗');
});

test('the command "display" tells it, shows its pixels, writes a picture', async () => {
  const made = benchFor({ unit: { seed: 1, battery: 90, camera: 'fast' } }, { bundle: bundle(), language: 'en' });
  const answers: { lines: string[]; data: Record<string, unknown> }[] = [];
  Object.assign(made.teller, { answer: (_name: string, lines: string[], data: Record<string, unknown>) => void answers.push({ lines, data }) });
  await act(made, 'display', 0);
  expect(answers.at(-1)).toEqual({ lines: ['  The display is dark'], data: { lit: false, rows: [] } });
  made.unit.power.on();
  await act(made, 'permit zhang', 4);
  await act(made, 'display', 0);
  expect(answers.at(-1)!.lines[2]).toBe('  │    印章已锁    │');
  expect((answers.at(-1)!.data['rows'] as string[])[1]).toBe('    印章已锁');
  await act(made, 'display pixels', 0);
  expect(answers.at(-1)!.lines).toHaveLength(32);
  const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-glass-'));
  await act(made, `display ${path.join(folder, 'glass.png')}`, 0);
  expect(readFileSync(path.join(folder, 'glass.png')).toString('latin1', 1, 4)).toBe('PNG');
  rmSync(folder, { recursive: true });
});

test('events come above the panel; the prompt stays last, with what is being typed in it', async () => {
  const one = bench('en');
  await one.world.run(1000);
  const { terminal, input, screen, taken } = live(one, 80, 24);
  expect(terminal.window.at(-1)!.trim()).toBe('seal>');
  input.write('paper bl');
  await settle();
  screen.event('lid', words('开盖', 'The lid is opened'));
  screen.event('stroke', words('长'.repeat(90), `A long story ${'word '.repeat(40)}`));
  expect(terminal.window.at(-1)).toBe('seal> paper bl');
  const opened = terminal.lines.findIndex((line) => line.endsWith('The lid is opened'));
  const title = terminal.lines.findIndex((line) => line.includes('simulated seal'));
  expect(opened).toBeGreaterThanOrEqual(0);
  expect(opened).toBeLessThan(title);
  // One panel, not the ghost of an earlier one.
  expect(terminal.lines.filter((line) => line.includes('simulated seal'))).toHaveLength(1);
  for (const line of terminal.lines) expect(width(line.replaceAll('\u200b', ''))).toBeLessThanOrEqual(80);
  input.write('ank\r');
  await settle();
  expect(taken).toEqual(['paper blank']);
  expect(terminal.lines.some((line) => line === 'seal> paper blank')).toBe(true);
  expect(terminal.lines.filter((line) => line.includes('simulated seal'))).toHaveLength(1);
});

test('pasted lines are carried out one after the other, and stand in the story', async () => {
  const one = bench('en');
  const { terminal, input, taken } = live(one, 80, 24);
  input.write('jam\rpermit zhang\r\rfinger zhang\r');
  await settle();
  await settle();
  expect(taken.filter((line) => line !== '')).toEqual(['jam', 'permit zhang', 'finger zhang']);
  expect(terminal.lines.filter((line) => line.startsWith('seal> ') && line.trim() !== 'seal>')).toEqual(['seal> jam', 'seal> permit zhang', 'seal> finger zhang']);
  expect(terminal.lines.filter((line) => line.includes('simulated seal'))).toHaveLength(1);
});

test('another window size, also one too low for a panel, and back; Ctrl-C leaves a whole line behind', async () => {
  const one = bench('zh');
  await one.world.run(1000);
  const { terminal, input, screen, ended } = live(one, 80, 24);
  screen.event('lid', words('开盖', 'The lid is opened'));
  input.write('纸');
  await settle();
  for (const [columns, rows] of [[40, 24], [120, 50], [80, 6], [80, 24]] as const) {
    terminal.resize(columns, rows);
    const { window } = terminal;
    expect(window.at(-1)!.replaceAll('\u200b', '')).toBe('印章> 纸');
    expect(window.filter((line) => line.includes('53494d554e495431'))).toHaveLength(rows < 8 ? 0 : 1);
  }
  input.write('\x03');
  await ended;
  expect(terminal.lines.at(-1)).toBe('');
});

test('Tab fills in what is certain and shows a choice above the panel', async () => {
  const one = bench('en');
  const { terminal, input } = live(one, 80, 24);
  input.write('fing\t');
  await settle();
  expect(terminal.window.at(-1)!.trimEnd()).toBe('seal> finger');
  input.write('zh\t');
  await settle();
  expect(terminal.window.at(-1)!.trimEnd()).toBe('seal> finger zha');
  input.write('\t');
  await settle();
  expect(terminal.window.at(-1)!.trimEnd()).toBe('seal> finger zha');
  expect(terminal.lines.some((line) => line.includes('zhang   zhao'))).toBe(true);
  expect(terminal.lines.filter((line) => line.includes('simulated seal'))).toHaveLength(1);
});

test('NO_COLOR is heeded', async () => {
  const one = await jammed('en');
  const plain = live(one, 80, 24, { NO_COLOR: '1' });
  const coloured = live(one, 80, 24);
  const colour = /\x1b\[[0-9;]*m/;  
  expect(plain.terminal.text).not.toMatch(colour);
  expect(coloured.terminal.text).toMatch(colour);
});

describe('pictures', () => {
  test('the way is chosen by what the terminal says of itself', () => {
    expect(imageKind({ TERM_PROGRAM: 'iTerm.app', TERM: 'xterm-256color' })).toBe('iterm2');
    expect(imageKind({ TERM: 'xterm-kitty' })).toBe('kitty');
    expect(imageKind({ KITTY_WINDOW_ID: '1', TERM: 'xterm-256color' })).toBe('kitty');
    expect(imageKind({ KITTY_WINDOW_ID: '1', TERM: 'tmux-256color', TMUX: '/tmp/x' })).toBe('colour');
    expect(imageKind({ TERM: 'xterm-256color' })).toBe('colour');
    expect(imageKind({ TERM: 'xterm', NO_COLOR: '1' })).toBe('shades');
  });

  test('each way carries the whole picture', async () => {
    const one = bench('en');
    await one.world.run(1000);
    const jpeg = await one.picture(320, 240);
    const inline = await imageText(jpeg, 'iterm2', 40, 20, true);
    expect(Buffer.from(/:([A-Za-z0-9+/=]+)\x07/.exec(inline)![1], 'base64').equals(jpeg)).toBe(true);  
    const kitty = await imageText(jpeg, 'kitty', 40, 20, true);
    const pieces = [...kitty.matchAll(/\x1b_G(.*?);(.*?)\x1b\\/g)];  
    expect(pieces[0][1]).toContain('f=100');
    expect(pieces.map(([, keys]) => /m=(\d)/.exec(keys)![1]).join('')).toMatch(/^1*0$/);
    for (const [, , piece] of pieces) expect(piece.length).toBeLessThanOrEqual(4096);
    expect(Buffer.from(pieces.map(([, , piece]) => piece).join(''), 'base64').subarray(1, 4).toString()).toBe('PNG');
    const blocks = (await imageText(jpeg, 'colour', 40, 15, false)).trimEnd().split('\n');
    expect(blocks).toHaveLength(15);
    expect(blocks[0].match(/▀/g)).toHaveLength(40);
    const shades = await imageText(jpeg, 'shades', 40, 15, false);
    expect(shades).toMatch(/^[ ░▒▓█\n]+$/);
    expect(new Set(shades).size).toBeGreaterThan(2);
  });
});

test('texts are cut and broken by the columns they take', () => {
  expect(width('印章> ')).toBe(6);
  expect(clip('印章印章', 5)).toBe('印章…');
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('设备锁定，直到授权方解除', 10).every((line) => width(line) <= 10)).toBe(true);
  expect(wrap('a b c d e f', 3, 2)).toEqual(['a b', 'c…']);
});
