// Nest 12 and some of its dependencies are ESM only, and Jest on Node 20 cannot require ESM: everything is
// transformed to CommonJS, the listed dependencies included.
const swc = (parser) => [
  '@swc/jest',
  {
    jsc: { parser, target: 'es2022', transform: { legacyDecorator: true, decoratorMetadata: true } },
    module: { type: 'commonjs', importInterop: 'swc' },
  },
]
const esmOnly = [
  '@nestjs',
  '@noble',
  'cookie',
  'light-my-request/node_modules/cookie',
  'uid',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
]

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/packages', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/clients/'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: {
    '^.+\\.ts$': swc({ syntax: 'typescript', decorators: true }),
    '^.+\\.m?js$': swc({ syntax: 'ecmascript', decorators: true }),
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    '^@concordat/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@concordat/([^/]+)/(.+)$': '<rootDir>/packages/$1/src/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // Property tests and recorded data take their time on a busy machine; a hanging test still ends.
  testTimeout: 240_000,
  maxWorkers: 2,
}
