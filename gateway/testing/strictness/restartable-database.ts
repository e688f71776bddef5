import { rm } from 'node:fs/promises'
import { migrate } from '#db/migrate.ts'
import {
  discardEmbeddedPostgres,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '#tools/embedded-postgres/postgres.ts'

/** `fast`: sessions are ended, then all is written; `immediate`: as in a crash, the next start recovers. */
export type StopMode = 'fast' | 'immediate'

/** A PostgreSQL of its own, migrated, which waits for its disk and comes back at the same address. */
export type RestartableDatabase = {
  ownerUrl: string
  appUrl: string
  stop(mode: StopMode): Promise<void>
  /** Answers once it takes connections. */
  start(): Promise<void>
  discard(): Promise<void>
}

export async function openRestartableDatabase(dataDir: string): Promise<RestartableDatabase> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, durability: 'safe' })
  const { ownerUrl, appUrl, port } = server
  await migrate({ ownerUrl, appUrl })
  return {
    ownerUrl,
    appUrl,
    async stop(mode) {
      if (mode === 'fast') return server.stop()
      process.kill(server.pid, 'SIGQUIT')
      await server.exited
    },
    async start() {
      server = await startEmbeddedPostgres({ dataDir, durability: 'safe', port })
    },
    async discard() {
      await server.stop()
      await discardEmbeddedPostgres(dataDir)
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
