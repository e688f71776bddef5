import { connect, type Database } from '#db/client.ts'
import type { Trust } from '#lib/http/client-address.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { confirmRevocationsIn, revokePresentedIn } from '#lib/tokens/revoke-presented.ts'
import { type GatewayDatabases, openGatewayDatabases } from '#lib/verification/gateway-databases.ts'
import { createLease } from '#lib/verification/lease.ts'
import { startLeaseKeeper } from '#lib/verification/lease-keeper.ts'
import { createLeasedMemory, type LeasedMemory } from '#lib/verification/leased-memory.ts'
import { defaultLookUpLimits, type LookUpLimits } from '#lib/verification/look-up-batches.ts'
import { createUsageRecorder, type UsageRecorder, writeUsesTo } from '#lib/verification/usage.ts'
import { createVerifier, lookUpIn } from '#lib/verification/verify.ts'
import {
  addStoreMember,
  buildOrders,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { createTestDatabase, type TestDatabase } from '#tools/test-databases/test-database.ts'
import { createBuiltInEngine } from '../store-engine/built-in.ts'
import { type Gateway, openGateway } from './gateway.ts'

/** A gateway on a database of its own, with the store `harbor-lights`, its partner and its orders 1001 to 1003. */
export type DatabaseGateway = Gateway & {
  testDatabase: TestDatabase
  owner: Database
  databases: GatewayDatabases
  usage: UsageRecorder
  /** Where it was opened with leases. */
  leased: LeasedMemory | undefined
  user: { id: string; name: string }
  storeId: string
  partnerId: string
  /** A token of the store and the partner, live by default. */
  issue: (options?: Partial<TokenOptions>) => Promise<{ id: string; text: string }>
  /** Commits the revocation; from then on no call may be accepted. */
  revoke: (tokenIds: string[]) => Promise<void>
}

/** For a machine that is busy with other tests; what the time-out is for has its own test. */
const patientLimits: LookUpLimits = { ...defaultLookUpLimits, deadlineMs: 10_000 }

export async function openDatabaseGateway({
  through = (url) => url,
  limits = patientLimits,
  trust = () => false,
  leaseMs,
}: {
  through?: (url: string) => string
  limits?: LookUpLimits
  trust?: Trust
  leaseMs?: number
} = {}): Promise<DatabaseGateway> {
  const testDatabase = await createTestDatabase()
  const owner = connect({ url: testDatabase.ownerUrl, applicationName: 'test owner', role: 'owner' })
  const databases = openGatewayDatabases({ url: through(testDatabase.appUrl), limits })
  const usage = createUsageRecorder({ write: writeUsesTo(databases.bookkeeping) })
  const lease = leaseMs === undefined ? undefined : createLease(leaseMs)
  const leased = lease && createLeasedMemory(lease)
  const keeper =
    lease && leased && startLeaseKeeper({ url: through(testDatabase.appUrl), lease, memory: leased })
  const gateway = await openGateway({
    verifier: createVerifier({ lookUp: lookUpIn(databases.lookUps), limits, leased }),
    usage,
    engine: createBuiltInEngine({ db: databases.rest }),
    revoke: revokePresentedIn(databases.revocations),
    confirmRevocations: confirmRevocationsIn(databases.rest),
    trust,
  })

  const store = await buildStore(owner, { id: 'harbor-lights' })
  const partner = await buildPartner(owner)
  const user = await buildUser(owner)
  await addStoreMember(owner, { store, user })
  await grantAccess(owner, { store, partner })
  await buildOrders(owner, { storeId: store.id, count: 3 })

  return {
    ...gateway,
    testDatabase,
    owner,
    databases,
    usage,
    leased,
    user,
    storeId: store.id,
    partnerId: partner.id,
    async issue(options = {}) {
      const { text, ...secret } = mintToken()
      const { id } = await buildToken(owner, {
        storeId: store.id,
        partnerId: partner.id,
        secret,
        ...options,
      })
      return { id, text }
    },
    async revoke(tokenIds) {
      await owner.$client.query(
        `insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
         select id, store_id, partner_id, now(), 'merchant', $2, 'exposed' from tokens where id = any($1)`,
        [tokenIds, user.id],
      )
    },
    async close() {
      await gateway.close()
      await keeper?.close()
      await usage.close()
      await databases.close()
      await owner.$client.end()
      await testDatabase.drop()
    },
  }
}
