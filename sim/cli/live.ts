/**
 * The screen for a person in a terminal: what happens scrolls up, below it stands the status panel, below that the prompt.
 * Panel and prompt are the terminal's last lines and are drawn again when something changes; nothing else is touched, so
 * leaving restores everything by leaving it alone, and the scrollback keeps the story.
 */
import { createInterface, type Interface } from 'node:readline';
import { systemClock } from '../../host-bridge/cli/system';
import type { Bench } from '../scenario';
import { complete } from '../scenario/commands';
import { imageKind, imageText } from './images';
import { COLOURED, PLAIN, panel, type Style } from './panel';
import { eventLine, type Screen, type ScreenOptions } from './screen';
import { asSimError, errorLine, type Language, type Words } from './texts';
import { clip, width, wrap } from './width';

/** How often the panel is looked at again, ms. */
const REFRESH_MS = 200;
/** Lines that are written again after the window has changed. */
const KEPT = 200;
/** Seen in the panel already. */
const QUIET = new Set(['lamps', 'buzzer', 'link']);
/** Columns that the time of an event takes. */
const INDENT = 11;
/** Below this many lines there is no room for a panel. */
const LEAST_ROWS = 8;

export class LiveScreen implements Screen {
  readonly language: Language;
  private readonly style: Style;
  private readonly log: string[] = [];
  private bench: Bench | undefined;
  private face: Interface | undefined;
  private shown: string[] = [];
  private cancel: (() => void) | undefined;
  private resting = false;
  private closed = false;

  constructor(private readonly o: ScreenOptions & { env: NodeJS.ProcessEnv }) {
    this.language = o.language;
    this.style = (o.env['NO_COLOR'] ?? '') === '' ? COLOURED : PLAIN;
  }

  attach(bench: Bench): void {
    this.bench = bench;
  }

  event(name: string, text: Words): void {
    if (QUIET.has(name)) return;
    const lines = wrap(text[this.language], Math.max(10, this.columns - INDENT - 1)).map((line, i) => (i === 0 ? eventLine(this.o.seconds(), line) : ' '.repeat(INDENT) + line));
    this.put(name === 'stroke' ? lines.map(this.style.bold) : lines);
  }

  answer(_name: string, lines: string[]): void {
    this.put(lines.flatMap((line) => {
      const indent = /^ */.exec(line)![0];
      return wrap(line, this.columns - indent.length - 5).map((one, i) => `${indent}${i === 0 ? '' : '    '}${one}`);
    }));
  }

  error(error: unknown): void {
    this.put(wrap(`! ${errorLine(asSimError(error), this.language)}`, this.columns - 1).map(this.style.red));
  }

  fatal(error: unknown): void {
    this.o.errors.write(`! ${errorLine(asSimError(error), this.language)}\n`);
  }

  async show(jpeg: Buffer): Promise<boolean> {
    const { env } = this.o;
    // The picture has the panel's place until the next line is typed.
    this.resting = true;
    const room = Math.max(4, this.rows - 3);
    const text = await imageText(jpeg, imageKind(env), Math.min(this.columns - 1, 100), room, /truecolor|24bit/.test(env['COLORTERM'] ?? ''));
    this.draw(text);
    return true;
  }

  read(take: (line: string) => Promise<void>): Promise<void> {
    const { input, output } = this.o;
    const prompt = this.language === 'zh' ? '印章> ' : 'seal> ';
    const face = createInterface({ input, output, terminal: true, prompt, completer: (line: string): [string[], string] => this.complete(line) });
    this.face = face;
    let queue = Promise.resolve();
    face.on('line', (line) => {
      // What was typed becomes part of the story, above the panel.
      const echo = prompt + line;
      this.resting = false;
      this.erase(Math.floor(width(echo) / this.columns) + 1);
      if (line.trim() !== '') this.remember([this.style.dim(echo)]);
      this.draw(line.trim() === '' ? '' : `${this.style.dim(echo)}\n`);
      queue = queue.then(() => (this.closed ? undefined : take(line)));
    });
    face.on('SIGINT', () => face.close());
    // Back from Ctrl-Z: readline has paused its input and leaves it to us to go on.
    face.on('SIGCONT', () => {
      face.resume();
      this.repaint();
    });
    const resized = (): void => this.repaint();
    output.on('resize', resized);
    this.draw('');
    this.watch();
    return new Promise((resolve) => {
      face.on('close', () => {
        output.off('resize', resized);
        this.cancel?.();
        this.face = undefined;
        output.write('\n');
        resolve();
      });
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.face?.close();
  }

  private get columns(): number {
    return Math.max(20, this.o.output.columns || 80);
  }

  private get rows(): number {
    return this.o.output.rows || 24;
  }

  private watch(): void {
    this.cancel = systemClock().after(REFRESH_MS, () => {
      if (this.panel().join('\n') !== this.shown.join('\n')) this.draw('');
      this.watch();
    });
  }

  private panel(): string[] {
    const rows = this.rows;
    if (this.bench === undefined || this.resting || rows < LEAST_ROWS) return [];
    return panel(this.bench, this.columns, Math.min(16, rows - 4), this.style);
  }

  private put(lines: string[]): void {
    if (this.closed) return;
    this.remember(lines);
    this.draw(lines.map((line) => `${line}\n`).join(''));
  }

  private remember(lines: string[]): void {
    this.log.push(...lines);
    if (this.log.length > KEPT) this.log.splice(0, this.log.length - KEPT);
  }

  /** Goes up from the line of the cursor over so many lines of the prompt and over the panel, and wipes all that. */
  private erase(promptRows: number): void {
    const up = promptRows + this.shown.length;
    this.o.output.write(`\r${up > 0 ? `\x1b[${up}A` : ''}\x1b[0J`);
    this.shown = [];
  }

  /** Writes text where the panel stood, and panel and prompt below it. */
  private draw(text: string): void {
    const { face } = this;
    const { output } = this.o;
    if (face === undefined) {
      output.write(text);
      return;
    }
    const below = face.getCursorPos().rows;
    this.erase(below);
    this.shown = this.panel();
    // readline draws its lines anew from as many lines above the cursor as it had before.
    output.write(`${text}${this.shown.map((line) => `${line}\n`).join('')}${'\n'.repeat(below)}`);
    face.prompt(true);
  }

  /** After a resize nobody knows where lines have gone: the screen is begun again. */
  private repaint(): void {
    this.shown = [];
    this.o.output.write('\x1b[2J\x1b[H');
    const room = Math.max(0, this.rows - 18);
    const below = this.face?.getCursorPos().rows ?? 0;
    this.o.output.write('\n'.repeat(below));
    this.draw(room === 0 ? '' : this.log.slice(-room).map((line) => `${width(line) < this.columns ? line : clip(line, this.columns - 1)}\n`).join(''));
  }

  /** One candidate is filled in, of several what they share; the choice is shown above, not below, where the panel ends. */
  private complete(line: string): [string[], string] {
    if (this.bench === undefined) return [[], line];
    const { word, candidates } = complete(this.bench, line);
    if (candidates.length <= 1) return [candidates, word];
    let shared = candidates[0]!;
    for (const one of candidates) while (!one.startsWith(shared)) shared = shared.slice(0, -1);
    if (shared.length > word.length) return [[shared], word];
    this.put(wrap(candidates.map((one) => one.trim()).join('   '), this.columns - 1, 6));
    return [[], word];
  }
}
