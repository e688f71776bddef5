import type { Queryable } from '#db/client.ts'
import { deleteFirstSteps, deletePasskeys, replaceRecoveryCodes } from '#db/queries/people/factors.ts'
import { endLiveSessions } from '#db/queries/people/sessions.ts'
import type { Party } from '../access/party.ts'
import { type AuditEvent, recordAudit } from '../audit/record.ts'
import { recordFactorChange } from './record-change.ts'

type Removal = Pick<AuditEvent, 'occurredAt' | 'by' | 'address' | 'reason'> & {
  person: { userId: string; email: string }
  party?: Party
  /** What the person reads. */
  what: string
}

/**
 * Takes somebody's passkeys and recovery codes away and ends all their sessions: on record, in the log, and mailed to them.
 * @param tx that has locked the person.
 */
export async function removeFactors(
  tx: Queryable,
  removal: Removal,
): Promise<{ passkeys: number; sessions: number }> {
  const { person, party, what, ...noted } = removal
  const { userId, email } = person
  const removed = await deletePasskeys(tx, { userId })
  await replaceRecoveryCodes(tx, { userId }, [], noted.occurredAt)
  await deleteFirstSteps(tx, { userId })
  const ended = await endLiveSessions(tx, { userId, which: 'all' }, noted.occurredAt)
  await recordFactorChange(tx, {
    ...noted,
    action: 'second-factor.reset',
    ...(party && { party }),
    person,
    details: { userId, email, passkeys: `${removed.length}` },
    what,
  })
  await recordAudit(
    tx,
    ended.map((sessionId) => ({
      ...noted,
      action: 'session.ended' as const,
      reason: 'second-factor-reset',
      details: { sessionId, userId },
    })),
  )
  return { passkeys: removed.length, sessions: ended.length }
}
