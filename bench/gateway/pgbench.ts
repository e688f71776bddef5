import { spawn, spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lookUpSettings, lookUpStatement } from '#db/queries/verification/look-up-tokens.ts'
import { hashTokenText } from '#lib/tokens/model/secret.ts'
import { quantile } from '../statistics.ts'
import type { Contestant } from './sample.ts'

/** A script's parameter cannot change, and every connection prepares every script. */
const scriptCount = 4

export function hasPgbench(): boolean {
  return spawnSync('pgbench', ['--version']).status === 0
}

/** The gateway's look-up, prepared, one token a query, sent by pgbench: what PostgreSQL itself gives. */
export async function preparePgbench(options: {
  url: string
  tokens: number
  good: readonly string[]
  folder: string
  databaseCpu: () => number | undefined
}): Promise<Contestant> {
  const scripts = join(options.folder, `pgbench-${options.tokens}`)
  await mkdir(scripts)
  const step = Math.max(1, Math.floor(options.good.length / scriptCount))
  const chosen = options.good.filter((_, n) => n % step === 0).slice(0, scriptCount)
  const args: string[] = []
  for (const [n, token] of chosen.entries()) {
    const file = join(scripts, `${n}.sql`)
    await writeFile(file, `${lookUpStatement.replaceAll('$1', `:hashes${n}`).replace(/\s+/g, ' ')};\n`)
    args.push('-f', file, '-D', `hashes${n}={"\\\\x${hashTokenText(token).toString('hex')}"}`)
  }
  return {
    name: 'pgbench',
    tokens: options.tokens,
    // It connects anew for each window: of many connections that takes most of a second.
    connections: [1, 8],
    async measure({ connections, seconds }) {
      const logs = join(scripts, `log-${connections}`)
      const before = options.databaseCpu()
      const whole = Math.max(1, Math.round(seconds))
      const output = await run([
        ...['-n', '-M', 'prepared', '-c', String(connections), '-j', '1', '-T', String(whole)],
        ...['--log', `--log-prefix=${logs}`, '--sampling-rate=0.2', ...args, options.url],
      ])
      const after = options.databaseCpu()
      const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1])
      if (!(perSecond > 0) || /failed transactions: [1-9]/.test(output))
        throw new Error(`pgbench failed:\n${output}`)
      const latencies = await takeLatencies(scripts)
      return {
        perSecond,
        unavailable: 0,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
        serverCpu: undefined,
        databaseCpu:
          before === undefined || after === undefined ? undefined : (after - before) / (perSecond * whole),
      }
    },
  }
}

/** Of the log files, which are then removed; the third column is the time in microseconds. */
async function takeLatencies(folder: string): Promise<number[]> {
  const latencies: number[] = []
  for (const name of await readdir(folder)) {
    if (!name.startsWith('log-')) continue
    const text = await readFile(join(folder, name), 'utf8')
    for (const line of text.split('\n')) if (line) latencies.push(Number(line.split(' ')[2]))
    await rm(join(folder, name))
  }
  return latencies
}

function run(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // As the gateway's own connections plan.
    const settings = [...lookUpSettings.matchAll(/set (\w+) = (\w+)/g)].map(
      ([, name, value]) => `-c ${name}=${value}`,
    )
    const env = { ...process.env, PGOPTIONS: ['-c join_collapse_limit=1', ...settings].join(' ') }
    const child = spawn('pgbench', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
      })
    }
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(`pgbench:\n${output}`))))
  })
}
