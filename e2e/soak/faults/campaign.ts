import { randomInt } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from '#db/client.ts'
import { dataFolder } from '#db/embedded/launch/checkout.ts'
import { compare, type Finding } from './comparison.ts'
import { type Dice, rollDice } from './dice.ts'
import { type Fault, faults } from './faults.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { actAgainAndAgain, buildCast, callAgainAndAgain } from './people.ts'
import { settle, untilAllReady } from './recovery.ts'
import { buildStage, type Stage, startDatabaseOnOwnDisk } from './stage.ts'

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

await run()
// What a killed process left open holds nobody up.
process.exit()

/** Faults without end against every process, people and programs meanwhile, then the books. */
async function run() {
  console.log(`Fault campaign, seed ${plan.seed}: ${plan.faults} faults. Again: --seed ${plan.seed}`)
  const folder = join(dataFolder, 'fault-campaign')
  await rm(folder, { recursive: true, force: true })
  const stage = await buildStage(folder, startDatabaseOnOwnDisk)
  const owner = connect({
    url: stage.database.ownerUrl,
    applicationName: 'fault campaign',
    role: 'owner',
    queryTimeoutMs: 60_000,
  })
  try {
    await untilAllReady(stage)
    const cast = await buildCast(owner, stage)
    const ledger = openLedger()
    let isOver = false
    const until = { isOver: () => isOver, ledger, stage, cast }
    const dice = rollDice(plan.seed)
    const own = () => rollDice(dice.between(0, 2 ** 31))
    const mix = [
      ...cast.people.map((person) => actAgainAndAgain(person, { ...until, dice: own() })),
      ...stage.members
        .filter(({ kind }) => kind === 'gateway')
        .flatMap((gateway) => [1, 2].map(() => callAgainAndAgain(gateway, { ...until, dice: own() }))),
    ]
    const startedAt = performance.now()
    const counts = await disturb(stage, dice, startedAt)
    const disturbedMs = performance.now() - startedAt
    const recoveredMs = await untilAllReady(stage)
    isOver = true
    await Promise.all(mix)
    await settle(owner.$client)
    const findings = await compare(owner.$client, ledger, {
      mails: stage.mailServer.received,
      webhooks: stage.receiver.received,
    })
    report({ counts, disturbedMs, recoveredMs, ledger, findings, stage })
  } finally {
    await owner.$client.end()
    await stage.stop()
  }
}

/** A few at a time, each for a random while. */
async function disturb(stage: Stage, dice: Dice, startedAt: number): Promise<Map<string, number>> {
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

type Report = {
  counts: Map<string, number>
  disturbedMs: number
  recoveredMs: number
  ledger: Ledger
  findings: Finding[]
  stage: Stage
}

function report({ counts, disturbedMs, recoveredMs, ledger, findings, stage }: Report) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  console.log(
    `\n${total} faults in ${(disturbedMs / 1000).toFixed(0)} s, all ready ${(recoveredMs / 1000).toFixed(1)} s after the last`,
  )
  for (const [name, count] of [...counts].sort()) console.log(`  ${String(count).padStart(4)}  ${name}`)
  const { verdicts } = ledger
  console.log(
    `${ledger.revocations.asked} revocations asked for, ${ledger.confirmedIds().length} tokens confirmed; ` +
      `${[...ledger.renewals.values()].reduce((sum, { certain }) => sum + certain, 0)} renewals confirmed; ` +
      `calls: ${verdicts.accepted} accepted, ${verdicts.refused} refused, ${verdicts.unavailable} without a verdict; ` +
      `${stage.mailServer.received.length} mails and ${stage.receiver.received.length} webhooks came in`,
  )
  for (const { rule, found } of findings) {
    console.log(`${found.length === 0 ? '✓' : '✗'} ${rule}${found.length > 0 ? `: ${found.length}` : ''}`)
    for (const one of found.slice(0, 5)) console.log(`    ${one}`)
  }
  const failed = findings.filter(({ found }) => found.length > 0).length
  if (total < plan.faults) console.log(`✗ only ${total} of ${plan.faults} faults in the time`)
  console.log(`\n${findings.length - failed} passed, ${failed + (total < plan.faults ? 1 : 0)} failed`)
  process.exitCode = failed > 0 || total < plan.faults ? 1 : 0
}
