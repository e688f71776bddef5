/** A new token. Its text waits, encrypted, until one side collects it (`collect.ts`). */
export type IssuedToken = { id: string; expiresAt: Date }
