/** Members of a store or a partner: their page lists all of them. */
export const maxMembers = 200
/** Invitations of a store or a partner that wait to be accepted. */
export const maxWaiting = 100
/** How long an invitation can be accepted. */
export const invitationDays = 7
/** Of each kind of what hangs on one membership, shown and ended at once. */
export const maxBelongings = 500
