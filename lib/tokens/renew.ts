import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import { lockIssuing, timeOfIssue } from '#db/queries/tokens/cut-offs.ts'
import { insertPlans } from '#db/queries/tokens/retirement-plans.ts'
import { findTokens, insertTokens } from '#db/queries/tokens/tokens.ts'
import { type Actor, recordedActing } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { announce } from '../events/announce.ts'
import type { Keyring } from '../process/keyring.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { IssueTools } from './issue.ts'
import { countIssue, type IssueLimitRefusal } from './issue-limit.ts'
import { keepForCollection } from './keep-for-collection.ts'
import { addYears, defaultLifetimeYears, refusalOfExpiry } from './model/lifetime.ts'
import { mintToken } from './model/mint.ts'
import { type NotRenewable, sortOut } from './model/renewable.ts'
import { type Retirement, refusalOfRetirement } from './model/retirement.ts'
import { describeToken, type Token } from './model/token.ts'

export type RenewalOutcome = {
  /** The old ones as they are now, marked Renewed, in the order of the list by name. */
  renewed: { old: Token; successor: Token }[]
  /** Chosen, and left as they were: renewed before, revoked, expired, or of a store whose package has no APIs. */
  leftOut: NotRenewable[]
  /** How many of the choice are not tokens of this store or partner. */
  missing: number
}

/**
 * `not-allowed`: a viewer. `not-found`: none of the choice is the actor's. `too-soon`, `too-late`: the expiry.
 * `retirement-too-soon`, `retirement-too-late`: the date of the retirement has passed, or lies behind the expiry.
 */
export type RenewalsRefusal =
  | 'signed-out'
  | 'not-allowed'
  | 'not-found'
  | IssueLimitRefusal
  | 'too-soon'
  | 'too-late'
  | 'retirement-too-soon'
  | 'retirement-too-late'

type Renewal = {
  tokenIds: string[]
  /** Of all successors, one day to five years from now by the database's clock; one year where it is left out. */
  expiresAt?: Date | undefined
  /** What becomes of the old ones; left out: each goes on working until its own expiry. */
  retirement?: Retirement | undefined
}

/**
 * Makes the successors of those of the chosen tokens that are New, in one transaction: all of them or none. The old
 * ones go on working until their own expiry, unless their retirement is planned (docs/domain.md, Tokens).
 */
export async function renewTokens(
  actor: Actor,
  { tokenIds, expiresAt, retirement = { when: 'never' } }: Renewal,
  { db, address, keys }: IssueTools,
): Promise<Result<RenewalOutcome, RenewalsRefusal>> {
  return changing(asChanger(actor), db, {
    first: () => countIssue(actor, { db }),
    lock: async (tx) => {
      await lockIssuing(tx)
      const pairs = await lockAccessOfTokens(tx, actor, tokenIds)
      return pairs.length === 0 ? refuse('not-found') : ok(pairs)
    },
    change: async (tx) => {
      const chosen = (await findTokens(tx, actor, tokenIds)).map(describeToken)
      const now = await timeOfIssue(tx)
      const end = expiresAt ?? addYears(now, defaultLifetimeYears)
      const refusal = refusalOfExpiry(end, now) ?? refusalOfRetirement(retirement, { now, successorEnd: end })
      if (refusal) return refuse(refusal)

      const { renewable, leftOut } = sortOut(chosen, actor.side, now)
      const made = { actor, address, now, end, retirement, keys }
      const minted = await makeSuccessors(tx, renewable, { ...made, events: 'one-a-token' })

      const ids = [...renewable, ...minted].map(({ id }) => id)
      const after = new Map((await findTokens(tx, actor, ids)).map((row) => [row.id, describeToken(row)]))
      return ok({
        renewed: minted.flatMap(({ old, id }) => {
          const [renewed, successor] = [after.get(old.id), after.get(id)]
          return renewed && successor ? [{ old: renewed, successor }] : []
        }),
        leftOut,
        missing: tokenIds.length - chosen.length,
      })
    },
  })
}

/** What of a token is read to renew it. */
type Renewed = Pick<Token, 'id' | 'storeId' | 'partnerId' | 'expiresAt'>
type Minted<Old extends Renewed = Renewed> = { old: Old; id: string }[]
type By = Pick<Actor, 'side' | 'userId' | 'userName' | 'role' | 'credential'>
type Operation = { actor: By; address: string | null; now: Date }

type Making = RetiringOperation & {
  /** When all successors expire. */
  end: Date
  keys: Keyring
  /** `none`: whoever asks announces all of them together. */
  events: 'one-a-token' | 'none'
  /** What the record says of each beside it. */
  details?: Record<string, string>
}

/** So many rows are sent with one statement. */
const rowsAtOnce = 1_000

/** Makes a successor of each token, all of which are New and locked. Under `lockIssuing`. */
export async function makeSuccessors<Old extends Renewed>(
  tx: Queryable,
  renewable: Old[],
  { end, keys, events, ...operation }: Making,
): Promise<Minted<Old>> {
  const { now } = operation
  const all: Minted<Old> = []
  for (let from = 0; from < renewable.length; from += rowsAtOnce) {
    const minted = renewable
      .slice(from, from + rowsAtOnce)
      .map((old) => ({ old, id: uuidv7(), ...mintToken() }))
    await insertTokens(
      tx,
      minted.map(({ old, id, hash, lastCharacters }) => ({
        id,
        hash,
        lastCharacters,
        storeId: old.storeId,
        partnerId: old.partnerId,
        predecessorId: old.id,
        createdAt: now,
        expiresAt: end,
      })),
    )
    await keepForCollection(
      tx,
      minted.map(({ id, text }) => ({ tokenId: id, text })),
      { now, keys },
    )
    await note(tx, minted, { ...operation, events })
    await plan(tx, minted, operation)
    all.push(...minted.map(({ old, id }) => ({ old, id })))
  }
  return all
}

async function note(
  tx: Queryable,
  minted: Minted,
  {
    retirement,
    actor,
    address,
    now,
    events,
    details,
  }: RetiringOperation & Pick<Making, 'events' | 'details'>,
) {
  const operations = minted.flatMap(({ old: { id: oldId, storeId, partnerId }, id }) => {
    const announced = { occurredAt: now, by: actor, storeId, partnerId }
    return [
      { ...announced, kind: 'token.renewed' as const, tokenId: oldId, details: { successorId: id } },
      { ...announced, kind: 'token.issued' as const, tokenId: id, details: { predecessorId: oldId } },
    ]
  })
  await recordAudit(
    tx,
    operations.map(({ kind, ...operation }) => ({
      ...operation,
      action: kind,
      address,
      details: { ...operation.details, ...details },
    })),
  )
  if (events === 'none') return
  const when = whenOf(retirement)
  await announce(
    tx,
    operations.map((operation) =>
      when && operation.kind === 'token.renewed'
        ? { ...operation, details: { ...operation.details, retirement: when } }
        : operation,
    ),
  )
}

/** As records and mails have it: `adopted`, or the moment of the retirement. */
function whenOf(retirement: Retirement): string | null {
  switch (retirement.when) {
    case 'never':
      return null
    case 'adopted':
      return retirement.when
    case 'on-date':
      return retirement.retireAt.toISOString()
  }
}

async function plan(tx: Queryable, minted: Minted, { retirement, actor, address, now }: RetiringOperation) {
  const when = whenOf(retirement)
  if (when === null) return
  const retireAt = retirement.when === 'on-date' ? retirement.retireAt : null
  // What expires before that day needs no plan.
  const planned = minted.filter(({ old }) => !retireAt || retireAt < old.expiresAt)
  await insertPlans(
    tx,
    planned.map(({ old, id }) => ({
      successorId: id,
      tokenId: old.id,
      retireAt,
      plannedAt: now,
      side: actor.side,
      ...recordedActing(actor),
    })),
  )
  await recordAudit(
    tx,
    planned.map(({ old: { id: oldId, storeId, partnerId }, id }) => ({
      action: 'token.retirement-planned',
      occurredAt: now,
      by: actor,
      storeId,
      partnerId,
      tokenId: oldId,
      address,
      details: { successorId: id, when },
    })),
  )
}

type RetiringOperation = Operation & { retirement: Retirement }
