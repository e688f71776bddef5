import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../migrate.ts'
import { dataFolder } from '../launch/checkout.ts'
import { startEmbeddedPostgres } from '../postgres.ts'

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
