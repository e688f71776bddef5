import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bareEnvironment } from '#tools/test-run/bare-environment.ts'

const script = fileURLToPath(new URL('server.ts', import.meta.url))

test.each([{ LOG_LEVEL: 'verbose', PORT: 'http' }, { TRUSTED_PROXIES: 'the one in front' }])(
  'a start with %j ends with a message that names each',
  (wrong) => {
    const env = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', DEMO: '1', ...wrong }
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      env: bareEnvironment(env),
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    for (const name of Object.keys(wrong)) expect(stderr).toContain(name)
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
  },
)
