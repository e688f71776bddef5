/** The clock of the database, as far as this process knows it. */
export type DatabaseClock = {
  /** Milliseconds since 1970; until the database has said what time it is, by this machine's clock. Never ahead of the database's. */
  now(): number
  /** @param at what the database said it was, in an answer that has just come. */
  hear(at: Date): void
}

/** This machine's clock may be set, or wrong: between two answers of the database only the time that passes counts. */
export function createDatabaseClock(passed: () => number = () => performance.now()): DatabaseClock {
  let offset = Date.now() - passed()
  return {
    now: () => passed() + offset,
    hear(at) {
      offset = at.getTime() - passed()
    },
  }
}
