import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { otherParty } from '../words.ts'

/** Tokens of one store and partner that stand next to each other in a list. At least one. */
export type TokenGroup = { other: ReturnType<typeof otherParty>; tokens: Token[] }

/** The same tokens in the same order, those of one store and partner together as far as they stand together. */
export function intoGroups(side: Side, tokens: readonly Token[]): TokenGroup[] {
  const groups: TokenGroup[] = []
  for (const token of tokens) {
    const other = otherParty(side, token)
    const last = groups.at(-1)
    if (last && last.other.id === other.id) last.tokens.push(token)
    else groups.push({ other, tokens: [token] })
  }
  return groups
}

/** `3 tokens, one replaces the other`: what the heading of a group says. */
export function groupText({ tokens }: TokenGroup): string {
  const ids = new Set(tokens.map(({ id }) => id))
  const isChain = tokens.filter(({ predecessorId }) => predecessorId && ids.has(predecessorId)).length
  return `${tokens.length} tokens${tokens.length === 2 && isChain === 1 ? ', one replaces the other' : ''}`
}
