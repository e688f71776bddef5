import type { Ends, ReliedUntil } from '#db/schema/refusal-proofs.ts'

/** Who may rely on an answer, and for how long. */
export type RelyingClient = { id: string; maxAgeS: number }

/** Introspections under way: those that began while it was the latest. */
export type Round = { underWay: number; whenOver: (() => void) | undefined }

/**
 * What the gateway answered services that introspect: which tokens it last called active to each, and until when that may be relied
 * on. In memory only: what is true of a gateway that died is said in `horizon.ts`
 * (docs/decisions/026-what-services-may-rely-on.md).
 */
export type ReliedAnswers = {
  /** Seconds by the client's id, without those who may not rely on an answer at all. */
  maxAges: Ends
  /** An introspection begins. What it answers may rest on what the database said from now on. */
  begin(): Round
  /** It is over, with or without an answer. */
  end(round: Round): void
  /** @param now and until: whole seconds since 1970; `until` is at most `maxAgeS` from `now`. */
  note(client: RelyingClient, tokenId: string, now: number, until: number): void
  /** As soon as all introspections are over that have begun by now: a look-up's time-out at the latest. */
  settled(): Promise<void>
  /** What may still be relied on, by the clock of `note`. */
  find(tokenIds: readonly string[]): ReliedUntil
}

type Options = {
  /** Milliseconds since 1970, by the database's clock. */
  now?: () => number
  /** Tokens in memory for each client, and as many again; where they are more, what is known holds for any token. */
  capacity?: number
  /** Tokens that an answer to a proof names at most. */
  maxNamed?: number
}

type Notes = {
  /** By token; of the time before `turnAt`, and of that before. */
  recent: Map<string, number>
  older: Map<string, number>
  /** Then all that is in `older` is over. */
  turnAt: number
  /** The latest of all. */
  latest: number
  /** The latest of those that had no room. */
  forgotten: number
}

export function createReliedAnswers(
  clients: readonly RelyingClient[] = [],
  { now = Date.now, capacity = 50_000, maxNamed = 100 }: Options = {},
): ReliedAnswers {
  const relying = clients.filter(({ maxAgeS }) => maxAgeS > 0)
  const notesOf = new Map(relying.map(({ id }): [string, Notes] => [id, emptyNotes()]))
  let round: Round = { underWay: 0, whenOver: undefined }
  let earlier: Promise<unknown> = Promise.resolve()

  function settle(): Promise<unknown> {
    const last = round
    if (last.underWay === 0) return earlier
    round = { underWay: 0, whenOver: undefined }
    const { promise, resolve } = Promise.withResolvers<void>()
    last.whenOver = resolve
    earlier = Promise.all([earlier, promise])
    return earlier
  }

  /** Nothing where nobody may rely on anything after `from`. */
  function endsOf(endIn: (notes: Notes) => number, from: number): Ends | undefined {
    let ends: Ends | undefined
    for (const [client, notes] of notesOf) {
      const end = endIn(notes)
      if (end <= from) continue
      ends ??= {}
      ends[client] = end
    }
    return ends
  }

  return {
    maxAges: Object.fromEntries(relying.map(({ id, maxAgeS }) => [id, maxAgeS])),
    begin() {
      round.underWay++
      return round
    },
    end(of) {
      if (--of.underWay === 0) of.whenOver?.()
    },
    note({ id, maxAgeS }, tokenId, at, until) {
      const notes = notesOf.get(id)
      if (!notes) return
      if (at >= notes.turnAt) {
        notes.older = notes.recent
        notes.recent = new Map()
        notes.turnAt = at + maxAgeS
      } else if (notes.recent.size >= capacity && !notes.recent.has(tokenId)) {
        notes.forgotten = notes.latest
        notes.recent.clear()
        notes.older.clear()
      }
      notes.recent.set(tokenId, until)
      if (until > notes.latest) notes.latest = until
    },
    async settled() {
      await settle()
    },
    find(tokenIds) {
      const from = now() / 1000
      const any = endsOf(({ latest }) => latest, from)
      const tokens: Record<string, Ends> = {}
      if (!any) return { any: {}, tokens }
      let named = 0
      for (const id of tokenIds) {
        const ends = endsOf(
          ({ recent, older, forgotten }) => Math.max(recent.get(id) ?? 0, older.get(id) ?? 0, forgotten),
          from,
        )
        if (!ends) continue
        if (++named > maxNamed) return { any }
        tokens[id] = ends
      }
      return { any, tokens }
    },
  }
}

function emptyNotes(): Notes {
  return { recent: new Map(), older: new Map(), turnAt: 0, latest: 0, forgotten: 0 }
}
