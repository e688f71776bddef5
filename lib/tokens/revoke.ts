import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import { insertRevocations } from '#db/queries/tokens/revocations.ts'
import { countLiveSiblings } from '#db/queries/tokens/token-siblings.ts'
import { findLaterInChain, findTokens } from '#db/queries/tokens/tokens.ts'
import type { OnStandby } from '#db/transaction.ts'
import { type Actor, detailsOfActing, recordedActing, type TokenHolder } from '../access/actor.ts'
import { type Change, committing } from '../access/changing.ts'
import { asChanger, asHolder } from '../access/rights.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { maxStillLive } from './limits.ts'
import type { Revocation as ChosenRevocation, Reason } from './model/schemas.ts'
import { describeToken, type Token } from './model/token.ts'
import { defaultMaxSiblings, readSiblings, type SiblingCount } from './review/siblings.ts'

export type RevocationOutcome = {
  /** Revoked now, by this call; siblings that were included among them. At most `shownRevoked` of `revokedCount`. */
  revoked: Token[]
  revokedCount: number
  /** Chosen, but revoked by somebody before. */
  alreadyRevoked: Token[]
  /** Chosen, but expired before. */
  expired: Token[]
  /** How many of the choice are not tokens of this store or partner. */
  missing: number
  /** Live tokens of the same partners for the same stores that go on working: the first few of `stillLiveCount`. */
  stillLive: Token[]
  stillLiveCount: SiblingCount
  /** Those of `stillLive` that took over from a token of the choice. */
  successorIds: string[]
  /** Those of `stillLive` that this call made New again. */
  newAgainIds: string[]
  /** `unconfirmed`: the tokens are refused, and could live again if the primary database were lost now. */
  onStandby: OnStandby
}

/** With the ids of all that were revoked now, to prove their refusal by: too many to send to a browser. */
export type RevocationDone = RevocationOutcome & { revokedIds: string[] }

/** `not-allowed`: a viewer. `not-found`: none of the choice is the actor's. `too-many-siblings`: more than `maxSiblings`. */
export type RevocationRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'too-many-siblings'

/** What a person chose in the dialog; a verb that revokes has reasons of its own. */
type Revocation = Omit<ChosenRevocation, 'reason'> & { reason: Reason | null }

/** Of a program's own token: there is nothing to choose. */
type RevocationOfOwn = Pick<Revocation, 'reason' | 'note'> & { tokenIds?: never; extent?: never }

type RevocationTools = {
  db: Pick<Database, 'commit'> & Queryable
  address: string | null
  maxSiblings?: number
}

const shownRevoked = 200

/**
 * Revokes the chosen tokens of the actor, for good: all that are still live and one audit row each, in one
 * transaction, or nothing. Once it answers, no call with them is accepted (docs/domain.md, Tokens).
 * @param address where the request came from, for the record.
 * @param maxSiblings revoked at once with the choice at most; 10,000 by default.
 */
export async function revokeTokens(
  actor: Actor,
  revocation: Revocation,
  { db, ...tools }: RevocationTools,
): Promise<Result<RevocationDone, RevocationRefusal>> {
  const { value: revoked, onStandby } = await committing(
    asChanger(actor),
    db,
    revocationOf(actor, revocation, tools),
  )
  if (!revoked.ok) return revoked
  // The tokens are dead by now: what the page shows of them is read while nobody's call depends on it.
  const outcome = await describeRevocation(db, actor, {
    tokenIds: revocation.tokenIds,
    revokedIds: revoked.value,
  })
  return ok({ ...outcome, onStandby })
}

/** The same of the one token that a program holds. */
export async function revokeOwnToken(
  holder: TokenHolder,
  revocation: RevocationOfOwn,
  { db, ...tools }: RevocationTools,
): Promise<Result<OnStandby, RevocationRefusal>> {
  const { value: revoked, onStandby } = await committing(
    asHolder,
    db,
    revocationOf(holder, revocation, tools),
  )
  return revoked.ok ? ok(onStandby) : revoked
}

/** The part of it that is locked and written, for who does more in the same transaction. */
export function revocationOf(
  actor: Actor | TokenHolder,
  revocation: Revocation | RevocationOfOwn,
  tools: Omit<RevocationTools, 'db'>,
): Change<unknown, string[], RevocationRefusal> {
  return {
    async lock(tx) {
      const pairs = await lockAccessOfTokens(tx, actor, choiceOf(actor, revocation).tokenIds)
      return pairs.length === 0 ? refuse('not-found') : ok(pairs)
    },
    change: (tx) => revokeLocked(tx, actor, revocation, tools),
  }
}

/**
 * Revokes what is locked.
 * @returns the ids of the tokens that this call revoked.
 */
export async function revokeLocked(
  tx: Queryable,
  actor: Actor | TokenHolder,
  revocation: Revocation | RevocationOfOwn,
  { address, maxSiblings = defaultMaxSiblings }: Omit<RevocationTools, 'db'>,
): Promise<Result<string[], 'too-many-siblings'>> {
  const { tokenIds, extent, siblingsUntil } = choiceOf(actor, revocation)
  if (actor.side !== undefined && extent === 'with-siblings') {
    const siblings = await countLiveSiblings(tx, actor, tokenIds, maxSiblings + 1)
    if (siblings > maxSiblings) return refuse('too-many-siblings')
  }
  const revokedIds = await insertRevocations(tx, actor, {
    tokenIds,
    extent,
    at: await currentTime(tx),
    siblingsUntil,
    ...recordedActorOf(actor),
    reason: revocation.reason,
    note: revocation.note ?? null,
    address,
  })
  return ok(revokedIds)
}

/** What became of a choice, once it is committed: token by token, and what stays alive beside it. */
export async function describeRevocation(
  db: Queryable,
  actor: Actor,
  { tokenIds, revokedIds }: { tokenIds: string[]; revokedIds: string[] },
): Promise<Omit<RevocationDone, 'onStandby'>> {
  const isRevokedNow = new Set(revokedIds)
  const shown = revokedIds.slice(0, shownRevoked)
  const rows = (await findTokens(db, actor, [...new Set([...tokenIds, ...shown])])).map(describeToken)
  const siblings = await readSiblings(db, actor, tokenIds, maxStillLive)
  const newOnes = siblings.shown.flatMap(({ id, status }) => (status === 'new' ? [id] : []))
  const later = await findLaterInChain(db, actor, [...newOnes, ...tokenIds])
  const chosen = rows.filter((token) => tokenIds.includes(token.id))
  return {
    revoked: rows.filter((token) => isRevokedNow.has(token.id)),
    revokedCount: revokedIds.length,
    revokedIds,
    alreadyRevoked: chosen.filter((token) => token.revokedAt && !isRevokedNow.has(token.id)),
    expired: chosen.filter((token) => !token.revokedAt),
    missing: tokenIds.length - chosen.length,
    stillLive: siblings.shown,
    stillLiveCount: siblings.count,
    successorIds: siblings.shown
      .map(({ id }) => id)
      .filter((id) => later.some((one) => one.laterId === id && tokenIds.includes(one.id))),
    // Before, what was revoked now was live where the chain of such a token ends.
    newAgainIds: newOnes.filter((id) => later.some((one) => one.id === id && isRevokedNow.has(one.laterId))),
  }
}

type Choice = Pick<Revocation, 'tokenIds' | 'extent' | 'siblingsUntil'>

/** A holder's is its own token, whatever else was asked for. */
function choiceOf(actor: Actor | TokenHolder, revocation: Revocation | RevocationOfOwn): Choice {
  if ('tokenId' in actor) return { tokenIds: [actor.tokenId], extent: 'chosen' }
  return revocation as Revocation
}

/** A program has no person's name: the record says what it was in the details. */
function recordedActorOf(actor: Actor | TokenHolder) {
  if ('tokenId' in actor)
    return {
      side: 'partner',
      userId: null,
      userName: null,
      userRole: null,
      details: { by: actor.by },
    } as const
  return { side: actor.side, ...recordedActing(actor), details: detailsOfActing(actor) }
}
