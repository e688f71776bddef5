import type { ReliedUntil } from '#db/schema/refusal-proofs.ts'

/** A service that may go on accepting a token until then at the latest, because it may rely on an answer of before. */
export type Horizon = { client: string; until: Date }

/** A process of the gateway, as far as somebody may rely on its answers. */
export type RelyingProcess = {
  heartbeatAt: Date
  /** In seconds; null: it does not say. */
  maxAges: Record<string, number> | null
  endedAt: Date | null
  /** Of one that ended in order, in seconds since 1970. */
  reliedUntil: Record<string, number> | null
}

/** By the client, in milliseconds since 1970. */
type Ends = Map<string, number>

export type Horizons = {
  /** What holds for each of the tokens. */
  ofAll: Ends
  /** What holds for one besides. */
  byToken: Map<string, Ends>
  /** What holds for any token of all, also for those that nobody asked about. */
  any: Ends
}

export const noHorizons = (): Horizons => ({ ofAll: new Map(), byToken: new Map(), any: new Map() })

/** A process that has answered. */
export function addAnswer({ ofAll, byToken, any }: Horizons, relied: ReliedUntil) {
  extend(any, endsIn(relied.any))
  if (!relied.tokens) extend(ofAll, endsIn(relied.any))
  for (const [tokenId, ends] of Object.entries(relied.tokens ?? {})) {
    const known = byToken.get(tokenId) ?? new Map()
    extend(known, endsIn(ends))
    byToken.set(tokenId, known)
  }
}

/**
 * A process of which nothing is known but its clients. It may have answered each of them until `until`, about any token: one that died
 * until it no longer counted as alive, one that is silent until now.
 */
export function addUnknown({ ofAll, any }: Horizons, { maxAges }: RelyingProcess, until: Date) {
  const ends = Object.entries(maxAges ?? {}).map(([client, maxAgeS]): [string, number] => [
    client,
    until.getTime() + maxAgeS * 1000,
  ])
  extend(ofAll, ends)
  extend(any, ends)
}

/** A process that ended in order left behind what it knew of all tokens together. */
export function addEnded({ ofAll, any }: Horizons, { reliedUntil }: RelyingProcess) {
  extend(ofAll, endsIn(reliedUntil ?? {}))
  extend(any, endsIn(reliedUntil ?? {}))
}

/** Each list has the last to end first. */
export type ListedHorizons = {
  /** Of a token that is not in `of`. */
  others: Horizon[]
  /** Of a token, by its id. */
  of: Map<string, Horizon[]>
  /** Of the tokens that were asked about, whichever it is. */
  together: Horizon[]
  any: Horizon[]
}

/** Without what is over at `from`. */
export function listHorizons({ ofAll, byToken, any }: Horizons, from: Date): ListedHorizons {
  return {
    others: listOf(from, ofAll),
    of: new Map([...byToken].map(([tokenId, ends]) => [tokenId, listOf(from, ofAll, ends)])),
    together: listOf(from, ofAll, ...byToken.values()),
    any: listOf(from, any),
  }
}

function listOf(from: Date, ...parts: Ends[]): Horizon[] {
  const all: Ends = new Map()
  for (const part of parts) extend(all, part)
  return [...all]
    .filter(([, end]) => end > from.getTime())
    .map(([client, end]) => ({ client, until: new Date(end) }))
    .sort((a, b) => b.until.getTime() - a.until.getTime() || (a.client < b.client ? -1 : 1))
}

/** As it is kept. */
export const keptHorizons = (horizons: readonly Horizon[]): Record<string, string> =>
  Object.fromEntries(horizons.map(({ client, until }) => [client, until.toISOString()]))

const endsIn = (seconds: Record<string, number>) =>
  Object.entries(seconds).map(([client, second]): [string, number] => [client, second * 1000])

function extend(ends: Ends, more: Iterable<[string, number]>) {
  for (const [client, end] of more) ends.set(client, Math.max(end, ends.get(client) ?? 0))
}
