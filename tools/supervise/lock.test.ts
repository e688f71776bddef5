import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tryLock, waitForLock } from './lock.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a lock has one holder at a time', async () => {
  const first = await tryLock(join(folder, 'a'))
  expect(first).toBeDefined()
  expect(await tryLock(join(folder, 'a'))).toBeUndefined()
  await first?.release()
  const second = await tryLock(join(folder, 'a'))
  expect(second).toBeDefined()
  await second?.release()
})

test('locks of other names and folders do not meet', async () => {
  const one = await tryLock(join(folder, 'a'))
  const other = await tryLock(join(folder, 'b'))
  expect(other).toBeDefined()
  await one?.release()
  await other?.release()
})

test('who waits gets the lock when its holder is killed', async () => {
  const script = `
    import { tryLock } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)}
    await tryLock(process.argv[1])
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, join(folder, 'a')])
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  expect(await tryLock(join(folder, 'a'))).toBeUndefined()
  const lock = await waitForLock(join(folder, 'a'), { onWait: () => holder.kill('SIGKILL') })
  expect(lock).toBeDefined()
  await lock?.release()
})

test('waiting ends with its time', async () => {
  const lock = await tryLock(join(folder, 'a'))
  expect(await waitForLock(join(folder, 'a'), { timeoutMs: 1 })).toBeUndefined()
  await lock?.release()
})
