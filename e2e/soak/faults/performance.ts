import { rm } from 'node:fs/promises'
import { connect } from '#db/client.ts'
import { compare, type Finding } from './comparison.ts'
import { type Dice, rollDice } from './dice.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { actAgainAndAgain, buildCast, callAgainAndAgain } from './people.ts'
import { settle, untilAllReady, untilAllStarted } from './recovery.ts'
import { buildStage, type Stage, type StagedDatabase } from './stage.ts'

type Play<D extends StagedDatabase, T> = {
  /** Emptied before. */
  folder: string
  startDatabase: (folder: string) => Promise<D & { appUrl: string }>
  dice: Dice
  /** What goes wrong meanwhile. */
  disturb: (under: { stage: Stage<D>; ledger: Ledger }) => Promise<T>
}

/** People and programs act while things go wrong; when all is well again the record is compared with what they were answered. */
export async function perform<D extends StagedDatabase, T>({
  folder,
  startDatabase,
  dice,
  disturb,
}: Play<D, T>) {
  await rm(folder, { recursive: true, force: true })
  const stage = await buildStage(folder, startDatabase)
  const owner = connect({
    url: stage.database.ownerUrl,
    applicationName: 'campaign',
    role: 'owner',
    queryTimeoutMs: 60_000,
  })
  let isOver = false
  try {
    await untilAllStarted(stage)
    const cast = await buildCast(owner, stage)
    const ledger = openLedger()
    const own = () => ({
      stage,
      cast,
      ledger,
      isOver: () => isOver,
      dice: rollDice(dice.between(0, 2 ** 31)),
    })
    const gateways = stage.members.filter(({ kind }) => kind === 'gateway')
    const acting = [
      ...cast.people.map((person) => actAgainAndAgain(person, own())),
      ...gateways.flatMap((gateway) => [1, 2].map(() => callAgainAndAgain(gateway, own()))),
    ]
    const startedAt = performance.now()
    const disturbed = await disturb({ stage, ledger })
    const disturbedMs = performance.now() - startedAt
    const recoveredMs = await untilAllReady(stage)
    isOver = true
    await Promise.all(acting)
    await settle(owner.$client)
    const received = { mails: stage.mailServer.received, webhooks: stage.receiver.received }
    const findings: Finding[] = [
      ...(await compare(owner.$client, ledger, received)),
      { rule: 'people and programs did enough to tell', found: tooLittle(ledger) },
    ]
    return { disturbed, disturbedMs, recoveredMs, ledger, findings, received }
  } finally {
    isOver = true
    await owner.$client.end()
    await stage.stop()
  }
}

/** Where nothing was revoked, nothing could be lost. */
function tooLittle(ledger: Ledger): string[] {
  const confirmed = ledger.confirmedIds().length
  return confirmed > 0 && ledger.verdicts.refused > 0 ? [] : [describeActs(ledger)]
}

/** What people and programs did, in a line. */
export function describeActs(ledger: Ledger): string {
  const { verdicts, revocations, renewals } = ledger
  const renewed = [...renewals.values()].reduce((sum, { certain }) => sum + certain, 0)
  return (
    `${revocations.asked} revocations asked for, ${ledger.confirmedIds().length} tokens confirmed; ${renewed} renewals confirmed; ` +
    `calls: ${verdicts.accepted} accepted, ${verdicts.refused} refused, ${verdicts.unavailable} without a verdict`
  )
}
