/** The only source of chance in a campaign: the same seed rolls the same numbers in the same order. */
export type Dice = {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  one<T>(of: readonly T[]): T
  /** @param share 0 to 1. */
  happens(share: number): boolean
}

/** @param seed a whole number below 2^32. The generator is mulberry32: 32 bits of state, enough to choose faults by. */
export function rollDice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    one: (of) => {
      const chosen = of[Math.floor(next() * of.length)]
      if (chosen === undefined) throw new Error('There is nothing to choose from.')
      return chosen
    },
    happens: (share) => next() < share,
  }
}
