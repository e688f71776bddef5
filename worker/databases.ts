import { connect, type Database } from '#db/client.ts'

export type WorkerDatabases = {
  /** For marks of work that is done again where they are lost: none of its commits waits for a standby. */
  db: Database
  /** For what ends tokens, or keeps their text: its commits wait for the standby. */
  strictDb: Database
  /** As strict. A cut-off is counted by one statement, which takes half a minute for a million tokens on a busy machine. */
  booksDb: Database
  /** As strict, for the canary alone. */
  canaryDb: Database
}

/** A worker's pools on `url`. They connect when first used, and again after a failure. */
export function openWorkerDatabases({
  url,
  onIdleError,
}: {
  url: string
  onIdleError: (error: Error) => void
}): WorkerDatabases {
  return {
    db: connect({
      url,
      applicationName: 'partner-tokens worker',
      maxConnections: 9,
      commits: 'local',
      onIdleError,
    }),
    strictDb: connect({
      url,
      applicationName: 'partner-tokens worker strict',
      maxConnections: 2,
      onIdleError,
    }),
    canaryDb: connect({
      url,
      applicationName: 'partner-tokens worker canary',
      maxConnections: 1,
      onIdleError,
    }),
    booksDb: connect({
      url,
      applicationName: 'partner-tokens worker books',
      maxConnections: 1,
      queryTimeoutMs: 600_000,
      onIdleError,
    }),
  }
}
