import { connect } from '#db/client.ts'
import type { Database } from './database.ts'
import { defaultLookUpLimits, type LookUpLimits } from './tokens/look-up-batches.ts'
import { lookUpIn } from './tokens/verify.ts'

export type GatewayDatabases = {
  /** For looking tokens up and nothing else, so that no other work can hold its connections. */
  lookUps: Database
  /** For orders and usage. */
  rest: Database
  /** Opens the connections of the look-ups, so that the first calls need not. Rejects when there is no way. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

type GatewayDatabaseOptions = {
  url: string
  /** Those of the verifier that works on them. */
  limits?: LookUpLimits
  onIdleError?: (error: Error) => void
}

/** A gateway process's pools on `url`. They connect when first used, and again after a failure. */
export function openGatewayDatabases(options: GatewayDatabaseOptions): GatewayDatabases {
  const { url, limits = defaultLookUpLimits, onIdleError = () => {} } = options
  const { maxQueries, deadlineMs } = limits
  const applicationName = 'partner-tokens gateway'
  const lookUps = connect({
    url,
    applicationName,
    maxConnections: maxQueries,
    // Whoever asked has gone after `deadlineMs`; the connection is then given up, not waited for.
    connectTimeoutMs: deadlineMs,
    queryTimeoutMs: deadlineMs,
    onIdleError,
  })
  const rest = connect({
    url,
    applicationName,
    maxConnections: 4,
    connectTimeoutMs: 2_000,
    queryTimeoutMs: 3_000,
    onIdleError,
  })
  return {
    lookUps,
    rest,
    async warmUp() {
      await Promise.all(Array.from({ length: maxQueries }, () => lookUpIn(lookUps)([])))
    },
    async close() {
      await Promise.all([lookUps.$client.end(), rest.$client.end()])
    },
  }
}
