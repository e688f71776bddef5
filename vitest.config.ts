import { defineConfig } from 'vitest/config'

const integration = ['**/*.integration.test.ts']
const exclude = ['node_modules/**', '.next/**', '.data/**', 'e2e/**']

/** Of waiting for a condition: for a machine that has other work. Where it holds nobody waits. */
const patience = { expect: { poll: { timeout: 20_000 } } }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          ...patience,
          testTimeout: 30_000,
          include: ['**/*.test.ts'],
          exclude: [...exclude, ...integration],
        },
      },
      {
        test: {
          name: 'integration',
          ...patience,
          include: integration,
          exclude,
          globalSetup: './db/embedded/testing/test-cluster.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each file has its own database; two cores do not go faster with more of them at once.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'http',
          ...patience,
          include: ['e2e/http/**/*.test.ts'],
          globalSetup: './e2e/http/running-product.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
