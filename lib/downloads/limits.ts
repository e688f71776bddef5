/** Downloads under way at once of one person. */
export const mostDownloadsOfPerson = 2
/** What is read, written and sent in one piece: a million rows take no more memory than these. */
export const rowsAtOnce = 500
/** A download that takes longer is broken off: the database keeps all that is changed meanwhile for it. */
export const longestMinutes = 30
/** A membership that ends ends the downloads of it, before the next batch. */
export const askAgainSeconds = 5
