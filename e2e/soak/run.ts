import { join } from 'node:path'
import { checkoutFolder } from '#tools/checkout.ts'
import { listenForStop } from '#tools/supervise/stop-request.ts'
import { startSupervised } from '#tools/supervise/supervised-process.ts'

/** `npm run test:soak`, all of it, or only what is named: `npm run test:soak -- lives upgrade`. */
const campaigns: Record<string, string[]> = {
  faults: [join(checkoutFolder, 'e2e/soak/faults/campaign.ts')],
  'fail-over': [join(checkoutFolder, 'e2e/soak/fail-over/fail-over.ts')],
  upgrade: [join(checkoutFolder, 'e2e/soak/upgrade/upgrade.ts')],
  migrations: integrationTest('e2e/database/upgrade.integration.test.ts'),
  lives: integrationTest('lib/tokens/life-of-tokens.integration.test.ts'),
  processes: integrationTest('gateway/processes.integration.test.ts'),
  'cut-offs': integrationTest('gateway/cut-off-strictness.integration.test.ts'),
}

const request = listenForStop()
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in campaigns))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(campaigns).join(', ')}`)
  process.exit(1)
}
const failed: string[] = []
const chosen = asked.length > 0 ? asked : Object.keys(campaigns)
for (const name of chosen) {
  console.log(`\n▶ ${name}`)
  if (!(await succeeds(campaigns[name] ?? []))) failed.push(name)
  if (request.signal.aborted) process.exit(request.exitCode())
}
console.log(
  `\n${chosen.length - failed.length} passed, ${failed.length} failed ${failed.join(', ')}`.trimEnd(),
)
process.exit(failed.length === 0 ? 0 : 1)

function integrationTest(file: string) {
  return [join(checkoutFolder, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'integration', file]
}

async function succeeds(program: string[]) {
  const running = startSupervised(process.execPath, program, {
    cwd: checkoutFolder,
    env: { ...process.env, SOAK: '1', UPGRADE_TOKENS: process.env.UPGRADE_TOKENS ?? '1000000' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const stop = () => void running.stop()
  request.signal.addEventListener('abort', stop, { once: true })
  const { code } = await running.exited
  request.signal.removeEventListener('abort', stop)
  return code === 0
}
