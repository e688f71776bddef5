import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canEnter, type SystemUser } from './system-user.ts'

const recordName = 'database-location.json'

/**
 * The folder that holds a database and what belongs to it: `dataDir` itself, or, where the user that has to
 * run PostgreSQL cannot get there, a folder of the system that only `dataDir` knows of.
 */
export async function databaseHome(dataDir: string, user: SystemUser | undefined): Promise<string> {
  if (!user) return dataDir
  // To pass through is enough: PostgreSQL's own folder inside is closed to everybody else.
  await chmod(dataDir, (await stat(dataDir)).mode | 0o011)
  if (canEnter(user, dataDir)) return dataDir
  return (await knownHome(dataDir)) ?? (await newHome(dataDir, user))
}

/** The folder outside of `dataDir` that earlier runs used, if there is one and it is still ours. */
export async function knownHome(dataDir: string): Promise<string | undefined> {
  const record = await readFile(join(dataDir, recordName), 'utf8').catch(() => undefined)
  if (record === undefined) return undefined
  const { home, path, inode } = JSON.parse(record) as { home: string; path: string; inode: number }
  const here = await identityOf(dataDir)
  // A copied checkout carries the record of its original along; it must not get at the original's data.
  if (here.path !== path && here.inode !== inode) return undefined
  const found = await stat(home).catch(() => undefined)
  return found?.isDirectory() && found.uid === process.getuid?.() ? home : undefined
}

async function newHome(dataDir: string, user: SystemUser) {
  for (const parent of ['/var/lib', '/var/tmp', tmpdir()]) {
    const home = join(parent, `partner-tokens-${randomBytes(8).toString('hex')}`)
    const made = await mkdir(home, { mode: 0o711 }).then(
      () => chmod(home, 0o711).then(() => true),
      () => false,
    )
    if (!made || !canEnter(user, home)) continue
    await writeFile(join(dataDir, recordName), JSON.stringify({ home, ...(await identityOf(dataDir)) }))
    return home
  }
  throw new Error(`PostgreSQL cannot run as root, and no folder was found that its user can enter.`)
}

async function identityOf(dataDir: string) {
  return { path: await realpath(dataDir), inode: (await stat(dataDir)).ino }
}
