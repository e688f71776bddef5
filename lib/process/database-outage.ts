/** Classes and codes of PostgreSQL that mean: not now (connection, shutting down, starting up, full, read-only). */
const sqlStates = /^(08...|57P0[1-5]|53300|25006)$/
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])
/** pg gives these no code. */
const pgMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|timeout expired|Client (has encountered a connection error|was closed) and is not queryable)/

/** Of PostgreSQL: a lock that was not had in time, and two that waited for each other. Both times nothing was done. */
const heldStates = /^(55P03|40P01)$/

/** Whether a row that was asked for is in somebody else's hands: to be tried again. */
export function isHeldByOthers(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return heldStates.test(code) || isHeldByOthers(error.cause)
}

/** Whether the database was out of reach, rather than asked something wrong. What it was asked may have been done. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError && error.errors.some(isDatabaseOutage)) return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (sqlStates.test(code) || socketCodes.has(code) || pgMessages.test(error.message)) return true
  // The socket file of a database that is not up; any other missing file is a bug.
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true
  return isDatabaseOutage(error.cause)
}
