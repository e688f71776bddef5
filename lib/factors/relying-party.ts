/** Whom a passkey is made for: the host name that people type. It works there and nowhere else. */
export type RelyingParty = { id: string; origin: string }

export function relyingPartyOf(ownOrigin: string): RelyingParty {
  const { hostname, origin } = new URL(ownOrigin)
  return { id: hostname, origin }
}
