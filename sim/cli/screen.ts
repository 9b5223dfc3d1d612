/**
 * Where a simulated unit tells what it does: one line per event, in words a person understands, or one JSON object per
 * line for programs. A person in a terminal gets live.ts instead.
 */
import { createInterface, type Interface } from 'node:readline';
import type { Bench, Teller } from '../scenario';
import type { Language } from './texts';
import { asSimError, ERRORS, errorLine } from './texts';

export interface Screen extends Teller {
  error(error: unknown): void;
  /** The error that ends the program: one line on standard error. */
  fatal(error: unknown): void;
  /** Hands every line typed to `take`, one after the other; resolves when the input ends. */
  read(take: (line: string) => Promise<void>): Promise<void>;
  /** Shows a JPEG among the lines; false where it cannot. */
  show?(jpeg: Buffer): Promise<boolean>;
  /** From now on the screen keeps an eye on this bench. */
  attach?(bench: Bench): void;
  close(): void;
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

/** One event as a line for people. */
export const eventLine = (seconds: number, text: string): string => `${seconds.toFixed(3).padStart(9)}  ${text}`;

export function openScreen(options: ScreenOptions): Screen {
  const { language, json, input, output } = options;
  let lines: Interface | undefined;
  let closed = false;

  const put = (text: string): void => {
    if (!closed) output.write(`${text}\n`);
  };
  const at = (): number => Number(options.seconds().toFixed(3));
  const errorText = (error: unknown): string => {
    const known = asSimError(error);
    if (!json) return `! ${errorLine(known, language)}`;
    return JSON.stringify({ at: at(), error: known.code, title: ERRORS[known.code][language], ...(known.detail === '' ? {} : { detail: known.detail }) });
  };

  return {
    language,
    event(name, text, data = {}) {
      put(json ? JSON.stringify({ at: at(), event: name, ...data, text: text[language] }) : eventLine(options.seconds(), text[language]));
    },
    answer(name, answer, data) {
      if (json) put(JSON.stringify({ at: at(), answer: name, ...data }));
      else for (const line of answer) put(line);
    },
    error: (error) => put(errorText(error)),
    fatal(error) {
      options.errors.write(`${errorText(error)}\n`);
    },
    async read(take) {
      lines = createInterface({ input, terminal: false });
      for await (const line of lines) {
        await take(line);
        if (closed) break;
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
