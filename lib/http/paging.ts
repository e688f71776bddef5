import { z } from 'zod'
import { rowIdSchema } from '../text/row-id.ts'

/** What an address says of a list's page; unreadable is as if it were not there. */
export type PageQuery = { after?: string | undefined; before?: string | undefined }

/** The row behind which, or before which, a page lies: by the keys of the list's order. */
export type Place<Keys> = { way: 'after' | 'before'; keys: Keys }

const cursor = z.string().min(1).max(1000).optional().catch(undefined)
/** Fields of the schema of an address that names a page. */
export const pageFields = { after: cursor, before: cursor }

/** A name or an ID as a key; PostgreSQL takes no NUL. */
export const keySchema = z.string().regex(/^[^\0]{0,200}$/)

/** The keys of a list in the order of its ids. */
export const idKeys = z.tuple([rowIdSchema]).transform(([id]) => id)

/** Undefined for the first page, and for a cursor nobody wrote. */
export function readPlace<Keys>(query: PageQuery, schema: z.ZodType<Keys>): Place<Keys> | undefined {
  for (const way of ['after', 'before'] as const) {
    const keys = readCursor(query[way], schema)
    if (keys !== undefined) return { way, keys }
  }
  return undefined
}

function readCursor<Keys>(text: string | undefined, schema: z.ZodType<Keys>): Keys | undefined {
  if (!text) return undefined
  try {
    return schema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data
  } catch {
    return undefined
  }
}

/** @param keys what {@link readPlace} reads again, in the order of its schema; what is not there comes last. */
export function writeCursor(keys: (string | Date | undefined)[]): string {
  const written = keys.filter((key) => key !== undefined)
  return Buffer.from(JSON.stringify(written)).toString('base64url')
}

/** `previous` and `next`: the rows from which the pages around this one are found; null at either end. */
export type Page<Row> = { rows: Row[]; previous: Row | null; next: Row | null }

/**
 * One page, `size` rows at most, in the order of the list.
 * @param read answers rows behind the place, as many as it is asked for; before it, where `way` says so, the nearest first.
 */
export async function readPage<Row>(
  { size, way }: { size: number; way?: Place<unknown>['way'] | undefined },
  read: (limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  const found = await read(size + 1)
  const rows = found.slice(0, size)
  const hasMore = found.length > size
  if (way === 'before') rows.reverse()
  const [hasPrevious, hasNext] = way === 'before' ? [hasMore, true] : [way === 'after', hasMore]
  return {
    rows,
    previous: (hasPrevious && rows.at(0)) || null,
    next: (hasNext && rows.at(-1)) || null,
  }
}

/** Of each parameter of an address its first value. */
export function firstOfEach(
  params: Record<string, string | string[] | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}
