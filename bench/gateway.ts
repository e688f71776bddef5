import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '#db/client.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { isInstalled } from '#tools/bootstrap/installed.mjs'
import { checkoutFolder } from '#tools/checkout.ts'
import { openWire, type Wire } from '#tools/wire.ts'
import { type FilledDatabase, startBenchCluster } from './filled-databases.ts'
import { type Server, startServer } from './gateway/child.ts'
import { asked, authorization, client, contestant, openOutput, orderAnswer } from './gateway/contestants.ts'
import { cpuTimeOfFamily, parentOf } from './gateway/cpu-time.ts'
import { type Credentials, writeCredentials, writeUnknown } from './gateway/credentials.ts'
import { judgeFloods, measureFloods, tableOfFloods } from './gateway/floods.ts'
import { judgeRotation } from './gateway/judge.ts'
import { startLoad } from './gateway/load-process.ts'
import { startAskingNginx, startPlainNginx } from './gateway/nginx.ts'
import { fillApiKeys, fillOidcTokens } from './gateway/peers.ts'
import { hasPgbench, preparePgbench } from './gateway/pgbench.ts'
import { measureInRotation, tableOfRotation } from './gateway/rotation.ts'
import { bareName, type Contestant } from './gateway/sample.ts'
import { measureSustained } from './gateway/sustained.ts'
import { openResults } from './results.ts'

/**
 * The gateway against bare node:http, PostgreSQL itself, its peers and bare proxies; see README.md.
 * `node bench/gateway.ts [--connections 1,32] [--sizes 10,10000,1000000] [--rounds 10] [--seconds 0.3]
 *   [--only <parts of names>] [--profile <folder for the gateway's CPU profiles>] [--floods [--rates 1000,2000,4000,8000] [--good 2000]] [--no-results]`
 */

const connections = numbers('--connections', '1,32')
const sizes = numbers('--sizes', '10,10000,1000000')
const rounds = Number(argument('--rounds') ?? 10)
const seconds = Number(argument('--seconds') ?? 0.3)
const only = (argument('--only') ?? '').split(',')
/** Filling the peers' own tables is slow, and they are not asked how they grow. */
const largestOfPeers = 10_000

const peersFolder = join(checkoutFolder, 'bench/peers')
const arePeersInstalled = isInstalled(peersFolder)
/** At one connection only what its rows are compared with. */
const manyConnections = connections.filter((count) => count > 1)
const sustainedSeconds = 6
const leaseMs = 1_000
const farAwayMs = 80

const isOfFloods = process.argv.includes('--floods')
const results = openResults({ file: 'door', bench: isOfFloods ? 'floods' : 'gateway', rounds })
const folder = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
const servers: Server[] = []
const wires: Wire[] = []
const stops: (() => Promise<void>)[] = []
process.once('SIGINT', () => process.exit(130))
const cluster = await startBenchCluster(folder, say)
const load = startLoad()
try {
  const databases = []
  for (const size of sizes) databases.push(await fill(size))
  say(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.versions.node}`)
  if (isOfFloods) {
    const { database, credentials } = databases.at(-1) as Filled
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
    const ofMiddle = databases.find(({ database }) => database.count === largestOfPeers) ?? databases.at(-1)
    contestants.push(...(await furtherOn(ofMiddle as Filled)))
    if (isWanted('bare')) contestants.unshift(await bare(databases[0]?.credentials.good as Credentials))
    const rows = await measureInRotation(contestants, { connections, rounds, seconds, say })
    if (isWanted('sustained')) rows.push(...(await sustainedOn(databases.at(-1) as Filled)))
    console.log(tableOfRotation(rows))
    judgeRotation(rows, results)
  }
  await results.write()
  say(`load ${loadavg()[0]?.toFixed(2)} at the end`)
} finally {
  load.stop()
  for (const stop of stops) await stop()
  for (const server of servers) await server.stop()
  for (const wire of wires) await wire.close()
  await cluster.stop()
  await rm(folder, { recursive: true, force: true })
}

type Filled = Awaited<ReturnType<typeof fill>>

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

/** Who cannot even start takes part with that word. */
function attempts(tokens: number | undefined) {
  const all: Contestant[] = []
  async function attempt(name: string, prepare: (name: string) => Contestant | Promise<Contestant>) {
    if (!isWanted(name)) return
    try {
      all.push(await prepare(name))
    } catch (error) {
      const failed = { name, tokens, connections: manyConnections }
      all.push({ ...failed, measure: () => Promise.reject(error) })
    }
  }
  return { all, attempt }
}

async function contestantsOn({ database, owner, credentials, databaseCpu }: Filled) {
  const tokens = database.count
  const { good } = credentials
  const common = { load, credentials: good, databaseCpu }
  const { all, attempt } = attempts(tokens)
  const gateway = once(() => startGateway(database))
  const leased = { GATEWAY_LEASES: String(leaseMs) }
  await attempt('introspection, leased', async (name) =>
    contestant(
      { name, tokens },
      {
        ...common,
        credentials: credentials.hot,
        ...(await startGateway(database, leased)),
        asked: asked.introspection,
      },
    ),
  )
  await attempt('introspection', async (name) =>
    contestant({ name, tokens }, { ...common, ...(await gateway()), asked: asked.introspection }),
  )
  await attempt('xml', async (name) =>
    contestant(
      { name, tokens, connections: manyConnections },
      { ...common, ...(await gateway()), asked: asked.xml },
    ),
  )
  await attempt('fastify', async (name) => {
    mustBeInstalled()
    const env = { DATABASE_URL: database.appUrl, AUTHORIZATION: authorization }
    const peer = await start('../peers/fastify-pool.ts', tokens, env)
    return contestant({ name, tokens }, { ...common, ...peer, asked: asked.introspection })
  })
  if (tokens > largestOfPeers) return all
  await attempt('oidc-provider', async (name) => {
    await fillOidcTokens(owner, good.tokens, client.id)
    const env = { DATABASE_URL: database.ownerUrl, CLIENT: `${client.id}:${client.secret}` }
    const peer = await start('servers/oidc-provider.ts', tokens, env)
    return contestant(
      { name, tokens, connections: manyConnections },
      { ...common, ...peer, asked: asked.oidcProvider },
    )
  })
  await attempt('better-auth', async (name) => {
    mustBeInstalled()
    const peer = await start('../peers/better-auth.ts', tokens, { DATABASE_URL: database.ownerUrl })
    await fillApiKeys(owner, good.tokens)
    return contestant(
      { name, tokens, connections: manyConnections },
      { ...common, ...peer, asked: asked.betterAuth },
    )
  })
  return all
}

/** What is asked of one size alone: PostgreSQL itself, refusals, and what is passed on to an engine or a service. */
async function furtherOn({ database, credentials, databaseCpu }: Filled) {
  const tokens = database.count
  const { good, revoked } = credentials
  const { all, attempt } = attempts(tokens)
  const common = { load, databaseCpu }
  const ofDatabase = { tokens, connections: manyConnections }
  const ofNone = { tokens: undefined, connections: manyConnections }
  await attempt('pgbench', () => {
    if (!hasPgbench()) throw new Error('not on this machine')
    return preparePgbench({ url: database.appUrl, tokens, good: good.tokens, folder, databaseCpu })
  })
  for (const [name, settings] of [
    ['introspection, leased, 80 ms away', { GATEWAY_LEASES: String(leaseMs) }],
    ['introspection, 80 ms away', {}],
  ] as const) {
    await attempt(name, async () =>
      contestant(
        { name, tokens },
        {
          ...common,
          credentials: credentials.hot,
          ...(await startFarGateway(database, settings)),
          asked: asked.introspection,
        },
      ),
    )
  }
  const engine = once(() => start('servers/bare.ts', 0, { ANSWER: orderAnswer, CONTENT_TYPE: 'text/xml' }))
  const refusing = once(() => startGateway(database))
  const proxying = once(async () =>
    startGateway(database, {
      STORE_ENGINE_URL: `http://127.0.0.1:${(await engine()).server.port}`,
      TRUSTED_PROXIES: '127.0.0.1',
    }),
  )
  for (const [name, refusedTokens] of [
    ['xml refused, revoked', revoked],
    ['xml refused, unknown', await writeUnknown(folder)],
  ] as const) {
    await attempt(name, async () =>
      contestant(
        { name, ...ofDatabase },
        { ...common, ...(await refusing()), credentials: refusedTokens, asked: asked.refusedXml },
      ),
    )
  }
  await attempt('xml forwarded', async (name) =>
    contestant(
      { name, ...ofDatabase },
      { ...common, ...(await proxying()), credentials: good, asked: asked.xml },
    ),
  )
  for (const by of ['node:http', 'undici']) {
    await attempt(`bare proxy by ${by}`, async (name) => {
      const env = { ENGINE_PORT: String((await engine()).server.port), CLIENT: by }
      const { server } = await start('servers/proxy.ts', 0, env)
      return contestant(
        { name, ...ofNone },
        { ...common, databaseCpu: () => undefined, server, credentials: good, asked: asked.xml },
      )
    })
  }
  await attempt('nginx with /authorize', async (name) => {
    const [gateway, service] = [(await proxying()).server.port, (await engine()).server.port]
    const server = await startAskingNginx({ gateway, service })
    stops.push(server.close)
    const parts = { ...common, server, serverCpu: () => undefined, credentials: good, asked: asked.service }
    return contestant({ name, ...ofDatabase }, parts)
  })
  await attempt('nginx alone', async (name) => {
    const server = await startPlainNginx({ service: (await engine()).server.port })
    stops.push(server.close)
    const parts = { load, server, serverCpu: () => undefined, databaseCpu: () => undefined }
    return contestant({ name, ...ofNone }, { ...parts, credentials: good, asked: asked.service })
  })
  return all
}

function sustainedOn({ database, credentials, databaseCpu }: Filled) {
  const metricsPort = portOf(servers.length + 1)
  return measureSustained({
    ...{ load, credentials: credentials.good, tokens: database.count, databaseCpu },
    seconds: sustainedSeconds,
    async start() {
      const { server } = await startGateway(database, { METRICS_PORT: String(metricsPort) })
      return { ...server, metricsPort }
    },
  })
}

/** Started with the first who needs it. */
function once<T>(begin: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined
  return () => {
    begun ??= begin()
    return begun
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
  return contestant({ name: bareName, tokens: undefined }, parts)
}

function portOf(place: number) {
  return 20_000 + (process.pid % 10_000) + place
}

/** The real process with its settings of production; its log goes to a file. */
function startGateway({ appUrl, count }: FilledDatabase, settings: Record<string, string> = {}) {
  return start('../../gateway/main.ts', count, {
    DATABASE_URL: appUrl,
    GATEWAY_PORT: String(portOf(servers.length)),
    INTROSPECTION_CLIENTS: `${client.id}:${client.secret}`,
    ...settings,
  })
}

/** As far from its database as another continent. */
async function startFarGateway(database: FilledDatabase, settings: Record<string, string>) {
  const wire = await openWire({ port: Number(new URL(database.appUrl).port) })
  wires.push(wire)
  wire.trouble({ delayMs: farAwayMs / 2 })
  const appUrl = Object.assign(new URL(database.appUrl), {
    hostname: '127.0.0.1',
    port: String(wire.port),
  }).href
  return startGateway({ ...database, appUrl }, settings)
}

async function start(script: string, tokens: number, env: Record<string, string>) {
  const name = script.replaceAll(/[^a-z]+/g, '-')
  const { output, empty } = openOutput(folder, `${name}-${tokens}-${servers.length}`)
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
