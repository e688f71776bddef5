import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkoutFolder, dataFolder } from '#tools/checkout.ts'
import { startSupervised } from '#tools/supervise/supervised-process.ts'

/** The last commit of each schema that processes of the product ran on before migrations stopped keeping calls waiting. */
export const releases = [
  { name: '0003', commit: '90fd712f6e100f95c40ca818ae632479d71c5409' },
  { name: '0005', commit: 'b12a40c2c456e5814f36895e13469865236d2be3' },
  { name: '0010', commit: 'fb50e21b40ec305dfc2eac9489860cd058da6f40' },
] as const

export type Release = { name: string; folder: string; worker: string | null }

export const today: Release = { name: 'today', folder: checkoutFolder, worker: 'worker/main.ts' }

/** Where a release keeps its worker: today's place, and the one before it. The oldest has none. */
const workers = ['worker/main.ts', 'lib/jobs/main.ts']

/** Its sources out of git, its packages, its build of the web server: made once, and kept beside this checkout's own data. */
export async function prepareRelease({ name, commit }: (typeof releases)[number]): Promise<Release> {
  const folder = join(dataFolder, 'upgrade', commit.slice(0, 7))
  const stamp = join(folder, 'prepared')
  if (!existsSync(stamp)) {
    console.log(`  the release of ${name} is built …`)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    const sources = spawnSync('sh', ['-c', `git archive ${commit} | tar -x -C '${folder}'`], {
      cwd: checkoutFolder,
      encoding: 'utf8',
    })
    if (sources.status !== 0 || !existsSync(join(folder, 'package.json')))
      throw new Error(`git has no ${commit}: a clone of the whole history is needed. ${sources.stderr}`)
    await run(folder, 'npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'])
    await run(folder, process.execPath, ['node_modules/next/dist/bin/next', 'build'])
    await writeFile(stamp, '')
  }
  return { name, folder, worker: workers.find((script) => existsSync(join(folder, script))) ?? null }
}

/** Brings the database to the newest schema that the release knows, as its operator does: `npm run db:migrate`. */
export function migrateWith(
  { folder }: Release,
  { ownerUrl, appUrl, onLine }: { ownerUrl: string; appUrl: string; onLine?: (line: string) => void },
) {
  const environment = { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl }
  return run(folder, process.execPath, ['db/migrate.ts'], { environment, onLine })
}

type Run = { environment?: Record<string, string>; onLine?: ((line: string) => void) | undefined }

/** Throws what it printed where it fails. */
async function run(folder: string, program: string, args: string[], { environment, onLine }: Run = {}) {
  const running = startSupervised(program, args, {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      NODE_ENV: 'production',
      // npm leaves the packages out that a build needs.
      npm_config_include: 'dev',
      NEXT_TELEMETRY_DISABLED: '1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let line = ''
  const { stdout, stderr } = running.child
  stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
    const lines = (line + chunk).split('\n')
    line = lines.pop() ?? ''
    for (const one of lines) onLine?.(one)
  })
  stderr?.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  const { code } = await running.exited
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} in ${folder} ended with ${code}:\n${said}`)
}
