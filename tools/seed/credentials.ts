import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { serviceCredentials } from '#db/schema/service-credentials.ts'
import { mintCredential } from '#lib/credentials/model/text.ts'
import { dayMs } from '#lib/time/units.ts'

type Options = Partial<Omit<typeof serviceCredentials.$inferInsert, 'hash' | 'storeId' | 'partnerId'>> & {
  of: { storeId: string } | { partnerId: string }
  by: { id: string; name: string }
}

/** A service credential that can really be presented; it may read, and lives for 90 days. */
export async function buildCredential(
  db: Queryable,
  { of, by, ...options }: Options,
): Promise<{ id: string; text: string; name: string }> {
  const { text, ...secret } = mintCredential()
  const createdAt = options.createdAt ?? new Date()
  const values = {
    ...{ id: uuidv7({ msecs: createdAt.getTime() }), ...secret, ...of, name: `Program ${text.slice(-6)}` },
    ...{ scopes: ['read' as const], networks: [], createdAt, createdBy: by.id, createdByName: by.name },
    expiresAt: new Date(createdAt.getTime() + 90 * dayMs),
    ...options,
  }
  await db.insert(serviceCredentials).values(values)
  return { id: values.id, text, name: values.name }
}
