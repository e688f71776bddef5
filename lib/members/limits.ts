/** Members of a store or a partner: their page lists all of them. */
export const maxMembers = 200
/** Invitations of a store or a partner that wait to be accepted. */
export const maxWaiting = 100
/** How long an invitation can be accepted. */
export const invitationDays = 7
/** Of each kind of what hangs on one membership, as far as it is counted for people. */
export const maxBelongings = 500
/** The same as it is ended: all that anybody has. */
export const maxEnded = 100_000
