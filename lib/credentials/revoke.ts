import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockLiveCredential, markCredentialRevoked } from '#db/queries/people/service-credentials.ts'
import type { Actor } from '../access/actor.ts'
import { changingMembers } from '../access/changing.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { CredentialTools } from './make.ts'
import { noteCredentialChange } from './note-change.ts'

/** `not-found`: also where it has ended already. */
export type RevokeCredentialRefusal = 'signed-out' | 'not-allowed' | 'not-found'

/** Ends a service credential for good: each request that begins after this answered is refused. Owners only. */
export async function revokeCredential(
  actor: Actor,
  { credentialId }: { credentialId: string },
  { db, address }: CredentialTools,
): Promise<Result<{ name: string }, RevokeCredentialRefusal>> {
  return changingMembers<{ name: string }, RevokeCredentialRefusal>(actor, db, async (tx) => {
    const revoked = await revokeCredentialIn(tx, actor, { credentialId, address })
    return revoked ? ok(revoked) : refuse('not-found')
  })
}

/** The same within the transaction of who may do it. Null where it has ended, or is none of theirs. */
export async function revokeCredentialIn(
  tx: Queryable,
  actor: Actor,
  { credentialId, address }: { credentialId: string; address: string | null },
): Promise<{ name: string } | null> {
  const credential = await lockLiveCredential(tx, actor, credentialId)
  if (!credential) return null
  const { name } = credential
  const { userId, userName } = actor
  await markCredentialRevoked(tx, credentialId, { at: await currentTime(tx), userId, userName })
  await noteCredentialChange(tx, { action: 'credential.revoked', by: actor, address, credentialId, name })
  return { name }
}
