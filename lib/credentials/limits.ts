/** What a program may be let do, as far as a route of the management API asks for it, in the order of the form. */
export const offeredScopes = [
  ...(['read', 'issue', 'renew', 'collect', 'revoke', 'pause'] as const),
  ...(['plan', 'cut-off', 'webhooks', 'members', 'audit'] as const),
] as const
/** Live credentials of a store or a partner: their page lists all of them. */
export const maxCredentials = 20
/** Of those that ended, so many are listed. */
export const maxEndedListed = 50
export const maxCredentialName = 60
/** Addresses and networks from which one credential is accepted. */
export const maxNetworks = 20
/** How long a credential may live, as its form offers it. */
export const lifetimeDays = [7, 30, 90, 180, 365] as const
export const usualLifetimeDays = 90
/** Its owners are notified so many days before it ends, unless it was made for fewer. */
export const reminderDays = [14, 1] as const
/** When it was used last is kept to so long. */
export const useKeptForMs = 60_000
/** Requests of one credential, whatever comes of them. */
export const requestLimit = { bucket: 'requests-of', points: 600, windowMinutes: 1 }
/** Answers of changes that are kept to be given again, of one credential. */
export const keptAnswerLimit = { bucket: 'answers-of', points: 2_000, windowMinutes: 24 * 60 }
export const keptAnswerHours = 24
/** Credentials that are made in an hour for one store or partner: those that ended stay on record. */
export const makingLimit = { bucket: 'credentials-of', points: 30, windowMinutes: 60 }
