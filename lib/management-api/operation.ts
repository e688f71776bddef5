import type { ProblemName } from './problems.ts'

/** What the OpenAPI document says of an address, beside its schemas. */
export type Operation = {
  /** In generated clients: it never changes. */
  operationId: string
  summary: string
  /** Of this address alone; `usualProblems` has those of all. */
  problems: readonly ProblemName[]
}

/** What every address may be answered. Those that change something have more of them. */
export const usualProblems = {
  all: [
    ...([
      'credential-missing',
      'credential-malformed',
      'credential-is-a-token',
      'credential-unknown',
    ] as const),
    ...(['credential-revoked', 'credential-expired', 'address-not-allowed'] as const),
    ...(['parameters-invalid', 'token-in-address'] as const),
    ...(['quota-exceeded', 'too-many-at-once', 'unavailable', 'failed'] as const),
  ],
  scoped: ['scope-missing'],
  changing: [
    ...(['body-not-json', 'body-invalid', 'idempotency-key-missing'] as const),
    ...(['idempotency-key-reused', 'request-under-way'] as const),
  ],
} as const satisfies Record<string, readonly ProblemName[]>
