/** Who did it, where no person did it there and then: a program that held the token, or what a person had planned. */
const actorKinds = ['program', 'plan'] as const

export type ActorKind = 'person' | (typeof actorKinds)[number]

type Detailed = { details: Record<string, string> | null }

export function actorKindOf({ details }: Detailed): ActorKind {
  return actorKinds.find((kind) => kind === details?.by) ?? 'person'
}

export const withActorKind = <T extends Detailed>(one: T): T & { actorKind: ActorKind } => ({
  ...one,
  actorKind: actorKindOf(one),
})
