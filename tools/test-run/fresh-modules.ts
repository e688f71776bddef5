import { afterAll, vi } from 'vitest'

// Test files share a worker. Packages stay loaded; the product's own modules are loaded anew for each file.
vi.resetModules()

afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})
