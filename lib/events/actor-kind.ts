/**
 * Who did it, where no member did it there and then: a program that held the token, what somebody had planned, the platform, or whoever
 * reported a leak.
 */
const actorKinds = ['program', 'plan', 'operator', 'report'] as const

/** `credential`: a program with a service credential of the store or partner. What it planned is a plan. */
export type ActorKind = 'person' | 'credential' | (typeof actorKinds)[number]

type Detailed = { details: Record<string, string> | null }

export function actorKindOf({ details }: Detailed): ActorKind {
  const named = actorKinds.find((kind) => kind === details?.by)
  return named ?? (details?.byCredential ? 'credential' : 'person')
}

export const withActorKind = <T extends Detailed>(one: T): T & { actorKind: ActorKind } => ({
  ...one,
  actorKind: actorKindOf(one),
})
