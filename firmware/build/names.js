/** The names that our declarations say the interpreter has: properties (never mangled, allowed) and globals (allowed). */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const FILES = ['core.d.ts', '../board/espruino.d.ts'];
/** Declared for the compiler's sake only: globals, and interfaces whose members nobody calls. */
const REFUSED = new Set(['Symbol']);
const SILENT = new Set(['Iterator', 'IteratorResult', 'Iterable', 'SymbolConstructor']);

/** @returns {{properties: Set<string>, globals: Set<string>}} */
function allowed() {
  const properties = new Set();
  const globals = new Set(['undefined']);
  for (const file of FILES) {
    const name = path.join(__dirname, file);
    const source = ts.createSourceFile(name, fs.readFileSync(name, 'utf8'), ts.ScriptTarget.ES2015, true);
    for (const statement of source.statements) {
      if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach((one) => globals.add(one.name.getText()));
      else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) globals.add(statement.name.text);
    }
    const visit = (node) => {
      if (ts.isInterfaceDeclaration(node) && SILENT.has(node.name.text)) return;
      const member = ts.isPropertySignature(node) || ts.isMethodSignature(node) || ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node);
      if (member && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name))) properties.add(node.name.text);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  for (const name of REFUSED) globals.delete(name);
  properties.add('constructor');
  properties.add('prototype');
  return { properties, globals };
}

module.exports = { allowed };
