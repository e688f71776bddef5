/** What a form about passkeys is told; null before it was sent. `codes` are shown once. */
export type FactorsState =
  | { kind: 'done'; text: string; codes: string[] }
  | { kind: 'failed'; text: string }
  | null
