import { DrizzleQueryError } from 'drizzle-orm'
import { PgPreparedQuery } from 'drizzle-orm/pg-core'

type Run = (text: string, params: unknown[], query: () => Promise<unknown>) => Promise<unknown>

/** Drizzle's own, which its types keep to itself. */
const internals = PgPreparedQuery.prototype as unknown as { queryWithCache: Run }
const run = internals.queryWithCache

/**
 * Drizzle writes a failed query's parameters, people's data, into the message of its error, and PostgreSQL the row into
 * its detail; whoever catches it last prints all of that. From here on it stays out, for everybody who imports this file.
 */
internals.queryWithCache = async function (text, params, query) {
  try {
    return await run.call(this, text, params, query)
  } catch (error) {
    if (!(error instanceof DrizzleQueryError)) throw error
    const said = (error.cause ?? {}) as { detail?: string; where?: string }
    delete said.detail
    delete said.where
    throw new DrizzleQueryError(text, [], error.cause)
  }
}
