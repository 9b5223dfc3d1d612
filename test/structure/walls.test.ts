/**
 * The walls of the house (ARCHITECTURE.md), held by a machine: who may import whom, where clock and chance may be
 * read, no circles, no file too long to hold in the head.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { importsOf, root, sources } from './sources';

const files = sources();
const rel = (file: string): string => path.relative(root, file).split(path.sep).join('/');
const room = (file: string): string => rel(file).split('/')[0] ?? '';

/** Rooms each room may import from, itself aside. Nothing imports test; only test imports sim. */
const allowed: Record<string, readonly string[]> = {
  protocol: [],
  firmware: ['protocol'],
  'host-bridge': ['protocol'],
  sim: ['protocol', 'firmware', 'host-bridge'],
};

/** What sim may touch of other rooms: their public entries, and what stands below the board or is made at provisioning. */
const publicEntries = [
  /^protocol\/(index|natives|texts|alarms)$/,
  /^firmware\/(board\/files|core\/provision|board\/board)$/,
  /^host-bridge\/(index|natives|cli\/[\w-]+)$/,
  /^host-bridge\/(bridge|desk|common|inspection)\/index$/,
];

/** Host programs and generators of protocol may use Node and packages; what runs on the device may not. */
const hostOnlyProtocol = /^protocol\/(generate|generate-cli|vectors\/.*|texts|alarms|generated\/messages)\.ts$/;
/** Boards ask the interpreter for its own modules. */
const interpreterModules = new Set(['crypto', 'Flash', 'Storage', 'fs']);

describe('import walls', () => {
  test.each(Object.keys(allowed))('%s imports only what it may', (name) => {
    const wrong: string[] = [];
    for (const file of files.filter((f) => room(f) === name)) {
      for (const target of importsOf(file).relative) {
        const to = room(target);
        if (to !== name && !(allowed[name] ?? []).includes(to)) wrong.push(`${rel(file)} -> ${rel(target)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('what runs on the device imports no package and no Node module', () => {
    const wrong: string[] = [];
    for (const file of files.filter((f) => ['protocol', 'firmware'].includes(room(f)))) {
      if (hostOnlyProtocol.test(rel(file))) continue;
      for (const name of importsOf(file).packages) if (!rel(file).startsWith('firmware/board/') || !interpreterModules.has(name)) wrong.push(`${rel(file)} -> ${name}`);
    }
    expect(wrong).toEqual([]);
  });

  test('sim enters the other rooms by their public entries', () => {
    const wrong: string[] = [];
    for (const file of files.filter((f) => room(f) === 'sim')) {
      for (const target of importsOf(file).relative) {
        const to = rel(target).replace(/\.ts$/, '');
        if (room(target) !== 'sim' && !publicEntries.some((entry) => entry.test(to))) wrong.push(`${rel(file)} -> ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('core knows seals and never a part; drivers know parts and never a seal; neither knows a board', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const from = rel(file);
      for (const target of importsOf(file).relative.map(rel)) {
        if (from.startsWith('firmware/core/') && /^firmware\/(drivers|commands)\//.test(target)) wrong.push(`${from} -> ${target}`);
        if (from.startsWith('firmware/drivers/') && /^firmware\/(core\/(?!parts)|commands)/.test(target)) wrong.push(`${from} -> ${target}`);
        if (/^firmware\/(core|drivers|commands)\//.test(from) && /^firmware\/board\/(?!board|files)/.test(target)) wrong.push(`${from} -> ${target}`);
        if (from.startsWith('host-bridge/bridge/') && /^host-bridge\/(desk|inspection|console)\//.test(target)) wrong.push(`${from} -> ${target}`);
        if (from.startsWith('host-bridge/desk/') && /^host-bridge\/(bridge|console)\//.test(target)) wrong.push(`${from} -> ${target}`);
        // Who decides is judged alike whatever is decided: it knows no application, ceremony or top-up.
        if (from.startsWith('host-bridge/desk/chains/') && /^host-bridge\/desk\/(applications\/(?!scope)|approvals|custody|papers|outside|authority|follow)/.test(target)) wrong.push(`${from} -> ${target}`);
        if (from.startsWith('host-bridge/inspection/') && !/^host-bridge\/(inspection|common)\/|^host-bridge\/desk\/(errors|documents\/render)/.test(target)) wrong.push(`${from} -> ${target}`);
        // The browser has the desk's API and its words, and no rule or code of the host's programs.
        if (from.startsWith('host-bridge/console/') && !/^host-bridge\/console\/|^protocol\/(alarms|texts)\.ts$/.test(target)) wrong.push(`${from} -> ${target}`);
        if (from.startsWith('sim/oracle/') && /^(firmware|protocol|host-bridge)\//.test(target)) wrong.push(`${from} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('there are no circles of what runs (a type may know its neighbour)', () => {
    const graph = new Map(files.map((f) => [f, importsOf(f).values]));
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, trail: string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...trail.slice(trail.indexOf(file)), file].map(rel).join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe('clock and chance', () => {
  /** Composition roots: the only places that may read the clock, chance, timers and the process. */
  const roots = [/(^|\/)main(\.\w+)?\.tsx?$/, /(^|\/)cli\//, /-cli\.ts$/, /^firmware\/board\/(xiao|linux|interpreter)\.ts$/, /\.worker\.ts$/];
  const banned = new Set(['Date', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'process']);

  test('are read only in composition roots', () => {
    const wrong: string[] = [];
    for (const file of files) {
      if (roots.some((r) => r.test(rel(file)))) continue;
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
      const visit = (node: ts.Node): void => {
        if (ts.isIdentifier(node) && isFreeUse(node)) {
          const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
          if (banned.has(node.text)) wrong.push(`${rel(file)}:${line} ${node.text}`);
          if (node.text === 'Math' && node.parent.getText() === 'Math.random') wrong.push(`${rel(file)}:${line} Math.random`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(wrong).toEqual([]);
  });

  /** A use of a global by its bare name: not a property, key, parameter, declaration or type. */
  function isFreeUse(node: ts.Identifier): boolean {
    const parent = node.parent;
    if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
    if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
    if (ts.isNewExpression(parent) && node.text === 'Date' && (parent.arguments?.length ?? 0) > 0) return false; // pure: a given time
    if (ts.isTypeNode(parent) || ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)) return false;
    if (ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)) return false;
    if (ts.isParameter(parent) || ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) return parent.initializer === node;
    if (ts.isShorthandPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return false;
    return true;
  }
});

describe('size', () => {
  test('no source file is longer than 400 lines', () => {
    const long = files
      .filter((f) => !/\/generated\//.test(rel(f)))
      .map((f) => ({ file: rel(f), lines: readFileSync(f, 'utf8').split('\n').length }))
      .filter((f) => f.lines > 400)
      .map((f) => `${f.file}: ${f.lines}`);
    expect(long).toEqual([]);
  });
});
