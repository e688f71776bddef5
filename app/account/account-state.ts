/** What a form of the account page is told; null before it was sent. */
export type AccountState =
  | { kind: 'saved'; text: string }
  | { kind: 'failed'; text: string; errors: Record<string, string>; typed: Record<string, string> }
  | null
