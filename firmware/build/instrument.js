/**
 * Counts which functions of a bundle run: each begins with `_c[N]=1;`, and what has run is written to the file `coverage` of
 * the working directory every half second, one byte a function, with the variables in use now and at most beside it.
 */
'use strict';
const acorn = require('acorn');
const walk = require('acorn-walk');

const COUNTER = '_c';

/** @returns {{code: string, functions: {name: string, line: number}[]}} */
function instrument(code) {
  // Parentheses around a body belong to it: what is put before it goes before them.
  const tree = acorn.parse(code, { ecmaVersion: 2022, sourceType: 'script', locations: true, preserveParens: true });
  const functions = [];
  const inserts = [];
  walk.fullAncestor(tree, (node, _state, ancestors) => {
    if (!/Function/.test(node.type)) return;
    const parent = ancestors.at(-2);
    const name = node.id?.name ?? parent?.key?.name ?? parent?.id?.name ?? parent?.left?.property?.name ?? 'anonymous';
    const mark = `${COUNTER}[${functions.length}]=1`;
    functions.push({ name, line: node.loc.start.line });
    if (node.body.type === 'BlockStatement') inserts.push([node.body.start + 1, `${mark};`]);
    else {
      inserts.push([node.body.start, `{${mark};return (`]);
      inserts.push([node.body.end, ');}']);
    }
  });
  inserts.sort((a, b) => b[0] - a[0]);
  let out = code;
  for (const [at, text] of inserts) out = out.slice(0, at) + text + out.slice(at);
  return { code: out, functions };
}

/** Goes before the bundle; not minified with it. */
function prelude(count) {
  return (
    `var ${COUNTER}=new Uint8Array(${count});` +
    'setInterval(function(){var f=E.openFile("coverage","w");f.write(E.toString(_c));f.close();},500);\n'
  );
}

module.exports = { instrument, prelude, COUNTER };
