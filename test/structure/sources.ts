/** The source files of the house and their imports, read with the compiler's own parser. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const root = path.resolve(__dirname, '../..');
const rooms = ['protocol', 'firmware', 'host-bridge', 'sim'];

export function sources(): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const file = path.join(folder, name);
      if (statSync(file).isDirectory()) walk(file);
      else if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) found.push(file);
    }
  };
  for (const room of rooms) walk(path.join(root, room));
  return found;
}

export interface Imports {
  /** Files of this repository, absolute. */
  relative: string[];
  /** Those of them whose values are imported, not only types: what is there when the program runs. */
  values: string[];
  /** Packages and Node modules. */
  packages: string[];
}

export function importsOf(file: string): Imports {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: Imports = { relative: [], values: [], packages: [] };
  const add = (name: string, typeOnly: boolean): void => {
    if (!name.startsWith('.')) return void found.packages.push(name);
    const base = path.resolve(path.dirname(file), name);
    const hit = [`${base}.ts`, `${base}.tsx`, path.join(base, 'index.ts'), base].find((f) => existsSync(f) && statSync(f).isFile());
    if (hit === undefined) throw new Error(`${path.relative(root, file)} imports ${name}, which does not exist`);
    found.relative.push(hit);
    if (!typeOnly) found.values.push(hit);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add((node.moduleSpecifier as ts.StringLiteral).text, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || onlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add((node.moduleSpecifier as ts.StringLiteral).text, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add((node.argument.literal as ts.StringLiteral).text, true);
    else if (ts.isCallExpression(node) && node.expression.getText() === 'require' && node.arguments[0] !== undefined && ts.isStringLiteral(node.arguments[0])) add(node.arguments[0].text, false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  const named = clause?.namedBindings;
  return clause !== undefined && clause.name === undefined && named !== undefined && ts.isNamedImports(named) && named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}
