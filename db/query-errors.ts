import { DrizzleQueryError } from 'drizzle-orm'
import { PgPreparedQuery } from 'drizzle-orm/pg-core'

type Run = (text: string, params: unknown[], query: () => Promise<unknown>) => Promise<unknown>

/** Drizzle's own, which its types keep to itself. */
const internals = PgPreparedQuery.prototype as unknown as { queryWithCache: Run }
const run = internals.queryWithCache

/**
 * Drizzle writes a failed query's parameters, people's data, into the message of its error, and whoever catches
 * it last prints messages. From here on they stay out, for everybody who imports this file.
 */
internals.queryWithCache = async function (text, params, query) {
  try {
    return await run.call(this, text, params, query)
  } catch (error) {
    throw error instanceof DrizzleQueryError ? new DrizzleQueryError(text, [], error.cause) : error
  }
}
