import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfPlannedTokens } from '#db/queries/partners/partner-access.ts'
import {
  deleteReport,
  findLeakAnswer,
  insertReports,
  listLiveAmong,
  listNotedSince,
  listReportedTokens,
  lockNextReport,
  type ReportRow,
} from '#db/queries/tokens/leak-reports.ts'
import { insertPauses, listTokensToPause, type WrittenPause } from '#db/queries/tokens/pauses.ts'
import { insertRevocations } from '#db/queries/tokens/revocations.ts'
import { listOlderGateways } from '#db/queries/verification/gateway-processes.ts'
import { reportPauses } from '#db/revocation-reports.ts'
import { afterCommit } from '#db/transaction.ts'
import { recordAudit } from '../audit/record.ts'
import { oldGatewayGoneAfterMs } from '../cut-offs/limits.ts'
import { announce } from '../events/announce.ts'
import { keepProofOfPauses } from '../pauses/keep-proof.ts'
import { pauseLimits } from '../pauses/pause.ts'
import type { Database } from '../process/database.ts'
import { eachByItself } from '../process/each-by-itself.ts'
import { log } from '../process/log.ts'
import { proveRefusal } from '../proofs/ask.ts'
import { keepProof } from '../proofs/keep.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { notedAgainAfterHours, pauseDays } from './limits.ts'

type Reported = Awaited<ReturnType<typeof listReportedTokens>>[number]

/** What a report came to at one store. */
type Done = { revokedIds: string[]; pauses: WrittenPause[]; confirmedAt: number }

/** Proofs that are waited for at the same time. */
const proofsAtOnce = 10

/**
 * Acts on reports of leaks, the oldest first: each token of theirs that lives is revoked or paused, as its store has chosen, and both
 * sides are notified. Each step is one transaction: killed at any point, nothing is lost or done twice. Any number of processes share them. One
 * that fails holds up no other, and is left for the next time.
 * @returns how many reports were looked into.
 * @throws when all others are done: which report failed, the first of them, and with what.
 */
export async function actOnReports({ db, signal }: { db: Database; signal?: AbortSignal }): Promise<number> {
  const proofs = new Set<Promise<void>>()
  const what = (id: string) => `the report of a leak ${id} could not be acted on`
  try {
    return await eachByItself(db, { what, signal }, async (tx, { besides, onFound }) => {
      if (proofs.size >= proofsAtOnce) await Promise.race(proofs)
      const report = await lockNextReport(tx, besides)
      if (!report) return null
      onFound(report.id)
      const done = await actOn(tx, report)
      if (done && done.revokedIds.length + done.pauses.length > 0)
        afterCommit(() => {
          const proof = proved(done, db).finally(() => proofs.delete(proof))
          proofs.add(proof)
        })
      return 1
    })
  } finally {
    await Promise.all(proofs)
  }
}

async function actOn(tx: Queryable, report: ReportRow): Promise<Done | null> {
  await deleteReport(tx, report.id)
  const found = await listReportedTokens(tx, report)
  const byStore = Map.groupBy(found, ({ storeId }) => storeId)
  const [only, another] = byStore.values()
  if (!only) return null
  if (another) {
    // Each store by itself: what fails at one of them keeps no other waiting.
    await insertReports(
      tx,
      [...byStore.values()].map((ofStore) => ({
        ...report,
        id: uuidv7(),
        hashes: ofStore.map(({ hash }) => hash),
      })),
    )
    return null
  }
  return answerAtStore(tx, report, only)
}

async function answerAtStore(tx: Queryable, report: ReportRow, found: Reported[]): Promise<Done> {
  const [{ storeId }] = found as [Reported]
  const ids = found.map(({ id }) => id)
  await lockAccessOfPlannedTokens(tx, ids)
  const at = await currentTime(tx)
  const answer = await findLeakAnswer(tx, { storeId })
  const store = { side: 'merchant', storeId } as const
  const { source, foundAt, words } = report
  const details = {
    ...{ by: 'report', source, reportId: report.id },
    ...(foundAt && { foundAt }),
    ...(words && { words }),
  }
  const nobody = { userId: null, userName: null, userRole: null, address: null }
  const why = { reason: 'exposed', note: null, details } as const

  const { toPause, toLeave } = answer === 'pause' ? await dividedForPause(tx, store, ids, at) : noPause
  const pauses = await insertPauses(tx, store, {
    ...{ tokenIds: toPause, operationId: uuidv7(), reportId: report.id, at },
    ...{ endsAt: new Date(at.getTime() + pauseDays * dayMs), endsAs: 'revoked' },
    ...nobody,
    ...why,
  })
  if (pauses.length > 0)
    afterCommit(() =>
      reportPauses({
        ...{ pauses, begunAt: at, side: 'merchant', userId: null, endsAs: 'revoked', reason: 'exposed' },
      }),
    )
  const left = new Set([...toPause, ...toLeave])
  const revokedIds = await insertRevocations(tx, store, {
    ...{ tokenIds: ids.filter((id) => !left.has(id)), extent: 'chosen', at, siblingsUntil: undefined },
    ...{ side: 'public', ...nobody },
    ...why,
  })
  const changed = new Set([...revokedIds, ...pauses.map(({ tokenId }) => tokenId)])
  await noteUnchanged(
    tx,
    found.filter(({ id }) => !changed.has(id)),
    { at, details },
  )
  await recordAudit(tx, [
    {
      ...{ action: 'leak.reported', occurredAt: at, by: null, storeId, address: report.address },
      details: { ...details, tokens: `${found.length}` },
    },
  ])
  return { revokedIds, pauses, confirmedAt: performance.now() }
}

const noPause = { toPause: [], toLeave: [] }

/** What the store has paused already stays as it is. What cannot be paused, such as a token in its last minutes, is revoked. */
async function dividedForPause(
  tx: Queryable,
  store: { side: 'merchant'; storeId: string },
  tokenIds: string[],
  at: Date,
): Promise<{ toPause: string[]; toLeave: string[] }> {
  const older = await listOlderGateways(tx, { knowing: 'pauses', withinMs: oldGatewayGoneAfterMs })
  if (older.length > 0) throw new Error('a gateway of the version before, which knows no pauses, is alive')
  const judged = await listTokensToPause(tx, store, { tokenIds, at, limits: pauseLimits })
  const of = (wanted: (typeof judged)[number]['obstacle']) =>
    judged.flatMap(({ id, obstacle }) => (obstacle === wanted ? [id] : []))
  return { toPause: of(null), toLeave: of('paused') }
}

/**
 * Of tokens that had ended, and of those that the store had paused, the report is noted, once a day. Only of what may work again somebody is
 * notified.
 */
async function noteUnchanged(
  tx: Queryable,
  unchanged: Reported[],
  { at, details }: { at: Date; details: Record<string, string> },
): Promise<void> {
  const since = new Date(at.getTime() - notedAgainAfterHours * hourMs)
  const ids = unchanged.map(({ id }) => id)
  const [noted, live] = [await listNotedSince(tx, ids, since), await listLiveAmong(tx, ids)]
  const fresh = unchanged.filter(({ id }) => !noted.has(id))
  const factsOf = ({ id: tokenId, storeId, partnerId }: Reported) => ({
    ...{ occurredAt: at, tokenId, storeId, partnerId, by: null, details },
  })
  await recordAudit(
    tx,
    fresh.map((token) => ({ action: 'token.reported', ...factsOf(token) })),
  )
  await announce(
    tx,
    fresh.filter(({ id }) => live.has(id)).map((token) => ({ kind: 'token.reported', ...factsOf(token) })),
  )
}

/** The tokens are refused whatever becomes of this. */
async function proved({ revokedIds, pauses, confirmedAt }: Done, db: Database): Promise<void> {
  const tokenIds = [...revokedIds, ...pauses.map(({ tokenId }) => tokenId)]
  try {
    const proof = await proveRefusal({ tokenIds, confirmedAt }, { db })
    if (!proof) return
    if (proof.accepting.length > 0)
      log.error({ gateways: proof.accepting }, 'a gateway accepts a token that was reported as leaked')
    if (revokedIds.length > 0) await keepProof({ tokenIds: revokedIds, proof }, { db })
    if (pauses.length > 0) await keepProofOfPauses({ side: 'merchant', pauses, proof }, { db })
  } catch (error) {
    log.error({ err: error }, 'the refusal of tokens that were reported as leaked could not be proven')
  }
}
