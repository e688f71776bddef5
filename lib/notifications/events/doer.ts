/** What did a deed, where no person did it there and then: a program that held the token, or what a person had planned. */
const doers = ['program', 'plan'] as const

export type Doer = 'person' | (typeof doers)[number]

type Detailed = { details: Record<string, string> | null }

export function doerOf({ details }: Detailed): Doer {
  return doers.find((doer) => doer === details?.by) ?? 'person'
}

export const withDoer = <T extends Detailed>(one: T): T & { doer: Doer } => ({ ...one, doer: doerOf(one) })
