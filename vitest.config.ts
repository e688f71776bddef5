import { defineConfig } from 'vitest/config'
import { importQuickly } from './tools/test-run/quick-imports.ts'

const integration = ['**/*.integration.test.ts']
const exclude = ['**/node_modules/**', '.next/**', '.data/**', 'e2e/http/**']

/** Of waiting for a condition: for a machine that has other work. Where it holds nobody waits. */
const patience = { expect: { poll: { timeout: 20_000 } } }

/**
 * Four workers take one file after another, so that packages are loaded four times and not once a file. Each file has its
 * own modules all the same (fresh-modules.ts), and its own database. They wait for processes and clocks for more than
 * half of their time: four keep two cores busy.
 */
const sharedWorkers = {
  isolate: false,
  maxWorkers: 4,
  setupFiles: './tools/test-run/fresh-modules.ts',
}

importQuickly()

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          ...patience,
          ...sharedWorkers,
          testTimeout: 30_000,
          include: ['**/*.test.ts'],
          exclude: [...exclude, ...integration],
        },
      },
      {
        test: {
          name: 'integration',
          ...patience,
          ...sharedWorkers,
          include: integration,
          exclude,
          globalSetup: './tools/test-databases/test-cluster.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'http',
          ...patience,
          ...sharedWorkers,
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
