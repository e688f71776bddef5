import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '#db/migrate.ts'
import { dataFolder } from '../checkout.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    clusterOwnerUrl: string
    clusterAppUrl: string
  }
}

/** One throw-away PostgreSQL for a test run; its own database, migrated once, is the template of every test's. */
export default async function startTestCluster(project: TestProject) {
  const cluster = await startEmbeddedPostgres({ dataDir: join(dataFolder, 'test'), durability: 'throwaway' })
  await migrate(cluster)
  project.provide('clusterOwnerUrl', cluster.ownerUrl)
  project.provide('clusterAppUrl', cluster.appUrl)
  return cluster.stop
}
