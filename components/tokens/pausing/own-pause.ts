import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'

/** That of the side, if it has one: it may end it. */
export const pauseOf = ({ pauses }: Pick<Token, 'pauses'>, side: Side) =>
  pauses.find((pause) => pause.side === side)
