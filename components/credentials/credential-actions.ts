import type { MakeCredentialRefusal } from '#lib/credentials/make.ts'
import type { RevokeCredentialRefusal } from '#lib/credentials/revoke.ts'
import type { FormState } from '../ui/form-state.ts'

export type CredentialRefusal = MakeCredentialRefusal | RevokeCredentialRefusal
export type SentCredential = { name: string; scopes: string[]; lifetimeDays: string; networks: string }
/** `text`: the only time that it leaves the server. Sent is null where the form has no such fields. */
export type CredentialState = FormState<
  { verb: 'make'; name: string; text: string; expiresAt: Date } | { verb: 'revoke'; name: string },
  CredentialRefusal,
  SentCredential | null
>
