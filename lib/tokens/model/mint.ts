import { createTokenText, hashTokenText, lastCharactersOf } from './secret.ts'

export type MintedToken = { text: string; hash: Buffer; lastCharacters: string }

/** A new token's text, to be shown once, with what the database keeps of it. */
export function mintToken(random?: Buffer): MintedToken {
  const text = createTokenText(random)
  return { text, hash: hashTokenText(text), lastCharacters: lastCharactersOf(text) }
}
