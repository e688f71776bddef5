import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Queryable } from '#db/client.ts'
import { pauseBooks, pauses } from '#db/schema/pauses.ts'
import { tokens } from '#db/schema/tokens.ts'
import { hourMs } from '#lib/time/units.ts'

type Options = Partial<
  Pick<typeof pauses.$inferInsert, 'begunAt' | 'endsAt' | 'endsAs' | 'reason' | 'note'>
> & {
  tokenId: string
  side: 'merchant' | 'partner'
  by: { id: string; name: string }
}

/** A pause of a token by one side; begun a minute ago and for an hour by default, after which the token works again. */
export async function buildPause(db: Queryable, { tokenId, side, by, ...options }: Options): Promise<void> {
  const [token] = await db.select().from(tokens).where(eq(tokens.id, tokenId))
  if (!token) throw new Error('a pause of no token')
  const before = await db
    .select({ number: pauses.number })
    .from(pauses)
    .where(and(eq(pauses.tokenId, tokenId), eq(pauses.side, side)))
  const { storeId, partnerId } = token
  const begunAt = options.begunAt ?? new Date(Date.now() - 60_000)
  const endsAt = options.endsAt ?? new Date(begunAt.getTime() + hourMs)
  const of = { tokenId, side, number: before.length + 1, storeId, partnerId }
  await db.insert(pauses).values({
    ...{ ...of, operationId: randomUUID(), begunAt, endsAt, endsAs: options.endsAs ?? 'resumed' },
    ...{ userId: by.id, userName: by.name, userRole: 'owner' as const },
    ...{ reason: options.reason ?? null, note: options.note ?? null },
  })
  await db.insert(pauseBooks).values({ ...of, endsAt })
}
