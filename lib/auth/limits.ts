/** By itself a password protects everything here: NIST SP 800-63B asks for length, and for no mixture of characters. */
export const minPasswordLength = 12
/** Longer ones are no password; they are refused before any work is done on them. */
export const maxPasswordLength = 200
export const maxNameLength = 200
/** RFC 5321, 4.5.3.1; in bytes. */
export const maxEmailLength = 254
