/** What did a deed, where no person did it there and then: a program that held the token, or what a person had planned. */
const doers = ['program', 'plan'] as const

export type Doer = 'person' | (typeof doers)[number]

type Told = { details: Record<string, string> | null }

export function doerOf({ details }: Told): Doer {
  return doers.find((doer) => doer === details?.by) ?? 'person'
}

export const withDoer = <T extends Told>(told: T): T & { doer: Doer } => ({ ...told, doer: doerOf(told) })
