import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import {
  type Cursor,
  type DueToken,
  listTextsExpiringIn,
  listTokensExpiringIn,
  listUnadoptedMadeIn,
  listUnadoptedOfEndingIn,
  onceKeyOf,
  type Window,
} from '#db/queries/notifications/reminders.ts'
import { announce, type EventKind } from '../../events/announce.ts'
import type { Database } from '../../process/database.ts'
import { dayMs } from '../../time/units.ts'
import { collectWithinDays } from '../../tokens/model/handover.ts'
import { expiryReminderDays } from '../limits.ts'

/** One operation: whoever has several of them gets one mail. As many as a removal revokes at once. */
const tokensAtOnce = 10_000
/** What fell due longer ago is not announced any more: a worker that was away for long does not flood people. */
const lateDays = 8
/** How long a token waits to be collected before somebody is notified; and again on its last day. */
const uncollectedDays = 7
/** How long a successor may stay unused before somebody is notified. */
const unadoptedDays = 7
/** Announced once more when the old token ends so soon; not in the first day of the successor. */
const unadoptedBeforeEndDays = 14

type Batch = { window: Window; key: string; now: Date; cursor: Cursor | null; limit: number }

type Reminder = {
  kind: EventKind
  key: string
  window: Window
  details?: Record<string, string>
  list: (tx: Queryable, batch: Batch) => Promise<DueToken[]>
}

type RemindTools = {
  db: Database
  signal: AbortSignal
  /** The database’s time by default. */
  now?: Date
  /** Only what fell due after this. By default: whatever is due. */
  since?: Date | undefined
}

/**
 * Puts reminders that are due into the outbox, each once: of tokens that expire or expired and that no successor in use
 * has taken over from, of texts that wait to be collected, of successors that nobody uses. Of several that fell due
 * meanwhile only the nearest is announced.
 * @returns how many reminders were written.
 */
export async function remind({ db, signal, now: asked, since }: RemindTools): Promise<number> {
  const now = asked ?? (await currentTime(db))
  let written = 0
  for (const reminder of since ? remindersSince(since, now) : remindersAt(now, dayMs)) {
    let cursor: Cursor | null = null
    do {
      cursor = await db.transaction(async (tx) => {
        const batch = { window: reminder.window, key: reminder.key, now, cursor, limit: tokensAtOnce }
        const due = await reminder.list(tx, batch)
        await announceDue(tx, reminder, due, now)
        written += due.length
        return due.length === tokensAtOnce ? (due.at(-1) ?? null) : null
      })
    } while (cursor !== null && !signal.aborted)
  }
  return written
}

/** A token that was being written meanwhile is seen by the next walk. */
const overlapMs = 5 * 60_000

/**
 * Two jobs. `remindOfDue`, of each minute, walks what fell due since this process did it last, however many tokens wait or were
 * reminded. `remindOfAll`, of each hour, walks all that is due: also what another event made due, such as the
 * revocation of a successor, and what no worker was there for.
 */
export function createReminders({ db, signal }: Pick<RemindTools, 'db' | 'signal'>) {
  let doneAt: Date | undefined

  return {
    async remindOfDue(): Promise<number> {
      const now = await currentTime(db)
      const since = doneAt && new Date(doneAt.getTime() - overlapMs)
      const written = await remind({ db, signal, now, since })
      doneAt = now
      return written
    },
    remindOfAll: () => remind({ db, signal }),
  }
}

async function announceDue(tx: Queryable, { kind, key, details }: Reminder, due: DueToken[], now: Date) {
  await announce(
    tx,
    due.map((token) => ({
      kind,
      occurredAt: now,
      storeId: token.storeId,
      partnerId: token.partnerId,
      tokenId: token.id,
      details: details || token.details ? { ...details, ...token.details } : null,
      onceKey: onceKeyOf(key, token.id),
      by: null,
    })),
  )
}

/** A process’s clock is nearer to the database’s than this; else the hour’s job finds the token. */
const clocksDifferMostlyByMs = 10 * 60_000

/** Each window without what was in it at `since` already. */
function remindersSince(since: Date, now: Date): Reminder[] {
  const before = remindersAt(since, clocksDifferMostlyByMs)
  return remindersAt(now, clocksDifferMostlyByMs).map((reminder, n) => {
    const { after, until } = reminder.window
    const walked = before[n]?.window.until ?? after
    return { ...reminder, window: { after: later(walked, after), until } }
  })
}

const later = (one: Date, other: Date) => new Date(Math.max(one.getTime(), other.getTime()))

function remindersAt(now: Date, clocksDifferByMs: number): Reminder[] {
  const inDays = (days: number) => new Date(now.getTime() + days * dayMs)
  const expiring = expiryReminderDays.map((days, n): Reminder => {
    const passed = Math.max(expiryReminderDays[n + 1] ?? 0, days - lateDays)
    return {
      kind: 'token.expiring',
      key: `token.expiring:${days}`,
      window: { after: passed === 0 ? now : endOfDay(inDays(passed)), until: endOfDay(inDays(days)) },
      details: { days: `${days}` },
      // Else it would be reminded as soon as it is made.
      list: (tx, batch) => listTokensExpiringIn(tx, { ...batch, days }),
    }
  })
  const made = { after: inDays(-unadoptedDays - lateDays), until: inDays(-unadoptedDays) }
  return [
    ...expiring,
    {
      kind: 'token.expired',
      key: 'token.expired',
      window: { after: inDays(-lateDays), until: now },
      list: (tx, batch) => listTokensExpiringIn(tx, { ...batch, days: 0 }),
    },
    {
      kind: 'token.not_collected',
      key: 'token.not_collected:waiting',
      window: { after: inDays(1), until: inDays(collectWithinDays - uncollectedDays) },
      // Partners on their way back into service are reminded sooner, of all their texts together (lib/back-in-service/remind.ts).
      list: (tx, batch) => listTextsExpiringIn(tx, { ...batch, of: 'no-campaign' }),
    },
    {
      kind: 'token.not_collected',
      key: 'token.not_collected:last-day',
      window: { after: now, until: inDays(1) },
      list: listTextsExpiringIn,
    },
    {
      kind: 'token.not_adopted',
      key: 'token.not_adopted:waiting',
      window: made,
      list: (tx, batch) =>
        listUnadoptedMadeIn(tx, {
          ...batch,
          clocksDifferByMs,
          oldWorksUntil: inDays(unadoptedBeforeEndDays),
        }),
    },
    {
      kind: 'token.not_adopted',
      key: 'token.not_adopted:old-expires',
      window: { after: now, until: inDays(unadoptedBeforeEndDays) },
      list: (tx, batch) => listUnadoptedOfEndingIn(tx, { ...batch, madeUntil: inDays(-1) }),
    },
  ]
}

/** The last millisecond of the day in UTC. */
const endOfDay = (at: Date) => new Date((Math.floor(at.getTime() / dayMs) + 1) * dayMs - 1)
