import { z } from 'zod'
import { findCutOffOf, listCutOffsOf } from '#db/queries/tokens/cut-offs.ts'
import type { Actor } from '../access/actor.ts'
import type { Operator } from '../access/operators.ts'
import { atOnce, type Batches } from '../downloads/batches.ts'
import { readPage, readPlace, writeCursor } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { rowIdSchema } from '../text/row-id.ts'

const maxListed = 50
const keysOfPlace = z
  .tuple([z.iso.datetime(), rowIdSchema])
  .transform(([at, id]) => ({ at: new Date(at), id }))

export type CutOffEntry = Awaited<ReturnType<typeof listCutOffs>>[number]

/**
 * The cut-offs that concern the actor's store or partner, those of the other side among them, the last first; 50 at most.
 * `progress`: how much of it is written down token by token, from 0 to 1; the tokens are dead from the first moment on. How
 * many tokens there are, and how many of them were asked about (`proof`), is said of one's own only: of a partner's cut-off a store does not learn how many other stores had.
 */
export async function listCutOffs(actor: Actor, { db }: { db: Database }) {
  return (await listCutOffsOf(db, actor, maxListed)).map(described)
}

/** The same, `size` of them behind the place that `after` names, and a cursor for more. Null: nobody wrote `after`. */
export async function readCutOffPage(
  actor: Actor,
  { after }: { after: string | undefined },
  { db, size }: { db: Database; size: number },
): Promise<{ rows: CutOffEntry[]; next: string | null } | null> {
  const place = readPlace({ after }, keysOfPlace)
  if (after !== undefined && !place) return null
  const { rows, next } = await readPage({ size }, (limit) => listCutOffsOf(db, actor, limit, place?.keys))
  return { rows: rows.map(described), next: next && writeCursor([next.at, next.id]) }
}

/** The same, all of them. */
export function everyCutOff(actor: Actor): Batches<CutOffEntry> {
  return atOnce(async (snapshot, limit) => (await listCutOffsOf(snapshot, actor, limit)).map(described))
}

/** All of them, for operators of the platform. */
export async function listAllCutOffs(_operator: Operator, { db }: { db: Database }) {
  return (await listCutOffsOf(db, 'everybody', maxListed)).map(described)
}

/** One of them; null where none with this id concerns the actor's store or partner. */
export async function findCutOffEntry(
  actor: Actor,
  { cutOffId }: { cutOffId: string },
  { db }: { db: Database },
): Promise<CutOffEntry | null> {
  const found = await findCutOffOf(db, actor, cutOffId)
  return found ? described(found) : null
}

/** The same of all, for operators of the platform. */
export async function findAnyCutOff(
  _operator: Operator,
  { cutOffId }: { cutOffId: string },
  { db }: { db: Database },
): Promise<CutOffEntry | null> {
  const found = await findCutOffOf(db, 'everybody', cutOffId)
  return found ? described(found) : null
}

function described({
  tokens,
  done,
  isOwn,
  proof,
  ...cutOff
}: Awaited<ReturnType<typeof listCutOffsOf>>[number]) {
  const progress = cutOff.finishedAt ? 1 : tokens ? Math.min(done / tokens, 1) : 0
  return {
    ...cutOff,
    progress,
    counted: isOwn && tokens !== null ? { tokens, done } : null,
    proof: proof && { ...proof, tokens: isOwn ? proof.tokens : null },
  }
}
