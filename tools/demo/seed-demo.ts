import { connect } from '#db/client.ts'
import { hashPassword } from '#lib/auth/passwords/password.ts'
import type { Keyring } from '#lib/process/keyring.ts'
import { keepForCollection } from '#lib/tokens/keep-for-collection.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { demoPassword } from './demo-data.ts'
import { fillWithDemoData } from './demo-rows.ts'
import { dispatchDemo } from './dispatch-demo.ts'
import { fillWithManyTokens } from './many-demo-tokens.ts'

/**
 * Fills an empty database with the demo's data; `kept` leaves one with data in it as it is.
 * @param keys encrypt the secrets of its webhooks, and the token that waits to be collected.
 * @param ownerUrl the login that owns the tables: the data hold facts that the application's role cannot add.
 */
export async function seedDemo(
  ownerUrl: string,
  { keys, onProgress }: { keys: Keyring; onProgress?: (step: string) => void },
): Promise<'filled' | 'kept'> {
  const db = connect({
    url: ownerUrl,
    applicationName: 'partner-tokens demo data',
    role: 'owner',
    maxConnections: 1,
  })
  const now = new Date()
  try {
    return await fillWithDemoData(db, {
      mint: mintToken,
      keep: (tx, token, at) => keepForCollection(tx, [token], { now: at, keys }),
      passwordHash: await hashPassword(demoPassword),
      now,
      dispatch: (tx) => dispatchDemo(tx, { keys, now }),
      onProgress,
    })
  } finally {
    await db.$client.end()
  }
}

/** Puts so many further tokens beside the demo's data; see {@link fillWithManyTokens}. */
export async function seedManyTokens(
  ownerUrl: string,
  count: number,
  onProgress?: (step: string) => void,
): Promise<'filled' | 'kept'> {
  const db = connect({
    url: ownerUrl,
    applicationName: 'partner-tokens demo data',
    role: 'owner',
    maxConnections: 1,
    queryTimeoutMs: 1_200_000,
  })
  try {
    return await fillWithManyTokens(db, count, onProgress)
  } finally {
    await db.$client.end()
  }
}
