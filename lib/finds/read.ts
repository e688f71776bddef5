import { findFind, listPlaces } from '#db/queries/tokens/token-finds.ts'
import type { Actor } from '../access/actor.ts'
import type { Database } from '../process/database.ts'

/** What the page of a find says of it, beside its tokens. */
export type Find = NonNullable<Awaited<ReturnType<typeof findFind>>>
export type PlaceInText = Omit<Awaited<ReturnType<typeof listPlaces>>[number], 'tokenId'>

/** The actor's own find of that id; null for everybody else, and once it is not kept any more. */
export async function readFind(actor: Actor, findId: string, { db }: { db: Database }): Promise<Find | null> {
  return (await findFind(db, actor, { findId, userId: actor.userId })) ?? null
}

/** By the ids of some of its tokens: how and where each was found. */
export async function placesOf(
  { userId }: Actor,
  findId: string,
  tokenIds: string[],
  { db }: { db: Database },
): Promise<Map<string, PlaceInText>> {
  const places = await listPlaces(db, { findId, userId }, tokenIds)
  return new Map(places.map(({ tokenId, ...place }) => [tokenId, place]))
}
