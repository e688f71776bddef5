import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { dataFolder } from '#tools/checkout.ts'
import { buildWeb } from '#tools/web-build.ts'
import { rollDice } from './dice.ts'
import { type Fault, faults } from './faults.ts'
import { printFindings } from './findings.ts'
import { describeActs, perform } from './performance.ts'
import { type Stage, startDatabaseOnOwnDisk } from './stage.ts'

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(randomInt(2 ** 32)) },
    minutes: { type: 'string', default: '25' },
  },
})
const plan = {
  faults: Number(values.faults),
  seed: Number(values.seed),
  limitMs: Number(values.minutes) * 60_000,
}
const atOnce = 3

console.log(`Fault campaign, seed ${plan.seed}: ${plan.faults} faults. Again: --seed ${plan.seed}`)
await buildWeb({ when: 'changed' })
const dice = rollDice(plan.seed)
const { disturbed, disturbedMs, recoveredMs, ledger, findings, received } = await perform({
  folder: join(dataFolder, 'fault-campaign'),
  startDatabase: startDatabaseOnOwnDisk,
  dice,
  disturb: ({ stage }) => disturb(stage),
})
const total = [...disturbed.values()].reduce((sum, count) => sum + count, 0)
console.log(
  `\n${total} faults in ${(disturbedMs / 1000).toFixed(0)} s, all ready ${(recoveredMs / 1000).toFixed(1)} s after the last`,
)
for (const [name, count] of [...disturbed].sort()) console.log(`  ${String(count).padStart(4)}  ${name}`)
console.log(
  `${describeActs(ledger)}; ${received.mails.length} mails and ${received.webhooks.length} webhooks came in`,
)
const enough = total < plan.faults ? [`only ${total} of ${plan.faults} faults in the time`] : []
const contradicted = printFindings([...findings, { rule: 'all faults happened in the time', found: enough }])
// What a killed process left open holds nobody up.
process.exit(contradicted > 0 ? 1 : 0)

/** A few at a time, each for a random while. */
async function disturb(stage: Stage): Promise<Map<string, number>> {
  const startedAt = performance.now()
  const counts = new Map<string, number>()
  const bag = faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault))
  let left = plan.faults
  const next = (): { fault: Fault; lastsMs: number; restMs: number } | undefined => {
    if (left === 0 || performance.now() - startedAt > plan.limitMs) return undefined
    left -= 1
    if (left % 100 === 0) console.log(`  … ${plan.faults - left} faults`)
    return { fault: dice.one(bag), lastsMs: dice.between(50, 1_500), restMs: dice.between(50, 800) }
  }
  const oneAfterTheOther = async () => {
    for (let one = next(); one; one = next()) {
      const end = await one.fault.begin(stage, dice)
      await pause(one.lastsMs)
      await end()
      counts.set(one.fault.name, (counts.get(one.fault.name) ?? 0) + 1)
      await pause(one.restMs)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther))
  return counts
}
