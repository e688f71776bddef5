import type { Queryable } from '#db/client.ts'
import { insertProofAnswer, listTokensOfProof } from '#db/queries/verification/refusal-proofs.ts'
import { LookUpError } from '../verification/look-up-batches.ts'
import type { Verifier } from '../verification/verify.ts'
import type { ReliedAnswers } from './relied-answers.ts'

/** As many as share one query, so that calls wait behind one batch of a long proof at most. */
const hashesAtOnce = 256
/** A look-up that fell on a connection that is just breaking; the next one takes another. */
const maxTries = 3

/**
 * Looks up the tokens that a proof asks about, the way that a call's token is looked up, and writes down how many
 * this process refuses, and who may rely on an answer that they were good. Throws when the database does not answer: then nothing was proven.
 * @returns whether it is the first answer of this process: a question may be met twice.
 */
export async function answerProof(
  proofId: string,
  {
    db,
    verifier,
    relied,
    gateway,
  }: { db: Queryable; verifier: Verifier; relied: ReliedAnswers; gateway: { id: string; name: string } },
): Promise<{ isFirst: boolean }> {
  const tokens = await listTokensOfProof(db, proofId)
  let accepted = 0
  for (let from = 0; from < tokens.length; from += hashesAtOnce) {
    const some = tokens.slice(from, from + hashesAtOnce)
    const verdicts = await Promise.all(some.map(({ hash }) => insist(() => verifier.verifyHash(hash))))
    accepted += verdicts.filter(({ ok }) => ok).length
  }
  const refused = tokens.length - accepted
  // Who was asking meanwhile may have got what held before.
  await relied.settled()
  const reliedUntil = relied.find(tokens.map(({ tokenId }) => tokenId))
  const answer = { proofId, processId: gateway.id, processName: gateway.name, refused, accepted, reliedUntil }
  return { isFirst: await insertProofAnswer(db, answer) }
}

async function insist<T>(lookUp: () => Promise<T>): Promise<T> {
  for (let triesLeft = maxTries - 1; ; triesLeft--) {
    try {
      return await lookUp()
    } catch (error) {
      if (!(error instanceof LookUpError) || triesLeft === 0) throw error
    }
  }
}
