import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { consume, keyOf, type Limit, limiterOf } from './limiter.ts'
import { limits, mailLimits, recordLimit } from './limits.ts'
import { networkOf } from './network-of.ts'

type MailBucket = keyof typeof mailLimits
type Bucket = keyof typeof limits | MailBucket
type BucketKey = [Bucket, string]

/** A guess that was let through; what it costs is given back when the password was right. */
export type Guess = { succeeded: () => Promise<void> }

type Guesser = {
  email: string
  address: string | null
  /** Of a mark of this very account (`readDeviceMark`); null for every other browser. */
  device: string | null
}

/**
 * Counts a guess before the password is looked at. Where the owner signed in before, strangers cannot make them
 * wait. On a device that is new to them they can: by ten wrong guesses at their account or thirty at any in their own
 * network, for a quarter of an hour; by a hundred from ten networks, for an hour at most; and again in the next
 * window. Single sign-on is never throttled. Nothing here depends on whether the account exists. Refuses with the
 * seconds to wait. Throws when the database does not answer.
 */
export async function countGuess(
  guesser: Guesser,
  { db }: { db: Database },
): Promise<Result<Guess, { waitSeconds: number }>> {
  return countIn(bucketsOf(guesser), db)
}

/**
 * Counts a guess of somebody who is signed in at the own password: by session, and by all sessions of the person. Neither is
 * filled by strangers, and neither keeps anybody from signing in.
 */
export async function countOwnGuess(
  { userId, sessionId }: { userId: string; sessionId: string },
  { db }: { db: Database },
): Promise<Result<Guess, { waitSeconds: number }>> {
  const buckets: BucketKey[] = [
    ['session', keyOf(sessionId)],
    ['sessions', keyOf(userId)],
  ]
  return countIn(buckets, db)
}

async function countIn(buckets: BucketKey[], db: Database): Promise<Result<Guess, { waitSeconds: number }>> {
  // One after the other: what a full bucket refuses does not fill the next one.
  for (const [bucket, key] of buckets) {
    const waitSeconds = await consume(db, limitOf(bucket), key)
    if (waitSeconds > 0) return refuse({ waitSeconds })
  }
  return ok({
    async succeeded() {
      // The others are not emptied: who has an account of their own could go on guessing at those of others.
      for (const [bucket, key] of buckets) {
        const limiter = limiterOf(db, limitOf(bucket))
        if (bucket === 'device' || bucket === 'pair' || bucket === 'session') await limiter.delete(key)
        else await limiter.reward(key)
      }
    },
  })
}

/**
 * Counts a mail before anything is looked up, in one bucket. Refuses with the seconds to wait.
 * @param key whose it is; an address of the net counts with its network.
 */
export async function countMail(
  bucket: MailBucket,
  key: string | null,
  { db }: { db: Database },
): Promise<Result<null, { waitSeconds: number }>> {
  const whose = bucket.endsWith('-from') ? networkOf(key) : (key ?? '')
  const waitSeconds = await consume(db, limitOf(bucket), keyOf(whose))
  return waitSeconds > 0 ? refuse({ waitSeconds }) : ok(null)
}

/** Whether one more refusal is to have its row. Keeps nobody from anything. Throws as {@link countGuess} does. */
export async function countRecord(
  { address, what }: { address: string | null; what: string },
  { db }: { db: Database },
): Promise<boolean> {
  const { rows: points, windowMinutes } = recordLimit
  const limit = { bucket: 'records-from', points, windowMinutes }
  return (await consume(db, limit, keyOf(networkOf(address), what))) === 0
}

function bucketsOf({ email, address, device }: Guesser): BucketKey[] {
  if (device) return [['device', keyOf(email, device)]]
  const network = networkOf(address)
  return [
    ['pair', keyOf(email, network)],
    ['address', keyOf(network)],
    ['account', keyOf(email)],
  ]
}

function limitOf(bucket: Bucket): Limit {
  if (bucket in mailLimits) {
    const { mails, windowMinutes } = mailLimits[bucket as MailBucket]
    return { bucket, points: mails, windowMinutes }
  }
  const { guesses, windowMinutes } = limits[bucket as keyof typeof limits]
  return { bucket, points: guesses, windowMinutes }
}
