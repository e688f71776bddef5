import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { dataFolder } from '#tools/checkout.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import { addPlans, type Filled, fill } from './filling.ts'
import { migrateWith, type Release } from './releases.ts'

export type Urls = { ownerUrl: string; appUrl: string }

type Kept = { filled?: Filled; schemas: string[] }

/** A server whose filled databases are kept: filled once, in the oldest schema, and copied from schema to schema. */
export async function openTemplates(tokens: number) {
  const folder = join(dataFolder, 'upgrade')
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, `database-${tokens}`),
    settings: ['shared_buffers=512MB', 'maintenance_work_mem=128MB', 'max_wal_size=8GB'],
  })
  const keptFile = join(folder, `filled-${tokens}.json`)
  const kept: Kept = existsSync(keptFile) ? JSON.parse(await readFile(keptFile, 'utf8')) : { schemas: [] }
  const nameOf = (release: Release) => `schema_${release.name}`

  return {
    /** Makes the one of a release, where it is not there yet, from the one of the release `before`. */
    async make(release: Release, before?: Release) {
      if (kept.schemas.includes(release.name)) return
      const startedAt = performance.now()
      await drop(server, nameOf(release))
      const urls = await create(server, nameOf(release), before ? nameOf(before) : 'template1')
      await migrateWith(release, urls)
      await connected(urls.ownerUrl, async (owner) => {
        kept.filled ??= await fill(owner, tokens, () => open(urls.ownerUrl))
        if (release.worker) await addPlans(owner, tokens)
        await owner.query('vacuum analyze')
      })
      kept.schemas.push(release.name)
      await writeFile(keptFile, JSON.stringify(kept))
      console.log(`  ${tokens} tokens in the schema ${release.name}: made in ${seconds(startedAt)} s`)
    },
    /** A copy of the filled database of a release; there is one copy at a time. */
    async copy(release: Release): Promise<{ urls: Urls; filled: Filled }> {
      await drop(server, 'upgraded')
      const urls = await create(server, 'upgraded', nameOf(release))
      if (!kept.filled) throw new Error('Nothing is filled yet')
      return { urls, filled: kept.filled }
    },
    async stop() {
      await drop(server, 'upgraded')
      await server.stop()
    },
  }
}

export async function open(url: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

async function connected(url: string, work: (client: Client) => Promise<unknown>) {
  const client = await open(url)
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function create(server: EmbeddedPostgres, name: string, template: string): Promise<Urls> {
  await connected(server.ownerUrl, (client) =>
    client.query(`create database ${name} template ${template} strategy file_copy`),
  )
  const urlOf = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  return { ownerUrl: urlOf(server.ownerUrl), appUrl: urlOf(server.appUrl) }
}

const drop = (server: EmbeddedPostgres, name: string) =>
  connected(server.ownerUrl, (client) => client.query(`drop database if exists ${name} with (force)`))

export const seconds = (startedAt: number) => ((performance.now() - startedAt) / 1000).toFixed(1)
