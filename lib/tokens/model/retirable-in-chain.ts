import { isLive } from './status.ts'
import type { Token } from './token.ts'

/**
 * What can go of the chain of a live token: itself, and the older ones.
 * @param older of its chain, live, nearest first; so is the answer.
 */
export function retirableInChain(token: Token, older: Token[]): Token[] {
  return isLive(token, token.asOf) ? [token, ...older].filter(({ isRetirable }) => isRetirable) : []
}
