import { findPresentedCredential, noteCredentialUse } from '#db/queries/people/service-credentials.ts'
import type { Actor } from '../access/actor.ts'
import { partyOf } from '../access/party.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { useKeptForMs } from './limits.ts'
import type { CredentialScope } from './model/scopes.ts'
import { readCredential } from './model/text.ts'

/** A program at work for a store or partner: it acts in their name, within what its credential allows. */
export type CredentialCaller = {
  actor: Actor
  credential: { id: string; name: string; scopes: CredentialScope[]; expiresAt: Date }
}

/**
 * `token`: a partner access token, which is good for stores' APIs alone. `elsewhere`: it is live, and the address is not one that it is
 * accepted from. What the others say only who holds the text can learn.
 */
export type PresentRefusal = 'malformed' | 'token' | 'unknown' | 'revoked' | 'expired' | 'elsewhere'

/**
 * Whose credential a program presents. Asked of the database at each request: one that was revoked is refused from the next one on.
 * Nothing is remembered.
 */
export async function presentCredential(
  text: string,
  { db, address }: { db: Database; address: string | null },
): Promise<Result<CredentialCaller, PresentRefusal>> {
  const read = readCredential(text)
  if (!read.ok) return read
  const row = await findPresentedCredential(db, { ...read.value, address, keptForMs: useKeptForMs })
  if (!row) return refuse('unknown')
  if (row.state !== 'live') return refuse(row.state)
  if (!row.isFromWithin) return refuse('elsewhere')
  if (!row.isUseKept) await noteCredentialUse(db, { credentialId: row.id, address })
  const { id, name, scopes } = row
  return ok({
    actor: {
      ...partyOf(row),
      // As the record names it, beside the address of who made it. What only owners do no program does.
      ...{ userId: row.makerId, userName: `Service credential “${name}”`, role: 'administrator' },
      credential: { id, name },
    },
    credential: { id, name, scopes, expiresAt: new Date(row.expiresAt) },
  })
}
