import { createHash } from 'node:crypto'
import { forgetKey, keepAnswer, takeIdempotencyKey } from '#db/queries/people/idempotent-requests.ts'
import { keptAnswerHours, keptAnswerLimit } from '../credentials/limits.ts'
import type { Database } from '../process/database.ts'
import { consume } from '../rate-limits/limiter.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { ApiRefusal } from './route.ts'

/** A process that says nothing for so long has died: what it had not committed was not done. */
const diedAfterMs = 120_000

/** Of 1 to 255 visible characters, with or without the quotation marks of a structured field (draft-ietf-httpapi-idempotency-key-header). */
export function readIdempotencyKey(header: string | null): string | null {
  const key = header === null ? '' : (/^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim())
  return /^[\x21-\x7e]{1,255}$/.test(key) ? key : null
}

type Answer = { status: number; body: string }
type Asked = { credentialId: string; key: string; route: string; body: string; db: Database }

/**
 * Does a change once for each key: whoever sends the same request again gets the answer of the first time, for a day.
 * @param kept what of an answer is kept; null: nothing, and the request may be sent again.
 */
export async function onceForKey(
  { credentialId, key, route, body, db }: Asked,
  work: () => Promise<Answer>,
  kept: (answer: Answer) => string | null,
): Promise<Result<Answer & { isRepeated: boolean }, ApiRefusal & { waitSeconds?: number }>> {
  const of = { credentialId, keyHash: sha256(key) }
  const requestHash = sha256(`${route}\n${body}`)
  const taken = await takeIdempotencyKey(db, of, { requestHash, keptHours: keptAnswerHours, diedAfterMs })
  if (taken !== 'taken') {
    if (!taken.isSame) return refuse({ problem: 'idempotency-key-reused' })
    if (taken.status === null || taken.answer === null)
      return refuse({ problem: 'request-under-way', waitSeconds: 2 })
    return ok({ status: taken.status, body: taken.answer, isRepeated: true })
  }
  try {
    const waitSeconds = await consume(db, keptAnswerLimit, credentialId)
    if (waitSeconds > 0) {
      await forgetKey(db, of)
      return refuse({ problem: 'quota-exceeded', more: { 'violated-policies': ['changes'] }, waitSeconds })
    }
    const answer = await work()
    const text = kept(answer)
    if (text === null) await forgetKey(db, of)
    else await keepAnswer(db, of, { status: answer.status, answer: text })
    return ok({ ...answer, isRepeated: false })
  } catch (error) {
    await forgetKey(db, of).catch(() => {})
    throw error
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()
