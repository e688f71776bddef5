import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { dataFolder } from '#tools/checkout.ts'
import type { Finding } from '../faults/comparison.ts'
import { rollDice } from '../faults/dice.ts'
import { printFindings } from '../faults/findings.ts'
import type { Ledger } from '../faults/ledger.ts'
import { call } from '../faults/people.ts'
import { describeActs, perform } from '../faults/performance.ts'
import { untilAllReady, untilNoneReady } from '../faults/recovery.ts'
import type { Stage } from '../faults/stage.ts'
import { type Pair, startPair } from './pair.ts'

const { values } = parseArgs({
  options: { times: { type: 'string', default: '6' }, seed: { type: 'string', default: '1' } },
})
const times = Number(values.times)
const betweenMs = 8_000
/** Longer than a commit waits for a standby that is away. */
const withoutStandbyMs = 6_000
/** Below the minute after which a primary drops a standby that hangs. */
const somebodyWithinMs = 40_000

type Seen = { downs: number[]; readies: number[]; problems: Finding[]; whileAlone: number[] }

/**
 * The primary dies again and again, with calls and revocations under way; the synchronous standby takes over. Alternating, the
 * new primary waits for no standby, or for one that is not there yet; before every third the standby hangs for a while.
 */
const { disturbed, ledger, findings } = await perform({
  folder: join(dataFolder, 'fail-over'),
  startDatabase: startPair,
  dice: rollDice(Number(values.seed)),
  disturb: failOverAgainAndAgain,
})
const list = (all: number[]) => all.map((ms) => ms.toFixed(0)).join(', ')
console.log(
  `\n${times} fail-overs; without a primary ${list(disturbed.downs)} ms; all ready after ${list(disturbed.readies)} ms; ` +
    `revocations of which was said that no standby has them: ${disturbed.whileAlone.join(', ')}; ${describeActs(ledger)}`,
)
const contradicted = printFindings([...findings, ...disturbed.problems])
// What a killed process left open holds nobody up.
process.exit(contradicted > 0 ? 1 : 0)

async function failOverAgainAndAgain({
  stage,
  ledger,
}: {
  stage: Stage<Pair>
  ledger: Ledger
}): Promise<Seen> {
  const pids = stage.members.map((member) => member.pid())
  const seen: Seen = { downs: [], readies: [], problems: [], whileAlone: [] }
  const accepted: string[] = []
  const silent: string[] = []
  const { database } = stage

  /** Until somebody was shown what is missing, and for a while: people go on meanwhile. */
  const withoutStandby = async (why: string) => {
    const before = ledger.revocations.onPrimaryOnly
    const reported = () => ledger.revocations.onPrimaryOnly - before
    const deadline = performance.now() + somebodyWithinMs
    await pause(withoutStandbyMs)
    while (reported() === 0 && performance.now() < deadline) await pause(200)
    const written = ledger.waitingForStandby()
    seen.whileAlone.push(reported())
    if (reported() === 0) silent.push(why)
    for (const gateway of stage.members.filter(({ kind }) => kind === 'gateway')) {
      for (const token of written)
        if ((await call(gateway, token, 'introspection')) === 'accepted') accepted.push(`${why}: ${token.id}`)
    }
  }
  const inStep = async () => {
    const written = ledger.waitingForStandby()
    await database.untilInStep()
    ledger.onStandby(written)
  }

  for (let n = 1; n <= times; n++) {
    await pause(betweenMs)
    if (n % 3 === 0) {
      const thaw = await database.freezeStandby()
      await withoutStandby('the standby hangs')
      await thaw()
    }
    await inStep()
    const diedAt = performance.now()
    await database.killPrimary()
    await untilNoneReady(stage)
    const names = n % 2 === 0 ? 'inherited' : 'cleared'
    await database.promote(names)
    seen.downs.push(performance.now() - diedAt)
    seen.readies.push(await untilAllReady(stage))
    if (names === 'inherited') await withoutStandby('the new primary waits for a standby')
    await database.addStandby()
    await inStep()
    console.log(`  … ${n} fail-overs, names ${names}`)
  }
  await pause(betweenMs)
  await inStep()
  seen.problems.push(
    {
      rule: 'every process recovered without a restart',
      found: stage.members.flatMap((member, n) => (member.pid() === pids[n] ? [] : [member.name])),
    },
    { rule: 'people learn that no standby has their revocation', found: silent },
    { rule: 'no call is accepted with what is written on the primary only', found: accepted },
  )
  return seen
}
