import { type SQL, sql } from 'drizzle-orm'
import { revocations } from '../../schema/revocations.ts'
import { tokenAdoptions } from '../../schema/token-adoptions.ts'
import { tokens } from '../../schema/tokens.ts'

/**
 * `with recursive line`: the tokens that `first` names (of the alias `member`), and for each that was replaced or has
 * expired those that renewed it, and so on. A token that is neither revoked nor expired `stands`, one at most for an
 * original: the line goes on with it. Where nothing stands (a successor was revoked for any other reason, or expired and
 * was not renewed in time) the original is New again (docs/domain.md, Tokens; that expiry counts is ours: nobody must be left with
 * a token that cannot be renewed). `adopted`: it, or one on the way to it, was used.
 */
const line = (first: SQL, now: SQL) => {
  const adopted = sql`exists (select from ${tokenAdoptions} where ${tokenAdoptions.tokenId} = member.id offset 0)`
  const ended = sql`left join ${revocations} ended on ended.token_id = member.id`
  const facts = sql`member.id, member.expires_at, ended.token_id is null and member.expires_at > ${now} as stands,
    case when ended.token_id is null then member.expires_at <= ${now} else ended.reason = 'replaced' end as is_passed`
  return sql`with recursive line as (
    select member.id as first_id, ${facts}, ${adopted} as adopted
    from ${tokens} member ${ended} where ${first}
    union all
    select line.first_id, ${facts}, line.adopted or ${adopted}
    from line join ${tokens} member on member.predecessor_id = line.id ${ended} where line.is_passed
  )`
}

const databaseTime = sql`clock_timestamp()`

/** The token with which the line of `id` goes on: `id`, and `first_id`, the direct successor that leads to it. */
export const standingSuccessor = (id: SQL, now = databaseTime) =>
  sql`${line(sql`member.predecessor_id = ${id}`, now)} select id, first_id from line where stands limit 1`

/** What renewed the token and what came after, as far as the line reaches: the last of each branch stands, or has ended. */
export const laterInLine = (id: SQL) =>
  sql`${line(sql`member.predecessor_id = ${id}`, databaseTime)} select id from line`

/** What renewed the token stands: it is Renewed. */
export const isRenewed = (id: SQL, now = databaseTime) =>
  sql<boolean>`exists (${standingSuccessor(id, now)} offset 0)`

/** What renewed the token stands, and it or one on the way to it was used. */
export const isTakenOver = (id: SQL, now = databaseTime) =>
  sql`exists (${line(sql`member.predecessor_id = ${id}`, now)} select from line where stands and adopted offset 0)`

/** The token, or what replaced it, stands. */
export const lineStands = (id: SQL) =>
  sql`exists (${line(sql`member.id = ${id}`, databaseTime)} select from line where stands offset 0)`

/** The token, or what replaced it, stands, and it or one on the way to it was used. */
export const lineIsAdopted = (id: SQL) =>
  sql`exists (${line(sql`member.id = ${id}`, databaseTime)} select from line where stands and adopted offset 0)`

/** When the first of those expires that stand in the line of the token; null where nothing stands. */
export const firstEndOfLine = (id: SQL) =>
  sql`${line(sql`member.id = ${id}`, databaseTime)} select min(expires_at) from line where stands`
