import { findEntries, findNewestCheckpoint, isQueued, readNodes } from '#db/queries/receipts/log.ts'
import type { Actor } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import { proofOfToken } from '../proofs/keep.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Token } from '../tokens/model/token.ts'
import { findToken } from '../tokens/review/list.ts'
import { textOfReceipt } from './model/receipt.ts'
import { inclusionProof, reading } from './model/tree.ts'

/** What a receipt is of: that the token was revoked, and what the gateways said of it right then. */
export const receiptSubjects = ['revocation', 'proof'] as const
export type ReceiptSubject = (typeof receiptSubjects)[number]

/**
 * `not-found`: no such token of theirs, or it was not revoked, or nothing was proven of it. `not-yet`: the worker has yet to append or sign
 * it, which it does each second. `none`: it was revoked before there was a log, or nothing is signed here.
 */
export type ReceiptRefusal = 'not-found' | 'not-yet' | 'none'

/** `subject` is `cut-off` where one ended the token. */
export type Receipt = { subject: ReceiptSubject | 'cut-off'; text: string }

/** The file by which anybody can check, without us, what the log says of it. */
export async function readReceipt(
  actor: Actor,
  { tokenId, subject }: { tokenId: string; subject: ReceiptSubject },
  { db }: { db: Database },
): Promise<Result<Receipt, ReceiptRefusal>> {
  const token = await findToken(actor, tokenId, { db })
  if (!token?.revokedAt) return refuse('not-found')
  if (subject === 'proof' && !(await proofOfToken(actor, tokenId, { db }))) return refuse('not-found')
  const fact = factOf(token, subject)
  const [[entry], newest] = await Promise.all([findEntries(db, [fact]), findNewestCheckpoint(db)])
  if (!newest || !(entry || (await isQueued(db, fact)))) return refuse('none')
  if (!entry || entry.index >= newest.size) return refuse('not-yet')
  const { nodes, hashes } = inclusionProof(entry.index, newest.size)
  const hashOf = reading(await readNodes(db, nodes))
  return ok({
    subject: fact.kind === 'cut-off' ? 'cut-off' : subject,
    text: textOfReceipt({
      ...{ entry: entry.text, index: entry.index, hashes: hashes(hashOf) },
      checkpoint: newest.note,
    }),
  })
}

/** Of which subjects there is a receipt by now. @param token of the actor's. */
export async function receiptsOf(
  token: Pick<Token, 'id' | 'revokedAt' | 'cutOffId'>,
  { db }: { db: Database },
): Promise<ReceiptSubject[]> {
  if (!token.revokedAt) return []
  const facts = receiptSubjects.map((subject) => ({ subject, ...factOf(token, subject) }))
  const [entries, newest] = await Promise.all([findEntries(db, facts), findNewestCheckpoint(db)])
  const signed = entries.filter(({ index }) => index < (newest?.size ?? 0))
  return facts.flatMap(({ subject, kind, key }) =>
    signed.some((entry) => entry.kind === kind && entry.key === key) ? [subject] : [],
  )
}

function factOf(token: Pick<Token, 'id' | 'cutOffId'>, subject: ReceiptSubject) {
  return subject === 'revocation' && token.cutOffId
    ? ({ kind: 'cut-off', key: token.cutOffId } as const)
    : { kind: subject, key: token.id }
}
