import { defineConfig } from 'vitest/config'

/** Only what needs no database: a mutant costs one run of the tests that reach it. */
export default defineConfig({
  test: {
    include: ['{lib,db}/**/*.test.ts'],
    exclude: ['**/*.integration.test.ts'],
    testTimeout: 30_000,
  },
})
