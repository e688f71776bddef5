import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '#db/client.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { isInstalled } from '#tools/bootstrap/installed.mjs'
import { checkoutFolder } from '#tools/checkout.ts'
import { type FilledDatabase, startBenchCluster } from './filled-databases.ts'
import { type Server, startServer } from './gateway/child.ts'
import { asked, authorization, client, contestant, openOutput } from './gateway/contestants.ts'
import { cpuTimeOfFamily, parentOf } from './gateway/cpu-time.ts'
import { type Credentials, writeCredentials } from './gateway/credentials.ts'
import { judgeFloods, measureFloods, tableOfFloods } from './gateway/floods.ts'
import { judgeRotation } from './gateway/judge.ts'
import { startLoad } from './gateway/load-process.ts'
import { fillApiKeys, fillOidcTokens } from './gateway/peers.ts'
import { hasPgbench, preparePgbench } from './gateway/pgbench.ts'
import { measureInRotation, tableOfRotation } from './gateway/rotation.ts'
import type { Contestant } from './gateway/sample.ts'
import { openResults } from './results.ts'

/**
 * The gateway against bare node:http, PostgreSQL itself and its peers; see README.md.
 * `node bench/gateway.ts [--connections 1,8,32,128] [--sizes 10,10000,1000000] [--rounds 10] [--seconds 1.5]
 *   [--only <parts of names>] [--profile <folder for the gateway's CPU profiles>] [--floods [--rates 1000,2000,4000,8000] [--good 2000]] [--no-results]`
 */

const connections = numbers('--connections', '1,8,32,128')
const sizes = numbers('--sizes', '10,10000,1000000')
const rounds = Number(argument('--rounds') ?? 10)
const seconds = Number(argument('--seconds') ?? 1.5)
const only = (argument('--only') ?? '').split(',')
/** Filling the peers' own tables is slow, and they are not asked how they grow. */
const largestOfPeers = 10_000

const peersFolder = join(checkoutFolder, 'bench/peers')
const arePeersInstalled = isInstalled(peersFolder)
const isOfFloods = process.argv.includes('--floods')
const results = openResults({ file: 'gateway', bench: isOfFloods ? 'floods' : 'gateway', rounds })
const folder = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
const servers: Server[] = []
process.once('SIGINT', () => process.exit(130))
const cluster = await startBenchCluster(folder, say)
const load = startLoad()
try {
  const databases = []
  for (const size of sizes) databases.push(await fill(size))
  say(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.versions.node}`)
  if (isOfFloods) {
    const { database, credentials } = databases.at(-1) as Awaited<ReturnType<typeof fill>>
    const { server: gateway } = await startGateway(database)
    const { server: elsewhere } = await startBare()
    const rates = numbers('--rates', '1000,2000,4000,8000')
    const goodRate = Number(argument('--good') ?? 2_000)
    const parts = { gateway, elsewhere, load, credentials, rates, goodRate }
    const rows = await measureFloods({ ...parts, rounds, seconds, folder, say })
    console.log(tableOfFloods(rows, { goodRate }))
    judgeFloods(rows, results)
  } else {
    const contestants = []
    for (const filled of databases) contestants.push(...(await contestantsOn(filled)))
    if (isWanted('bare')) contestants.unshift(await bare(databases[0]?.credentials.good as Credentials))
    const rows = await measureInRotation(contestants, { connections, rounds, seconds, say })
    console.log(tableOfRotation(rows))
    judgeRotation(rows, results)
  }
  await results.write()
  say(`load ${loadavg()[0]?.toFixed(2)} at the end`)
} finally {
  load.stop()
  for (const server of servers) await server.stop()
  await cluster.stop()
  await rm(folder, { recursive: true, force: true })
}

async function fill(size: number) {
  const texts: string[] = []
  const database = await cluster.fill('partner', size, (random) => {
    const minted = mintToken(random)
    texts.push(minted.text)
    return minted
  })
  const owner = ownerOf(database)
  await owner.$client.query(
    `insert into orders (store_id, number, placed_at, status, currency, ship_to, lines)
     select id, 1001, now(), 'OK', 'USD', 'Customer, 100 Harbor Street',
       '[{"code": "lamp-brass-01", "description": "Brass ship lamp", "quantity": 1, "unitPriceCents": 8900}]' from stores`,
  )
  await owner.$client.query('vacuum analyze orders')
  const minted = database.ids.map((id, n) => ({ id, text: texts[n] as string }))
  const credentials = await writeCredentials(owner, minted, folder, String(size))
  const { rows } = await owner.$client.query('select pg_backend_pid() as pid')
  const postmaster = parentOf(rows[0].pid)
  const databaseCpu = () => (postmaster === undefined ? undefined : cpuTimeOfFamily(postmaster))
  return { database, owner, credentials, databaseCpu }
}

async function contestantsOn({
  database,
  owner,
  credentials,
  databaseCpu,
}: Awaited<ReturnType<typeof fill>>) {
  const tokens = database.count
  const { good } = credentials
  const all: Contestant[] = []
  const common = { load, credentials: good, databaseCpu }
  if (isWanted('pgbench')) {
    await attempt('pgbench', () => {
      if (!hasPgbench()) throw new Error('not on this machine')
      return preparePgbench({ url: database.appUrl, tokens, good: good.tokens, folder, databaseCpu })
    })
  }
  if (isWanted('introspection') || isWanted('xml')) {
    const gateway = await startGateway(database)
    for (const name of ['introspection', 'xml'] as const) {
      if (isWanted(name))
        all.push(contestant({ name, tokens }, { ...common, ...gateway, asked: asked[name] }))
    }
  }
  if (isWanted('fastify')) {
    await attempt('fastify', async (name) => {
      mustBeInstalled()
      const env = { DATABASE_URL: database.appUrl, AUTHORIZATION: authorization }
      const peer = await start('../peers/fastify-pool.ts', tokens, env)
      return contestant({ name, tokens }, { ...common, ...peer, asked: asked.introspection })
    })
  }
  if (isWanted('oidc-provider') && tokens <= largestOfPeers) {
    await attempt('oidc-provider', async (name) => {
      await fillOidcTokens(owner, good.tokens, client.id)
      const env = { DATABASE_URL: database.ownerUrl, CLIENT: `${client.id}:${client.secret}` }
      const peer = await start('servers/oidc-provider.ts', tokens, env)
      return contestant({ name, tokens }, { ...common, ...peer, asked: asked.oidcProvider })
    })
  }
  if (isWanted('better-auth') && tokens <= largestOfPeers) {
    await attempt('better-auth', async (name) => {
      mustBeInstalled()
      const peer = await start('../peers/better-auth.ts', tokens, { DATABASE_URL: database.ownerUrl })
      await fillApiKeys(owner, good.tokens)
      return contestant({ name, tokens }, { ...common, ...peer, asked: asked.betterAuth })
    })
  }
  return all

  /** Who cannot even start takes part with that word. */
  async function attempt(name: string, prepare: (name: string) => Contestant | Promise<Contestant>) {
    try {
      all.push(await prepare(name))
    } catch (error) {
      all.push({ name, tokens, measure: () => Promise.reject(error) })
    }
  }
}

function mustBeInstalled() {
  if (!arePeersInstalled) throw new Error('not installed: npm ci --prefix bench/peers')
}

function startBare() {
  const answer = JSON.stringify({
    active: true,
    scope: 'order payment catalog',
    client_id: 'ypa-100000000000',
    partner_id: 'ypa-100000000000',
    store_id: 'yhst-10000000000000',
    exp: 1900000000,
    iat: 1800000000,
    jti: '0198c0de-0000-7000-8000-000000000001',
    token_type: 'partner_access_token',
  })
  return start('servers/bare.ts', 0, { ANSWER: answer })
}

async function bare(credentials: Credentials) {
  const peer = await startBare()
  const parts = { load, credentials, databaseCpu: () => undefined, asked: asked.introspection, ...peer }
  return contestant({ name: 'bare node:http', tokens: undefined }, parts)
}

/** The real process with its settings of production; its log goes to a file. */
function startGateway({ appUrl, count }: FilledDatabase) {
  return start('../../gateway/main.ts', count, {
    DATABASE_URL: appUrl,
    GATEWAY_PORT: String(20_000 + (process.pid % 10_000) + servers.length),
    INTROSPECTION_CLIENTS: `${client.id}:${client.secret}`,
  })
}

async function start(script: string, tokens: number, env: Record<string, string>) {
  const name = script.replaceAll(/[^a-z]+/g, '-')
  const { output, empty } = openOutput(folder, `${name}-${tokens}`)
  const profile = argument('--profile')
  const execArgv = profile && script.includes('gateway') ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
  const server = await startServer(script, { env, output, execArgv })
  servers.push(server)
  return { server, emptyLog: empty }
}

function ownerOf({ ownerUrl }: FilledDatabase) {
  return connect({
    url: ownerUrl,
    applicationName: 'bench',
    role: 'owner',
    maxConnections: 1,
    queryTimeoutMs: 600_000,
  })
}

function isWanted(name: string) {
  return only.some((part) => name.includes(part))
}

function say(line: string) {
  console.error(line)
}

function numbers(name: string, fallback: string): number[] {
  return (argument(name) ?? fallback).split(',').map(Number)
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
