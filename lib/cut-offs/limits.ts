/** A review counts no further than this: beyond it the person reads that there are more. */
export const maxReviewed = 10_000
/** Tokens of a cut-off whose refusal every API server is asked to prove: as many as share one query. */
export const sampleSize = 256
/** A gateway of the version before that was silent for so long, in ms, is taken for ended. */
export const oldGatewayGoneAfterMs = 10 * 60_000
/** For so long the lists of the other side say on top what was cut off. */
export const saidForDays = 7
/**
 * Cut-offs of one store, one partner or one operator in an hour: of whole stores and partners, and of pairs once more, so that who may
 * end pairs cannot use up what the owners have.
 */
export const cutOffLimit = { most: 20, minutes: 60 }
