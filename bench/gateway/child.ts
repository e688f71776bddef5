import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export type Server = { port: number; pid: number; stop(): Promise<void> }

/**
 * Starts a script that sends `{ listening: url }` once it takes calls. Its standard output goes to `output`,
 * an open file. It ends with this process: its channel closes.
 */
export async function startServer(
  script: string,
  options: { env: Record<string, string>; output: number; execArgv?: string[] },
): Promise<Server> {
  const child = fork(new URL(script, import.meta.url), [], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...options.env },
    execArgv: options.execArgv ?? [],
    stdio: ['ignore', options.output, 'inherit', 'ipc'],
  })
  const { listening } = await firstMessage<{ listening: string }>(child, script)
  return {
    port: Number(new URL(listening).port),
    pid: child.pid as number,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

export async function firstMessage<T>(child: ChildProcess, script: string): Promise<T> {
  const ended = new AbortController()
  const abort = () => ended.abort(new Error(`${script} ended before it answered.`))
  child.once('exit', abort)
  try {
    const [message] = await once(child, 'message', { signal: ended.signal })
    return message as T
  } finally {
    child.off('exit', abort)
  }
}
