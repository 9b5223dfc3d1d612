/**
 * Where a simulated unit tells what it does: one line per event, in words a person understands, or one JSON object per
 * line for programs.
 */
import { createInterface, type Interface } from 'node:readline';
import type { Language, Words } from './texts';
import { asSimError, ERRORS, errorLine } from './texts';

export interface Screen {
  /** Something happened. `data` goes into JSON lines, `text` to people. */
  event(name: string, text: Words, data?: Record<string, unknown>): void;
  /** The answer to a command: several lines. */
  answer(name: string, lines: string[], data: Record<string, unknown>): void;
  error(error: unknown): void;
  /** The error that ends the program: one line on standard error. */
  fatal(error: unknown): void;
  /** Hands every line typed to `take`, one after the other; resolves when the input ends. */
  read(take: (line: string) => Promise<void>, complete: (line: string) => string[]): Promise<void>;
  close(): void;
  readonly language: Language;
}

export interface ScreenOptions {
  language: Language;
  json: boolean;
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  errors: NodeJS.WriteStream;
  /** Seconds since the unit's world began. */
  seconds: () => number;
}

export function openScreen(options: ScreenOptions): Screen {
  const { language, json, input, output } = options;
  const typed = input.isTTY === true && output.isTTY === true && !json;
  let lines: Interface | undefined;
  let closed = false;

  const put = (text: string): void => {
    if (closed) return;
    if (typed && lines) {
      // The event comes above the line that is being typed, which stays.
      output.write(`\r\x1b[K${text}\n`);
      lines.prompt(true);
    } else output.write(`${text}\n`);
  };
  const errorText = (error: unknown): string => {
    const known = asSimError(error);
    if (!json) return `! ${errorLine(known, language)}`;
    return JSON.stringify({ at: Number(options.seconds().toFixed(3)), error: known.code, title: ERRORS[known.code][language], ...(known.detail === '' ? {} : { detail: known.detail }) });
  };
  const stamp = (): string => options.seconds().toFixed(3).padStart(9);

  return {
    language,
    event(name, text, data = {}) {
      if (json) put(JSON.stringify({ at: Number(options.seconds().toFixed(3)), event: name, ...data, text: text[language] }));
      else put(`${stamp()}  ${text[language]}`);
    },
    answer(name, answer, data) {
      if (json) put(JSON.stringify({ at: Number(options.seconds().toFixed(3)), answer: name, ...data }));
      else for (const line of answer) put(line);
    },
    error: (error) => put(errorText(error)),
    fatal(error) {
      options.errors.write(`${errorText(error)}\n`);
    },
    async read(take, complete) {
      const face = createInterface({
        input,
        output: typed ? output : undefined,
        terminal: typed,
        prompt: language === 'zh' ? '印章> ' : 'seal> ',
        completer: (line: string): [string[], string] => [complete(line), line],
      });
      lines = face;
      if (typed) {
        face.on('SIGINT', () => face.close());
        face.prompt();
      }
      for await (const line of face) {
        await take(line);
        if (closed) break;
        if (typed) face.prompt();
      }
      lines = undefined;
    },
    close() {
      if (closed) return;
      closed = true;
      lines?.close();
    },
  };
}
