import type { Token } from './token.ts'

/**
 * Those that plans revoke once the token is first used: also those that wait for one of them to go.
 * @param older of its chain, live, nearest first; so is the answer.
 */
export function endedByFirstUse(token: Pick<Token, 'id'>, older: Token[]): Token[] {
  const ended = new Set([token.id])
  return older.filter(({ id, plan, successor }) => {
    const goes = plan?.retireAt === null && successor !== null && ended.has(successor.id)
    if (goes) ended.add(id)
    return goes
  })
}
