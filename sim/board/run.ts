/**
 * Compiles a bundle once and runs it on any number of units and boots. The bundle is a function body whose parameters are
 * the interpreter's globals; every other global of Node is a parameter too, given undefined.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';

/** What a bundle is compiled to. Keep it to boot many units from it. */
export interface Program {
  /** The text, as it lies in the unit's flash. */
  code: string;
  /** Glyphs and texts of the display, built with it; undefined: it was given as text. */
  font: Buffer | undefined;
  /** Runs it with the globals given. */
  run(names: Record<string, unknown>): void;
  /** The program of a code that was met beside this one (boot code, an update); this one where the code is its own. */
  other(code: string): Program;
}

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
/** Cannot be parameters, or are harmless. */
const NOT_SHADOWED = new Set(['undefined', 'NaN', 'Infinity', 'eval', 'arguments']);
/** What the interpreter has under names that espruino() always gives, in an order that never changes. */
const EXTRA = ['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Symbol', 'Proxy', 'Reflect', 'BigInt', 'RangeError', 'Promise', 'Intl',
  'Buffer', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'structuredClone', 'TextEncoder', 'TextDecoder', 'performance', 'fetch',
  'crypto', 'module', 'exports', 'URL', 'Atomics', 'SharedArrayBuffer', 'BigInt64Array', 'BigUint64Array', 'FinalizationRegistry',
  'AggregateError', 'URIError', 'EvalError', 'navigator', 'WebAssembly', 'escape', 'unescape', 'encodeURI', 'decodeURI', 'gc'];

/** @param given names of the interpreter's globals, see espruino() */
function compile(code: string, file: string, given: string[]): (parameters: unknown[]) => void {
  const shadows = [...Object.getOwnPropertyNames(globalThis), ...EXTRA].filter(
    (name) => IDENTIFIER.test(name) && !NOT_SHADOWED.has(name) && !given.includes(name),
  );
  const parameters = [...given, ...new Set(shadows)];
  const script = new Script(`(function(${parameters.join(',')}){${code}\n})`, { filename: file });
  const body = script.runInThisContext() as (...values: unknown[]) => void;
  return (values) => body(...values);
}

/** Glyphs and texts of the display that were built with a bundle. */
export function fontBeside(bundle: string): Buffer | undefined {
  const file = path.join(path.dirname(bundle), 'font.bin');
  return existsSync(file) ? readFileSync(file) : undefined;
}

/**
 * @param bundle path of a built bundle, or its code (anything that holds a line break, a bracket or a semicolon)
 * @throws where the file cannot be read or the code does not parse
 */
export function loadProgram(bundle: string): Program {
  const isCode = /[\n;(]/.test(bundle);
  const code = isCode ? bundle : readFileSync(bundle, 'utf8');
  const file = isCode ? 'bundle.js' : bundle;
  // Says at once where it does not parse.
  new Script(`(function(){${code}\n})`, { filename: file });
  const others = new Map<string, Program>();
  let compiled: { given: string[]; run: (values: unknown[]) => void } | undefined;
  const program: Program = {
    code,
    font: isCode ? undefined : fontBeside(bundle),
    other(wanted) {
      if (wanted === code) return program;
      const found = others.get(wanted) ?? loadProgram(wanted);
      others.set(wanted, found);
      return found;
    },
    run(names) {
      if (compiled === undefined) {
        const given = Object.keys(names);
        compiled = { given, run: compile(code, file, given) };
      }
      compiled.run(compiled.given.map((name) => names[name]));
    },
  };
  return program;
}
