import type { Formats } from '../formats.ts'

/** Who is signed in, and through which of their sessions. */
export type SignedIn = { userId: string; name: string; email: string; sessionId: string }
/** What the session rests on. */
export type Assurance = {
  /** When the person last showed who they are (a fresh proof); null: before that was kept. */
  provedAt: Date | null
  /** Beside a password or single sign-on; null: nothing. */
  secondFactor: 'passkey' | 'recovery-code' | 'issuer' | null
}
/** With how dates are written for them. */
export type Reader = SignedIn & Formats & Assurance
