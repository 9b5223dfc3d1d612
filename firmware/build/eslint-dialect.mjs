/**
 * ESLint rules for what runs in the interpreter (shared facts: firmware/build/core.d.ts; the built bundle is checked once
 * more by dialect.js). A flat-config array: protocol/ without what only hosts run, and firmware/ without the build.
 */
const syntax = [
  ['AssignmentPattern', 'no default parameters'],
  ['RestElement', 'no rest parameters'],
  ['SpreadElement', 'no spread'],
  ['ObjectPattern', 'no destructuring'],
  ['ArrayPattern', 'no destructuring'],
  ['ChainExpression', 'no optional chaining: write the condition'],
  ['TaggedTemplateExpression', 'no tagged templates'],
  ['LabeledStatement', 'no labels'],
  ['WithStatement', 'no with'],
  ['FunctionDeclaration[generator=true]', 'no generators'],
  ['FunctionExpression[generator=true]', 'no generators'],
  [':function[async=true]', 'no async functions: use callbacks'],
  ['AwaitExpression', 'no await'],
  ['MetaProperty', 'no new.target'],
  ['PrivateIdentifier', 'no #private names'],
  ['StaticBlock', 'no static blocks'],
  ['PropertyDefinition[value!=null]', 'no initialised class fields: assign in the constructor'],
  ['Property[computed=true]', 'no computed keys'],
  ['MemberExpression[computed=true] > Literal.property[raw=/^[\'"]/]', 'no string-keyed access to properties: names are mangled'],
  ['Property[kind=/get|set/]', 'no getters or setters: what they throw is swallowed'],
  ['MethodDefinition[kind=/get|set/]', 'no getters or setters: what they throw is swallowed'],
  ['Literal[regex]', 'no regular expressions'],
  ['Literal[bigint]', 'no BigInt'],
  ['BinaryExpression[operator="**"]', 'no **: Math.pow'],
  ['AssignmentExpression[operator=/^(\\*\\*|&&|\\|\\||\\?\\?)=$/]', 'no logical assignment'],
  ['ClassDeclaration[superClass.name="Error"]', 'no extends Error: give a code'],
  ['NewExpression[callee.name="Promise"]', 'no promises'],
  ['AssignmentExpression > MemberExpression.left[property.name="length"]', 'length cannot be assigned: splice'],
  ['CallExpression[callee.property.name=/^(at|flat|flatMap|findLast|lastIndexOf|reduceRight|codePointAt|localeCompare|entries|copyWithin|normalize)$/][callee.object.type!="ThisExpression"]', 'the interpreter does not have it'],
].map(([selector, message]) => ({ selector, message }));

const globals = ['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Symbol', 'Proxy', 'Reflect', 'RangeError', 'BigInt', 'Intl', 'Promise',
  'TextEncoder', 'TextDecoder', 'Buffer', 'structuredClone', 'queueMicrotask', 'Date', 'Number', 'RegExp', 'JSON'];

/** A function or variable of the same scope used above its definition, outside of any inner function. */
const hoisting = {
  meta: { type: 'problem', schema: [], messages: { early: '{{name}} is used before it is defined: the interpreter does not hoist' } },
  create(context) {
    return {
      Program(node) {
        const inspect = (scope) => {
          for (const reference of scope.references) {
            const variable = reference.resolved;
            const definition = variable?.defs[0];
            if (!definition || reference.isTypeReference || definition.type === 'Type' || definition.type === 'ImportBinding' || definition.type === 'Parameter') continue;
            const early = reference.identifier.range[1] <= definition.name.range[0];
            if (early && reference.from.variableScope === variable.scope.variableScope) {
              context.report({ node: reference.identifier, messageId: 'early', data: { name: reference.identifier.name } });
            }
          }
          scope.childScopes.forEach(inspect);
        };
        inspect(context.sourceCode.getScope(node));
      },
    };
  },
};

export const deviceFiles = {
  files: ['protocol/**/*.ts', 'firmware/**/*.ts'],
  /** Host only: they may use all of Node. */
  ignores: ['protocol/generate*.ts', 'protocol/host-*.ts', 'protocol/texts.ts', 'protocol/alarms.ts', 'protocol/keys.ts', 'protocol/evidence-read.ts', 'protocol/index.ts', 'protocol/vectors/**', '**/*.d.ts', 'firmware/build/**'],
};

export default [
  {
    ...deviceFiles,
    plugins: { dialect: { rules: { hoisting } } },
    rules: {
      'dialect/hoisting': 'error',
      'no-restricted-syntax': ['error', ...syntax],
      'no-restricted-globals': ['error', ...globals.map((name) => ({ name, message: 'the interpreter does not have it, or it is not for the device' }))],
      'no-loop-func': 'error',
      'no-labels': 'error',
      'default-case-last': 'error',
      'no-inner-declarations': 'off',
      'prefer-rest-params': 'off',
      'prefer-spread': 'off',
      'prefer-const': 'error',
      'no-var': 'error',
    },
  },
];
