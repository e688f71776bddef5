/** Who did it, where no member did it there and then: a program that held the token, what a person had planned, or the platform. */
const actorKinds = ['program', 'plan', 'operator'] as const

export type ActorKind = 'person' | (typeof actorKinds)[number]

type Detailed = { details: Record<string, string> | null }

export function actorKindOf({ details }: Detailed): ActorKind {
  return actorKinds.find((kind) => kind === details?.by) ?? 'person'
}

export const withActorKind = <T extends Detailed>(one: T): T & { actorKind: ActorKind } => ({
  ...one,
  actorKind: actorKindOf(one),
})
