import { type SQL, sql } from 'drizzle-orm'
import { revocations } from '../../schema/revocations.ts'
import { tokenAdoptions } from '../../schema/token-adoptions.ts'
import { tokens } from '../../schema/tokens.ts'
import { isCutOffOrPausedToTheEnd } from './ends.ts'

/**
 * `with recursive chain`: the tokens that `first` names (of the alias `member`), and for each that was replaced or has
 * expired those that renewed it, and so on. A token that is neither revoked nor expired `is_live`, one at most for an
 * original: the chain goes on with it. Where nothing is live (a successor was revoked for any other reason, or expired and
 * was not renewed in time) the original is New again (docs/domain.md, Tokens; that expiry counts is ours: nobody must be left with
 * a token that cannot be renewed). `adopted`: it, or one on the way to it, was used.
 */
const chain = (first: SQL, now: SQL) => {
  const adopted = sql`exists (select from ${tokenAdoptions} where ${tokenAdoptions.tokenId} = member.id offset 0)`
  const ended = sql`left join lateral (
      select * from ${revocations} where ${revocations.tokenId} = member.id offset 0
    ) ended on true`
  const cutOff = isCutOffOrPausedToTheEnd('member')
  const facts = sql`member.id, member.expires_at, ended.token_id is null and member.expires_at > ${now} and not ${cutOff} as is_live,
    case when ended.token_id is not null then ended.reason = 'replaced' when ${cutOff} then false
      else member.expires_at <= ${now} end as is_passed`
  return sql`with recursive chain as (
    select member.id as first_id, ${facts}, ${adopted} as adopted
    from ${tokens} member ${ended} where ${first}
    union all
    select chain.first_id, ${facts}, chain.adopted or ${adopted}
    from chain join ${tokens} member on member.predecessor_id = chain.id ${ended} where chain.is_passed
  )`
}

const databaseTime = sql`clock_timestamp()`

/** The token with which the chain of `id` goes on: `id`, and `first_id`, the direct successor that leads to it. */
export const liveSuccessor = (id: SQL, now = databaseTime) =>
  sql`${chain(sql`member.predecessor_id = ${id}`, now)} select id, first_id from chain where is_live limit 1`

/** The same of all tokens whose ids `ids` selects, at once: `of_id`, one of them, and `id`. */
export const liveSuccessors = (ids: SQL, now = databaseTime) =>
  sql`${chain(sql`member.predecessor_id in (${ids})`, now)}
    select first.predecessor_id as of_id, chain.id from chain join ${tokens} first on first.id = chain.first_id
    where chain.is_live`

/** What renewed the token and what came after, as far as the chain reaches: the last of each branch is live, or has ended. */
export const laterInChain = (id: SQL) =>
  sql`${chain(sql`member.predecessor_id = ${id}`, databaseTime)} select id from chain`

/** What renewed the token is live: it is Renewed. */
export const isRenewed = (id: SQL, now = databaseTime) =>
  sql<boolean>`exists (${liveSuccessor(id, now)} offset 0)`

/** What renewed the token is live, and it or one on the way to it was used. */
export const isTakenOver = (id: SQL, now = databaseTime) =>
  sql`exists (${chain(sql`member.predecessor_id = ${id}`, now)} select from chain where is_live and adopted offset 0)`

/** The token, or what replaced it, is live. */
export const chainIsLive = (id: SQL) =>
  sql`exists (${chain(sql`member.id = ${id}`, databaseTime)} select from chain where is_live offset 0)`

/** The token, or what replaced it, is live, and it or one on the way to it was used. */
export const chainIsAdopted = (id: SQL) =>
  sql`exists (${chain(sql`member.id = ${id}`, databaseTime)} select from chain where is_live and adopted offset 0)`

/** When the first of those expires that are live in the chain of the token; null where nothing is live. */
export const firstEndOfChain = (id: SQL) =>
  sql`${chain(sql`member.id = ${id}`, databaseTime)} select min(expires_at) from chain where is_live`
