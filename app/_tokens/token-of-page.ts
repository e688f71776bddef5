import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import type { Actor } from '#lib/access/actor.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { findToken } from '#lib/tokens/review/list.ts'

/** The token that the address names, read once for the page and its title; a page "not found" for everybody else. */
export const tokenOfPage = cache(async (actor: Actor, tokenId: string) => {
  if (!rowIdSchema.safeParse(tokenId).success) notFound()
  const token = await findToken(actor, tokenId, { db: getDatabase() })
  if (!token) notFound()
  return token
})

export async function titleOfToken(actor: Actor, tokenId: string): Promise<Metadata> {
  const { lastCharacters } = await tokenOfPage(actor, tokenId)
  return { title: `Token …${lastCharacters}` }
}
