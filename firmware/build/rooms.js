/**
 * Puts away what is rarely needed. A class named here becomes a function that makes the class, and all that only it uses, each
 * time it is called for: at rest it costs the interpreter a few variables instead of nine a method, and its memory comes back
 * when nothing holds the object any more. Making it takes some ten milliseconds, so it is for what a person waits for.
 */
'use strict';
const acorn = require('acorn');
const walk = require('acorn-walk');
const { scopes } = require('./dialect');

/** Classes of which there is one object at a time, most of the time none. */
const ROOMS = ['Offline', 'Transfer', 'Ceremony'];

const isDeclaration = (node) => node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration';
const within = (use, node) => node.start <= use.node.start && use.node.end <= node.end;

/** Of the bundle's declarations those that only `room` uses, by itself or through one another; in order, the room last. */
function household(room, tops, mentions) {
  const usesOf = (one) => mentions.filter((use) => use.name === one.id.name);
  const inside = new Set([room]);
  for (let before = 0; before !== inside.size; ) {
    before = inside.size;
    for (const one of tops) if (usesOf(one).some((use) => [...inside].some((other) => within(use, other)))) inside.add(one);
  }
  for (let before = 0; before !== inside.size; ) {
    before = inside.size;
    for (const one of inside) {
      if (one !== room && !usesOf(one).every((use) => [...inside].some((other) => within(use, other)))) inside.delete(one);
    }
  }
  return [...inside].sort((a, b) => (a === room ? 1 : b === room ? -1 : a.start - b.start));
}

function once(code, name) {
  const tree = acorn.parse(code, { ecmaVersion: 2022 });
  const main = tree.body[0].expression.callee;
  const room = main.body.body.find((node) => node.type === 'ClassDeclaration' && node.id.name === name);
  if (room === undefined) throw new Error(`no class ${name} (firmware/build/rooms.js)`);
  const { uses } = scopes(tree);
  const mentions = uses.filter((use) => use.owner === main);
  const news = new Map();
  walk.full(tree, (node) => {
    if (node.type === 'NewExpression' && node.callee.type === 'Identifier') news.set(node.callee.start, node);
  });
  const made = mentions.filter((use) => use.name === name).map((use) => news.get(use.node.start));
  if (made.length === 0 || made.includes(undefined)) throw new Error(`${name} is not only made by new (firmware/build/rooms.js)`);
  const moved = household(room, main.body.body.filter(isDeclaration), mentions);
  const parameters = room.body.body.find((part) => part.kind === 'constructor').value.params.map((one) => one.name).join(', ');
  const text = (node) => code.slice(node.start, node.end);
  const changes = made.map((node) => ({ start: node.start, end: node.callee.end, text: `$${name}` }));
  // Calls may stand in what moves along.
  const inner = (node) => {
    let out = text(node);
    for (const one of changes.filter((change) => node.start <= change.start && change.end <= node.end).sort((a, b) => b.start - a.start)) {
      out = out.slice(0, one.start - node.start) + one.text + out.slice(one.end - node.start);
    }
    return out;
  };
  const whole = `function $${name}(${parameters}) {\n${moved.map(inner).join('\n')}\nreturn new ${name}(${parameters});\n}`;
  const all = changes.filter((change) => !moved.some((node) => node.start <= change.start && change.end <= node.end));
  for (const node of moved) all.push({ start: node.start, end: node.end, text: node === room ? whole : '' });
  let out = code;
  for (const { start, end, text: by } of all.sort((a, b) => b.start - a.start)) out = out.slice(0, start) + by + out.slice(end);
  return out;
}

/** @param {string} code the bundle as one function expression that is called */
function rooms(code) {
  let out = code;
  for (const name of ROOMS) out = once(out, name);
  return out;
}

module.exports = { rooms, room: once };
