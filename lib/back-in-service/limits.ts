/** A campaign ends by itself after so many days. */
export const campaignDays = 30
/** A cut-off that is older than this is no reason for a campaign any more. */
export const startWithinDays = 30
/** Campaigns of one partner in a day: each may ask, and issue to, all of its stores. */
export const campaignLimit = { most: 6, minutes: 24 * 60 }
/** Stores that the worker looks at in one transaction: each is over in about a tenth of a second. */
export const storesAtOnce = 250
/** Days after which a store that has not answered is reminded, and a partner whose texts wait; then no more. */
export const reminderDays = [1, 3] as const
/** For so long after its beginning the worker looks what became of a campaign's tokens: it ended, and texts wait no longer. */
export const followedDays = 45
