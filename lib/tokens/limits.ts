/** A dialog names each token, so that a choice is as long as a person can read. */
export const maxChosenTokens = 100
/** Other live tokens that a dialog names, each with a tick; one more tick stands for all of them. */
export const maxListedSiblings = 20
/** Of those that stay alive, so many are named once others have ended. */
export const maxStillLive = 5
/** Characters of the words that go with the reason “other”. */
export const maxNoteLength = 500
/** A new token lives so long at least, and at most (docs/domain.md, Tokens). */
export const shortestLifetimeDays = 1
export const longestLifetimeYears = 5
/** What expires within these days is shown as expiring. */
export const expiringWithinDays = 30
/** The days of which pages show the use of a token, with today. */
export const usageWindowDays = 30
/** Beyond this it does not matter how many tokens, or addresses, there are. */
export const maxCounted = 100

const windowMinutes = 60

/** Operations in an hour that make tokens, however many each: everybody concerned is mailed about each. */
export const issueLimits = {
  /** Of one person, for whichever side. */
  person: { bucket: 'issues-by', points: 60, windowMinutes },
  /** Of one store or partner, by all its members. */
  party: { bucket: 'issues-of', points: 300, windowMinutes },
}

/** Of the filters of a list that take a number of days: no token lives longer. */
export const maxFilterDays = longestLifetimeYears * 366
