import { setPriority } from 'node:os'
import { join } from 'node:path'
import { isInstalled } from '../bootstrap/installed.mjs'
import { checkoutFolder } from '../checkout.ts'
import { listenForStop } from '../supervise/stop-request.ts'
import { startSupervised } from '../supervise/supervised-process.ts'

/** `npm run test:mutation`: all rules of stryker.config.json, or the files that are named behind `--`. */
const folder = join(checkoutFolder, 'tools/mutation')
const files = process.argv.slice(2)
const request = listenForStop()

if (!isInstalled(folder)) {
  console.error('Stryker is not installed. Install it with: npm ci --prefix tools/mutation')
  process.exit(1)
}
// It works for a long time with all that it gets.
setPriority(10)
const stryker = startSupervised(
  process.execPath,
  [
    join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
    ...['run', join(folder, 'stryker.config.json')],
    ...(files.length > 0 ? ['--mutate', files.join(',')] : []),
  ],
  { cwd: checkoutFolder, env: process.env, stdio: ['ignore', 'inherit', 'inherit'] },
)
request.signal.addEventListener('abort', () => void stryker.stop(), { once: true })
const { code } = await stryker.exited
process.exit(request.exitCode() ?? code ?? 1)
