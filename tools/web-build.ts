import { createHash } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkoutFolder, dataFolder } from './checkout.ts'
import { waitForLock } from './supervise/lock.mjs'
import { describeEnding, startSupervised } from './supervise/supervised-process.ts'

const outputFolder = join(checkoutFolder, '.next')
const stampFile = join(outputFolder, 'built-from')

type BuildOptions = {
  /** `changed`: only when the sources are not those of the last build. */
  when: 'changed' | 'always'
  signal?: AbortSignal
  onProgress?: (doing: string) => void
}

/** Makes the production build of the web server. One at a time in a checkout; the others wait. */
export async function buildWeb({ when, signal, onProgress = () => {} }: BuildOptions) {
  await mkdir(dataFolder, { recursive: true })
  const lock = await waitForLock(join(dataFolder, 'build'), {
    onWait: () => onProgress('another build is running'),
  })
  try {
    const sources = await fingerprint()
    if (when === 'changed' && (await isBuiltFrom(sources))) return
    await rm(stampFile, { force: true })
    onProgress('next build')
    await runBuild(signal)
    await writeFile(stampFile, sources)
  } finally {
    await lock?.release()
  }
}

async function isBuiltFrom(sources: string) {
  const finished = await stat(join(outputFolder, 'BUILD_ID')).catch(() => undefined)
  return finished !== undefined && (await readFile(stampFile, 'utf8').catch(() => '')) === sources
}

async function runBuild(signal: AbortSignal | undefined) {
  const logFile = join(dataFolder, 'build.log')
  const log = openSync(logFile, 'w')
  const next = join(checkoutFolder, 'node_modules', 'next', 'dist', 'bin', 'next')
  const build = startSupervised(process.execPath, [next, 'build'], {
    cwd: checkoutFolder,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const abort = () => void build.stop()
  signal?.addEventListener('abort', abort, { once: true })
  const ending = await build.exited
  signal?.removeEventListener('abort', abort)
  signal?.throwIfAborted()
  if (ending.code !== 0) {
    throw new Error(`next build ${describeEnding(ending)}:\n${(await readFile(logFile, 'utf8')).trim()}`)
  }
}

const sourceFolders = ['app', 'components', 'lib', 'db', 'public']
const sourceFiles =
  /^(package|package-lock|tsconfig)\.json$|^(next|postcss)\.config\.|^(proxy|instrumentation(-client)?)\.ts$|^\.env(\.|$)/
const notBuilt = /\.test\.tsx?$|^db[\\/]migrations[\\/]/

/** Every file that goes into the build: its path from the folder of the checkout. */
export async function builtFiles(): Promise<string[]> {
  const files = (await readdir(checkoutFolder)).filter((name) => sourceFiles.test(name))
  for (const folder of sourceFolders) {
    const inside = await readdir(join(checkoutFolder, folder), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => [])
    for (const entry of inside) {
      const path = join(entry.parentPath, entry.name).slice(checkoutFolder.length)
      if (entry.isFile() && !notBuilt.test(path)) files.push(path)
    }
  }
  return files.sort()
}

/** Of the contents of every file that goes into the build. */
async function fingerprint() {
  const hash = createHash('sha256')
  for (const file of await builtFiles()) {
    hash.update(`${file}\0`).update(
      createHash('sha256')
        .update(await readFile(join(checkoutFolder, file)))
        .digest(),
    )
  }
  return hash.digest('hex')
}
