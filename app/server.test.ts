import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('server.ts', import.meta.url))

test.each([{ LOG_LEVEL: 'verbose', PORT: 'http' }, { TRUSTED_PROXIES: 'the one in front' }])(
  'a start with %j ends with a message that names each',
  (wrong) => {
    const env = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', DEMO: '1', ...wrong }
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        NODE_OPTIONS: process.env.NODE_OPTIONS,
        ...env,
      } as unknown as NodeJS.ProcessEnv,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    for (const name of Object.keys(wrong)) expect(stderr).toContain(name)
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
  },
)
