/** Passkeys of a person. */
export const maxPasskeys = 20
export const maxPasskeyNameLength = 60
/** What changes who works here, or reveals a secret, asks for a proof that is not older. */
export const freshMinutes = 10
