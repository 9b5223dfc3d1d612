/** One runner for everything under test/. What needs the built program is told apart by folder, not by name tricks. */
const swc = ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' }];

module.exports = {
  rootDir: __dirname,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  // These come as ES modules only, which jest's own loader does not take on Node 20.
  transform: { '^.+\\.ts$': swc, 'node_modules/(typebox|@noble|jose|openid-client|oauth4webapi)/.*\\.m?js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!typebox/|@noble/|jose/|openid-client/|oauth4webapi/)'],
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/postgres/setup.ts',
  globalTeardown: '<rootDir>/test/postgres/teardown.ts',
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testTimeout: 60000,
};
