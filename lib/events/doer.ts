/** What did a deed, where no person did it there and then: a program that held the token, or what a person had planned. */
const doers = ['program', 'plan'] as const

export type Doer = 'person' | (typeof doers)[number]

/** @param details of an event, an audit row or a notice. */
export function doerOf(details: Record<string, string> | null): Doer {
  return doers.find((doer) => doer === details?.by) ?? 'person'
}

/** It came to pass as somebody had planned: not even he has seen it happen. */
export const isByItself = (details: Record<string, string> | null) => doerOf(details) === 'plan'
