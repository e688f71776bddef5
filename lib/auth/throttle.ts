import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { listAddressesOf } from '#db/queries/sessions.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'

/**
 * Guesses that are allowed before one must wait, and the window after whose end they are forgotten.
 * ASVS asks for at most 100 failed guesses of an account in an hour.
 */
export const limits = {
  /** Of one account from one address. The owner's own addresses have only this one. */
  pair: { guesses: 10, windowMinutes: 15 },
  /** From one address, whatever the account. */
  address: { guesses: 30, windowMinutes: 15 },
  /** Of one account, from all addresses where nobody has signed in to it before. */
  account: { guesses: 40, windowMinutes: 60 },
}
type Bucket = keyof typeof limits
type BucketKey = [Bucket, string]

const familiarForDays = 90
const maxFamiliarAddresses = 500
const dayMs = 86_400_000

/** A guess that was let through; what it costs is given back when the password was right. */
export type Guess = { succeeded: () => Promise<void> }

type Guesser = { email: string; address: string | null }

/**
 * Counts a guess before the password is looked at. Windows have a fixed end, so that hammering prolongs no
 * wait; and an address where the account's owner signed in within 90 days is counted by itself, so that
 * strangers cannot keep him out. Refuses with the seconds to wait. Throws when the database does not answer.
 */
export async function countGuess(
  guesser: Guesser,
  { db, now }: { db: Database; now: Date },
): Promise<Result<Guess, { waitSeconds: number }>> {
  const { email } = guesser
  const network = networkOf(guesser.address)
  const pair: BucketKey = ['pair', keyOf(email, network)]
  const buckets: BucketKey[] = (await isFamiliar(email, network, { db, now }))
    ? [pair]
    : [pair, ['address', keyOf(network)], ['account', keyOf(email)]]

  // One after the other: what a full bucket refuses does not fill the next one.
  for (const [bucket, key] of buckets) {
    const waitMs = await consume(limiterOf(db, bucket), key)
    if (waitMs > 0) return refuse({ waitSeconds: Math.ceil(waitMs / 1000) })
  }
  return ok({
    async succeeded() {
      // The others are not emptied: who has an account of his own could go on guessing at those of others.
      for (const [bucket, key] of buckets) {
        if (bucket === 'pair') await limiterOf(db, bucket).delete(key)
        else await limiterOf(db, bucket).reward(key)
      }
    },
  })
}

/** Whether the account's owner has signed in from this network lately. */
async function isFamiliar(email: string, network: string, { db, now }: { db: Database; now: Date }) {
  const since = new Date(now.getTime() - familiarForDays * dayMs)
  const addresses = await listAddressesOf(db, { email }, since, maxFamiliarAddresses)
  return addresses.some((address) => networkOf(address) === network)
}

/** @returns how long to wait; 0 where the guess is free. */
async function consume(limiter: RateLimiterPostgres, key: string): Promise<number> {
  try {
    await limiter.consume(key)
    return 0
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(refusal.msBeforeNext, 1)
    throw refusal
  }
}

const limiters = new WeakMap<Database, Record<Bucket, RateLimiterPostgres>>()

function limiterOf(db: Database, bucket: Bucket): RateLimiterPostgres {
  let ofDatabase = limiters.get(db)
  if (!ofDatabase) {
    const make = (name: Bucket) =>
      new RateLimiterPostgres({
        storeClient: db.$client,
        storeType: 'pool',
        tableName: 'sign_in_attempts',
        tableCreated: true,
        keyPrefix: name,
        points: limits[name].guesses,
        duration: limits[name].windowMinutes * 60,
      })
    ofDatabase = { pair: make('pair'), address: make('address'), account: make('account') }
    limiters.set(db, ofDatabase)
  }
  return ofDatabase[bucket]
}

/** Of bounded length, and no list of the addresses of people who once mistyped. */
function keyOf(...parts: string[]) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** Who has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string | null) {
  if (!address) return 'unknown'
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const groups = head.split(':').filter(Boolean)
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length)
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...rest]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
