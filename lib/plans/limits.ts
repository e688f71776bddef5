/** What is done in the transaction that confirms it; larger ones are done by the worker, in steps. A renewal is never larger. */
export const maxAtOnce = 10_000
/** By the worker in one step: a person's own revocation at the same store and partner waits for a step. */
export const tokensPerStep = 2_500
/** Of one plan. */
export const maxPlanned = 1_000_000
/** A plan that nobody confirmed can be confirmed for so long: a day. */
export const confirmWithinMs = 24 * 3_600_000
/** A plan is announced for so long ahead at most, in days. */
export const announcedDays = 30
/** Of one store or partner, plans that nobody has confirmed or cancelled yet: so many, of so many tokens together. */
export const maxOpenPlans = 20
export const maxOpenTokens = 3_000_000
/** Plans that are made in an hour. */
export const planLimits = {
  /** By one person, for whichever side: what one uses up is left to the others. */
  person: { bucket: 'plans-by', points: 30, windowMinutes: 60 },
  /** Of one store or partner, by all its members. */
  party: { bucket: 'plans-of', points: 60, windowMinutes: 60 },
}
/** Tokens of a plan that revokes or pauses whose refusal every API server is asked to prove: as many as share one query. */
export const sampleSize = 256
/** Stores or partners, and tokens that were left out, on one page. */
export const partiesPerPage = 25
/** Tokens that a page names: what came too late for the plan, and what ended before it. */
export const maxNamed = 20
export const plansPerPage = 25
