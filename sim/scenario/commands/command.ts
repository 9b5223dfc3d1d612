/** What a command is, and how a line becomes one. */
import type { Words } from '../../cli/texts';
import { SimError, words, type Language } from '../../cli/texts';
import type { Bench } from '../bench';

export type Group = 'hands' | 'office' | 'faults' | 'inside' | 'session';

export interface Command {
  /** The English name, the Chinese one, then others that are understood. */
  names: readonly string[];
  group: Group;
  /** What follows the name, as help shows it; empty: nothing may follow. */
  form: Words;
  /** Most words that may follow; 1 where a form is given, else 0. */
  most?: number;
  /** One line. */
  help: Words;
  /** What `help NAME` says besides. */
  more?: Words;
  /** Words that may follow, English and Chinese; one that ends in = takes a value. */
  options?: readonly (readonly [string, string])[];
  /** What else may follow: people or files. */
  follows?: 'people' | 'files';
  /** Shows or writes something and changes nothing on the unit: not recorded, and of no use in a scenario. */
  looks?: boolean;
  /** Takes as long as it takes: no end is set to it, and nothing passes after it. */
  lasts?: boolean;
  run(bench: Bench, given: string[], rest: string): void | Promise<void>;
}

export const NONE = words('', '');
export const ON = ['on', '开', '上'];
export const OFF = ['off', '关', '断', 'ok', '正常'];

/** The value that a word stands for. @throws SimError USAGE */
export function pick<T>(given: string | undefined, choices: readonly (readonly [readonly string[], T])[]): T {
  for (const [names, value] of choices) if (given !== undefined && names.includes(given.toLowerCase())) return value;
  throw new SimError('USAGE');
}

/** A number within bounds. @throws SimError USAGE with the bounds */
export function numberIn(given: string | undefined, least: number, most: number): number {
  const value = Number(given);
  if (given === undefined || given.trim() === '' || !(value >= least && value <= most)) throw new SimError('USAGE', `${least}..${most}`);
  return value;
}

/** A whole number within bounds. @throws SimError USAGE with the bounds */
export function wholeIn(given: string | undefined, least: number, most: number): number {
  const value = numberIn(given, least, most);
  if (!Number.isInteger(value)) throw new SimError('USAGE', `${least}, ${least + 1}, …`);
  return value;
}

/** How a command is written. */
export function usage({ names, form }: Command, language: Language): string {
  return `${language === 'zh' ? names[1]! : names[0]!} ${form[language]}`.trim();
}

/** Splits a line into words; quotes keep blanks together, and may stand within a word, as in a shell. */
export function split(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? ''));
}

/** A text as one word of a line: split() gives it back. It must not hold a line break. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', `"'"'"`)}"`;
}
