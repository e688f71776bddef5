import type { Side } from '#lib/access/actor.ts'
import { keepProofOfPauses } from '#lib/pauses/keep-proof.ts'
import type { PauseDone } from '#lib/pauses/pause.ts'
import type { OnStandby } from '#lib/process/database.ts'
import { getDatabase } from '#lib/process/database.ts'
import { log } from '#lib/process/log.ts'
import { beforeEnd, type DetailedProof, proveRefusal, type RefusalProof } from '#lib/proofs/ask.ts'
import { keepProof } from '#lib/proofs/keep.ts'
import { ok, type Result } from '#lib/result.ts'

/** The person waits for so long at most, in ms: for the proof and for its place in the record together. */
const withinMs = 1_500

/** `cutOffId`: the ids are a sample of what it ended. */
type Done = { revokedIds: string[]; onStandby?: OnStandby; cutOffId?: string }
type Proven<D> = { outcome: Omit<D, 'revokedIds'>; proof: RefusalProof | null }

/**
 * The result of an action that may have revoked tokens, with the proof that they are refused. The ids of all that were revoked
 * are not for the browser. @param confirmedAt by `performance.now()`.
 */
export async function proven<D extends Done, R>(
  result: Result<D, R>,
  confirmedAt: number,
): Promise<Result<Proven<D>, R>> {
  if (!result.ok) return result
  const { revokedIds: _, ...outcome } = result.value
  return ok({ outcome, proof: shownOf(await proveRevocation(result.value, confirmedAt)) })
}

/** What the person sees of a proof. */
export function shownOf(proof: DetailedProof | null): RefusalProof | null {
  if (!proof) return null
  const { horizons: _, ...shown } = proof
  return shown
}

/** The tokens are revoked whatever becomes of this: without a proof the person sees just that. */
export function proveRevocation(
  { revokedIds: tokenIds, onStandby, cutOffId }: Done,
  confirmedAt: number,
): Promise<DetailedProof | null> {
  // The tokens of a cut-off have no revocations yet, with which a proof is kept.
  const keep =
    cutOffId === undefined
      ? (proof: DetailedProof) => keepProof({ tokenIds, proof }, { db: getDatabase() })
      : null
  return prove({ tokenIds, onStandby, cutOffId: cutOffId ?? null, keep }, confirmedAt)
}

/** The same of tokens that were paused. */
export function provePause(
  { pauses, onStandby }: Pick<PauseDone, 'pauses'> & { onStandby?: OnStandby },
  side: Side,
  confirmedAt: number,
): Promise<DetailedProof | null> {
  const keep = (proof: DetailedProof) => keepProofOfPauses({ side, pauses, proof }, { db: getDatabase() })
  return prove(
    { tokenIds: pauses.map(({ tokenId }) => tokenId), onStandby, cutOffId: null, keep },
    confirmedAt,
  )
}

type Refused = {
  tokenIds: string[]
  onStandby: OnStandby | undefined
  cutOffId: string | null
  keep: ((proof: DetailedProof) => Promise<void>) | null
}

async function prove(
  { tokenIds, onStandby, cutOffId, keep }: Refused,
  confirmedAt: number,
): Promise<DetailedProof | null> {
  if (tokenIds.length === 0) return null
  if (onStandby === 'unconfirmed') {
    log.error({ tokens: tokenIds.length }, 'a revocation is written, and not confirmed by the standby')
  }
  const inTime = AbortSignal.timeout(withinMs)
  try {
    const proof = await proveRefusal({ tokenIds, confirmedAt, cutOffId }, { db: getDatabase() })
    if (!proof) {
      log.warn('too many wait for proofs: the gateways were not asked about revoked tokens')
      return null
    }
    if (proof.accepting.length > 0)
      log.error({ gateways: proof.accepting }, 'a gateway accepts a revoked token')
    if (keep)
      await beforeEnd(
        inTime,
        keep(proof).catch((error) =>
          log.error({ err: error }, 'a proof of revoked tokens could not be kept'),
        ),
      )
    return proof
  } catch (error) {
    log.error({ err: error }, 'the refusal of revoked tokens could not be proven')
    return null
  }
}
