// node tools/bootstrap/main.mjs tools/image-steps.ts
// Runs the steps of the Dockerfile and the commands of compose.yaml without Docker, in a temporary folder.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, matchesGlob, relative, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres/postgres.ts'
import { describeEnding, type SupervisedProcess, startSupervised } from './supervise/supervised-process.ts'

type Variables = Record<string, string>
type Image = { folder: string; variables: Variables; healthCheck: string[] }
type Service = { command: string[]; variables: Variables }

const project = resolve(import.meta.dirname, '..')
const healthyWithinMs = 60_000
/** The user `node` of the official image has these numbers. A process that is not root's runs as its own user. */
const imageUser = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {}
const [dockerfile, compose, ignore] = (await Promise.all(
  ['Dockerfile', 'compose.yaml', '.dockerignore'].map((name) => readFile(join(project, name), 'utf8')),
)) as [string, string, string]
const ignored = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
const systemPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.startsWith(project))
  .join(delimiter)

const root = await mkdtemp(join(tmpdir(), 'partner-tokens-image-'))
let database: EmbeddedPostgres | undefined
const running = new Map<string, SupervisedProcess>()
try {
  await chmod(root, 0o755)
  const image = await buildImage()
  database = await startEmbeddedPostgres({ dataDir: join(root, 'database'), durability: 'throwaway' })
  await runProduct(image, database)
  console.log('\nAll steps passed. The image itself was not built.')
} finally {
  for (const { stop } of running.values()) await stop()
  await database?.stop()
  await rm(root, { recursive: true, force: true })
}

/** Every stage is built at the same path, as in Docker, and put aside when it is done. The last one stays there. */
async function buildImage(): Promise<Image> {
  const folder = join(root, 'app')
  const context = join(root, 'context')
  const stages = new Map<string, { folder: string; variables: Variables }>()
  let stage = ''
  let variables: Variables = {}
  let healthCheck: string[] = []
  await cp(project, context, { recursive: true, filter: (file) => !isIgnored(relative(project, file)) })

  const putAside = async () => {
    const aside = { folder: join(root, `stage-${stages.size}`), variables }
    await rename(folder, aside.folder)
    stages.set(stage, aside)
  }
  for (const line of dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')) {
    const [, instruction = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
    if (instruction) console.log(`\n${line}`)
    switch (instruction) {
      case '':
      case 'EXPOSE':
      case 'USER':
      case 'CMD':
        break
      case 'FROM': {
        if (variables.PATH) await putAside()
        const [from = '', name = 'the image'] = rest.split(' AS ')
        const base = stages.get(from)
        stage = name
        variables = { ...(base?.variables ?? { PATH: systemPath }) }
        if (base) await cp(base.folder, folder, { recursive: true, verbatimSymlinks: true })
        else await mkdir(folder)
        break
      }
      case 'WORKDIR':
        if (rest !== '/app') throw new Error(`This script knows /app only, not ${rest}.`)
        break
      case 'ENV':
        for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g))
          variables[name] = value.replace('/app/', `${folder}/`).replace('$PATH', variables.PATH ?? '')
        break
      case 'COPY': {
        const [, from, words = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(rest) ?? []
        const sources = words.split(' ')
        const target = sources.pop() as string
        for (const source of sources) {
          const path = from
            ? join(stages.get(from)?.folder ?? '', relative('/app', resolve('/app', source)))
            : join(context, source)
          const to = sources.length > 1 ? join(folder, target, source) : join(folder, target)
          await cp(path, to, { recursive: true, verbatimSymlinks: true })
        }
        break
      }
      case 'RUN':
        runStep(rest, { cwd: folder, variables })
        break
      case 'HEALTHCHECK':
        healthCheck = JSON.parse(rest.slice(rest.indexOf('CMD') + 3))
        break
      default:
        throw new Error(`This script does not know the Dockerfile's ${instruction}.`)
    }
  }
  return { folder, variables, healthCheck }
}

function isIgnored(path: string) {
  return path !== '' && ignored.some((pattern) => matchesGlob(path, pattern))
}

/** npm finds its settings in the environment of whoever runs this, but not those of this script's own npm. */
function runStep(command: string, { cwd, variables }: { cwd: string; variables: Variables }) {
  const { NODE_ENV: _, ...inherited } = process.env
  const { status } = spawnSync('sh', ['-c', command], {
    cwd,
    env: { ...inherited, ...variables } as NodeJS.ProcessEnv,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`It ended with ${status}: ${command}`)
}

async function runProduct(image: Image, { ownerUrl, appUrl }: EmbeddedPostgres) {
  const ports = { web: await freePort(), gateway: await freePort(), worker: await freePort() }
  const portVariables = { web: 'PORT', gateway: 'GATEWAY_PORT', worker: 'WORKER_METRICS_PORT' }
  // The file .env of docs/operating.md. The passwords stand in addresses that are replaced below.
  const settings = {
    NEXTAUTH_URL: `http://127.0.0.1:${ports.web}`,
    NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS: `first:${randomBytes(32).toString('base64')}`,
    TOKENS_OWNER_PASSWORD: 'unused',
    TOKENS_WEB_PASSWORD: 'unused',
  }
  const environmentOf = ({ variables }: Service): Variables => ({
    ...image.variables,
    ...variables,
    // This machine is no container: nobody else gets at it.
    HOST: '127.0.0.1',
    DATABASE_URL: appUrl,
    ...('DATABASE_OWNER_URL' in variables && { DATABASE_OWNER_URL: ownerUrl }),
  })
  const options = (env: Variables) =>
    ({ cwd: image.folder, env: env as NodeJS.ProcessEnv, stdio: 'inherit', ...imageUser }) as const
  const start = ([program = '', ...args]: string[], env: Variables) =>
    startSupervised(program, args, options(env))

  console.log('\nmigrate')
  const migrate = readService('migrate', settings)
  const migrated = await start(migrate.command, environmentOf(migrate)).exited
  if (migrated.code !== 0) throw new Error(`migrate ${describeEnding(migrated)}.`)

  const names = ['web', 'gateway', 'worker'] as const
  const healthUrls = new Map<string, Variables>()
  for (const name of names) {
    const service = readService(name, settings)
    const env = environmentOf(service)
    const healthUrl = new URL(env.HEALTH_URL ?? '')
    healthUrl.port = `${ports[name]}`
    const own = { ...env, [portVariables[name]]: `${ports[name]}`, HEALTH_URL: healthUrl.href }
    healthUrls.set(name, own)
    running.set(name, start(service.command, own))
  }
  for (const name of names) {
    const env = healthUrls.get(name) as Variables
    await untilHealthy(name, () => start(image.healthCheck, env).exited)
    const ready = await fetch(new URL('/readyz', env.HEALTH_URL))
    if (!ready.ok) throw new Error(`${name} is healthy, but /readyz answers ${ready.status}.`)
    console.log(`${name} is healthy and ready.`)
  }
  for (const name of names) {
    const { child, stop, exited } = running.get(name) as SupervisedProcess
    if (child.exitCode !== null) throw new Error(`${name} ended before it was asked to.`)
    await stop()
    const ending = await exited
    if (ending.code !== 0) throw new Error(`At SIGTERM ${name} ${describeEnding(ending)}.`)
    console.log(`${name} ended with code 0 at SIGTERM.`)
  }
}

/** Of compose.yaml as it is written here: a command on one line, variables that may come from the blocks at the top. */
function readService(name: string, settings: Variables): Service {
  const block = blockOf(`  ${name}:`)
  const [, command] = /^ +command: (\[.*\])$/m.exec(block) ?? []
  if (!command) throw new Error(`compose.yaml has no command of ${name}.`)
  const [, merged = ''] = /^ +environment:\n +<<: (.*)$/m.exec(block) ?? []
  const anchors = [...merged.matchAll(/\*(\w+)/g)].map(([, anchor]) => blockOf(`x-${anchor}: &${anchor}`))
  if (anchors.length === 0) throw new Error(`compose.yaml has no environment of ${name}.`)
  const lines = [...anchors, block].join('\n').matchAll(/^ +([A-Z][A-Z_]+): "?(.*?)"?$/gm)
  const variables = Object.fromEntries(
    [...lines].map(([, variable = '', value = '']) => [variable, fill(value, settings)]),
  )
  return { command: JSON.parse(command), variables }
}

/** The lines below `header` that are indented more than it. */
function blockOf(header: string) {
  const lines = compose.split('\n')
  const first = lines.indexOf(header) + 1
  if (first === 0) throw new Error(`compose.yaml has no line "${header}".`)
  const indent = header.search(/\S/)
  const after = lines.slice(first)
  const end = after.findIndex((line) => line !== '' && line.search(/\S/) <= indent)
  return after.slice(0, end === -1 ? undefined : end).join('\n')
}

function fill(text: string, settings: Variables) {
  return text.replace(/\$\{(\w+):([-?])(.*?)\}/g, (_, name, kind, fallback) => {
    const value = settings[name]
    if (value === undefined && kind === '?')
      throw new Error(`compose.yaml needs ${name}; this script does not set it.`)
    return value ?? fallback
  })
}

async function untilHealthy(name: string, check: () => SupervisedProcess['exited']) {
  const deadline = Date.now() + healthyWithinMs
  while ((await check()).code !== 0) {
    const { exitCode, signalCode } = running.get(name)?.child ?? {}
    if (exitCode !== null || signalCode !== null) throw new Error(`${name} ended before it was healthy.`)
    if (Date.now() > deadline) throw new Error(`${name} was not healthy within ${healthyWithinMs} ms.`)
    await pause(500)
  }
}

function freePort() {
  return new Promise<number>((found, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => found(port))
    })
  })
}
