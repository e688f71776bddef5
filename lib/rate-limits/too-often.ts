/** A refusal of what was counted and is used up: when it may be tried again, at the latest. Each cause has a kind of its own. */
export type TooOften<Kind extends string = 'too-often'> = { kind: Kind; waitSeconds: number }
