import { type SQL, sql } from 'drizzle-orm'
import { revocations } from '../schema/revocations.ts'
import { tokenAdoptions } from '../schema/token-adoptions.ts'
import { tokens } from '../schema/tokens.ts'

/**
 * `with recursive line`: the tokens that `first` names (of the alias `member`), and for each that was revoked as
 * replaced those that renewed it, and so on. A token that was not revoked `stands`, one at most for an original: the
 * line goes on with it. Revoked for any other reason, or replaced by nothing that stands, a successor brings the
 * original back (domain.md, Tokens). `adopted`: it, or one on the way to it, was used.
 */
const line = (first: SQL) => {
  const adopted = sql`exists (select from ${tokenAdoptions} where ${tokenAdoptions.tokenId} = member.id offset 0)`
  const ended = sql`left join ${revocations} ended on ended.token_id = member.id`
  const facts = sql`member.id, member.expires_at, ended.token_id is null as stands,
    coalesce(ended.reason = 'replaced', false) as was_replaced`
  return sql`with recursive line as (
    select member.id as first_id, ${facts}, ${adopted} as adopted
    from ${tokens} member ${ended} where ${first}
    union all
    select line.first_id, ${facts}, line.adopted or ${adopted}
    from line join ${tokens} member on member.predecessor_id = line.id ${ended} where line.was_replaced
  )`
}

/** The token with which the line of `id` goes on: `id`, and `first_id`, the direct successor that leads to it. */
export const standingSuccessor = (id: SQL) =>
  sql`${line(sql`member.predecessor_id = ${id}`)} select id, first_id, expires_at from line where stands limit 1`

/** What renewed the token stands: it is Renewed. */
export const isRenewed = (id: SQL) => sql<boolean>`exists (${standingSuccessor(id)} offset 0)`

/** The token, or what replaced it, stands and has not expired by the database's clock. */
export const lineIsLive = (id: SQL) =>
  sql`exists (${line(sql`member.id = ${id}`)} select from line where stands and expires_at > clock_timestamp() offset 0)`

/** The token, or what replaced it, stands, and it or one on the way to it was used. */
export const lineIsAdopted = (id: SQL) =>
  sql`exists (${line(sql`member.id = ${id}`)} select from line where stands and adopted offset 0)`
