import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Inside node_modules: whoever removes that, or starts an installation that never ends, removes this too.
const stampOf = (root) => join(root, 'node_modules', '.installed-from')

/** True when node_modules holds, whole, what package-lock.json asks for on this machine. */
export function isInstalled(root) {
  const present = presentPackages(root)
  if (!present || !Object.keys(present).every((folder) => existsSync(join(root, folder, 'package.json'))))
    return false
  if (readText(stampOf(root)) === fingerprint(root)) return true
  // Installed by hand: npm's own record, which it writes last, tells.
  return Object.entries(lockedPackages(root)).every(([folder, locked]) =>
    present[folder] ? present[folder].version === locked.version : isNotForThisMachine(locked),
  )
}

/** Remembers that the installation for this package-lock.json came to its end. */
export function recordInstallation(root) {
  const print = fingerprint(root)
  if (readText(stampOf(root)) !== print) writeFileSync(stampOf(root), print)
}

function fingerprint(root) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}\n`
}

function presentPackages(root) {
  const record = readText(join(root, 'node_modules', '.package-lock.json'))
  try {
    return JSON.parse(record).packages
  } catch {
    return undefined
  }
}

function lockedPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.fromEntries(Object.entries(packages).filter(([folder]) => folder !== ''))
}

/** An optional package without a platform may be left out too: npm does where nothing present wants it. */
function isNotForThisMachine({ optional, os, cpu, libc }) {
  if (!optional) return false
  if (!os || !cpu) return true
  const isGlibc =
    process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime !== undefined
  const wrongLibc = libc !== undefined && !libc.includes(isGlibc ? 'glibc' : 'musl')
  return !os.includes(process.platform) || !cpu.includes(process.arch) || wrongLibc
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
