/** What the forms of a forgotten password are told; null before they were sent. */
export type ResetState =
  | { kind: 'asked' }
  | { kind: 'failed'; text: string; errors: Record<string, string>; typedEmail: string }
  | null
