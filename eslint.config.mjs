import tseslint from 'typescript-eslint';
import { existsSync } from 'node:fs';

const dialect = existsSync(new URL('./firmware/build/eslint-dialect.mjs', import.meta.url))
  ? (await import('./firmware/build/eslint-dialect.mjs')).default
  : [];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'demo-out/', 'coverage/', '**/generated/', 'sim/assets/', '**/*.d.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { prefer: 'type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-require-imports': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': ['error', { allow: ['error'] }],
      'no-constant-condition': ['error', { checkLoops: false }],
      'prefer-const': 'error',
    },
  },
  { files: ['**/cli/**/*.ts', 'test/**/*.ts', '**/main*.ts', 'protocol/generate-cli.ts', 'protocol/vectors/make.ts'], rules: { 'no-console': 'off' } },
  ...dialect,
);
