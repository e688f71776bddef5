/** A dialog names each token, so that a choice is as long as a person can read. */
export const maxChosenTokens = 100
/** Characters of the words that go with the reason “other”. */
export const maxNoteLength = 500
