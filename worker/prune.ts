import { currentTime } from '#db/queries/current-time.ts'
import { deleteAccountNoticesBefore } from '#db/queries/notifications/account-notices.ts'
import { deleteEventsDispatchedBefore } from '#db/queries/notifications/events.ts'
import { deleteMailsBefore } from '#db/queries/notifications/mails.ts'
import { deleteNoticesBefore } from '#db/queries/notifications/notices.ts'
import { deleteDeliveriesBefore } from '#db/queries/notifications/webhook-deliveries.ts'
import { deleteExpiredSteps } from '#db/queries/people/factors.ts'
import { deleteKeptAnswersBefore } from '#db/queries/people/idempotent-requests.ts'
import { deleteResetsBefore } from '#db/queries/people/password-resets.ts'
import { deleteSessionsBefore } from '#db/queries/people/sessions.ts'
import { deleteFrozenIds, deleteUnconfirmedPlans } from '#db/queries/plans/bulk-plan-books.ts'
import { deleteCountersExpiredBefore } from '#db/queries/rate-limit-counters.ts'
import { findKeptHours } from '#db/queries/tokens/found-tokens.ts'
import { deleteReportsBefore } from '#db/queries/tokens/leak-reports.ts'
import { deleteFindsBefore } from '#db/queries/tokens/token-finds.ts'
import { pruneCanaryRuns } from '#db/queries/verification/canary-runs.ts'
import { keptAnswerHours } from '#lib/credentials/limits.ts'
import { reportKeptDays } from '#lib/leaks/limits.ts'
import { confirmWithinMs } from '#lib/plans/limits.ts'
import type { Database } from '#lib/process/database.ts'
import { dayMs, hourMs } from '#lib/time/units.ts'
import { deliveriesKeptDays } from '#lib/webhooks/limits.ts'
import { pruneInChunks } from './prune-in-chunks.ts'

/** Longer than any reminder is due: an event is also the memory that a reminder was sent. */
const eventsKeptDays = 120
const noticesKeptDays = 365
const mailsKeptDays = 90
/** A mailed address sets a password for an hour. */
const resetsKeptDays = 1
/** Since a session ended or expired. Nobody reads it any more; the audit record has the sign-in for ever. */
const sessionsKeptDays = 30
/** A counter whose window is over counts from nothing; a process whose clock is late may still read it. */
const countersKeptHours = 1
/** Which tokens a plan was about, after it was done, cancelled or stopped; the audit record of each token has it for ever. */
const frozenIdsKeptDays = 90
/** A plan that nobody confirmed: whoever comes back to it reads that. */
const unconfirmedKeptDays = 30
const rowsAtOnce = 1_000
/** The figure is of so many days. */
const canaryKeptDays = 30
/** They are small. */
const idsAtOnce = 10_000

type PruneTools = { db: Database; signal: AbortSignal }

/**
 * Deletes what nobody needs any more, in small steps: dispatched events, old notices, read or not, old mails, old webhook
 * deliveries, sessions that are over, what set a new password, counters whose window is over, what people found in texts, reports of leaks that nothing came of, answers that programs may ask for again, what the canary measured, and the ids of plans. docs/operating.md says how long each is kept.
 */
export async function pruneOldRows({ db, signal }: PruneTools): Promise<void> {
  const now = await currentTime(db)
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs)
  const steps = [
    () => deleteEventsDispatchedBefore(db, daysAgo(eventsKeptDays), rowsAtOnce),
    () => deleteNoticesBefore(db, daysAgo(noticesKeptDays), rowsAtOnce),
    () => deleteAccountNoticesBefore(db, daysAgo(noticesKeptDays), rowsAtOnce),
    () => deleteSessionsBefore(db, daysAgo(sessionsKeptDays), rowsAtOnce),
    () => deleteMailsBefore(db, daysAgo(mailsKeptDays), rowsAtOnce),
    () => deleteResetsBefore(db, daysAgo(resetsKeptDays), rowsAtOnce),
    () => deleteExpiredSteps(db, now, rowsAtOnce),
    () => deleteCountersExpiredBefore(db, daysAgo(countersKeptHours / 24), rowsAtOnce),
    () => deleteDeliveriesBefore(db, daysAgo(deliveriesKeptDays), rowsAtOnce),
    () => deleteFindsBefore(db, daysAgo(findKeptHours / 24), rowsAtOnce),
    () => deleteReportsBefore(db, daysAgo(reportKeptDays), rowsAtOnce),
    () => pruneCanaryRuns(db, daysAgo(canaryKeptDays), rowsAtOnce),
    () => deleteKeptAnswersBefore(db, daysAgo(keptAnswerHours / 24), rowsAtOnce),
  ]
  await pruneInChunks(steps, { chunkRows: rowsAtOnce, signal })
  // A confirmation at the last moment still runs over the ids.
  const unconfirmedBefore = new Date(now.getTime() - confirmWithinMs - hourMs)
  await pruneInChunks(
    [() => deleteFrozenIds(db, { unconfirmedBefore, overBefore: daysAgo(frozenIdsKeptDays) }, idsAtOnce)],
    { chunkRows: idsAtOnce, signal },
  )
  await pruneInChunks([() => deleteUnconfirmedPlans(db, daysAgo(unconfirmedKeptDays), rowsAtOnce)], {
    chunkRows: rowsAtOnce,
    signal,
  })
}
