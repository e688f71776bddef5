import { spawn } from 'node:child_process'
import type { SystemUser } from './system-user.ts'

/** What PostgreSQL's programs see: English messages, and no PG… variable of the caller's. */
export function databaseEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|SystemRoot|TEMP|TMP|TMPDIR)$/i.test(name),
  )
  return Object.fromEntries([...kept, ['LC_ALL', 'C'], ['TZ', 'UTC']]) as NodeJS.ProcessEnv
}

/** Runs one of PostgreSQL's programs to its end. A Ctrl-C in the terminal does not reach it. */
export function runToEnd(
  program: string,
  args: string[],
  options: { user: SystemUser | undefined; input?: string },
) {
  return new Promise<{ ok: boolean; output: string }>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      detached: process.platform !== 'win32',
      env: databaseEnvironment(),
      ...options.user,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, output }))
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}
