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
