import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'

/** Whom PostgreSQL runs as. */
export type SystemUser = { uid: number; gid: number }

/**
 * PostgreSQL refuses to run as root: then another user of the system runs it. Answers undefined where the
 * caller is not root and runs it themselves.
 * @param pgdata existing data decide: whoever owns them goes on running them.
 */
export function databaseUser(pgdata: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = passwdEntries()
  const owner = statSync(pgdata, { throwIfNoEntry: false })?.uid
  const wanted = [users.find(({ uid }) => uid === owner), ...preferred(users)]
  const user = wanted.find((candidate) => candidate !== undefined && canBecome(candidate))
  if (user) return { uid: user.uid, gid: user.gid }
  throw new Error(
    'PostgreSQL does not run as root, and no other user of this system can be used. Start as an ordinary user.',
  )
}

/** True when `user` (undefined: ourselves) gets into the folder: every folder above counts. */
export function canEnter(user: SystemUser | undefined, folder: string) {
  return shellSays('cd -- "$1"', folder, user)
}

function canBecome(user: SystemUser) {
  return shellSays('true', '', user)
}

function shellSays(script: string, argument: string, user: SystemUser | undefined) {
  const { status } = spawnSync('/bin/sh', ['-c', script, 'sh', argument], {
    cwd: '/',
    stdio: 'ignore',
    ...user,
  })
  return status === 0
}

type PasswdEntry = SystemUser & { name: string }

function preferred(users: PasswdEntry[]) {
  const ordinary = users.filter(({ uid }) => uid !== 0)
  const known = ['postgres', '_postgres', 'nobody', 'daemon']
  return [...known.map((name) => ordinary.find((user) => user.name === name)), ...ordinary]
}

function passwdEntries(): PasswdEntry[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (!name || !uid || !gid) return []
    // macOS writes nobody's -2 where the kernel means 2^32 - 2.
    return [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }]
  })
}
