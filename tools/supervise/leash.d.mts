import type { ChildProcess } from 'node:child_process'

export function leash(child: ChildProcess, how: { signal: 'INT' | 'KILL'; ends: 'process' | 'group' }): void
