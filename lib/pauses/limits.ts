/** A pause lasts so long at least, and at most; never longer than its token lives. */
export const shortestPauseMinutes = 5
export const longestPauseDays = 90
/** A token may be paused so often by each side within 24 hours. */
export const pausesOfTokenADay = 10
/** A pause that revokes its token is resumed no later than so long before its end, so that everybody sees one end only. */
export const lastResumeSeconds = 15
/** A plan pauses no token any more for less than this: by then the end could come before the pause does. */
export const leastPauseOfPlanSeconds = 60
