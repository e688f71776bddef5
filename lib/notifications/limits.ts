/**
 * Days before that of its expiry on which a token is reminded, in UTC: all that expire on one day fall due at once,
 * at whatever hour. The last is one day; pages count on it.
 */
export const expiryReminderDays = [60, 30, 7, 1] as const
