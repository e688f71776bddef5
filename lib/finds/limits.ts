/** Of one text, in bytes: 2 MB. */
export const maxTextBytes = 2 * 1024 * 1024
/** A form with it, in bytes: browsers write each line break of a text area as two characters. */
export const maxFormBytes = 2 * maxTextBytes + 64 * 1024
/** Searches of one person in an hour. */
export const findLimit = { bucket: 'finds-by', points: 60, windowMinutes: 60 }
/** Tokens that are kept of one search. */
export const maxFound = 10_000
/** A text of so few lines, of so many characters at most, is looked for as names and last characters as well. */
export const maxShortLines = 20
export const maxShortLineLength = 100
/** Tokens that these lines find at most, all together. */
export const maxBySearch = 1_000
/** Searches of one person that are kept, the last ones. */
export const keptOfPerson = 20
