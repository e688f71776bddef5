import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Takes a lock of this machine, or answers undefined while another process has it. The kernel gives it
 * back when its holder dies, however it dies, so a lock cannot go stale.
 * @param {string} path names the lock; its folder must exist.
 */
export async function tryLock(path) {
  const name = join(realpathSync(dirname(path)), basename(path))
  if (process.platform === 'darwin') return lockFile(`${name}.lock`)
  const key = `partner-tokens-${createHash('sha256').update(name).digest('hex').slice(0, 40)}`
  // An abstract socket on Linux, a named pipe on Windows: neither leaves anything behind.
  return listenOn(process.platform === 'win32' ? `\\\\.\\pipe\\${key}` : `\0${key}`)
}

/**
 * Like tryLock, but waits for the holder to end.
 * @param {string} path
 * @param {{ timeoutMs?: number, onWait?: () => void }} [options] without `timeoutMs` it waits for ever.
 */
export async function waitForLock(path, { timeoutMs = Number.POSITIVE_INFINITY, onWait = () => {} } = {}) {
  const deadline = Date.now() + timeoutMs
  for (let tries = 0; ; tries++) {
    const lock = await tryLock(path)
    if (lock || Date.now() > deadline) return lock
    if (tries === 0) onWait()
    await pause(50)
  }
}

/** @param {string} address */
function listenOn(address) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) =>
      'code' in error && error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(address, () => {
      server.unref()
      resolve({ release: () => new Promise((released) => server.close(released)) })
    })
  })
}

/** O_EXLOCK of BSD and macOS, which Node has no name for. */
const openExclusively = 0x20

/** @param {string} file */
function lockFile(file) {
  try {
    const handle = openSync(
      file,
      constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | openExclusively,
    )
    return { release: async () => closeSync(handle) }
  } catch (error) {
    if (error.code === 'EAGAIN') return undefined
    throw error
  }
}
