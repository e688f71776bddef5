/** How often a process of the gateway says that it is alive. */
export const heartbeatEveryMs = 2_000

/** Who said so within this time counts as alive: two heartbeats may be lost. */
export const aliveWithinMs = 6_000
