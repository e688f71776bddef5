import type { Reader } from '#lib/auth/sessions/signed-in.ts'

/** Somebody who is signed in with a password only, in a session of the same id as theirs, and proved nothing since. */
export function readerOf({ id, name, email }: { id: string; name: string; email: string }): Reader {
  return {
    userId: id,
    name,
    email,
    sessionId: id,
    language: 'en-GB',
    timeZone: null,
    provedAt: null,
    secondFactor: null,
  }
}
