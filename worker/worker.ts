import type { Job, JobResult } from 'pg-boss'
import type { Logger } from 'pino'
import { type JobQueue, jobQueues, type RecurringQueue } from '#db/job-queues.ts'
import { listQueuesWithJobs } from '#db/queries/database/job-queues.ts'
import { type GivenUpMail, listUntriedMails, type SpentBody } from '#db/queries/notifications/mails.ts'
import { noteLateUses } from '#db/queries/tokens/walked-tokens.ts'
import { endOverdueCampaigns } from '#lib/back-in-service/end.ts'
import { followCampaigns } from '#lib/back-in-service/follow.ts'
import { reachStores } from '#lib/back-in-service/reach-stores.ts'
import { remindOfCampaigns } from '#lib/back-in-service/remind.ts'
import { eachMinute } from '#lib/canary/each-minute.ts'
import { runCanary } from '#lib/canary/run.ts'
import { remindOfCredentials } from '#lib/credentials/remind.ts'
import { writeCutOffBooks } from '#lib/cut-offs/write-books.ts'
import { reencrypt } from '#lib/encryption/reencrypt.ts'
import type { Network } from '#lib/http/networks.ts'
import { actOnReports } from '#lib/leaks/act-on-reports.ts'
import { dispatchEvents } from '#lib/notifications/dispatch-events.ts'
import { giveUpSpentMails } from '#lib/notifications/mails/give-up-mails.ts'
import { type Mailer, mailsAtOnce } from '#lib/notifications/mails/mailer.ts'
import { sendMail } from '#lib/notifications/mails/send-mail.ts'
import { createReminders } from '#lib/notifications/reminders/remind.ts'
import { createRetryDelays } from '#lib/notifications/retry-delays.ts'
import { copyNames } from '#lib/partners/copy-names.ts'
import { writeEndsOfPauses } from '#lib/pauses/write-ends.ts'
import { announceOverPauses } from '#lib/plans/announce-over.ts'
import { executePlans } from '#lib/plans/execute.ts'
import type { Database } from '#lib/process/database.ts'
import {
  divideFailures,
  type FailureLog,
  logDatabaseFailures,
  logFailures,
  logWarnings,
} from '#lib/process/failure-log.ts'
import type { Keyring } from '#lib/process/keyring.ts'
import type { NoteSigner } from '#lib/process/note-signers.ts'
import { repeat } from '#lib/process/repeat.ts'
import { appendToLog } from '#lib/receipts/append.ts'
import { createLogCheck, faultInWords } from '#lib/receipts/check.ts'
import type { LogCopy } from '#lib/receipts/copy.ts'
import { executeRetirements } from '#lib/tokens/execute-retirements.ts'
import { expireHandovers } from '#lib/tokens/expire-handovers.ts'
import { deliverWebhook, type GivenUpWebhook } from '#lib/webhooks/delivery/deliver.ts'
import { queueDueDeliveries } from '#lib/webhooks/delivery/queue-due.ts'
import { pruneOldRows } from './prune.ts'
import { pruneUsage } from './prune-usage.ts'
import { createBoss } from './queues.ts'

type WorkerOptions = {
  db: Database
  /** For what ends tokens or keeps their text; a commit there waits for a synchronous standby. */
  strictDb: Database
  /** As strict, and patient: for the books of cut-offs. */
  booksDb: Database
  /** For the canary alone, as strict: nobody's work delays what it measures. Without it there is none. */
  canaryDb?: Database
  /** Null: there is no mail server; mails wait. */
  mailer: Mailer | null
  sentBody: SpentBody
  keys: Keyring
  /** Of the log of revocations; none: nobody gets a receipt. */
  signers?: readonly NoteSigner[]
  /** Of that log, outside of the database; none: after a restore it cannot be brought back. */
  logCopy?: LogCopy | undefined
  baseUrl: string
  /** Private networks inside of which webhooks may be delivered. */
  networks: Network[]
  secret: string
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Where the process notes that its database is away; one of the worker's own by default. */
  database?: FailureLog | undefined
  onJob?: ((queue: JobQueue, outcome: 'done' | 'failed') => void) | undefined
  /** Called for each that is not tried again. */
  onGivenUp?: ((what: 'mail' | 'webhook') => void) | undefined
  /** Called each time that the whole log of revocations was held against the record, with how often they differed. */
  onLogChecked?: ((faults: number) => void) | undefined
}

export type Worker = {
  /** Whether the queue took what was due, within the last half minute. */
  isAtWork(): boolean
  /** Takes no further job, and finishes those under way, for `timeoutMs` at most. */
  stop(timeoutMs: number): Promise<void>
}

const lookEveryMs = 1_000
/** Two dozen take jobs: each would ask by itself, in vain nearly always. One look asks for all, and wakes those of a queue. */
const lookForJobsEveryMs = 500
/** Of each by itself, whatever a look may have missed. */
const polling = { pollingIntervalSeconds: 30 }
/** pg-boss looks after its jobs every five seconds: what fails there each time has not worked in between. */
const queueBackAfterMs = 15_000
const atWorkForMs = 30_000
/** A thousand entries of the log of revocations at each look: some millions a day. */
const checkLogEveryMs = 30_000
/** Whether new tokens after a cut-off are in use: there may be 100,000 of them. */
const followEveryMs = 5_000
const mailsAtOneLook = 500
const lateUsesAtOnce = 1_000
/** Two at least: only after a full batch of several are further jobs taken at once, not at the next look. */
const batchSize = 2
const takingBatches = {
  ...{ batchSize, perJobResults: true, burstWhenBatchFull: true },
} as const
const queues = Object.keys(jobQueues) as JobQueue[]
/** A receiver takes ten seconds at most. */
const deliveriesAtOnce = 20
/** Of one store or partner: whose receivers all hang holds up no others. */
const deliveriesAtOnceOfOne = 4

/** Does what is not done while somebody waits for it. Any number of workers share the work. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const {
    db,
    strictDb,
    booksDb,
    canaryDb,
    keys,
    signers = [],
    logCopy,
    mailer,
    sentBody,
    log,
    onJob,
    onGivenUp,
  } = options
  const { database = logDatabaseFailures(log) } = options
  const noted = (lost: string, back: string) =>
    divideFailures({ database, own: logFailures({ log, lost, back, backAfterMs: queueBackAfterMs }) })
  const ofQueue = noted('the queue failed, it will be tried again', 'the queue works again')
  const warn = logWarnings(log)
  let wake = (_queue: JobQueue) => {}
  const boss = createBoss({
    db,
    onError: ofQueue.failed,
    onAnswer: ofQueue.worked,
    onWarning: ({ message }) => warn(message),
    onStart(given) {
      wake = given
    },
  })
  await boss.start()
  const stopping = new AbortController()
  const counted = async (queue: JobQueue, work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      onJob?.(queue, 'failed')
      throw error
    }
    onJob?.(queue, 'done')
  }

  /** Does the jobs of a batch side by side and settles each by itself: one that fails takes no other along. */
  const settled = <J extends Job>(queue: JobQueue, jobs: J[], work: (job: J) => Promise<unknown>) =>
    Promise.all(
      jobs.map(async (job): Promise<JobResult> => {
        try {
          await counted(queue, () => work(job))
          return { id: job.id, status: 'completed' }
        } catch (output) {
          return { id: job.id, status: 'failed', output }
        }
      }),
    )

  const onMailGivenUp = ({ id, problem }: GivenUpMail) => {
    log.warn({ mailId: id, problem }, 'a mail was given up')
    onGivenUp?.('mail')
  }
  if (mailer) {
    const taking = {
      ...takingBatches,
      ...polling,
      localConcurrency: mailsAtOnce / batchSize,
      includeMetadata: true,
    } as const
    await boss.work<{ mailId: string }, unknown, typeof taking>('send-mail', taking, (jobs) =>
      settled('send-mail', jobs, ({ data, retryCount, retryLimit }) => {
        const ifUnsent = retryCount < retryLimit ? 'tried-again' : 'given-up'
        return sendMail(data.mailId, { db, mailer, sentBody, ifUnsent, onGivenUp: onMailGivenUp })
      }),
    )
  }
  const taking = {
    ...polling,
    localConcurrency: deliveriesAtOnce,
    localGroupConcurrency: deliveriesAtOnceOfOne,
  }
  const webhookTools = {
    ...options,
    onGivenUp(webhook: GivenUpWebhook) {
      log.warn(webhook, 'a webhook was given up')
      onGivenUp?.('webhook')
    },
  }
  await boss.work<{ deliveryId: string }>('deliver-webhook', taking, async (jobs) => {
    for (const { data } of jobs) {
      await counted('deliver-webhook', () => deliverWebhook(data.deliveryId, webhookTools))
    }
  })
  const { signal } = stopping
  const reencryptAll = async () => {
    const { done, unreadable } = await reencrypt({ db: strictDb, keys, signal })
    if (unreadable > 0) {
      log.warn(
        { done, unreadable },
        'some secrets are under a key that ENCRYPTION_KEYS does not have: put it back',
      )
    } else if (done > 0) log.info({ done }, 'secrets were encrypted anew under the first key')
  }
  const reminders = createReminders({ db, signal })
  const recurring = {
    remind: { cron: '* * * * *', work: reminders.remindOfDue },
    'follow-campaigns': {
      cron: '*/10 * * * *',
      work: async () => {
        try {
          await endOverdueCampaigns({ db })
        } finally {
          await remindOfCampaigns({ db, signal })
        }
      },
    },
    'remind-again': {
      cron: '37 * * * *',
      work: async () => {
        try {
          await reminders.remindOfAll()
        } finally {
          await remindOfCredentials({ db, signal })
        }
      },
    },
    'give-up-mails': {
      cron: '* * * * *',
      work: () => giveUpSpentMails({ db, signal, onGivenUp: onMailGivenUp }),
    },
    'expire-handovers': { cron: '* * * * *', work: () => expireHandovers({ db: strictDb, signal }) },
    retire: { cron: '* * * * *', work: () => executeRetirements({ db: strictDb, signal }) },
    reencrypt: { cron: '7 * * * *', work: reencryptAll },
    prune: { cron: '17 * * * *', work: () => pruneOldRows({ db, signal }) },
    // Each hour another hour of calls is due; one run moves a million rows of it at most.
    'prune-usage': { cron: '*/10 * * * *', work: () => pruneUsage({ db, signal }) },
  } satisfies Record<RecurringQueue, { cron: string; work: () => Promise<unknown> }>
  for (const [queue, { cron, work }] of Object.entries(recurring)) {
    const { failed, worked } = noted(
      `the job ${queue} failed, it will be done again`,
      `the job ${queue} is done again`,
    )
    await boss.work(queue, polling, async () => {
      try {
        await counted(queue as RecurringQueue, work)
        worked()
      } catch (error) {
        failed(error)
        throw error
      }
    })
    await boss.schedule(queue, cron)
  }
  // Queues of a version before: the clock asks for them no more.
  for (const { name } of await boss.getSchedules()) if (!(name in recurring)) await boss.unschedule(name)

  async function wakeQueues() {
    for (const queue of await listQueuesWithJobs(db, queues)) wake(queue)
  }

  /** A job has the id of its mail: however often it is put into the queue, it is there once. */
  async function queueUntriedMails() {
    const mails = await listUntriedMails(db, mailsAtOneLook)
    const jobs = mails.map(({ id, mayBeRefused }) => ({
      ...{ id, data: { mailId: id }, priority: mayBeRefused ? 0 : 1 },
    }))
    if (jobs.length > 0) await boss.insert('send-mail', jobs)
  }

  function everySecond(work: (signal: AbortSignal) => Promise<unknown>, lost: string, back: string) {
    const { failed, worked } = noted(`${lost}, it will be tried again`, back)
    const notedWork = (signal: AbortSignal) => work(signal).then(worked)
    return repeat(notedWork, { everyMs: lookEveryMs, onError: failed })
  }
  const follow = noted(
    'what became of new tokens could not be followed, it will be tried again',
    'what became of new tokens is followed again',
  )
  const checking = noted(
    'the record could not be held against the log of revocations, it will be tried again',
    'the record is held against the log of revocations again',
  )
  const logCheck = createLogCheck(db, { signers })
  let faultsSoFar = 0
  async function checkLog() {
    const { faults, isEnd } = await logCheck.next()
    for (const fault of faults) warn(faultInWords(fault))
    faultsSoFar += faults.length
    if (!isEnd) return
    options.onLogChecked?.(faultsSoFar)
    faultsSoFar = 0
  }
  let lookedAtMs = Number.NEGATIVE_INFINITY
  const retryDelays = createRetryDelays()
  // Each by itself: what cannot be dispatched holds up no mail about something else, such as a new password.
  const looking = [
    repeat(() => wakeQueues().then(ofQueue.worked), {
      everyMs: lookForJobsEveryMs,
      onError: ofQueue.failed,
    }),
    everySecond(
      async (signal) => {
        while (!signal.aborted && (await dispatchEvents({ ...options, retryDelays })) > 0);
      },
      'nobody could be notified of what happened',
      'people are notified again',
    ),
    ...(mailer
      ? [everySecond(queueUntriedMails, 'mails could not be queued', 'mails are queued again')]
      : []),
    everySecond(
      async () => {
        await queueDueDeliveries(boss, { db })
        lookedAtMs = performance.now()
      },
      'webhooks could not be queued',
      'webhooks are queued again',
    ),
    everySecond(
      (signal) => writeCutOffBooks({ db: booksDb, signal }),
      'what was cut off could not be written down',
      'what was cut off is written down again',
    ),
    everySecond(
      async (signal) => {
        await writeEndsOfPauses({ db: booksDb, signal })
        await announceOverPauses({ db: booksDb, signal })
      },
      'what pauses came to could not be written down',
      'what pauses came to is written down again',
    ),
    everySecond(
      (signal) => executePlans({ db: strictDb, keys, signal }),
      'plans could not be carried out',
      'plans are carried out again',
    ),
    everySecond(
      (signal) => actOnReports({ db: strictDb, signal }),
      'reports of leaks could not be acted on',
      'reports of leaks are acted on again',
    ),
    everySecond(
      (signal) => reachStores({ db: strictDb, keys, signal }),
      'stores could not be reached after a cut-off',
      'stores are reached again',
    ),
    repeat((signal) => followCampaigns({ db, signal }).then(follow.worked), {
      everyMs: followEveryMs,
      onError: follow.failed,
    }),
    everySecond(
      async (signal) => {
        while (!signal.aborted && (await noteLateUses(db, lateUsesAtOnce)) > 0);
      },
      'uses of tokens that somebody had in hand could not be noted',
      'uses of tokens that somebody had in hand are noted again',
    ),
    everySecond(
      async (signal) => {
        // A head that was signed and lost with its server would be a second log.
        while (!signal.aborted && (await appendToLog({ db: strictDb, signers, copy: logCopy })) > 0);
      },
      'revocations could not be appended to their log',
      'revocations are appended to their log again',
    ),
    repeat(() => checkLog().then(checking.worked), { everyMs: checkLogEveryMs, onError: checking.failed }),
    ...(canaryDb
      ? [
          everySecond(
            eachMinute((signal) => runCanary({ db, strictDb: canaryDb, signal })),
            'the canary could not fly',
            'the canary flies again',
          ),
        ]
      : []),
    everySecond(
      (signal) => copyNames({ db, signal }),
      'new names could not be copied',
      'new names are copied again',
    ),
  ]

  return {
    isAtWork: () => performance.now() - lookedAtMs < atWorkForMs,
    async stop(timeoutMs) {
      stopping.abort()
      await Promise.all(looking.map((one) => one.stop()))
      await boss.stop({ timeout: timeoutMs })
      mailer?.close()
    },
  }
}
