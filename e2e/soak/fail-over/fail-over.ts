import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from '#db/client.ts'
import { dataFolder } from '#db/embedded/launch/checkout.ts'
import { compare, type Finding } from '../faults/comparison.ts'
import { rollDice } from '../faults/dice.ts'
import { openLedger } from '../faults/ledger.ts'
import { actAgainAndAgain, buildCast, callAgainAndAgain } from '../faults/people.ts'
import { settle, untilAllReady } from '../faults/recovery.ts'
import { buildStage } from '../faults/stage.ts'
import { startPair } from './pair.ts'

const { values } = parseArgs({ options: { times: { type: 'string', default: '5' } } })
const times = Number(values.times)
const betweenMs = 8_000

/** The primary dies again and again, with calls and revocations under way; the synchronous standby takes over. */
const folder = join(dataFolder, 'fail-over')
await rm(folder, { recursive: true, force: true })
const stage = await buildStage(folder, startPair)
const owner = connect({
  url: stage.database.ownerUrl,
  applicationName: 'fail-over',
  role: 'owner',
  queryTimeoutMs: 60_000,
})
try {
  await untilAllReady(stage)
  const pids = stage.members.map((member) => member.pid())
  const cast = await buildCast(owner, stage)
  const ledger = openLedger()
  let isOver = false
  const mix = { stage, cast, ledger, isOver: () => isOver }
  const people = cast.people.map((person, n) => actAgainAndAgain(person, { ...mix, dice: rollDice(n) }))
  const programs = stage.members
    .filter(({ kind }) => kind === 'gateway')
    .flatMap((gateway, g) =>
      [1, 2].map((n) => callAgainAndAgain(gateway, { ...mix, dice: rollDice(100 + 10 * g + n) })),
    )
  const downs: number[] = []
  const readies: number[] = []
  for (let n = 1; n <= times; n++) {
    await pause(betweenMs)
    const { downMs } = await stage.database.failOver()
    downs.push(downMs)
    readies.push(await untilAllReady(stage))
    console.log(`fail-over ${n}: ${downMs.toFixed(0)} ms without a primary`)
  }
  await pause(betweenMs)
  isOver = true
  await Promise.all([...people, ...programs])
  await settle(owner.$client)
  const findings: Finding[] = [
    ...(await compare(owner.$client, ledger, {
      mails: stage.mailServer.received,
      webhooks: stage.receiver.received,
    })),
    {
      rule: 'every process recovered without a restart',
      found: stage.members.flatMap((member, n) => (member.pid() === pids[n] ? [] : [member.name])),
    },
  ]
  const { verdicts } = ledger
  console.log(
    `\n${times} fail-overs; without a primary ${downs.map((ms) => ms.toFixed(0)).join(', ')} ms; ` +
      `all ready after ${readies.map((ms) => ms.toFixed(0)).join(', ')} ms; ${ledger.confirmedIds().length} tokens confirmed; ` +
      `calls: ${verdicts.accepted} accepted, ${verdicts.refused} refused, ${verdicts.unavailable} without a verdict`,
  )
  for (const { rule, found } of findings) {
    console.log(`${found.length === 0 ? '✓' : '✗'} ${rule}${found.length > 0 ? `: ${found.length}` : ''}`)
    for (const one of found.slice(0, 5)) console.log(`    ${one}`)
  }
  const failed = findings.filter(({ found }) => found.length > 0).length
  console.log(`\n${findings.length - failed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
} finally {
  await owner.$client.end()
  await stage.stop()
}
// What a killed process left open holds nobody up.
process.exit()
