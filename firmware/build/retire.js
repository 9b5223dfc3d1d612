/**
 * Frees what only the start needs: at the end of the bundle the names of functions, classes and constants that nothing reads
 * any more are set to 0, and so are methods that only such functions call. Each function costs the interpreter about nine
 * variables, and a tenth of all functions runs once.
 *
 * What may go is derived, not declared. A function is "of the start" when every mention of its name stands in the bundle's
 * body or directly in the body of a function of the start (not in a closure made there, which may run later), and is a call:
 * a mention as a value may be kept and called later, unless it is handed to a function of the start that only calls it.
 * Forgetting a name never ends what is still referred to from elsewhere.
 */
'use strict';
const acorn = require('acorn');
const walk = require('acorn-walk');
const { scopes } = require('./dialect');

const isCallee = (node, parent) => (parent.type === 'CallExpression' || parent.type === 'NewExpression') && parent.callee === node;

/** Innermost function, parent, and class method of every node that matters, by position. */
function places(tree) {
  const parents = new Map();
  const members = [];
  const methods = [];
  walk.fullAncestor(tree, (node, _state, ancestors) => {
    const parent = ancestors.at(-2);
    if (node.type === 'Identifier') parents.set(node.start, parent);
    if (node.type === 'MemberExpression' && !node.computed) {
      const inside = ancestors.slice(0, -1).reverse().find((one) => /Function/.test(one.type));
      members.push({ name: node.property.name, inside, called: isCallee(node, parent) });
    }
    if (node.type === 'MethodDefinition' && node.kind === 'method' && !node.static) {
      methods.push({ name: node.key.name, owner: ancestors.findLast((one) => one.type === 'ClassDeclaration'), body: node.value });
    }
  });
  return { parents, members, methods };
}

/** Functions that only call their parameter, and only themselves: what is handed to them is not kept. */
function callsOnly(uses, parents, callee, index) {
  const parameter = callee?.params[index];
  if (parameter === undefined) return false;
  const mine = uses.filter((use) => use.owner === callee && use.name === parameter.name);
  return mine.every((use) => use.inside === callee && isCallee(use.node, parents.get(use.node.start)));
}

/** @param {string} code the bundle: one named function, and its call */
function retire(code) {
  const tree = acorn.parse(code, { ecmaVersion: 2022 });
  const main = tree.body[0];
  const { uses } = scopes(tree);
  const { parents, members, methods } = places(tree);
  /** By name: the function that runs where it is called or made; undefined: a value. */
  const tops = new Map();
  for (const one of main.body.body) {
    if (one.type === 'FunctionDeclaration') tops.set(one.id.name, one);
    else if (one.type === 'ClassDeclaration') tops.set(one.id.name, one.body.body.find((part) => part.kind === 'constructor')?.value);
    else if (one.type === 'VariableDeclaration') for (const { id } of one.declarations) tops.set(id.name, undefined);
  }
  const mentions = uses.filter((use) => use.owner === main && tops.has(use.name));
  const gone = new Set(tops.keys());
  /** A class that is made where it is called for cannot be reached from here. */
  const reached = methods.filter(({ owner }) => owner !== undefined && main.body.body.includes(owner));
  const goneMethods = new Set(reached.map(({ name }) => name));
  /** Bodies that run during the start only. */
  let early = new Set();

  const kept = ({ node, inside }) => {
    const parent = parents.get(node.start);
    if (isCallee(node, parent)) return false;
    if (parent.type !== 'CallExpression' || parent.callee.type !== 'Identifier') return true;
    const callee = tops.get(parent.callee.name);
    return !early.has(callee) || !early.has(inside) || !callsOnly(uses, parents, callee, parent.arguments.indexOf(node));
  };

  for (let before = -1; before !== gone.size + goneMethods.size + early.size; ) {
    before = gone.size + goneMethods.size + early.size;
    const next = new Set([main]);
    for (const name of gone) if (tops.get(name) !== undefined) next.add(tops.get(name));
    for (const { name, body } of reached) if (goneMethods.has(name)) next.add(body);
    early = early.size === 0 ? next : new Set([...next].filter((one) => early.has(one)));
    for (const use of mentions) {
      const body = tops.get(use.name);
      if (body !== undefined && kept(use)) early.delete(body);
      if (!early.has(use.inside)) {
        gone.delete(use.name);
        early.delete(body);
      }
    }
    for (const { name, inside, called } of members) if (!called || !early.has(inside)) goneMethods.delete(name);
  }
  return write(code, main, gone, reached.filter(({ name }) => goneMethods.has(name)));
}

/** Puts the forgetting at the end. A name that goes anyway holds each class's methods for a moment. */
function write(code, main, gone, methods) {
  if (gone.size === 0) return code;
  const holder = [...gone][0];
  const classes = new Map();
  for (const { name, owner } of methods) classes.set(owner.id.name, [...(classes.get(owner.id.name) ?? []), name]);
  let text = '';
  const later = [...classes].sort((a, b) => Number(a[0] === holder) - Number(b[0] === holder));
  for (const [owner, names] of later) text += `${holder}=${owner}.prototype;${names.map((name) => `${holder}.${name}=`).join('')}0;`;
  text += `${[...gone].map((name) => `${name}=`).join('')}0`;
  const end = main.end - 1;
  return `${code.slice(0, end)}${/[;}]$/.test(code.slice(0, end)) ? '' : ';'}${text}${code.slice(end)}`;
}

module.exports = { retire };
