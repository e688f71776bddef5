import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('server.ts', import.meta.url))

test.each([
  ['LOG_LEVEL', 'verbose'],
  ['PORT', 'http'],
  ['TRUSTED_PROXIES', 'the one at the door'],
])('a start with a wrong %s ends with a message that names it', (name, value) => {
  const env = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', DEMO: '1', [name]: value }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    env: { PATH: process.env.PATH, ...env } as unknown as NodeJS.ProcessEnv,
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toContain(name)
  expect(stdout + stderr).not.toMatch(/\n\s+at /)
})
