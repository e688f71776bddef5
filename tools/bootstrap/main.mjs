// node tools/bootstrap/main.mjs <script> [arguments…]
// Installs what is missing, then runs the script with the pinned Node (docs/decisions/001-node-24-from-npm.md).
// Plain JavaScript on the machine's own Node, and nothing imported that has to be installed first.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { leash } from '../supervise/leash.mjs'
import { waitForLock } from '../supervise/lock.mjs'
import { isInstalled, recordInstallation } from './installed.mjs'
import { watchNpm } from './npm-watch.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const isWindows = process.platform === 'win32'
const pinnedNode = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node')
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The child that signals are passed on to. */
let running
let stopSignal
for (const signal of stopSignals) {
  process.on(signal, () => stop(signal))
}
watchNpm(() => stop('SIGTERM'))

const [script, ...args] = process.argv.slice(2)
try {
  refuseOldNode()
  if (!script) throw new Error('Usage: node tools/bootstrap/main.mjs <script> [arguments…]')
  await installOnce()
  process.exitCode = await run(pinnedNode, [resolve(root, script), ...args], { ipc: true })
} catch (error) {
  console.error(`\n${error.message}`)
  process.exitCode = 1
}
process.exit()

/** What a shell says of a program that a signal ended. */
function codeOf(signal) {
  return 128 + constants.signals[signal]
}

function stop(signal) {
  if (!running) process.exit(codeOf(signal))
  stopSignal = signal
  running.kill(signal)
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 9)) return
  throw new Error(`Node.js 20.9 or newer is needed to start; this is ${process.versions.node}.`)
}

async function installOnce() {
  mkdirSync(join(root, '.data'), { recursive: true })
  const lock = await waitForLock(join(root, '.data', 'install'), {
    onWait: () => console.log('Another start is installing the dependencies; waiting for it…'),
  })
  try {
    await install()
  } finally {
    await lock.release()
  }
}

async function install() {
  if (!isInstalled(root)) {
    console.log('Installing the dependencies (npm ci) …')
    // The environment or an npmrc may say otherwise: production, no optional packages.
    await npm(['ci', '--include=dev', '--include=optional'])
  }
  if (pinnedNodeVersion() !== wantedNodeVersion()) {
    console.log('Fetching the pinned Node.js (its install script was skipped) …')
    await npm(['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'])
  }
  if (pinnedNodeVersion() !== wantedNodeVersion()) {
    throw new Error(
      `The pinned Node.js ${wantedNodeVersion()} is not in node_modules, or does not run on this machine.\n` +
        'It comes with the npm package "node", whose install script must run: npm rebuild node --ignore-scripts=false',
    )
  }
  recordInstallation(root)
}

async function npm(args) {
  const startedAt = Date.now()
  const tell = () => console.log(`  … npm ${args[0]}, ${Math.round((Date.now() - startedAt) / 1000)} s`)
  // On a terminal npm moves something itself; in a log it says nothing until it has finished.
  const heartbeat = process.stdout.isTTY ? undefined : setInterval(tell, 10_000)
  const code = await run('npm', [...args, '--loglevel=error'], { ipc: false })
  clearInterval(heartbeat)
  if (code !== 0) throw new Error(`npm ${args[0]} failed (exit code ${code}); see its messages above.`)
}

function pinnedNodeVersion() {
  const { stdout } = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' })
  return stdout?.trim().replace(/^v/, '')
}

function wantedNodeVersion() {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages['node_modules/node']
    .version
}

/**
 * @param {{ ipc: boolean }} how with a channel the child learns at once that we are gone, and stops in order;
 *   without one it is ended.
 */
function run(program, args, { ipc }) {
  return new Promise((done, fail) => {
    if (stopSignal) return done(codeOf(stopSignal))
    const child = spawn(program, args, {
      cwd: root,
      detached: !ipc && !isWindows,
      env: { ...process.env, PATH: ipc ? pathWithPinned() : pathWithoutPinned() },
      shell: !ipc && isWindows,
      stdio: ipc ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    })
    if (!ipc) leash(child, { signal: 'KILL', ends: 'group' })
    running = child
    child.once('error', fail)
    child.once('exit', (code, signal) => {
      running = undefined
      done(code ?? codeOf(signal))
    })
  })
}

/** npm must not run on the very Node that it is about to replace. */
function pathWithoutPinned() {
  const ours = join(root, 'node_modules')
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(ours))
    .join(delimiter)
}

function pathWithPinned() {
  return [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
}
