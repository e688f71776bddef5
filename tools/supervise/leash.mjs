import { spawn } from 'node:child_process'

/**
 * Signals a child of ours when we die unasked, kill -9 included: a shell waits at a pipe that only we hold open.
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ signal: 'INT' | 'KILL', ends: 'process' | 'group' }} how `group` needs a child that is `detached`.
 */
export function leash(child, { signal, ends }) {
  if (process.platform === 'win32' || child.pid === undefined) return
  const target = ends === 'group' ? `-${child.pid}` : `${child.pid}`
  const script = 'read -r word; [ "$word" = done ] || kill -s "$1" -- "$2"'
  const guard = spawn('/bin/sh', ['-c', script, 'leash', signal, target], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  guard.stdin.unref()
  guard.unref()
  child.once('exit', () => guard.stdin.end('done\n'))
}
