import type { credentialScopes } from '#db/schema/service-credentials.ts'

export type CredentialScope = (typeof credentialScopes)[number]
