import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { afterCommit } from '#db/transaction.ts'
import type { Actor } from '../access/actor.ts'
import { columnsOf } from '../access/party.ts'
import { recordAudit } from '../audit/record.ts'
import { announce } from '../events/announce.ts'
import { noticed } from '../process/web-counters.ts'

/** The audit row of a change to a service credential, and what owners are notified of, in its transaction. Never its text. */
export async function noteCredentialChange(
  tx: Queryable,
  {
    action,
    by,
    address,
    credentialId,
    name,
    ...more
  }: {
    action: 'credential.made' | 'credential.revoked'
    by: Actor
    address: string | null
    credentialId: string
    name: string
    /** Of a new one, each with spaces between. */
    scopes?: string
    networks?: string
    expiresAt?: string
  },
): Promise<void> {
  const occurredAt = await currentTime(tx)
  const what = action === 'credential.made' ? 'made' : 'revoked'
  afterCommit(() => noticed('credential_change', { what }, { credentialId, userId: by.userId, address }))
  const details = { credentialId, name, ...more }
  await recordAudit(tx, [{ action, occurredAt, by, ...columnsOf(by), address, details }])
  const about = { storeId: '', partnerId: '', ...columnsOf(by) }
  await announce(tx, [
    { kind: action, occurredAt, ...about, tokenId: null, by, details: { credentialId, name } },
  ])
}
