import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { countLiveAmong, findOwnTokens, insertFind } from '#db/queries/tokens/token-finds.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asMember } from '../access/rights.ts'
import type { Database } from '../process/database.ts'
import { consume, keyOf } from '../rate-limits/limiter.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { findLimit, keptOfPerson, maxBySearch, maxFound } from './limits.ts'
import { type LookedFor, lookedForIn } from './looked-for.ts'
import type { TextRefusal } from './sent-text.ts'

export type FindRefusal = 'signed-out' | 'not-found' | TextRefusal | TooOften

/** What was found, and how many of it are live. */
export type Found = { findId: string; live: number; ended: number }

/**
 * Looks through a text for the actor's tokens: by their texts, of which only the hashes leave this process, by their ids and, where it is
 * short, by their last characters and by names. Which ones they are is kept for a day for this person alone, and nothing of the text is.
 * Tokens of others are as if they did not exist.
 * @param readText is called once the search is counted: nothing of it is read for who has to wait.
 */
export async function findInText(
  actor: Actor,
  readText: () => Promise<Result<string, TextRefusal>>,
  { db }: { db: Database },
): Promise<Result<Found, FindRefusal>> {
  return changing<null, Found, FindRefusal, LookedFor, FindRefusal>(asMember(actor), db, {
    async first() {
      const waitSeconds = await consume(db, findLimit, keyOf(actor.userId))
      if (waitSeconds > 0) return refuse({ kind: 'too-often', waitSeconds })
      const text = await readText()
      return text.ok ? ok(lookedForIn(text.value)) : text
    },
    // Nobody else changes what is only this person's.
    lock: async () => ok(null),
    async change(tx, _, { hashes, ids, searches, brokenTexts, textLines }) {
      const asked = {
        hashes: hashes.map(({ is }) => is),
        ids: ids.map(({ is }) => is),
        searches: searches.map(({ is }) => is),
      }
      const limits = { limit: maxFound + 1, limitOfSearches: maxBySearch + 1 }
      const all = await findOwnTokens(tx, actor, asked, limits)
      const bySearch = all.filter(({ how }) => how === 'search')
      const isMore = all.length > maxFound || bySearch.length > maxBySearch
      const found = [...all.filter(({ how }) => how !== 'search'), ...bySearch.slice(0, maxBySearch)].slice(
        0,
        maxFound,
      )
      const lists = { text: hashes, id: ids, search: searches }
      const placed = found.map(({ how, place }) => lists[how][place - 1] ?? { line: 1, lines: 1 })
      const tokenIds = found.map(({ id }) => id)
      const countOf = (of: (typeof found)[number]['how']) => found.filter(({ how }) => how === of).length
      const findId = uuidv7()
      await insertFind(
        tx,
        {
          ...{ id: findId, side: actor.side, userId: actor.userId, foundAt: await currentTime(tx), tokenIds },
          storeId: actor.side === 'merchant' ? actor.storeId : '',
          partnerId: actor.side === 'partner' ? actor.partnerId : '',
          ...{ byText: countOf('text'), byId: countOf('id') },
          firstLines: placed.map(({ line }) => line),
          lineCounts: placed.map(({ lines }) => lines),
          isMore,
          // Of more than are kept nobody knows whose the others are.
          otherTexts: all.length > maxFound ? 0 : hashes.length - countOf('text'),
          ...{ brokenTexts, textLines },
        },
        keptOfPerson,
      )
      const live = await countLiveAmong(tx, tokenIds)
      return ok({ findId, live, ended: tokenIds.length - live })
    },
  })
}
