/** How often a process of the API door says that it is alive. */
export const beatEveryMs = 2_000

/** Who said so within this time counts as alive: two beats may be lost. */
export const aliveWithinMs = 6_000
