/** Endpoints of a store or a partner: their page lists all of them. */
export const maxEndpoints = 20
export const maxUrlLength = 2_000
/** Test events of one endpoint within {@link testsWithinMinutes}. */
export const maxTests = 5
export const testsWithinMinutes = 10
/** How long deliveries can be seen. */
export const deliveriesKeptDays = 30

/** Of deliveries that are tried again it does not matter beyond this how many. */
export const maxRetriedShown = 99
