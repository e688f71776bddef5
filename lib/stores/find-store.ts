import { readStore } from '#db/queries/partners/stores.ts'
import type { Actor } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import type { StorePackage } from '../tokens/model/policy.ts'

export type Store = { id: string; name: string; package: StorePackage }

/** The store that the merchant is at work for. */
export async function findStore(
  { storeId }: Extract<Actor, { side: 'merchant' }>,
  { db }: { db: Database },
): Promise<Store> {
  return readStore(db, { storeId })
}
