/**
 * Builds the firmware: node firmware/build/build.js [--board xiao|linux] [--instrument] [--readable] [--quiet]
 *
 * TypeScript (without any library but core.d.ts) to ES2015 → Babel for what the dialect lacks, only where it is needed →
 * one function (rollup) → terser with mangled names and properties → dialect check of the result. Writes
 * dist/firmware/<board>.js, font.bin (display.js) and size.json; --instrument: also linux-instrumented.js and linux-functions.json; --readable
 * keeps the names.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const acorn = require('acorn');
const walk = require('acorn-walk');
const ts = require('typescript');
const { rollup } = require('rollup');
const terser = require('terser');
const { allowed } = require('./names');
const { problems, unknownProperties, WORDS } = require('./dialect');
const { squeeze, RESERVED } = require('./squeeze');
const { inline } = require('./inline');
const { own } = require('./own');
const { retire } = require('./retire');
const { rooms } = require('./rooms');
const { instrument, prelude, COUNTER } = require('./instrument');
const { makeFont, TextError } = require('./display');

const ROOT = path.resolve(__dirname, '../..');
const OUT = path.join(ROOT, 'dist/firmware');
const BOARDS = ['xiao', 'linux'];
/** Bytes a bundle may have. */
const BUDGET = 96 * 1024;
const SAFETY_NET = ['parameters', 'destructuring', 'spread', 'computed-properties', 'block-scoping'];
/** What of a module's problems the safety net mends. */
const MENDABLE = /default parameter|rest|spread|destructuring|computed key|loop's variable/;

class BuildError extends Error {}

const entryOf = (board) => path.join(ROOT, `firmware/main.${board}`);

/** Compiles everything that the entries reach. @returns {Map<string, string>} JavaScript by path without extension */
function compile(entries) {
  const config = ts.readConfigFile(path.join(ROOT, 'tsconfig.device.json'), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const names = parsed.fileNames.filter((name) => name.endsWith('.d.ts')).concat(entries);
  const program = ts.createProgram(names, { ...parsed.options, outDir: undefined, noEmit: false });
  const diagnostics = ts.getPreEmitDiagnostics(program);
  if (diagnostics.length > 0) {
    throw new BuildError(ts.formatDiagnostics(diagnostics, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' }));
  }
  const modules = new Map();
  program.emit(undefined, (name, text) => {
    if (name.endsWith('.js')) modules.set(name.slice(0, -3), text);
  });
  return modules;
}

/** Babel, where a module holds what the dialect lacks. */
async function mend(name, text, names) {
  const script = text.replace(/^export /gm, '').replace(/^import .*$/gm, '').replace(/^\s*\{\};?$/gm, '');
  let found;
  try {
    found = problems(script, names).filter(({ what }) => MENDABLE.test(what));
  } catch {
    found = [{ what: 'not read' }];
  }
  if (found.length === 0) return text;
  const babel = require('@babel/core');
  const result = await babel.transformAsync(text, {
    filename: `${name}.js`,
    configFile: false,
    babelrc: false,
    assumptions: { iterableIsArray: true, setSpreadProperties: true, arrayLikeIsIterable: false },
    plugins: SAFETY_NET.map((plugin) => `@babel/plugin-transform-${plugin}`),
  });
  return result.code;
}

/** One function of everything that an entry (path without extension) reaches. */
async function bundle(entry, modules, names) {
  const built = await rollup({
    input: entry,
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, tryCatchDeoptimization: false },
    onwarn(warning) {
      if (warning.code === 'CIRCULAR_DEPENDENCY') throw new BuildError(`circular imports: ${warning.message}`);
    },
    plugins: [
      {
        name: 'compiled',
        resolveId: (source, importer) => (importer === undefined ? source : path.resolve(path.dirname(importer), source)),
        load: async (id) => {
          const text = modules.get(id);
          if (text === undefined) throw new BuildError(`no module ${path.relative(ROOT, id)}`);
          return mend(id, text, names);
        },
      },
    ],
  });
  const { output } = await built.generate({ format: 'iife', indent: false, strict: false, generatedCode: { constBindings: true } });
  await built.close();
  return output[0].code;
}

/** @param {boolean | 'properties'} readable keeps names and layout, or only the names of properties */
async function minify(code, names, readable) {
  const result = await terser.minify(code, {
    ecma: 2015,
    compress: {
      sequences: false, arrows: false, passes: 3, hoist_props: false, keep_fargs: false, booleans_as_integers: false,
      pure_getters: true, unsafe_math: false, negate_iife: false,
      // More inlining uses variables before their `var`, which the interpreter takes for globals.
      inline: 1,
      // A function put where it is called is made anew, and its text skipped over, at each call.
      reduce_funcs: false,
    },
    mangle:
      readable === true
        ? false
        : { reserved: [COUNTER, ...RESERVED], properties: readable === false && { builtins: true, keep_quoted: true, reserved: [...names.properties, ...WORDS] } },
    format: { ascii_only: true, ecma: 2015, semicolons: true, beautify: readable === true },
  });
  const small = squeeze(shorten(name(result.code)));
  return `${readable === true ? small : retire(small)}\n`;
}

/** Gives the bundle's one function a name: see the dialect check for why. */
function name(code) {
  const tree = acorn.parse(code, { ecmaVersion: 2022 });
  const call = tree.body[0]?.expression;
  if (tree.body.length !== 1 || call?.type !== 'CallExpression' || call.callee.type !== 'FunctionExpression') throw new BuildError('the bundle is not one function');
  return `function $${code.slice(code.indexOf('(', call.callee.start), call.callee.end)};$();`;
}

/** `let` for `const`: the same to the interpreter, and shorter. */
function shorten(code) {
  const spots = [];
  walk.full(acorn.parse(code, { ecmaVersion: 2022 }), (node) => {
    if (node.type === 'VariableDeclaration' && node.kind === 'const') spots.push(node.start);
  });
  let out = '';
  let last = 0;
  for (const at of spots.sort((a, b) => a - b)) {
    out += `${code.slice(last, at)}let`;
    last = at + 'const'.length;
  }
  return out + code.slice(last);
}

/** Position as line:column and the text there. */
function place(code, at) {
  const before = code.slice(0, at).split('\n');
  return `${before.length}:${before.at(-1).length + 1} ${JSON.stringify(code.slice(at, at + 50))}`;
}

function refuse(title, code, found) {
  if (found.length > 0) throw new BuildError(`${title}:\n${found.slice(0, 20).map(({ what, at }) => `  ${what} at ${place(code, at)}`).join('\n')}`);
}

/** The bundle of a board from its modules: whole and readable, and as it is flashed. */
async function assemble(board, modules, names, readable) {
  const whole = await bundle(entryOf(board), modules, names);
  const { unknown, unused } = unknownProperties(whole, names);
  refuse(`${board}: not in the interpreter`, whole, unknown);
  const code = rooms(own(inline(whole)));
  const small = await minify(code, names, readable);
  refuse(`${board}: not in the dialect`, small, problems(small, names));
  return { code, small, unused };
}

async function build(board, modules, names, options) {
  const { code, small, unused } = await assemble(board, modules, names, options.readable);
  fs.writeFileSync(path.join(OUT, `${board}.js`), small);
  const { functions } = instrument(small);
  const report = { bytes: Buffer.byteLength(small), functions: functions.length, budget: BUDGET, unused };
  if (options.instrument && board === 'linux') {
    const counted = instrument(code);
    const text = await minify(counted.code, names, options.readable);
    refuse('linux-instrumented: not in the dialect', text, problems(text, { globals: new Set([...names.globals, COUNTER]) }));
    fs.writeFileSync(path.join(OUT, 'linux-instrumented.js'), prelude(counted.functions.length) + text);
    fs.writeFileSync(path.join(OUT, 'linux-functions.json'), `${JSON.stringify(counted.functions)}\n`);
  }
  return report;
}

async function main(argv) {
  const options = { instrument: argv.includes('--instrument'), readable: argv.includes('--readable'), quiet: argv.includes('--quiet') };
  const wanted = argv.includes('--board') ? argv[argv.indexOf('--board') + 1] : undefined;
  const boards = wanted === undefined ? BOARDS : [wanted];
  if (!boards.every((board) => BOARDS.includes(board))) throw new BuildError(`no such board: ${String(wanted)} (${BOARDS.join(', ')})`);
  fs.mkdirSync(OUT, { recursive: true });
  const font = makeFont();
  fs.writeFileSync(path.join(OUT, 'font.bin'), font.bytes);
  if (!options.quiet) console.log(`font: ${font.bytes.length} bytes, ${font.glyphs} glyphs, ${font.texts} texts in two languages`);
  const names = allowed();
  const modules = compile(boards.map((board) => `${entryOf(board)}.ts`));
  const sizes = {};
  for (const board of boards) sizes[board] = await build(board, modules, names, options);
  const file = path.join(OUT, 'size.json');
  const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  if (!options.readable) fs.writeFileSync(file, `${JSON.stringify({ ...before, ...sizes }, null, 2)}\n`);
  for (const board of boards) {
    const { bytes, functions, unused } = sizes[board];
    if (!options.quiet) console.log(`${board}: ${bytes} bytes of ${BUDGET}, ${functions} functions${unused.length > 0 ? `, never read: ${unused.join(' ')}` : ''}`);
  }
  const over = boards.filter((board) => !options.readable && sizes[board].bytes > BUDGET);
  if (over.length > 0) throw new BuildError(over.map((board) => `${board}: ${sizes[board].bytes} bytes are over the budget of ${BUDGET}`).join('\n'));
}

module.exports = { compile, bundle, minify, problems, assemble };

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof BuildError || error instanceof TextError ? `firmware build failed\n${error.message}` : error);
    process.exitCode = 1;
  });
}
