/**
 * Says what in a piece of JavaScript the interpreter would not take, or would take for something else. It runs on what is
 * flashed, because a syntax error there shows only when the line runs.
 */
'use strict';
const acorn = require('acorn');
const walk = require('acorn-walk');

/** Node types that the interpreter's parser does not know. */
const FORBIDDEN = {
  AssignmentPattern: 'default parameter',
  RestElement: 'rest parameter',
  SpreadElement: 'spread',
  ObjectPattern: 'destructuring',
  ArrayPattern: 'destructuring',
  TaggedTemplateExpression: 'tagged template',
  ChainExpression: 'optional chaining',
  LabeledStatement: 'label',
  WithStatement: 'with',
  PropertyDefinition: 'class field',
  PrivateIdentifier: 'private name',
  StaticBlock: 'static block',
  MetaProperty: 'new.target',
  AwaitExpression: 'await',
  YieldExpression: 'generator',
  ImportExpression: 'import()',
};
/** Words that the interpreter's parser does not take for the name of a method, as it does for one of a property. */
const WORDS = new Set(
  'static break case catch class const continue debugger default delete do else extends false finally for function if in instanceof let new null of return super switch this throw true try typeof undefined var void while'.split(' '),
);
const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement']);
const isFunction = (node) => /Function/.test(node.type);

/** Checks that need one node and its text. @returns {string | undefined} */
function nodeProblem(node, code, ancestors) {
  if (FORBIDDEN[node.type] !== undefined) return FORBIDDEN[node.type];
  if ((node.type === 'MethodDefinition' || node.method === true) && WORDS.has(node.key.name)) return `"${node.key.name}" as the name of a method`;
  switch (node.type) {
    case 'BinaryExpression':
      return node.operator === '**' ? '**' : undefined;
    case 'AssignmentExpression':
      return /^(\*\*|&&|\|\||\?\?)=$/.test(node.operator) ? `operator ${node.operator}` : undefined;
    case 'Literal':
      if (node.regex !== undefined) return 'regular expression';
      return node.bigint === undefined ? undefined : 'BigInt';
    case 'Property':
      if (node.computed) return 'computed key';
      return node.kind === 'init' ? undefined : 'getter or setter';
    case 'MethodDefinition':
      if (node.computed) return 'computed key';
      return node.kind === 'get' || node.kind === 'set' ? 'getter or setter' : undefined;
    case 'Super':
      return ancestors.some((one) => one.type === 'ClassBody') ? undefined : 'super in an object';
    case 'SwitchStatement': {
      const at = node.cases.findIndex((one) => one.test === null);
      return at >= 0 && at !== node.cases.length - 1 ? 'default is not the last case' : undefined;
    }
    case 'BlockStatement': {
      // JavaScript hoists it; the interpreter never comes there.
      const end = node.body.findIndex((one) => one.type === 'ReturnStatement' || one.type === 'ThrowStatement');
      return end >= 0 && node.body.slice(end).some((one) => /^(Function|Class)Declaration$/.test(one.type)) ? 'declared behind a return' : undefined;
    }
    case 'ForStatement':
      if (/^for\s*\(\s*(function|\()/.test(code.slice(node.start, node.start + 40))) return 'for( begins with a function or a bracket';
      return node.init !== null && has(node.init, (one) => one.type === 'BinaryExpression' && one.operator === 'in') ? '"in" within the head of a for' : undefined;
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.superClass !== null && node.superClass.name === 'Error' ? 'extends Error' : undefined;
    case 'CallExpression':
      // Its whole text becomes the function's name in the stack trace of every exception below it.
      return isFunction(node.callee) ? 'a function expression is called where it stands' : undefined;
    case 'Identifier':
      return node.name === 'arguments' ? 'arguments' : undefined;
    default:
      if (isFunction(node) && node.generator) return 'generator';
      return isFunction(node) && node.async ? 'async function' : undefined;
  }
}

function has(node, test) {
  let found = false;
  walk.full(node, (one) => {
    if (test(one)) found = true;
  });
  return found;
}

/** Scopes: what each function or block declares and where it is used; `uses`: every name, the function that has it as parameter or
 * at its top level, and the function it stands in. */
function scopes(tree) {
  const free = new Map();
  const early = [];
  const captured = [];
  const uses = [];
  const names = (scope) => scope.names;

  function visit(node, scope, loops) {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      // Declarations of functions and variables are known in all of the list, as JavaScript has it; where they are used
      // before, that is told.
      for (const one of node) if (one !== null) declare(one, scope, loops);
      for (const one of node) visit(one, scope, loops);
      return;
    }
    if (typeof node.type !== 'string') return;
    if (isFunction(node)) {
      const inner = { parent: scope, names: new Map(), function: node, own: true };
      if (node.type === 'FunctionExpression' && node.id) names(inner).set(node.id.name, { at: -1, loop: undefined });
      for (const parameter of node.params) if (parameter.type === 'Identifier') names(inner).set(parameter.name, { at: -1, loop: undefined });
      if (node.body.type === 'BlockStatement') visit(node.body.body, inner, []);
      else visit(node.body, inner, []);
      return;
    }
    if (node.type === 'BlockStatement') {
      visit(node.body, { parent: scope, names: new Map(), function: scope.function }, loops);
      return;
    }
    if (LOOPS.has(node.type)) {
      const inner = { parent: scope, names: new Map(), function: scope.function };
      const within = [...loops, node];
      const head = node.init ?? node.left ?? null;
      if (head !== null) declare(head, inner, within);
      for (const key of ['init', 'left', 'right', 'test', 'update', 'body']) visit(node[key] ?? null, inner, within);
      return;
    }
    if (node.type === 'CatchClause') {
      const inner = { parent: scope, names: new Map(), function: scope.function };
      if (node.param?.type === 'Identifier') names(inner).set(node.param.name, { at: -1, loop: undefined });
      visit(node.body, inner, loops);
      return;
    }
    if (node.type === 'Identifier') {
      use(node, scope);
      return;
    }
    if (node.type === 'MemberExpression') {
      visit(node.object, scope, loops);
      if (node.computed) visit(node.property, scope, loops);
      return;
    }
    if (node.type === 'Property' || node.type === 'MethodDefinition') {
      visit(node.value, scope, loops);
      return;
    }
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      visit(node.superClass, scope, loops);
      visit(node.body.body, scope, loops);
      return;
    }
    if (node.type === 'SwitchStatement') {
      visit(node.discriminant, scope, loops);
      for (const one of node.cases) {
        visit(one.test, scope, loops);
        visit(one.consequent, scope, loops);
      }
      return;
    }
    if (node.type === 'FunctionDeclaration') return;
    if (node.type === 'VariableDeclarator') {
      // The name exists from here on; its first value is read before that.
      visit(node.init, scope, loops);
      return;
    }
    for (const key of Object.keys(node)) {
      if (key !== 'type' && key !== 'start' && key !== 'end') visit(node[key], scope, loops);
    }
  }

  function declare(node, scope, loops) {
    const loop = loops.at(-1);
    if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') names(scope).set(node.id.name, { at: node.start, loop });
    else if (node.type === 'VariableDeclaration') {
      for (const one of node.declarations) if (one.id.type === 'Identifier') names(scope).set(one.id.name, { at: one.start, loop });
    }
  }

  function use(node, from) {
    for (let scope = from; scope !== undefined; scope = scope.parent) {
      const known = names(scope).get(node.name);
      if (known === undefined) continue;
      uses.push({ name: node.name, node, owner: scope.own ? scope.function : undefined, inside: from.function });
      if (scope.function === from.function) {
        if (known.at > node.start) early.push({ name: node.name, at: node.start });
      } else if (known.loop !== undefined) captured.push({ name: node.name, at: node.start });
      return;
    }
    if (!free.has(node.name)) free.set(node.name, node.start);
  }

  visit(tree.body, { parent: undefined, names: new Map(), function: tree }, []);
  return { free, early, captured, uses };
}

/**
 * @param {string} code
 * @param {{globals: Set<string>}} allowed
 * @returns {{what: string, at: number}[]}
 */
function problems(code, allowed) {
  const tree = acorn.parse(code, { ecmaVersion: 2022, sourceType: 'script' });
  const found = [];
  walk.fullAncestor(tree, (node, _state, ancestors) => {
    const what = nodeProblem(node, code, ancestors);
    if (what !== undefined) found.push({ what, at: node.start });
  });
  const { free, early, captured } = scopes(tree);
  for (const [name, at] of free) if (!allowed.globals.has(name)) found.push({ what: `global ${name} is not in the allow-list`, at });
  for (const { name, at } of early) found.push({ what: `${name} is used before it is defined (no hoisting)`, at });
  for (const { name, at } of captured) found.push({ what: `a function keeps the loop's variable ${name}`, at });
  const odd = /[^\x00-\x7f]/.exec(code);
  if (odd !== null) found.push({ what: 'a character that is not ASCII', at: odd.index });
  return found;
}

/** Property names that are used but neither ours (defined or assigned in the bundle) nor the interpreter's. */
function unknownProperties(code, allowed) {
  const tree = acorn.parse(code, { ecmaVersion: 2022, sourceType: 'script' });
  const ours = new Set();
  const used = new Map();
  walk.full(tree, (node) => {
    if ((node.type === 'Property' || node.type === 'MethodDefinition') && node.key.type === 'Identifier') ours.add(node.key.name);
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression' && !node.left.computed) ours.add(node.left.property.name);
    if (node.type === 'MemberExpression' && !node.computed && !used.has(node.property.name)) used.set(node.property.name, node.start);
    if (node.type === 'MemberExpression' && node.computed && node.property.type === 'Literal' && typeof node.property.value === 'string') {
      used.set(`["${node.property.value}"]`, node.start);
    }
  });
  const unknown = [];
  for (const [name, at] of used) if (!ours.has(name) && !allowed.properties.has(name)) unknown.push({ what: `property ${name} is not in the allow-list`, at });
  const unused = [...ours].filter((name) => !used.has(name) && !allowed.properties.has(name));
  return { unknown, unused };
}

module.exports = { WORDS, problems, scopes, unknownProperties };
