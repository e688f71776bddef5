import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { tryLock } from '../supervise/lock.mjs'
import { usableBinaries } from './binaries.ts'
import {
  appLogin,
  buildCluster,
  clusterIn,
  databaseName,
  majorVersionOf,
  ownerLogin,
  type Passwords,
  readPasswords,
  removeHalfBuilt,
} from './cluster.ts'
import { databaseHome, knownHome } from './home.ts'
import { type Durability, type Postmaster, startPostmaster } from './postmaster.ts'
import { endOrphan } from './postmaster-process.ts'
import { databaseUser } from './system-user.ts'

const majorVersion = 18

export type EmbeddedPostgres = {
  ownerUrl: string
  appUrl: string
  port: number
  /** Of the server's first process. */
  pid: number
  /** Settles when the server is gone, asked to or not. */
  exited: Promise<void>
  /** Ends the server, waits for it, and removes throw-away data. May be called again. */
  stop(): Promise<void>
}

type EmbeddedPostgresOptions = {
  /** Made where it is missing. Throw-away databases may share one; a safe one is used by one process at a time. */
  dataDir: string
  /** A free one where it is not given. */
  port?: number
  /** `throwaway` starts empty, never waits for the disk and leaves nothing behind. Default: `safe`. */
  durability?: Durability
  /** Of the server, as `name=value`. */
  settings?: string[]
  onProgress?: (doing: string) => void
}

/** A PostgreSQL of our own on 127.0.0.1. It ends with this process, however that ends. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await ownFolder(options.dataDir)
  if (options.durability === 'throwaway') return startThrowaway(dataDir, options)
  const lock = await tryLock(join(dataDir, 'cluster'))
  if (!lock) throw new Error(`The database in ${dataDir} is in use by another process.`)
  try {
    const { ownerUrl, appUrl, postmaster } = await start(dataDir, 'cluster', options)
    postmaster.exited.then(lock.release)
    const { port, pid, exited, stop } = postmaster
    return { ownerUrl, appUrl, port, pid, exited, stop }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Removes the data of a database that no process uses, and ends the server that a killed one left behind. */
export async function discardEmbeddedPostgres(folder: string) {
  const dataDir = await ownFolder(folder)
  const lock = await tryLock(join(dataDir, 'cluster'))
  if (!lock) throw new Error(`The database in ${dataDir} is in use by another process.`)
  try {
    const { home, user, cluster } = await locate(dataDir, 'cluster')
    await endOrphan(cluster.pgdata, await usableBinaries(home, user))
    await removeHalfBuilt(home)
    await rm(home === dataDir ? cluster.folder : home, { recursive: true, force: true, maxRetries: 5 })
  } finally {
    await lock.release()
  }
}

async function startThrowaway(dataDir: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await removeAbandoned(dataDir)
  const name = `${throwawayPrefix}${randomBytes(6).toString('hex')}`
  const lock = await tryLock(join(dataDir, name))
  const { ownerUrl, appUrl, postmaster, folder } = await start(dataDir, name, options)
  const stop = async () => {
    await postmaster.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    await lock?.release()
  }
  const { port, pid, exited } = postmaster
  return { ownerUrl, appUrl, port, pid, exited, stop }
}

const throwawayPrefix = 'throwaway-'

/** Throw-away databases whose process was killed: their locks are free. */
async function removeAbandoned(dataDir: string) {
  const { home, user } = await locate(dataDir, 'cluster')
  for (const name of await readdir(home)) {
    if (!name.startsWith(throwawayPrefix)) continue
    const lock = await tryLock(join(dataDir, name))
    if (!lock) continue
    const { folder, pgdata } = clusterIn(home, name)
    await endOrphan(pgdata, await usableBinaries(home, user))
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    await lock.release()
  }
}

async function start(dataDir: string, name: string, options: EmbeddedPostgresOptions) {
  const { durability = 'safe', onProgress = () => {} } = options
  const { home, user, cluster } = await locate(dataDir, name)
  const binaries = await usableBinaries(home, user)
  if (durability === 'safe') await removeHalfBuilt(home)
  const found = await majorVersionOf(cluster)
  if (found === undefined) {
    onProgress('creating the data folder')
    await buildCluster(home, cluster, { binaries, user, flush: durability === 'safe' ? 'to disk' : 'never' })
  } else if (found !== majorVersion) {
    throw new Error(
      `The data in ${cluster.pgdata} are of PostgreSQL ${found}; this is ${majorVersion}. Start over or move them.`,
    )
  }
  await endOrphan(cluster.pgdata, binaries)
  onProgress('starting the server')
  const postmaster = await startPostmaster(cluster, {
    binaries,
    user,
    durability,
    port: options.port,
    settings: options.settings,
  })
  return { ...urls(await readPasswords(cluster), postmaster), postmaster, folder: cluster.folder }
}

async function locate(dataDir: string, name: string) {
  const user = databaseUser(clusterIn((await knownHome(dataDir)) ?? dataDir, name).pgdata)
  const home = await databaseHome(dataDir, user)
  return { home, user, cluster: clusterIn(home, name) }
}

function urls(passwords: Passwords, { port }: Postmaster) {
  const url = (login: string, password: string) =>
    `postgres://${login}:${password}@127.0.0.1:${port}/${databaseName}`
  return { ownerUrl: url(ownerLogin, passwords.owner), appUrl: url(appLogin, passwords.app) }
}

/** The real path: it tells our server from another one, whatever way the caller came. */
async function ownFolder(folder: string) {
  if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o700)
  return realpath(folder)
}
