/** Texts of one report. */
export const maxTexts = 1_000
/** Of the text in the form, in characters as browsers count them: in UTF-8 the form still passes the gate. */
export const maxTypedLength = 150_000
/** Of the address where it was found, and of the finder's words, in characters. */
export const maxFoundAtLength = 2_000
export const maxWordsLength = 500
/** Reports of one address within an hour, or of one IPv6 network of 2^64. */
export const reportLimit = { bucket: 'leaks-from', points: 30, windowMinutes: 60 }
/** The same of its wider network: /24, or /48 of IPv6. */
export const networkLimit = { bucket: 'leaks-from-network', points: 120, windowMinutes: 60 }
/** A report that cannot be acted on is kept no longer. */
export const reportKeptDays = 7
/** How long a store has to decide; then the token is revoked. */
export const pauseDays = 7
/** Of a token that no report changes any more, further reports are noted once in so many hours. */
export const notedAgainAfterHours = 24
