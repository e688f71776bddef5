/**
 * Under way at once: actions of one person, and of one store or partner; and searches in a text, which may be on their way for a
 * minute: they take no place of an action. Requests: of one program; what is
 * sent for as long as it is taken has places of its own.
 */
export const mostAtOnce = {
  ...{ person: 3, party: 4, 'finds of person': 2, 'finds of party': 3 },
  ...{ credential: 4, 'streams of credential': 2 },
} as const

const key = Symbol.for('partner-tokens.actions-under-way')
/** Kept on the process, because Next's bundles may each have a copy of this module. */
const processWide = globalThis as { [key]?: Map<string, number> }
processWide[key] ??= new Map()
const underWay = processWide[key]

export type Place = { of: keyof typeof mostAtOnce; id: string }

/**
 * Takes a place of each for as long as `work` lasts. Nobody waits for one: where there is none, `none` says so at once.
 * Actions that wait for the same row then hold no connection that others need.
 */
export async function inPlaces<T>(places: Place[], work: () => Promise<T>, none: () => T): Promise<T> {
  const leave = takePlaces(places)
  if (!leave) return none()
  try {
    return await work()
  } finally {
    leave()
  }
}

/** The same for what goes on after its answer has begun: what is returned gives the places back. Null: there is none. */
export function takePlaces(places: Place[]): (() => void) | null {
  const keys = places.map(({ of, id }) => ({ key: `${of} ${id}`, most: mostAtOnce[of] }))
  if (keys.some(({ key, most }) => (underWay.get(key) ?? 0) >= most)) return null
  for (const { key } of keys) underWay.set(key, (underWay.get(key) ?? 0) + 1)
  return () => {
    for (const { key } of keys) {
      const left = (underWay.get(key) ?? 1) - 1
      if (left === 0) underWay.delete(key)
      else underWay.set(key, left)
    }
  }
}
