import { on } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { testKeysText } from '#lib/encryption/test-keyring.ts'
import { checkoutFolder } from '#tools/checkout.ts'
import { startSupervised } from '#tools/supervise/supervised-process.ts'
import { bareEnvironment } from '#tools/test-run/bare-environment.ts'

/** A process of the worker, as production runs it: `worker/main.ts`. */
export type WorkerProcess = {
  /** Without any warning. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export async function startWorkerProcess({
  databaseUrl,
  logFile,
}: {
  databaseUrl: string
  logFile: string
}): Promise<WorkerProcess> {
  const log = openSync(logFile, 'a', 0o600)
  const { child, exited, stop } = startSupervised(
    process.execPath,
    [join(checkoutFolder, 'worker/main.ts')],
    {
      cwd: checkoutFolder,
      // All that it is given, nothing else of our own environment.
      env: bareEnvironment({
        DATABASE_URL: databaseUrl,
        NEXTAUTH_URL: 'http://127.0.0.1:1',
        NEXTAUTH_SECRET: 'only for tests, long enough to be taken',
        ENCRYPTION_KEYS: testKeysText,
      }),
      stdio: ['ignore', log, log, 'ipc'],
    },
  )
  closeSync(log)
  const ready = async () => {
    for await (const [message] of on(child, 'message')) if (message === 'ready') return true
    return false
  }
  if (!(await Promise.race([ready(), exited.then(() => false)]))) {
    throw new Error(`The worker did not start:\n${await readFile(logFile, 'utf8')}`)
  }
  return {
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    stop,
  }
}
