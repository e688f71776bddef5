import type { Logger } from 'pino'
import { listUntriedMails, type SpentBody } from '#db/queries/mails.ts'
import type { Database } from '../database.ts'
import { type Mailer, mailsAtOnce } from '../mails/mailer.ts'
import { sendMail } from '../mails/send-mail.ts'
import { dispatchEvents } from '../notifications/dispatch-events.ts'
import { remind } from '../reminders/remind.ts'
import { repeat } from '../repeat.ts'
import { createBoss } from './boss.ts'
import { pruneTold } from './prune.ts'

type WorkerOptions = {
  db: Database
  /** Null: there is no mail server; mails wait. */
  mailer: Mailer | null
  sentBody: SpentBody
  baseUrl: string
  secret: string
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

export type Worker = {
  /** Takes no further job, and finishes those under way, for `timeoutMs` at most. */
  stop(timeoutMs: number): Promise<void>
}

const lookEveryMs = 1_000
const mailsAtOneLook = 500

/** Does what is not done while somebody waits for it. Any number of workers share the work. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, mailer, sentBody, log } = options
  const boss = createBoss({
    db,
    onError: (err) => log.warn({ err }, 'the queue could not be reached, it will be tried again'),
    onWarning: ({ message }) => log.warn(message),
  })
  await boss.start()
  const stopping = new AbortController()

  if (mailer) {
    const polling = { localConcurrency: mailsAtOnce, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true }
    await boss.work<{ mailId: string }>('send-mail', polling, async (jobs) => {
      for (const job of jobs) await sendMail(job.data.mailId, { db, mailer, sentBody })
    })
  }
  await boss.work('remind', () => remind({ db, signal: stopping.signal }))
  await boss.schedule('remind', '* * * * *')
  await boss.work('prune', () => pruneTold({ db, signal: stopping.signal }))
  await boss.schedule('prune', '17 * * * *')

  /** A job has the id of its mail: however often it is put into the queue, it is there once. */
  async function queueUntriedMails() {
    const mails = await listUntriedMails(db, mailsAtOneLook)
    const jobs = mails.map(({ id }) => ({ id, data: { mailId: id } }))
    if (jobs.length > 0) await boss.insert('send-mail', jobs)
  }

  const looking = repeat(
    async (signal) => {
      while (!signal.aborted && (await dispatchEvents({ ...options, db })) > 0);
      if (mailer && !signal.aborted) await queueUntriedMails()
    },
    {
      everyMs: lookEveryMs,
      onError: (err) => log.warn({ err }, 'nobody could be told of what happened, it will be tried again'),
    },
  )

  return {
    async stop(timeoutMs) {
      stopping.abort()
      await looking.stop()
      await boss.stop({ timeout: timeoutMs })
      mailer?.close()
    },
  }
}
