import { on } from 'node:events'
import { appendFileSync, closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { checkoutFolder } from '../checkout.ts'
import { describeEnding, type SupervisedProcess, startSupervised } from '../supervise/supervised-process.ts'

export type DemoServer = SupervisedProcess & { name: string; logFile: string }

type ServerOptions = {
  name: string
  script: string
  nodeArguments?: string[]
  scriptArguments?: string[]
  environment: NodeJS.ProcessEnv
  logFile: string
  /** Of an address any answer will do, unless a status is asked for. */
  readyWhen: { url: string; status?: number } | 'it says so'
  signal: AbortSignal
  /** Called with each line that the server writes, beside the log file. */
  onLine?: ((line: string) => void) | undefined
}

/** Of one that hangs: whoever ends is noticed at once. Where two dozen start on one busy machine, each takes its time. */
const startTimeoutMs = 180_000

/** Starts a server and waits until it answers. Its channel to us closes when we die: then it stops by itself. */
export async function startServer(options: ServerOptions): Promise<DemoServer> {
  const { name, script, nodeArguments = [], scriptArguments = [] } = options
  const { environment, logFile, readyWhen, onLine } = options
  const log = openSync(logFile, 'w', 0o600)
  const output = onLine ? 'pipe' : log
  const server = startSupervised(
    process.execPath,
    [...nodeArguments, join(checkoutFolder, script), ...scriptArguments],
    { cwd: checkoutFolder, env: environment, stdio: ['ignore', output, output, 'ipc'] },
  )
  closeSync(log)
  for (const stream of [server.child.stdout, server.child.stderr]) {
    if (!stream || !onLine) continue
    createInterface({ input: stream }).on('line', (line) => {
      appendFileSync(logFile, `${line}\n`)
      onLine(line)
    })
  }
  const started = { ...server, name, logFile }
  try {
    if (readyWhen === 'it says so') await untilItSaysSo(started, options.signal)
    else await untilAnswers(started, readyWhen, options.signal)
    return started
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function untilItSaysSo(server: DemoServer, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)])
  const ended = server.exited.then(() => 'ended' as const)
  const said = untilReady(server, limit)
  // Where the process ended first, nobody waits for the other any more.
  said.catch(() => {})
  const first = await Promise.race([said, ended]).catch(async () => {
    signal.throwIfAborted()
    throw new Error(
      `The ${server.name} was not ready within ${startTimeoutMs / 1000} s.${await lastLines(server)}`,
    )
  })
  if (first === 'ended') throw new Error(await reportEnding(server))
}

/** Under `node --watch` its own messages come by as well. */
async function untilReady({ child }: DemoServer, signal: AbortSignal) {
  for await (const [message] of on(child, 'message', { signal })) {
    if (message === 'ready') break
  }
  return 'ready' as const
}

type Answering = { url: string; status?: number }

async function untilAnswers(server: DemoServer, readyWhen: Answering, signal: AbortSignal) {
  const deadline = Date.now() + startTimeoutMs
  const ended = server.exited.then(() => 'ended' as const)
  while (Date.now() < deadline) {
    signal.throwIfAborted()
    const answer = await Promise.race([statusOf(readyWhen.url, signal), ended])
    if (answer === 'ended') throw new Error(await reportEnding(server))
    if (answer !== undefined && (readyWhen.status === undefined || answer === readyWhen.status)) return
    await Promise.race([pause(100), ended])
  }
  throw new Error(
    `The ${server.name} did not answer at ${readyWhen.url} within ${startTimeoutMs / 1000} s.${await lastLines(server)}`,
  )
}

async function statusOf(url: string, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)])
  const response = await fetch(url, { redirect: 'manual', signal: limit }).catch(() => undefined)
  await response?.body?.cancel()
  return response?.status
}

/** Why a server is gone, with what it said last. */
export async function reportEnding(server: DemoServer) {
  return `The ${server.name} ${describeEnding(await server.exited)}.${await lastLines(server)}`
}

async function lastLines({ logFile }: DemoServer) {
  const log = await readFile(logFile, 'utf8').catch(() => '')
  return log.trim() ? ` It said:\n${log.trim().split('\n').slice(-15).join('\n')}` : ''
}
