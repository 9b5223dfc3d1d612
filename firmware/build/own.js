/**
 * Some names are both ours and the interpreter's, as `floor` (Math.floor) is. The interpreter's are reached through one global
 * only; ours get another name, so that they can be mangled like all of ours.
 */
'use strict';
const acorn = require('acorn');
const walk = require('acorn-walk');

/** Name and what alone has it at the interpreter: a global, or the variable that holds process.memory().tx. */
const STATIC = { floor: 'Math', keys: 'Object', send: 'SPI1', used: 'tx', total: 'tx' };
const isShared = (name) => Object.hasOwn(STATIC, name);

/** @param {string} code the bundle before it is mangled */
function own(code) {
  const spots = [];
  walk.full(acorn.parse(code, { ecmaVersion: 2022 }), (node) => {
    if (node.type === 'MemberExpression' && !node.computed && isShared(node.property.name)) {
      if (node.object.name !== STATIC[node.property.name]) spots.push({ at: node.property.end, text: '$own' });
    }
    if ((node.type === 'Property' || node.type === 'MethodDefinition') && !node.computed && isShared(node.key.name)) {
      spots.push({ at: node.key.end, text: node.shorthand ? `$own: ${node.key.name}` : '$own' });
    }
  });
  let out = code;
  for (const { at, text } of spots.sort((a, b) => b.at - a.at)) out = out.slice(0, at) + text + out.slice(at);
  return out;
}

module.exports = { own };
