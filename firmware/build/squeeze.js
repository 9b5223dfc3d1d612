/**
 * What terser leaves: shorter, and quicker for this interpreter, which looks names up in linear lists.
 * - `this` in a function that uses it often becomes a one-letter variable.
 * - Declarations that follow one another become one.
 * - `String.fromCharCode`, found behind every name of the bundle otherwise, becomes the bundle's first variable; `void 0`,
 *   of which there are hundreds, the one after it, which has no value.
 */
'use strict';
const acorn = require('acorn');
const walk = require('acorn-walk');

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_';
/** Uses of `this` from which a variable of its own is shorter. */
const ENOUGH = 5;

/** Applies replacements {start, end, text}, none of which overlap. */
function replace(code, changes) {
  let out = '';
  let last = 0;
  for (const { start, end, text } of changes.sort((a, b) => a.start - b.start)) {
    out += code.slice(last, start) + text;
    last = end;
  }
  return out + code.slice(last);
}

/** The `this` of one function: also inside its arrows, not inside functions and classes of their own. */
function ownThis(body) {
  const found = [];
  const stop = () => undefined;
  walk.recursive(body, undefined, {
    ThisExpression: (node) => found.push(node),
    FunctionExpression: stop,
    FunctionDeclaration: stop,
    Class: stop,
  });
  return found;
}

/** Every name that occurs in a piece of code, properties included: a letter that is not among them is free to use. */
function namesIn(node) {
  const names = new Set();
  walk.full(node, (inner) => {
    if (inner.type === 'Identifier') names.add(inner.name);
  });
  return names;
}

function aliasThis(code) {
  const changes = [];
  walk.full(acorn.parse(code, { ecmaVersion: 2015 }), (node) => {
    if (node.type !== 'FunctionExpression' && node.type !== 'FunctionDeclaration') return;
    const uses = ownThis(node.body);
    if (uses.length < ENOUGH) return;
    const taken = namesIn(node);
    const letter = [...LETTERS].find((l) => !taken.has(l));
    const first = node.body.body[0];
    if (letter === undefined || first.directive !== undefined) return;
    const merged = first.type === 'VariableDeclaration' && first.kind === 'let';
    changes.push({ start: first.start, end: first.start + (merged ? 4 : 0), text: merged ? `let ${letter}=this,` : `let ${letter}=this;` });
    for (const use of uses) changes.push({ start: use.start, end: use.end, text: letter });
  });
  // A `this` at the very start of the first statement would be inserted before and replaced at once: keep the order.
  const starts = new Map();
  for (const change of changes) {
    const same = starts.get(change.start);
    if (same === undefined) starts.set(change.start, change);
    else {
      const [insert, use] = same.end === same.start ? [same, change] : [change, same];
      use.text = insert.text + use.text;
      starts.set(change.start, use);
    }
  }
  return replace(code, [...starts.values()]);
}

/** Names that terser leaves for the variables of this step. */
const RESERVED = ['C', 'U'];

function alias(code) {
  const tree = acorn.parse(code, { ecmaVersion: 2015 });
  const main = tree.body.find((node) => node.type === 'FunctionDeclaration');
  const [char, none] = RESERVED;
  const changes = [];
  walk.full(tree, (node) => {
    if (node.type === 'VariablePattern' && RESERVED.includes(node.name)) throw new Error(`a variable is called ${node.name} (firmware/build/squeeze.js)`);
    if (node.type === 'MemberExpression' && node.object.name === 'String' && node.property.name === 'fromCharCode') changes.push({ start: node.start, end: node.end, text: char });
    if (node.type === 'UnaryExpression' && node.operator === 'void' && node.argument.value === 0) changes.push({ start: node.start, end: node.end, text: none });
  });
  changes.push({ start: main.body.start + 1, end: main.body.start + 1, text: `let ${char}=String.fromCharCode,${none};` });
  return replace(code, changes);
}

function joinLets(code) {
  const changes = [];
  const join = (list) => {
    for (let i = 1; i < list.length; i++) {
      const [before, node] = [list[i - 1], list[i]];
      if (before.type !== 'VariableDeclaration' || node.type !== 'VariableDeclaration' || before.kind !== node.kind) continue;
      changes.push({ start: before.declarations.at(-1).end, end: node.declarations[0].start, text: ',' });
    }
  };
  walk.full(acorn.parse(code, { ecmaVersion: 2015 }), (node) => {
    if (node.type === 'BlockStatement' || node.type === 'Program') join(node.body);
    if (node.type === 'SwitchCase') join(node.consequent);
  });
  return replace(code, changes);
}

/** @param {string} code the bundle: one named function, and its call */
function squeeze(code) {
  return joinLets(aliasThis(alias(code)));
}

module.exports = { squeeze, RESERVED };
