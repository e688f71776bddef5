import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate } from '#db/migrate.ts'
import {
  ask,
  type InstalledServer,
  openServerFolder,
  untilTrue,
} from '#tools/test-databases/installed-postgres.ts'
import { openWire } from '#tools/wire.ts'
import { freezeWithChildren } from '../faults/faults.ts'
import type { StagedDatabase } from '../faults/stage.ts'

/** A primary, a standby that every COMMIT waits for, and a wire that leads to whichever is the primary. */
export type Pair = StagedDatabase & {
  appUrl: string
  killPrimary(): Promise<void>
  /**
   * Makes the standby the primary and leads the wire to it. `inherited`: its commits wait for a standby from its first moment,
   * as they do where all servers share a configuration; `cleared`: for none.
   */
  promote(names: 'inherited' | 'cleared'): Promise<void>
  /** Gives the primary a new standby, which every COMMIT waits for from then on. */
  addStandby(): Promise<void>
  /** Stops the standby where it is, as a machine that hangs; the answer lets it go on. */
  freezeStandby(): Promise<() => Promise<void>>
  /** Whether the standby has all that the primary wrote. */
  untilInStep(): Promise<void>
}

/** Throws a sentence where PostgreSQL 15 is not installed. */
export async function startPair(folder: string): Promise<Pair> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const servers = await openServerFolder({ folder: join(folder, 'pair') })
  const settings = { fsync: 'on', max_connections: 200, wal_keep_size: '256MB', max_wal_size: '1GB' }
  let primary = await servers.create('first', '', settings)
  await ask(
    primary,
    `create role tokens_owner login createrole createdb password 'campaign'`,
    `create role tokens_web login password 'campaign'`,
    'create database tokens owner tokens_owner',
  )
  const wire = await openWire(primary)
  const url = (login: string) => `postgres://${login}:campaign@127.0.0.1:${wire.port}/tokens`
  await migrate({ ownerUrl: url('tokens_owner'), appUrl: url('tokens_web') })

  let generation = 0
  let standby: InstalledServer
  const addStandby = async () => {
    generation += 1
    standby = await servers.createStandby(`standby_${generation}`, primary, settings)
    await waitFor(primary, standby.name)
    await untilTrue(
      primary,
      `select from pg_stat_replication where application_name = '${standby.name}' and sync_state = 'sync'`,
    )
  }
  await addStandby()

  return {
    ownerUrl: url('tokens_owner'),
    appUrl: url('tokens_web'),
    pid: () => primary.pid,
    fillDisk: undefined,
    addStandby,
    killPrimary: () => primary.kill(),
    async promote(names) {
      const old = primary
      await waitFor(standby, names === 'inherited' ? '*' : '')
      await ask(standby, 'select pg_promote()')
      await untilTrue(standby, 'select where not pg_is_in_recovery()')
      primary = standby
      wire.leadTo(primary.port)
      await rm(join(servers.folder, old.name), { recursive: true, force: true })
    },
    freezeStandby: () => freezeWithChildren(standby.pid),
    untilInStep: () =>
      untilTrue(
        primary,
        `select from pg_stat_replication where application_name = '${standby.name}' and flush_lsn >= pg_current_wal_flush_lsn()`,
      ),
    async stop() {
      await servers.close()
      await wire.close()
    },
  }
}

/** Which standby its commits wait for; `*`: any; empty: none. */
const waitFor = (server: InstalledServer, names: string) =>
  ask(server, `alter system set synchronous_standby_names = '${names}'`, 'select pg_reload_conf()')
