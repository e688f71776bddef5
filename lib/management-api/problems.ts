/** What programs are answered where a request is not done (RFC 9457). Names never change: programs and alerts compare them. */
export const problems = {
  'credential-missing': {
    status: 401,
    title: 'There is no service credential',
    advice: 'Send it in the header: Authorization: Bearer ptsc_…',
  },
  'credential-malformed': {
    status: 401,
    title: 'This is no service credential',
    advice:
      'A service credential begins with ptsc_ and has 54 characters. Look whether it was cut off or changed on its way.',
  },
  'credential-is-a-token': {
    status: 401,
    title: 'This is a partner access token',
    advice:
      'A token calls stores, and nothing here. Send a service credential, which an owner makes under Members. Where a program that should not have this token sent it, revoke it.',
  },
  'credential-unknown': {
    status: 401,
    title: 'Nobody has this service credential',
    advice: 'Look whether it was made here, and not in another installation.',
  },
  'credential-revoked': {
    status: 401,
    title: 'This service credential is revoked',
    advice:
      'It never works again. An owner makes a new one under Members; the list there says who revoked this one.',
  },
  'credential-expired': {
    status: 401,
    title: 'This service credential has expired',
    advice: 'It never works again. An owner makes a new one under Members.',
  },
  'address-not-allowed': {
    status: 403,
    title: 'This service credential is not accepted from your address',
    advice:
      'Send the request from where the credential is accepted, or have an owner make one that is accepted from there.',
  },
  'scope-missing': {
    status: 403,
    title: 'This service credential may not do that',
    advice: 'What a credential may do does not change. Have an owner make one with the scope that is named.',
  },
  'route-not-found': {
    status: 404,
    title: 'There is no such address',
    advice: 'Look at its spelling. Addresses are case-sensitive, and have no slash at the end.',
  },
  'token-not-found': {
    status: 404,
    title: 'There is no such token for you',
    advice: 'It does not exist, or belongs to somebody else: the two are not distinguished.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing of that kind for you',
    advice: 'It does not exist, or belongs to somebody else: the two are not distinguished.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not answer to that method',
    advice: 'The header Allow names those that it answers to.',
  },
  'parameters-invalid': {
    status: 400,
    title: 'Some parameters cannot be understood',
    advice: 'Nothing was done. Each is named: leave it out, or write it as the documentation has it.',
  },
  'body-not-json': {
    status: 415,
    title: 'The body is no JSON',
    advice: 'Nothing was done. Send Content-Type: application/json, and an object.',
  },
  'body-invalid': {
    status: 400,
    title: 'The body cannot be understood',
    advice: 'Nothing was done. Each part that is wrong is named.',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'There is no Idempotency-Key',
    advice:
      'Nothing was done. Make a new one for each change, such as a UUID, and send the same one again where no answer came.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key stands for another request',
    advice: 'Nothing was done. A key is for one request: make a new one.',
  },
  'request-under-way': {
    status: 409,
    title: 'The same request is under way',
    advice: 'Send it again with the same Idempotency-Key in as many seconds as Retry-After says.',
  },
  'expiry-out-of-bounds': {
    status: 422,
    title: 'A time is too early or too late',
    advice: 'Nothing was done. Choose another one.',
  },
  'has-live-token': {
    status: 409,
    title: 'The partner has a live token for this store',
    advice: 'Nothing was done. A live token is renewed.',
  },
  'package-without-apis': {
    status: 409,
    title: 'The package of this store has no APIs',
    advice: 'Nothing was done. The store needs Merchant Solutions Standard or Professional.',
  },
  'not-for-partners': {
    status: 403,
    title: 'Only stores do that',
    advice: 'Ask the store for a new token.',
  },
  'too-many-siblings': {
    status: 422,
    title: 'More tokens than fit into one revocation',
    advice: 'Nothing was done. Revoke them without their siblings, or cut the partner off.',
  },
  'name-differs': {
    status: 422,
    title: 'What would be cut off has another name',
    advice:
      'Nothing was done. Send the name of the store or partner whose tokens would end, as answers have it. Look whether the right one is meant.',
  },
  'target-refused': {
    status: 422,
    title: 'Nothing is sent to this address',
    advice: 'Nothing was changed. Choose an address that the internet can reach by https.',
  },
  'too-many-webhooks': {
    status: 409,
    title: 'There are as many webhooks as there may be',
    advice: 'Nothing was changed. Remove one that is not needed first.',
  },
  'webhook-disabled': {
    status: 409,
    title: 'This webhook is disabled',
    advice: 'Nothing was sent. Enable it first.',
  },
  'delivery-waiting': {
    status: 409,
    title: 'This delivery waits to be sent already',
    advice: 'It goes out by itself.',
  },
  'nothing-matches': {
    status: 422,
    title: 'No live token matches',
    advice: 'No plan was made.',
  },
  'too-many-tokens': {
    status: 422,
    title: 'More tokens than one plan may have',
    advice: 'Nothing was done. Narrow the list.',
  },
  'too-many-plans': {
    status: 409,
    title: 'Too many plans wait to be confirmed',
    advice: 'No plan was made. Confirm or cancel those that wait.',
  },
  'plan-changed': {
    status: 409,
    title: 'The hash is not that of this plan',
    advice: 'Nothing was done. Read the plan, and send the hash of what is to be done.',
  },
  'plan-expired': {
    status: 409,
    title: 'This plan can be confirmed no longer',
    advice: 'Nothing was done. Make a new one.',
  },
  'plan-over': {
    status: 409,
    title: 'This plan is over',
    advice: 'Nothing was done now. Its state says what became of it.',
  },
  'plan-begun': {
    status: 409,
    title: 'This plan has begun',
    advice: 'It was not cancelled. What is not done yet can be stopped.',
  },
  'plan-not-begun': {
    status: 409,
    title: 'This plan has not begun',
    advice: 'It was not stopped. It can be cancelled.',
  },
  'token-in-address': {
    status: 400,
    title: 'A secret stood in the address',
    advice:
      'Addresses are kept in logs on the way. Revoke it, and never write it there. A token is searched for by its hash: search=sha256: and its SHA-256 in base64url.',
  },
  'cursor-invalid': {
    status: 400,
    title: 'This cursor belongs to another list',
    advice:
      'Begin again without it. A cursor is taken from an answer as it is, with the same filters and the same order.',
  },
  'quota-exceeded': {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait as long as Retry-After says.',
  },
  'too-many-at-once': {
    status: 429,
    title: 'Too many requests at once',
    advice: 'Wait for the answers of those that are under way, then send this one again.',
  },
  unavailable: {
    status: 503,
    title: 'The database did not answer',
    advice: 'Wait as long as Retry-After says, then send the same request again.',
  },
  failed: {
    status: 500,
    title: 'Something went wrong here',
    advice: 'It was logged. Send the same request again, and ask the operator where it fails again.',
  },
} as const satisfies Record<string, { status: number; title: string; advice: string }>

export type ProblemName = keyof typeof problems
