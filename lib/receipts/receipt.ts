import { findEntries, findNewestCheckpoint } from '#db/queries/receipts/log.ts'
import type { LogKind } from '#db/schema/transparency-log.ts'
import type { Actor } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import { proofOfToken } from '../proofs/keep.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Token } from '../tokens/model/token.ts'
import { findToken } from '../tokens/review/list.ts'
import { textOfReceipt } from './model/receipt.ts'
import { inclusionProof } from './model/tree.ts'
import { readHashes, reading } from './read-hashes.ts'

/** What a receipt is of: that the token was revoked, and what the gateways said of it right then. */
export const receiptSubjects = ['revocation', 'proof'] as const
export type ReceiptSubject = (typeof receiptSubjects)[number]

/**
 * `not-found`: no such token of theirs, or it was never revoked, or nothing was proven of it. `not-yet`: it is not in the signed part of the
 * log, to which the worker appends each second; what was revoked before there was a log never is.
 */
export type ReceiptRefusal = 'not-found' | 'not-yet'

/** The file by which anybody can check, without us, what was revoked when and in which order of all that ever was. */
export async function readReceipt(
  actor: Actor,
  { tokenId, subject }: { tokenId: string; subject: ReceiptSubject },
  { db }: { db: Database },
): Promise<Result<string, ReceiptRefusal>> {
  const token = await findToken(actor, tokenId, { db })
  if (!token?.revokedAt) return refuse('not-found')
  if (subject === 'proof' && !(await proofOfToken(actor, tokenId, { db }))) return refuse('not-found')
  const { entries, newest } = await signedEntries(db, [factOf(token, subject)])
  const [entry] = entries
  if (!entry || !newest) return refuse('not-yet')
  const { nodes, hashes } = inclusionProof(entry.index, newest.size)
  const hashOf = reading(await readHashes(db, nodes))
  return ok(
    textOfReceipt({
      ...{ entry: entry.text, index: entry.index, hashes: hashes(hashOf) },
      checkpoint: newest.note,
    }),
  )
}

/** Of which subjects there is a receipt by now. @param token of the actor's. */
export async function receiptsOf(
  token: Pick<Token, 'id' | 'revokedAt' | 'cutOffId'>,
  { db }: { db: Database },
): Promise<ReceiptSubject[]> {
  if (!token.revokedAt) return []
  const facts = receiptSubjects.map((subject) => ({ subject, ...factOf(token, subject) }))
  const { entries } = await signedEntries(db, facts)
  return facts.flatMap(({ subject, kind, key }) =>
    entries.some((entry) => entry.kind === kind && entry.key === key) ? [subject] : [],
  )
}

function factOf(token: Pick<Token, 'id' | 'cutOffId'>, subject: ReceiptSubject) {
  return subject === 'revocation' && token.cutOffId
    ? ({ kind: 'cut-off', key: token.cutOffId } as const)
    : { kind: subject, key: token.id }
}

async function signedEntries(db: Database, facts: { kind: LogKind; key: string }[]) {
  const [entries, newest] = await Promise.all([findEntries(db, facts), findNewestCheckpoint(db)])
  return { entries: entries.filter(({ index }) => index < (newest?.size ?? 0)), newest }
}
