import { eq } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { stores } from '../../schema/stores.ts'

/** Throws where there is no such store: nobody can be a member of it. */
export async function readStore(db: Queryable, { storeId }: { storeId: string }) {
  const [store] = await db
    .select({ id: stores.id, name: stores.name, package: stores.package })
    .from(stores)
    .where(eq(stores.id, storeId))
  if (!store) throw new Error(`There is no store ${storeId}`)
  return store
}

/** Since when partners that were cut off get new tokens of the store without its consent; null: they do not. */
export async function findConsent(db: Queryable, { storeId }: { storeId: string }): Promise<Date | null> {
  const [store] = await db
    .select({ waivedAt: stores.consentWaivedAt })
    .from(stores)
    .where(eq(stores.id, storeId))
  return store?.waivedAt ?? null
}

export async function updateConsent(
  tx: Queryable,
  { storeId }: { storeId: string },
  consentWaivedAt: Date | null,
) {
  await tx.update(stores).set({ consentWaivedAt }).where(eq(stores.id, storeId))
}
