/**
 * Some names are both ours and the interpreter's, as `floor` (Math.floor) is. The interpreter's are reached through one global
 * only; ours get another name, so that they can be mangled like all of ours.
 */
'use strict';
const acorn = require('acorn');
const walk = require('acorn-walk');

/** Name and what alone has it at the interpreter: a global, or the variable that holds process.memory() or its tx. */
const STATIC = { floor: ['Math'], keys: ['Object'], send: ['SPI1'], used: ['tx'], total: ['tx', 'memory'] };
const isShared = (name) => Object.hasOwn(STATIC, name);

/**
 * @param {string} code the bundle before it is mangled
 * @throws Error when a name that is taken for ours is nowhere made: it was the interpreter's, read from something else
 */
function own(code) {
  const spots = [];
  const read = new Set();
  const made = new Set();
  walk.full(acorn.parse(code, { ecmaVersion: 2022 }), (node) => {
    if (node.type === 'MemberExpression' && !node.computed && isShared(node.property.name)) {
      if (!STATIC[node.property.name].includes(node.object.name)) {
        spots.push({ at: node.property.end, text: '$own' });
        read.add(node.property.name);
      }
    }
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') made.add(node.left.property.name);
    if ((node.type === 'Property' || node.type === 'MethodDefinition') && !node.computed && isShared(node.key.name)) {
      spots.push({ at: node.key.end, text: node.shorthand ? `$own: ${node.key.name}` : '$own' });
      made.add(node.key.name);
    }
  });
  const strange = [...read].filter((name) => !made.has(name));
  if (strange.length > 0) throw new Error(`not ours, and not read from what has it at the interpreter: ${strange.join(' ')} (firmware/build/own.js)`);
  let out = code;
  for (const { at, text } of spots.sort((a, b) => b.at - a.at)) out = out.slice(0, at) + text + out.slice(at);
  return out;
}

module.exports = { own };
