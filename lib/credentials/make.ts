import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { insertCredential, listLiveCredentials } from '#db/queries/people/service-credentials.ts'
import type { Actor } from '../access/actor.ts'
import { changing, lockOwnParty } from '../access/changing.ts'
import { columnsOf, idOf } from '../access/party.ts'
import { asOwner } from '../access/rights.ts'
import type { Database } from '../process/database.ts'
import { consume, keyOf } from '../rate-limits/limiter.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { dayMs } from '../time/units.ts'
import { makingLimit, maxCredentials } from './limits.ts'
import type { CredentialScope } from './model/scopes.ts'
import { mintCredential } from './model/text.ts'
import { noteCredentialChange } from './note-change.ts'

export type CredentialTools = { db: Database; address: string | null }

/** `too-many`: {@link maxCredentials} live ones at most. */
export type MakeCredentialRefusal = 'signed-out' | 'not-allowed' | 'too-many' | TooOften

type NewCredential = {
  name: string
  scopes: CredentialScope[]
  /** 1–366, from now by the database's clock. */
  lifetimeDays: number
  /** As PostgreSQL keeps a `cidr`; none: from anywhere. */
  networks: string[]
}

/** Makes a service credential of the actor's store or partner. Owners only. Its text is handed out here and never again. */
export async function makeCredential(
  actor: Actor,
  { name, scopes, lifetimeDays, networks }: NewCredential,
  { db, address }: CredentialTools,
): Promise<Result<{ credentialId: string; text: string; expiresAt: Date }, MakeCredentialRefusal>> {
  return changing<
    { name: string },
    { credentialId: string; text: string; expiresAt: Date },
    MakeCredentialRefusal,
    null,
    TooOften
  >(asOwner(actor), db, {
    async first() {
      const waitSeconds = await consume(db, makingLimit, keyOf(actor.side, idOf(actor)))
      return waitSeconds > 0 ? refuse({ kind: 'too-often', waitSeconds }) : ok(null)
    },
    lock: (tx) => lockOwnParty(tx, actor),
    async change(tx) {
      const live = await listLiveCredentials(tx, actor, maxCredentials)
      if (live.length >= maxCredentials) return refuse('too-many')
      const now = await currentTime(tx)
      const { text, hash, lastCharacters } = mintCredential()
      const credentialId = uuidv7({ msecs: now.getTime() })
      const expiresAt = new Date(now.getTime() + lifetimeDays * dayMs)
      await insertCredential(tx, {
        ...{ id: credentialId, hash, lastCharacters, ...columnsOf(actor), name, scopes, networks },
        ...{ createdAt: now, createdBy: actor.userId, createdByName: actor.userName, expiresAt },
      })
      await noteCredentialChange(tx, {
        ...{ action: 'credential.made', by: actor, address, credentialId, name },
        ...{ scopes: scopes.join(' '), networks: networks.join(' '), expiresAt: expiresAt.toISOString() },
      })
      return ok({ credentialId, text, expiresAt })
    },
  })
}
